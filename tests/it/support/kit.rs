//! Literal articles and inventories: inputs for judging, without a file system.

#![allow(dead_code)]

use std::sync::LazyLock;

use hotfixcheck::assess::{
    self, ArticleVerdict, Assessment, Evidence, Finding, Judge, Knowledge, Policy, Profile, ProfileSource, Relevant,
};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::{Entry, Inventory, RelativePath, Unread, copy_kind};
use hotfixcheck::{FileVersion, Machine};
use hotfixcheck_articles::{Article, Fix, FixKind, ServicePack};
use hotfixcheck_winfiles::binary::{Binary, BinaryError, Format, StringTable, VersionInfo, VersionOutcome};

pub(crate) fn version(text: &str) -> FileVersion {
    text.parse().unwrap()
}

/// A row: file and version as printed; everything else absent.
pub(crate) fn row(file: &str, version: &str) -> Fix {
    Fix {
        version: (!version.is_empty()).then(|| version.to_owned()).map(Into::into),
        ..Fix::new(FixKind::Table, file.to_owned(), 1)
    }
}

pub(crate) fn row_for(file: &str, version: &str, platform: &str) -> Fix {
    let machine = Machine::from_platform_word(platform);
    row(file, version).with(|cells| {
        cells.platform = Some(platform.to_owned().into());
        cells.machine = machine;
    })
}

pub(crate) fn row_in_branch(file: &str, version: &str, branch: &str) -> Fix {
    row(file, version).with(|cells| cells.branch = Some(branch.to_owned().into()))
}

pub(crate) fn row_in_language(file: &str, version: &str, language: &str) -> Fix {
    row(file, version).with(|cells| cells.language = Some(language.to_owned().into()))
}

pub(crate) fn article(id: &str, fixes: Vec<Fix>) -> Article {
    Article {
        products: vec!["Windows NT Server 4.0".to_owned().into()],
        last_modified: Some("2002-05-08".parse().unwrap()),
        fixes,
        ..Article::new(id.parse().unwrap(), format!("Title of {id}"))
    }
}

pub(crate) fn pack_article(id: &str, packs: &[(&str, &str)]) -> Article {
    let pack =
        |&(product, sp): &(&str, &str)| ServicePack { product: product.to_owned().into(), sp: sp.to_owned().into() };
    Article { service_packs: packs.iter().map(pack).collect(), ..article(id, Vec::new()) }
}

/// A binary with a fixed version (four numbers, or "" for none) and the `FileVersion` strings of its tables, by key.
pub(crate) fn binary(machine: Machine, fixed: &str, strings: &[(&str, &str)]) -> Binary {
    let table = |&(key, text): &(&str, &str)| StringTable {
        key: key.to_owned(),
        file_version: Some(text.to_owned()),
        ..StringTable::default()
    };
    let info = VersionInfo {
        fixed_file: (!fixed.is_empty()).then(|| version(fixed)),
        tables: strings.iter().map(table).collect(),
        ..VersionInfo::default()
    };
    Binary {
        format: Format::Pe,
        machine: Some(machine),
        machine_raw: 0x14c,
        time_stamp: None,
        checksum: None,
        version: VersionOutcome::Found(info),
    }
}

pub(crate) fn entry(path: &str, binary: Result<Binary, BinaryError>) -> Entry {
    let path = RelativePath::from(path);
    Entry {
        root: 0,
        copy: copy_kind(&path),
        path,
        packed_name: None,
        original_name: None,
        unstated: Default::default(),
        size: Some(1000),
        modified: Some(1_000_000_000),
        binary: binary.map_err(Unread::from),
        more: 0,
    }
}

/// An i386 file with a fixed version and no string.
pub(crate) fn file(path: &str, fixed: &str) -> Entry {
    entry(path, Ok(binary(Machine::I386, fixed, &[])))
}

/// An i386 file with a fixed version and an English string.
pub(crate) fn tagged(path: &str, fixed: &str, string: &str) -> Entry {
    entry(path, Ok(binary(Machine::I386, fixed, &[("040904B0", string)])))
}

pub(crate) fn inventory(entries: Vec<Entry>) -> Inventory {
    let files_seen = entries.len() as u64;
    Inventory { roots: vec!["tree".into()], entries, files_seen, ..Inventory::default() }
}

pub(crate) fn knowledge() -> &'static Knowledge {
    static READ: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::embedded().unwrap());
    &READ
}

/// The built-in catalogue, read once as a whole.
pub(crate) fn embedded() -> &'static Catalog {
    static READ: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());
    &READ
}

pub(crate) fn assess(articles: Vec<Article>, entries: Vec<Entry>) -> Assessment {
    assess_with(articles, entries, &Policy::default())
}

pub(crate) fn assess_with(articles: Vec<Article>, entries: Vec<Entry>, policy: &Policy) -> Assessment {
    assess_inventory(articles, inventory(entries), policy)
}

pub(crate) fn assess_inventory(articles: Vec<Article>, inventory: Inventory, policy: &Policy) -> Assessment {
    let catalog: Catalog = articles.into_iter().collect();
    assess::assess(&catalog, &inventory, knowledge(), policy)
}

/// The verdict on one article with these rows.
pub(crate) fn judge(fixes: Vec<Fix>, entries: Vec<Entry>) -> ArticleVerdict {
    assess(vec![article("Q310626", fixes)], entries).articles.remove(0)
}

/// The evidence of each finding of [`judge`]'s verdict.
pub(crate) fn evidence(fixes: Vec<Fix>, entries: Vec<Entry>) -> Vec<Evidence> {
    let catalog: Catalog = [article("Q310626", fixes)].into_iter().collect();
    let (inventory, knowledge, policy) = (inventory(entries), knowledge(), Policy::default());
    let relevant = Relevant::whole(&catalog);
    let judge = Judge::new(&relevant, &inventory, knowledge, &policy);
    let verdict = &judge.assess().articles[0];
    let evidence = judge.evidence(verdict);
    assert_eq!(evidence.len(), verdict.findings.len());
    evidence
}

/// The reason codes of the findings, in order.
pub(crate) fn codes(verdict: &ArticleVerdict) -> Vec<&'static str> {
    verdict.findings.iter().map(|f: &Finding| f.reason.code()).collect()
}

/// The reason code of the only finding.
#[track_caller]
pub(crate) fn code(fix: Fix, entry: Entry) -> &'static str {
    let verdict = judge(vec![fix], vec![entry]);
    assert_eq!(verdict.findings.len(), 1);
    verdict.findings[0].reason.code()
}

/// A policy for files of this system.
pub(crate) fn on(line: &str, pack: &str) -> Policy {
    let releases = &knowledge().releases;
    let line = releases.line(line).unwrap().clone();
    // Windows 98 has no service packs.
    let has_packs = releases.pack_names(&line).next().is_some();
    let pack = has_packs.then(|| releases.pack(&line, pack).unwrap());
    Policy { profile: Some(Profile { line, pack, source: ProfileSource::Given }), ..Policy::default() }
}

/// The row under a heading.
pub(crate) fn under(section: &str, fix: Fix) -> Fix {
    fix.with(|cells| cells.section = section.to_owned().into())
}

/// The row for the 32-bit file of a 64-bit package.
pub(crate) fn wow(fix: Fix) -> Fix {
    fix.with(|cells| {
        cells.wow = true;
        cells.machine = Some(Machine::I386);
    })
}
