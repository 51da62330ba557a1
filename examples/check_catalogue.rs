//! Checks that the catalogue and the rules fit together: for every row with a version, a made-up file of exactly that
//! version must be fixed, and one just below must be missing, on the system, service pack, processor and branch of the
//! row.
//!
//! `cargo run --release --example check_catalogue [CATALOGUE.tsv] [--list] [--every N]` prints a table by product and
//! year; with `--list` also every wrong row with its reasons; with `--every` only each Nth row is checked.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use hotfixcheck::assess::{ArticleStatus, ArticleVerdict, Policy, Profile, ProfileSource, assess};
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck::inventory::system::{Fact, Facts};
use hotfixcheck::inventory::{Entry, Inventory, RelativePath, System};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::{FileVersion, Machine, file_key};
use hotfixcheck_articles::{Article, Fix, FixKind};
use hotfixcheck_winfiles::binary::{Binary, Format, StringTable, VersionInfo, VersionOutcome};
use jiff::civil::time;
use jiff::tz::TimeZone;
use rayon::prelude::*;

/// The result for a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// Fixed at the version, missing below it.
    Right,
    /// Unknown or likely, at the version or below it.
    Open,
    /// Not applicable.
    Elsewhere,
    /// Missing at the version, or fixed below it.
    Contrary,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut list = false;
    let (mut path, mut every) = (None, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--list" => list = true,
            "--every" => every = arguments.next().ok_or("--every needs a number")?.parse()?,
            _ => path = Some(argument),
        }
    }
    let catalog = match path {
        Some(path) => catalog::read(&fs::read_to_string(path)?)?,
        None => Catalog::embedded()?,
    };
    let knowledge = Knowledge::embedded()?;
    let rows: Vec<(&Article, usize)> = catalog
        .iter()
        .flat_map(|article| (0..article.fixes.len()).map(move |row| (article, row)))
        .filter(|(article, row)| article.fixes[*row].version.is_some())
        .step_by(every)
        .collect();
    let checked: Vec<Checked> = rows.par_iter().filter_map(|(article, row)| check(article, *row, &knowledge)).collect();
    let mut table: BTreeMap<(String, i16), BTreeMap<End, usize>> = BTreeMap::new();
    let mut total: BTreeMap<End, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<(End, String), usize> = BTreeMap::new();
    for one in &checked {
        *table.entry((one.product.clone(), one.year)).or_default().entry(one.end).or_default() += 1;
        *total.entry(one.end).or_default() += 1;
        if one.end != End::Right {
            *reasons.entry((one.end, one.why.clone())).or_default() += 1;
            if list {
                println!("{:?}\t{}", one.end, one.text);
            }
        }
    }
    let line = |name: &str, counts: &BTreeMap<End, usize>| {
        let count = |end| counts.get(&end).copied().unwrap_or_default();
        let all: usize = counts.values().sum();
        let share = |end| 100.0 * count(end) as f64 / all.max(1) as f64;
        println!(
            "{name:<44} {all:>6} rows  right {:5.1} %  open {:5.1} %  not applicable {:5.1} %  contrary {:>4}",
            share(End::Right),
            share(End::Open),
            share(End::Elsewhere),
            count(End::Contrary)
        );
    };
    for ((product, year), counts) in &table {
        line(&format!("{product} {year}"), counts);
    }
    line("all", &total);
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for ((end, why), count) in reasons.into_iter().take(30) {
        println!("{count:>6} {end:?}: {why}");
    }
    Ok(())
}

/// A row that was checked.
struct Checked {
    product: String,
    year: i16,
    end: End,
    /// The reason codes at the version, and below.
    why: String,
    text: String,
}

