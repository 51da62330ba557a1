//! The HTML report of a fleet in a real browser (issue 18). Skipped outside of CI, and if no Chromium is
//! installed.

use crate::report_html::{assert_silent, html, many, saved, search, shown};
use crate::support::chromium::Chromium;
use crate::support::kit::*;
use hotfixcheck::assess::ProfileSource;
use hotfixcheck::report::{FleetView, Host, Look, ProfileView, ReportFormat, render_fleet};
use hotfixcheck_articles::{Article, Severity};

/// The page of a fleet is filtered by severity, known exploits and system, and counts the remaining rows (issue 18).
#[test]
fn the_page_of_a_fleet_is_narrowed_by_what_is_chosen() {
    let Some(mut browser) = Chromium::start() else { return };
    let profile = |os: &str| ProfileView {
        os: os.to_owned(),
        service_pack: None,
        source: ProfileSource::Registry,
        kernel: None,
        release: None,
        build: None,
    };
    // Six fixes; every third of them is critical, the first is exploited.
    let one = |n: usize| Article {
        severity: [Some(Severity::Critical), Some(Severity::Low), None][n % 3],
        exploited: vec!["CVE-2008-4250".into(); usize::from(n == 0)],
        ..article(&format!("Q30000{n}"), vec![row(&format!("f{n}.dll"), "4.0.1381.9")])
    };
    let host = |name: &str, os: &str, lacks: std::ops::Range<usize>| {
        let entries = lacks.map(|n| file(&format!("f{n}.dll"), "4.0.1381.1")).collect();
        let mut view = html((0..6).map(one).collect(), entries).0;
        view.options.profile = Some(profile(os));
        Host { name: name.to_owned(), inventory: format!("{name}.json"), judged: Ok(view) }
    };
    let fleet = FleetView::new(vec![
        host("alpha", "Windows 2000", 0..6),
        host("beta", "Windows XP", 0..3),
        host("gamma", "Windows XP", 0..3),
    ]);
    let (_folder, path) = saved(&render_fleet(&fleet, ReportFormat::Html, Look::PLAIN).unwrap());
    browser.look(1280, "light");
    browser.open(&path);
    let cells = "[...document.querySelectorAll('#fix-rows tr, #host-rows tr')].map(r => r.cells[0].textContent + ' ' + r.cells[1].textContent)";
    let mut choose = |id: &str, value: &str| -> Vec<String> {
        let change = format!(
            "{{ const e = document.getElementById('{id}'); e.value = '{value}'; e.dispatchEvent(new Event('change')) }}"
        );
        browser.eval(&change);
        serde_json::from_value(browser.eval(cells)).unwrap()
    };
    let all = choose("severity", "");
    assert_eq!(all.len(), 9);
    // Two of the six are critical, one of which all hosts lack.
    let critical = choose("severity", "critical");
    assert_eq!(critical, ["Q300000 3", "Q300003 1", "alpha 2", "beta 1", "gamma 1"]);
    // For one system: its hosts, and how many of them lack each.
    let of_system = choose("system", "Windows XP");
    assert_eq!(of_system, ["Q300000 2", "beta 1", "gamma 1"]);
    assert_eq!(shown(&mut browser), "1 fix, 2 hosts");
    browser.click("#reset");
    assert_eq!(shown(&mut browser), "6 fixes, 3 hosts");
    browser.click("#only-exploited");
    assert_eq!(shown(&mut browser), "1 fix, 3 hosts");
    assert_eq!(browser.eval("document.getElementById('only-exploited').ariaPressed"), "true");
    assert_silent(&browser, &path);
    for width in [1280, 390, 320] {
        browser.look(width, "dark");
        let widest = browser.eval("document.documentElement.scrollWidth").as_u64().unwrap();
        assert!(widest <= u64::from(width), "{widest} of {width}");
    }
}

/// The page of a fleet: a search for a fix finds the hosts that lack it (issue 18).
#[test]
fn a_fix_of_a_fleet_is_found_with_the_hosts_that_lack_it() {
    let Some(mut browser) = Chromium::start() else { return };
    let host = |name: &str, judged| Host { name: name.to_owned(), inventory: format!("{name}.json"), judged };
    let fleet = FleetView::new(vec![host("alpha", Ok(many().0)), host("beta", Err("no inventory".to_owned()))]);
    let (_folder, path) = saved(&render_fleet(&fleet, ReportFormat::Html, Look::PLAIN).unwrap());
    browser.look(1280, "light");
    browser.open(&path);
    search(&mut browser, &fleet.articles[0].id.to_string().to_lowercase());
    assert_eq!(shown(&mut browser), "1 fix, 1 host");
    search(&mut browser, "beta");
    assert_eq!(shown(&mut browser), "0 fixes, 1 host");
    assert_silent(&browser, &path);
}
