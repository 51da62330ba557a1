//! A view whose strings attack every format, and the checks of formats by their schemas.

#![allow(dead_code)]

use std::fs;
use std::path::Path;

use hotfixcheck::assess::{Judge, Policy, Relevant};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::{Entry, Inventory, Problem, RelativePath};
use hotfixcheck::report::{Look, ReportFormat, RunInfo, View, render};
use hotfixcheck_articles::Article;
use hotfixcheck_winfiles::binary::BinaryError;
use serde_json::Value;

use super::kit::*;

/// A title that contains markup of several formats.
pub(crate) const NASTY: &str = "=HYPERLINK(\"x\") | `code` **b** <script>alert(1)</script> & ]]> \u{1b}[2J\r\n [a](http://www.x.y) {0} @all \u{ffff}";

pub(crate) fn catalog() -> Catalog {
    let titled = |id: &str, title: &str, fixes| Article { title: title.to_owned().into(), ..article(id, fixes) };
    let mut nasty = titled("Q300001", NASTY, vec![row("<script>.dll", "4.0.1381.7097")]);
    nasty.products = vec!["=1+1".to_owned().into(), "a|b".to_owned().into()];
    [
        nasty,
        titled(
            "Q300002",
            "Two rows for one file",
            vec![row("=cmd.dll", "4.0.1381.7097"), row("=cmd.dll", "4.0.1381.7098")],
        ),
        titled("Q300003", "Half", vec![row("a|b'\".dll", "4.0.1381.7"), row("=cmd.dll", "4.0.1381.7099")]),
        titled("Q300004", "No version", vec![row("=cmd.dll", "")]),
        titled("Q300005", "", vec![row("a|b'\".dll", "4.0.1381.1")]),
        titled("KB836769", "Broken", vec![row("Broken.dll", "5.2.3790.134")]),
        pack_article("Q171996", &[("Windows NT 4.0", "6a")]),
    ]
    .into_iter()
    .collect()
}

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        file("+sys/<script>.dll", "4.0.1381.4"),
        file("-sys/=cmd.dll", "4.0.1381.4"),
        file("@sys/a b/a|b'\".dll", "4.0.1381.4000"),
        entry("\tsys\u{1b}[31m/BROKEN.DLL", Err(BinaryError::NotExecutable)),
        Entry { path: RelativePath::from_bytes(b"caf\xe9/=cmd.dll".to_vec()), ..file("x", "4.0.1381.5") },
    ]
}

pub(crate) fn inventory_of(entries: Vec<Entry>, roots: &[&str]) -> Inventory {
    Inventory {
        roots: roots.iter().map(Into::into).collect(),
        problems: vec![Problem {
            root: 0,
            path: RelativePath::from("=locked"),
            what: "Permission | denied".to_owned(),
        }],
        ..inventory(entries)
    }
}

pub(crate) fn view_of(inventory: &Inventory, policy: &Policy, all: bool) -> View {
    let (catalog, knowledge) = (catalog(), knowledge());
    let relevant = Relevant::whole(&catalog);
    let judge = Judge::new(&relevant, inventory, knowledge, policy);
    let run = RunInfo { catalogue: "te|st".to_owned(), all, ..RunInfo::default() };
    View::new(&judge, &run)
}

pub(crate) fn text(view: &View, format: ReportFormat) -> String {
    let text = String::from_utf8(render(view, format, Look::PLAIN).unwrap()).unwrap();
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    match (format, text.find("<body>"), text.rfind("<script>")) {
        // Style and script are separate files.
        (ReportFormat::Html, Some(start), Some(end)) => text[start..end].to_owned(),
        _ => text,
    }
}

pub(crate) fn json(view: &View, format: ReportFormat) -> Value {
    serde_json::from_slice(&render(view, format, Look::PLAIN).unwrap()).unwrap()
}

pub(crate) fn schema(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The official schema. Its patterns for languages have an extra bracket, which strict readers refuse as a regular
/// expression; reports contain no language.
pub(crate) fn sarif_schema() -> Value {
    let mut schema = schema("tests/schemas/sarif-schema-2.1.0.json");
    for definition in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][definition]["properties"]["language"];
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    schema
}

#[track_caller]
pub(crate) fn assert_valid(schema: &Value, value: &Value) {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// The schema with every object closed: here a field that it does not describe is an error, although readers accept it.
pub(crate) fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            if map.contains_key("properties") {
                map.insert("additionalProperties".to_owned(), false.into());
            }
            map.values_mut().for_each(|value| *value = closed(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| *value = closed(value.take())),
        _ => {}
    }
    schema
}
