//! Until when Microsoft published updates for a Windows.

use std::sync::LazyLock;

use jiff::civil::Date;

/// The table that ships with the program.
const TABLE: &str = include_str!("../../data/support-ends.tsv");

static ENDS: LazyLock<Vec<(&str, Date)>> = LazyLock::new(|| {
    let records = TABLE.lines().filter(|line| !line.starts_with('#'));
    let end = |line: &'static str| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?.parse().ok()?))
    };
    records.filter_map(end).collect()
});

/// The last day of updates for everybody, by the name of a release line; `None` where updates of a later day are known, or
/// the line is not known.
pub fn end_of_support(line: &str) -> Option<Date> {
    ENDS.iter().find(|(known, _)| *known == line).map(|(_, day)| *day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Releases;

    #[test]
    fn each_record_has_a_known_line_and_a_day() {
        let releases = Releases::embedded().unwrap();
        let records = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(ENDS.len(), records);
        assert!(ENDS.iter().all(|(line, _)| releases.line(line).is_some()));
        assert_eq!(end_of_support("Windows XP"), Some("2014-04-08".parse().unwrap()));
    }
}
