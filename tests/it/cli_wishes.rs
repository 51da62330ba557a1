//! First attempts of a new user: each works, or the message gives advice (issue 18).

use std::fs;
use std::path::Path;

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_articles::Article;
use hotfixcheck_testkit::thorough::one_of;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/nt4");

/// Q310626 requires 4.0.1381.100 of a.dll, Q311111 of b.dll; the bulletin and the vulnerability are those of the first.
fn articles() -> Vec<Article> {
    let first = Article {
        bulletins: vec!["MS02-018".into()],
        cves: vec!["CVE-2002-0079".into()],
        ..article("Q310626", vec![row("a.dll", "4.0.1381.100")])
    };
    vec![first, article("Q311111", vec![row("b.dll", "4.0.1381.100")])]
}

fn world() -> World {
    let world = World::new(articles());
    world.pe("tree/a.dll", 50);
    world.pe("tree/b.dll", 200);
    world
}

fn ids(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
fn a_path_alone_is_scanned() {
    let world = world();
    let scanned = world.run(&["scan", SAMPLE]);
    assert_eq!(scanned.0, 1);
    assert_eq!(world.run(&[SAMPLE]), scanned);
    assert_eq!(world.run(&["--kb", "Q310626", SAMPLE]), world.run(&["scan", "--kb", "Q310626", SAMPLE]));
    // A mistyped command's name is still reported as one.
    let (code, _, err) = world.run(&["scna"]);
    assert!(code == 2 && err.contains("'scan'"), "{err}");
}

#[test]
fn formats_have_short_options() {
    let world = world();
    let json = world.scan(&["tree", "--format", "json"]);
    assert_eq!(world.scan(&["tree", "--json"]), json);
    assert_eq!(world.scan(&["tree", "-f", "json"]), json);
    assert_eq!(world.scan(&["tree", "--summary"]), world.scan(&["tree", "--format", "summary"]));
    let line = world.scan(&["tree", "--one-line"]).1;
    assert_eq!(line, "tree: 1 fix to install (exit code 1)\n");
    assert_eq!(world.scan(&["tree", "--format", "ids"]).1, "Q310626\n");
    let line = world.scan(&["tree", "--one-line", "--fail-on", "never"]).1;
    assert_eq!(line, "tree: 1 fix to install; not counted (--fail-on never): 1 missing (exit code 0)\n");
    // An article that is missing twice is listed once.
    world.pe("other/a.dll", 50);
    let (_, both, _) = world.scan(&["tree", "other", "--format", "ids"]);
    assert_eq!(both, "Q310626\n");
    let (code, _, err) = world.scan(&["tree", "--json", "--summary"]);
    assert!(code == 2 && err.contains("cannot be used with"), "{err}");
}

#[test]
fn the_format_follows_the_extension_of_the_output() {
    let world = world();
    for (name, begins) in [
        ("r.html", "<!DOCTYPE html>"),
        ("r.json", "{\n  \"schema\": \"hotfixcheck.report/1\""),
        ("r.jsonl", "{\"record\":\"run\""),
        ("r.csv", "record,kb,"),
        ("r.md", "## hotfixcheck: "),
        ("r.SARIF", "{\n  \"$schema\": "),
        ("r.xml", "<?xml "),
        ("r.txt", "hotfixcheck "),
        ("r", "hotfixcheck "),
    ] {
        assert_eq!(world.scan(&["tree", "--quiet", "-o", name]), (1, String::new(), String::new()), "{name}");
        let text = fs::read_to_string(world.path(name)).unwrap();
        assert!(text.starts_with(begins), "{name}: {}", &text[..text.len().min(80)]);
    }
    // An unknown extension does not silently give a table.
    let (code, _, err) = world.scan(&["tree", "-o", "r.pdf"]);
    assert!(code == 2 && err.contains("'r.pdf' is not that of a report format"), "{err}");
    assert!(!world.path("r.pdf").exists());
    assert_eq!(world.scan(&["tree", "--format", "table", "-o", "r.pdf"]).0, 1);
    // Several at once; an explicit format takes precedence.
    world.scan(&["tree", "-o", "s.csv", "-o", "s.md"]);
    assert!(fs::read_to_string(world.path("s.csv")).unwrap().starts_with("record,"));
    assert!(fs::read_to_string(world.path("s.md")).unwrap().starts_with("## "));
    world.scan(&["tree", "--format", "table", "-o", "t.json"]);
    assert!(fs::read_to_string(world.path("t.json")).unwrap().starts_with("hotfixcheck "));
}

#[test]
fn articles_are_named_by_id_bulletin_vulnerability_and_file() {
    let world = world();
    let asked = |kb: &str| {
        let json = world.scan(&["tree", "--json", "--kb", kb]).1;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let ids = json["articles"].as_array().unwrap().iter().map(|article| article["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(asked("310626"), ["Q310626"]);
    assert_eq!(asked("Q311111,KB310626"), ["Q311111", "Q310626"]);
    for name in ["MS02-018", "ms02-018", "CVE-2002-0079", "a.dll", "A.DLL"] {
        assert_eq!(asked(name), ["Q310626"], "{name}");
        let (code, out, _) = world.run(&["article", name, "--catalog", "catalog.tsv"]);
        assert!(code == 0 && out.starts_with("Q310626  Title"), "{name}: {out}");
        let (code, out, _) = world.run(&["explain", name, "tree", "--catalog", "catalog.tsv"]);
        assert!(code == 1 && out.starts_with("Q310626  Title"), "{name}: {out}");
    }
    for (name, said) in [
        ("MS99-999", "no article of 'MS99-999' is in the catalog.tsv catalogue"),
        ("CVE-2999-1234", "no article of 'CVE-2999-1234'"),
        ("c.dll", "no article in the catalog.tsv catalogue lists a file 'c.dll'"),
        ("tree", "'tree' is not an article: expected an id (Q265433"),
        ("Q310625", "did you mean Q310626?"),
    ] {
        let (code, _, err) = world.scan(&["tree", "--kb", name]);
        assert!(code == 2 && err.contains(said), "{name}: {err}");
    }
}

#[test]
fn many_articles_of_a_file_are_a_list() {
    let world = World::new(vec![
        article("Q310626", vec![row("a.dll", "4.0.1381.100")]),
        article("Q311111", vec![row("A.DLL", "4.0.1381.200")]),
    ]);
    let (code, out, _) = world.run(&["article", "a.dll", "--catalog", "catalog.tsv"]);
    assert_eq!((code, ids(&out).len()), (0, 2), "{out}");
    assert!(out.starts_with("Q310626   2002-05-08 Title of Q310626\nQ311111"), "{out}");
}

#[test]
fn explain_takes_path_and_article_in_either_order() {
    let world = world();
    let catalog = ["--catalog", "catalog.tsv"];
    let right = world.run(&[&["explain", "Q310626", "tree"][..], &catalog].concat());
    assert_eq!(right.0, 1);
    assert_eq!(world.run(&[&["explain", "tree", "Q310626"][..], &catalog].concat()), right);
    let (code, _, err) = world.run(&["explain", "tree"]);
    assert!(code == 2 && err.contains("'hotfixcheck explain Q310626 tree'"), "{err}");
}

#[test]
fn a_snapshot_given_as_path_is_judged_as_an_inventory() {
    let world = world();
    let (code, _, err) = world.run(&["inventory", "tree", "-o", "host.json", "--catalog", "catalog.tsv"]);
    assert_eq!((code, err.as_str()), (0, "hotfixcheck: 2 files recorded in 'host.json'\n"));
    assert_eq!(world.scan(&["host.json"]), world.scan(&["--inventory", "host.json"]));
    assert_eq!(world.scan(&["host.json"]), world.scan(&["tree"]));
}

/// Nothing that was given is ignored silently.
#[test]
fn snapshots_given_as_paths_are_many_hosts_or_are_named() {
    let world = world();
    for name in ["one.json", "two.json", "hosts/three.json"] {
        fs::create_dir_all(world.path("hosts")).unwrap();
        assert_eq!(world.run(&["inventory", "tree", "-o", name, "--catalog", "catalog.tsv"]).0, 0);
    }
    let both = world.scan(&["one.json", "two.json", "--one-line"]);
    assert_eq!(both, world.scan(&["--inventory", "one.json", "--inventory", "two.json", "--one-line"]));
    let (code, _, err) = world.scan(&["one.json", "tree"]);
    assert!(code == 2 && err.contains("'one.json' is an inventory, and 'tree' is not"), "{err}");
    let (code, _, err) = world.scan(&["hosts"]);
    assert!(code == 4 && err.contains("'--inventory hosts'"), "{err}");
    let (code, _, err) = world.run(&["explain", "Q310626", "hosts", "--catalog", "catalog.tsv"]);
    assert!(code == 4 && err.contains("'--inventory hosts'"), "{err}");
    fs::write(world.path("hosts.jsonl"), "{\"host\":\"a\",\"path\":\"x\"}\n{\"host\":\"b\",\"path\":\"y\"}\n").unwrap();
    let (code, _, err) = world.scan(&["--inventory", "hosts.jsonl"]);
    assert!(code == 2 && err.contains("judge --stdin"), "{err}");
    assert_eq!(world.scan(&["tree", "-o", "old.json"]).0, 1);
    let (code, _, err) = world.scan(&["old.json"]);
    assert!(code == 4 && err.contains("is a report of this program"), "{err}");
}

/// The message about an unreadable input never needs a second opening of a pipe.
#[cfg(unix)]
#[test]
fn a_pipe_without_an_inventory_is_an_error_that_ends() {
    let world = world();
    let pipe = world.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::write(pipe, "{\"host\":\"a\"}\n{\"host\":\"b\"}\n")
    });
    let (code, _, err) = world.scan(&["--inventory", "pipe"]);
    assert!(code == 2 && err.contains("cannot read inventory 'pipe'"), "{err}");
    writer.join().unwrap().unwrap();
}

#[test]
fn a_folder_of_windows_files_is_not_a_folder_of_inventories() {
    let world = world();
    let (code, _, err) = world.scan(&["--inventory", "tree"]);
    assert!(code == 2 && err.contains("scan it with 'hotfixcheck scan tree'"), "{err}");
}

#[test]
fn a_path_that_is_not_there_gets_advice() {
    let world = world();
    let error = |path: &str| {
        let (code, out, err) = world.scan(&[path]);
        assert_eq!((code, out.as_str()), (2, ""), "{path}");
        err
    };
    assert!(error("nowhere").ends_with("cannot read 'nowhere': file not found\n"));
    if cfg!(unix) {
        assert!(error(r"C:\WINNT").contains("this is a path of Windows"));
        assert!(error("TREE").contains("did you mean 'tree'?"));
        assert!(error("TREE/A.DLL").contains("did you mean 'tree/a.dll'?"));
    }
}

#[test]
fn containers_that_are_not_read_are_named_with_what_to_do() {
    let world = world();
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    // Text that was packed by `gzip -n`.
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\xc8\xe4\x02\0zz\x6f\xed\x03\0\0\0".to_vec();
    for (name, bytes, code, what) in [
        ("x.zip", b"PK\x03\x04....".to_vec(), 2, "damaged zip archive: it has no directory at its end"),
        ("x.7z", b"7z\xbc\xaf\x27\x1c..........".to_vec(), 2, "7-Zip archive: not read; unpack it and scan the folder"),
        ("x.gz", gzip, 4, "a gzip file without a tar archive, which is not read: unpack it"),
        ("x.tar", tar, 4, "a damaged tar archive"),
    ] {
        world.write(name, &bytes);
        let (given, _, err) = world.scan(&[name]);
        assert!(given == code && err.contains(what), "{name}: {given} {err}");
    }
}

#[test]
fn an_article_that_does_not_apply_is_answered_with_the_reason() {
    let world = world();
    fs::remove_file(world.path("tree/a.dll")).unwrap();
    let (code, out, _) = world.scan(&["tree", "--kb", "Q310626"]);
    assert_eq!(code, 0);
    assert!(out.contains("Q310626 does not apply here\n"), "{out}");
    assert!(out.contains("Q310626    does not apply: a.dll: There is no file of this name"), "{out}");
}

#[test]
fn tables_fit_their_width_and_names_are_not_cut() {
    for width in [60, 72, 80, 100, 132, 160, 200] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
            .args(["scan", SAMPLE])
            .env("COLUMNS", width.to_string())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        // A path that is longer than the line is not split, so that it can be copied.
        let widest = text.lines().filter(|line| !line.contains(SAMPLE)).map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width, "{width}: {widest}\n{text}");
        assert!(
            text.contains("TAPISRV.EXE") && text.contains("inetsrv") && text.contains("4.0.1381.7097"),
            "{width}:\n{text}"
        );
    }
}

