//! Files as a release or service pack brought them: by their numbers, and by the days on which they were built.

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::FileVersion;

/// The tables that ship with the program.
const NUMBERS_OF_WINDOWS: &str = include_str!("../../data/release-numbers.tsv");
const FILES_OF_COMPONENTS: &str = include_str!("../../data/release-files.tsv");
const DAYS_OF_WINDOWS: &str = include_str!("../../data/release-days.tsv");

fn records(table: &'static str) -> impl Iterator<Item = std::str::Split<'static, char>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t'))
}

static NUMBERS: LazyLock<HashSet<(u32, u32)>> = LazyLock::new(|| {
    let number = |fields: std::str::Split<'static, char>| {
        let mut fields = fields.map(str::parse);
        Some((fields.next()?.ok()?, fields.next()?.ok()?))
    };
    records(NUMBERS_OF_WINDOWS).filter_map(number).collect()
});

static FILES: LazyLock<Vec<(&str, FileVersion)>> = LazyLock::new(|| {
    let file = |mut fields: std::str::Split<'static, char>| Some((fields.next()?, fields.next()?.parse().ok()?));
    records(FILES_OF_COMPONENTS).filter_map(file).collect()
});

static DAYS: LazyLock<Vec<(&str, Date, Date)>> = LazyLock::new(|| {
    let days = |mut fields: std::str::Split<'static, char>| {
        Some((fields.next()?, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    records(DAYS_OF_WINDOWS).filter_map(days).collect()
});

/// True for the version of a file that a release or service pack of Windows brought: 6.0.6001.18000.
pub(crate) fn is_of_release(version: &FileVersion) -> bool {
    matches!(version.components(), [_, _, build, revision] if NUMBERS.contains(&(*build, *revision)))
}

/// True for a line of Windows that is Vista or later: its releases have such numbers, and tools that ask it for the strings of a file
/// get those of the .mui file.
pub(crate) fn is_vista_or_later(line: &str) -> bool {
    ["Windows Vista", "Windows 7", "Windows 8", "Windows 10"].iter().any(|start| line.starts_with(start))
}

/// True for the version of a file that the release or a service pack of its component brought: msxml4r.dll 4.10.9404.0. `key` is
/// that of the file.
pub(crate) fn is_of_component_release(key: &str, version: &FileVersion) -> bool {
    FILES.iter().any(|(file, own)| own == version && *file == key)
}

/// The lines of Windows whose release or service pack was built on this day.
pub(crate) fn lines_released_on(day: Date) -> impl Iterator<Item = &'static str> {
    DAYS.iter().filter(move |(_, first, last)| (*first..=*last).contains(&day)).map(|(line, ..)| *line)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::knowledge::Releases;

    #[test]
    fn every_record_is_read() {
        assert_eq!(NUMBERS.len(), records(NUMBERS_OF_WINDOWS).count());
        assert_eq!(FILES.len(), records(FILES_OF_COMPONENTS).count());
        assert_eq!(DAYS.len(), records(DAYS_OF_WINDOWS).count());
        let releases = Releases::embedded().unwrap();
        let lines: BTreeSet<&str> = releases.line_names().collect();
        for (line, first, last) in DAYS.iter() {
            assert!(lines.contains(line) && first <= last, "{line}");
        }
    }
}
