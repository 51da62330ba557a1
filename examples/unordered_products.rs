//! Lists the products of the built-in catalogue whose versions do not follow the order of their dates:
//! `cargo run --example unordered_products > data/unordered-products.tsv`.

use std::error::Error;

use hotfixcheck::assess::neighbours::Neighbours;
use hotfixcheck::catalog::Catalog;
use hotfixcheck::knowledge::Knowledge;

/// The head of the file.
const HEAD: &str = "\
# Products that have files whose later build has an earlier version, and the release line of these files: their dates say nothing
# about versions. Made from the other files of this folder: cargo run --example unordered_products > data/unordered-products.tsv";

fn main() -> Result<(), Box<dyn Error>> {
    let neighbours = Neighbours::new(&Catalog::embedded()?, &Knowledge::embedded()?);
    println!("{HEAD}");
    for (product, line) in neighbours.unordered() {
        println!("{product}\t{line}");
    }
    Ok(())
}
