//! The compiled catalogue: the same articles and the same verdicts as its texts, reading only the requested articles
//! (issue 15).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hotfixcheck::assess::neighbours::Neighbours;
use hotfixcheck::assess::{self, FailOn, Judge, KERNEL_FILES, Policy, Profile, ProfileSource, Relevant};
use hotfixcheck::catalog::{self, Catalog, CompiledCatalog, Listed, OpenCatalog, OpenError, Wanted};
use hotfixcheck::inventory::{self, Inventory};
use hotfixcheck::report::{self, Look, ReportFormat, RunInfo, View};

use hotfixcheck_articles::Article;
use hotfixcheck_testkit::thorough::one_of;
use serde_json::Value;

use crate::support::kit::*;
use crate::support::world::World;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn built_in() -> OpenCatalog {
    OpenCatalog::of_compiled(CompiledCatalog::built_in().unwrap())
}

fn walk(trees: &[&str], open: &OpenCatalog) -> Inventory {
    let roots: Vec<PathBuf> = trees.iter().map(|tree| data().join("sample").join(tree)).collect();
    let wanted = inventory::Wanted::named(|name| open.knows(name) || KERNEL_FILES.contains(&name));
    inventory::walk(&roots, &wanted, &|_| {}).unwrap()
}

/// The report as JSON, without the facts about the catalogue.
fn json(relevant: &Relevant<'_>, inventory: &Inventory, policy: &Policy) -> Value {
    let knowledge = knowledge();
    let run = RunInfo { all: true, ..RunInfo::default() };
    let view = View::new(&Judge::new(relevant, inventory, knowledge, policy), &run);
    let bytes = report::render(&view, ReportFormat::Json, Look::PLAIN).unwrap();
    // The articles are written on every core: the bytes are those of one after the other.
    assert!(bytes == [&serde_json::to_vec_pretty(&view).unwrap()[..], b"\n"].concat());
    let mut json: Value = serde_json::from_slice(&bytes).unwrap();
    json["catalogue"].take();
    json
}

/// Every article of the built-in catalogue without its builds: they are not read for a system that is known not to be
/// Windows 10 or later.
fn without_builds() -> Catalog {
    let articles = embedded().articles().iter();
    let plain = articles.map(|article| Article { builds: Vec::new(), ..Article::clone(article) });
    plain.filter(Article::states_fix).collect()
}

/// A stale compiled form cannot be committed: every article of the text is in it, with all its rows.
#[test]
fn the_program_contains_every_article_of_its_texts() {
    let whole = embedded();
    for name in [
        "catalog.tsv",
        "bulletins.tsv",
        "updates-windows.tsv",
        "updates-windows-dates.tsv",
        "updates-sql.tsv",
        "bulletins-titles.tsv",
        "cves.tsv",
        "cves-wesng.tsv",
    ] {
        let text = catalog::read(&fs::read_to_string(data().join(name)).unwrap()).unwrap();
        for article in text.articles() {
            let own = whole.article(article.id).unwrap_or_else(|| panic!("{name}: {}", article.id));
            assert!(article.fixes.iter().all(|fix| own.fixes.contains(fix)), "{name}: {}", article.id);
            assert!(
                article.service_packs.iter().all(|pack| own.service_packs.contains(pack)),
                "{name}: {}",
                article.id
            );
            assert!(article.cves.iter().all(|cve| own.cves.contains(cve)), "{name}: {}", article.id);
            if name == "catalog.tsv" {
                assert_eq!((&own.title, own.last_modified), (&article.title, article.last_modified));
            }
        }
    }
}

/// `data/unordered-products.tsv` is what the other files produce.
#[test]
fn the_list_of_unordered_products_is_current() {
    let text = fs::read_to_string(data().join("unordered-products.tsv")).unwrap();
    let listed: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let neighbours = Neighbours::new(embedded(), knowledge());
    let made: Vec<String> = neighbours.unordered().iter().map(|(product, line)| format!("{product}\t{line}")).collect();
    assert_eq!(listed, made, "cargo run --example unordered_products > data/unordered-products.tsv");
}

