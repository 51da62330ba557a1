//! Several rows for one file: which of them judges it.

use std::cmp::Ordering;

use super::evidence::Comparison;
use super::reason::Reason;
use crate::knowledge::{Branch, Order, Pack, Release};

/// A row whose version can be compared with the file's.
pub(super) struct Candidate {
    pub comparison: Comparison,
    pub found: Release,
    pub required: Release,
}

impl Candidate {
    fn ordering(&self) -> Ordering {
        // Candidates are made only of comparable versions; Less is the answer that never claims a fix.
        self.comparison.ordering().unwrap_or(Ordering::Less)
    }

    fn by_version(&self) -> Reason {
        match self.ordering() {
            Ordering::Less => Reason::VersionOlder,
            Ordering::Equal => Reason::VersionEqual,
            Ordering::Greater => Reason::VersionNewer,
        }
    }
}

/// The reason for each candidate; all are rows of one article for one file, in one line.
pub(super) fn select(candidates: &[Candidate]) -> Vec<Reason> {
    let Some(found) = candidates.first().map(|c| &c.found) else {
        return Vec::new();
    };
    let all: Vec<usize> = (0..candidates.len()).collect();
    let mut reasons = vec![Reason::RowsDiffer; candidates.len()];
    match (found.order, &found.service_pack) {
        (Order::ServicePack, Some(own)) => by_service_pack(candidates, &all, own, &mut reasons),
        _ => by_branch(candidates, &all, found.branch, &mut reasons),
    }
    reasons
}

fn by_service_pack(candidates: &[Candidate], rows: &[usize], own: &Pack, reasons: &mut [Reason]) {
    let against = |row: usize| candidates[row].required.service_pack.as_ref().map(|pack| pack.cmp(own));
    let (of_own, others): (Vec<usize>, Vec<usize>) =
        rows.iter().partition(|&&row| matches!(against(row), Some(Ordering::Equal) | None));
    if !of_own.is_empty() {
        others.iter().for_each(|&row| reasons[row] = Reason::OtherServicePack);
        let branch = candidates[of_own[0]].found.branch;
        return by_branch(candidates, &of_own, branch, reasons);
    }
    let reason = if others.iter().all(|&row| against(row) == Some(Ordering::Less)) {
        Reason::LaterServicePack
    } else if others.iter().all(|&row| against(row) == Some(Ordering::Greater)) {
        Reason::EarlierServicePack
    } else {
        Reason::BetweenServicePacks
    };
    others.iter().for_each(|&row| reasons[row] = reason);
}

fn by_branch(candidates: &[Candidate], rows: &[usize], own: Option<Branch>, reasons: &mut [Reason]) {
    let branch = |row: usize| candidates[row].required.branch;
    if rows.iter().all(|&row| branch(row).is_none()) {
        return by_version(candidates, rows, Reason::RowsDiffer, reasons);
    }
    let Some(own) = own else {
        return by_version(candidates, rows, Reason::BranchUnclear, reasons);
    };
    let (of_own, others): (Vec<usize>, Vec<usize>) =
        rows.iter().partition(|&&row| branch(row).is_none_or(|branch| branch == own));
    if of_own.is_empty() {
        for &row in &others {
            // Earlier than another branch's fix is earlier than the fix; later than it proves nothing.
            let older = candidates[row].ordering() == Ordering::Less;
            reasons[row] = if older { Reason::VersionOlder } else { Reason::NoRowForBranch };
        }
        return;
    }
    others.iter().for_each(|&row| reasons[row] = Reason::OtherBranch);
    by_version(candidates, &of_own, Reason::RowsDiffer, reasons);
}

/// Plain number order, as long as all rows give the same answer.
fn by_version(candidates: &[Candidate], rows: &[usize], otherwise: Reason, reasons: &mut [Reason]) {
    let older = |row: usize| candidates[row].ordering() == Ordering::Less;
    let agree = rows.iter().all(|&row| older(row) == older(rows[0]));
    rows.iter().for_each(|&row| reasons[row] = if agree { candidates[row].by_version() } else { otherwise });
}
