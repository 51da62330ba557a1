//! Findings of `catalog lint` between articles and sources (issue 15).

use crate::support::world::World;
use hotfixcheck::catalog::{self, Code};

fn found(articles: &str) -> Vec<(Code, String)> {
    let read = catalog::read(&format!("hotfixcheck-catalog\t1\n{articles}")).unwrap();
    catalog::lint(read.iter()).into_iter().map(|finding| (finding.code, finding.to_string())).collect()
}

fn codes(articles: &str) -> Vec<Code> {
    found(articles).into_iter().map(|(code, _)| code).collect()
}

fn row(id: &str, version: &str, day: &str, section: &str, branch: &str) -> String {
    format!(
        "A\t{id}\t2005-07-10\tx\nP\tWindows XP\nF\t1\ttable\ttapisrv.dll\t{version}\t{day}\t\t246272\tx86\t{section}\t\t{branch}\n"
    )
}

#[test]
fn two_versions_of_one_month_issue_15() {
    let first = row("KB900001", "5.1.2600.2716", "2005-07-08", "Windows XP SP2", "SP2GDR");
    let with =
        |version, day, section, branch| codes(&(first.clone() + &row("KB900002", version, day, section, branch)));
    assert_eq!(with("5.1.2600.2720", "2005-07-09", "Windows XP SP2", "SP2GDR"), [Code::VersionsInOneMonth]);
    assert!(with("5.1.2600.2716", "2005-07-09", "Windows XP SP2", "SP2GDR").is_empty());
    assert!(!with("5.1.2600.2720", "2005-09-09", "Windows XP SP2", "SP2GDR").contains(&Code::VersionsInOneMonth));
    assert!(with("5.1.2600.2720", "2005-07-09", "Windows XP SP2", "SP2QFE").is_empty());
    assert!(with("5.1.2600.2720", "2005-07-09", "Windows XP SP1", "SP2GDR").is_empty());
}

#[test]
fn supersedence_that_cannot_be_issue_15() {
    let of = |id: &str, more: &str| format!("A\t{id}\t\tx\n{more}\n");
    let circle = of("Q100001", "U\tQ100003") + &of("Q100002", "U\tQ100001") + &of("Q100003", "U\tQ100002");
    assert_eq!(codes(&circle), [Code::ReplacesInCircle; 3]);
    assert_eq!(codes(&of("Q100001", "U\tQ100001")), [Code::ReplacesInCircle]);
    // Between two circles: part of none.
    let pair =
        |one: &str, other: &str, more: &str| of(one, &format!("U\t{other}{more}")) + &of(other, &format!("U\t{one}"));
    let between =
        pair("Q100001", "Q100002", "\tQ100005") + &pair("Q100003", "Q100004", "") + &of("Q100005", "U\tQ100003");
    assert_eq!(codes(&between), [Code::ReplacesInCircle; 4]);
    let chain = of("Q100001", "") + &of("Q100002", "U\tQ100001") + &of("Q100003", "U\tQ100002\tQ100001");
    assert!(codes(&chain.replace("\n\n", "\n")).is_empty());
    let versions = |old: &str, new: &str| {
        let row = |version: &str| format!("F\t1\ttable\ta.dll\t{version}");
        codes(&(of("Q100001", &row(old)) + &of("Q100002", &format!("U\tQ100001\n{}", row(new)))))
    };
    assert_eq!(versions("4.0.1381.30", "4.0.1381.20"), [Code::ReplacesNewer]);
    assert!(versions("4.0.1381.20", "4.0.1381.30").is_empty());
    assert!(versions("5.0.2195.30", "4.0.1381.20").is_empty());
    let build = |old: &str, new: &str| {
        let build = |version: &str| format!("D\tWindows 10 22H2\t{version}");
        codes(&(of("KB5000001", &build(old)) + &of("KB5000002", &format!("U\tKB5000001\n{}", build(new)))))
    };
    assert_eq!(build("19045.20", "19045.10"), [Code::ReplacesNewer]);
    assert!(build("19045.10", "19045.20").is_empty());
    assert_eq!(codes(&of("Q100001", "B\tMS05-040\nR\tMS06-001")), [Code::ReplacesNewer]);
    assert!(codes(&of("Q100001", "B\tMS05-040\nR\tMS03-026\tMS99-001")).is_empty());
}

