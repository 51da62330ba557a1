//! Versions that articles or files print in another form -> what they mean (`data/printed-versions.tsv`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::name::key_of;
use hotfixcheck_types::FileVersion;

/// The table that ships with the program.
const TABLE: &str = include_str!("../../data/printed-versions.tsv");

/// One record of the table.
struct Printed {
    /// The first numbers.
    start: Vec<u32>,
    /// The number after them.
    next: RangeInclusive<u32>,
    /// The meaning, in which `N` stands for that number.
    meaning: &'static str,
}

/// By the key of the file.
static PRINTED: LazyLock<HashMap<&str, Vec<Printed>, RandomState>> = LazyLock::new(|| {
    let mut records: HashMap<&str, Vec<Printed>, RandomState> = HashMap::default();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let [file, start, from, to, meaning, _] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        let start = start.split('.').filter_map(|number| number.parse().ok()).collect();
        let (Ok(from), Ok(to)) = (from.parse(), to.parse()) else { continue };
        records.entry(file).or_default().push(Printed { start, next: from..=to, meaning });
    }
    records
});

/// The version that a row's cell means for a file of this name: `9.0.8931.0` of mspub.exe is 9.0.0.8931, `5.0:2195.2097`
/// (Q214488) is 5.0.2195.2097.
pub(crate) fn version_of_row(text: &str, file: &str) -> Option<FileVersion> {
    let printed = if text.contains(':') { Cow::Owned(text.replace(':', ".")) } else { Cow::Borrowed(text) };
    FileVersion::from_resource_string(&printed).map(|version| meant(version, &key_of(file)))
}

/// What a version of four numbers means for the file with this key.
pub(crate) fn meant(version: FileVersion, key: &str) -> FileVersion {
    let Some(records) = PRINTED.get(key) else { return version };
    let numbers = version.components();
    // `9.0.0.8931` is not printed in another form: its third number is none of the table's.
    let of = |record: &Printed| {
        let (next, rest) = numbers.strip_prefix(&record.start[..])?.split_first()?;
        let is_it = record.next.contains(next) && rest.iter().all(|&number| number == 0);
        is_it.then(|| record.meaning.replace('N', &next.to_string()).parse().ok())?
    };
    if numbers.len() < 4 {
        return version;
    }
    records.iter().find_map(of).unwrap_or(version)
}