fn check(article: &Article, row: usize, knowledge: &Knowledge) -> Option<Checked> {
    let fix = &article.fixes[row];
    let printed = fix.version.as_deref()?;
    let version = FileVersion::from_resource_string(printed)?;
    let policy = Policy { profile: profile(article, fix, knowledge), ..Policy::default() };
    // Rows of other files are left out, because these files do not exist here.
    let key = file_key(&fix.file);
    let of_file: Vec<Fix> = article.fixes.iter().filter(|other| file_key(&other.file) == key).cloned().collect();
    let alike = |id, fixes| Article {
        fixes,
        rejected: article.rejected.clone(),
        products: article.products.clone(),
        last_modified: article.last_modified,
        ..Article::new(id, "")
    };
    // The row's product is installed: the system has a file that it alone brings, with an article of its own.
    let of_product =
        Fix { version: Some("1.0.0.1".into()), ..Fix::new(FixKind::Table, "of-this-product-alone.exe".to_owned(), 1) }
            .with(|cells| cells.section = fix.section.clone());
    let shown = file(&of_product, FileVersion::from_resource_string("1.0.0.1")?, true, knowledge);
    let catalog: Catalog =
        [alike(article.id, of_file), alike("Q999999".parse().ok()?, vec![of_product])].into_iter().collect();
    let judged = |version: FileVersion, exact: bool| {
        let inventory = Inventory {
            roots: vec!["tree".into()],
            entries: vec![file(fix, version, exact, knowledge), shown.clone()],
            systems: vec![system(fix)],
            files_seen: 2,
            ..Inventory::default()
        };
        let articles = assess(&catalog, &inventory, knowledge, &policy).articles;
        articles.into_iter().find(|verdict| verdict.id == article.id)
    };
    let at = judged(version, true)?;
    let below = below(&version, &key, article).and_then(|version| judged(version, false));
    let good = at.status == ArticleStatus::Fixed;
    let bad = below.as_ref().is_none_or(|below| below.status == ArticleStatus::Missing);
    let statuses = || std::iter::once(&at).chain(&below).map(|verdict| verdict.status);
    let end = match () {
        () if good && bad => End::Right,
        () if at.status == ArticleStatus::Missing
            || below.as_ref().is_some_and(|b| b.status == ArticleStatus::Fixed) =>
        {
            End::Contrary
        }
        () if statuses().all(|status| status == ArticleStatus::NotApplicable) => End::Elsewhere,
        () => End::Open,
    };
    let why = format!("{} | {}", codes(&at), below.as_ref().map(codes).unwrap_or_default());
    let system =
        policy.profile.as_ref().map(|profile| format!("{} {:?}", profile.line, profile.pack)).unwrap_or_default();
    let text = format!(
        "{}\t{}\t{}\t{printed}\t{}\t{:?}\t{}\t{system}\t{why}",
        article.id,
        fix.line,
        fix.file,
        fix.section,
        fix.branch.as_deref().unwrap_or_default(),
        fix.machine.map(Machine::name).unwrap_or_default(),
    );
    let year = fix.date.or(article.last_modified).map_or(0, |date| date.year());
    let product = policy.profile.map_or_else(|| "other".to_owned(), |profile| profile.line.name().to_owned());
    Some(Checked { product, year, end, why, text })
}

