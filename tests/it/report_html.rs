//! The HTML report in a real browser: it works with mouse and keyboard, and no foreign text in it becomes markup.
//! Skipped if no Chromium is installed; outside of CI, one of these tests runs.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::chromium::Chromium;
use crate::support::kit::*;
use hotfixcheck::assess::{Judge, Policy, Relevant};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::{Entry, Problem, RelativePath};
use hotfixcheck::report::{Look, ReportFormat, RunInfo, View, render};
use hotfixcheck_articles::Article;
use hotfixcheck_winfiles::binary::BinaryError;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Titles and names that contain markup of some format.
const NASTY: [&str; 5] = [
    "</script><script>window.hacked = 1</script>",
    "<!--<script>\"'><img src=x onerror=\"window.hacked = 1\">",
    "{{ window.hacked = 1 }} ${window.hacked = 1} \u{2028}\u{2029}\u{1b}[2J\u{202e}\u{ffff}",
    "</td></tr></table></noscript></style></title><svg onload=window.hacked=1>",
    "' onclick='window.hacked = 1' x='&lt;b&gt;",
];

pub(crate) fn html(articles: Vec<Article>, entries: Vec<Entry>) -> (View, Vec<u8>) {
    let catalog: Catalog = articles.into_iter().collect();
    let problem = Problem { root: 0, path: RelativePath::from(NASTY[1]), what: NASTY[0].to_owned() };
    let inventory = hotfixcheck::inventory::Inventory { problems: vec![problem], ..inventory(entries) };
    let (knowledge, policy) = (knowledge(), Policy::default());
    let relevant = Relevant::whole(&catalog);
    let judge = Judge::new(&relevant, &inventory, knowledge, &policy);
    let run = RunInfo { catalogue: NASTY[1].to_owned(), all: true, plan: true, inactive: true, ..RunInfo::default() };
    let view = View::new(&judge, &run);
    let bytes = render(&view, ReportFormat::Html, Look::PLAIN).unwrap();
    (view, bytes)
}

/// 460 articles on files of three products: missing, fixed, unknown and partial ones.
pub(crate) fn many() -> (View, Vec<u8>) {
    let files = [
        ("Ole32.dll", "4.0.1381.1090", "Windows NT Server 4.0"),
        ("Rpcss.exe", "4.0.1381.7099", "Windows NT Server 4.0"),
        ("W3svc.dll", "4.2.700.9", "Internet Information Server 4.0"),
        ("Netman.dll", "5.0.2195.1600", "Windows 2000 Server"),
    ];
    let one = |n: usize| {
        let (name, fixed, product) = files[n % 4];
        let line = fixed.rsplit_once('.').unwrap().0;
        let (older, newer) = (format!("{line}.{}", n % 9), format!("{line}.{}", 7100 + n));
        let rows = match n % 5 {
            0 | 1 => vec![row(name, &newer)],
            2 => vec![row(name, &older)],
            3 => vec![row(name, "")],
            // The other file of Windows NT.
            _ => vec![row(name, &older), row(files[(n + 1) % 2].0, &format!("4.0.1381.{}", 7100 + n))],
        };
        let changed = format!("{}-0{}-1{}", 1996 + n % 7, 1 + n % 9, n % 10).parse().unwrap();
        let title = format!("Problem P{} of a component", n * 37 % 460);
        let products = vec![product.to_owned()];
        Article {
            title: title.into(),
            products: products.into_iter().map(Into::into).collect(),
            last_modified: Some(changed),
            ..article(&format!("Q{}", 200_000 + n * 13), rows)
        }
    };
    let mut entries: Vec<Entry> =
        files.iter().map(|(name, fixed, _)| file(&format!("WINNT/System32/{name}"), fixed)).collect();
    entries.push(file("WINNT/System32/dllcache/ole32.dll", "4.0.1381.4"));
    html((0..460).map(one).collect(), entries)
}

fn hostile() -> (View, Vec<u8>) {
    let articles = NASTY.iter().enumerate().map(|(n, nasty)| {
        let mut row = row(&format!("{nasty}.dll"), "4.0.1381.7097");
        row.section = (*nasty).to_owned().into();
        let title = (*nasty).to_owned();
        Article {
            title: title.into(),
            products: vec![(*nasty).to_owned().into()],
            ..article(&format!("Q30000{n}"), vec![row])
        }
    });
    // A slash in a name is a folder.
    let mut entries: Vec<Entry> =
        NASTY.iter().map(|nasty| file(&format!("{nasty}/{nasty}.dll"), "4.0.1381.4")).collect();
    entries.push(entry("broken/=1+1.dll", Err(BinaryError::NotExecutable)));
    let path = RelativePath::from_bytes(b"caf\xe9/=1+1.dll".to_vec());
    entries.push(Entry { path, ..file("x", "4.0.1381.4") });
    let mut articles: Vec<Article> = articles.collect();
    articles.push(article("Q300009", vec![row("=1+1.dll", "4.0.1381.7")]));
    html(articles, entries)
}

