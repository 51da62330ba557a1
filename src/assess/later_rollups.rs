//! Warnings about a Windows Vista to 8.1 whose rollups the catalogue has: it may lack updates that the catalogue does not know,
//! or updates that cannot be judged.

use jiff::civil::Date;

use super::context::Context;
use super::known_builds::said_of_end;
use super::older_build::OlderBuild;
use super::system_build::LastUpdate;
use crate::FileVersion;

/// The warnings for a system; none if it is of another Windows.
pub(super) fn warnings(context: &Context) -> Vec<String> {
    let Some(older) = &context.older else { return Vec::new() };
    let Some((build, revision, last)) = newest_rollup(older, context) else { return Vec::new() };
    let own = older.build_and_revision();
    let is_beyond = own > (build, revision);
    let beyond = is_beyond.then(|| {
        format!(
            "the system ({}) is newer than the newest rollup of the catalogue ({build}.{revision}): later updates may be missing",
            older.number()
        )
    });
    let what = format!("the system's build {build}");
    let ended = context.newest.zip(last).and_then(|(newest, last)| said_of_end(&what, last, newest, false));
    let products: Vec<&str> = older.products().collect();
    let unclear = (older.is_of_either() && products.len() > 1).then(|| {
        let either = products.join(" or ");
        format!(
            "{}, which is {either}: updates for one of them alone are not judged (--os says which it is)",
            older.describe()
        )
    });
    beyond.into_iter().chain(ended).chain(unclear).collect()
}

/// The build and revision of the catalogue's newest rollup for a system, and its article.
fn newest_rollup(older: &OlderBuild, context: &Context) -> Option<(u32, u32, Option<LastUpdate>)> {
    let mut newest = None;
    let mut dated: Option<Date> = None;
    for article in context.catalog.articles() {
        for build in article.builds().iter().filter(|build| older.may_be_of(build)) {
            let version = build.version.parse::<FileVersion>().ok();
            let Some(&[build, revision]) = version.as_ref().map(FileVersion::components) else { continue };
            dated = dated.max(article.last_modified);
            newest = newest.max(Some((build, revision, article.last_modified, article.id)));
        }
    }
    let (build, revision, day, id) = newest?;
    Some((build, revision, dated.map(|dated| LastUpdate { id, day, dated })))
}
