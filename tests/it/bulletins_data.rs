//! `data/bulletins.tsv` holds facts of pages in four languages: it must not contain a word of a page (issue 15, point
//! 1).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use hotfixcheck::catalog::Catalog;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The English names of `product-names.tsv`, the longest first.
fn names(kinds: &[&str]) -> Vec<String> {
    let table = read("crates/articles/data/product-names.tsv");
    let rows = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    let names = rows.filter(|fields| kinds.contains(&fields[0])).map(|fields| fields[1].to_owned());
    let mut names: Vec<String> = names.collect::<BTreeSet<_>>().into_iter().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}

/// Text after a name: version numbers, parts, processors and one service pack.
fn is_made_of(rest: &str, parts: &[String]) -> bool {
    let rest = rest.trim_start();
    if rest.is_empty() {
        return true;
    }
    let part = parts.iter().map(String::as_str).chain(["R2", "Service Pack"]).find_map(|part| rest.strip_prefix(part));
    let number = || {
        let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let is_number = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !digits.is_empty();
        is_number.then_some(rest)
    };
    part.or_else(number).is_some_and(|rest| is_made_of(rest, parts))
}

#[test]
fn headings_and_products_are_names_of_products() {
    let (products, parts) = (names(&["system", "component"]), names(&["part", "machine"]));
    let is_name = |text: &str| {
        products.iter().any(|name| text.strip_prefix(name.as_str()).is_some_and(|rest| is_made_of(rest, &parts)))
    };
    let text = read("data/bulletins.tsv");
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[0] {
            "P" => seen.extend(&fields[1..]),
            "F" => seen.extend(fields.get(9).filter(|heading| !heading.is_empty())),
            _ => {}
        }
    }
    assert!(seen.len() > 500, "{}", seen.len());
    for heading in seen {
        // The only name with a comma in it.
        let heading = heading.replace("4.0, Terminal", "4.0; Terminal");
        let pieces = heading.split(" on ").flat_map(|list| list.split(", "));
        for piece in pieces.map(|piece| piece.replace("4.0; Terminal", "4.0, Terminal")) {
            assert!(is_name(&piece), "'{piece}' in '{heading}'");
        }
    }
}

#[test]
fn everything_else_is_a_fact_in_ascii() {
    let text = read("data/bulletins.tsv");
    let titles = read("crates/articles/data/bulletin-titles.tsv");
    let titles: BTreeSet<&str> = titles.lines().filter_map(|line| line.split('\t').nth(2)).collect();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        assert!(line.is_ascii(), "line {}: {line}", number + 1);
        let fields: Vec<&str> = line.split('\t').collect();
        let field = |place: usize| fields.get(place).copied().unwrap_or_default();
        match fields[0] {
            "A" => {
                assert!(titles.contains(field(3)) || field(3).starts_with("Microsoft Security Bulletin MS"), "{line}")
            }
            "F" => {
                assert!(!field(3).contains('('), "{line}");
                let note = field(14);
                let known = note.is_empty()
                    || ["folder ", "another translation has ", "day-first date"]
                        .iter()
                        .any(|start| note.starts_with(start));
                assert!(known, "{line}");
                assert!(["", "English", "Japanese", "Korean", "Traditional Chinese"].contains(&field(15)), "{line}");
            }
            _ => {}
        }
    }
}

/// Issue 15: 31 articles of 18 bulletins had no title but the bulletin's number.
#[test]
fn every_bulletin_has_its_english_title() {
    let without =
        |title: &str| title.strip_prefix("Microsoft Security Bulletin MS").is_some_and(|rest| rest.len() == 6);
    let catalog = Catalog::embedded().unwrap();
    let without: Vec<String> =
        catalog.articles().iter().filter(|one| without(&one.title)).map(|one| one.id.to_string()).collect();
    assert_eq!(without, [""; 0]);
}
