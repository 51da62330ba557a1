//! What to install for an article: its packages and links to them. Links are made only here.

use std::collections::BTreeSet;

use super::text::visible;
use super::view::{InstallView, OtherPackage};
use crate::knowledge::{Knowledge, Products, Releases};
use crate::{KbId, Machine};
use hotfixcheck_articles::{Article, PackageFile};
use hotfixcheck_winfiles::binary::VersionInfo;

/// How many packages of an article a report for people names.
const MOST_NAMED: usize = 5;

/// The vendor's page of an article.
pub(super) fn article_link(id: KbId) -> String {
    format!("https://support.microsoft.com/kb/{}", id.number())
}

/// The search of the vendor's update catalogue for an article.
pub(super) fn catalogue_link(id: KbId) -> String {
    format!("https://www.catalog.update.microsoft.com/Search.aspx?q=KB{}", id.number())
}

/// The facts about the system and its files by which packages are chosen.
pub(super) struct Target<'a> {
    /// The release line of the system: `Windows XP`.
    pub line: Option<&'a str>,
    /// The processors of the files that the article was compared with.
    pub machines: BTreeSet<Machine>,
    /// The processor of the system, if that is a known one of 64 bits, whose files may be of 32 bits.
    pub machine: Option<Machine>,
    /// The version resources of these files, which show their languages.
    pub versions: Vec<&'a VersionInfo>,
}

/// The packages of an article for the target, and its links. If none is certainly for the target's article, all are kept;
/// if none is in its language or for its processor, those of others are listed separately. A package for another Windows,
/// another Internet Explorer or another processor is never named as one to install. A package of which something is not known
/// comes after one that matches.
pub(super) fn of(article: &Article, target: &Target, knowledge: &Knowledge) -> InstallView {
    let ranked = |package| (ranks(package, article, target, knowledge), package);
    let mut packages: Vec<(Ranks, &PackageFile)> = article.packages.iter().map(ranked).collect();
    packages.sort_by_key(|(ranks, _)| *ranks);
    let mut other_languages = Vec::new();
    let mut other_processors = Vec::new();
    for place in 0..RANKS {
        let is_for_target = |(ranks, _): &(Ranks, &PackageFile)| ranks[place] != OTHER;
        if place == MACHINE && !packages.iter().any(is_for_target) {
            other_processors = packages.iter().map(|(_, package)| package.file.to_string()).collect();
        }
        // Setup refuses to install a package of another language, so such a package is never named as one to install.
        if place == LANGUAGE && !packages.iter().any(is_for_target) {
            let other = |(_, package): &(Ranks, &PackageFile)| {
                let language = package.language.as_ref()?.to_string();
                Some(OtherPackage { file: package.file.to_string(), language })
            };
            other_languages = packages.iter().filter_map(other).collect();
        }
        if [SYSTEM, COMPONENT, MACHINE, LANGUAGE].contains(&place) || packages.iter().any(is_for_target) {
            packages.retain(is_for_target);
        }
    }
    InstallView {
        packages: packages.into_iter().map(|(_, package)| package.file.to_string()).collect(),
        other_languages,
        other_processors,
        article: article_link(article.id),
        catalogue: catalogue_link(article.id),
    }
}

/// How well a package fits: by its article, its system, its component, its processor and its language.
type Ranks = [u8; RANKS];
const RANKS: usize = 5;
const SYSTEM: usize = 1;
const COMPONENT: usize = 2;
const MACHINE: usize = 3;
const LANGUAGE: usize = 4;
/// The rank of a package that is certainly for another target.
const OTHER: u8 = 2;

fn ranks(package: &PackageFile, article: &Article, target: &Target, knowledge: &Knowledge) -> Ranks {
    let own = package.kb.map(|kb| kb == article.id);
    let system = target.line.and_then(|line| {
        let of = |system: &str| line_of(system, &knowledge.releases, &knowledge.products);
        let lines: Vec<Option<String>> = systems_of(package, of).iter().map(|system| of(system)).collect();
        let is_own = lines.iter().any(|of| of.as_deref() == Some(line));
        // `Office2003` is no Windows.
        (is_own || !lines.is_empty() && lines.iter().all(Option::is_some)).then_some(is_own)
    });
    let component = component_of(&package.file).filter(|_| !target.versions.is_empty()).map(|component| {
        let is_of = |version: &&VersionInfo| {
            version.fixed_file.as_ref().is_some_and(|file| file.components().starts_with(&component))
        };
        target.versions.iter().any(is_of)
    });
    let language = package.language.as_deref().filter(|_| !target.versions.is_empty()).map(|code| {
        let is_english = code.eq_ignore_ascii_case("ENU");
        let fits = |version: &&VersionInfo| {
            let languages = &knowledge.languages;
            languages.fits(code, version) || (is_english && languages.may_be_english(version))
        };
        target.versions.iter().any(fits)
    });
    let machine = package
        .machine
        .or_else(|| machine_of(&package.file))
        .filter(|_| target.machine.is_some() || !target.machines.is_empty())
        .map(|machine| {
            // A package of Windows has the processor of the system, also for its 32-bit files; one of Office or SQL Server need not.
            match target.machine {
                Some(own) if system.is_some() => machine == own,
                own => own == Some(machine) || target.machines.contains(&machine),
            }
        });
    [rank(own), rank(system), rank(component), rank(machine), rank(language)]
}

fn rank(matches: Option<bool>) -> u8 {
    match matches {
        Some(true) => 0,
        None => 1,
        Some(false) => OTHER,
    }
}

