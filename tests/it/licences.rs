//! Every dependency's licence is allowed by `deny.toml`.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

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

    if cfg!(windows) && env!("CARGO").starts_with('/') {
        eprintln!("SKIPPED: built on another system, whose cargo cannot be run here");
        return;
    }
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(root)
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    assert!(packages.len() > 20, "{} packages", packages.len());
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
