//! Wrong input of a new user: the answer names its kind and gives advice (issue 18).

use std::fs;

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_articles::Article;
use hotfixcheck_testkit::pe_builder::PeBuilder;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/nt4");
const LIST: &str = "path,version,machine\nC:\\WINNT\\System32\\a.dll,4.0.1381.50,i386\n";

fn world() -> World {
    let first = Article {
        bulletins: vec!["MS02-018".into()],
        cves: vec!["CVE-2002-0079".into()],
        ..article("Q310626", vec![row("a.dll", "4.0.1381.100")])
    };
    let world = World::new(vec![first, article("Q311111", vec![row("tapisrv.exe", "4.0.1381.100")])]);
    world.pe("tree/a.dll", 50);
    world.write("list.csv", LIST.as_bytes());
    world
}

/// `results.sarif.json` and `gl-code-quality-report.json` silently got the program's own JSON (issue 18).
#[test]
fn names_that_readers_are_used_to_give_their_format() {
    let world = world();
    for (name, begins) in [
        ("results.sarif.json", "{\n  \"$schema\": \"https://json.schemastore.org/sarif"),
        ("gl-code-quality-report.json", "[\n  {\n    \"description\""),
        ("codequality.JSON", "[\n  {\n    \"description\""),
        ("report.json", "{\n  \"schema\": \"hotfixcheck.report/1\""),
    ] {
        assert_eq!(world.scan(&["tree", "--quiet", "-o", name]), (1, String::new(), String::new()), "{name}");
        assert!(fs::read_to_string(world.path(name)).unwrap().starts_with(begins), "{name}");
    }
    // If the name contradicts the format, the format is written and a message says so.
    let (code, _, err) = world.scan(&["tree", "--json", "-o", "x.html"]);
    assert!(code == 1 && err.contains("'x.html' gets the format json, which its name does not tell"), "{err}");
    for (format, name) in [("sarif", "all.json"), ("summary", "x.txt"), ("table", "x.pdf"), ("codequality", "a.json")] {
        assert_eq!(world.scan(&["tree", "--quiet", "-f", format, "-o", name]).2, "", "{format} {name}");
    }
}

/// `-f xml` got "similar value: html" (issue 18).
#[test]
fn formats_are_taken_by_the_words_that_people_know() {
    let world = world();
    for (word, format) in
        [("xml", "junit"), ("JSON", "json"), ("text", "table"), ("md", "markdown"), ("Sarif", "sarif")]
    {
        assert_eq!(world.scan(&["tree", "-f", word]), world.scan(&["tree", "-f", format]), "{word}");
    }
    let (code, out, err) = world.scan(&["tree", "--json", "--quiet"]);
    assert!(code == 1 && out.is_empty() && err.contains("--quiet: the report is not printed"), "{err}");
    assert_eq!(world.scan(&["tree", "--quiet"]), (1, String::new(), String::new()));
}

/// Bulletins, vulnerabilities and ids in the spellings of other sources (issue 18).
#[test]
fn articles_are_found_by_every_common_spelling() {
    let world = world();
    for name in [
        "MS02-18",
        "MS02018",
        "MS 02-018",
        "ms02_018",
        "CVE20020079",
        "cve_2002_0079",
        "CAN-2002-0079",
        "https://support.microsoft.com/kb/310626",
        "http://support.microsoft.com/?kbid=310626",
        "https://support.microsoft.com/en-us/help/310626/title-of-it",
        "Q310626i.exe",
        "Windows2000-KB310626-x86-ENU.EXE",
        "A.DL_",
    ] {
        let (code, out, err) = world.run(&["article", name, "--catalog", "catalog.tsv"]);
        assert!(code == 0 && out.starts_with("Q310626  Title"), "{name}: {out}{err}");
    }
    let both = world.run(&["article", "Q310626,Q311111", "--catalog", "catalog.tsv"]);
    assert_eq!(both, world.run(&["article", "Q310626", "Q311111", "--catalog", "catalog.tsv"]));
    for (name, said) in [
        ("tapisrv", "did you mean tapisrv.exe?"),
        ("tapisvr.exe", "did you mean tapisrv.exe?"),
        ("tapisrv.ex", "did you mean tapisrv.exe?"),
        ("MS0218", "is not an article"),
    ] {
        let (code, _, err) = world.run(&["article", name, "--catalog", "catalog.tsv"]);
        assert!(code == 2 && err.contains(said), "{name}: {err}");
    }
}