pub(crate) fn saved(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("report.html");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn sample(tree: &str, folder: &Path) -> PathBuf {
    let path = folder.join(format!("{tree}.html"));
    let status = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "scan",
            &format!("data/sample/{tree}"),
            "--all",
            "--plan",
            "--include-inactive",
            "--format",
            "html",
            "-o",
        ])
        .arg(&path)
        .status();
    assert_eq!(status.unwrap().code(), Some(1));
    path
}

#[track_caller]
pub(crate) fn assert_silent(browser: &Chromium, path: &Path) {
    assert_eq!(browser.complaints(), Vec::<&Value>::new());
    assert_eq!(browser.requests(), [format!("file://{}", path.display())]);
}

/// The text of a column of the visible rows, without text in small type.
fn column(browser: &mut Chromium, index: usize) -> Vec<String> {
    let cells = format!(
        "[...document.querySelectorAll('tr.article')].map(r => r.cells[{index}]).map(c => \
         (c.querySelector('.opener, .badge, .file, span') ?? c).textContent)"
    );
    serde_json::from_value(browser.eval(&cells)).unwrap()
}

pub(crate) fn shown(browser: &mut Chromium) -> String {
    browser.eval("document.getElementById('shown').textContent").as_str().unwrap().to_owned()
}

/// Types into the search field and waits until the table is updated.
pub(crate) fn search(browser: &mut Chromium, text: &str) {
    browser.eval("document.getElementById('search').value = ''; document.getElementById('search').focus()");
    browser.call("Input.insertText", json!({ "text": text }));
    browser.eval("new Promise(done => setTimeout(done, 300))");
}

#[test]
fn the_sample_reports_open_from_disk_in_every_look() {
    let Some(mut browser) = Chromium::start() else { return };
    let folder = TempDir::new().unwrap();
    let (_kept, long) = saved(&hostile().1);
    for path in [sample("nt4", folder.path()), sample("win2000", folder.path()), long] {
        for (width, scheme) in [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"), (320, "light")] {
            browser.look(width, scheme);
            browser.open(&path);
            assert_silent(&browser, &path);
            browser.click("#open-all");
            let widest = browser.eval("document.documentElement.scrollWidth").as_u64().unwrap();
            assert!(widest <= u64::from(width), "{}: {widest} of {width}", path.display());
            let page = browser.eval("getComputedStyle(document.body).backgroundColor");
            assert_eq!(page, if scheme == "dark" { "rgb(17, 20, 24)" } else { "rgb(244, 245, 247)" });
        }
    }
    // An explicit choice takes precedence.
    browser
        .eval("{ const e = document.getElementById('theme'); e.value = 'dark'; e.dispatchEvent(new Event('change')) }");
    assert_eq!(browser.eval("getComputedStyle(document.body).backgroundColor"), "rgb(17, 20, 24)");
}

