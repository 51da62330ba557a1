//! What to judge: the options of one command, besides those that several commands share.

use std::path::PathBuf;

use hotfixcheck::catalog::ArticleRef;

use super::args::{FailOn, SeverityArg};
use super::config::Config;

/// What to judge, besides the shared options.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// The command's name in help.
    pub command: &'static str,
    /// Only these articles, if any are given.
    pub only: Vec<ArticleRef>,
    /// Only articles with this rating or a higher one, if given.
    pub severity: Option<SeverityArg>,
    /// What counts as a finding, if given.
    pub fail_on: Option<FailOn>,
    /// The list of required fixes, if given.
    pub require: Option<PathBuf>,
    /// Whether to judge only these.
    pub only_required: bool,
    /// The earlier report whose findings are not new, if given.
    pub baseline: Option<PathBuf>,
    /// Whether a waiver that has expired or matches nothing is a finding.
    pub strict_waivers: bool,
    /// Whether the reports and required fixes of the configuration file are used, if the command line has none.
    pub configured: bool,
    /// Whether to show fixed, unknown and superseded articles, too.
    pub all: bool,
    /// Whether to show the smallest set of articles to install.
    pub plan: bool,
    /// Whether to list backup copies.
    pub inactive: bool,
}

impl Question {
    /// Takes the articles, the rating and the plan of the configuration file, if the command line has none. A list of required
    /// fixes on the command line is about its own articles.
    pub(super) fn take_from(&mut self, config: &Config) {
        if self.only.is_empty() && self.require.is_none() {
            self.only.clone_from(&config.only);
        }
        self.severity = self.severity.or(config.severity);
        self.plan |= config.plan;
    }
}
