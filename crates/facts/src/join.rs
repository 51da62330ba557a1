//! Which articles bring a bulletin's update, by the bulletin's title: the definitions of WES-NG have it for each article, with the
//! day, and a table of bulletins has it for each number.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use hotfixcheck_types::KbId;

use crate::ids::BulletinId;
use crate::model::Facts;

/// The year and the words of a title: sources differ in punctuation.
type Key = (i16, String);
/// The day of each bulletin that is known.
type Days = BTreeMap<BulletinId, Date>;

/// The shortest beginning of a title that stands for the whole: the definitions end "…to Address Elevation of Privile" (MS16-032).
const SHORTEST_CUT: usize = 60;

/// The bulletins of a year that have one title, and the days on which the source lists it, both in order.
struct Group {
    title: String,
    bulletins: Vec<(BulletinId, KbId)>,
    days: Vec<Date>,
}

impl Facts {
    /// Adds to the articles of this source the bulletins of a table whose title they have. Returns how many were joined.
    ///
    /// Several bulletins of a year may have one title ("Cumulative Security Update for Internet Explorer"), each on a day of its
    /// own. The day of a bulletin is that on which the source lists the bulletin's own article, else the only one between those of
    /// the numbers before and after; of as many days as bulletins, the first is that of the first. Where that leaves more than one
    /// day, or none, the bulletin is not joined.
    pub fn join_bulletins(&mut self, table: &Facts) -> usize {
        let groups = self.groups(table);
        let mut joined = self.sure(&groups);
        loop {
            let found = found(&groups, &joined);
            if found.is_empty() {
                break;
            }
            joined.extend(found);
        }
        for group in &groups {
            for (bulletin, _) in &group.bulletins {
                let day = joined.get(bulletin).copied();
                let ids = day.and_then(|day| self.titles.get(&(day, group.title.clone())));
                for id in ids.into_iter().flatten() {
                    if let Some(article) = self.articles.get_mut(id) {
                        article.bulletins.insert(*bulletin);
                    }
                }
            }
        }
        joined.len()
    }

    /// The titles of the table that this source has, too.
    fn groups(&self, table: &Facts) -> Vec<Group> {
        let mut numbers: BTreeMap<Key, BTreeSet<(BulletinId, KbId)>> = BTreeMap::new();
        for article in table.articles.values() {
            for (bulletin, title) in article.bulletins.iter().filter_map(|id| Some((id, article.title.as_ref()?))) {
                numbers.entry((bulletin.year(), words(title))).or_default().insert((*bulletin, article.id));
            }
        }
        let mut days: BTreeMap<Key, BTreeSet<Date>> = BTreeMap::new();
        for (day, title) in self.titles.keys() {
            days.entry((day.year(), title.clone())).or_default().insert(*day);
        }
        let of = |((year, title), bulletins): (Key, BTreeSet<(BulletinId, KbId)>)| {
            let title = if days.contains_key(&(year, title.clone())) { title } else { cut(&title, year, &days)? };
            let days = days.get(&(year, title.clone()))?.iter().copied().collect();
            Some(Group { title, bulletins: bulletins.into_iter().collect(), days })
        };
        numbers.into_iter().filter_map(of).collect()
    }

    /// The bulletins that alone have their title, on one day, and those whose own article the source lists on one day. Of 718
    /// bulletins that were joined by their titles alone, 353 had their own article on that day, and none on another.
    fn sure(&self, groups: &[Group]) -> Days {
        let mut sure = Days::new();
        for group in groups {
            if let ([(bulletin, _)], [day]) = (group.bulletins.as_slice(), group.days.as_slice()) {
                sure.insert(*bulletin, *day);
            }
            for (bulletin, id) in &group.bulletins {
                let lists =
                    |day: &&Date| self.titles.get(&(**day, group.title.clone())).is_some_and(|ids| ids.contains(id));
                let mut own = group.days.iter().filter(lists);
                if let (Some(day), None) = (own.next(), own.next()) {
                    sure.insert(*bulletin, *day);
                }
            }
        }
        sure
    }
}

