//! The version in a row's cell -> the version that the file has, where articles print it in another form
//! (`data/printed-versions.tsv`).

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::name::key_of;
use hotfixcheck_types::FileVersion;

/// The table that ships with the program.
const TABLE: &str = include_str!("../../data/printed-versions.tsv");

/// The first two numbers, and the third as it is printed.
struct Printed {
    start: [u32; 2],
    third: RangeInclusive<u32>,
}

/// By the key of the file.
static PRINTED: LazyLock<HashMap<&str, Printed, RandomState>> = LazyLock::new(|| {
    let records = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        let (file, (major, minor)) = (columns.next()?, columns.next()?.split_once('.')?);
        let number = |text: Option<&str>| text?.parse::<u32>().ok();
        let start = [number(Some(major))?, number(Some(minor))?];
        Some((file, Printed { start, third: number(columns.next())?..=number(columns.next())? }))
    });
    records.collect()
});

/// The version that a row's cell means for a file of this name: `9.0.8931.0` of mspub.exe is 9.0.0.8931.
pub(crate) fn version_of_row(text: &str, file: &str) -> Option<FileVersion> {
    let version = FileVersion::from_resource_string(text)?;
    let &[a, b, c, 0] = version.components() else { return Some(version) };
    let is_it = |own: &Printed| own.start == [a, b] && own.third.contains(&c);
    match PRINTED.get(&*key_of(file)) {
        Some(printed) if is_it(printed) => format!("{a}.{b}.0.{c}").parse().ok(),
        _ => Some(version),
    }
}
