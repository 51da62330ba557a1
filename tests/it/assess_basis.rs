//! `explain` shows for each rule what it used besides the version: columns, headings, original names, days, packs
//! (issue 13).

use crate::support::kit::*;
use hotfixcheck::assess::{Judge, Policy, Profile, ProfileSource, Relevant};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_winfiles::binary::VersionOutcome;

/// A system that the user names.
fn on(line: &str, pack: &str) -> Policy {
    let releases = &knowledge().releases;
    let line = releases.line(line).unwrap().clone();
    let pack = releases.pack(&line, pack);
    Policy { profile: Some(Profile { line, pack, source: ProfileSource::Given }), ..Policy::default() }
}

/// Reason and evidence of each finding on an article.
fn explained(article: Article, entries: Vec<Entry>, policy: &Policy) -> Vec<(&'static str, String)> {
    let catalog: Catalog = [article].into_iter().collect();
    let (inventory, knowledge) = (inventory(entries), knowledge());
    let relevant = Relevant::whole(&catalog);
    let judge = Judge::new(&relevant, &inventory, knowledge, policy);
    let verdict = &judge.assess().articles[0];
    let evidence = judge.evidence(verdict);
    verdict.findings.iter().zip(evidence).map(|(f, e)| (f.reason.code(), e.to_string())).collect()
}

fn only(fixes: Vec<Fix>, entry: Entry, policy: &Policy) -> (&'static str, String) {
    let products = policy.profile.iter().map(|profile| profile.line.name().to_owned().into()).collect();
    explained(Article { products, ..article("Q310626", fixes) }, vec![entry], policy).remove(0)
}

#[track_caller]
fn says((code, text): (&str, String), expected_code: &str, expected: &str) {
    assert!(code == expected_code && text.contains(expected), "{code}: {text}");
}

#[test]
fn a_branch_or_pack_from_a_column_is_said_to_be_so() {
    let xp = on("Windows XP", "2");
    let gdr = || vec![row_in_branch("abc.sys", "5.1.2600.2900", "SP2GDR")];
    let file = || tagged("abc.sys", "5.1.2600.2901", "5.1.2600.2901 (xpsp_sp2_gdr.1)");
    says(only(gdr(), file(), &xp), "version-newer", "the row's branch GDR is from its column 'SP2GDR'");
    // A column that names only a service pack.
    let sp2 = || vec![row("abc.sys", "5.1.2600.2900").with(|cells| cells.sp_requirement = Some("SP2".into()))];
    says(only(sp2(), file(), &xp), "version-newer", "the row's service pack is from its column: Service Pack 2");
    // Nothing is shown if the version alone decides.
    let (_, text) = only(vec![row("abc.sys", "5.1.2600.2900")], file(), &xp);
    assert!(!text.contains("column") && !text.contains("heading"), "{text}");
}

#[test]
fn a_branch_pack_or_product_from_a_heading_is_said_to_be_so() {
    let under =
        |section: &str, version: &str| row("abc.dll", version).with(|cells| cells.section = section.to_owned().into());
    let xp = on("Windows XP", "3");
    let found = only(vec![under("Windows XP SP3", "1.2.3.600")], file("abc.dll", "1.2.3.500"), &xp);
    says(found, "version-older", "the row is for Service Pack 3 by its heading");
    let found = only(vec![under("Windows XP SP2", "1.2.3.600")], file("abc.dll", "1.2.3.500"), &xp);
    says(found, "other-service-pack", "row is for SP2, the system has SP3");
    let found = only(vec![under("Windows XP, QFE", "5.1.2600.5600")], file("abc.dll", "5.1.2600.5550"), &xp);
    says(found, "version-older", "the row's branch LDR is from its heading");
    let found = only(vec![under("Windows 2000", "5.0.2195.600")], file("abc.dll", "5.1.2600.5600"), &xp);
    says(found, "other-product", "row is for Windows 2000 by its heading, not for Windows XP");
    let listed =
        Article { products: vec!["Windows 2000 Server".into()], ..article("Q310626", vec![row("abc.dll", "1.2.3.4")]) };
    let found = explained(listed, vec![file("abc.dll", "1.2.3.5")], &xp).remove(0);
    says(found, "other-product", "row is for Windows 2000 by the article's product list, not for Windows XP");
}

#[test]
fn a_renamed_kernel_is_said_to_be_judged_by_its_original_name() {
    let kernel = || {
        let mut entry = tagged("ntoskrnl.exe", "5.0.2195.5000", "5.00.2195.5000");
        let VersionOutcome::Found(info) = &mut entry.binary.as_mut().unwrap().version else { unreachable!() };
        info.tables[0].original_filename = Some("ntkrnlmp.exe".to_owned());
        entry
    };
    let rows = || vec![row("ntkrnlmp.exe", "5.0.2195.4999"), row("ntoskrnl.exe", "5.0.2195.5001")];
    let found = explained(article("Q310626", rows()), vec![kernel()], &Policy::default());
    says(found[0].clone(), "version-newer", "the file's original name is ntkrnlmp.exe");
    says(found[1].clone(), "other-original-name", "the file's original name is ntkrnlmp.exe");
}

#[test]
fn a_file_linked_on_the_day_of_its_own_version_is_said_to_be_exempt_from_the_row_s_date() {
    let file = |string: &str| {
        let mut entry = tagged("mshtml.dll", "8.0.6001.19120", string);
        // 2011-06-22, 48 days before the row's date.
        entry.binary.as_mut().unwrap().time_stamp = Some(1_308_700_800);
        entry.modified = Some(1_308_700_900);
        entry
    };
    let row = || vec![Fix { date: Some("2011-08-09".parse().unwrap()), ..row("mshtml.dll", "8.0.6001.19120") }];
    let of = |string| only(row(), file(string), &on("Windows XP", "3"));
    let exempt = "built 2011-06-22, the day in its own version string, article says 2011-08-09";
    says(of("8.00.6001.19120 (longhorn_ie8_gdr.110621-1700)"), "version-equal", exempt);
    says(of("8.00.6001.19120"), "ambiguous-version", "built 2011-06-22, article says 2011-08-09");
}

#[test]
fn the_source_of_the_system_s_service_pack_is_named() {
    let found = explained(pack_article("Q300001", &[("Windows NT 4.0", "4")]), Vec::new(), &on("Windows NT 4.0", "6a"));
    says(found[0].clone(), "service-pack-installed", "Windows NT 4.0 Service Pack 4; the system has SP6a (as given)");
    let kernel = vec![file("WINNT/System32/ntoskrnl.exe", "5.0.2195.2951")];
    let found = explained(pack_article("Q300002", &[("Windows 2000", "3")]), kernel, &Policy::default());
    says(found[0].clone(), "kernel-older", "the system has SP2 (from WINNT/System32/ntoskrnl.exe)");
    let office = explained(pack_article("Q300003", &[("Office 97", "SR-2")]), Vec::new(), &on("Windows NT 4.0", "6a"));
    says(office[0].clone(), "product-unknown", "Office 97 SR-2");
}
