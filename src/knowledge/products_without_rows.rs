//! Products of which the built-in catalogue has no file, although there are updates of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

/// The table that ships with the program; its head describes the format.
const TABLE: &str = include_str!("../../data/products-without-rows.tsv");

/// The products and the text that tells their files: "line" or names.
fn records() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.next()?))
    })
}

static FILES: LazyLock<HashMap<&str, &str, RandomState>> = LazyLock::new(|| {
    let named = records().filter(|(_, files)| *files != "line");
    named.flat_map(|(product, files)| files.split(' ').map(move |file| (file, product))).collect()
});

static LINES: LazyLock<Vec<&str>> =
    LazyLock::new(|| records().filter(|(_, files)| *files == "line").map(|(product, _)| product).collect());

/// The product to which a file belongs by its name, in lower case.
pub(crate) fn product_of_file(name: &str) -> Option<&'static str> {
    FILES.get(name).copied()
}

/// The product to which a file belongs by the line of its version.
pub(crate) fn product_of_line(line: &str) -> Option<&'static str> {
    LINES.iter().find(|name| is_of_line(line, name)).copied()
}

/// True for a line, and for one of several that are made of it.
pub(crate) fn is_of_line(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_is_read() {
        assert!(records().count() > 15 && !LINES.is_empty() && !FILES.is_empty());
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line.split('\t').filter(|cell| !cell.is_empty()).count(), 3, "{line}");
        }
        for file in FILES.keys() {
            assert_eq!(*file, file.to_lowercase());
        }
    }
}