#[test]
fn ids_that_cannot_be_issue_15() {
    let of = |bulletin: &str, cve: &str| codes(&format!("A\tQ100001\t\tx\nB\t{bulletin}\nC\t{cve}\n"));
    for odd in ["CVE-2004-00597", "CVE-2007-30280", "CVE-2015-01234", "CVE-2004-123", "CVE-x-1234", "2004-1234"] {
        assert_eq!(of("MS17-010", odd), [Code::OddCve], "{odd}");
    }
    assert_eq!(of("MS09-029", "CVE-2010-0231"), [Code::OddCve]);
    // A bulletin's year has two digits; this one overflowed (found by fuzzing, issue 16).
    assert_eq!(of("MS65535-029", "CVE-2009-0231"), []);
    for good in ["CVE-2009-0231", "CVE-1999-0001", "CVE-2017-12345"] {
        assert!(of("MS17-010", good).is_empty(), "{good}");
    }
}

/// A release under another name is that release; a name that no Windows has is a lint finding.
#[test]
fn builds_of_other_names_issue_15() {
    let text = "A\tKB5000001\t\tx\nD\tWindows 11 Version 23H2\t22631.9999\n";
    assert!(codes(text).is_empty());
    let read = catalog::read(&format!("hotfixcheck-catalog\t1\n{text}")).unwrap();
    assert_eq!(read.articles()[0].builds[0].product, "Windows 11 23H2");
    assert!(codes("A\tKB5000001\t\tx\nD\tWindows Server 2022 Hotpatch\t20348.525\n").is_empty(), "a build of its own");
    let other = found("A\tKB5000001\t\tx\nD\tWindows 11 23H3\t22631.9999\n");
    assert_eq!(other[0].0, Code::OddBuild);
    assert!(other[0].1.contains("expected Windows 11 23H2"), "{}", other[0].1);
    let sql = found("A\tKB5000001\t\tx\nD\tSQL Server 2014 SP3 GDR\t2014.120.6444\tsqlservr.exe\n");
    assert_eq!(sql[0].0, Code::OddBuild);
    assert!(sql[0].1.contains("expected SQL Server 2014 SP3 CU"), "{}", sql[0].1);
}

/// Editors on Windows put a byte order mark before the text, or save UTF-16.
#[test]
fn catalogues_that_an_editor_saved_are_read_issue_15() {
    let world = World::new(Vec::new());
    let text = "hotfixcheck-catalog\t1\nA\tQ100001\t2001-01-01\tLampe fällt\nF\t1\ttable\ta.dll\t1.2.3.4\n";
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [("bom.tsv", [b"\xef\xbb\xbf", text.as_bytes()].concat()), ("wide.tsv", wide)] {
        world.write(name, &bytes);
        let (code, out, err) = world.run(&["article", "Q100001", "--catalog", name]);
        assert!(code == 0 && out.contains("Lampe fällt"), "{name}: {out}{err}");
        assert_eq!(world.run(&["catalog", "build", name, "-o", "out.tsv"]).0, 0, "{name}");
        assert_eq!(std::fs::read_to_string(world.path("out.tsv")).unwrap(), text, "{name}");
    }
}

#[test]
fn an_import_compiles_by_the_name_and_says_when_nothing_was_found_issue_15() {
    let world = World::new(Vec::new());
    world.write("month.xml", include_bytes!("../../crates/facts/tests/sources/month.xml"));
    assert_eq!(world.run(&["catalog", "import", "cvrf", "month.xml", "-o", "x.hfc"]).0, 0);
    assert!(std::fs::read(world.path("x.hfc")).unwrap().starts_with(b"hotfixcheck.hfc\n"));
    let (code, out, _) = world.run(&["article", "KB5034122", "--catalog", "x.hfc"]);
    assert!(code == 0 && out.contains("CVE-2024-0001"), "{out}");
    world.write("empty.json", br#"{"Data": []}"#);
    let (code, _, err) = world.run(&["catalog", "import", "buildref", "empty.json", "-o", "none.tsv"]);
    assert!(code == 4 && err.contains("no article was found"), "{err}");
}
