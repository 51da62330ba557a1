//! Very large lists (issue 16, point 9): of files that are the same a few are held, and every one is counted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use hotfixcheck::assess::{Assessment, Outcome, Policy, Unreadable};
use hotfixcheck::inventory::import::{self, Reading};
use hotfixcheck::inventory::{Document, Entry, Inventory, RelativePath};
use hotfixcheck_articles::Article;
use hotfixcheck_testkit::thorough::is_for_ci;

use crate::support::kit::{article, assess_inventory, row};
use crate::support::world::World;

/// So many copies of one file that the program does not hold them all (32 MB): 740 bytes are counted for each.
const COPIES: usize = 50_000;
/// So many for tests that say how many bytes are held.
const FEW: usize = 2_000;
const HELD_BYTES: usize = 1 << 20;

/// The list, and what is read of it: with all files, and with a few of those that are the same.
static LIST: LazyLock<String> = LazyLock::new(|| list(FEW));
static ALL: LazyLock<Inventory> = LazyLock::new(|| read(&LIST, None));
static SOME: LazyLock<Inventory> = LazyLock::new(|| read(&LIST, Some(&|_| 0)));

fn articles() -> Vec<Article> {
    vec![
        article("Q300001", vec![row("a.dll", "4.0.1381.100")]),
        article("Q300002", vec![row("b.dll", "4.0.1381.100")]),
        article("Q300003", vec![row("c.dll", "4.0.1381.100")]),
    ]
}

/// The copies, and between them what must not be counted with them.
fn list(copies: usize) -> String {
    let mut list = "path,size,version,machine\n".to_owned();
    let mut add = |path: &str, version: &str| writeln!(list, "C:\\{path},1000,4.0.1381.{version},i386").unwrap();
    for number in (0..copies).rev() {
        add(&format!("share\\D{number:05}\\a.dll"), "99");
        match number {
            // Another build, and the same file named twice.
            7 => add("other\\A.DLL", "101"),
            8 => add(&format!("share\\D{copies}\\a.dll"), "99"),
            9 => add(&format!("share\\D{copies}\\a.dll"), "99"),
            // Rows that contradict each other, far from each other.
            11 | 1_200 => add("twice\\a.dll", &number.to_string()),
            // Two systems with files of their own, and copies that do not run.
            13 => add("one\\WINNT\\System32\\a.dll", "99"),
            14 => add("two\\WINNT\\System32\\a.dll", "101"),
            15 => add("one\\WINNT\\System32\\dllcache\\a.dll", "98"),
            16 => add("one\\WINNT\\System32\\b.dll", "99"),
            17 => add("one\\Program Files\\a.dll", "99"),
            18 => add("one\\WINNT\\$NtUninstallQ1$\\a.dll", "90"),
            _ => {}
        }
    }
    list
}

fn read(list: &str, apart: Option<&dyn Fn(&RelativePath) -> u64>) -> Inventory {
    let wanted = |name: &str| ["a.dll", "b.dll", "c.dll"].contains(&name);
    let reading = Reading { wanted: Some(&wanted), apart, held_bytes: Some(HELD_BYTES), ..Reading::default() };
    import::read_document(Document::Bytes(list.as_bytes()), reading).unwrap().select(wanted)
}

fn count(inventory: &Inventory) -> usize {
    inventory.entries.iter().map(Entry::count).sum()
}

#[test]
fn every_file_of_a_very_large_list_is_counted_once() {
    let (all, some) = (&*ALL, &*SOME);
    assert_eq!(all.entries.len(), FEW + 9, "one row says again what another says, one contradicts another");
    assert!(some.entries.len() < 120, "{}", some.entries.len());
    assert_eq!((count(some), some.files_seen), (all.entries.len(), all.files_seen));
    assert_eq!(some.roots, all.roots);
    // Those that are held are as they are among all; of the copies the first by their paths.
    let by_path: BTreeMap<&RelativePath, &Entry> = all.entries.iter().map(|entry| (&entry.path, entry)).collect();
    for entry in &some.entries {
        assert_eq!(&Entry { more: 0, ..entry.clone() }, by_path[&entry.path]);
    }
    let copies = |inventory: &Inventory| -> Vec<String> {
        inventory.entries.iter().map(|entry| entry.path.to_string()).filter(|path| path.contains("/D")).collect()
    };
    let held = copies(some);
    assert_eq!(held, copies(all)[..held.len()]);
    assert!(!some.entries.is_empty() && some.entries.is_sorted_by_key(|entry| (entry.root, entry.path.clone())));
}