/// The answers of `explain` and `identify`, too (issue 18).
#[test]
fn explanations_fit_their_width() {
    for (width, args) in [60, 100, 160]
        .into_iter()
        .step_by(one_of(3))
        .flat_map(|width| [["explain", "Q310626", SAMPLE], ["identify", SAMPLE, SAMPLE]].map(|args| (width, args)))
    {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        let output = command.args(args).env("COLUMNS", width.to_string()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        // A path that is longer than the line is not split.
        let lines = text.lines().filter(|line| line.trim_start().contains(' ') && !line.contains(SAMPLE));
        let widest = lines.map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width, "{width}: {widest}\n{text}");
    }
}

#[test]
fn colour_can_be_forced_into_a_pipe() {
    let coloured = |force: &str, refuse: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
            .args(["scan", SAMPLE])
            .env("CLICOLOR_FORCE", force)
            .env("NO_COLOR", refuse)
            .output()
            .unwrap();
        output.stdout.contains(&0x1b)
    };
    assert_eq!([coloured("1", ""), coloured("0", ""), coloured("1", "1")], [true, false, false]);
}

#[test]
fn the_first_screen_of_help_is_short_and_grouped() {
    let world = world();
    let out = world.run(&["--help"]).1;
    assert!(out.lines().count() <= 32, "{out}");
    let out = world.run(&["scan", "--help"]).1;
    for group in ["Input:", "Selection:", "Output:", "System:", "Policy:", "Catalogue:"] {
        assert!(out.lines().any(|line| line == group), "{group}: {out}");
    }
    let short = world.run(&["scan", "-h"]).1;
    assert!(short.lines().count() < out.lines().count() / 2, "{short}");
}

/// "5 to install", "10 missing" and "8 superseded" are three counts: every report for people uses the same words for the
/// same number.
#[test]
fn every_report_for_people_counts_alike() {
    let world = world();
    let report = |format: &str| world.run(&["scan", SAMPLE, "--format", format]).1;
    let answer = "5 fixes to install; they replace 8 more missing fixes";
    for format in ["table", "summary", "one-line", "markdown", "html"] {
        assert!(report(format).contains(answer), "{format}");
    }
    assert_eq!(ids(&report("ids")).len(), 5);
    let json: serde_json::Value = serde_json::from_str(&report("json")).unwrap();
    let s = &json["summary"];
    let number = |name: &str| s[name].as_u64().unwrap();
    assert_eq!(number("missing") + number("partial") + number("likely_missing"), 5 + 8);
    assert_eq!(number("superseded"), 8);
    let all = world.run(&["scan", SAMPLE, "--all", "--format", "ids"]).1;
    assert_eq!(ids(&all).len(), 13, "with --all superseded ones, too");
    assert!(Path::new(SAMPLE).is_dir());
}
