//! The branch that the tag of a file's version string names (`xpsp_sp3_gdr`).

use super::belongs::said_by_tag;
use super::select::Candidate;
use crate::knowledge::Branch;
use hotfixcheck_winfiles::binary::VersionInfo;

/// Gives the file the branch in its version string (`xpsp_sp3_gdr`) where its number tells none and the rows' own columns or headings
/// name both, whatever its line. A file of exactly one row's version is that row's.
pub(super) fn by_tag(candidates: &mut [Candidate], info: Option<&VersionInfo>, explain: bool) {
    let named = |branch: Branch| candidates.iter().any(|candidate| candidate.required.branch == Some(branch));
    if !named(Branch::Gdr) || !named(Branch::Ldr) {
        return;
    }
    let is_open = |candidate: &Candidate| candidate.found.branch.is_none() && !candidate.is_equal();
    let tag = || Branch::from_word(info?.file_version_string()?);
    let Some(branch) = Some(()).filter(|()| candidates.iter().all(is_open)).and_then(|()| tag()) else { return };
    for candidate in candidates {
        candidate.found.branch = Some(branch);
        if explain {
            let said = said_by_tag(branch);
            candidate.basis =
                Some(candidate.basis.take().map_or_else(|| said.clone(), |basis| format!("{basis}, {said}")));
        }
    }
}
