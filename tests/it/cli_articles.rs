//! `extract`, `article` and `catalog`, run as a user runs them: answers, errors and exit codes (issue 2).

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

const ARTICLE: &str = "DOCUMENT:Q100001  30-AUG-2000  [winnt]
TITLE   :Lamp Stays Lit
KEYWORDS:kbWinNT400sp6fix

======================================================================
RESOLUTION
==========

The English version of this fix should have the following file attributes or
later:

   Date         Time   Version       Size    File name  Platform
   -------------------------------------------------------------
   16-Oct-2001  19:23  4.0.1381.300  15,800  Lamp.dll   Intel

";

fn hotfixcheck() -> Command {
    Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
}

fn folder_with(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    fs::write(&path, text).expect("a file");
    (folder, path)
}

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn a_file_a_folder_and_standard_input_give_the_same_facts() {
    let (folder, file) = folder_with("Q100001.TXT", ARTICLE);
    let of_file = hotfixcheck().arg("extract").arg(&file).args(["--format", "json"]).output().expect("runs");
    let of_folder = hotfixcheck().arg("extract").arg(folder.path()).output().expect("runs");
    let of_input = hotfixcheck().args(["extract", "-"]).write_stdin(ARTICLE).output().expect("runs");
    assert_eq!(of_file.status.code(), Some(0));
    assert_eq!(stdout(&of_file), stdout(&of_folder));
    assert_eq!(stdout(&of_file), stdout(&of_input));
    let facts = json(&of_file);
    let row = &facts[0]["fixes"][0];
    assert_eq!(facts[0]["id"], "Q100001");
    assert_eq!(row["version"], "4.0.1381.300");
    assert_eq!(row["date"], "2001-10-16");
    assert_eq!(row["size"], 15_800);
    assert_eq!(row["machine"], "i386");
    assert_eq!(facts[0]["service_packs"][0]["sp"], "6");
}

#[test]
fn a_path_that_does_not_exist_is_exit_code_2() {
    let output = hotfixcheck().args(["extract", "no/such/place"]).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no/such/place"), "{}", stderr(&output));
}

#[test]
fn a_file_that_is_no_article_is_named_and_exit_code_3() {
    let (folder, _) = folder_with("Q100001.TXT", ARTICLE);
    fs::write(folder.path().join("shopping.txt"), "milk\nbread\n").expect("a file");
    let output = hotfixcheck().arg("extract").arg(folder.path()).output().expect("runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("shopping.txt: no article id"), "{}", stderr(&output));
    assert_eq!(json(&output).as_array().map(Vec::len), Some(1));
}

#[test]
fn a_folder_without_articles_is_exit_code_4() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = hotfixcheck().arg("extract").arg(folder.path()).output().expect("runs");
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(json(&output).as_array().map(Vec::len), Some(0));
}

/// Issue 18: an empty catalogue was written, with which every scan is clean.
#[test]
fn a_catalogue_without_articles_is_not_written() {
    let (folder, _) = folder_with("shopping.txt", "milk");
    let out = folder.path().join("mine.tsv");
    std::fs::write(&out, "the old one").expect("a file");
    let mut command = hotfixcheck();
    let output = command.args(["catalog", "build"]).arg(folder.path().join("shopping.txt")).arg("-o").arg(&out);
    let output = output.output().expect("runs");
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("no Knowledge Base article found"), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(&out).expect("it is there"), "the old one");
}

#[test]
fn article_shows_what_the_built_in_catalogue_knows() {
    let table = hotfixcheck().args(["article", "kb 265433"]).output().expect("runs");
    assert_eq!(table.status.code(), Some(0));
    let text = stdout(&table);
    for expected in ["Q265433", "Rpcss.exe", "106,768", "2000-07-25", "19:54", "Alpha", "Windows NT Server 4.0"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let output = hotfixcheck().args(["article", "Q265433", "Q310626", "--format", "json"]).output().expect("runs");
    let ids: Vec<Value> = json(&output).as_array().into_iter().flatten().map(|a| a["id"].clone()).collect();
    assert_eq!(ids, ["Q265433", "Q310626"]);
}

#[test]
fn an_article_that_the_catalogue_has_not_is_exit_code_2() {
    let output = hotfixcheck().args(["article", "Q100001"]).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("article 'Q100001' is not in the "), "{}", stderr(&output));
}