#[test]
fn filters_and_search_show_what_matches_and_say_how_many() {
    let Some(mut browser) = Chromium::start() else { return };
    let (mut view, _) = many();
    for (n, article) in view.articles.iter_mut().enumerate() {
        article.system = Some(["tree/one", "tree/two"][n % 2].to_owned());
        if n % 5 == 0 {
            article.group.clear();
        }
    }
    let group = view.articles[1].group.clone();
    let (_folder, path) = saved(&render(&view, ReportFormat::Html, Look::PLAIN).unwrap());
    browser.look(1280, "light");
    browser.open(&path);
    assert_eq!(shown(&mut browser), format!("{} articles", view.articles.len()));
    let names: BTreeSet<&str> = view.articles.iter().map(|a| a.status.name()).collect();
    assert!(names.len() >= 4 && view.articles.len() > 400, "{names:?} {}", view.articles.len());
    for name in names {
        let number = view.articles.iter().filter(|a| a.status.name() == name).count();
        browser.click(&format!(".chip[data-status={name}]"));
        assert_eq!(shown(&mut browser), format!("{number} of {} articles", view.articles.len()), "{name}");
        let badges: BTreeSet<String> = column(&mut browser, 1).into_iter().collect();
        let words = if name == "partial" { "half-installed".to_owned() } else { name.replace('-', " ") };
        assert_eq!(badges, BTreeSet::from([words]));
        browser.click("#reset");
    }
    for (list, value, number) in [
        ("product", format!("={group}"), view.articles.iter().filter(|a| a.group == group).count()),
        ("product", "=".to_owned(), view.articles.iter().filter(|a| a.group.is_empty()).count()),
        (
            "system",
            "tree/one".to_owned(),
            view.articles.iter().filter(|a| a.system.as_deref() == Some("tree/one")).count(),
        ),
    ] {
        assert!(number > 0 && number < view.articles.len(), "{list} {value}");
        browser.eval(&format!(
            "{{ const e = document.getElementById('{list}'); e.value = {value:?}; e.dispatchEvent(new Event('change')) }}"
        ));
        assert_eq!(shown(&mut browser), format!("{number} of {} articles", view.articles.len()), "{list} {value}");
        browser.click("#reset");
    }

    browser.click("#only-left");
    let left = view.articles.iter().filter(|a| a.superseded_by.is_empty()).count();
    assert_eq!(shown(&mut browser), format!("{left} of {} articles", view.articles.len()));
    browser.click("#reset");

    // By id, by words of the title in any order, by the name of a file, by reason.
    search(&mut browser, "q200013");
    assert_eq!(column(&mut browser, 0), ["Q200013"]);
    search(&mut browser, "COMPONENT problem p459");
    assert_eq!(column(&mut browser, 2), ["Problem P459 of a component"]);
    search(&mut browser, "version-older");
    let older = view.articles.iter().filter(|a| a.findings.iter().any(|f| f.reason.code() == "version-older")).count();
    assert_eq!(shown(&mut browser), format!("{older} of {} articles", view.articles.len()));
    search(&mut browser, "no such thing");
    assert_eq!(shown(&mut browser), format!("0 of {} articles", view.articles.len()));
    browser.click("#reset-none");
    assert_eq!(shown(&mut browser), format!("{} articles", view.articles.len()));
    assert_silent(&browser, &path);
}

/// A piece of a text in natural order: numbers by their value, before letters.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Space,
    Number(u64),
    Letter(char),
}

fn natural(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut digits = String::new();
    for c in text.to_lowercase().chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        pieces.extend(std::mem::take(&mut digits).parse().map(Piece::Number));
        pieces.push(if c.is_alphabetic() { Piece::Letter(c) } else { Piece::Space });
    }
    pieces
}

#[test]
fn every_column_sorts_both_ways() {
    let Some(mut browser) = Chromium::start() else { return };
    let (_folder, path) = saved(&many().1);
    browser.look(1280, "light");
    browser.open(&path);
    let severity =
        ["missing", "half-installed", "likely missing", "unknown", "likely fixed", "fixed", "not applicable"];
    let rank = |text: &str| severity.iter().position(|s| *s == text);
    for index in 0..7 {
        for _ in 0..2 {
            let head = format!("#table thead th:nth-child({})", index + 1);
            browser.click(&format!("{head} button"));
            let direction = browser.eval(&format!("document.querySelector({head:?}).getAttribute('aria-sort')"));
            let sorted = browser.eval("document.querySelectorAll('[aria-sort]').length");
            assert_eq!(sorted, 1);
            let texts = column(&mut browser, index);
            let order = |a: &String, b: &String| match index {
                1 => rank(a).cmp(&rank(b)),
                _ => natural(a).cmp(&natural(b)),
            };
            let wrong = if direction == "ascending" { Ordering::Greater } else { Ordering::Less };
            let pair = texts.windows(2).find(|pair| order(&pair[0], &pair[1]) == wrong && !pair[1].is_empty());
            assert_eq!((texts.len() >= 200, pair), (true, None), "column {index}, {direction}");
        }
    }
}

