//! What an article's rows for its other files show. The package may have a row for the file's service pack or branch,
//! but not for this file: then the file is not part of it (MS09-048 brings bfe.dll to Vista RTM and SP1, but not to
//! SP2).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::applies;
use super::evidence::{Comparison, Evidence};
use super::reason::Reason;
use super::verdict::Verdict;
use crate::Machine;
use crate::knowledge::{Branch, Headings, Order, Release};
use hotfixcheck_articles::Article;

/// Where a row of an article belongs.
pub(super) struct Place {
    /// The key of the row's file.
    pub file: String,
    pub release: Release,
    /// The service packs that the row's heading or columns name, where its version does not show one.
    pub packs: Option<BTreeSet<String>>,
    /// The index of the row.
    pub row: usize,
}

/// Where each row of an article that states a version belongs.
pub(super) struct Elsewhere<'p> {
    pub article: &'p Article,
    pub places: &'p [Place],
    /// The key of the rows' file, and the machine of the file itself.
    pub file: &'p str,
    pub machine: Option<Machine>,
    pub headings: &'p Headings,
    /// The name of the system's service pack, where it is known.
    pub system: Option<&'p str>,
}

impl Elsewhere<'_> {
    fn of_line<'a>(&'a self, line: &'a Release) -> impl Iterator<Item = &'a Place> {
        let fits = |place: &&Place| {
            applies::to_machine(&self.article.fixes[place.row], self.article, self.machine, self.headings)
        };
        let is_for_system =
            |place: &&Place| place.packs.as_ref().zip(self.system).is_none_or(|(packs, own)| packs.contains(own));
        let others = self.places.iter().filter(|place| place.file != self.file);
        others.filter(fits).filter(is_for_system).filter(|place| place.release.line == line.line)
    }

    /// The reason that replaces one found from the rows of one file alone.
    pub(super) fn instead(&self, reason: Reason, found: &Release, required: &Release) -> Option<Reason> {
        match reason {
            Reason::LaterServicePack | Reason::EarlierServicePack => {
                let own = found.service_pack.as_ref()?;
                let against = |place: &Place| place.release.service_pack.as_ref().map(|pack| pack.cmp(own));
                let has = |wanted| self.of_line(found).any(|place| against(place) == Some(wanted));
                // The file's own rows are all on one side of its service pack.
                let other_side = if reason == Reason::LaterServicePack { Ordering::Greater } else { Ordering::Less };
                match () {
                    () if has(Ordering::Equal) => Some(Reason::OtherServicePack),
                    () if has(other_side) => Some(Reason::BetweenServicePacks),
                    () => None,
                }
            }
            Reason::VersionEqual | Reason::VersionNewer => {
                let is_named = |place: &Place| place.packs.is_some() && self.system.is_some();
                self.of_line(required).any(is_named).then_some(Reason::OtherServicePack)
            }
            Reason::VersionOlder | Reason::NoRowForBranch => {
                let own = branch_of(found)?;
                if required.branch.is_none_or(|branch| branch == own) {
                    return None;
                }
                let same_pack = |place: &Place| {
                    found.order != Order::ServicePack || place.release.service_pack == found.service_pack
                };
                let has = |place: &Place| place.release.branch == Some(own) && same_pack(place);
                self.of_line(found).any(has).then_some(Reason::OtherBranch)
            }
            _ => None,
        }
    }
}

/// The branch of a file. A file of Windows itself whose version shows no branch belongs to the release or service pack,
/// or to general distribution.
pub(super) fn branch_of(found: &Release) -> Option<Branch> {
    found.branch.or_else(|| found.known.then_some(Branch::Gdr))
}

/// A file whose version shows no branch counts as general distribution (GDR), unless another file shows that the
/// package of limited distribution (LDR) is installed. A file older than that of the LDR package is then missing the
/// fix.
pub(super) fn of_installed_branch<'j>(judged: impl Iterator<Item = (&'j mut Reason, &'j Evidence)>) {
    let is_of = |release: &Option<Release>, branch| release.as_ref().is_some_and(|of| of.branch == Some(branch));
    let mut judged: Vec<(&mut Reason, &Evidence)> = judged.collect();
    let found = |evidence: &Evidence| evidence.comparison.as_ref().map(|comparison| comparison.found);
    // A version that both packages bring shows neither of them.
    // Of a row that another translation contradicts, too (MS05-026).
    let is_equal = |reason: Reason, evidence: &Evidence, branch| {
        matches!(reason, Reason::VersionEqual | Reason::RowsDiffer)
            && is_of(&evidence.required_release, branch)
            && evidence.comparison.as_ref().and_then(Comparison::ordering) == Some(Ordering::Equal)
    };
    let in_both = |evidence: &Evidence| {
        judged.iter().any(|(r, other)| is_equal(**r, other, Branch::Gdr) && found(other) == found(evidence))
    };
    let shows = |reason: Reason, evidence: &Evidence| {
        is_of(&evidence.required_release, Branch::Ldr)
            && reason.verdict() == Verdict::Fixed
            && (is_of(&evidence.found_release, Branch::Ldr)
                || (is_equal(reason, evidence, Branch::Ldr) && !in_both(evidence)))
    };
    if !judged.iter().any(|(reason, evidence)| shows(**reason, evidence)) {
        return;
    }
    // The file has exactly the version of a GDR row: it came with that package, before the other was installed.
    let of_general: Vec<_> = judged.iter().map(|(_, evidence)| in_both(evidence)).collect();
    for ((reason, evidence), of_general) in judged.iter_mut().zip(of_general) {
        if of_general {
            continue;
        }
        let has_branch = evidence.found_release.as_ref().is_none_or(|found| found.branch.is_some());
        let is_older = evidence.comparison.as_ref().and_then(Comparison::ordering) == Some(Ordering::Less);
        let is_ldr = is_of(&evidence.required_release, Branch::Ldr);
        if **reason == Reason::OtherBranch && is_ldr && !has_branch && is_older {
            **reason = Reason::VersionOlder;
        }
    }
}
