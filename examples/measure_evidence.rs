//! Measures how often the evidence ladder is wrong. It hides the versions of rows that have both a version and a date,
//! judges files made up from the other rows of the same file by the ladder alone, and compares the answers with the
//! truth:
//!
//!     cargo run --release --example measure_evidence
//!
//! There are three modes: only the judged row's version is hidden; also those of all rows of the same build; also those
//! of the build that the file is made from. Each file comes in four states of preservation. The exit code is 1 if more
//! than 1 % of the likely answers are wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use hotfixcheck::assess::neighbours::Neighbours;
use hotfixcheck::assess::{self, Finding, Knowledge, Policy, Subject, Verdict};
use hotfixcheck::catalog::{Catalog, FixIndex, RowRef};
use hotfixcheck::file_key;
use hotfixcheck::inventory::{Entry, Inventory, RelativePath};
use hotfixcheck::knowledge::Languages;
use hotfixcheck::knowledge::Products;
use hotfixcheck::knowledge::Releases;
use hotfixcheck::{FileVersion, Machine};
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_winfiles::binary::{Binary, Format, StringTable, VersionInfo, VersionOutcome};
use rayon::prelude::*;

/// Days from the linker's stamp to the date of the article, and the error of the modification time in hours; `None`: no
/// stamp, or the time of copying.
const STATES: [(Option<i64>, Option<i64>); 4] = [(Some(0), Some(8)), (Some(25), None), (None, Some(-7)), (None, None)];
/// The date of a copied file: 2012-01-01.
const COPIED: i64 = 1_325_376_000;
const DAY: i64 = 86_400;

/// Counts by mode, truth and verdict; and by mode, reason, right or wrong.
#[derive(Default)]
struct Tally {
    table: BTreeMap<(usize, &'static str, &'static str), usize>,
    rungs: BTreeMap<(usize, &'static str, bool), usize>,
    wrong: Vec<String>,
}

fn main() -> ExitCode {
    let (Ok(releases), Ok(languages), Ok(products), Ok(catalog)) =
        (Releases::embedded(), Languages::embedded(), Products::embedded(), Catalog::embedded())
    else {
        eprintln!("the built-in tables are broken");
        return ExitCode::from(2);
    };
    let knowledge = Knowledge { releases, languages, products };
    // Articles that name no file do not matter here, and only cost time.
    let catalog: Catalog = catalog.articles().iter().filter(|a| !a.fixes.is_empty()).cloned().collect();
    let contradicting: Vec<usize> =
        Neighbours::new(&catalog, &knowledge).contradictions().iter().map(|r| r.article).collect();
    let index = FixIndex::new(&catalog);
    let names: Vec<&str> = index.names().collect();
    let tallies: Vec<Tally> =
        names.par_iter().map(|name| measure(name, &catalog, &contradicting, &index, &knowledge)).collect();
    let mut all = Tally::default();
    for tally in tallies {
        tally.table.into_iter().for_each(|(key, n)| *all.table.entry(key).or_default() += n);
        tally.rungs.into_iter().for_each(|(key, n)| *all.rungs.entry(key).or_default() += n);
        all.wrong.extend(tally.wrong);
    }
    print(&all)
}

/// Measures every row of a file that has a version and a date.
fn measure(name: &str, catalog: &Catalog, contradicting: &[usize], index: &FixIndex, knowledge: &Knowledge) -> Tally {
    let mut tally = Tally::default();
    let rows: Vec<RowRef> = index.rows(name).to_vec();
    // All articles that the ladder uses for this file: those that name it, and those that show which products have
    // several parallel branches. The answers are the same as with the whole catalogue.
    let articles: BTreeSet<usize> = rows.iter().map(|r| r.article).chain(contradicting.iter().copied()).collect();
    let fix = |r: &RowRef| &catalog.articles()[r.article].fixes[r.row];
    let version = |r: &RowRef| fix(r).version.as_deref().and_then(FileVersion::from_resource_string);
    let both: Vec<RowRef> = rows.iter().copied().filter(|r| version(r).is_some() && fix(r).date.is_some()).collect();
    for judged in &both {
        let own = version(judged);
        let builds: Vec<&RowRef> = both.iter().filter(|b| could_stand_for(fix(b), fix(judged))).collect();
        for mode in 0..3 {
            let same = |r: &RowRef| r == judged || (mode > 0 && version(r) == own);
            if mode < 2 {
                let hidden = hide(catalog, &articles, index, name, &|r| same(&r));
                judge(mode, judged, &builds, &hidden, catalog, knowledge, &mut tally);
            } else {
                for build in nearest(&builds, judged, &version) {
                    let hidden = hide(catalog, &articles, index, name, &|r| same(&r) || version(&r) == version(build));
                    judge(mode, judged, &[build], &hidden, catalog, knowledge, &mut tally);
                }
            }
        }
    }
    tally
}

/// The builds around the judged row, at most three on each side, because each needs a separate catalogue.
fn nearest<'a>(
    builds: &[&'a RowRef],
    judged: &RowRef,
    version: &dyn Fn(&RowRef) -> Option<FileVersion>,
) -> Vec<&'a RowRef> {
    const EACH_SIDE: usize = 3;
    let mut sorted: Vec<&RowRef> = builds.to_vec();
    sorted.sort_by_key(|r| (version(r).map(|v| v.components().to_vec()), **r));
    let at = sorted.iter().position(|b| *b == judged).unwrap_or_default();
    sorted[at.saturating_sub(EACH_SIDE)..(at + EACH_SIDE + 1).min(sorted.len())].to_vec()
}

