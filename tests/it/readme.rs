//! The README shows the program's output (issue 12, point 4).

use std::fs;
use std::path::Path;
use std::process::Command;

/// The text of the README below a line, without its indentation: `lines` lines of it, or to the end of the block.
fn shown(after: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let mut lines = text.lines().skip_while(|line| !line.contains(after)).skip(1).skip_while(|line| line.is_empty());
    let block: Vec<&str> =
        lines.by_ref().map_while(|line| line.strip_prefix("    ").or(line.is_empty().then_some(""))).collect();
    block.join("\n").trim_end().to_owned()
}

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .env("COLUMNS", "100")
        .output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[test]
fn the_scan_that_the_readme_shows_is_what_is_printed() {
    let printed = printed(&["scan", "data/sample/win2000", "--no-config"]);
    assert_eq!(shown("$ hotfixcheck scan data/sample/win2000"), printed.trim_end());
}

#[test]
fn the_readme_counts_the_catalogue_as_the_program_does() {
    let (shown, printed) = (shown("`hotfixcheck catalog stats` counts them:"), printed(&["catalog", "stats"]));
    assert!(shown.lines().count() > 8 && printed.starts_with(&shown), "{shown}\n---\n{printed}");
}