/// The systems in the name of a package, as it writes them: before the article, or behind it
/// (`IE6.0sp1-KB937143-Windows2000-x86`). `line_of` tells which names are those of a Windows.
fn systems_of(package: &PackageFile, line_of: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let begins = |part: &str| part.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("windows"));
    let of_system = joined(package.system.as_deref().unwrap_or_default(), &line_of);
    let mut systems: Vec<String> = of_system.iter().filter(|system| begins(system)).cloned().collect();
    if systems.is_empty() {
        systems = joined(&package.file, &line_of).into_iter().filter(|part| begins(part)).collect();
    }
    if systems.is_empty() {
        systems = of_system;
    }
    // `WindowsServer2003.WindowsXP` is for Server 2003 and for Windows XP of 64 bits, which has its numbers.
    systems
        .iter()
        .map(|system| {
            system.split('.').next().filter(|_| system.to_ascii_lowercase().contains(".w")).unwrap_or(system).to_owned()
        })
        .collect()
}

/// The parts between hyphens. A hyphen inside the name of a Windows does not count, and the first word is that of each
/// (`IE6.0sp1-KB834707-Windows-2000-XP-x86-enu`, `Windowsserver-2003.WindowsXP-KB941568-x64-ENU`).
fn joined(name: &str, line_of: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut parts = name.split('-').filter(|part| !part.is_empty()).peekable();
    let mut joined = Vec::new();
    while let Some(part) = parts.next() {
        let is_begun = part.eq_ignore_ascii_case("Windows") || part.eq_ignore_ascii_case("WindowsServer");
        let whole = |next: &str| format!("{part}{}", next.split('.').next().unwrap_or(next));
        let before = joined.len();
        while let Some(next) = parts.next_if(|next| is_begun && line_of(&whole(next)).is_some()) {
            joined.push(whole(next));
        }
        if joined.len() == before {
            joined.push(part.to_owned());
        }
    }
    joined
}

/// The processor in the name of a package, wherever it stands: `wme9-x64-kb2447961.exe`, `NDP20-KB917283-xia64.exe`.
fn machine_of(file: &str) -> Option<Machine> {
    file.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| match word.to_ascii_lowercase().as_str() {
        "x86" => Some(Machine::I386),
        "x64" | "amd64" => Some(Machine::X64),
        "ia64" | "xia64" => Some(Machine::Ia64),
        _ => None,
    })
}

/// The beginning of the version that a package's component has: 7 of `IE7-WindowsXP-KB960714-x86-ENU.exe`, 5 of
/// `IE5.01sp4-KB937143-…`, 5.7 of `WindowsXP-kb971961-JS57-X86`.
fn component_of(file: &str) -> Option<Vec<u32>> {
    let number = |part: &str, name: &str| {
        let rest = part.get(name.len()..).filter(|_| part[..name.len()].eq_ignore_ascii_case(name))?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest[..digits].parse::<u32>().ok()
    };
    let explorer = || number(file.split('-').next()?, "ie").map(|major| vec![major]);
    let engine = || file.split('-').find_map(|part| number(part, "js")).map(|both| vec![both / 10, both % 10]);
    engine().or_else(explorer)
}

/// The release line of `WindowsXP`, `WindowsServer2003`, `Windows6.0`; `None` for any other system.
fn line_of(system: &str, releases: &Releases, products: &Products) -> Option<String> {
    // `Windows2000sp4`: the service pack that the package demands.
    let lower = system.to_ascii_lowercase();
    let is_pack = |at: &usize| lower[at + 2..].bytes().all(|byte| byte.is_ascii_digit());
    let system = lower.rfind("sp").filter(is_pack).map_or(system, |at| &system[..at]);
    let spaced = spaced(system);
    let named = match spaced.as_str() {
        // Packages from Vista on have the version of Windows, not its name.
        "Windows 6.0" => "Windows Vista",
        "Windows 6.1" => "Windows 7",
        "Windows 8-RT" => "Windows 8",
        "Windows 8.1-RT" => "Windows 8.1",
        other => other,
    };
    let by_name = |name: &str| products.line_named(name).and_then(|name| releases.line(name));
    let line = releases.line(named).or_else(|| by_name(named)).or_else(|| by_name(system));
    line.map(|line| line.name().to_owned())
}

/// `WindowsServer2003` -> `Windows Server 2003`.
fn spaced(system: &str) -> String {
    let mut out = String::new();
    let mut last: Option<char> = None;
    for c in system.chars() {
        let begins = last.is_some_and(|last| {
            (c.is_ascii_uppercase() && last.is_ascii_lowercase()) || (c.is_ascii_digit() && last.is_ascii_alphabetic())
        });
        if begins {
            out.push(' ');
        }
        out.push(c);
        last = Some(c);
    }
    out
}

/// `a.exe, b.exe and 3 more`; if all are for other languages, `none known for this language; for others a-JPN.exe
/// (JPN)`; if all are for other processors, `none known for this processor`; empty if no package is known.
pub(super) fn packages(install: &InstallView) -> String {
    let other = |other: &OtherPackage| format!("{} ({})", visible(&other.file), visible(&other.language));
    let own = || install.packages.iter().map(|name| visible(name)).collect();
    let (lead, named): (_, Vec<String>) = match (&install.packages[..], &install.other_languages[..]) {
        ([], []) if !install.other_processors.is_empty() => return "none known for this processor".to_owned(),
        ([], others @ [_, ..]) => ("none known for this language; for others ", others.iter().map(other).collect()),
        _ => ("", own()),
    };
    let first = named.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
    match named.len().saturating_sub(MOST_NAMED) {
        0 => format!("{lead}{first}"),
        more => format!("{lead}{first} and {more} more"),
    }
}
