//! CVRF documents in the formats that users download (issue 15).

use std::collections::BTreeSet;

use hotfixcheck_facts::{CveFact, CveId, FactArticle, OnReleases, SkipReason, cvrf};
use hotfixcheck_types::{Edition, Restart, Severity};

use super::{article, builds, skipped};

const XML: &str = include_str!("../sources/month.xml");
const JSON: &str = include_str!("../sources/month.json");

#[test]
fn an_article_has_everything_that_the_document_says() {
    let facts = cvrf::read("month.xml", XML.as_bytes()).unwrap();
    let windows = article(&facts, "5034122");
    assert_eq!(windows.products.iter().collect::<Vec<_>>(), ["Windows 10 Version 22H2 for x64-based Systems"]);
    assert_eq!(builds(windows), ["Windows 10 22H2 19045.3930"]);
    assert_eq!(windows.severity, Some(Severity::Important));
    assert_eq!(windows.restart, Some(Restart::Required));
    let cve = CveFact { severity: Some(Severity::Important), exploited: Some(true) };
    assert_eq!(
        windows.cves.iter().map(|(id, fact)| (id.to_string(), *fact)).collect::<Vec<_>>(),
        [("CVE-2024-0001".to_owned(), cve)]
    );
    let ids: Vec<String> = windows.supersedes.iter().map(ToString::to_string).collect();
    assert_eq!(ids, ["KB3023562", "KB5033372"]);
    assert_eq!(windows.supersedes_bulletins.iter().map(ToString::to_string).collect::<Vec<_>>(), ["MS15-010"]);
    assert_eq!(windows.advised.map(|day| day.to_string()).as_deref(), Some("2024-01-09"));
    assert_eq!(windows.released, None, "the month is the advisory's");

    let server = article(&facts, "5034127");
    assert_eq!(builds(server), ["Windows Server 2019 17763.5329"]);
    assert_eq!(server.severity, Some(Severity::Critical), "the rating is that of the update's own products");
    assert_eq!(server.restart, Some(Restart::Maybe));

    let sql = article(&facts, "5029377");
    assert_eq!(builds(sql), ["SQL Server 2019 RTM GDR 2019.150.2104"]);
    assert!(sql.hotpatch && sql.cves.is_empty() && sql.severity.is_none());
}

#[test]
fn what_is_not_taken_is_counted() {
    let facts = cvrf::read("month.xml", XML.as_bytes()).unwrap();
    assert_eq!(
        skipped(&facts),
        [
            (SkipReason::NoArticle, 1),
            (SkipReason::NotAnUpdate, 1),
            (SkipReason::NotACve, 1),
            (SkipReason::UnknownProduct, 1),
            (SkipReason::UnknownSeverity, 1),
        ]
    );
    assert_eq!(facts.skipped[&SkipReason::NoArticle].example, "Click to Run");
    assert!(!facts.articles.contains_key(&"5034440".parse().unwrap()), "a known issue is no update");
}

/// The service gives the same facts in both formats; only the locations of skipped parts differ.
#[test]
fn both_forms_say_the_same() {
    let xml = cvrf::read("month", XML.as_bytes()).unwrap();
    let json = cvrf::read("month", JSON.as_bytes()).unwrap();
    assert_eq!(xml.articles, json.articles);
    assert_eq!(skipped(&xml), skipped(&json));
    let marked = [b"\xEF\xBB\xBF\r\n", XML.as_bytes()].concat();
    assert_eq!(cvrf::read("month", &marked[..]).unwrap().articles, xml.articles);
}

/// A document of one update, with these vulnerabilities: for each its products with their ratings. The names of the products
/// are their ids.
fn month(vulnerabilities: &[(&str, &[(&str, &str)])]) -> String {
    let products: BTreeSet<&str> =
        vulnerabilities.iter().flat_map(|(_, of)| of.iter().map(|(name, _)| *name)).collect();
    let names: String =
        products.iter().map(|name| format!("<FullProductName ProductID=\"{name}\">{name}</FullProductName>")).collect();
    let of = |(cve, of): &(&str, &[(&str, &str)])| {
        let id = |name: &str| format!("<ProductID>{name}</ProductID>");
        let threat = |(name, rating): &(&str, &str)| {
            format!("<Threat Type=\"Severity\"><Description>{rating}</Description>{}</Threat>", id(name))
        };
        let threats: String = of.iter().map(threat).collect();
        let ids: String = of.iter().map(|(name, _)| id(name)).collect();
        format!(
            "<Vulnerability><CVE>{cve}</CVE><Threats>{threats}</Threats><Remediations><Remediation Type=\"Vendor Fix\">\
             <Description>4558998</Description>{ids}</Remediation></Remediations></Vulnerability>"
        )
    };
    let all: String = vulnerabilities.iter().map(of).collect();
    format!("<cvrfdoc><ProductTree>{names}</ProductTree>{all}</cvrfdoc>")
}

