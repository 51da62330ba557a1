//! Numbers that agree, for one system and for several (issue 18: "numbers that agree").

use serde_json::Value;

use crate::support::kit::{article, row};
use crate::support::world::World;

/// Q310002 replaces Q310001 if b.dll is old, too.
fn world() -> World {
    let world = World::new(vec![
        article("Q310001", vec![row("a.dll", "4.0.1381.100")]),
        article("Q310002", vec![row("a.dll", "4.0.1381.200"), row("b.dll", "4.0.1381.200")]),
        article("Q310003", vec![row("c.dll", "4.0.1381.300")]),
    ]);
    world.write(
        "list.csv",
        b"path,version,machine\n\
          C:\\ONE\\System32\\a.dll,4.0.1381.1,i386\nC:\\ONE\\System32\\b.dll,4.0.1381.1,i386\n\
          C:\\TWO\\System32\\a.dll,4.0.1381.1,i386\nC:\\TWO\\System32\\c.dll,4.0.1381.1,i386\n\
          C:\\THREE\\System32\\c.dll,4.0.1381.300,i386\n",
    );
    world
}

fn summary(world: &World, more: &[&str]) -> Value {
    world.report("report.json", &[&["--inventory", "list.csv"], more].concat())["summary"].clone()
}

fn sum(summary: &Value, names: &[&str]) -> u64 {
    names.iter().map(|name| summary[*name].as_u64().unwrap()).sum()
}

/// An article is to install on each system that lacks it. The headline counted ids, the other numbers systems, and both
/// changed with --all (issue 18).
#[test]
fn the_numbers_of_several_systems_agree_with_and_without_all() {
    let world = world();
    let answer = "3 fixes to install on 2 of 3 systems (2 different ones); they replace 2 more missing fixes";
    for more in [&[][..], &["--all"]] {
        for format in ["table", "summary", "one-line", "markdown", "html"] {
            let (code, out, _) = world.scan(&[&["--inventory", "list.csv", "--format", format], more].concat());
            assert!(code == 1 && out.contains(answer), "{format} {more:?}: {out}");
        }
        let summary = summary(&world, more);
        assert_eq!(sum(&summary, &["to_install"]), 3, "{summary}");
        assert_eq!(
            sum(&summary, &["missing", "partial", "likely_missing"]),
            sum(&summary, &["to_install", "brought_along"]),
            "{summary}"
        );
    }
    let (_, ids, _) = world.scan(&["--inventory", "list.csv", "--format", "ids"]);
    assert_eq!(ids, "Q310002\nQ310003\n", "each is fetched once");
}

/// A waived fix replaces nothing, because it will not be installed (issue 18).
#[test]
fn a_waived_fix_replaces_nothing() {
    let world = world();
    world.pe("tree/a.dll", 1);
    world.pe("tree/b.dll", 1);
    let (_, out, _) = world.scan(&["tree", "--one-line"]);
    assert_eq!(out, "tree: 1 fix to install; it replaces 1 more missing fix (exit code 1)\n");
    let waiver = "[[waiver]]\nkb = \"Q310002\"\nreason = \"not wanted\"\nexpires = 2027-01-01\n";
    world.write("hotfixcheck.toml", waiver.as_bytes());
    let (_, out, _) = world.scan(&["tree", "--one-line"]);
    assert_eq!(out, "tree: 1 fix to install (exit code 1)\n");
    let (_, ids, _) = world.scan(&["tree", "--format", "ids"]);
    assert_eq!(ids, "Q310001\n");
    let summary = world.report("report.json", &["tree"])["summary"].clone();
    assert_eq!(
        sum(&summary, &["missing", "partial", "likely_missing"]),
        sum(&summary, &["to_install", "brought_along", "waived"]),
        "{summary}"
    );
}
