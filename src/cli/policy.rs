//! What counts, beyond the verdicts: the command line's word, else the configuration file's.

use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::assess::Waivers;
use hotfixcheck::inventory::PathFilter;
use hotfixcheck::report::Previous;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::args::PolicyArgs;
use super::config::Config;
use super::error::CliError;
use super::question::Question;
use super::{previous, require};

/// The fixes that must be installed.
#[derive(Debug)]
pub(super) struct Required {
    /// Where they are listed.
    pub name: String,
    /// The fixes, each once, in the list's order.
    pub ids: Vec<KbId>,
    /// Whether to judge nothing else.
    pub only: bool,
}

/// The required fixes, if there is a list. A question about some articles only has none but its own.
///
/// # Errors
/// A list that cannot be read; a wish for nothing but required fixes without a list.
pub(super) fn required(question: &Question, config: &Config) -> Result<Option<Required>, CliError> {
    let configured = || config.require.clone().filter(|_| question.configured && question.only.is_empty());
    let path: Option<PathBuf> = question.require.clone().or_else(configured);
    match path {
        Some(path) => {
            let only = question.only_required || (question.configured && config.only_required);
            Ok(Some(Required { name: path.display().to_string(), ids: require::read(&path)?, only }))
        }
        None if question.only_required || (config.only_required && question.configured && question.only.is_empty()) => {
            Err(CliError::Usage("--only-required needs --require FILE".to_owned()))
        }
        None => Ok(None),
    }
}

/// The earlier report whose findings are known, and its name.
///
/// # Errors
/// A file that cannot be read, or is no report.
pub(super) fn baseline(question: &Question, config: &Config) -> Result<Option<(String, Previous)>, CliError> {
    let configured = || config.baseline.clone().filter(|_| question.configured);
    let path = question.baseline.clone().or_else(configured);
    path.map(|path| Ok((path.display().to_string(), previous::read(&path)?))).transpose()
}

/// The waivers, held against the day that was given or that the clock shows.
pub(super) fn waivers(given: &PolicyArgs, question: &Question, config: &Config) -> Waivers {
    if config.waivers.is_empty() {
        return Waivers { strict: question.strict_waivers || config.strict_waivers, ..Waivers::default() };
    }
    Waivers {
        list: config.waivers.clone(),
        today: given.today.unwrap_or_else(today),
        strict: question.strict_waivers || config.strict_waivers,
    }
}

/// The only look at a clock.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// The patterns of paths; each of the two lists is the command line's if it has one.
pub(super) fn filter(given: PolicyArgs, configured: PathFilter) -> PathFilter {
    let either = |given: Vec<_>, configured| if given.is_empty() { configured } else { given };
    PathFilter {
        include: either(given.include, configured.include),
        exclude: either(given.exclude, configured.exclude),
    }
}