#[test]
fn a_built_catalogue_can_be_used_alone_or_on_top() {
    let (folder, file) = folder_with("Q100001.TXT", ARTICLE);
    let catalog = folder.path().join("mine.tsv");
    let built = hotfixcheck().args(["catalog", "build"]).arg(&file).arg("-o").arg(&catalog).output().expect("runs");
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    let shown = |option: &str, id: &str| {
        hotfixcheck().args(["article", id, option]).arg(&catalog).output().expect("runs").status.code()
    };
    assert_eq!(shown("--catalog", "Q100001"), Some(0));
    assert_eq!(shown("--catalog", "Q265433"), Some(2));
    assert_eq!(shown("--add-catalog", "Q100001"), Some(0));
    assert_eq!(shown("--add-catalog", "Q265433"), Some(0));
}

#[test]
fn a_build_that_fails_leaves_the_old_catalogue_whole() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let catalog = folder.path().join("mine.tsv");
    fs::write(&catalog, "old").expect("a file");
    let built = hotfixcheck().args(["catalog", "build", "no/such/place", "-o"]).arg(&catalog).output().expect("runs");
    assert_eq!(built.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&catalog).ok().as_deref(), Some("old"));
    let left: Vec<_> = fs::read_dir(folder.path()).into_iter().flatten().flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["mine.tsv"], "no temporary file is left");
}

#[test]
fn a_broken_catalogue_names_its_line() {
    let (_folder, file) = folder_with("broken.tsv", "hotfixcheck-catalog\t1\nA\tQ100001\t2000-13-01\tTitle\n");
    let output = hotfixcheck().args(["article", "Q100001", "--catalog"]).arg(&file).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("line 2: expected a date as YYYY-MM-DD, found '2000-13-01'"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn lint_names_what_an_article_announces_and_does_not_give() {
    let (folder, _) = folder_with("Q100001.TXT", &ARTICLE.replace("Lamp.dll", "").replace("4.0.1381.300", ""));
    let output = hotfixcheck().args(["catalog", "lint"]).arg(folder.path()).output().expect("runs");
    assert_eq!(output.status.code(), Some(0), "a finding is a place to look at");
    assert!(stdout(&output).contains("Q100001 line 9: announced-but-empty"), "{}", stdout(&output));
}

/// Ten locations of a kind show the problem; a catalogue has thousands (issue 18).
#[test]
fn lint_shows_ten_places_of_each_kind_unless_all_are_asked_for() {
    let row = |number| format!("|Lamp dll {number}|4.0.1381.300|\n");
    let rows: String = (0..12).map(row).collect();
    let text = format!("# KB4900402 - Cables\n\n## File information\n\n|File name|File version|\n|---|---|\n{rows}");
    let (folder, _) = folder_with("odd.md", &text);
    let lint = |option: &[&str]| {
        stdout(&hotfixcheck().args(["catalog", "lint"]).args(option).arg(folder.path()).output().expect("runs"))
    };
    let shown = |out: &str| out.matches(": rejected-line: ").count();
    let rest = "… 2 more of rejected-line (--all shows them)";
    assert!(shown(&lint(&[])) == 10 && lint(&[]).contains(rest), "{}", lint(&[]));
    assert!(shown(&lint(&["--all"])) == 12 && !lint(&["--all"]).contains(rest), "{}", lint(&["--all"]));
    assert!(shown(&lint(&["--summary"])) == 0 && lint(&["--summary"]).contains("12 rejected-line"));
}

#[test]
fn lint_names_lists_elsewhere_unread_lists_and_odd_file_names() {
    let (folder, _) = folder_with(
        "lamps.md",
        "# KB4900401 - Lamps\n\n[The files of this update](https://example.com/KB4900401.csv).\n",
    );
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write(
        "odd.md",
        "# KB4900402 - Cables\n\n## File information\n\n|File name|File version|\n|---|---|\n|Lamp dll|4.0.1381.300|\n",
    );
    // The file's name gives the id; spreadsheets pad records with empty cells.
    write(
        "KB4900403.csv",
        "File name,File version,Date,,,,,,,,,,,,,,,,\nlamp,cable,13-Mar-2010,,,,,,,,,,,,,,,,\n,,,\n",
    );
    write("KB4900404.csv", "Lamp files,,\nFile version,File name,\n");
    write("KB4900405.csv", "lamp.dll,10.0.15063.674,567,30-Sep-2017\n");
    let output = hotfixcheck().args(["catalog", "lint"]).arg(folder.path()).output().expect("runs");
    assert_eq!(output.status.code(), Some(0));
    for expected in [
        "KB4900401 line 3: files-elsewhere: the file list is elsewhere: 'KB4900401.csv'",
        "KB4900402 line 7: rejected-line: 'Lamp dll' is not a file name: 'Lamp dll'",
        "KB4900403 line 2: odd-file-name: 'lamp'",
        "KB4900404 line 2: announced-but-empty: a list of files of which no row was read",
    ] {
        assert!(stdout(&output).contains(expected), "{expected}\n{}", stdout(&output));
    }
    assert!(!stdout(&output).contains("KB4900405"), "{}", stdout(&output));
    assert!(!stderr(&output).contains("no article id"), "{}", stderr(&output));
}

/// An article whose rows were all lost is not in the catalogue: no scan would report it (issue 14).
#[test]
fn build_names_the_articles_that_it_leaves_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    let table = "The English version of this hotfix has the file attributes (or later) that are listed in the table.\n\n\
                 |File name|Version (left)|Version (right)|\n|---|---|---|\n|Lamp.dll|5.1.2600.1|5.1.2600.2|\n";
    write("lost.md", &format!("# KB4900411 - Cables\n\n## File information\n\n{table}"));
    write("none.md", "# KB4900412 - Cables\n\n## Cause\n\nThe cable is loose.\n");
    write(
        "read.md",
        "# KB4900413 - Cables\n\n## File information\n\nThe English version of this hotfix has the file attributes \
        (or later) that are listed in the table.\n\n|File name|Version|\n|---|---|\n|Lamp.dll|5.1.2600.2|\n",
    );
    let catalogue = folder.path().join("catalog.tsv");
    let output =
        hotfixcheck().args(["catalog", "build"]).arg(folder.path()).arg("-o").arg(&catalogue).output().expect("runs");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("KB4900411 is left out, no file of it could be read: line 5"),
        "{}",
        stderr(&output)
    );
    assert!(!stderr(&output).contains("KB4900412") && !stderr(&output).contains("KB4900413"), "{}", stderr(&output));
    let text = fs::read_to_string(&catalogue).expect("a catalogue");
    assert!(text.contains("KB4900413") && !text.contains("KB4900411"), "{text}");
}

