//! Several sources, one article (issue 15).

use proptest::prelude::*;

use hotfixcheck_facts::{Conflict, Facts, Merged, buildref, cvrf, merge, titles, wesng, windows};
use hotfixcheck_types::KbId;

fn updates(lines: &[(&str, u32, u32, &str)]) -> Facts {
    let header = "product\trelease\tkind\torder\trevision\tkb\n".to_owned();
    let text = lines.iter().fold(header, |text, (product, build, revision, kb)| {
        format!("{text}{product}\t{build}\trollup\t1\t{revision}\t{kb}\n")
    });
    windows::read_updates("updates.tsv", text.as_bytes()).unwrap()
}

fn definitions(name: &str, lines: &[(&str, &str)]) -> Facts {
    let header = "DatePosted,CVE,BulletinKB,AffectedProduct,Severity,Supersedes,Exploits\n".to_owned();
    let text = lines.iter().fold(header, |text, (kb, supersedes)| {
        format!("{text}20240109,CVE-2024-0001,{kb},Windows 10,Important,{supersedes},\n")
    });
    wesng::read(name, text.as_bytes()).unwrap()
}

fn kb(text: &str) -> KbId {
    text.parse().unwrap()
}

#[test]
fn the_update_history_is_trusted_more_than_the_advisory() {
    let month = cvrf::read("month.xml", &include_bytes!("../sources/month.xml")[..]).unwrap();
    let merged = merge(&[month, updates(&[("Windows 10", 19045, 3931, "5034122")])]);
    let article = &merged.articles[&kb("5034122")];
    assert_eq!(super::builds(article), ["Windows 10 22H2 19045.3931"]);
    assert_eq!(merged.sources[&kb("5034122")].len(), 2);
    let shown: Vec<String> = merged.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        ["KB5034122: several builds of Windows 10 22H2: 19045.3931 (windows-updates 'updates.tsv'), \
         19045.3930 (cvrf 'month.xml')"]
    );
}

/// Edges of a cycle would hide all of its updates as replaced: none is kept.
#[test]
fn updates_that_replace_each_other_are_a_conflict() {
    let one = definitions("one.csv", &[("5000001", "5000002"), ("5000003", "5000002"), ("5000009", "5000009")]);
    let other = definitions("other.csv", &[("5000002", "5000004"), ("5000004", "5000001")]);
    let merged = merge(&[one, other]);
    let cycles: Vec<&Conflict> = merged.conflicts.iter().collect();
    let ids = |texts: &[&str]| Conflict::SupersedenceCycle { ids: texts.iter().map(|text| kb(text)).collect() };
    assert_eq!(cycles, [&ids(&["5000001", "5000002", "5000004"]), &ids(&["5000009"])]);
    assert!(merged.articles[&kb("5000001")].supersedes.is_empty());
    assert_eq!(merged.articles[&kb("5000003")].supersedes.len(), 1, "an edge into a cycle is no contradiction");
}