/// True if a file made from the one row would be compared with the other.
fn could_stand_for(build: &Fix, judged: &Fix) -> bool {
    build.language == judged.language
        && (build.machine == judged.machine || build.machine.is_none() || judged.machine.is_none())
}

/// These articles of the catalogue, with the versions of some rows of a file hidden.
fn hide(
    catalog: &Catalog,
    articles: &BTreeSet<usize>,
    index: &FixIndex,
    name: &str,
    hidden: &dyn Fn(RowRef) -> bool,
) -> Catalog {
    let mut changed: BTreeMap<usize, Article> =
        articles.iter().map(|&place| (place, Article::clone(&catalog.articles()[place]))).collect();
    for &r in index.rows(name).iter().filter(|&&r| hidden(r)) {
        if let Some(article) = changed.get_mut(&r.article) {
            article.fixes[r.row].version = None;
        }
    }
    changed.into_values().collect()
}

fn judge(
    mode: usize,
    judged: &RowRef,
    builds: &[&RowRef],
    hidden: &Catalog,
    catalog: &Catalog,
    knowledge: &Knowledge,
    tally: &mut Tally,
) {
    let facts = &catalog.articles()[judged.article];
    let row = &facts.fixes[judged.row];
    let fix = |r: &RowRef| &catalog.articles()[r.article].fixes[r.row];
    let mut entries = Vec::new();
    let mut made_after = Vec::new();
    for (state, &(lag, shift)) in STATES.iter().enumerate() {
        for build in builds {
            // Each file has its own folder, because rows are judged file by file.
            let Some(entry) = file(entries.len(), fix(build), row.machine, lag, shift) else { continue };
            entries.push(entry);
            made_after.push((state, *build));
        }
    }
    let files_seen = entries.len() as u64;
    let inventory = Inventory { roots: vec!["made up".into()], entries, files_seen, ..Inventory::default() };
    let policy = Policy { only: Some([facts.id].into()), ..Policy::default() };
    let assessment = assess::assess(hidden, &inventory, knowledge, &policy);
    let of_row = |f: &&Finding| f.subject() == Subject::Row(judged.row);
    for finding in assessment.articles.iter().flat_map(|a| &a.findings).filter(of_row) {
        let Some((state, build)) = finding.entry().map(|place| made_after[place]) else { continue };
        let truth = truth(fix(build), row, knowledge);
        let verdict = finding.verdict();
        *tally.table.entry((mode, truth, verdict.name())).or_default() += 1;
        let right = match verdict {
            Verdict::LikelyFixed => truth == "equal" || truth == "newer",
            Verdict::LikelyMissing => truth == "older",
            _ => continue,
        };
        *tally.rungs.entry((mode, finding.reason.code(), right)).or_default() += 1;
        if !right && state == 0 {
            let text = |f: &Fix| format!("{:?} of {:?}, {:?} bytes", f.version, f.date, f.size);
            tally.wrong.push(format!(
                "{mode} {} {}: {} held against {}: {truth}, not {}",
                facts.id,
                row.file,
                text(fix(build)),
                text(row),
                finding.reason.code()
            ));
        }
    }
}

