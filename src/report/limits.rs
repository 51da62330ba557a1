//! How much the readers of a format take.

use super::text::grouped;

/// GitHub takes 25,000 results of a SARIF run, <https://docs.github.com/en/code-security/code-scanning>; GitLab and CI
/// servers have limits of a similar size for the whole file.
pub(super) const MOST_RESULTS: usize = 25_000;

/// What to say where there are more results than are written; `None` where all are.
pub(super) fn left_out(results: usize) -> Option<String> {
    let left = results.checked_sub(MOST_RESULTS).filter(|&left| left > 0)?;
    Some(format!(
        "{} of {} results are left out: this format takes {}, the gravest are listed.",
        grouped(left as u64),
        grouped(results as u64),
        grouped(MOST_RESULTS as u64)
    ))
}
