//! Every dependency's licence is allowed by `deny.toml`, and every dependency builds with the compiler that `Cargo.toml`
//! promises.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

/// What `cargo metadata` says of this project's packages and all they depend on; `None` where its cargo cannot be run.
fn packages() -> Option<Vec<Value>> {
    if cfg!(windows) && env!("CARGO").starts_with('/') {
        eprintln!("SKIPPED: built on another system, whose cargo cannot be run here");
        return None;
    }
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    assert!(packages.len() > 20, "{} packages", packages.len());
    Some(packages)
}

/// Issue 12, point 3. Of our own code clippy knows which items of the standard library are too new.
#[test]
fn no_dependency_needs_a_later_compiler_than_is_promised() {
    let Some(packages) = packages() else { return };
    let parse = |text: &str| -> Vec<u32> { text.split('.').map(|number| number.parse().expect("a number")).collect() };
    let promised = parse(env!("CARGO_PKG_RUST_VERSION"));
    let needs = |package: &Value| package["rust_version"].as_str().map(parse).unwrap_or_default();
    let later: Vec<&Value> = packages.iter().filter(|p| needs(p) > promised).map(|p| &p["name"]).collect();
    assert!(later.is_empty(), "{later:?}");
    assert!(packages.iter().any(|package| needs(package) == promised), "our own");
}

#[test]
fn every_dependency_may_be_redistributed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let deny: toml::Table =
        std::fs::read_to_string(root.join("deny.toml")).expect("deny.toml").parse().expect("deny.toml is TOML");
    let allowed: Vec<String> = deny["licenses"]["allow"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    assert!(allowed.iter().any(|name| name == "MIT"));
    assert!(!allowed.iter().any(|name| name.contains("GPL")));

    let Some(packages) = packages() else { return };
    let mut refused = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or_default();
        let text = package["license"].as_str().unwrap_or_default();
        let licence = Expression::parse_mode(text, ParseMode::LAX);
        let fits = licence
            .is_ok_and(|expression| expression.evaluate(|requirement| allowed.contains(&requirement.to_string())));
        if !fits {
            refused.push(format!("{name}: '{text}'"));
        }
    }
    assert!(refused.is_empty(), "licences that deny.toml does not allow: {refused:#?}");
}
