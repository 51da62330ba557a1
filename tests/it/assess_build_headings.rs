//! Rows and headings of Windows 10 and later: which of the systems they are for (issues 13 to 15).

use hotfixcheck::assess::ArticleStatus;
use hotfixcheck::inventory::system::Fact;
use hotfixcheck_articles::{Article, Fix};

use crate::assess_builds::{judged, update, with_system};
use crate::support::kit::*;

/// Rows for another Windows are not for Windows 10, whatever its build.
#[test]
fn rows_for_another_windows_are_not_for_windows_10() {
    let reason = |heading: &str, version: &str| {
        let rows = vec![under(heading, row("a.dll", version))];
        let system = with_system(inventory(vec![file("a.dll", "2.0.50727.1")]), "Windows 10 Pro", 19_045, 3_929);
        codes(&judged(vec![article("Q310626", rows)], &system).articles[0]).join(" ")
    };
    assert_eq!(reason("Windows Server 2003", "2.0.50727.9"), "other-product");
    assert_eq!(reason("Windows 10 Version 22H2", "2.0.50727.9"), "version-older");
    // 19045 is Windows 10 22H2: a release in the heading limits the row as a service pack does (issue 13).
    for heading in [
        "Windows 10",
        "Windows 10 and Windows 11",
        "Windows 10, versions 21H2 and 22H2",
        "Windows 10 version 1607 and later",
        "Windows 10 versions 1809 through 22H2",
        "Windows 10 2004-22H2",
        "Windows 10 version 1903 through Windows 10 version 22H2",
        "Windows 10 2022 Update",
        "OS Build 19045",
        "Windows 10 builds 19041-19045",
        "19041-19045",
        "Windows 10 (19041 - 19045)",
        "10.0.19041\u{2013}10.0.19045",
        "Windows 10 except version 1507",
    ] {
        assert_eq!(reason(heading, "2.0.50727.9"), "version-older", "{heading}");
    }
    for heading in [
        "Windows Server 2019",
        "Windows 10 version 1607",
        "Windows 10 1607/1703/1803",
        "Windows Server, version 1709",
        "Windows 10 versions 1703 through 1809",
        "Windows 10 version 1703 and earlier",
        "Windows 10 version 1703 through Windows 10 version 1809",
        "Versions of Windows earlier than Windows 10 version 1607",
        "Windows 10 Anniversary Update",
        "Windows 10 Enterprise 2016 LTSB",
        "Windows 10 RTM",
        "OS Build 14393",
        "17763-19044",
        "Windows 10 (all versions except version 22H2)",
        "Windows 11 and later",
    ] {
        assert_eq!(reason(heading, "2.0.50727.9"), "other-product", "{heading}");
    }
}

/// Issue 14: "Windows 10" does not include Windows 11, "and later" does; `v1607` is a release.
#[test]
fn a_heading_of_windows_10_is_not_for_windows_11() {
    let reason = |heading: &str, build: u32| {
        let rows = vec![under(heading, row("a.dll", "2.0.50727.9"))];
        let system = with_system(inventory(vec![file("a.dll", "2.0.50727.1")]), "Windows", build, 1);
        codes(&judged(vec![article("Q310626", rows)], &system).articles[0]).join(" ")
    };
    for heading in [
        "Windows 10",
        "Windows 8.1 and Windows 10",
        "Windows 10 for 32-bit Systems",
        "Windows 10 (32-bit)",
        "Windows 10 except Itanium",
    ] {
        assert_eq!(reason(heading, 22_631), "other-product", "{heading}");
        assert_eq!(reason(heading, 19_045), "version-older", "{heading}");
    }
    for heading in ["Windows 10 and later", "Windows 10 and Windows 11", "Windows 7 through Windows 11"] {
        assert_eq!(reason(heading, 22_631), "version-older", "{heading}");
    }
    assert_eq!(reason("Windows 10 v1607", 14_393), "version-older");
    assert_eq!(reason("Windows 10 v1607", 19_045), "other-product");
}