#[test]
fn a_row_opens_by_click_by_key_and_by_link() {
    let Some(mut browser) = Chromium::start_in_every_run() else { return };
    let (view, bytes) = many();
    let (_folder, path) = saved(&bytes);
    browser.look(1280, "light");
    browser.open(&path);
    let open = "[...document.querySelectorAll('.opener[aria-expanded=true]')].map(b => b.textContent).join()";
    let texts = column(&mut browser, 0);
    browser.click("tr.article:nth-child(2) td:nth-child(3)");
    assert_eq!(browser.eval(open), texts[1]);
    let detail = browser.eval("document.querySelector('tr.detail').textContent");
    let detail = detail.as_str().unwrap();
    let article = view.articles.iter().find(|a| a.id.to_string() == texts[1]).unwrap();
    for finding in article.findings.iter().filter(|f| f.file.is_some()) {
        let file = finding.file.as_ref().unwrap();
        let version = file.fixed_version.unwrap().to_string();
        for part in [&file.path.path, finding.reason.code(), finding.description, &version, "2001-09-09 01:46:40 UTC"] {
            assert!(detail.contains(part), "{part} in {detail}");
        }
    }
    let link = browser.eval("document.querySelector('tr.detail a').href");
    assert_eq!(link, format!("https://support.microsoft.com/kb/{}", article.id.number()));

    // The keyboard: each control can be reached from the search field; space and return open and close.
    browser.click("tr.article:nth-child(2) td:nth-child(3)");
    assert_eq!(browser.eval(open), "");
    browser.eval("document.querySelector('#table thead th:last-child button').focus()");
    browser.key("Tab");
    assert_eq!(browser.eval("document.activeElement.textContent"), texts[0]);
    for key in ["Enter", " "] {
        browser.key(key);
        assert_eq!(browser.eval(open), texts[0], "{key:?}");
        let controlled = "document.getElementById(document.activeElement.getAttribute('aria-controls')).className";
        assert_eq!(browser.eval(controlled), "detail");
        browser.key(key);
        assert_eq!(browser.eval(open), "", "{key:?}");
    }

    // A link of the list, and one to a row that is far down.
    browser.click(".group li a");
    browser.eval("new Promise(done => setTimeout(done, 50))");
    assert_eq!(browser.eval("document.activeElement.getAttribute('aria-expanded')"), "true");
    let last = view.articles.iter().map(|a| a.id.to_string()).find(|id| !texts.contains(id)).unwrap();
    browser.eval(&format!("location.hash = {last:?}; new Promise(done => setTimeout(done, 50))"));
    assert_eq!(browser.eval("document.activeElement.textContent"), last);
    assert_silent(&browser, &path);
}

#[test]
fn nothing_from_outside_is_markup() {
    let Some(mut browser) = Chromium::start() else { return };
    let (view, bytes) = hostile();
    let (_folder, path) = saved(&bytes);
    browser.look(1280, "light");
    browser.open(&path);
    browser.click("#open-all");
    assert_silent(&browser, &path);
    assert_eq!(browser.eval("window.hacked === undefined"), true);
    assert_eq!(browser.eval("document.scripts.length"), 2);
    assert_eq!(browser.eval("document.querySelectorAll('img, iframe, [onclick], [onload], [onerror]').length"), 0);
    let titles = column(&mut browser, 2);
    assert_eq!(titles.len(), view.articles.len());
    for nasty in NASTY {
        let text = hotfixcheck::report::visible(nasty).replace('\u{ffff}', "\\u{ffff}");
        assert!(titles.contains(&text), "{text} in {titles:#?}");
        let body = browser.eval("document.body.textContent");
        let (name, file) = (format!("{text}.dll"), body.as_str().unwrap().matches(&text).count());
        assert!(file > 4, "{name}: {file}");
    }
    assert!(browser.eval("document.body.textContent").as_str().unwrap().contains("Bytes of the path: 636166e92f3d"));
}

#[test]
fn paper_has_every_row_and_no_controls() {
    let Some(mut browser) = Chromium::start() else { return };
    let (view, bytes) = many();
    let (_folder, path) = saved(&bytes);
    browser.look(1280, "dark");
    browser.open(&path);
    assert!(column(&mut browser, 0).len() < view.articles.len());
    browser.eval(
        "addEventListener('beforeprint', () => { window.onPaper = [document.querySelectorAll('tr.article').length] })",
    );
    let pdf = browser.call("Page.printToPDF", json!({}));
    assert!(pdf["data"].as_str().unwrap().starts_with("JVBERi0"));
    assert_eq!(browser.eval("window.onPaper[0]"), view.articles.len());
    assert!(column(&mut browser, 0).len() < view.articles.len());
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    assert_eq!(browser.eval("getComputedStyle(document.querySelector('.tools')).display"), "none");
    assert_eq!(browser.eval("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
}

#[test]
fn without_script_the_table_is_still_read() {
    let Some(mut browser) = Chromium::start() else { return };
    let (view, bytes) = many();
    let (_folder, path) = saved(&bytes);
    browser.look(1280, "light");
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.open(&path);
    let seen = "[...document.querySelectorAll('tr.article')].filter(r => r.getBoundingClientRect().height > 10).length";
    assert_eq!(browser.eval(seen), view.articles.len());
    assert_eq!(browser.eval("document.querySelector('noscript').textContent.includes('JavaScript')"), true);
    assert_eq!(browser.eval("getComputedStyle(document.querySelector('.tools')).display"), "none");
}
