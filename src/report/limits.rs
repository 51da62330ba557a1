//! How much a report contains at most: what the readers of its format accept.

use super::text::grouped;

/// How much a report contains at most. A report says what it leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The results of SARIF, JUnit and code quality reports. GitHub accepts 25,000 of a SARIF run,
    /// <https://docs.github.com/en/code-security/code-scanning>; GitLab and CI servers have similar limits for the
    /// whole file.
    pub results: usize,
    /// The articles of an HTML page: browsers could not open a page about thousands of systems.
    pub articles: usize,
    /// The rows of files in the details of an HTML page: an article often has a hundred.
    pub rows: usize,
    /// The findings that are held in memory. A report with more holds those that apply, a tenth of them for a system,
    /// and makes the others when it is written.
    pub held: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { results: 25_000, articles: 10_000, rows: 100_000, held: 100_000 }
    }
}

/// The message where there are more results than are written; `None` where all are.
pub(super) fn left_out(results: usize, limits: Limits) -> Option<String> {
    let most = limits.results;
    let left = results.checked_sub(most).filter(|&left| left > 0)?;
    Some(format!(
        "{} of {} results are left out: this format takes {}, the gravest are listed.",
        grouped(left as u64),
        grouped(results as u64),
        grouped(most as u64)
    ))
}
