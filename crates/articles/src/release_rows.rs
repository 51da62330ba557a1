//! Rows without a required service pack: which of them are for the release of the system.

use std::collections::HashSet;

use super::found::Placed;

/// Of several rows of one file those without a required service pack are for the release, if others require one. Alone
/// they are for every service pack.
pub(crate) fn settle_packs(rows: &mut [Placed]) {
    if !rows.iter().any(|placed| placed.row.no_pack) {
        return;
    }
    let names_pack =
        |text: &Option<String>| text.as_deref().is_some_and(|text| text.bytes().any(|b| b.is_ascii_digit()));
    // The branch `RTMQFE` says it already.
    let names_release = |text: &Option<String>| {
        names_pack(text) || text.as_deref().is_some_and(|text| text.to_ascii_lowercase().contains("rtm"))
    };
    let key = |placed: &Placed| {
        let row = &placed.row;
        (row.file.to_ascii_lowercase(), row.platform.clone(), row.product.clone(), placed.binding.section.clone())
    };
    let bound: HashSet<_> = rows.iter().filter(|placed| names_pack(&placed.row.sp_requirement)).map(key).collect();
    for placed in rows.iter_mut().filter(|placed| placed.row.no_pack) {
        if placed.row.sp_requirement.is_none() && !names_release(&placed.row.branch) && bound.contains(&key(placed)) {
            placed.row.sp_requirement = Some("RTM".to_owned());
        }
    }
}
