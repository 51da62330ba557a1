//! The five articles that the first issue names give exactly its rows.
//!
//! They are not part of the repository. `HOTFIXCHECK_SHARED` names the folder that has them, else `../shared` beside it
//! is tried. If neither exists, the test reports that and passes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hotfixcheck_articles::{Article, decode, parse};
use hotfixcheck_types::KbId;
use serde_json::{Value, json};

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("HOTFIXCHECK_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let seeds = shared.join("seeds");
    if seeds.is_dir() {
        return Some(seeds);
    }
    eprintln!("skipped: {} is not there; HOTFIXCHECK_SHARED can name its parent", seeds.display());
    None
}

fn articles(folder: &Path) -> BTreeMap<KbId, Article> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .flat_map(|file| parse(&decode(&fs::read(&file).unwrap()), None).unwrap())
        .map(|article| (article.id, article))
        .collect()
}

const BIT_32: &str = "Windows Server 2003, 32-bit versions";
const BIT_64: &str = "Windows Server 2003, 64-Bit Edition";
const TAPI: Option<&str> = Some("4.0.1381.7097");
const HELPER: Option<&str> = Some("5.2.3790.134");

/// The facts that the issue states; the caller adds the file's line.
fn row(section: &str, file: &str, version: Option<&str>, date: &str, time: &str, size: u64) -> Value {
    json!({"kind": "table", "section": section, "language": null, "file": file, "version": version,
        "date": date, "time": time, "size": size})
}

fn on(mut row: Value, platform: Option<&str>, machine: Option<&str>, line: u32) -> Value {
    row["platform"] = json!(platform);
    row["machine"] = json!(machine);
    row["line"] = json!(line);
    row
}

fn utc(mut row: Value) -> Value {
    row["utc"] = json!(true);
    row
}

fn of_wow(mut row: Value) -> Value {
    row["wow"] = json!(true);
    row
}

fn pack(product: &str, sp: &str) -> Value {
    json!({"product": product, "sp": sp})
}

#[test]
fn the_seeds_give_exactly_the_rows_of_the_issue() {
    let Some(folder) = folder() else { return };
    let articles = articles(&folder);
    let expected: [(&str, Value, Value); 5] = [
        (
            "Q310626",
            json!([
                on(row("", "Tapisrv.exe", TAPI, "2001-10-16", "19:23", 150_800), Some("Intel"), Some("i386"), 65),
                on(row("", "Tapisrv.exe", TAPI, "2001-10-16", "19:28", 240_912), Some("ALPHA"), Some("alpha"), 66),
            ]),
            json!([]),
        ),
        (
            "KB836769",
            json!([
                utc(on(row(BIT_32, "Iphlpapi.dll", HELPER, "2004-02-26", "11:32", 84_992), None, None, 53)),
                utc(on(
                    row(BIT_64, "Iphlpapi.dll", HELPER, "2004-02-26", "11:28", 228_864),
                    Some("IA-64"),
                    Some("ia64"),
                    57
                )),
                // The article prints Wiphlpapi.dll: the package puts a W before the 32-bit files of 64-bit systems, which
                // have no W on disk (issue 13).
                of_wow(utc(on(
                    row(BIT_64, "iphlpapi.dll", HELPER, "2004-02-26", "11:32", 84_992),
                    Some("x86"),
                    Some("i386"),
                    58
                ))),
            ]),
            // From its keyword kbwinserv2003presp1fix.
            json!([pack("Windows Server 2003", "1")]),
        ),
        (
            "Q265433",
            json!([
                on(row("", "Rpcss.exe", None, "2000-07-25", "19:54", 106_768), Some("Intel"), Some("i386"), 63),
                on(row("", "Rpcss.exe", None, "2000-07-25", "19:52", 183_056), Some("Alpha"), Some("alpha"), 64),
            ]),
            // From its keyword kbWinNT400PreSP7Fix.
            json!([pack("Windows NT 4.0", "7")]),
        ),
        (
            "Q171996",
            json!([]),
            json!([
                pack("Windows NT 4.0", "4"),
                pack("Windows NT 4.0", "latest"),
                pack("Windows NT 4.0 Terminal Server Edition", "4"),
                pack("Windows NT 4.0 Terminal Server Edition", "latest"),
            ]),
        ),
        ("Q168348", json!([]), json!([pack("Windows NT 4.0", "latest")])),
    ];
    assert_eq!(articles.len(), expected.len(), "seeds in {}", folder.display());
    for (id, fixes, packs) in expected {
        let article = &articles[&id.parse::<KbId>().unwrap()];
        assert_eq!(serde_json::to_value(&article.fixes).unwrap(), fixes, "{id}");
        assert_eq!(serde_json::to_value(&article.service_packs).unwrap(), packs, "{id}");
        assert!(article.rejected.is_empty(), "{id}: {:?}", article.rejected);
        assert!(!article.title.is_empty() && article.last_modified.is_some(), "{id}: {article:?}");
    }
}

#[test]
fn the_seed_of_issue_two_has_its_products_and_day() {
    let Some(folder) = folder() else { return };
    let articles = articles(&folder);
    let article = &articles[&"Q310626".parse::<KbId>().unwrap()];
    assert_eq!(article.products.first().map(AsRef::as_ref), Some("Windows NT Server 4.0"));
    assert_eq!(article.last_modified.map(|d| d.to_string()).as_deref(), Some("2002-05-08"));
}