const TEN: &str = "Windows 10 Version 1809 for x64-based Systems";
const SERVER: &str = "Windows Server 2019 (Server Core installation)";

/// CVE-2020-1350 is of the DNS server: the update of Windows 10 1809 is that of Server 2019, but clients do not have the fault
/// (issue 15).
#[test]
fn vulnerabilities_of_one_edition_alone() {
    let text = month(&[
        ("CVE-2020-1350", &[(SERVER, "Critical")]),
        ("CVE-2020-1147", &[(TEN, "Important"), (SERVER, "Moderate")]),
        ("CVE-2020-1422", &[(TEN, "Important")]),
        ("CVE-2020-1400", &[("Microsoft Silverlight 5", "Low"), (TEN, "Low")]),
        ("CVE-2020-1402", &[("Internet Explorer 11 on Windows Server 2019", "Low")]),
    ]);
    let facts = cvrf::read("month.xml", text.as_bytes()).unwrap();
    let of = |facts: &FactArticle| {
        let of = |(id, _): (&CveId, _)| Some(format!("{id} {}", facts.alone_with(*id)?));
        facts.cves.iter().filter_map(of).collect::<Vec<_>>()
    };
    let own = article(&facts, "4558998");
    assert_eq!(of(own), ["CVE-2020-1350 server", "CVE-2020-1402 server", "CVE-2020-1422 client"]);
    assert_eq!(own.lower_severity(Edition::Client), Some(Severity::Important));
    assert_eq!(own.lower_severity(Edition::Server), None, "the highest rating is that of servers");

    // A later month adds a product of an earlier vulnerability.
    let later = month(&[("CVE-2020-1422", &[(SERVER, "Low")])]);
    let later = cvrf::read("later.xml", later.as_bytes()).unwrap();
    let merged = hotfixcheck_facts::merge(&[facts, later]);
    let both = &merged.articles[&"4558998".parse().unwrap()];
    assert_eq!(of(both), ["CVE-2020-1350 server", "CVE-2020-1402 server"]);

    // An update for servers alone: nothing is of "servers alone".
    let servers = month(&[("CVE-2020-1350", &[(SERVER, "Critical")]), ("CVE-2020-1400", &[("Office", "Low")])]);
    let servers = cvrf::read("servers.xml", servers.as_bytes()).unwrap();
    assert!(of(article(&servers, "4558998")).is_empty());
}

/// CVE-2021-34527 is of Windows 10 21H2 alone in KB5008212, the update of 2004 to 21H2 (issue 15).
#[test]
fn vulnerabilities_of_some_releases_alone() {
    let (old, new) =
        ("Windows 10 Version 2004 for x64-based Systems", "Windows 10 Version 21H2 for ARM64-based Systems");
    let (server, ie) =
        ("Windows Server, version 20H2 (Server Core Installation)", "Internet Explorer 11 on Windows 10 Version 2004");
    let text = month(&[
        ("CVE-2021-34527", &[(new, "Critical")]),
        ("CVE-2021-43217", &[(old, "Important"), (new, "Important"), (server, "Important")]),
        ("CVE-2021-43219", &[(old, "Low"), (new, "Low")]),
        ("CVE-2021-43222", &[(ie, "Low"), (server, "Low")]),
        ("CVE-2021-43223", &[("Microsoft Silverlight 5", "Low")]),
    ]);
    let facts = cvrf::read("month.xml", text.as_bytes()).unwrap();
    let own = article(&facts, "4558998");
    let of = |on: &OnReleases| {
        let releases: Vec<&str> = on.releases.iter().copied().collect();
        let cves: Vec<String> = on.cves.iter().map(ToString::to_string).collect();
        format!("{}|{}|{}", releases.join(","), on.severity.map_or("", Severity::name), cves.join(","))
    };
    let found: Vec<String> = own.on_releases().iter().map(of).collect();
    assert_eq!(
        found,
        [
            "Windows 10 2004,Windows 10 21H2,Windows Server 20H2||",
            "Windows 10 2004|important|",
            "Windows 10 2004,Windows Server 20H2||CVE-2021-43222",
            "Windows 10 21H2||CVE-2021-34527",
        ]
    );
    assert_eq!(own.alone_with("CVE-2021-43219".parse().unwrap()), Some(Edition::Client), "of all clients");

    let older = month(&[("CVE-2020-1350", &[("Windows 7 for x64-based Systems Service Pack 1", "Low")])]);
    let older = cvrf::read("older.xml", older.as_bytes()).unwrap();
    assert!(article(&older, "4558998").on_releases().is_empty());

    // KB5028167 is for 2008 R2 as well, but CVE-2023-35308 is of 2012 and 2012 R2 alone (issue 15).
    let (r2, explorer) = (
        "Windows Server 2008 R2 for x64-based Systems Service Pack 1",
        "Internet Explorer 11 on Windows Server 2012 R2",
    );
    let of_older = |vulnerabilities: &[(&str, &[(&str, &str)])]| {
        let facts = cvrf::read("older.xml", month(vulnerabilities).as_bytes()).unwrap();
        article(&facts, "4558998").on_releases().iter().map(of).collect::<Vec<_>>()
    };
    let both: &[(&str, &str)] = &[(r2, "Important"), (explorer, "Important")];
    assert_eq!(
        of_older(&[("CVE-2023-32046", both), ("CVE-2023-35308", &[(explorer, "Important")])]),
        ["Windows Server 2008 R2 SP1,Windows Server 2012 R2||", "Windows Server 2012 R2||CVE-2023-35308"]
    );
    assert!(of_older(&[("CVE-2023-32046", both)]).is_empty(), "nothing differs");
}

