//! Which service pack of Office a program lacks, by its version, and which files a pack itself brought.

use std::str::FromStr;
use std::sync::LazyLock;

use hotfixcheck_types::FileVersion;

/// The table that ships with the program.
const TABLE: &str = include_str!("../../data/office-packs.tsv");
/// The programs that every service pack of Office replaces.
const PROGRAMS: [&str; 6] = ["excel.exe", "winword.exe", "powerpnt.exe", "outlook.exe", "mspub.exe", "mso.dll"];

/// A service pack of Office.
struct OfficePack {
    line: &'static str,
    number: u32,
    /// The lowest and the highest version of the files that it brought.
    lowest: FileVersion,
    highest: FileVersion,
}

static PACKS: LazyLock<Vec<OfficePack>> = LazyLock::new(|| {
    let record = |line: &'static str| {
        let mut columns = line.split('\t');
        let (line, number) = (columns.next()?, columns.next()?.parse().ok()?);
        let mut version = || FileVersion::from_str(columns.next()?).ok();
        Some(OfficePack { line, number, lowest: version()?, highest: version()? })
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
    let of = PACKS.iter().find(|known| known.line == line && known.number == pack);
    let is_program = PROGRAMS.iter().any(|program| program.eq_ignore_ascii_case(file));
    is_program && of.is_some_and(|pack| version.components() < pack.lowest.components())
}

/// A version that a service pack of Office brought.
#[derive(Clone, Copy)]
pub(crate) struct VersionOfPack(&'static OfficePack);

impl VersionOfPack {
    /// The pack whose files have this version.
    pub(crate) fn of(version: &FileVersion) -> Option<Self> {
        let is_in = |pack: &&OfficePack| {
            let highest = pack.highest.components();
            pack.lowest.components() <= version.components()
                && version.components().get(..highest.len()).is_some_and(|own| own <= highest)
        };
        PACKS.iter().find(is_in).map(Self)
    }

    /// The release line of the pack.
    pub(crate) fn line(self) -> &'static str {
        self.0.line
    }

    /// True for a version after all of the pack's.
    pub(crate) fn is_before(self, version: &FileVersion) -> bool {
        let highest = self.0.highest.components();
        version.components().get(..highest.len()).is_some_and(|own| own > highest)
    }
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
        for OfficePack { line, number, lowest, highest } in PACKS.iter() {
            for version in [lowest, highest] {
                let release = releases.of(version, None, "excel.exe", || None::<BTreeSet<String>>);
                assert_eq!(release.line.name(), *line, "{line} {number}");
            }
            assert!(lowest.components() < highest.components(), "{line} {number}");
        }
    }
}
