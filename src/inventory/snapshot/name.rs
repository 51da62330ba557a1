//! The name that a packed file had.

use super::Packing;
use hotfixcheck_winfiles::binary::{Binary, VersionOutcome};
use hotfixcheck_winfiles::packed::original_names;

/// The name that the file had, if it is one of `names` (in lower case, the likeliest first). Where the header leaves it
/// open the version resource tells, else the likeliest name is taken; so it is for a file that could not be unpacked.
pub(super) fn of_packed(stored: &str, packing: &Packing, names: &[String], binary: Option<&Binary>) -> Option<String> {
    let Some(hint) = &packing.hint else { return names.first().cloned() };
    let mut possible = original_names(stored, hint);
    possible.retain(|name| names.contains(&name.to_lowercase()));
    let info = match binary.map(|binary| &binary.version) {
        Some(VersionOutcome::Found(info)) => Some(info),
        _ => None,
    };
    let said = info.into_iter().flat_map(|info| &info.tables).filter_map(|table| table.original_filename.as_deref());
    let said = said.map(str::trim).find_map(|said| possible.iter().position(|name| name.eq_ignore_ascii_case(said)));
    let place = said.unwrap_or(0);
    (place < possible.len()).then(|| possible.swap_remove(place))
}
