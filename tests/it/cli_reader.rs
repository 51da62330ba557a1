//! Statements that misled a first-time reader (issue 12, point 4): the program's statements must be true.

use std::fs;

use crate::support::kit::{article, row, row_for};
use crate::support::world::World;
use hotfixcheck_articles::{Article, ServicePack};

fn world() -> World {
    World::new(vec![article("Q310626", vec![row("a.dll", "4.0.1381.100")])])
}

/// A list without a processor: nothing could be judged, so the first line must not say that all is well.
#[test]
fn a_list_that_lacks_the_processor_is_not_praised() {
    let rows = vec![row_for("a.dll", "4.0.1381.100", "Intel"), row_for("a.dll", "4.0.1381.100", "Alpha")];
    let world = World::new(vec![article("Q310626", rows)]);
    world.write("list.json", br#"[{"path":"C:\\WINNT\\a.dll","size":"1","mtime":"1","file_version":"4.0.1381.50"}]"#);
    let (code, out, err) = world.scan(&["--inventory", "list.json"]);
    assert_eq!((code, err.as_str()), (3, ""), "{out}");
    assert!(out.contains("No missing fix was found, but the result is incomplete\n"), "{out}");
    assert!(out.contains("incomplete: the inventory does not contain all that is needed (exit code 3)"), "{out}");
    assert!(out.contains("(--machine gives the processor)") && !out.contains("could be read"), "{out}");
}

/// A fix that was shown as likely missing, with "no findings" below it.
#[test]
fn what_is_shown_but_not_counted_is_said() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/nt4");
    let (code, out, _) = world().run(&["scan", sample, "--kb", "Q275713"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("likely missing"), "{out}");
    assert!(out.contains("no findings; not counted (--fail-on missing): 1 likely missing (exit code 0)"), "{out}");
}

/// "clean" beside ten missing fixes.
#[test]
fn a_host_whose_findings_are_in_the_baseline_is_not_called_clean() {
    let world = world();
    world.pe("tree/a.dll", 50);
    world.run(&["inventory", "tree", "-o", "hosts/one.json"]);
    world.scan(&["tree", "-o", "old.json"]);
    fs::create_dir_all(world.path("hosts")).unwrap();
    world.run(&["inventory", "tree", "-o", "hosts/one.json"]);
    let (code, out, err) = world.scan(&["--inventory", "hosts", "--baseline", "old.json"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("no new findings") && !out.contains("clean"), "{out}");
}

/// Service Pack 7 of Windows NT 4.0 was announced in 371 articles, and never released.
#[test]
fn a_service_pack_that_never_came_is_said_to() {
    let packs = ["4", "7"].map(|sp| ServicePack { product: "Windows NT 4.0".into(), sp: sp.into() }).to_vec();
    let world = World::new(vec![Article { service_packs: packs, ..article("Q310626", Vec::new()) }]);
    let out = world.run(&["article", "Q310626", "--catalog", "catalog.tsv"]).1;
    assert!(out.contains("Windows NT 4.0 Service Pack 7 (never released)\n"), "{out}");
    assert!(out.contains("Windows NT 4.0 Service Pack 4\n"), "{out}");
}

/// A version column holds versions, never a reason code.
#[test]
fn columns_of_versions_hold_no_codes() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/win2000");
    let world = world();
    let out = world.run(&["scan", sample]).1;
    assert!(out.contains("found Service Pack 2") && out.contains("needs Service Pack 4"), "{out}");
    assert!(!out.contains("service-pack-older"), "{out}");
}

/// The dates of a catalogue are the days of the articles' last changes, and every output says so.
#[test]
fn the_dates_of_the_catalogue_are_explained() {
    let world = world();
    world.pe("tree/a.dll", 200);
    for format in ["table", "summary", "markdown", "html"] {
        let out = world.scan(&["tree", "--format", format]).1;
        assert!(out.contains("1 article; on files and service packs from 2002-05-08 to 2002-05-08"), "{format}: {out}");
    }
}

/// A wrong path looked like a success: nine zeros, exit code 0.
#[test]
fn lint_of_a_folder_without_articles_says_so() {
    let world = world();
    world.pe("tree/a.dll", 1);
    let (code, out, err) = world.run(&["catalog", "lint", "tree"]);
    assert_eq!((code, out.as_str()), (4, ""));
    assert!(err.contains("no Knowledge Base article found in 'tree'"), "{err}");
}

/// Options for inventories were silently ignored without one.
#[test]
fn options_of_inventories_need_one() {
    let world = world();
    world.pe("tree/a.dll", 1);
    for option in [["--machine", "i386"], ["--inventory-format", "sigcheck"]] {
        let (code, out, err) = world.scan(&[&option[..], &["tree"]].concat());
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(&format!("{} is only valid with --inventory", option[0])), "{err}");
    }
}

/// `explain` without PATH named the help of `scan`.
#[test]
fn the_hint_names_the_help_of_its_own_command() {
    let world = world();
    let (code, _, err) = world.run(&["explain", "Q310626", "--no-config", "--catalog", "catalog.tsv"]);
    assert!(code == 2 && (err.contains("'hotfixcheck help explain'") || cfg!(windows)), "{err}");
}

/// A report given as an inventory was read as a list of osquery.
#[test]
fn a_report_given_as_an_inventory_is_named() {
    let world = world();
    world.pe("tree/a.dll", 1);
    world.scan(&["tree", "-o", "report.json"]);
    let (code, _, err) = world.scan(&["--inventory", "report.json"]);
    assert!(code == 2 && err.contains("this is a hotfixcheck report, not an inventory"), "{err}");
    assert!(!err.contains("osquery"), "{err}");
}

/// A missing file ends every command with 2 and the same message.
#[test]
fn a_file_that_is_not_there_is_the_same_error_everywhere() {
    let world = world();
    for args in [
        &["scan", "nix"][..],
        &["scan", "--inventory", "nix"],
        &["scan", "--catalog", "nix", "."],
        &["identify", "nix"],
        &["inventory", "nix"],
        &["extract", "nix"],
        &["catalog", "build", "nix", "-o", "x.tsv"],
        &["catalog", "add", "nix", "-o", "x.tsv"],
        &["diff", "nix", "nix"],
    ] {
        let (code, out, err) = world.run(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(
            err.contains("'nix'") && err.contains("file not found") && !err.contains("os error"),
            "{args:?}: {err}"
        );
    }
    let (code, _, err) = world.scan(&[".", "-o", "nix/report.json"]);
    assert!(code == 2 && err.contains("cannot write 'nix/report.json': the folder 'nix' does not exist"), "{err}");
}
