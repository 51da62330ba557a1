//! Properties that hold for all files, not only for the listed ones.

use crate::support::kit::*;
use hotfixcheck::assess::{ArticleStatus, Policy, Verdict};
use hotfixcheck::inventory::{Entry, Inventory};
use hotfixcheck_articles::Fix;
use hotfixcheck_testkit::thorough::one_of;
use proptest::prelude::*;

/// Versions of one line in plain number order, or of one service pack and branch of a line with several.
fn line() -> impl Strategy<Value = (&'static str, std::ops::Range<u32>)> {
    prop_oneof![
        Just(("4.0.1381", 0..32_999)),
        Just(("4.0.1381", 32_999..39_000)),
        Just(("4.0.1381", 39_000..40_000)),
        Just(("5.0.2195", 0..65_536)),
        Just(("5.1.2600", 2_180..5_512)),
        Just(("5.2.3790", 3_959..9_999)),
        Just(("6.0.6001", 16_000..20_000)),
        Just(("6.0.6001", 20_000..30_000)),
        Just(("6.3.9600", 17_000..65_536)),
        Just(("8.0.760", 0..65_536)),
    ]
}

prop_compose! {
    fn in_line()((prefix, range) in line())(
        prefix in Just(prefix),
        rows in prop::collection::vec(range.clone(), 1..4),
        low in range.clone(),
        high in range,
    ) -> (&'static str, Vec<u32>, u32, u32) {
        (prefix, rows, low.min(high), low.max(high))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256 / one_of(4) as u32))]

    #[test]
    fn raising_a_file_inside_its_line_never_loses_a_fix((prefix, rows, low, high) in in_line()) {
        let judge_at = |revision: u32| {
            let rows = rows.iter().map(|r| row("a.dll", &format!("{prefix}.{r}"))).collect();
            judge(rows, vec![file("a.dll", &format!("{prefix}.{revision}"))])
        };
        let (before, after) = (judge_at(low), judge_at(high));
        let rank = |status| match status {
            ArticleStatus::Missing => 0,
            ArticleStatus::Unknown => 1,
            ArticleStatus::Fixed => 2,
            other => panic!("{other:?}"),
        };
        prop_assert!(rank(before.status) <= rank(after.status), "{before:?} {after:?}");
        for (before, after) in before.findings.iter().zip(&after.findings) {
            prop_assert!(!(before.verdict() == Verdict::Fixed && after.verdict() != Verdict::Fixed));
        }
    }

    #[test]
    fn a_file_is_fixed_only_if_it_is_at_least_what_a_row_demands((prefix, rows, found, _) in in_line()) {
        let fixes = rows.iter().map(|r| row("a.dll", &format!("{prefix}.{r}"))).collect();
        let verdict = judge(fixes, vec![file("a.dll", &format!("{prefix}.{found}"))]);
        let all = rows.iter().all(|r| found >= *r);
        let none = rows.iter().all(|r| found < *r);
        let expected = match (all, none) {
            (true, _) => ArticleStatus::Fixed,
            (_, true) => ArticleStatus::Missing,
            _ => ArticleStatus::Unknown,
        };
        prop_assert_eq!(verdict.status, expected);
    }

    #[test]
    fn files_of_another_line_change_no_verdict(
        (prefix, rows, found, _) in in_line(),
        strangers in 1..4usize,
        own_place in 0..4usize,
    ) {
        let fixes: Vec<_> = rows.iter().map(|r| row("a.dll", &format!("{prefix}.{r}"))).collect();
        let own = || file("system32/a.dll", &format!("{prefix}.{found}"));
        let stranger = |n| file(&format!("app{n}/a.dll"), &format!("7.{n}.2600.{found}"));
        // Independent of whether the strangers come before or after.
        let own_place = own_place.min(strangers);
        let mut files: Vec<Entry> = (0..strangers).map(stranger).collect();
        files.insert(own_place, own());
        let (alone, among) = (judge(fixes.clone(), vec![own()]), judge(fixes, files));
        prop_assert_eq!(alone.status, among.status);
        let of_own = among.findings.iter().filter(|finding| finding.entry() == Some(own_place));
        let reasons: Vec<_> = of_own.map(|finding| finding.reason).collect();
        prop_assert_eq!(reasons, alone.findings.iter().map(|finding| finding.reason).collect::<Vec<_>>());
    }

    #[test]
    fn scanning_two_trees_together_is_the_union((prefix, rows, one, other) in in_line()) {
        let fixes: Vec<_> = rows.iter().map(|r| row("a.dll", &format!("{prefix}.{r}"))).collect();
        let at = |root, revision| Entry { root, ..file("system32/a.dll", &format!("{prefix}.{revision}")) };
        let statuses = |roots: &[&str], entries: Vec<Entry>| -> Vec<ArticleStatus> {
            let roots = roots.iter().map(|root| (*root).into()).collect();
            let inventory = Inventory { roots, entries, ..Inventory::default() };
            let catalog = [article("Q310626", fixes.clone())].into_iter().collect();
            let assessment = hotfixcheck::assess::assess(&catalog, &inventory, knowledge(), &Policy::default());
            assessment.articles.iter().map(|article| article.status).collect()
        };
        let both = statuses(&["one", "other"], vec![at(0, one), at(1, other)]);
        let union = [statuses(&["one"], vec![at(0, one)]), statuses(&["other"], vec![at(0, other)])].concat();
        prop_assert_eq!(both, union);
    }

    #[test]
    fn the_order_of_rows_and_of_articles_changes_no_verdict(
        (prefix, rows, found, _) in in_line(),
        turn in 0..4usize,
    ) {
        let fixes: Vec<_> = rows.iter().map(|r| row("a.dll", &format!("{prefix}.{r}"))).collect();
        let mut turned = fixes.clone();
        turned.rotate_left(turn % fixes.len());
        let files = || vec![file("a.dll", &format!("{prefix}.{found}"))];
        prop_assert_eq!(judge(fixes.clone(), files()).status, judge(turned.clone(), files()).status);
        let (first, second) = (article("Q100001", fixes), article("Q100002", turned));
        prop_assert_eq!(assess(vec![first.clone(), second.clone()], files()), assess(vec![second, first], files()));
    }

    #[test]
    fn raising_a_file_never_turns_a_row_without_a_version_from_likely_fixed_to_likely_missing(
        builds in prop::collection::vec((0..400u32, 1..29i8, 1..13i8, 1..4u64), 1..6),
        (low, high) in (0..500u32, 0..500u32),
        (day, month, size) in (1..29i8, 1..13i8, 1..4u64),
        linked in prop::option::of(900_000_000..1_100_000_000u32),
    ) {
        let dated = |id: usize, version: &str, day, month, size| {
            let date = Some(jiff::civil::date(2001, month, day));
            article(&format!("Q{}", 100_000 + id), vec![Fix { date, size: Some(size), ..row("a.dll", version) }])
        };
        let judge_at = |revision: u32| {
            let known = builds.iter().enumerate();
            let known = known.map(|(n, b)| dated(n + 1, &format!("4.0.1381.{}", b.0), b.1, b.2, b.3));
            let articles = known.chain([dated(0, "", day, month, size)]).collect();
            let mut of = binary(hotfixcheck::Machine::I386, &format!("4.0.1381.{revision}"), &[]);
            of.time_stamp = linked;
            let file = Entry { size: Some(2), modified: Some(1_300_000_000), ..entry("a.dll", Ok(of)) };
            assess(articles, vec![file]).articles[0].findings[0].verdict()
        };
        let (before, after) = (judge_at(low.min(high)), judge_at(low.max(high)));
        prop_assert!(!(before == Verdict::LikelyFixed && after == Verdict::LikelyMissing));
        prop_assert!(![before, after].iter().any(|v| matches!(v, Verdict::Fixed | Verdict::Missing)));
    }
}
