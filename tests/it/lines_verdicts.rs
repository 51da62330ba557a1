//! A verdict just below, at and above each boundary of lines, service packs and branches (issue 13, point 10).
//! `lines.rs` tests to which line a version belongs; here the verdict must follow from it by the rules of
//! docs/verdicts.md.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::support::kit::*;
use hotfixcheck::FileVersion;
use hotfixcheck::assess::{self, ArticleStatus, Policy, Profile, ProfileSource};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::knowledge::{Branch, Order, Release};
use hotfixcheck_articles::Article;
use hotfixcheck_testkit::thorough::one_of;

const BOUNDARIES: &str = include_str!("../data/line-boundaries.tsv");

/// The answer for a file of a release against the only row of an article.
fn expected(file: (&FileVersion, &Release), row: (&FileVersion, &Release)) -> ArticleStatus {
    let ((found, of_file), (required, of_row)) = (file, row);
    let is_older = found.partial_cmp(required) == Some(Ordering::Less);
    let by_version = if is_older { ArticleStatus::Missing } else { ArticleStatus::Fixed };
    if of_file.line != of_row.line {
        return ArticleStatus::NotApplicable;
    }
    if let (Order::ServicePack, Some(own), Some(wanted)) = (of_file.order, &of_file.service_pack, &of_row.service_pack)
    {
        match own.cmp(wanted) {
            // From before the service pack that the fix is for; or from a later one, which contains it.
            Ordering::Less => return ArticleStatus::Missing,
            Ordering::Greater => return ArticleStatus::Fixed,
            Ordering::Equal => {}
        }
    }
    match (of_file.branch, of_row.branch) {
        // A version later than the other branch's fix proves nothing.
        (Some(own), Some(other)) if own != other && !is_older => ArticleStatus::Unknown,
        // The numbers of Japanese builds begin higher: one later than a row for other builds may not have the fix.
        (Some(Branch::Japanese), None) if !is_older => ArticleStatus::Unknown,
        // A row of one branch, and a file without a known branch: only the row's own version is certain.
        _ => by_version,
    }
}

#[test]
fn below_at_and_above_each_boundary_the_verdict_follows_from_line_pack_and_branch() {
    let knowledge = knowledge();
    let (mut wrong, mut count) = (Vec::new(), BTreeMap::<ArticleStatus, usize>::new());
    let mut lines = BTreeSet::new();
    let cases = BOUNDARIES.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    for case in cases.step_by(one_of(5)) {
        let columns: Vec<&str> = case.split('\t').collect();
        let &[name, text, windows, line, ..] = columns.as_slice() else { panic!("{case}") };
        let parts: Vec<u32> = text.split('.').map(|part| part.parse().unwrap()).collect();
        let &[a, b, c, last] = parts.as_slice() else { continue };
        let on = (windows != "-").then(|| BTreeSet::from([windows.to_owned()]));
        let release = |version: &FileVersion| knowledge.releases.of(version, None, name, || on.clone());
        let profile = knowledge.releases.line(windows).map(|line| Profile {
            line: line.clone(),
            pack: None,
            source: ProfileSource::Given,
        });
        if windows != "-" && profile.is_none() {
            continue;
        }
        lines.insert(line);
        let policy = Policy { profile, ..Policy::default() };
        let row_version = version(text);
        let fix = Article { products: Vec::new(), ..article("Q310626", vec![row(name, text)]) };
        let catalog: Catalog = [fix].into_iter().collect();
        for revision in [last.checked_sub(1), Some(last), Some(last + 1)].into_iter().flatten().filter(|r| *r < 65_536)
        {
            let found = format!("{a}.{b}.{c}.{revision}");
            let found_version = version(&found);
            let wanted = expected((&found_version, &release(&found_version)), (&row_version, &release(&row_version)));
            let judged = assess::assess(&catalog, &inventory(vec![file(name, &found)]), knowledge, &policy);
            let verdict = &judged.articles[0];
            *count.entry(verdict.status).or_default() += 1;
            if verdict.status != wanted {
                let codes = codes(verdict);
                wrong.push(format!(
                    "{name} {found} against {text} on {windows}: {:?} {codes:?}, not {wanted:?}",
                    verdict.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    // Each kind of answer occurred.
    for status in [ArticleStatus::Fixed, ArticleStatus::Missing, ArticleStatus::NotApplicable] {
        assert!(count.get(&status).is_some_and(|count| *count > 20 / one_of(5)), "{count:?}");
    }
    assert!(lines.len() > 150 / one_of(5), "{} lines", lines.len());
}