fn codes(verdict: &ArticleVerdict) -> String {
    let mut codes: Vec<&str> = verdict.findings.iter().map(|finding| finding.reason.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.retain(|code| {
        !["file-absent", "other-machine", "other-release", "other-branch", "other-service-pack", "other-build"]
            .contains(code)
    });
    format!("{} ({})", verdict.status.name(), codes.join(" "))
}

/// The system that the row is for: from its version, its heading or its article, with the service pack in these, or
/// else the last one.
fn profile(article: &Article, fix: &Fix, knowledge: &Knowledge) -> Option<Profile> {
    let version = fix.version.as_deref().and_then(FileVersion::from_resource_string)?;
    let release = knowledge.release_of_row(&version, fix, &file_key(&fix.file));
    let heading = knowledge.products.scope_of_heading(&fix.section);
    let scope = heading.unwrap_or_else(|| knowledge.products.scope_of(article));
    let own = release.known.then(|| release.line.clone());
    // Builds of Windows 10 are separate lines.
    let own = own.filter(|line| scope.lines.is_empty() || scope.lines.contains(line.name()));
    let line =
        own.or_else(|| scope.lines.iter().next_back().and_then(|name| knowledge.releases.line(name).cloned()))?;
    let told = release.service_pack.filter(|_| release.line == line);
    let column = fix.branch.as_deref().and_then(pack_of);
    let headed = scope.packs_of(line.name()).and_then(|packs| packs.iter().next_back().cloned());
    let last = knowledge.releases.pack_names(&line).last().map(str::to_owned);
    let named = column.or(headed).or(last).and_then(|name| knowledge.releases.pack(&line, &name));
    Some(Profile { pack: told.or(named), line, source: ProfileSource::Given })
}

/// The system of the row's processor: that of a 64-bit file, else that of its heading.
fn system(fix: &Fix) -> System {
    let heading = fix.section.to_lowercase();
    // "Windows Vista 64-bit, Windows Vista" is for both.
    let names = |word: &str| heading.split(',').all(|system| system.contains(word));
    let architecture = match fix.machine {
        Some(Machine::Ia64) => Some("IA64"),
        Some(Machine::X64) => Some("AMD64"),
        Some(Machine::I386) | None => match () {
            () if names("x64") => Some("AMD64"),
            // Before x64, "64-bit" was Itanium.
            () if names("itanium") || names("64-bit") => Some("IA64"),
            () if fix.wow => None,
            () => Some("x86"),
        },
        Some(_) => None,
    };
    let fact = |text: &str| Fact { value: text.to_owned(), source: "SYSTEM".to_owned() };
    System {
        folder: RelativePath::from("WINDOWS/System32/config"),
        facts: Facts { processor_architecture: architecture.map(fact), ..Facts::default() },
        ..System::default()
    }
}

/// `SP2GDR` -> `2`; `RTMQFE` -> `RTM`.
fn pack_of(branch: &str) -> Option<String> {
    let upper = branch.to_uppercase();
    if upper.starts_with("RTM") {
        return Some("RTM".to_owned());
    }
    let digits: String = upper.strip_prefix("SP")?.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// The version with the last number reduced by one, or by more if that is the version of another row of the file;
/// `None` if there is none. Example: 1593 of the GDR branch is fixed, although it is just below 1594 of the QFE branch.
fn below(version: &FileVersion, key: &str, article: &Article) -> Option<FileVersion> {
    let rows = article.fixes.iter().filter(|row| file_key(&row.file) == key);
    let others: Vec<FileVersion> =
        rows.filter_map(|row| FileVersion::from_resource_string(row.version.as_deref()?)).collect();
    let mut numbers = version.components().to_vec();
    loop {
        let last = numbers.last_mut()?;
        *last = last.checked_sub(1)?;
        let below = FileVersion::new(&numbers)?;
        if !others.contains(&below) {
            return Some(below);
        }
    }
}

/// The row's file: its version string names the branch, as files of Windows do. A file that is not exactly the row's
/// has another size.
fn file(fix: &Fix, version: FileVersion, exact: bool, knowledge: &Knowledge) -> Entry {
    let branch = fix.branch.as_deref().unwrap_or_default().to_uppercase();
    let tag = match () {
        () if branch.contains("GDR") => " (x_gdr.000000-0000)",
        () if branch.contains("QFE") || branch.contains("LDR") => " (x_qfe.000000-0000)",
        () => "",
    };
    let table = StringTable {
        key: table_key(fix.language.as_deref(), knowledge),
        file_version: Some(format!("{version}{tag}")),
        ..StringTable::default()
    };
    let four = version.components().len() == 4;
    let info = VersionInfo { fixed_file: four.then_some(version), tables: vec![table], ..VersionInfo::default() };
    let noon = fix.date.and_then(|date| date.to_datetime(time(12, 0, 0, 0)).to_zoned(TimeZone::UTC).ok());
    let stamp = noon.map(|moment| moment.timestamp().as_second());
    let machine = if fix.wow { Machine::I386 } else { fix.machine.unwrap_or(Machine::I386) };
    let folder = if fix.wow { "SysWOW64" } else { "System32" };
    Entry {
        root: 0,
        path: RelativePath::from(format!("WINDOWS/{folder}/{}", file_key(&fix.file)).as_str()),
        copy: None,
        more: 0,
        packed_name: None,
        original_name: None,
        unstated: Default::default(),
        size: fix.size.map(|size| size + u64::from(!exact)).or(Some(1)),
        modified: stamp,
        binary: Ok(Binary {
            format: Format::Pe,
            machine: Some(machine),
            machine_raw: (0..=u16::MAX).find(|raw| Machine::from_pe(*raw) == Some(machine)).unwrap_or_default(),
            time_stamp: stamp.and_then(|seconds| u32::try_from(seconds).ok()),
            checksum: None,
            version: VersionOutcome::Found(info),
        }),
    }
}

/// The key of a string table in the row's language, or in English if that is not known.
fn table_key(language: Option<&str>, knowledge: &Knowledge) -> String {
    let english = "040904B0".to_owned();
    let Some(word) = language else { return english };
    let fits = |id: &u16| {
        let tables = vec![StringTable { key: format!("{id:04X}04B0"), ..StringTable::default() }];
        knowledge.languages.fits(word, &VersionInfo { tables, ..VersionInfo::default() })
    };
    (0x0401..0x0c00).find(fits).map_or(english, |id| format!("{id:04X}04B0"))
}
