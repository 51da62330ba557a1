//! Which of a file's versions is compared with a row: one with as many numbers as the row's, in the same release line.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::evidence::{Comparison, VersionSource, by_build};
use super::reason::Reason;
use crate::FileVersion;
use crate::knowledge::{Fitting, Release, Releases, is_of_release, is_vista_or_later, meant};
use hotfixcheck_winfiles::binary::VersionInfo;

/// The Windows that a file is for, by the names of their lines; `None` where that is not known.
pub(crate) type Windows = Option<Arc<BTreeSet<String>>>;

/// One version of a file.
#[derive(Clone)]
pub(crate) struct Claim {
    pub version: FileVersion,
    pub source: VersionSource,
    pub release: Release,
    /// True if the release depends on the Windows that the file is for.
    conditional: bool,
}

/// Every usable version that a file states: the fixed version first, then the distinct strings in the file's order. A
/// version of zeros only is not usable. `file` is the file's key.
pub(crate) fn claims(info: &VersionInfo, file: &str, windows: &Windows, releases: &Releases) -> Vec<Claim> {
    let tag = info.file_version_string();
    let fixed = info.fixed_file.map(|version| (version, VersionSource::Fixed, tag));
    let strings = info.tables.iter().filter_map(|table| {
        let text = table.file_version.as_deref()?;
        let version = FileVersion::from_resource_string(text)?;
        Some((version, VersionSource::Text { table: table.key.clone() }, Some(text)))
    });
    let usable = |version: &FileVersion| version.components().iter().any(|&number| number != 0);
    // Tools that ask Windows Vista or later for the strings get those of the .mui file, with the number of the release or of the
    // update that last brought it: 11.00.9600.16428 of Internet Explorer 11 beside 11.0.9600.18500.
    let has_mui = windows.as_ref().is_some_and(|lines| lines.iter().any(|line| is_vista_or_later(line)));
    let is_of_mui = |version: &FileVersion, source: &VersionSource| {
        let is_older = |fixed: FileVersion| fixed.components() > version.components();
        *source != VersionSource::Fixed && info.fixed_file.is_some_and(is_older) && (has_mui || is_of_release(version))
    };
    let mut claims: Vec<Claim> = Vec::new();
    let stated = fixed.into_iter().chain(strings);
    let stated = stated.filter(|(version, source, _)| usable(version) && !is_of_mui(version, source));
    for (version, source, tag) in stated {
        let version = meant(version, file);
        if claims.iter().all(|claim| claim.version != version) {
            let fitting = releases.fitting(&version, tag, file);
            let conditional = matches!(fitting, Fitting::ByWindows(_));
            let release = releases.of_fitting(&fitting, &version, tag, || windows.as_deref());
            claims.push(Claim { version, source, release, conditional });
        }
    }
    // They stay to the end, and most files have one or two.
    claims.shrink_to_fit();
    claims
}

/// The claims, read as on the Windows of a row's heading; `None` where that makes no difference.
pub(crate) fn on(
    claims: &[Claim],
    info: Option<&VersionInfo>,
    file: &str,
    windows: impl FnOnce() -> Windows,
    releases: &Releases,
) -> Option<Vec<Claim>> {
    let conditional = claims.iter().any(|claim| claim.conditional);
    info.filter(|_| conditional).map(|info| self::claims(info, file, &windows(), releases))
}

/// The file's version that is compared with a row's, and the result.
///
/// # Errors
/// Why none can be compared, with the release to show as evidence.
pub(crate) fn answer(
    claims: &[Claim],
    required: FileVersion,
    wanted: &Release,
) -> Result<(Comparison, Release), (Reason, Option<Release>)> {
    let first = || claims.first().map(|claim| claim.release.clone());
    let of_line: Vec<&Claim> = claims.iter().filter(|claim| claim.release.line == wanted.line).collect();
    let mut of_shape: Vec<&&Claim> =
        of_line.iter().filter(|claim| claim.version.partial_cmp(&required).is_some()).collect();
    if of_shape.is_empty() {
        of_shape = of_line.iter().filter(|claim| by_build(&claim.version, &required).is_some()).collect();
    }
    let Some(compared) = of_shape.first() else {
        // A string with fewer numbers ("4.00" of Windows NT 4.0) beside a fixed version of zeros tells nothing.
        let is_short = |claim: &Claim| {
            claim.source != VersionSource::Fixed && claim.version.components().len() < required.components().len()
        };
        let related = is_part(&required)
            || !claims.is_empty() && claims.iter().all(is_short)
            || !of_line.is_empty()
            || claims.iter().any(|claim| related(claim, &required, wanted) || is_beginning(&required, claim));
        return Err((if related { Reason::NotComparable } else { Reason::OtherRelease }, first()));
    };
    let older = |claim: &Claim| {
        let order = claim.version.partial_cmp(&required).or_else(|| by_build(&claim.version, &required));
        order == Some(Ordering::Less)
    };
    if of_shape.iter().any(|claim| older(claim) != older(compared)) {
        return Err((Reason::VersionsDisagree, Some(compared.release.clone())));
    }
    let comparison = Comparison { found: compared.version, source: compared.source.clone(), required };
    Ok((comparison, compared.release.clone()))
}

/// True for a row's version of one or two numbers (`5.1`) with which the file's version begins: it does not show a
/// release.
fn is_beginning(required: &FileVersion, claim: &Claim) -> bool {
    required.components().len() < 3 && claim.version.components().starts_with(required.components())
}

/// True for numbers that are the end of a version, not its beginning: `7043`, `2600.3000`. They do not show a line.
fn is_part(required: &FileVersion) -> bool {
    matches!(required.components(), [_] | [100..=1999 | 2020..,  _])
}

/// True if a version of another shape could be one of the same line: `1913.10` and 1913.10.0.0 begin alike.
fn related(claim: &Claim, required: &FileVersion, wanted: &Release) -> bool {
    let (a, b) = (claim.version.components(), required.components());
    let shared = (a.len().min(b.len()) - 1).min(2);
    a.len() != b.len() && !claim.release.known && !wanted.known && a[..shared] == b[..shared]
}
