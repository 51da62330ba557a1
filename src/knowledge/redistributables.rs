//! Files that every vendor's programs may bring.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

/// The table that ships with the program; its head describes the format.
const TABLE: &str = include_str!("../../data/redistributables.tsv");

/// The words that name the own product of some files.
pub(crate) struct Redistributable {
    own: Vec<String>,
}

/// The table, by the names of the files. Most files of an article are not in it, so that a look must cost next to nothing.
struct Table {
    records: Vec<Redistributable>,
    named: HashMap<&'static str, usize, RandomState>,
    /// The names with a `*`: what stands before and behind it.
    patterns: Vec<(&'static str, &'static str, usize)>,
}

static LIST: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { records: Vec::new(), named: HashMap::default(), patterns: Vec::new() };
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(files), Some(own)) = (cells.next(), cells.next()) else { continue };
        let place = table.records.len();
        table.records.push(Redistributable { own: own.split(';').map(str::to_lowercase).collect() });
        for name in files.split(' ') {
            match name.split_once('*') {
                Some((start, end)) => table.patterns.push((start, end, place)),
                None => drop(table.named.insert(name, place)),
            }
        }
    }
    table
});

impl Redistributable {
    /// The record of a file, by its key.
    pub(crate) fn of(key: &str) -> Option<&'static Self> {
        let fits = |start: &str, end: &str| key.strip_prefix(start).is_some_and(|rest| rest.ends_with(end));
        let by_pattern = || LIST.patterns.iter().find(|(start, end, _)| fits(start, end)).map(|(.., place)| place);
        let place = LIST.named.get(key).or_else(by_pattern)?;
        LIST.records.get(*place)
    }

    /// True for a heading or name of a product that is the file's own.
    pub(crate) fn is_of_own_product(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.own.iter().any(|word| name.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_is_read() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(LIST.records.len(), lines.clone().count());
        for line in lines {
            assert_eq!(line.split('\t').filter(|cell| !cell.is_empty()).count(), 3, "{line}");
            assert_eq!(line.split('\t').next(), Some(&*line.split('\t').next().unwrap().to_lowercase()), "{line}");
        }
        assert!(Redistributable::of("mfc80u.dll").is_some() && Redistributable::of("mscomctl.ocx").is_some());
        assert!(Redistributable::of("atlconv.dll").is_none() && Redistributable::of("mso.dll").is_none());
    }
}
