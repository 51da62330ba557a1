//! Finds the release line and service pack from facts of the registry.

use std::collections::BTreeSet;

use super::{Fact, HotfixList, HotfixState, System};
use crate::FileVersion;
use crate::knowledge::{Line, Pack, Releases};

/// The name as in `data/releases.tsv`.
const NT4: &str = "Windows NT 4.0";
/// The build of the release of Windows 2000.
const BUILD_OF_2000: u32 = 2195;
const NT4_TERMINAL_SERVER: &str = "Windows NT 4.0 Terminal Server Edition";
/// The suite that makes Windows NT 4.0 the Terminal Server Edition (Q152078). Later systems may have it too.
const TERMINAL_SERVER: &str = "Terminal Server";
/// `ProductType` of a workstation (Q152078).
const WORKSTATION: &str = "WinNT";
/// The hotfix whose `Installed` value distinguishes Service Pack 6a from 6 (Q246009).
const SERVICE_PACK_6A: u32 = 246_009;

/// The system in a tree according to its registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The release line, and the value that shows it.
    pub line: Option<Fact<Line>>,
    /// The service pack, and the value that shows it; only for a known line that has service packs.
    pub pack: Option<Fact<Pack>>,
    /// Why line or service pack remain unknown.
    pub doubts: Vec<String>,
}

/// The release line and service pack according to the facts.
///
/// Version and build must be those of a release in the table. The service pack comes from `CSDVersion` in the SOFTWARE
/// and in the SYSTEM hive. Where the two differ (a restart is due, or a hive was copied by hand) it remains unknown.
/// The number in the SYSTEM hive is enough where the text is in another language (`Szervizcsomag 3`). A beta (`Service
/// Pack 2, v.2055`) does not count as the service pack. On Windows Vista and 7, where each service pack has a build of
/// its own, the build must be that of the service pack, and is enough where none is named. If the registry was read and
/// names no service pack, the system is the release itself.
pub fn identify(system: &System, releases: &Releases) -> Identity {
    let mut identity = Identity::default();
    match line(system, releases) {
        Ok(line) => identity.line = Some(line),
        Err(doubt) => identity.doubts.push(doubt),
    }
    if let Some(line) = identity.line.clone() {
        match pack(system, &line.value, releases) {
            Ok(pack) => identity.pack = pack,
            Err(doubt) => identity.doubts.push(doubt),
        }
    }
    identity.doubts.extend(system.hives.iter().filter_map(|(kind, condition)| {
        let what = match () {
            () if condition.unfinished => "was not closed properly: its newest values may be missing",
            () if condition.truncated => "ends before it should",
            () if condition.wrong_checksum => "has a wrong checksum",
            () => return None,
        };
        Some(format!("the {} hive {what}", kind.name()))
    }));
    identity
}

/// A system whose registry does not say whether it is the Terminal Server Edition (its SYSTEM hive is missing), with what the
/// numbers of its kernel say: `kernel` is the kernel's line. Any other system remains as it is.
pub fn with_edition_of(kernel: &Fact<Line>, system: &System) -> System {
    let mut system = system.clone();
    let suites = match kernel.value.name() {
        NT4 => Vec::new(),
        NT4_TERMINAL_SERVER => vec![TERMINAL_SERVER.to_owned()],
        _ => return system,
    };
    system.facts.product_suite.get_or_insert_with(|| Fact { value: suites, source: kernel.source.clone() });
    system
}

/// The version of Windows (`6.1`), and the value that shows it.
fn version_of(system: &System) -> Option<(String, &String)> {
    let facts = &system.facts;
    match (&facts.version_numbers, &facts.current_version) {
        // CurrentVersion has remained at 6.3 since Windows 10.
        (Some(numbers), _) => Some((format!("{}.{}", numbers.value.0, numbers.value.1), &numbers.source)),
        (None, Some(version)) => Some((version.value.trim().to_owned(), &version.source)),
        (None, None) => None,
    }
}

