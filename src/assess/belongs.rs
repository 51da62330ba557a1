//! Where a row belongs: the release line, service pack and branch given by its version, columns and heading.

use std::collections::BTreeSet;

use super::applies::is_of_32_bit_file;
use super::case::Case;
use super::context::Context;
use super::elsewhere::Place;
use super::original::original_name;
use crate::knowledge::{Branch, Order, Release, names_pack, pack_title};
use hotfixcheck_winfiles::binary::VersionInfo;

/// Where the row's folder names another branch or service pack than its number.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OtherNumber {
    pub branch: bool,
    pub pack: bool,
}

/// Adds the branch and service pack that the row's columns and heading name. Returns where the folder contradicts the
/// number. The folder of a bulletin is then trusted (vgx.dll 7.0.6000.20628 is in SP2GDR, MS07-050).
pub(super) fn place_in(case: &Case, wanted: &mut Release, context: &Context) -> OtherNumber {
    let (releases, text) = (&context.knowledge.releases, case.row.text());
    let branch = text.branch.zip(wanted.branch).is_some_and(|(column, number)| column != number);
    let mut other_number = OtherNumber { branch, pack: false };
    wanted.branch = text.branch.or(wanted.branch).or_else(|| context.headings.branch(&case.row.section));
    let Some(pack) = text.packs.first() else { return other_number };
    if releases.has_packs_of_windows(&wanted.line) && !is_of_another_windows(wanted, context) {
        let told = wanted.service_pack.take();
        // For several the number does not tell which.
        let is_one = text.packs.len() == 1;
        let named = if is_one { releases.pack(&wanted.line, pack) } else { None };
        other_number.pack = named.as_ref().zip(told.as_ref()).is_some_and(|(column, number)| column != number);
        wanted.service_pack = if is_one { named.or(told) } else { None };
    }
    other_number
}

/// True for a version of another Windows than the system: a version of Windows 2000 says nothing about the service
/// packs of Server 2003 (MS07-055).
fn is_of_another_windows(wanted: &Release, context: &Context) -> bool {
    wanted.known && context.profile.as_ref().is_some_and(|profile| profile.line != wanted.line)
}

/// The service packs that the row's heading or columns name. They count where the version itself does not show the
/// service pack of Windows. In lines of Windows whose versions have one order, the version is enough.
pub(super) fn packs_of(case: &Case, wanted: &Release, context: &Context) -> Option<BTreeSet<String>> {
    let told = wanted.service_pack.is_some() && context.knowledge.releases.has_packs_of_windows(&wanted.line);
    // "Version compatible with systems running Service Pack 6" (Q250466): versions of Windows NT 4.0 do not show that.
    let is_number = wanted.order != Order::ServicePack;
    let is_required = is_number && case.row.sp_requirement.as_deref().is_some_and(names_pack);
    let numbers_tell = !is_of_another_windows(wanted, context) && !is_required && (told || (wanted.known && is_number));
    if numbers_tell { None } else { case.packs(context).cloned() }
}

/// Where a row of the article belongs, whatever file it is compared with; `None` for one of another system or without a
/// version.
pub(super) fn place_of(place: usize, case: &Case, context: &Context) -> Option<Place> {
    if case.row.text().version.is_none() || (context.profile.is_some() && !case.is_for_system(context)) {
        return None;
    }
    let mut release = case.release(context)?;
    place_in(case, &mut release, context);
    let packs = packs_of(case, &release, context);
    Some(Place { file: case.key.to_owned(), release, packs, row: place })
}

/// For `explain`: that the version string gave the branch.
pub(super) fn said_by_tag(branch: Branch) -> String {
    format!("the file's branch {branch} is in its version string")
}

/// For `explain`: where the row's branch and service pack come from besides its version, and the name under which it
/// judges the file.
pub(super) fn basis(
    case: &Case,
    info: Option<&VersionInfo>,
    found: &Release,
    wanted: &Release,
    packs: Option<&BTreeSet<String>>,
    context: &Context,
) -> Option<String> {
    let (row, key) = (case.row, case.key);
    let mut facts = Vec::new();
    if case.is_used_by_its_number(context) {
        facts.push(
            "the row's heading names another Windows, but its version is of the system's own, which no heading names"
                .to_owned(),
        );
    }
    let column = row.branch.as_deref().filter(|_| row.text().branch.is_some());
    let of_columns = &row.text().packs;
    match (column, of_columns.first(), wanted.branch) {
        (Some(word), _, Some(branch)) => facts.push(format!("the row's branch {branch} is from its column '{word}'")),
        (_, Some(pack), _) if wanted.service_pack.as_ref().is_some_and(|wanted| wanted.name() == pack.as_str()) => {
            facts.push(format!("the row's service pack is from its column: {}", pack_title(pack)));
        }
        (None, _, Some(branch)) if Branch::from_word(&row.section) == Some(branch) => {
            facts.push(format!("the row's branch {branch} is from its heading"));
        }
        _ => {}
    }
    if let Some(packs) = packs {
        let names: Vec<String> = packs.iter().map(|pack| pack_title(pack)).collect();
        let from = if of_columns.is_empty() { "heading" } else { "column" };
        facts.push(format!("the row is for {} by its {from}", names.join(" or ")));
    }
    let tag = info.and_then(|info| Branch::from_word(info.file_version_string()?));
    if let Some(branch) = tag.filter(|_| found.branch == tag && wanted.branch.is_some()) {
        facts.push(said_by_tag(branch));
    }
    if is_of_32_bit_file(&row, case.article) {
        facts.push("the row has the size of the 32-bit file".to_owned());
    }
    let original = info.and_then(|info| original_name(case.entry, info));
    if let Some(original) = original.filter(|original| original == key) {
        facts.push(format!("the file's original name is {original}"));
    }
    (!facts.is_empty()).then(|| facts.join(", "))
}