#[test]
fn titles_and_days_are_those_of_the_most_trusted() {
    let title = titles::read("t.tsv", &b"bulletin\tkb\ttitle\nMS05-040\tKB5023049\tFrom the table\n"[..]).unwrap();
    let build = |day: &str| {
        let text = format!(r#"{{"Data": [{{"Version": "15.0.4298", "KBList": "5023049", "ReleaseDate": "{day}"}}]}}"#);
        buildref::read(day, text.as_bytes()).unwrap()
    };
    let merged = merge(&[build("2023-02-16"), title, build("2023-04-16")]);
    let article = &merged.articles[&kb("5023049")];
    assert_eq!(article.title.as_deref(), Some("From the table"));
    assert_eq!(article.released.map(|day| day.to_string()).as_deref(), Some("2023-02-16"));
    assert!(matches!(&merged.conflicts[..], [Conflict::Released { .. }]), "{:?}", merged.conflicts);
}

/// Some sources of random articles that replace each other at random.
fn sources() -> impl Strategy<Value = Vec<Facts>> {
    let id = || (5_000_000u32..5_000_008).prop_map(|number| number.to_string());
    let line = (id(), prop::collection::vec(id(), 0..3));
    let definition = ("[a-c]", prop::collection::vec(line, 0..6)).prop_map(|(name, lines)| {
        let lines: Vec<(String, String)> = lines.into_iter().map(|(kb, old)| (kb, old.join(";"))).collect();
        let lines: Vec<(&str, &str)> = lines.iter().map(|(kb, old)| (kb.as_str(), old.as_str())).collect();
        definitions(&name, &lines)
    });
    let update =
        prop::collection::vec((id(), prop::sample::select(vec![17763u32, 19045]), 1u32..4), 0..5).prop_map(|lines| {
            let lines: Vec<_> =
                lines.iter().map(|(kb, build, revision)| ("Windows 10", *build, *revision, kb.as_str())).collect();
            updates(&lines)
        });
    prop::collection::vec(prop_oneof![definition, update], 0..6)
}

proptest! {
    /// The order of sources makes no difference, and neither does a source that is given twice.
    #[test]
    fn order_makes_no_difference(sources in sources(), seed in any::<u64>()) {
        let merged = merge(&sources);
        let mut shuffled = sources.clone();
        let mut state = seed;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(&merge(&shuffled), &merged);
        shuffled.extend(sources);
        prop_assert_eq!(&merge(&shuffled), &merged);
        prop_assert!(acyclic(&merged));
    }
}

/// True if no article is replaced by itself, directly or through others.
fn acyclic(merged: &Merged) -> bool {
    merged.articles.keys().all(|start| {
        let (mut seen, mut open) = (std::collections::BTreeSet::new(), vec![*start]);
        while let Some(id) = open.pop() {
            for old in merged.articles.get(&id).iter().flat_map(|article| &article.supersedes) {
                if old == start {
                    return false;
                }
                if seen.insert(*old) {
                    open.push(*old);
                }
            }
        }
        true
    })
}

/// Later updates are added to advisories of earlier years: the month that names an update for the most vulnerabilities
/// is its own (KB5042881 of 2024-09-10 is in the advisories of 2020-11; issue 15).
#[test]
fn the_day_is_that_of_the_month_with_the_most_vulnerabilities() {
    let xml = include_str!("../sources/month.xml");
    let month = |name: &str, text: &str| cvrf::read(name, text.as_bytes()).unwrap();
    let own = month(
        "2024-Jan.xml",
        &xml.replace("<vuln:CVE>ADV990001<", "<vuln:CVE>CVE-2024-0002<").replace("KB5029377", "5034122"),
    );
    let old = month("2020-Nov.xml", &xml.replace("2024-01-09", "2020-11-10").replace("CVE-2024-0001", "CVE-2020-0001"));
    for sources in [[own.clone(), old.clone()], [old.clone(), own]] {
        let day = merge(&sources).articles[&kb("5034122")].advised;
        assert_eq!(day.map(|day| day.to_string()).as_deref(), Some("2024-01-09"));
    }
    let later =
        month("2024-Feb.xml", &xml.replace("2024-01-09", "2024-02-13").replace("CVE-2024-0001", "CVE-2024-0003"));
    let day = merge(&[later, old]).articles[&kb("5034122")].advised;
    assert_eq!(day.map(|day| day.to_string()).as_deref(), Some("2024-02-13"), "of equal ones the latest");
}

/// Issue 15: an update that an advisory of a year before names has not the day of that advisory if it replaces a later update
/// (KB5014701, in the advisories of June 2021, replaces KB5013945 of May 2022).
#[test]
fn an_update_is_not_older_than_those_that_it_replaces() {
    let xml = include_str!("../sources/month.xml");
    let month = |name: &str, text: &str| cvrf::read(name, text.as_bytes()).unwrap();
    let replaced = month("2024-Jan.xml", &xml.replace("5034122", "5033372"));
    let named = month("2023-Jan.xml", &xml.replace("2024-01-09", "2023-01-10"));
    let merged = merge(&[replaced, named.clone()]);
    assert_eq!(merged.articles[&kb("5034122")].advised, None);
    assert!(merged.articles[&kb("5033372")].advised.is_some());
    assert!(merge(&[named]).articles[&kb("5034122")].advised.is_some());
}
