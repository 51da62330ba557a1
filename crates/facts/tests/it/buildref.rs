//! dbatools' build reference (issue 15).

use hotfixcheck_facts::{SkipReason, buildref};

use super::{article, builds, skipped};

const TEXT: &str = r#"{"LastUpdated": "2026-07-16T00:00:00", "Data": [
  {"Version": "13.0.200", "Name": "2016"},
  {"Version": "13.0.1601", "SP": "RTM"},
  {"Version": "13.0.5026", "SP": ["SP2", "LATEST"], "KBList": "4052908", "SupportedUntil": "2022-07-12T00:00:00"},
  {"Version": "13.0.5081", "KBList": ["4293802", "12"]},
  {"Version": "13.0.5149", "CU": "CU1", "KBList": "4135048", "ReleaseDate": "2018-05-30"},
  {"Version": "99.0.1", "KBList": "5000001", "Retired": true}]}"#;

#[test]
fn builds_of_branches() {
    let facts = buildref::read("index.json", TEXT.as_bytes()).unwrap();
    assert_eq!(builds(article(&facts, "4052908")), ["SQL Server 2016 SP2 GDR 2015.131.5026"]);
    assert_eq!(builds(article(&facts, "4293802")), ["SQL Server 2016 SP2 GDR 2015.131.5081"]);
    let update = article(&facts, "4135048");
    assert_eq!(builds(update), ["SQL Server 2016 SP2 CU 2015.131.5149"]);
    assert_eq!(update.title.as_deref(), Some("SQL Server 2016 SP2 CU1"));
    assert_eq!(update.products.iter().collect::<Vec<_>>(), ["SQL Server 2016"]);
    assert_eq!(update.released.map(|day| day.to_string()).as_deref(), Some("2018-05-30"));
    assert_eq!(article(&facts, "4052908").title.as_deref(), Some("SQL Server 2016 SP2"));
    assert_eq!(skipped(&facts), [(SkipReason::NoArticle, 1), (SkipReason::OtherBuild, 1)]);
}

#[test]
fn errors_name_the_entry() {
    let error = |text: &str| buildref::read("index.json", text.as_bytes()).unwrap_err().to_string();
    let wrong = error(r#"{"Data": [{"Version": "8.0.47"}, {"Version": "eight"}]}"#);
    assert_eq!(
        wrong,
        "cannot read 'index.json': entry 2: expected a version, as in 15.0.4298, found 'eight'; download the file again"
    );
    let typed = error(r#"{"Data": [{"Version": 8}]}"#);
    assert!(typed.starts_with("cannot read 'index.json': line 1, column 2"), "{typed}");
    assert!(error("{").contains("EOF"));
}
