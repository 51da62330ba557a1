//! Several rows for one file: which of them judges it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::belongs::OtherNumber;
use super::evidence::Comparison;
use super::reason::Reason;
use super::verdict::Verdict;
use crate::FileVersion;
use crate::knowledge::{Branch, Order, Pack, Release};

/// A row whose version can be compared with the file's.
pub(super) struct Candidate {
    pub comparison: Comparison,
    pub found: Release,
    pub required: Release,
    /// Where the row's folder contradicts its number.
    pub other_number: OtherNumber,
    /// The service packs that the row's heading or columns name, where its version does not show one.
    pub packs: Option<BTreeSet<String>>,
    /// The service pack of the system, if it is known.
    pub system: Option<Pack>,
    /// True if the system's service pack is later than all of the row's.
    pub later: bool,
    /// What the row's heading says of the system's Windows.
    pub headed: Headed,
    /// For `explain`: what the row's columns and heading, and the file's original name, added to its version.
    pub basis: Option<String>,
}

/// What the heading of a row says of the Windows that the files come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Headed {
    /// It names no Windows, or there is none.
    Bare,
    /// The row is for the system's own Windows and service pack by its heading and columns.
    Own,
    /// It names no Windows, but the row's column requires the system's own service pack.
    OwnPack,
    /// It names the system's own Windows, and nothing names a service pack: where other rows do, it stands for the release.
    Release,
    /// Anything else, or the system is not known.
    Other,
}

impl Candidate {
    fn ordering(&self) -> Ordering {
        // Candidates always have comparable versions; `Less` is the answer that never claims a fix.
        self.comparison.ordering().unwrap_or(Ordering::Less)
    }

    /// True if the file has exactly the row's version.
    pub(super) fn is_equal(&self) -> bool {
        self.ordering() == Ordering::Equal
    }

    fn by_version(&self) -> Reason {
        match self.ordering() {
            Ordering::Less => Reason::VersionOlder,
            Ordering::Equal => Reason::VersionEqual,
            Ordering::Greater => Reason::VersionNewer,
        }
    }
}

/// The rows of one article for one file in one line, with the reason for each so far.
struct Selection<'a> {
    candidates: &'a [Candidate],
    answers: Vec<(Reason, Option<String>)>,
    explain: bool,
}

/// The reason for each candidate, and for `explain` the heading that decided. All candidates are rows of one article
/// for one file, in one line.
pub(super) fn select(candidates: &[Candidate], explain: bool) -> Vec<(Reason, Option<String>)> {
    let Some(found) = candidates.first().map(|c| &c.found) else {
        return Vec::new();
    };
    let all: Vec<usize> = (0..candidates.len()).collect();
    let mut selection = Selection { candidates, answers: vec![(Reason::RowsDiffer, None); candidates.len()], explain };
    let all = selection.by_product_version(all, found.order);
    let of_system = selection.by_heading(&all);
    match (found.order, &found.service_pack) {
        _ if of_system.is_empty() => {}
        (Order::ServicePack, Some(own)) => {
            selection.by_service_pack(&of_system, own);
            let others: Vec<usize> = all.into_iter().filter(|row| !of_system.contains(row)).collect();
            selection.by_own_pack(&of_system, &others, own);
        }
        _ => selection.by_branch(&of_system),
    }
    selection.answers
}