fn line(system: &System, releases: &Releases) -> Result<Fact<Line>, String> {
    let facts = &system.facts;
    let Some(build) = &facts.build else { return Err("the registry contains no build number".to_owned()) };
    let Some((version, source)) = version_of(system) else {
        return Err("the registry contains no version".to_owned());
    };
    let full = format!("{version}.{}", build.value);
    let release = full
        .parse::<FileVersion>()
        .ok()
        .map(|version| releases.of(&version, None, "ntoskrnl.exe", || None::<BTreeSet<String>>));
    // Files of its betas came with Windows 2000, so their numbers are known, too.
    let is_beta = version == "5.0" && build.value != BUILD_OF_2000;
    let Some(release) = release.filter(|release| release.known && !is_beta) else {
        return Err(format!("{full} is not a known release of Windows"));
    };
    if release.line.name() != NT4 {
        return Ok(Fact { value: release.line, source: source.clone() });
    }
    // The Terminal Server Edition is a server.
    let is_workstation = facts.product_type.as_ref().filter(|fact| fact.value.eq_ignore_ascii_case(WORKSTATION));
    let Some(suite) = &facts.product_suite else {
        if let Some(workstation) = is_workstation {
            return Ok(Fact { value: release.line, source: workstation.source.clone() });
        }
        return Err(format!("{NT4}, but the registry does not show whether it is the Terminal Server Edition"));
    };
    if !suite.value.iter().any(|name| name.eq_ignore_ascii_case(TERMINAL_SERVER)) {
        return Ok(Fact { value: release.line, source: source.clone() });
    }
    let line =
        releases.line(NT4_TERMINAL_SERVER).ok_or_else(|| format!("{NT4_TERMINAL_SERVER} is not in the table"))?;
    Ok(Fact { value: line.clone(), source: suite.source.clone() })
}

/// The service pack that the build itself shows, where each service pack has a build of its own: 7601 is Windows 7 SP1.
fn pack_of_build(version: &str, build: u32, releases: &Releases) -> Option<Pack> {
    let of = |revision: u32| {
        let version: FileVersion = format!("{version}.{build}.{revision}").parse().ok()?;
        releases.of(&version, None, "ntoskrnl.exe", || None::<BTreeSet<String>>).service_pack
    };
    of(0).filter(|pack| of(u32::from(u16::MAX)).as_ref() == Some(pack))
}

/// The service pack, which must not contradict the build.
fn pack(system: &System, line: &Line, releases: &Releases) -> Result<Option<Fact<Pack>>, String> {
    let facts = &system.facts;
    let of_build = facts.build.as_ref().zip(version_of(system)).and_then(|(build, (version, _))| {
        let pack = pack_of_build(&version, build.value, releases)?;
        Some(Fact { value: pack, source: build.source.clone() })
    });
    let of_build = of_build.filter(|_| releases.pack_names(line).next().is_some());
    if let Some(own) = of_build.as_ref().filter(|_| facts.csd_version.is_none() && facts.control_csd_version.is_none())
    {
        return Ok(Some(own.clone()));
    }
    let named = named_pack(system, line, releases)?;
    match of_build.zip(named.as_ref()) {
        Some((own, named)) if own.value == named.value => Ok(Some(named.clone())),
        // An empty text names none.
        Some((own, named)) if named.value.is_release() => Ok(Some(own)),
        Some((own, named)) => {
            Err(format!("{} is of {}, but {} of {}", own.source, own.value, named.source, named.value))
        }
        None => Ok(named),
    }
}