/// Converters write the names of the kinds.
#[test]
fn kinds_by_name() {
    let named = JSON.replace("\"Type\":2", "\"Type\":\"Vendor Fix\"").replace("\"Type\":3", "\"Type\":\"Severity\"");
    let named = named.replace("\"Type\":1}", "\"Type\":\"Exploit Status\"}");
    assert_eq!(
        cvrf::read("month", named.as_bytes()).unwrap().articles,
        cvrf::read("month", JSON.as_bytes()).unwrap().articles
    );
}

#[test]
fn errors_say_where_what_and_what_to_do() {
    let error = |text: &str| cvrf::read("a b.xml", text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error("plain text"),
        "cannot read 'a b.xml': byte 0: expected a CVRF document: XML ('<') or JSON ('{'), found 'p'; \
         check that this is a file of the form that was asked for"
    );
    assert_eq!(
        error("<html></html>"),
        "cannot read 'a b.xml': byte 0: expected 'cvrfdoc', found 'html'; \
         check that this is a file of the form that was asked for"
    );
    assert_eq!(error(""), error("\n").replace("''", ""));
    let cut = &XML[..XML.len() - 40];
    assert!(error(cut).contains("download the file again"), "{}", error(cut));
    let before = "{\"Vulnerability\":[{\"CVE\":\"CVE-2024-0001\"}],\"ProductTree\":{}}";
    assert!(
        error(before).contains("entry 1: expected the product tree before the first vulnerability"),
        "{}",
        error(before)
    );
    let day = XML.replace("2024-01-09T08:00:00", "soon");
    assert!(error(&day).contains("expected a day, as in 2024-11-12T08:00:00, found 'soon'"), "{}", error(&day));
}

/// A hotpatch has separate builds. A security-only update of Windows 7 is not cumulative, so its build is not required
/// (issue 15).
#[test]
fn builds_of_hotpatches_and_of_security_only_updates() {
    let of = |kind: &str| {
        let text = XML.replacen("<vuln:SubType>Security Update<", &format!("<vuln:SubType>{kind}<"), 1);
        builds(article(&cvrf::read("month.xml", text.as_bytes()).unwrap(), "5034122"))
    };
    assert_eq!(of("Security Hotpatch Update"), ["Windows 10 22H2 Hotpatch 19045.3930"]);
    assert_eq!(of("Security Only"), ["Windows 10 22H2 19045.3930"], "from 10 on all are cumulative");
    let of_7 = |kind: &str| {
        let text = XML
            .replace("Windows 10 Version 22H2 for x64-based Systems", "Windows 7 for x64-based Systems Service Pack 1")
            .replace("10.0.19044.3930;10.0.19045.3930", "6.1.7601.26321")
            .replacen("<vuln:SubType>Security Update<", &format!("<vuln:SubType>{kind}<"), 1);
        builds(article(&cvrf::read("month.xml", text.as_bytes()).unwrap(), "5034122"))
    };
    assert_eq!(of_7("Monthly Rollup"), ["Windows 7 SP1 7601.26321"]);
    assert!(of_7("Security Only").is_empty());
    // The number is that of the servicing stack (KB5044410, "9600.22175").
    for kind in ["ServicingStackUpdate", "Servicing Stack Update"] {
        assert!(of_7(kind).is_empty() && of(kind).is_empty(), "{kind}");
    }
}

/// Issue 15: ADV990001 of November 2018 lists the servicing stacks of September 2024: its day is not theirs.
#[test]
fn the_day_of_a_growing_advisory_is_not_that_of_what_it_lists() {
    let days = |advisory: &str, kind: &str| {
        let text = XML.replace("CVE-2024-0001", advisory).replace("CVE-2024-0002", advisory).replacen(
            "<vuln:SubType>Security Update<",
            &format!("<vuln:SubType>{kind}<"),
            1,
        );
        let facts = cvrf::read("month.xml", text.as_bytes()).unwrap();
        article(&facts, "5034122").advised.map(|day| day.to_string())
    };
    assert_eq!(days("ADV990001", "ServicingStackUpdate"), None);
    assert_eq!(days("ADV200001", "Security Update").as_deref(), Some("2024-01-09"), "an update of its month");
    assert_eq!(days("CVE-2024-0001", "ServicingStackUpdate").as_deref(), Some("2024-01-09"));
}