impl Selection<'_> {
    /// Where updates raise a product's version: the rows of the file's own version, else those of later ones. VBScript 5.6 does not
    /// show the fix of 5.1, which an update to 5.6 may bring, too (MS08-022 on Windows 2000).
    fn by_product_version(&mut self, rows: Vec<usize>, order: Order) -> Vec<usize> {
        if order != Order::Raised {
            return rows;
        }
        let candidates = self.candidates;
        let against = |row: &usize| {
            let comparison = &candidates[*row].comparison;
            let product = |version: &FileVersion| version.components().iter().take(2).copied().collect::<Vec<_>>();
            product(&comparison.required).cmp(&product(&comparison.found))
        };
        let has_own = rows.iter().any(|row| against(row) == Ordering::Equal);
        let is_for = |row: &usize| against(row) == if has_own { Ordering::Equal } else { Ordering::Greater };
        let (of_product, others): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(is_for);
        others.iter().for_each(|&row| self.answers[row].0 = Reason::OtherRelease);
        of_product
    }

    fn by_service_pack(&mut self, rows: &[usize], own: &Pack) {
        let candidates = self.candidates;
        let against = |row: usize| candidates[row].required.service_pack.as_ref().map(|pack| pack.cmp(own));
        let (of_own, others): (Vec<usize>, Vec<usize>) =
            rows.iter().partition(|&&row| matches!(against(row), Some(Ordering::Equal) | None));
        if !of_own.is_empty() {
            others.iter().for_each(|&row| self.answers[row].0 = Reason::OtherServicePack);
            return self.by_branch(&of_own);
        }
        // The folder of a row has another service pack than its number, and the number contradicts the answer: a slip.
        let is_slip = |row: &usize| {
            let candidate = &candidates[*row];
            let is_older = candidate.ordering() == Ordering::Less;
            candidate.other_number.pack && is_older == (against(*row) == Some(Ordering::Less))
        };
        let reason = if others.iter().any(is_slip) {
            Reason::RowsDiffer
        } else if others.iter().all(|&row| against(row) == Some(Ordering::Less)) {
            Reason::LaterServicePack
        } else if others.iter().all(|&row| against(row) == Some(Ordering::Greater)) {
            Reason::EarlierServicePack
        } else {
            Reason::BetweenServicePacks
        };
        others.iter().for_each(|&row| self.answers[row].0 = reason);
    }

    /// Handles a component's file whose service pack is later than that of every row for the system. A row of the
    /// file's own service pack may be for another service pack of Windows. If the file is older than that row, it is
    /// not fixed: 5.0.3810.1699 of Internet Explorer 5.01 SP4 on Windows 2000 SP3, whose row is headed Windows 2000 SP4
    /// (MS03-048).
    fn by_own_pack(&mut self, of_system: &[usize], others: &[usize], own: &Pack) {
        let is_later = of_system.iter().all(|&row| self.answers[row].0 == Reason::LaterServicePack);
        let of_own = |row: &usize| self.candidates[*row].required.service_pack.as_ref() == Some(own);
        let of_own: Vec<usize> = others.iter().copied().filter(of_own).collect();
        if !is_later || of_own.is_empty() {
            return;
        }
        let before = self.answers.clone();
        self.by_branch(&of_own);
        if of_own.iter().all(|&row| self.answers[row].0.verdict() != Verdict::Missing) {
            self.answers = before;
        } else {
            of_system.iter().for_each(|&row| self.answers[row] = (Reason::OtherServicePack, None));
        }
    }

    /// The rows that are for the system's service pack, if their headings or columns name one and their version does
    /// not show it.
    fn by_heading(&mut self, rows: &[usize]) -> Vec<usize> {
        let candidates = self.candidates;
        let is_other = |row: &usize| {
            let Candidate { packs, system, .. } = &candidates[*row];
            packs.as_ref().zip(system.as_ref()).is_some_and(|(packs, system)| !packs.contains(system.name()))
        };
        let (others, of_own): (Vec<usize>, Vec<usize>) = rows.iter().copied().partition(is_other);
        for &row in &others {
            let candidate = &candidates[row];
            // If the system's service pack is later than those of all rows, the fix is there as long as the file is new
            // enough.
            let fixed = of_own.is_empty()
                && others.iter().all(|&row| candidates[row].later && candidates[row].ordering() != Ordering::Less);
            self.answers[row].0 = if fixed { candidate.by_version() } else { Reason::OtherServicePack };
            if let (Some(packs), Some(system), true) = (&candidate.packs, &candidate.system, self.explain) {
                self.answers[row].1 = Some(format!("row is for {}, the system has {system}", shown(packs)));
            }
        }
        of_own
    }

    fn by_branch(&mut self, rows: &[usize]) {
        let candidates = self.candidates;
        // If a row's number is of another branch than its folder, the file's number does not show its branch either:
        // ieapfltr.dll 7.0.6000.16730 is in SP2QFE (MS09-002).
        let numbers_tell = !rows.iter().any(|&row| candidates[row].other_number.branch);
        let own = candidates[rows[0]].found.branch.filter(|_| numbers_tell);
        let branch = |row: usize| candidates[row].required.branch;
        // Rows without a branch are for every file, but not for those of a series of their own.
        let is_for_all = |row: usize| branch(row).is_none() && own != Some(Branch::Japanese);
        if rows.iter().all(|&row| is_for_all(row)) {
            return self.by_version(rows, Reason::RowsDiffer);
        }
        let Some(own) = own else {
            // A number of Windows NT 4.0 Terminal Server Edition below the Japanese ones is of the international series.
            let is_japanese = |&row: &usize| branch(row) == Some(Branch::Japanese);
            let (of_others, of_own): (Vec<usize>, Vec<usize>) = rows.iter().copied().partition(is_japanese);
            let is_known = candidates[rows[0]].found.known && candidates[rows[0]].found.order == Order::Number;
            if is_known && !of_others.is_empty() && of_own.iter().any(|&row| branch(row).is_none()) {
                of_others.iter().for_each(|&row| self.answers[row].0 = Reason::OtherBranch);
                return self.by_branch(&of_own);
            }
            // The file has exactly the version of one branch's row, so it comes from that branch. Another row of it may ask
            // for more: RTMGDR 6.5.6749 and SP1GDR 6.5.6756, of which no number shows the service pack (MS05-048).
            let equal = |row: &&usize| branch(**row).is_some() && candidates[**row].is_equal();
            let branches: BTreeSet<_> = rows.iter().filter(equal).map(|&row| branch(row)).collect();
            let (of_own, others): (Vec<usize>, Vec<usize>) =
                rows.iter().partition(|&&row| branches.contains(&branch(row)));
            if of_own.is_empty() {
                return self.by_version(rows, Reason::BranchUnclear);
            }
            others.iter().for_each(|&row| self.answers[row].0 = Reason::OtherBranch);
            return self.by_version(&of_own, Reason::RowsDiffer);
        };
        let (of_own, others): (Vec<usize>, Vec<usize>) =
            rows.iter().partition(|&&row| is_for_all(row) || branch(row) == Some(own));
        if of_own.is_empty() {
            for &row in &others {
                // A file earlier than another branch's fix lacks the fix; a later one proves nothing. An equal number shows that the tag
                // alone tells the branch: both builds of one correction have one number (comctl32.dll of KB2296011).
                self.answers[row].0 = match candidates[row].ordering() {
                    Ordering::Less => Reason::VersionOlder,
                    Ordering::Equal => Reason::VersionEqual,
                    Ordering::Greater => Reason::NoRowForBranch,
                };
            }
            return;
        }
        others.iter().for_each(|&row| self.answers[row].0 = Reason::OtherBranch);
        self.by_version(&of_own, Reason::RowsDiffer);
    }

    /// Compares the versions in plain order, provided that all rows give the same answer. If they do not, rows that are headed for
    /// the system come before those of a heading without a Windows: dhtmled.ocx of Windows 2000 is 6.1.0.9234, and 6.1.0.9247 in
    /// every branch of Windows XP (MS09-037). If the rows for the system's own service pack ask for more than the file has, those that
    /// name none are for its release and fix nothing.
    fn by_version(&mut self, rows: &[usize], otherwise: Reason) {
        let candidates = self.candidates;
        let older = |row: usize| candidates[row].ordering() == Ordering::Less;
        let agree = |rows: &[usize]| rows.iter().all(|&row| older(row) == older(rows[0]));
        let headed = |row: usize| candidates[row].headed;
        let (own, others): (Vec<usize>, Vec<usize>) =
            rows.iter().partition(|&&row| matches!(headed(row), Headed::Own | Headed::OwnPack));
        let is_bare = |&row: &usize| headed(row) == Headed::Bare;
        let is_headed = || own.iter().all(|&row| headed(row) == Headed::Own) && others.iter().all(is_bare);
        let asks_for_more =
            || older(own[0]) && others.iter().all(|&row| matches!(headed(row), Headed::Bare | Headed::Release));
        if !agree(rows) && !own.is_empty() && agree(&own) && (is_headed() || asks_for_more()) {
            own.iter().for_each(|&row| self.answers[row].0 = candidates[row].by_version());
            let detail =
                self.explain.then(|| "other rows of the article are for this Windows and service pack".to_owned());
            return others.iter().for_each(|&row| self.answers[row] = (Reason::OtherProduct, detail.clone()));
        }
        let agree = agree(rows);
        rows.iter().for_each(|&row| {
            self.answers[row].0 = if agree { candidates[row].by_version() } else { otherwise };
        });
    }
}

/// `SP1 or SP2`, `RTM`.
fn shown(packs: &BTreeSet<String>) -> String {
    let name = |pack: &String| if pack == "RTM" { pack.clone() } else { format!("SP{pack}") };
    packs.iter().map(name).collect::<Vec<_>>().join(" or ")
}
