//! Waivers, required fixes, baselines and path patterns: how a policy changes the result.

use crate::support::kit::*;
use hotfixcheck::assess::{
    ArticleVerdict, Assessment, Baseline, FailOn, Outcome, Policy, RequiredState, Verdict, Waiver, WaiverState,
};
use hotfixcheck::assess::{Waivers, fingerprints};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::{Inventory, PathFilter, PathGlob, PathGlobError, RelativePath};
use hotfixcheck_articles::Article;
use jiff::civil::date;

const OLD: &str = "4.0.1381.4";

fn waiver(kb: &str, path: Option<&str>, expires: (i16, i8, i8)) -> Waiver {
    Waiver {
        kb: kb.parse().unwrap(),
        path: path.map(|path| path.parse().unwrap()),
        reason: "because".to_owned(),
        expires: date(expires.0, expires.1, expires.2),
        source: "test:1".to_owned(),
    }
}

/// The policy on the day 2026-06-15.
fn policy(list: Vec<Waiver>, strict: bool) -> Policy {
    Policy { waivers: Waivers { list, today: date(2026, 6, 15), strict, ..Waivers::default() }, ..Policy::default() }
}

/// Two copies of A.DLL lack the fix of Q300001, the only B.DLL that of Q300002; Q300003 states no version.
fn judged(policy: &Policy) -> Assessment {
    let articles = vec![
        article("Q300001", vec![row("A.DLL", "4.0.1381.100")]),
        article("Q300002", vec![row("B.DLL", "4.0.1381.100"), row("C.DLL", "4.0.1381.100")]),
        article("Q300003", vec![row("B.DLL", "")]),
        article("Q300004", vec![row("D.DLL", "4.0.1381.100")]),
        pack_article("Q300005", &[("Windows NT 4.0", "6a")]),
    ];
    let entries =
        vec![file("one/a.dll", OLD), file("two/A.DLL", OLD), file("two/b.dll", OLD), file("two/c.dll", "4.0.1381.200")];
    assess_with(articles, entries, policy)
}

#[test]
fn a_waived_article_does_not_fail_and_the_rest_does() {
    let day = (2026, 6, 15);
    let whole = judged(&policy(vec![waiver("Q300001", None, day), waiver("Q300002", None, day)], false));
    assert_eq!(whole.outcome, Outcome::Clean);
    assert_eq!(whole.articles.iter().filter(|a| a.is_waived()).count(), 2);
    assert_eq!(whole.articles[0].status.name(), "missing", "the verdict stays");
    assert_eq!(whole.articles[1].open.name(), "fixed", "half of it is in");

    let half = judged(&policy(vec![waiver("Q300001", Some(r"ONE\*.dll"), day), waiver("Q300002", None, day)], false));
    assert_eq!((half.outcome, half.articles[0].is_waived()), (Outcome::Findings, false));
    let marks: Vec<Option<usize>> = half.articles[0].findings.iter().map(|f| f.waiver()).collect();
    assert_eq!(marks, [Some(0), None]);
}

#[test]
fn waivers_expire_after_their_last_day_and_stale_ones_fail_where_the_policy_is_strict() {
    use WaiverState::{Expired, NotAsked, Unmatched, Used};
    let list = || {
        vec![
            waiver("Q300001", None, (2026, 6, 15)),
            waiver("Q300002", None, (2026, 6, 14)),
            waiver("Q300002", Some("elsewhere/*"), (2027, 1, 1)),
            waiver("Q300004", None, (2027, 1, 1)),
            waiver("Q399999", None, (2027, 1, 1)),
            waiver("Q300003", None, (2027, 1, 1)),
        ]
    };
    let lax = judged(&policy(list(), false));
    assert_eq!(lax.waivers, [Used, Expired, Unmatched, Unmatched, Unmatched, Used]);
    assert_eq!(lax.outcome, Outcome::Findings, "Q300002 is not waived any more");

    let mut some = policy(list(), true);
    some.only = Some(["Q300001".parse().unwrap()].into());
    let some = judged(&some);
    assert_eq!((some.waivers[0], some.waivers[1], some.outcome), (Used, NotAsked, Outcome::Clean));

    let both = || vec![waiver("Q300001", None, (2026, 7, 1)), waiver("Q300002", None, (2026, 7, 1))];
    assert_eq!(judged(&policy(both(), true)).outcome, Outcome::Clean);
    let stale = |strict| policy([both(), vec![waiver("Q300004", None, (2026, 7, 1))]].concat(), strict);
    assert_eq!(judged(&stale(false)).outcome, Outcome::Clean);
    assert_eq!(judged(&stale(true)).outcome, Outcome::Findings);
    assert_eq!(judged(&Policy { fail_on: FailOn::Never, ..stale(true) }).outcome, Outcome::Clean);
}

