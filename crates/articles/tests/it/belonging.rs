//! Which update of a bulletin a statement belongs to: ids that a page misprints, updates of several bulletins, rows whose update only
//! another translation names.

use crate::merge::{package, page, row};
use hotfixcheck_articles::{Article, Fix, NOT_OF_THIS_UPDATE, PackageFile, Severity, belonging};

/// The statements of pages: the bulletin, the update, and whether products list it or only a package names it.
fn statements(pages: &[(&str, &str, bool)]) -> Vec<Article> {
    let of = |(bulletin, id, listed): &(&str, &str, bool)| Article {
        bulletins: vec![(*bulletin).to_owned().into()],
        cves: vec![format!("CVE-20{}", &bulletin[2..]).into()],
        products: if *listed { vec!["Windows XP".into()] } else { Vec::new() },
        packages: if *listed { Vec::new() } else { vec![package("Lamp-KB900001-ENU.exe")] },
        severity: Some(Severity::Important),
        ..Article::new(id.parse().unwrap(), "A lamp")
    };
    pages.iter().map(of).collect()
}

/// The bulletins of KB900001 after that, each once, and the number of lines about what was left out.
fn bulletins_of(pages: &[(&str, &str, bool)]) -> (Vec<String>, usize) {
    let kept = belonging(statements(pages));
    let mut own: Vec<&Article> = kept.iter().filter(|article| article.id.number() == 900_001).collect();
    own.dedup_by_key(|article| article.bulletins.clone());
    let lines = own.iter().flat_map(|article| &article.rejected).filter(|line| line.reason == NOT_OF_THIS_UPDATE);
    (own.iter().flat_map(|article| &article.bulletins).map(ToString::to_string).collect(), lines.count())
}

/// Issue 15: MS06-013 names the package of MS05-054 in two of four pages; MS05-044 has the id of MS05-042 in one headline.
#[test]
fn a_misprint_gives_an_update_no_other_bulletin() {
    let right = [("MS05-901", "KB900001", true); 4];
    let (own, here) = (("MS05-902", "KB900002", true), ("MS05-902", "KB900001", false));
    let with = |more: &[(&'static str, &'static str, bool)]| [&right[..], more].concat();
    let only = vec!["MS05-901".to_owned()];
    assert_eq!(bulletins_of(&with(&[own, own, own, own, here, here])), (only.clone(), 2), "half, packages only");
    assert_eq!(bulletins_of(&with(&[own, own, own, ("MS05-902", "KB900001", true)])), (only.clone(), 1), "a headline");
    // MS06-058 names the packages of MS06-059 in commands, in three of four pages.
    assert_eq!(bulletins_of(&with(&[own, own, own, own, here, here, here])), (only, 3), "most, packages only");
}

/// Updates of Office belong to several bulletins: KB924998 belongs to MS06-058, 059, 060 and 062.
#[test]
fn an_update_that_most_pages_list_belongs_to_each_bulletin() {
    let pages = [("MS05-901", "KB900001", true), ("MS05-902", "KB900001", true), ("MS05-902", "KB900002", true)];
    assert_eq!(bulletins_of(&pages), (vec!["MS05-901".to_owned(), "MS05-902".to_owned()], 0));
    // No other bulletin names it: one page is enough.
    let pages = [("MS05-902", "KB900001", false), ("MS05-902", "KB900002", true), ("MS05-902", "KB900002", true)];
    assert_eq!(bulletins_of(&pages), (vec!["MS05-902".to_owned()], 0));
}

/// Issue 14: the Italian page of MS03-051 names no package for files whose update the Japanese page names.
#[test]
fn rows_of_which_another_translation_names_the_update_are_moved_to_it() {
    let of = |id: &str, rows: Vec<Fix>, packages: Vec<PackageFile>| Article {
        id: id.parse().unwrap(),
        bulletins: vec!["MS99-051".into()],
        packages,
        ..page(rows)
    };
    let rows = |build: &str, section: &str| -> Vec<Fix> {
        ["a.dll", "b.dll", "c.dll"].map(|file| row(file, "10.0.4803.0", build, 1, section)).to_vec()
    };
    let statements = vec![
        of("KB900001", rows("English", "Lamp 2002"), Vec::new()),
        of("KB900001", Vec::new(), Vec::new()),
        of("KB900002", rows("Japanese", "Lamp 2002"), vec![package("lamp-KB900002-JPN.exe")]),
    ];
    let settled = belonging(statements.clone());
    let rows_of = |id: &str| -> usize {
        settled.iter().filter(|article| article.id == id.parse().unwrap()).map(|article| article.fixes.len()).sum()
    };
    assert_eq!((rows_of("KB900001"), rows_of("KB900002")), (0, 6));
    // Two rows may be the same by chance, and files of another version are other files.
    let mut fewer = statements.clone();
    fewer.iter_mut().for_each(|article| article.fixes.truncate(2));
    assert_eq!(belonging(fewer.clone()), fewer);
    let mut others = statements;
    others[0].fixes[0].version = Some("10.0.4803.1".into());
    assert_eq!(belonging(others.clone()), others);
}

/// Issue 14: the list of the Italian page of MS06-003 misprints the update of Outlook 2002.
#[test]
fn a_row_is_of_the_update_that_most_translations_bind_it_to() {
    let of = |id: &str, rows: Vec<Fix>| Article {
        id: id.parse().unwrap(),
        bulletins: vec!["MS99-053".into()],
        ..page(rows)
    };
    // Each page names the bulletin's own update, without rows, and the updates that it binds the row to.
    let updates = |pages: &[&[&str]]| -> Vec<u32> {
        let mut statements: Vec<Article> = Vec::new();
        for ids in pages {
            statements.push(of("KB900009", Vec::new()));
            statements
                .extend(ids.iter().map(|id| of(id, vec![row("lamp.dll", "10.0.6711.0", "English", 1, "Lamp 2002")])));
        }
        let kept = belonging(statements);
        let mut ids: Vec<u32> = kept.iter().filter(|a| !a.fixes.is_empty()).map(|a| a.id.number()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(updates(&[&["KB900001"], &["KB900002"], &["KB900001"]]), [900_001; 3], "two of three");
    assert_eq!(updates(&[&["KB900001"], &["KB900002"]]), [900_001, 900_002], "no majority");
    let both: &[&[&str]] = &[&["KB900001", "KB900002"], &["KB900001"], &["KB900001"]];
    assert_eq!(updates(both), [900_001, 900_001, 900_001, 900_002], "a page binds it to both");
}
