//! Security-only updates and cumulative updates of Internet Explorer for Windows before 10: their documents state no build, but the
//! monthly rollup of their day contains them: it is for the same product and corrects all of their vulnerabilities.

use super::context::Context;
use super::reason::Reason;
use crate::catalog::Listed;
use crate::knowledge::Edition;
use hotfixcheck_articles::{Article, Build, OnWindows};
use hotfixcheck_facts::builds::release_of_product;

/// The answer for an update that names no fix, with what shows it; `None` where no rollup contains it, or the system shows
/// nothing of that rollup.
pub(super) fn answer(article: &Listed, context: &Context) -> Option<(Reason, String)> {
    let system = context.older.as_ref()?;
    let rollups = context.catalog.articles().iter().filter(|other| contains(other, article));
    let own = rollups.flat_map(|other| other.builds().iter().map(move |build| (other, build)));
    let mut answers = own.filter(|(_, build)| system.may_be_of(build)).filter_map(|(other, build)| {
        let reason = match system.judge(build, &build.version.parse().ok()?, other) {
            Reason::BuildReached | Reason::KernelOfBuild | Reason::LaterRollup => Reason::InRollup,
            Reason::BuildOlder | Reason::KernelOlderThanBuild => Reason::RollupMissing,
            _ => return None,
        };
        Some((reason, other.id, build))
    });
    let (reason, id, build) = answers.next()?;
    // Where several rollups of one day contain it, they must agree.
    let agrees = answers.all(|(other, ..)| other == reason);
    let said = || format!("{id}, the rollup of its day, is {}; {}", build.version, system.describe_for(&build.product));
    agrees.then(|| (reason, said()))
}

/// True for a monthly rollup that contains an update without a build: of the same day, for the same product, and with all of
/// its vulnerabilities.
pub(super) fn contains(rollup: &Article, update: &Article) -> bool {
    let is_of_system = |build: &Build| build.file.is_none();
    let day = rollup.last_modified;
    update.builds.is_empty()
        && rollup.builds.iter().any(is_of_system)
        && day.is_some()
        && day == update.last_modified
        && update.products.iter().any(|product| {
            let windows = explorer_on(product);
            rollup.products.iter().any(|own| is_same(own, windows)) && has_all_on(windows, rollup, update)
        })
}

/// True if the rollup corrects all vulnerabilities that the update has on a Windows: those of KB5028167 that only Server 2012 and
/// 2012 R2 have are not in the rollup of 2008 R2 (issue 15).
fn has_all_on(windows: &str, rollup: &Article, update: &Article) -> bool {
    let on = release_of_product(windows).map_or_else(OnWindows::default, |release| OnWindows {
        edition: Some(Edition::of_release(release)),
        releases: vec![release],
        older: None,
    });
    let mut own = update.cves.iter().filter(|cve| update.is_cve_on(cve, &on)).peekable();
    own.peek().is_some() && own.all(|cve| rollup.cves.contains(cve))
}

/// True for names of one product: "Windows 7 SP1" and "Windows 7 Service Pack 1" stand in documents of different years.
fn is_same(one: &str, other: &str) -> bool {
    let short = |name: &str| name.replace("Service Pack ", "SP");
    one == other || short(one) == short(other)
}

/// `Windows Server 2012 R2` of "Internet Explorer 11 on Windows Server 2012 R2"; of any other product itself.
fn explorer_on(product: &str) -> &str {
    let is_explorer = |before: &str| {
        let number = before.trim_start_matches("Microsoft ").strip_prefix("Internet Explorer ");
        number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    product.split_once(" on ").filter(|(before, _)| is_explorer(before)).map_or(product, |(_, windows)| windows)
}
