//! The numbers of files as a release or service pack of Windows brought them.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::FileVersion;

/// The table that ships with the program.
const TEXT: &str = include_str!("../../data/release-numbers.tsv");

static NUMBERS: LazyLock<HashSet<(u32, u32)>> = LazyLock::new(|| {
    let records = TEXT.lines().filter(|line| !line.starts_with('#'));
    let number = |record: &str| {
        let mut fields = record.split('\t').map(str::parse);
        Some((fields.next()?.ok()?, fields.next()?.ok()?))
    };
    records.filter_map(number).collect()
});

/// True for the version of a file that a release or service pack of Windows brought: 6.0.6001.18000.
pub(crate) fn is_of_release(version: &FileVersion) -> bool {
    matches!(version.components(), [_, _, build, revision] if NUMBERS.contains(&(*build, *revision)))
}
