//! Digits of a size that slipped into the version before it: `5.5.2658.1080      2,576` is 5.5.2658.10 with 802,576 bytes
//! (the German page of MS04-026).

use std::collections::BTreeMap;

use super::fix::{Fix, Text};
use super::model::Article;
use super::row_identity::{Headings, Subject};

/// Mends rows whose version is that of another translation with the first digits of its size at the end.
pub(crate) fn mend_slips(statements: &mut [Article], headings: &Headings) {
    if statements.len() < 2 {
        return;
    }
    let mut printed: BTreeMap<Subject, Vec<(Text, u64)>> = BTreeMap::new();
    for fix in statements.iter().flat_map(|article| &article.fixes) {
        if let Some((version, size)) = fix.version.clone().zip(fix.size) {
            printed.entry(headings.subject(fix)).or_default().push((version, size));
        }
    }
    for fix in statements.iter_mut().flat_map(|article| &mut article.fixes) {
        let Some(others) = printed.get(&headings.subject(fix)).filter(|others| others.len() > 1) else { continue };
        if let Some((version, size)) = others.iter().find_map(|(version, size)| without_slip(fix, version, *size)) {
            (fix.version, fix.size) = (Some(version), Some(size));
        }
    }
}

/// The row's own version and size, if another translation's version and size show that digits slipped.
fn without_slip(fix: &Fix, version: &Text, size: u64) -> Option<(Text, u64)> {
    let slipped = fix.version.as_deref()?.strip_prefix(&**version)?;
    let is_number = !slipped.is_empty() && slipped.bytes().all(|byte| byte.is_ascii_digit());
    // Builds of two languages differ little in size: the first digits are the same.
    let other = size.to_string();
    let rest = other.strip_prefix(slipped).filter(|_| is_number)?;
    let width = rest.len();
    let whole = format!("{slipped}{:0width$}", fix.size?);
    (whole.len() == other.len()).then(|| Some((version.clone(), whole.parse().ok()?)))?
}