/// `explain PATH tapisrv.exe`, `explain PATH MS02-18`, `explain A,B PATH` were refused (issue 18).
#[test]
fn explain_takes_articles_by_any_name_in_either_order() {
    let world = world();
    let explain = |args: &[&str]| world.run(&[&["explain"], args, &["--catalog", "catalog.tsv"]].concat());
    let right = explain(&["Q310626", "tree"]);
    assert_eq!(right.0, 1);
    for name in ["a.dll", "MS02-18", "CVE-2002-0079", "310626"] {
        assert_eq!(explain(&["tree", name]), right, "{name}");
    }
    let (code, out, err) = explain(&["Q310626,Q311111", "tree"]);
    assert!(code == 1 && out.contains("Q310626  Title") && out.contains("Q311111  Title"), "{out}{err}");
}

/// The whole message was "unrecognized subcommand" (issue 18).
#[test]
fn a_first_word_that_is_no_command_is_named_with_what_to_do() {
    let world = world();
    for (word, said) in [
        ("Q310626", "'hotfixcheck article Q310626'"),
        ("MS08-067", "'hotfixcheck explain MS08-067 PATH'"),
        ("treee", "did you mean 'tree'?"),
        ("%SystemRoot%", "$env:SystemRoot"),
        ("zzz", "see 'hotfixcheck --help'"),
    ] {
        let (code, out, err) = world.run(&[word]);
        assert!(
            code == 2 && out.is_empty() && err.contains("neither a command nor a file or folder here"),
            "{word}: {err}"
        );
        assert!(err.contains(said), "{word}: {err}");
    }
}

#[test]
fn a_path_that_is_not_there_is_answered_with_what_may_be_meant() {
    let world = world();
    let error = |path: &str| world.scan(&[path]).2;
    assert!(error("tree/a.dl").contains("did you mean 'tree/a.dll'?"), "{}", error("tree/a.dl"));
    assert!(error("treee/a.dll").contains("did you mean 'tree/a.dll'?"), "{}", error("treee/a.dll"));
    assert!(error("https://support.microsoft.com/kb/310626").contains("'hotfixcheck article "));
    if cfg!(unix) {
        assert!(error(r"tree\a.dll").contains("did you mean 'tree/a.dll'?"));
        for path in [r"\\server\share\WINNT", r"\\?\C:\WINNT", "//server/share"] {
            assert!(error(path).contains("give the folder where it is mounted"), "{path}: {}", error(path));
        }
    }
}

/// Files of each kind that the program writes or meets, by name.
fn others(world: &World) -> Vec<(&'static str, &'static str)> {
    for name in ["r.json", "r.jsonl", "r.csv", "r.html", "r.sarif", "r.xml", "r.md", "r.txt"] {
        assert_eq!(world.scan(&["tree", "-o", name]).0, 1, "{name}");
    }
    let page = "<html><body><h1>Q310626: Title</h1><p>See Q310626, Q311111 and Q299444 for more.</p></body></html>";
    world.write("page.html", page.replace("><", ">\n<").as_bytes());
    world.write("hive", b"regf\0\0\0\0");
    world.write("q.pdf", b"%PDF-1.4\n");
    world.write(
        "schema.json",
        br#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"path": {}, "size": {}}}"#,
    );
    world.write("prog.exe", &PeBuilder::new().fixed([1, 0, 0, 0], [1, 0, 0, 0]).build());
    world.write("empty.csv", b"");
    let report = "a report of this program";
    vec![
        ("r.json", "report"),
        ("r.jsonl", report),
        ("r.csv", report),
        ("r.html", report),
        ("r.sarif", report),
        ("r.xml", report),
        ("r.md", report),
        ("r.txt", report),
        ("catalog.tsv", "a catalogue"),
        ("hive", "a registry hive"),
        ("q.pdf", "a PDF document"),
        ("schema.json", "a JSON schema"),
        ("prog.exe", "a program or library"),
        ("empty.csv", "an empty file"),
    ]
}

