//! `--os` and `--service-pack`: the systems that the user names, for all trees or for single paths.

use hotfixcheck::assess::Profile;
use hotfixcheck::hosts::{UnknownSystem, system_named};
use hotfixcheck::knowledge::Knowledge;

use super::error::CliError;

/// The system for all trees, those of single paths, and the names by which both were given.
pub(super) type Profiles = (Option<Profile>, Vec<(String, Profile)>, Vec<(String, String)>);

/// The systems in the options: one for all paths, and those of single paths.
///
/// # Errors
/// An unknown system or service pack, or a service pack without its system.
pub(super) fn profiles(systems: &[String], packs: &[String], knowledge: &Knowledge) -> Result<Profiles, CliError> {
    let packs: Vec<(Option<&str>, &str)> = packs.iter().map(|given| of_path(given)).collect();
    let systems: Vec<(Option<&str>, &str)> = systems.iter().map(|given| of_path(given)).collect();
    if let Some((path, pack)) = packs.iter().find(|(path, _)| !systems.iter().any(|(of, _)| of == path)) {
        let path = path.map(|path| format!("{path}=")).unwrap_or_default();
        return Err(CliError::Usage(format!("--service-pack {path}{pack} needs --os {path}NAME")));
    }
    for (option, given) in [("--os", &systems), ("--service-pack", &packs)] {
        let again =
            |(place, (path, _)): &(usize, &(Option<&str>, &str))| given[..*place].iter().any(|(of, _)| of == path);
        if let Some((_, (path, _))) = given.iter().enumerate().find(again) {
            let whose = path.map_or_else(|| "all paths".to_owned(), |path| format!("'{path}'"));
            return Err(CliError::Usage(format!("{option} is given twice for {whose}")));
        }
    }
    for (option, given) in [("--os", &systems), ("--service-pack", &packs)] {
        if let Some((_, value)) = given.iter().find(|(path, _)| path.is_some_and(str::is_empty)) {
            return Err(CliError::Usage(format!(
                "{option} '={value}' names no path: write {option} PATH={value}, or {value} alone for all"
            )));
        }
    }
    let (mut all, mut single) = (None, Vec::new());
    let names = systems.iter().map(|(path, os)| (path.unwrap_or_default().to_owned(), (*os).to_owned())).collect();
    for (path, os) in systems {
        let pack = packs.iter().find(|(of, _)| *of == path).map(|(_, pack)| *pack);
        let profile = system_named(os, pack, knowledge).map_err(|error| match error {
            UnknownSystem::NeedsPack { os, line, known } => {
                CliError::Usage(format!("--os '{os}' needs --service-pack; {line} has: {known}"))
            }
            error => CliError::Usage(error.to_string()),
        })?;
        match path {
            None => all = Some(profile),
            Some(path) => single.push((path.to_owned(), profile)),
        }
    }
    Ok((all, single, names))
}

/// An error if the user names a system for a path without one, because no option is ignored silently.
///
/// # Errors
/// There is such a path.
pub(super) fn all_matched(unmatched: &[String], systems: &[String], config: &str) -> Result<(), CliError> {
    let [first, ..] = unmatched else { return Ok(()) };
    let known: Vec<String> = systems.iter().map(|path| format!("'{path}'")).collect();
    let whose = if config.is_empty() { String::new() } else { format!("{config}: [system]: ") };
    Err(CliError::Usage(format!("{whose}--os '{first}=…': no system at '{first}'; there are: {}", known.join(", "))))
}

/// Splits `PATH=NAME` into the path and the name; a name alone is for all paths.
fn of_path(given: &str) -> (Option<&str>, &str) {
    match given.rsplit_once('=') {
        Some((path, name)) => (Some(path), name),
        None => (None, given),
    }
}