/// A report from the articles that were read equals the report from all, including the counts.
#[test]
fn reading_only_what_can_matter_changes_no_report() {
    let open = built_in();
    let whole = without_builds();
    let given = |fail_on| Policy { fail_on, ..Policy::default() };
    let some = Policy {
        only: Some(BTreeSet::from(["Q310626".parse().unwrap(), "Q99999".parse().unwrap()])),
        ..Policy::default()
    };
    let required =
        Policy { required: Some(vec!["Q299444".parse().unwrap(), "KB5034441".parse().unwrap()]), ..Policy::default() };
    let all_trees = [vec!["win2000"], vec!["nt4"], vec!["nt4", "win2000"]];
    for trees in all_trees.into_iter().step_by(one_of(3)) {
        let inventory = walk(&trees, &open);
        let policies = [given(FailOn::Missing), given(FailOn::Unknown), some.clone(), required.clone()];
        for policy in policies.into_iter().step_by(one_of(2)) {
            let relevant = Relevant::of(&open, &inventory, knowledge(), &policy).unwrap();
            let mut read = json(&relevant, &inventory, &policy);
            let all = json(&Relevant::whole(&whole), &inventory, &policy);
            if policy.only.is_none() {
                let of_builds = (open.len() - whole.articles().len()) as u64;
                let count = read["summary"]["not_applicable"].as_u64().unwrap() - of_builds;
                read["summary"]["not_applicable"] = count.into();
            }
            for (key, of_all) in all.as_object().unwrap() {
                assert!(read[key] == *of_all, "{trees:?} {policy:?}: {key}");
            }
        }
    }
}

/// The same if no system is known, so that thousands of articles are not judged.
#[test]
fn articles_that_cannot_be_judged_are_counted_unread() {
    let open = built_in();
    let inventory = inventory(vec![tagged("tapisrv.exe", "4.0.1381.7086", "4.00")]);
    let relevant = Relevant::of(&open, &inventory, knowledge(), &Policy::default()).unwrap();
    let read = assess::Judge::new(&relevant, &inventory, knowledge(), &Policy::default()).assess();
    let whole = without_builds();
    let all = assess::assess(&whole, &inventory, knowledge(), &Policy::default());
    assert_eq!(read.not_judged, all.not_judged);
    assert!(read.lacking_profile > 6_000 && read.lacking_profile == all.lacking_profile);
    assert!(relevant.catalog().articles().len() < 100);
}

const TEXT: &str = "hotfixcheck-catalog\t1
A\tQ100001\t2001-11-03\tMS02-018: Lamp Stays Lit
P\tWindows NT Server 4.0
C\tCVE-2002-0001
F\t12\ttable\tLamp.dll\t4.0.1381.7105
A\tQ100002\t\tPack Only
S\tWindows NT 4.0\t4
A\tKB5000001\t\tBuild
D\tWindows 10 22H2\t19045.3930
";

fn compiled(text: &str) -> Vec<u8> {
    CompiledCatalog::compile("test.tsv", text, &[]).unwrap()
}

#[test]
fn articles_are_found_by_what_names_them() {
    let open = OpenCatalog::of_compiled(CompiledCatalog::open(compiled(TEXT)).unwrap());
    let ids = |found: Vec<hotfixcheck::KbId>| found.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(ids(open.naming("ms02-018")), ["Q100001"]);
    assert_eq!(ids(open.naming("cve-2002-0001")), ["Q100001"]);
    assert_eq!(ids(open.of_file(r"C:\WINNT\LAMP.DLL")), ["Q100001"]);
    assert!(open.knows("lamp.dll") && open.knows("LAMP.dll") && !open.knows("lamp.exe"));
    assert!(open.naming("CVE-2002-0002").is_empty());
    assert_eq!(ids(open.nearest("Q100003".parse().unwrap())), ["Q100002", "Q100001"]);
    // Added articles complete and replace, as with texts.
    let other = catalog::read("hotfixcheck-catalog\t1\nA\tQ100002\t\tOther\nF\t1\tlist\tb.dll\t1.2.3.4\n").unwrap();
    let both = open.with(other).unwrap();
    assert!(both.knows("b.dll") && both.knows("lamp.dll"));
    assert_eq!(both.article("Q100002".parse().unwrap()).unwrap().unwrap().title, "Other");
    let mut all = |_: &[String], _| true;
    let wanted = Wanted { files: BTreeSet::new(), ids: BTreeSet::new(), builds: Vec::new(), packs: &mut all };
    assert_eq!(
        both.select(wanted).unwrap().articles().len(),
        1,
        "the added one, whose service pack is the first one's"
    );
}