/// A file with the attributes of the row.
fn file(folder: usize, fix: &Fix, machine: Option<Machine>, lag: Option<i64>, shift: Option<i64>) -> Option<Entry> {
    let printed = fix.version.as_deref()?;
    let version = FileVersion::from_resource_string(printed)?;
    let time = fix.time.map_or(jiff::civil::time(12, 0, 0, 0), Into::into);
    let written = fix.date?.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
    let table =
        StringTable { key: "040904B0".to_owned(), file_version: Some(printed.to_owned()), ..StringTable::default() };
    let info = VersionInfo {
        fixed_file: (version.components().len() == 4).then_some(version),
        tables: vec![table],
        ..VersionInfo::default()
    };
    let binary = Binary {
        machine: machine.or(fix.machine).or(Some(Machine::I386)),
        format: Format::Pe,
        machine_raw: 0,
        time_stamp: lag.and_then(|days| u32::try_from(written - days * DAY).ok()),
        checksum: None,
        version: VersionOutcome::Found(info),
    };
    Some(Entry {
        root: 0,
        path: RelativePath::from(format!("{folder}/{}", file_key(&fix.file)).as_str()),
        packed_name: None,
        original_name: None,
        unstated: Default::default(),
        size: fix.size.or(Some(1)),
        modified: Some(shift.map_or(COPIED, |hours| written + hours * 3600)),
        copy: None,
        more: 0,
        binary: Ok(binary),
    })
}

/// The answer by the hidden version.
fn truth(build: &Fix, row: &Fix, knowledge: &Knowledge) -> &'static str {
    let version = |f: &Fix| f.version.as_deref().and_then(FileVersion::from_resource_string);
    let (Some(found), Some(wanted)) = (version(build), version(row)) else { return "other line" };
    // One build is written as 4.02.0752 and 4.2.752.1, or as 06.00.8764 and 6.0.87.64: not another line, but another
    // notation.
    let (found, wanted) = match same_notation(&found, &wanted) {
        Some(pair) => pair,
        None => (found, wanted),
    };
    let release = |v: &FileVersion, f: &Fix| knowledge.release_of_row(v, f, &file_key(&f.file));
    if release(&found, build).line != release(&wanted, row).line {
        return "other line";
    }
    match found.partial_cmp(&wanted) {
        Some(std::cmp::Ordering::Less) => "older",
        Some(std::cmp::Ordering::Equal) => "equal",
        Some(std::cmp::Ordering::Greater) => "newer",
        None => "other line",
    }
}

/// Two versions of one line in different notations, converted to one notation.
fn same_notation(a: &FileVersion, b: &FileVersion) -> Option<(FileVersion, FileVersion)> {
    let (short, long) = match (a.components(), b.components()) {
        (short @ [_, _, _], long @ [_, _, _, _]) | (long @ [_, _, _, _], short @ [_, _, _]) => (short, long),
        _ => return None,
    };
    if short[..2] != long[..2] {
        return None;
    }
    let (short, long) = if short[2] >= 1000 && long[2] < 1000 {
        (FileVersion::new(&[short[0], short[1], short[2] / 100, short[2] % 100])?, FileVersion::new(long)?)
    } else {
        (FileVersion::new(short)?, FileVersion::new(&long[..3])?)
    };
    Some(if a.components().len() == 3 { (short, long) } else { (long, short) })
}

fn print(tally: &Tally) -> ExitCode {
    const MODES: [&str; 3] = ["row hidden", "its build hidden", "the file's build hidden too"];
    const VERDICTS: [Verdict; 4] =
        [Verdict::LikelyFixed, Verdict::LikelyMissing, Verdict::Unknown, Verdict::NotApplicable];
    let mut worst = 0.0f64;
    println!("| hidden | the file is | likely-fixed | likely-missing | unknown | not-applicable |");
    println!("|---|---|--:|--:|--:|--:|");
    for (mode, name) in MODES.iter().enumerate() {
        for truth in ["older", "equal", "newer", "other line"] {
            let cells = VERDICTS.map(|v| tally.table.get(&(mode, truth, v.name())).copied().unwrap_or(0));
            println!("| {name} | {truth} | {} | {} | {} | {} |", cells[0], cells[1], cells[2], cells[3]);
        }
    }
    println!("\n| hidden | code | right | wrong |");
    println!("|---|---|--:|--:|");
    for (mode, name) in MODES.iter().enumerate() {
        let of_mode = || tally.rungs.iter().filter(move |((m, ..), _)| *m == mode);
        let mut codes: Vec<&str> = of_mode().map(|((_, code, _), _)| *code).collect();
        codes.dedup();
        let count = |code: &str, right| tally.rungs.get(&(mode, code, right)).copied().unwrap_or(0);
        for code in codes {
            println!("| {name} | `{code}` | {} | {} |", count(code, true), count(code, false));
        }
        let sum = |right: bool| of_mode().filter(|((_, _, r), _)| *r == right).map(|(_, n)| n).sum::<usize>();
        let (right, wrong) = (sum(true), sum(false));
        let share = 100.0 * wrong as f64 / (right + wrong).max(1) as f64;
        println!("| {name} | all | {right} | {wrong} ({share:.2} %) |");
        worst = worst.max(share);
    }
    if std::env::args().any(|a| a == "--wrong") {
        tally.wrong.iter().for_each(|line| println!("{line}"));
    }
    if worst < 1.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
