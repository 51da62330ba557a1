//! What to judge: the wishes of one command, beyond the options that several share.

use std::path::PathBuf;

use hotfixcheck::catalog::ArticleRef;

use super::args::{FailOn, SeverityArg};

/// What to judge, beyond the shared options.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// The command, as its help is called.
    pub command: &'static str,
    /// Only these articles, if any are given.
    pub only: Vec<ArticleRef>,
    /// Only articles of this rating or a higher one, if that was given.
    pub severity: Option<SeverityArg>,
    /// What counts as a finding, if that was given.
    pub fail_on: Option<FailOn>,
    /// The list of required fixes, if one was given.
    pub require: Option<PathBuf>,
    /// Whether to judge nothing else.
    pub only_required: bool,
    /// The earlier report whose findings are known, if one was given.
    pub baseline: Option<PathBuf>,
    /// Whether a waiver that has expired or matches nothing is a finding.
    pub strict_waivers: bool,
    /// Whether the configuration file's reports and required fixes are meant, where the command line has none.
    pub configured: bool,
    /// Whether to show what is fixed, unknown or superseded too.
    pub all: bool,
    /// Whether to show the smallest set of articles to install.
    pub plan: bool,
    /// Whether to list backup copies.
    pub inactive: bool,
}