/// Articles that only describe an update and have no fix are not counted, whatever form the catalogue has.
#[test]
fn articles_without_a_fix_are_counted_once() {
    let text = format!("{TEXT}A\tKB5000002\t\tDescribed Only\nC\tCVE-2020-0001\n");
    let inventory = inventory(vec![tagged("lamp.dll", "4.0.1381.7000", "4.00")]);
    let count = |open: &OpenCatalog| {
        let policy = Policy::default();
        let relevant = Relevant::of(open, &inventory, knowledge(), &policy).unwrap();
        let summary = json(&relevant, &inventory, &policy)["summary"].take();
        ["missing", "not_applicable", "lacking_profile"].map(|key| summary[key].as_u64().unwrap())
    };
    // The pack is for a system that is not known; builds are read only for a system of Windows 10 or later.
    assert_eq!(count(&OpenCatalog::of_text(catalog::read(&text).unwrap())), [1, 1, 1]);
    assert_eq!(count(&OpenCatalog::of_compiled(CompiledCatalog::open(compiled(&text)).unwrap())), [1, 1, 1]);
}

/// A service pack in the text counts also where the article's rows are for another system and none of their files is there: Q154174
/// has rows for Windows NT 3.51 and Windows 95 (issue 13). `explain` and `--require` said it, a scan did not.
#[test]
fn service_packs_beside_rows_for_another_system_are_judged() {
    let text = "hotfixcheck-catalog\t1\nA\tQ100005\t\tLamp\nF\t1\ttable\tlamp.dll\t3.51.1057.6\nS\tWindows NT 4.0\t4\n";
    let inventory = inventory(vec![tagged("other.dll", "4.0.1381.7000", "4.00")]);
    let releases = &knowledge().releases;
    let line = releases.line("Windows NT 4.0").unwrap().clone();
    let missing = |open: &OpenCatalog, pack: &str| {
        let pack = releases.pack(&line, pack);
        let profile = Profile { line: line.clone(), pack, source: ProfileSource::Given };
        let policy = Policy { profile: Some(profile), ..Policy::default() };
        let relevant = Relevant::of(open, &inventory, knowledge(), &policy).unwrap();
        let summary = json(&relevant, &inventory, &policy)["summary"].take();
        ["missing", "fixed", "not_applicable", "lacking_profile"].map(|key| summary[key].as_u64().unwrap())
    };
    for open in [
        OpenCatalog::of_text(catalog::read(text).unwrap()),
        OpenCatalog::of_compiled(CompiledCatalog::open(compiled(text)).unwrap()),
    ] {
        assert_eq!(missing(&open, "3"), [1, 0, 0, 0]);
        assert_eq!(missing(&open, "4"), [0, 1, 0, 0]);
    }
}

/// A catalogue gives the same report as text and compiled: of each sample, whatever its system (issue 15, point 7).
#[test]
fn text_and_compiled_form_give_the_same_report() {
    let (form, text) = (built_in(), OpenCatalog::of_text(embedded().clone()));
    let policies = [Policy::default(), Policy { fail_on: FailOn::Unknown, ..Policy::default() }];
    for sample in fs::read_dir(data().join("sample")).unwrap() {
        let sample = sample.unwrap().file_name().into_string().unwrap();
        let inventory = walk(&[&sample], &form);
        for policy in policies.iter().step_by(one_of(2)) {
            let of = |open| json(&Relevant::of(open, &inventory, knowledge(), policy).unwrap(), &inventory, policy);
            assert!(of(&text) == of(&form), "{sample}, {policy:?}");
        }
    }
}