/// The title of a source in which one of that year is cut off, or the other way round; `None` if several may be meant.
fn cut(title: &str, year: i16, days: &BTreeMap<Key, BTreeSet<Date>>) -> Option<String> {
    let is_cut = |other: &&String| {
        let (short, long) = if other.len() < title.len() { (other.as_str(), title) } else { (title, other.as_str()) };
        short.len() >= SHORTEST_CUT && long.starts_with(short)
    };
    let mut own = days.keys().filter(|(of, _)| *of == year).map(|(_, other)| other).filter(is_cut);
    own.next().filter(|_| own.next().is_none()).cloned()
}

/// The bulletins whose days follow from those of others. Two of one title are not of one day.
fn found(groups: &[Group], joined: &Days) -> Days {
    let known = in_order(joined);
    let mut found = Days::new();
    for group in groups {
        let mut own = Days::new();
        let by_order = by_order(group, joined, &known);
        for (place, (bulletin, _)) in group.bulletins.iter().enumerate() {
            if joined.contains_key(bulletin) {
                continue;
            }
            let (before, after) = between(bulletin, &known);
            let day_of = |(other, _): &(BulletinId, KbId)| joined.get(other).copied();
            let earlier = group.bulletins[..place].iter().filter_map(day_of).max();
            let later = group.bulletins[place..].iter().filter_map(day_of).min();
            let may_be = |day: &&Date| {
                before.is_none_or(|first| first <= **day)
                    && after.is_none_or(|last| **day <= last)
                    && earlier.is_none_or(|first| first < **day)
                    && later.is_none_or(|last| **day < last)
            };
            let mut days = group.days.iter().filter(may_be);
            let only = days.next().filter(|_| days.next().is_none());
            if let Some(day) = by_order.as_ref().map(|days| &days[place]).or(only) {
                own.insert(*bulletin, *day);
            }
        }
        let is_alone = |day: &Date| own.values().filter(|other| *other == day).count() == 1;
        found.extend(own.iter().filter(|(_, day)| is_alone(day)));
    }
    found
}

/// The days of a title's bulletins where there are as many: in their order. That of three in four must be between those of the
/// numbers before and after: a few numbers are of a later day than their neighbours (MS16-009, MS16-063).
fn by_order(group: &Group, joined: &Days, known: &Days) -> Option<Vec<Date>> {
    if group.bulletins.len() != group.days.len() {
        return None;
    }
    let pairs = || group.bulletins.iter().map(|(bulletin, _)| bulletin).zip(&group.days);
    let agree = pairs().all(|(bulletin, day)| joined.get(bulletin).is_none_or(|known| known == day));
    let is_between = |(bulletin, day): &(&BulletinId, &Date)| {
        let (before, after) = between(bulletin, known);
        before.is_none_or(|first| first <= **day) && after.is_none_or(|last| **day <= last)
    };
    let between = pairs().filter(is_between).count();
    (agree && between * 4 >= group.days.len() * 3).then(|| group.days.clone())
}

/// The days of the numbers before and after one, of its year.
fn between(bulletin: &BulletinId, known: &Days) -> (Option<Date>, Option<Date>) {
    let same_year = |other: &BulletinId| other.year() == bulletin.year();
    let before = known.range(..bulletin).filter(|(other, _)| same_year(other)).map(|(_, day)| *day).max();
    let after =
        known.range(bulletin..).filter(|(other, _)| *other != bulletin && same_year(other)).map(|(_, day)| *day);
    (before, after.min())
}

/// The most bulletins whose days are in the order of their numbers: the source has the day of a later revision for a few
/// (MS12-043 of July 2012: October).
fn in_order(joined: &Days) -> Days {
    let all: Vec<(BulletinId, Date)> = joined.iter().map(|(bulletin, day)| (*bulletin, *day)).collect();
    // For each the length of the longest such row that ends in it, and the one before it there.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(all.len());
    for (place, (_, day)) in all.iter().enumerate() {
        let before = (0..place).filter(|other| all[*other].1 <= *day).max_by_key(|other| best[*other].0);
        best.push((before.map_or(1, |other| best[other].0 + 1), before));
    }
    let mut next = (0..all.len()).max_by_key(|place| best[*place].0);
    let mut out = Days::new();
    while let Some(place) = next {
        out.insert(all[place].0, all[place].1);
        next = best[place].1;
    }
    out
}

/// The words of a title in lower case.
pub(crate) fn words(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