#[test]
fn the_verdicts_are_those_of_all_files() {
    let policy = Policy::default();
    let judged = |inventory: &Inventory| assess_inventory(articles(), inventory.clone(), &policy);
    let (all, some) = (judged(&ALL), judged(&SOME));
    let statuses = |of: &Assessment| -> Vec<_> { of.articles.iter().map(|a| (a.id, a.system, a.status)).collect() };
    assert_eq!(statuses(&some), statuses(&all));
    assert_eq!((some.outcome, some.binaries_read), (Outcome::Findings, all.binaries_read));
    assert_eq!(some.systems.len(), 3, "the two, and what lies beside them");
    // The file of which the list says two things is named, and nothing else.
    assert!(matches!(some.unreadable[..], [Unreadable::Entry(_)]), "{:?}", some.unreadable);
    let listed: usize = some.many_copies.iter().map(|many| many.judged + many.same).sum();
    assert_eq!(listed, FEW + 3, "with the one under another build, the one named twice, and the contradicted one");
}

#[test]
fn what_a_path_is_asked_for_tells_the_copies_apart() {
    let some = read(&LIST, Some(&|path| u64::from(path.to_string().contains("/D000"))));
    let of = |entry: &&Entry| entry.path.to_string().contains("/D000");
    let with: usize = some.entries.iter().filter(of).map(Entry::count).sum();
    assert_eq!((with, count(&some)), (100, FEW + 9));
}

#[test]
fn a_report_says_how_many_files_of_a_list_it_does_not_list() {
    // The test of a baseline below shows the same.
    if is_for_ci("a list of 50,000 files without a baseline, and with a pattern") {
        return;
    }
    let world = World::new(articles());
    world.write("list.csv", list(COPIES).as_bytes());
    let report = world.report("report.json", &["--inventory", "list.csv"]);
    assert_eq!(report["files"]["known"], COPIES + 9);
    assert_eq!(report["files"]["binaries"], COPIES + 8);
    let said = report["warnings"].to_string();
    assert!(said.contains("C:\\\\: a.dll: 102 are listed, 49,901 more are the same"), "{said}");
    // A pattern of paths tells them apart, as in the test above: what it leaves out is counted.
    let report = world.report("report.json", &["--inventory", "list.csv", "--exclude", "**/D00*/**"]);
    assert_eq!((&report["files"]["known"], &report["files"]["excluded"]), (&(COPIES - 991).into(), &1000.into()));
}

#[test]
fn more_systems_than_a_list_may_have_are_refused_by_their_limit() {
    let world = World::new(articles());
    // Each names three folders: the Windows, the one around it, and the cache.
    let rows = (0..46_000).map(|number| format!("C:\\h{number}\\WINNT\\System32\\dllcache\\a.dll,4.0.1381.99\n"));
    world.write("list.csv", ("path,version\n".to_owned() + &rows.collect::<String>()).as_bytes());
    let (code, out, err) = world.scan(&["--inventory", "list.csv"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("more than 130000 folders with a Windows: list fewer systems at a time"), "{err}");
}

/// With a baseline every file was held: 3.4 GB for a list of 870 MB (issue 16).
#[test]
fn a_baseline_tells_the_files_apart_that_it_knows() {
    let world = World::new(articles());
    let list = list(COPIES);
    // Files that would be counted and not listed, and one that the list does not have any more.
    let known = |line: &&str| line.starts_with("path,") || line.contains("\\D3999");
    let some = list.lines().filter(known).chain(["C:\\gone\\a.dll,1000,4.0.1381.99,i386"]);
    let some: Vec<&str> = some.collect();
    assert_eq!(some.len(), 12);
    world.write("some.csv", (some.join("\n") + "\n").as_bytes());
    world.write("list.csv", list.as_bytes());
    let before = world.report("before.json", &["--inventory", "some.csv"]);
    assert_eq!(before["files"]["known"], 11);
    let report = world.report("report.json", &["--inventory", "list.csv", "--baseline", "before.json"]);
    assert_eq!(report["files"]["known"], COPIES + 9);
    assert_eq!(report["files"]["binaries"], COPIES + 8);
    let findings =
        report["articles"].as_array().unwrap().iter().flat_map(|article| article["findings"].as_array().unwrap());
    let old: Vec<String> = findings
        .filter(|finding| finding["known"] == true)
        .map(|finding| finding["file"]["path"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(old.len(), 10, "{old:?}");
    assert!(old.iter().all(|path| path.contains("/D3999")), "{old:?}");
    let said = report["warnings"].to_string();
    assert!(said.contains("C:\\\\: a.dll: 112 are listed, 49,891 more are the same"), "{said}");
}