#[test]
fn stats_count_the_built_in_catalogue() {
    let output = hotfixcheck().args(["catalog", "stats", "--format", "json"]).output().expect("runs");
    let stats = json(&output);
    let rows = stats["rows"].as_u64().unwrap_or_default();
    let by_kind =
        ["rows_from_tables", "rows_from_lists", "rows_from_prose"].map(|k| stats[k].as_u64().unwrap_or_default());
    assert!(rows > 8_000, "{stats}");
    assert_eq!(rows, by_kind.iter().sum::<u64>());
}

/// The catalogue in the repository is in the program's own output format.
#[test]
fn the_shipped_catalogue_is_in_its_own_format() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/catalog.tsv");
    let text = fs::read_to_string(path).expect("the catalogue");
    let catalog = hotfixcheck::catalog::read(&text).expect("reads");
    // Its head states its source and how it was made (issue 15).
    assert!(
        text.lines().any(|line| line.starts_with("# Source: "))
            && text.contains("# Made by: hotfixcheck catalog build")
    );
    let facts: String = text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    assert_eq!(hotfixcheck::catalog::write(&catalog), facts);
    assert!(catalog.articles().windows(2).all(|pair| pair[0].id < pair[1].id));
}

#[test]
fn article_gives_each_row_a_line_below_the_heading_of_its_section() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let catalog = folder.path().join("mine.tsv");
    let article = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/articles/tests/articles/table-two-products");
    let built = hotfixcheck().args(["catalog", "build"]).arg(article).arg("-o").arg(&catalog).output().expect("runs");
    assert_eq!(built.status.code(), Some(0), "{built:?}");
    let output = hotfixcheck().args(["article", "Q100007", "--catalog"]).arg(&catalog).output().expect("runs");
    let text = stdout(&output);
    let (_, table) = text.split_once("\n\n").expect("a table behind a blank line");
    let rule = "─".repeat(76);
    let expected = [
        " File       Version          Date         Time    Size     Processor   Line",
        &rule,
        "",
        " Internet Information Services 5.0",
        " Dots.dll   5.00.2195.2101   2000-07-09   15:17   46,080               27",
        "",
        " Internet Information Server 4.0",
        " Dots.dll   4.2.749.1        2000-07-08   21:34   54,272   x86         38",
        " Dots.dll   4.02.0749        2000-07-08   21:30   84,480   Alpha       39",
        "3 rows: a file with this version or a later one contains the fix",
    ];
    assert_eq!(table.lines().map(str::trim_end).collect::<Vec<_>>(), expected);
}
