//! Files that every vendor's programs may bring.

use std::sync::LazyLock;

/// The table that ships with the program; its head describes the format.
const TABLE: &str = include_str!("../../data/redistributables.tsv");

/// Files, and the words that name their own product.
pub(crate) struct Redistributable {
    files: Vec<&'static str>,
    own: Vec<String>,
}

static LIST: LazyLock<Vec<Redistributable>> = LazyLock::new(|| {
    let record = |line: &'static str| {
        let mut cells = line.split('\t');
        let (files, own) = (cells.next()?, cells.next()?);
        Some(Redistributable {
            files: files.split(' ').collect(),
            own: own.split(';').map(str::to_lowercase).collect(),
        })
    };
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(record).collect()
});

impl Redistributable {
    /// The record of a file, by its key.
    pub(crate) fn of(key: &str) -> Option<&'static Self> {
        let fits = |name: &str| match name.split_once('*') {
            Some((start, end)) => key.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
            None => key == name,
        };
        LIST.iter().find(|record| record.files.iter().any(|name| fits(name)))
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
        assert_eq!(LIST.len(), lines.clone().count());
        for line in lines {
            assert_eq!(line.split('\t').filter(|cell| !cell.is_empty()).count(), 3, "{line}");
            assert_eq!(line.split('\t').next(), Some(&*line.split('\t').next().unwrap().to_lowercase()), "{line}");
        }
        assert!(Redistributable::of("mfc80u.dll").is_some() && Redistributable::of("mscomctl.ocx").is_some());
        assert!(Redistributable::of("atlconv.dll").is_none() && Redistributable::of("mso.dll").is_none());
    }
}
