//! Several systems in one run: each has its own profile and articles (issue 13, points 6 and 7).

use crate::support::kit::*;
use hotfixcheck::assess::{self, ArticleStatus, Assessment, Policy};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::{Entry, Inventory};
use hotfixcheck_articles::Article;

fn at(root: usize, path: &str, version: &str) -> Entry {
    Entry { root, ..file(path, version) }
}

fn judged(roots: &[&str], entries: Vec<Entry>, articles: Vec<Article>) -> Assessment {
    let files_seen = entries.len() as u64;
    let roots = roots.iter().map(|root| (*root).into()).collect();
    let inventory = Inventory { roots, entries, files_seen, ..Inventory::default() };
    let catalog: Catalog = articles.into_iter().collect();
    assess::assess(&catalog, &inventory, knowledge(), &Policy::default())
}

/// Article, system and status of the articles that apply.
fn found(assessment: &Assessment) -> Vec<(String, usize, ArticleStatus)> {
    let applies = assessment.articles.iter().filter(|a| a.status != ArticleStatus::NotApplicable);
    applies.map(|a| (a.id.to_string(), a.system, a.status)).collect()
}

fn systems(assessment: &Assessment) -> Vec<(usize, String, String)> {
    let line = |s: &assess::JudgedSystem| s.profile.as_ref().map_or("?".to_owned(), |p| p.line.to_string());
    assessment.systems.iter().map(|s| (s.territory.root, s.territory.folder.to_string(), line(s))).collect()
}

fn articles() -> Vec<Article> {
    vec![
        article("Q100001", vec![row("tapisrv.exe", "4.0.1381.7097")]),
        pack_article("Q100002", &[("Windows 2000", "4")]),
    ]
}

#[test]
fn two_trees_in_one_run_are_the_union_of_two_runs() {
    let nt4 =
        || vec![("WINNT/System32/ntoskrnl.exe", "4.0.1381.7064"), ("WINNT/System32/tapisrv.exe", "4.0.1381.7000")];
    let w2k = || vec![("WINNT/System32/ntoskrnl.exe", "5.0.2195.5438"), ("WINNT/System32/tapisrv.exe", "5.0.2195.1")];
    let entries = |root, files: Vec<(&str, &str)>| -> Vec<Entry> {
        files.into_iter().map(|(path, version)| at(root, path, version)).collect()
    };
    let both = judged(&["nt4", "w2k"], [entries(0, nt4()), entries(1, w2k())].concat(), articles());
    let one = judged(&["nt4"], entries(0, nt4()), articles());
    let other = judged(&["w2k"], entries(0, w2k()), articles());
    let union: Vec<_> =
        [found(&one), found(&other).into_iter().map(|(id, _, status)| (id, 1, status)).collect()].concat();
    let mut union: Vec<(String, usize, ArticleStatus)> = union;
    union.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    // Alone, an article that names only a service pack of another system does not apply.
    assert_eq!(found(&both), union);
    assert_eq!(
        systems(&both),
        [(0, String::new(), "Windows NT 4.0".to_owned()), (1, String::new(), "Windows 2000".to_owned())]
    );
}

#[test]
fn two_trees_below_one_path_are_two_systems() {
    let entries = vec![
        at(0, "nt4/WINNT/System32/ntoskrnl.exe", "4.0.1381.7064"),
        at(0, "nt4/WINNT/System32/tapisrv.exe", "4.0.1381.7000"),
        at(0, "win2000/WINNT/System32/ntoskrnl.exe", "5.0.2195.5438"),
    ];
    let both = judged(&["sample"], entries, articles());
    assert_eq!(
        systems(&both),
        [(0, "nt4".to_owned(), "Windows NT 4.0".to_owned()), (0, "win2000".to_owned(), "Windows 2000".to_owned())]
    );
    assert_eq!(
        found(&both),
        [("Q100001".to_owned(), 0, ArticleStatus::Missing), ("Q100002".to_owned(), 1, ArticleStatus::LikelyMissing)]
    );
}

