//! Reads sources of one kind and prints what they hold, what was not taken, and where they contradict each other:
//! `survey cvrf FILE…`, `survey buildref|wesng|mssecure|windows-updates|windows-builds|bulletin-titles FILE`; several kinds
//! one after another are merged.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;
use std::time::Instant;

use hotfixcheck_facts::{Conflict, Facts, buildref, cvrf, merge, mssecure, titles, wesng, windows};

fn main() -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let (mut kind, mut sources) = (String::new(), Vec::new());
    for argument in std::env::args().skip(1) {
        let open = || File::open(&argument).map(BufReader::new);
        let facts: Facts = match kind.as_str() {
            _ if !argument.contains(['.', '/']) => {
                kind = argument;
                continue;
            }
            "cvrf" => cvrf::read(&argument, open()?)?,
            "buildref" => buildref::read(&argument, open()?)?,
            "wesng" => wesng::read(&argument, &fs::read(&argument)?)?,
            "mssecure" => mssecure::read(&argument, open()?)?,
            "windows-updates" => windows::read_updates(&argument, open()?)?,
            "windows-builds" => windows::read_builds(&argument, open()?)?,
            "bulletin-titles" => titles::read(&argument, open()?)?,
            other => return Err(format!("unknown kind '{other}'").into()),
        };
        sources.push(facts);
    }
    let mut skipped = BTreeMap::new();
    for facts in &sources {
        for (reason, what) in &facts.skipped {
            let entry =
                skipped.entry(reason).or_insert((0, format!("{} {}'{}'", facts.source.name, what.first, what.example)));
            entry.0 += what.count;
        }
    }
    let read = started.elapsed();
    let merged = merge(&sources);
    let articles = merged.articles.values();
    println!("sources                  {}", sources.len());
    println!("articles                 {}", merged.articles.len());
    println!("pairs with products      {}", articles.clone().map(|a| a.products.len()).sum::<usize>());
    println!("articles with a build    {}", articles.clone().filter(|a| !a.builds.is_empty()).count());
    println!("builds                   {}", articles.clone().map(|a| a.builds.len()).sum::<usize>());
    println!("replaced articles        {}", articles.clone().map(|a| a.supersedes.len()).sum::<usize>());
    println!("articles with CVEs       {}", articles.clone().filter(|a| !a.cves.is_empty()).count());
    println!("pairs with CVEs          {}", articles.clone().map(|a| a.cves.len()).sum::<usize>());
    println!(
        "exploited                {}",
        articles.flat_map(|a| a.cves.values()).filter(|c| c.exploited == Some(true)).count()
    );
    for (reason, (count, first)) in skipped {
        println!("not taken: {count} {}, first {first}", reason.name());
    }
    let kinds = |conflict: &Conflict| match conflict {
        Conflict::Build { .. } => "builds",
        Conflict::Released { .. } => "days of release",
        Conflict::Severity { .. } => "ratings",
        _ => "supersedence cycles",
    };
    let mut counts: BTreeMap<&str, Vec<&Conflict>> = BTreeMap::new();
    merged.conflicts.iter().for_each(|conflict| counts.entry(kinds(conflict)).or_default().push(conflict));
    for (kind, conflicts) in counts {
        println!("conflicts of {kind}: {}", conflicts.len());
        conflicts.iter().take(12).for_each(|conflict| println!("    {conflict}"));
    }
    println!("read in {read:.2?}, merged in {:.2?}", started.elapsed() - read);
    Ok(())
}