#[test]
fn a_waiver_covers_what_cannot_be_told_and_articles_without_files() {
    let unknown = |list| judged(&Policy { fail_on: FailOn::Unknown, ..policy(list, false) }).outcome;
    let day = (2027, 1, 1);
    let gaps = || vec![waiver("Q300001", None, day), waiver("Q300002", None, day)];
    assert_eq!(unknown(gaps()), Outcome::Findings);
    assert_eq!(unknown([gaps(), vec![waiver("Q300003", Some("two/b.dll"), day)]].concat()), Outcome::Clean);
    let pack = judged(&policy(vec![waiver("Q300005", None, day), waiver("Q300005", Some("**"), day)], false));
    assert_eq!(pack.waivers, [WaiverState::Used, WaiverState::Unmatched], "no path speaks of a service pack");
}

#[test]
fn a_waiver_does_not_make_an_incomplete_scan_complete() {
    use hotfixcheck_winfiles::binary::BinaryError;
    let broken = || vec![entry("a.dll", Err(BinaryError::Empty))];
    let articles = || vec![article("Q300001", vec![row("A.DLL", "4.0.1381.100")])];
    let waived = policy(vec![waiver("Q300001", None, (2027, 1, 1))], false);
    let assessment = assess_with(articles(), broken(), &Policy { fail_on: FailOn::Unknown, ..waived });
    assert_eq!(assessment.outcome, Outcome::Incomplete);
}

#[test]
fn a_required_fix_is_in_or_a_finding_whatever_the_reason() {
    let ids = ["Q300002", "Q300001", "Q300003", "Q300004", "Q300005", "Q399999"];
    let required = |ids: &[&str]| Some(ids.iter().map(|id| id.parse().unwrap()).collect());
    let waived = vec![waiver("Q300001", None, (2027, 1, 1)), waiver("Q300002", None, (2027, 1, 1))];
    let with =
        |ids: &[&str], fail_on| judged(&Policy { required: required(ids), fail_on, ..policy(waived.clone(), false) });
    let all = with(&ids, FailOn::Missing);
    let states: Vec<RequiredState> = all.required.iter().map(|r| r.state).collect();
    use RequiredState::{NotIn, Waived};
    assert_eq!(states, [Waived, Waived, NotIn, NotIn, NotIn, NotIn], "in the list's order");
    assert_eq!((all.outcome, all.required[5].article), (Outcome::Findings, None));
    assert_eq!(with(&ids, FailOn::Never).outcome, Outcome::Clean);
    assert_eq!(with(&ids[..2], FailOn::Missing).outcome, Outcome::Clean);
    for id in &ids[2..] {
        assert_eq!(with(&[id], FailOn::Missing).outcome, Outcome::Findings, "{id}");
    }
    let fixed = vec![article("Q300001", vec![row("A.DLL", "4.0.1381.4")])];
    let policy = Policy { required: required(&["Q300001"]), ..Policy::default() };
    let fixed = assess_with(fixed, vec![file("a.dll", OLD)], &policy);
    assert_eq!((fixed.required[0].state, fixed.outcome), (RequiredState::In, Outcome::Clean));
}

#[test]
fn only_what_the_baseline_does_not_know_fails() {
    let verdicts = [("Q300001|one/a.dll|i386", Verdict::Missing), ("Q300002|two/b.dll|i386", Verdict::LikelyMissing)];
    let baseline = |more: &[(&str, Verdict)], unlisted: &[&str]| Baseline {
        findings: verdicts.iter().chain(more).map(|(print, verdict)| ((*print).to_owned(), *verdict)).collect(),
        unlisted: unlisted.iter().map(|id| id.parse().unwrap()).collect(),
        ..Baseline::default()
    };
    let judge = |baseline| judged(&Policy { baseline: Some(baseline), ..Policy::default() });
    let some = judge(baseline(&[], &[]));
    let known: Vec<bool> = some.articles.iter().flat_map(|a| &a.findings).map(|f| f.known).collect();
    assert_eq!(known[..3], [true, false, false], "the second copy is new; what was only likely is now certain");
    assert_eq!(some.outcome, Outcome::Findings);

    let second = ("Q300001|two/a.dll|i386", Verdict::Missing);
    assert_eq!(judge(baseline(&[second], &[])).outcome, Outcome::Findings);
    let worse = ("Q300002|two/b.dll|i386", Verdict::Missing);
    let all = judge(baseline(&[second, worse], &[]));
    assert_eq!((all.outcome, all.articles[1].is_known()), (Outcome::Clean, true));
    assert_eq!(judge(baseline(&[second], &["Q300002"])).outcome, Outcome::Clean, "missing without being listed");
}

#[test]
fn fingerprints_take_a_backslash_for_a_separator() {
    let catalog: Catalog = [article("Q300001", vec![row("A.DLL", "4.0.1381.100")])].into_iter().collect();
    let prints = |path: &str| {
        let mut entry = file("x", OLD);
        entry.path = RelativePath::from_bytes(path.as_bytes().to_vec());
        entry.packed_name = Some("a.dll".to_owned());
        let inventory = inventory(vec![entry]);
        let assessment = hotfixcheck::assess::assess(&catalog, &inventory, knowledge(), &Policy::default());
        fingerprints(&assessment.articles[0], &catalog.articles()[0], &inventory, &assessment.systems)
    };
    assert_eq!(prints(r"System32\A.DLL"), ["Q300001|system32/a.dll|i386"]);
    assert_eq!(prints("System32/a.dll"), ["Q300001|system32/a.dll|i386"]);
}