#[test]
fn an_older_windows_beside_the_running_one_is_a_system_of_its_own() {
    let entries = vec![
        at(0, "Program Files/tool/tapisrv.exe", "5.1.2600.2180"),
        at(0, "WINDOWS/system32/kernel32.dll", "5.1.2600.2180"),
        at(0, "Windows.old/WINDOWS/system32/kernel32.dll", "4.0.1381.300"),
        at(0, "Windows.old/Program Files/tapisrv.exe", "4.0.1381.7000"),
    ];
    let assessment = judged(&["c"], entries, articles());
    let expected =
        [(0, String::new(), "Windows XP".to_owned()), (0, "Windows.old".to_owned(), "Windows NT 4.0".to_owned())];
    assert_eq!(systems(&assessment), expected);
    assert!(found(&assessment).contains(&("Q100001".to_owned(), 1, ArticleStatus::Missing)));
}

#[test]
fn two_windows_folders_side_by_side_share_what_lies_beside_them() {
    let entries = vec![
        at(0, "Common Files/tapisrv.exe", "4.0.1381.7000"),
        at(0, "WINNT/system32/kernel32.dll", "4.0.1381.300"),
        at(0, "WINNT.SBS/system32/kernel32.dll", "5.0.2195.6717"),
    ];
    let assessment = judged(&["c"], entries, articles());
    let expected = [
        (0, String::new(), "?".to_owned()),
        (0, "WINNT".to_owned(), "Windows NT 4.0".to_owned()),
        (0, "WINNT.SBS".to_owned(), "Windows 2000".to_owned()),
    ];
    assert_eq!(systems(&assessment), expected);
}

#[test]
fn volumes_of_one_image_are_systems_of_their_own_if_each_has_a_windows() {
    let entries = vec![
        at(0, "disk.vmdk:p1/WINNT/system32/kernel32.dll", "4.0.1381.300"),
        at(0, "disk.vmdk:p2/WINNT/system32/kernel32.dll", "5.0.2195.6717"),
        at(0, "disk.vmdk:p3/data/tapisrv.exe", "4.0.1381.7000"),
    ];
    let assessment = judged(&["disk.vmdk"], entries, articles());
    let expected = [
        (0, String::new(), "?".to_owned()),
        (0, "disk.vmdk:p1".to_owned(), "Windows NT 4.0".to_owned()),
        (0, "disk.vmdk:p2".to_owned(), "Windows 2000".to_owned()),
    ];
    assert_eq!(systems(&assessment), expected);
    // A data volume next to the only Windows belongs to it.
    let entries = vec![
        at(0, "disk.vmdk:p1/WINNT/system32/kernel32.dll", "4.0.1381.300"),
        at(0, "disk.vmdk:p3/data/tapisrv.exe", "4.0.1381.7000"),
    ];
    assert_eq!(systems(&judged(&["disk.vmdk"], entries, articles())).len(), 1);
}

/// Issue 13, point 6: what a baseline accepts on one system is not accepted on another.
#[test]
fn a_finding_about_no_file_has_the_folder_of_its_system_in_its_fingerprint() {
    let kernels = ["A", "B"].map(|folder| at(0, &format!("{folder}/WINNT/System32/ntoskrnl.exe"), "5.0.2195.2951"));
    let assessment = judged(&["disk"], kernels.to_vec(), articles());
    let catalog: Catalog = articles().into_iter().collect();
    let inventory =
        Inventory { roots: vec!["disk".into()], entries: kernels.to_vec(), files_seen: 2, ..Inventory::default() };
    let place = catalog.articles().iter().position(|article| article.id.to_string() == "Q100002").unwrap();
    let own = assessment.articles.iter().filter(|verdict| verdict.article == place);
    let prints: Vec<Vec<String>> = own
        .map(|verdict| assess::fingerprints(verdict, &catalog.articles()[place], &inventory, &assessment.systems))
        .collect();
    assert_eq!(prints, [["Q100002|a?windows%202000/4|"], ["Q100002|b?windows%202000/4|"]]);
}