/// Issue 13: a heading or list of Windows 10 above numbers of Windows 11 did not apply there; the number tells the build where no row is
/// headed for it.
#[test]
fn the_number_tells_the_build_where_no_heading_does() {
    let reason = |rows: Vec<Fix>, build: u32| {
        let system = with_system(inventory(vec![file("a.dll", "10.0.22621.1")]), "Windows", build, 1);
        let article = Article { products: vec!["Windows 10".to_owned().into()], ..article("Q310626", rows) };
        codes(&judged(vec![article], &system).articles[0]).join(" ")
    };
    let of = |heading: &str, version: &str| under(heading, row("a.dll", version));
    assert_eq!(reason(vec![of("Windows 10", "10.0.22621.9")], 22_621), "version-older");
    assert_eq!(reason(vec![of("", "10.0.22621.9")], 22_621), "version-older");
    let both = || vec![of("Windows 10", "10.0.22621.9"), of("Windows 11", "10.0.22621.7")];
    assert_eq!(reason(both(), 22_621), "other-product version-older");
    assert_eq!(reason(vec![of("Windows 10", "10.0.19041.9")], 22_621), "other-product");
}

/// Issue 13: client and server of one kernel are told apart where the article has headings for both.
#[test]
fn a_heading_for_the_server_is_not_for_the_client_of_the_same_kernel() {
    let reasons = |headings: [&str; 2], name: &str, product_type: Option<&str>| {
        let rows = vec![
            under(headings[0], row("a.dll", "6.1.7601.17700")),
            under(headings[1], row("a.dll", "6.1.7601.17800")),
        ];
        let mut system = with_system(inventory(vec![file("a.dll", "6.1.7601.17750")]), name, 7601, 0);
        let facts = &mut system.systems[0].facts;
        facts.version_numbers = None;
        let fact = |value: &str| Fact { value: value.to_owned(), source: "registry".to_owned() };
        facts.current_version = Some(fact("6.1"));
        facts.product_type = product_type.map(fact);
        codes(&judged(vec![article("Q310626", rows)], &system).articles[0]).join(" ")
    };
    let both = ["Windows 7", "Windows Server 2008 R2"];
    assert_eq!(reasons(both, "Windows 7 Professional", Some("WinNT")), "version-newer other-product");
    assert_eq!(reasons(both, "Windows 7 Professional", None), "version-newer other-product");
    assert_eq!(reasons(both, "Windows Server 2008 R2 Standard", Some("LanmanNT")), "other-product version-older");
    // A row of another service pack under the system's heading does not replace the needed one.
    let of_packs = |name: &str| {
        let rows = vec![
            under("Windows Vista", row("a.dll", "6.0.6000.16700")),
            under("Windows Server 2008", row("a.dll", "6.0.6001.18200")),
        ];
        let mut system = with_system(inventory(vec![file("a.dll", "6.0.6001.18100")]), name, 6001, 0);
        system.systems[0].facts.version_numbers = None;
        system.systems[0].facts.current_version = Some(Fact { value: "6.0".to_owned(), source: "registry".to_owned() });
        judged(vec![article("Q310626", rows)], &system).articles[0].status
    };
    assert_eq!(of_packs("Windows Vista (TM) Ultimate"), ArticleStatus::Missing);
    assert_eq!(of_packs("Windows Server (R) 2008 Enterprise"), ArticleStatus::Missing);
    // If no heading is for the system's edition, the numbers of the kernel decide.
    let servers = ["Windows Server 2008 R2", "Windows Server 2008 R2 Service Pack 1"];
    assert_eq!(reasons(servers, "Windows 7 Professional", None), reasons(servers, "Windows Server 2008 R2", None));
    let alike = ["Windows 7 and Windows Server 2008 R2", "Windows Server 2008 R2 and Windows 7"];
    assert_eq!(reasons(alike, "Windows 7 Professional", None), "rows-differ rows-differ");
}

/// 17763 is a client and a server; an update may be for only one of them.
#[test]
fn a_server_is_not_a_client() {
    let article =
        update("5034127", &[("Windows 10 1809", "17763.5329", None), ("Windows Server 2019", "17763.5330", None)]);
    let codes_of = |name| {
        let system = with_system(inventory(Vec::new()), name, 17_763, 5_329);
        codes(&judged(vec![article.clone()], &system).articles[0])
    };
    assert_eq!(codes_of("Windows 10 Enterprise LTSC 2019"), ["build-reached", "other-product"]);
    assert_eq!(codes_of("Windows Server 2019 Standard"), ["other-product", "build-older"]);
}
