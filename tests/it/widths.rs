//! Answers for people fit the width of their terminal, and no name, date or word is cut (issue 18).

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_testkit::thorough::one_of;

/// The program's output for a width in COLUMNS.
fn printed(columns: &str, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
    let output = command.args(args).env("COLUMNS", columns).env_remove("NO_COLOR").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn words(text: &str) -> BTreeSet<&str> {
    let is_drawn = |word: &&str| word.chars().any(char::is_alphanumeric);
    text.split_whitespace().map(|word| word.trim_end_matches(',')).filter(is_drawn).collect()
}

fn too_wide(text: &str, columns: usize) -> Vec<&str> {
    text.lines().filter(|line| line.chars().count() > columns).collect()
}

/// An article with a long title, a long list of products, and rows of every column.
fn world() -> World {
    let of_row = |place: usize| {
        Fix {
            date: Some(jiff::civil::date(2008, 10, 17)),
            time: Some("02:13".parse().unwrap()),
            size: Some(1_048_576),
            ..row(&format!("a_rather_long_name_{place}.dll"), "5.2.3790.4392")
        }
        .with(|cells| {
            cells.section = "Windows Server 2003, all supported editions for computers with Itanium processors".into();
            cells.platform = Some("IA-64".into());
            cells.sp_requirement = Some("SP2".into());
            cells.branch = Some("SP2QFE".into());
        })
    };
    let long =
        "A vulnerability in the server service of all supported systems could allow code that an attacker sends to run";
    World::new(vec![Article {
        title: long.into(),
        products: vec![
            "Microsoft Windows Server 2003, Enterprise Edition for Itanium-based Systems with Service Pack 2".into(),
        ],
        ..article("KB958644", (0..5).map(of_row).collect())
    }])
}

#[test]
fn articles_statistics_and_lint_keep_to_the_width() {
    let world = world();
    let catalog = world.path("catalog.tsv");
    let catalog = catalog.to_str().unwrap();
    // Lint reads every article, which takes long: outside of CI those of a small catalogue.
    let lint = [&["catalog", "lint", "--catalog", catalog][..], &["catalog", "lint"]];
    let lint = lint.into_iter().step_by(one_of(2));
    for args in lint.chain([
        &["article", "KB958644", "--catalog", catalog][..],
        &["article", "KB958644"],
        &["article", "tapisrv.exe"],
        &["catalog", "stats"],
        &["catalog", "stats", "--catalog", catalog],
    ]) {
        let wide = printed("400", args);
        for columns in [60, 72, 80, 100, 120, 160, 200].into_iter().step_by(one_of(4)) {
            let text = printed(&columns.to_string(), args);
            let wide_lines = too_wide(&text, columns);
            assert!(wide_lines.is_empty(), "{args:?} at {columns}: {wide_lines:#?}");
            // No visible text was cut: every word of it is also in the wide form.
            let new: Vec<&str> = words(&text).difference(&words(&wide)).copied().collect();
            let own = ["bytes", "processor:", "branch:", "requires:", "language:", "note:"];
            assert!(new.iter().all(|word| own.contains(word)), "{args:?} at {columns}: {new:?}");
        }
    }
}

#[test]
fn rows_that_do_not_fit_are_paragraphs_below_their_heading() {
    let world = world();
    let text = printed("60", &["article", "KB958644", "--catalog", world.path("catalog.tsv").to_str().unwrap()]);
    let row = "\
   a_rather_long_name_0.dll, 5.2.3790.4392, 2008-10-17,
      1,048,576 bytes, processor: IA-64, branch: SP2QFE,
      requires: SP2
";
    assert!(text.contains(row), "{text}");
    let heading = " Windows Server 2003, all supported editions for computers\n   with Itanium processors\n";
    assert!(text.contains(heading), "{text}");
}

/// A width of 0 does not mean one column.
#[test]
fn columns_of_zero_are_none() {
    assert_eq!(printed("0", &["article", "KB958644"]), printed("", &["article", "KB958644"]));
    assert!(printed("0", &["--help"]).lines().any(|line| line.len() > 40));
}