/// No byte can be lost or changed without an error.
#[test]
fn damage_of_a_compiled_catalogue_is_named() {
    let sound = compiled(TEXT);
    for length in 0..sound.len() {
        assert!(CompiledCatalog::open(sound[..length].to_vec()).is_err(), "{length}");
    }
    for bit in 0..sound.len() * 8 {
        let mut bytes = sound.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(CompiledCatalog::open(bytes).is_err(), "bit {bit}");
    }
    let other = hotfixcheck_catalog::compile(&[hotfixcheck_catalog::Source::new("x", TEXT)], &[], "0.0.9").unwrap();
    let error = CompiledCatalog::open(other).unwrap_err();
    assert_eq!(error, OpenError::OtherVersion { made_by: "0.0.9".to_owned() });
    assert!(error.to_string().contains("'hotfixcheck catalog build'"));
}

/// Articles that state only service packs are read when the report shows them. One that cannot be read (`catalog build` makes
/// no such file) is an error all the same, and no report (issue 15, point 8).
#[test]
fn an_article_that_cannot_be_read_late_is_an_error() {
    let text = TEXT.replace("A\tQ100002\t\t", "A\tQ100002\t2001-99-99\t");
    assert!(CompiledCatalog::compile("test.tsv", &text, &[]).unwrap_err().to_string().starts_with("line 6: "));
    let source = hotfixcheck_catalog::Source::new("test.tsv", &text);
    let bytes = hotfixcheck_catalog::compile(&[source], &[], env!("CARGO_PKG_VERSION")).unwrap();
    let world = World::new(Vec::new());
    fs::write(world.path("broken.hfc"), &bytes).unwrap();
    let select = || -> (OpenCatalog, Vec<Arc<Listed>>) {
        let open = OpenCatalog::of_compiled(CompiledCatalog::open(bytes.clone()).unwrap());
        let mut all = |products: &[String], count| products == ["Windows NT 4.0"] && count == 1;
        let wanted = Wanted { files: BTreeSet::new(), ids: BTreeSet::new(), builds: Vec::new(), packs: &mut all };
        let selected = open.select(wanted).unwrap().into_articles();
        (open, selected)
    };
    let (open, selected) = select();
    assert_eq!(selected[0].id.to_string(), "Q100002");
    assert_eq!(selected[0].service_packs()[0].sp, "4");
    assert!(selected[0].states_fix() && !selected[0].has_rows() && open.damage().is_none());
    assert_eq!(selected[0].title, "");
    let what = "Q100002: expected a date as YYYY-MM-DD, found '2001-99-99'";
    assert_eq!(open.damage().unwrap().what, what);
    let mut scan = assert_cmd::Command::cargo_bin("hotfixcheck").unwrap();
    scan.args(["scan", "--os", "nt4", "--service-pack", "3", "--all", "--catalog"]);
    let output = scan.arg(world.path("broken.hfc")).arg(data().join("sample/nt4")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains(what) && output.stdout.is_empty(), "{said}");
}

/// From articles or a catalogue text to a compiled file, and a scan by it (issue 15, point 7).
#[test]
fn a_compiled_catalogue_is_built_and_used() {
    let world = World::new(Vec::new());
    let (text, form) = (world.path("mine.tsv"), world.path("mine.hfc"));
    fs::write(&text, TEXT).unwrap();
    let run = |args: &[&str]| {
        let output = assert_cmd::Command::cargo_bin("hotfixcheck").unwrap().args(args).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (text, form) = (text.to_str().unwrap(), form.to_str().unwrap());
    let (code, _, said) = run(&["catalog", "build", text, "-o", form]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert!(fs::read(form).unwrap().starts_with(b"hotfixcheck.hfc\n"));
    for format in ["table", "json"] {
        let by_text = run(&["article", "Q100001", "--catalog", text, "--format", format]);
        let by_form = run(&["article", "Q100001", "--catalog", form, "--format", format]);
        assert_eq!(by_text.0, Some(0));
        assert_eq!(by_text.1.replace(text, "CATALOGUE"), by_form.1.replace(form, "CATALOGUE"));
    }
    let mut bytes = fs::read(form).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(form, bytes).unwrap();
    let (code, _, said) = run(&["article", "Q100001", "--catalog", form]);
    assert_eq!(code, Some(2));
    assert!(said.contains("is damaged: make it again from its text"), "{said}");
}
