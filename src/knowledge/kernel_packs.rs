//! The service packs that a kernel file stands for, where its revision shows only bounds of them (`data/kernel-packs.tsv`).

use super::release::{Line, Pack};
use super::releases::Releases;

/// The table that ships with the program.
const TABLE: &str = include_str!("../../data/kernel-packs.tsv");

/// The least and the most service pack, as far as they are known.
pub(crate) type PackBounds = (Option<Pack>, Option<Pack>);

/// The bounds for a kernel file of this line and revision, which is its version's last number; `None` if nothing is known.
pub(crate) fn packs_of_kernel(line: &Line, revision: u32, releases: &Releases) -> Option<PackBounds> {
    let mut records = TABLE.lines().filter(|record| !record.starts_with('#'));
    records.find_map(|record| {
        let mut columns = record.split('\t');
        let mut next = || columns.next();
        let is_of_line = next()? == line.name();
        let (from, to): (u32, u32) = (next()?.parse().ok()?, next()?.parse().ok()?);
        let (least, most) = (next()?, next()?);
        (is_of_line && (from..=to).contains(&revision)).then(|| (releases.pack(line, least), releases.pack(line, most)))
    })
}
