//! MBSA's mssecure.xml: a document that we wrote in its format (issue 15).

use hotfixcheck_facts::{SkipReason, mssecure};
use hotfixcheck_types::{Restart, Severity};

use super::{article, skipped};

const TEXT: &str = include_str!("../sources/mssecure.xml");

#[test]
fn patches_of_a_bulletin_are_one_article() {
    let facts = mssecure::read("mssecure.xml", TEXT.as_bytes()).unwrap();
    let patch = article(&facts, "999901");
    assert_eq!(patch.title.as_deref(), Some("Made-up overrun"));
    assert_eq!(patch.bulletins.iter().map(ToString::to_string).collect::<Vec<_>>(), ["MS99-901"]);
    let cves: Vec<String> = patch.cves.keys().map(ToString::to_string).collect();
    assert_eq!(cves, ["CVE-2003-9001", "CVE-2003-9002"], "candidates have become CVEs of the same numbers");
    assert_eq!(patch.products.iter().collect::<Vec<_>>(), ["Windows 2000 Server", "Windows NT Server 4.0"]);
    assert_eq!(
        patch.packages.iter().collect::<Vec<_>>(),
        ["Q999901i.EXE", "Windows2000-KB999901-x86-ENU.exe"],
        "a patch without a number of its own has its bulletin's"
    );
    assert_eq!((patch.severity, patch.restart), (Some(Severity::Critical), Some(Restart::Required)));
    assert_eq!(patch.released.map(|day| day.to_string()).as_deref(), Some("2003-01-02"));
    assert_eq!(
        skipped(&facts),
        [(SkipReason::NoArticle, 1), (SkipReason::NotACve, 1), (SkipReason::UnknownProduct, 1)]
    );
}

#[test]
fn errors_say_what_is_missing() {
    let error = |text: &str| mssecure::read("mssecure.xml", text.as_bytes()).unwrap_err().to_string();
    assert!(error("<cvrfdoc/>").contains("expected 'BulletinDatastore', found 'cvrfdoc'"));
    let nameless = TEXT.replace("Name=\"Windows 2000 Server\"", "");
    assert!(error(&nameless).contains("expected an attribute 'Name', found none"), "{}", error(&nameless));
    let day = TEXT.replace("2003/01/02", "2 Jan");
    assert!(error(&day).contains("expected a day, as in 2003/07/16, found '2 Jan'"), "{}", error(&day));
}