#[test]
fn patterns_match_as_windows_users_expect() {
    let cases: &[(&str, &str, bool)] = &[
        ("*.dll", "WINNT/System32/OLE32.DLL", true),
        ("system32", "WINNT/System32/OLE32.DLL", true),
        ("System32/*.dll", "WINNT/System32/OLE32.DLL", false),
        ("**/System32/*.dll", "WINNT/System32/OLE32.DLL", true),
        (r"winnt\system32\", "WINNT/System32/drivers/a.sys", true),
        (r".\winnt\system32\*.sys", "WINNT/System32/drivers/a.sys", false),
        ("winnt/**/a.sys", "WINNT/System32/drivers/a.sys", true),
        ("winnt/system3", "WINNT/System32/a.sys", false),
        ("{a,b}.sys", "x/B.SYS", true),
        ("$Nt*$", "WINNT/$NtUninstallQ1$/a.dll", true),
        ("[ab].sys", "c.sys", false),
        ("**", "a", true),
    ];
    for (pattern, path, expected) in cases {
        let glob: PathGlob = pattern.parse().unwrap();
        assert_eq!(glob.matches(&RelativePath::from(*path)), *expected, "{pattern} {path}");
        assert_eq!(glob.as_str(), *pattern);
    }
    for pattern in [r"C:\WINNT\System32", "/WINNT", "../a", r"\\server\share"] {
        assert!(matches!(pattern.parse::<PathGlob>(), Err(PathGlobError::NotRelative(_))), "{pattern}");
    }
    assert!(matches!("[a".parse::<PathGlob>(), Err(PathGlobError::Syntax { .. })));
    assert_eq!(" / ".parse::<PathGlob>(), Err(PathGlobError::NotRelative(" / ".to_owned())));
    assert_eq!("".parse::<PathGlob>(), Err(PathGlobError::Empty));
}

#[test]
fn a_filter_keeps_what_may_hold_something_that_counts() {
    use hotfixcheck::inventory::Problem;
    let problem = |path: &str| Problem { root: 0, path: RelativePath::from(path), what: "refused".to_owned() };
    let mut found = Inventory {
        problems: vec![problem("sys"), problem("old/locked")],
        ..inventory(vec![file("sys/a.dll", OLD), file("sys/b.exe", OLD), file("old/a.dll", OLD), file("c.dll", OLD)])
    };
    let globs = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    let filter = PathFilter { include: globs(&["sys/*.dll", "old"]), exclude: globs(&["OLD"]) };
    assert_eq!(found.retain(&filter), 3);
    let left: Vec<String> = found.entries.iter().map(|e| e.path.to_string()).collect();
    assert_eq!(left, ["sys/a.dll"]);
    assert_eq!(found.problems, [problem("sys")], "it may hold files that are included");
    assert_eq!(found.retain(&PathFilter::default()), 0);
}

/// Issue 15: an article that is known only by its CVEs is not an installed fix (KB4499164 of CVE-2019-0708).
#[test]
fn an_article_that_is_asked_for_and_names_no_file_is_unknown() {
    let of = |id: &str, product: &str| Article { products: vec![product.to_owned().into()], ..article(id, Vec::new()) };
    let known = article("Q300009", vec![row("a.dll", "4.0.1381.100")]);
    let articles = || {
        vec![
            known.clone(),
            of("Q300001", "Windows NT 4.0"),
            of("Q300002", "Windows XP"),
            of("Q300003", "Lamp"),
            of("Q300004", "Lamp on Windows XP"),
        ]
    };
    let judge = |policy: Policy| {
        let policy = Policy { fail_on: FailOn::Unknown, profile: on("Windows NT 4.0", "6a").profile, ..policy };
        let judged = assess_with(articles(), vec![file("Windows/System32/a.dll", "4.0.1381.100")], &policy);
        let codes = |verdict: &ArticleVerdict| {
            format!("{} {}", verdict.id, verdict.findings.iter().map(|f| f.reason.code()).collect::<String>())
        };
        (judged.articles.iter().map(codes).collect::<Vec<_>>(), judged.outcome)
    };
    let ids = || ["Q300001", "Q300002", "Q300003", "Q300004"].map(|id| id.parse().unwrap());
    let all = |of: &[String]| of.iter().filter(|of| !of.starts_with("Q300009")).cloned().collect::<Vec<_>>();
    let named = ["Q300001 no-fix-stated", "Q300002 other-product", "Q300003 no-fix-stated", "Q300004 other-product"];
    let only = judge(Policy { only: Some(ids().into()), ..Policy::default() });
    assert_eq!((all(&only.0), only.1), (named.map(str::to_owned).to_vec(), Outcome::Findings));
    let required = judge(Policy { required: Some(ids().into()), ..Policy::default() });
    assert_eq!((all(&required.0), required.1), (named.map(str::to_owned).to_vec(), Outcome::Findings));
    assert!(all(&judge(Policy::default()).0).iter().all(|of| of.ends_with(' ')), "of thousands nobody asked");
}