/// The service pack that the registry names.
fn named_pack(system: &System, line: &Line, releases: &Releases) -> Result<Option<Fact<Pack>>, String> {
    if releases.pack_names(line).next().is_none() {
        return Ok(None);
    }
    let facts = &system.facts;
    // On Windows NT 4.0 the kernel of a hotfix may write the name of a candidate: `Service Pack 3 RC 1.32` (Q222507).
    let is_candidate =
        |text: &str| is_beta(text) || line.name() != NT4 && line.name() != NT4_TERMINAL_SERVER && has_candidate(text);
    if let Some(fact) = facts.csd_version.as_ref().filter(|fact| is_candidate(&fact.value)) {
        return Err(format!("{} says '{}': a beta of a service pack", fact.source, fact.value));
    }
    // The high byte is the number of the service pack.
    let control = facts.control_csd_version.as_ref().map(|fact| (fact.value >> 8 & 0xff, fact));
    let software = facts.csd_version.as_ref().map(|fact| {
        let number = service_pack(&fact.value).or_else(|| {
            // A text in another language counts if its number is the same.
            let number = localised_number(&fact.value)?;
            control.filter(|(control, _)| *control == number).map(|_| number)
        });
        number.map(|number| (number, fact)).ok_or_else(|| match control {
            Some((_, control)) => {
                format!("{} says '{}', {} {:#x}", fact.source, fact.value, control.source, control.value)
            }
            None => format!("{} says '{}', which is not understood", fact.source, fact.value),
        })
    });
    let software = software.transpose()?;
    let (number, source) = match (software, control) {
        (Some((one, fact)), Some((other, control))) if one != other => {
            return Err(format!("{} says '{}', {} {:#x}", fact.source, fact.value, control.source, control.value));
        }
        (Some((number, fact)), _) => (number, &fact.source),
        (None, Some((number, fact))) => (number, &fact.source),
        (None, None) => return Err("the registry does not contain the service pack".to_owned()),
    };
    let (name, source) = match number {
        0 => ("RTM".to_owned(), source),
        6 if line.name() == NT4 => match service_pack_6a(system) {
            Some(source) => ("6a".to_owned(), source),
            None if says_6a(system) => ("6a".to_owned(), source),
            None => ("6".to_owned(), source),
        },
        number => (number.to_string(), source),
    };
    let pack = releases.pack(line, &name).ok_or_else(|| format!("{line} has no service pack '{name}'"))?;
    Ok(Some(Fact { value: pack, source: source.clone() }))
}

fn service_pack_6a(system: &System) -> Option<&String> {
    let listed = system.hotfixes.iter().find(|hotfix| {
        hotfix.list == HotfixList::WindowsNt
            && hotfix.state == HotfixState::Installed
            && hotfix.id.is_some_and(|id| id.number() == SERVICE_PACK_6A)
    });
    listed.map(|hotfix| &hotfix.source)
}

/// True for `Service Pack 6a`, as people write it into lists; Windows itself writes no letter.
fn says_6a(system: &System) -> bool {
    system.facts.csd_version.as_ref().is_some_and(|fact| fact.value.trim().to_ascii_lowercase().ends_with(" 6a"))
}

/// The number in the service pack's name in another language (`Szervizcsomag 3`), where no SYSTEM hive was read that
/// could confirm it.
pub fn unconfirmed_pack(system: &System) -> Option<u32> {
    let facts = &system.facts;
    let text = facts.csd_version.as_ref().filter(|_| facts.control_csd_version.is_none())?;
    localised_number(&text.value).filter(|_| !is_beta(&text.value))
}

/// True for the text of a release candidate: `Service Pack 2, RC 2.55`, `Service Pack 2, RC2`.
fn has_candidate(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.split(|c: char| !c.is_alphanumeric())
        .any(|word| word.strip_prefix("rc").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())))
}

/// True for the text of a beta: `Service Pack 2, v.2055`.
fn is_beta(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let build = |at: usize| text[at + 2..].trim_start().starts_with(|c: char| c.is_ascii_digit());
    ["beta", "béta"].into_iter().any(|word| text.contains(word)) || text.match_indices("v.").any(|(at, _)| build(at))
}

/// The only number in a text in another language: 3 in `Szervizcsomag 3`. An English text that cannot be parsed does
/// not count as such: Windows never wrote `Service Pack 3a`.
fn localised_number(text: &str) -> Option<u32> {
    if text.trim_start().to_ascii_lowercase().starts_with("service pack") {
        return None;
    }
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let number = numbers.next()?.parse().ok()?;
    numbers.next().is_none().then_some(number)
}

/// The number in `Service Pack 6`, `Service Pack 4, RC 1.2`; 0 for an empty text.
fn service_pack(text: &str) -> Option<u32> {
    const WORDS: &str = "service pack ";
    let text = text.trim().to_ascii_lowercase();
    if text.is_empty() {
        return Some(0);
    }
    let rest = text.strip_prefix(WORDS)?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    // `Service Pack 2.1` and `Service Pack 3a` do not exist; 1a of Windows XP has the files of 1.
    let behind = if matches!(rest, "6a" | "1a") { "" } else { &rest[digits..] };
    let follows = behind.chars().next();
    if follows.is_some_and(|character| character != ',' && !character.is_whitespace()) {
        return None;
    }
    rest[..digits].parse().ok()
}