/// "this is a list of installed updates" was said of catalogues, reports and pages, and --hotfixes accepted them (issue
/// 18).
#[test]
fn what_lists_no_files_and_no_updates_is_named_where_one_is_expected() {
    let world = world();
    for (name, what) in others(&world) {
        let (code, _, err) = world.scan(&["--inventory", name]);
        assert!(code == 2 && err.contains(what) && !err.contains("list of installed updates"), "{name}: {code} {err}");
        let (code, _, err) = world.scan(&["--inventory", "list.csv", "--hotfixes", name]);
        // A machine without updates prints nothing (issue 17).
        assert!(
            name == "empty.csv" || code == 2 && err.contains(what) && err.contains("not a list of installed updates"),
            "{name}: {code} {err}"
        );
        let (code, _, err) = world.scan(&[name]);
        assert!([2, 4].contains(&code) && err.contains(what), "{name}: {code} {err}");
    }
    world.write("notes.md", b"# Notes\n\nWhat Q310626 is about.\n\nText.\n\nMore text.\n\nAnd more.\n");
    for name in ["page.html", "notes.md"] {
        let (code, _, err) = world.scan(&["--inventory", name]);
        assert!(code == 2 && !err.contains("this is a list of installed updates"), "{name}: {err}");
        let (code, _, err) = world.scan(&["--inventory", "list.csv", "--hotfixes", name]);
        assert!(code == 2 && (err.contains("not a list of") || err.contains("expected reg export")), "{name}: {err}");
    }
    // A real list is accepted, and described as one.
    world.write(
        "updates.txt",
        b"Source Description HotFixID InstalledBy\nPC1 Update KB976902 me\n\n\n\nend\nend\nend\n",
    );
    assert_eq!(world.scan(&["--inventory", "list.csv", "--hotfixes", "updates.txt"]).0, 1);
    let (code, _, err) = world.scan(&["--inventory", "updates.txt"]);
    assert!(code == 2 && err.contains("list of installed updates"), "{err}");
    let (code, _, err) = world.scan(&["updates.txt"]);
    assert!(code == 4 && err.contains("give it with --hotfixes"), "{err}");
    let (code, _, err) = world.scan(&["list.csv"]);
    assert!(code == 4 && err.contains("judge it with '--inventory list.csv'"), "{err}");
}

/// The same article of several systems was printed without their names, and called "service pack not known" (issue 18).
#[test]
fn an_explanation_names_the_system_of_several() {
    let world = world();
    let samples = ["nt4", "win2000", "windows7"].map(|name| SAMPLE.replace("nt4", name));
    let samples = samples.each_ref().map(String::as_str);
    let (_, out, _) = world.run(&[&["explain", "Q324232"], &samples[..]].concat());
    assert_eq!(out.matches("\n  system    ").count(), out.matches("Q324232  ").count(), "{out}");
    assert!(out.contains("win2000: Windows 2000"), "{out}");
    let (_, out, _) = world.run(&[&["scan", "--kb", "Q324232"], &samples[..]].concat());
    assert!(out.contains("found Service Pack 2"), "{out}");
}

