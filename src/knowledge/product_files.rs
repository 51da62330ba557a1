//! The main files of products, whose version shows the installed service pack.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The table that ships with the program.
const TABLE: &str = include_str!("../../data/product-files.tsv");

/// The names in the table, each once.
static NAMES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let records = TABLE.lines().filter(|line| !line.starts_with('#'));
    records.filter_map(|line| line.split('\t').nth(1)).flat_map(|files| files.split(' ')).collect()
});

/// True for the name of a product's main file, in lower case.
pub(crate) fn is_main_file(name: &str) -> bool {
    NAMES.contains(name)
}

/// The names of a product's main files, in lower case; none for a product that is not in the table.
pub(crate) fn main_files(product: &str) -> impl Iterator<Item = &'static str> {
    let records = TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t'));
    let own = records.filter_map(|mut fields| Some((fields.next()?, fields.next()?)));
    own.filter(move |(name, _)| name.eq_ignore_ascii_case(product)).flat_map(|(_, files)| files.split(' '))
}
