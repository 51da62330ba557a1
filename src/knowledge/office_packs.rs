//! Which service pack of Office a program lacks, by its version.

use std::str::FromStr;
use std::sync::LazyLock;

use hotfixcheck_types::FileVersion;

/// The table that ships with the program.
const TABLE: &str = include_str!("../../data/office-packs.tsv");
/// The programs that every service pack of Office replaces.
const PROGRAMS: [&str; 6] = ["excel.exe", "winword.exe", "powerpnt.exe", "outlook.exe", "mspub.exe", "mso.dll"];

/// Line, service pack, lowest version of a program of the pack.
static PACKS: LazyLock<Vec<(&str, u32, FileVersion)>> = LazyLock::new(|| {
    let record = |line: &'static str| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?.parse().ok()?, FileVersion::from_str(columns.next()?).ok()?))
    };
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(record).collect()
});

/// The service pack of Office that an article is for, if its products name the line with service packs alone: the lowest
/// of them.
pub(crate) fn office_pack_of(line: &str, products: impl IntoIterator<Item = impl AsRef<str>>) -> Option<u32> {
    let mut lowest: Option<u32> = None;
    for product in products {
        let Some(rest) = product.as_ref().strip_prefix(line) else { continue };
        // "Office 2003" alone is also for the release; "Office 2003 Web Components" is another product.
        match rest.strip_prefix(" Service Pack ").map(str::parse) {
            Some(Ok(pack)) => lowest = Some(lowest.map_or(pack, |lowest: u32| lowest.min(pack))),
            _ if rest.is_empty() => return None,
            _ => {}
        }
    }
    lowest
}

/// True if a file of this name and version comes from before the service pack of the line.
pub(crate) fn is_before_office_pack(line: &str, pack: u32, file: &str, version: &FileVersion) -> bool {
    let of = PACKS.iter().find(|(known, number, _)| *known == line && *number == pack);
    let is_program = PROGRAMS.iter().any(|program| program.eq_ignore_ascii_case(file));
    is_program && of.is_some_and(|(.., lowest)| version.components() < lowest.components())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::knowledge::Releases;

    #[test]
    fn each_record_has_a_known_line_and_a_version_of_it() {
        let releases = Releases::embedded().unwrap();
        assert_eq!(PACKS.len(), TABLE.lines().filter(|line| !line.starts_with('#')).count());
        for (line, pack, version) in PACKS.iter() {
            let release = releases.of(version, None, "excel.exe", || None::<BTreeSet<String>>);
            assert_eq!(release.line.name(), *line, "{line} {pack}");
        }
    }
}
