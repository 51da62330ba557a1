//! The policy: options of the command line, or else settings of the configuration file.

use std::path::PathBuf;

use hotfixcheck::assess::Waivers;
use hotfixcheck::catalog::OpenCatalog;
use hotfixcheck::inventory::PathFilter;
use hotfixcheck::report::Previous;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::args::PolicyArgs;
use super::config::Config;
use super::error::CliError;
use super::question::Question;
use super::require::List;
use super::{previous, require};

/// The fixes that must be installed.
#[derive(Debug)]
pub(super) struct Required {
    /// The file that lists them.
    pub name: String,
    /// The fixes, each once, in the list's order, and those that are required together.
    pub list: List,
    /// Whether to judge only these.
    pub only: bool,
}

/// The required fixes, if there is a list. If only some articles are judged, a list in the configuration file is not
/// used.
///
/// # Errors
/// A list that cannot be read, or `--only-required` without a list.
pub(super) fn required(
    question: &Question,
    config: &Config,
    (catalog, catalogue): (&OpenCatalog, &str),
) -> Result<Option<Required>, CliError> {
    let configured = || config.require.clone().filter(|_| question.configured && question.only.is_empty());
    let path: Option<PathBuf> = question.require.clone().or_else(configured);
    match path {
        Some(path) => {
            let only = question.only_required || (question.configured && config.only_required);
            Ok(Some(Required {
                name: path.display().to_string(),
                list: require::read(&path, catalog, catalogue)?,
                only,
            }))
        }
        None if question.only_required || (config.only_required && question.configured && question.only.is_empty()) => {
            Err(CliError::Usage("--only-required needs --require FILE".to_owned()))
        }
        None => Ok(None),
    }
}

/// The earlier report whose findings are not new, and its name.
///
/// # Errors
/// A file that cannot be read, or is not a report.
pub(super) fn baseline(question: &Question, config: &Config) -> Result<Option<(String, Previous)>, CliError> {
    let configured = || config.baseline.clone().filter(|_| question.configured);
    let path = question.baseline.clone().or_else(configured);
    path.map(|path| Ok((path.display().to_string(), previous::read(&path)?))).transpose()
}

/// The waivers, with the given date or that of the clock. One for a bulletin or vulnerability is one for each of its articles.
///
/// # Errors
/// A bulletin or vulnerability that the catalogue does not have.
pub(super) fn waivers(
    given: &PolicyArgs,
    question: &Question,
    config: &Config,
    (catalog, catalogue): (&OpenCatalog, &str),
) -> Result<Waivers, CliError> {
    let strict = question.strict_waivers || config.strict_waivers;
    if config.waivers.is_empty() {
        return Ok(Waivers { strict, ..Waivers::default() });
    }
    let mut waivers = Waivers { today: given.today.unwrap_or_else(today), strict, ..Waivers::default() };
    for waiver in &config.waivers {
        let begin = waivers.list.len();
        waivers.list.extend(waiver.each(catalog, catalogue)?);
        if waivers.list.len() > begin + 1 {
            waivers.together.push(begin..waivers.list.len());
        }
    }
    Ok(waivers)
}

/// The only place where the clock is read.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// The patterns of paths. Each of the two lists comes from the command line if it is given there.
pub(super) fn filter(given: PolicyArgs, configured: PathFilter) -> PathFilter {
    let either = |given: Vec<_>, configured| if given.is_empty() { configured } else { given };
    PathFilter {
        include: either(given.include, configured.include),
        exclude: either(given.exclude, configured.exclude),
    }
}
