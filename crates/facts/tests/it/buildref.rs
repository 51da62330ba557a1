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

/// A build that the vendor withdrew is never required. An article that was released again has its later build
/// (17.0.4005 of KB5074901, 10.50.4279 and .4285 of KB2830140; issue 15).
#[test]
fn withdrawn_builds_are_not_demanded() {
    let text = r#"{"Data": [
      {"Version": "10.50.4279", "KBList": "2830140", "Retired": true},
      {"Version": "10.50.4285", "CU": "CU6", "KBList": "2830140"},
      {"Version": "17.0.4005", "KBList": "5074901", "Retired": true}]}"#;
    let facts = buildref::read("index.json", text.as_bytes()).unwrap();
    assert_eq!(builds(article(&facts, "2830140")), ["SQL Server 2008 R2 SP2 CU 2009.100.4285"]);
    assert_eq!(article(&facts, "2830140").title.as_deref(), Some("SQL Server 2008 R2 SP2 CU6"));
    assert_eq!(facts.articles.len(), 1);
    assert_eq!(skipped(&facts), [(SkipReason::Withdrawn, 2)]);
}

/// A hotfix above a GDR build does not contain the GDR's later fixes, and updates for both are required of both (issue
/// 15).
#[test]
fn hotfixes_are_apart_from_gdr() {
    let text = r#"{"Data": [
      {"Version": "8.0.2055", "KBList": "959420"}, {"Version": "8.0.2187", "KBList": "916287"},
      {"Version": "9.0.3077", "KBList": "960089"}, {"Version": "9.0.3152", "KBList": "933097"},
      {"Version": "10.0.6241", "KBList": "3045311"}, {"Version": "10.0.6526", "KBList": "3034373"},
      {"Version": "10.0.6556", "KBList": "4057114"},
      {"Version": "11.0.5388", "KBList": "3194719"}, {"Version": "11.0.5522", "KBList": "2969896"},
      {"Version": "17.0.1050", "KBList": "5073177"}, {"Version": "17.0.4005", "KBList": "1000001"}]}"#;
    let facts = buildref::read("index.json", text.as_bytes()).unwrap();
    let of = |id: &str| builds(article(&facts, id));
    assert_eq!(of("959420"), ["SQL Server 2000 SP4 GDR 2000.80.2055"]);
    assert_eq!(of("916287"), ["SQL Server 2000 SP4 QFE 2000.80.2187"]);
    assert_eq!(of("960089"), ["SQL Server 2005 SP2 GDR 2005.90.3077"]);
    assert_eq!(of("933097"), ["SQL Server 2005 SP2 CU 2005.90.3152"]);
    assert_eq!(of("3045311"), ["SQL Server 2008 SP4 GDR 2007.100.6241"]);
    assert_eq!(of("3034373"), ["SQL Server 2008 SP4 QFE 2007.100.6526"]);
    assert_eq!(of("4057114"), ["SQL Server 2008 SP4 GDR 2007.100.6556", "SQL Server 2008 SP4 QFE 2007.100.6556"]);
    assert_eq!(of("3194719"), ["SQL Server 2012 SP2 GDR 2011.110.5388"]);
    assert_eq!(of("2969896"), ["SQL Server 2012 SP2 CU 2011.110.5522"]);
    assert_eq!(of("5073177"), ["SQL Server 2025 RTM GDR 2025.170.1050"]);
    assert_eq!(of("1000001"), ["SQL Server 2025 RTM CU 2025.170.4005"]);
}

/// The reference names some builds' articles wrongly: two digits in the wrong order, a number cut off, a list of builds. KB959240
/// was to install, and does not exist (issue 15).
#[test]
fn articles_that_the_reference_misprints_are_corrected() {
    let text = r#"{"Data": [
      {"Version": "8.0.2055", "KBList": "959240"},
      {"Version": "8.0.2050", "KBList": ["941203", "94811"]},
      {"Version": "9.0.3154", "KBList": "937137"},
      {"Version": "9.0.3205", "KBList": "937137"},
      {"Version": "8.0.2192", "KBList": "917606"},
      {"Version": "12.0.4468", "CU": "CU8", "KBList": "917606"}]}"#;
    let facts = buildref::read("index.json", text.as_bytes()).unwrap();
    let ids: Vec<String> = facts.articles.keys().map(ToString::to_string).collect();
    assert_eq!(ids, ["KB917606", "KB934106", "KB934109", "KB934188", "KB941203", "KB948110", "KB960082", "KB3174038"]);
    assert_eq!(builds(article(&facts, "960082")), ["SQL Server 2000 SP4 GDR 2000.80.2055"]);
    assert_eq!(builds(article(&facts, "917606")), ["SQL Server 2000 SP4 QFE 2000.80.2192"]);
}
