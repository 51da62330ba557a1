//! The smallest set that contains a member of each of many sets.

use std::collections::{BTreeSet, HashMap};

/// How many choices the exact search tries before it keeps the best one so far: plans of real trees need a few hundred.
const MAX_STEPS: usize = 200_000;

/// The smallest choice of members so that each set contains a chosen one; of equally small choices, the one with
/// preferred members, and then with the latest. Empty sets are ignored. The result is exact, unless more than [`MAX_STEPS`] choices would be needed.
pub(super) fn smallest(sets: &[BTreeSet<usize>], is_preferred: impl Fn(usize) -> bool) -> BTreeSet<usize> {
    let mut members: Vec<usize> = sets.iter().flatten().copied().collect();
    members.sort_by_key(|&member| (is_preferred(member), member));
    members.dedup();
    let ranks: HashMap<usize, usize> = members.iter().enumerate().map(|(rank, &member)| (member, rank)).collect();
    let ranked: Vec<BTreeSet<usize>> =
        sets.iter().map(|set| set.iter().map(|member| ranks[member]).collect()).collect();
    latest(&ranked).into_iter().map(|rank| members[rank]).collect()
}

/// As [`smallest`], of equally small choices the one with the latest members.
fn latest(sets: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let sets: Vec<&BTreeSet<usize>> = sets.iter().filter(|set| !set.is_empty()).collect();
    // A set that contains another set needs no member of its own.
    let needed: Vec<&BTreeSet<usize>> = sets
        .iter()
        .enumerate()
        .filter(|(place, set)| {
            !sets
                .iter()
                .enumerate()
                .any(|(other, smaller)| smaller.is_subset(set) && (smaller.len() < set.len() || other < *place))
        })
        .map(|(_, set)| *set)
        .collect();
    let mut taken = BTreeSet::new();
    for group in connected(&needed) {
        let mut search = Search { best: greedy(&group), steps: 0 };
        search.go(&group, &mut BTreeSet::new());
        taken.extend(search.best);
    }
    taken
}

/// Groups of sets that share no member with another group: each group is searched separately.
fn connected<'a>(sets: &[&'a BTreeSet<usize>]) -> Vec<Vec<&'a BTreeSet<usize>>> {
    let mut groups: Vec<(BTreeSet<usize>, Vec<&'a BTreeSet<usize>>)> = Vec::new();
    for set in sets {
        let (joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(all, _)| !all.is_disjoint(set));
        let mut members = (*set).clone();
        let mut group = vec![*set];
        for (all, of_group) in joined {
            members.extend(all);
            group.extend(of_group);
        }
        groups = apart;
        groups.push((members, group));
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Chooses the member that is in the most sets, and of equal ones the latest, until every set has one.
fn greedy(sets: &[&BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut taken = BTreeSet::new();
    let mut left: Vec<&BTreeSet<usize>> = sets.to_vec();
    while !left.is_empty() {
        let members: BTreeSet<usize> = left.iter().flat_map(|set| set.iter().copied()).collect();
        let met = |member: &usize| left.iter().filter(|set| set.contains(member)).count();
        let Some(next) = members.into_iter().max_by_key(|member| (met(member), *member)) else { break };
        taken.insert(next);
        left.retain(|set| !set.contains(&next));
    }
    taken
}

struct Search {
    best: BTreeSet<usize>,
    steps: usize,
}

impl Search {
    fn go(&mut self, sets: &[&BTreeSet<usize>], taken: &mut BTreeSet<usize>) {
        self.steps += 1;
        let open = || sets.iter().filter(|set| set.is_disjoint(taken));
        let Some(next) = open().min_by_key(|set| set.len()) else {
            if taken.len() < self.best.len() {
                self.best.clone_from(taken);
            }
            return;
        };
        if taken.len() + 1 >= self.best.len() || self.steps > MAX_STEPS {
            return;
        }
        for &member in next.iter().rev() {
            taken.insert(member);
            self.go(sets, taken);
            taken.remove(&member);
        }
    }
}