/// A waived article is one of the missing ones, not an additional one (issue 18).
#[test]
fn waived_articles_are_counted_among_the_missing() {
    let world = world();
    let waiver = "[[waiver]]\nkb = \"Q310626\"\nreason = \"not wanted\"\nexpires = 2027-01-01\n";
    world.write("hotfixcheck.toml", waiver.as_bytes());
    let (code, out, _) = world.scan(&["tree"]);
    assert!(code == 0 && out.contains("1 missing\n") && out.contains("1 of them waived"), "{out}");
}

/// The answer for a host of a fleet has the words of a scan of that host alone; the fleet's numbers name the fixes
/// (issue 18).
#[test]
fn a_fleet_is_answered_in_the_words_of_one_host() {
    let world = world();
    for name in ["hosts/one.csv", "hosts/two.csv"] {
        world.write(name, LIST.as_bytes());
    }
    let alone = world.scan(&["--inventory", "hosts/one.csv", "--one-line"]).1;
    let answer = alone.split_once(": ").unwrap().1;
    assert_eq!(world.scan(&["--inventory", "hosts", "--one-line"]).1, format!("one: {answer}two: {answer}"));
    let (_, out, _) = world.scan(&["--inventory", "hosts", "--summary"]);
    assert!(out.contains("1 fix to install; 2 installations on all hosts together"), "{out}");
    assert!(out.contains("0 without findings"), "{out}");
    let html = world.scan(&["--inventory", "hosts", "--format", "html"]).1;
    assert!(html.contains("<select id=\"theme\">") && html.contains("installations on all hosts"), "{html}");
}

/// `COLUMNS=0` printed one word per line; titles and lists of articles were wider than the terminal (issue 18).
#[test]
fn widths_that_the_environment_gives_are_kept() {
    let run = |columns: &str, args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        String::from_utf8(command.args(args).env("COLUMNS", columns).output().unwrap().stdout).unwrap()
    };
    let help = run("0", &["--help"]);
    assert!(help.lines().any(|line| line.chars().count() > 60), "{help}");
    for width in [60, 80] {
        let article = run(&width.to_string(), &["article", "MS08-067"]);
        let head = article.lines().take_while(|line| !line.contains("File"));
        let widest = head.map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width, "{width}: {widest}\n{article}");
    }
    let article = run("80", &["article", "MS08-067"]);
    assert!(article.contains("2008-10-17") && article.contains("5.0.2195.7203"), "not cut\n{article}");
}

/// Thousands of systems were listed before the numbers (issue 18).
#[test]
fn many_systems_are_counted_and_not_listed() {
    let world = world();
    let systems = (0..60).map(|number| format!("C:\\SYS{number}\\System32\\a.dll,4.0.1381.1,i386\n"));
    world.write("many.csv", format!("path,version,machine\n{}", systems.collect::<String>()).as_bytes());
    for format in ["summary", "table", "markdown"] {
        let (_, out, _) = world.scan(&["--inventory", "many.csv", "--format", format]);
        assert!(out.contains("and 40 more systems"), "{format}: {out}");
        assert_eq!(out.matches("System  ").count().max(out.matches("| System |").count()), 21, "{format}: {out}");
    }
}

/// Issue 13: the shortest reports say that the system is in doubt, too. The kernel is of a later Windows than the name given.
#[test]
fn the_shortest_reports_say_doubts() {
    let folder = tempfile::TempDir::new().unwrap();
    let list = folder.path().join("list.csv");
    let rows = "path,size,version\nC:\\WINNT\\system32\\ntoskrnl.exe,1000000,5.1.2600.5512\nC:\\WINNT\\system32\\gdi32.dll,200000,5.1.2600.5512\n";
    std::fs::write(&list, rows).unwrap();
    for (format, said) in [("summary", "(system-doubtful)"), ("one-line", "; system-doubtful")] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
            .args(["scan", "--no-config", "--no-progress", "--inventory-format", "csv", "--os", "Windows 2000 SP4"])
            .args(["--format", format, "--inventory"])
            .arg(&list)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(said), "{format}: {text}{}", String::from_utf8_lossy(&output.stderr));
    }
}
