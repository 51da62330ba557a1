//! Words that several formats share. Nothing here is escaped: each format knows what is special in it.

use super::found::Found;
use super::text::{count, grouped};
use super::view::{
    ArticleView, FilesView, FindingView, ProfileView, RequiredView, RequirementView, RequirementsView, SystemView,
    View, WaiverView,
};
use crate::assess::Verdict;

/// What the run comes to, in a few words.
pub(super) fn result(view: &View) -> String {
    let incomplete = if view.summary.incomplete { ", and not everything could be read" } else { "" };
    match (view.summary.exit_code, Found::of(view)) {
        (_, Some(found)) => format!("{}{incomplete}", found.words()),
        (3, None) => "incomplete: not everything could be read".to_owned(),
        (4, None) => nothing_judged(view).to_owned(),
        (_, None) if view.summary.incomplete => "no findings, but not everything could be read".to_owned(),
        (_, None) => "no findings".to_owned(),
    }
}

/// Why there was nothing to judge.
fn nothing_judged(view: &View) -> &'static str {
    match view.files.binaries {
        0 => "nothing to judge: no Windows binary that the catalogue knows was found",
        _ => "nothing to judge: of the files that the catalogue knows there are only inactive copies",
    }
}

/// A waiver in a sentence, with where it is written.
pub(super) fn waiver(waiver: &WaiverView) -> String {
    let path = waiver.path.as_ref().map(|path| format!("; only {path}")).unwrap_or_default();
    format!("until {}: {} ({}{path})", waiver.expires, waiver.reason, waiver.source)
}

/// `superseded by Q319733, Q301625`; `None` for an article that is not.
pub(super) fn superseded(article: &ArticleView) -> Option<String> {
    let by: Vec<String> = article.superseded_by.iter().map(ToString::to_string).collect();
    (!by.is_empty()).then(|| format!("superseded by {}", by.join(", ")))
}

/// Why a finding does not count, in a few words: `None` where it does.
pub(super) fn excuse(finding: &FindingView) -> Option<String> {
    let waived = finding.waiver.as_ref().map(|waiver| format!("waived until {}: {}", waiver.expires, waiver.reason));
    waived.or_else(|| (finding.known == Some(true)).then(|| "known from the baseline".to_owned()))
}

/// `Required fixes: 3 of 5 in`.
pub(super) fn required_fixes(required: &RequirementsView) -> String {
    format!("Required fixes: {} of {} in", required.met, required.total)
}

/// The state of a required fix in a few words.
pub(super) fn requirement(fix: &RequirementView) -> String {
    let status = fix.status.map_or("not in the catalogue".to_owned(), |status| status.name().replace('-', " "));
    match fix.state {
        "in" | "not-in" => status,
        "known" => format!("{status}, known from the baseline"),
        other => format!("{status}, {other}"),
    }
}

/// The system, and who says so.
pub(super) fn system(profile: &ProfileView) -> String {
    let pack = profile.service_pack.as_deref().map(|pack| format!(" Service Pack {pack}")).unwrap_or_default();
    let source = match (profile.source, &profile.kernel) {
        (_, Some(path)) => format!(", says {path}"),
        ("registry", _) => ", says the registry".to_owned(),
        _ => String::new(),
    };
    format!("{}{pack}{source}", profile.os)
}

/// The file's version: the one that was compared, else the fixed one. `None` where neither is known.
pub(super) fn found(finding: &FindingView) -> Option<String> {
    let compared = finding.compared.as_ref().map(|c| c.found.to_string());
    compared.or_else(|| finding.file.as_ref()?.fixed_version.map(|v| v.to_string()))
}

/// The version or service pack that the article demands. `None` where it states none.
pub(super) fn required(finding: &FindingView) -> Option<String> {
    match (&finding.compared, &finding.required) {
        (Some(compared), _) => Some(compared.required.to_string()),
        (None, RequiredView::File(fix)) => fix.version.clone(),
        (None, RequiredView::ServicePack { service_pack, .. }) => Some(format!("Service Pack {service_pack}")),
    }
}

/// What the finding speaks of: the file's path below its tree, the file that the article names, or the product.
pub(super) fn subject(finding: &FindingView) -> &str {
    match (&finding.file, &finding.required) {
        (Some(file), _) => &file.path.path,
        (None, RequiredView::File(fix)) => &fix.file,
        (None, RequiredView::ServicePack { product, .. }) => product,
    }
}

/// The subject with the tree it lies in, where there are several.
pub(super) fn place(view: &View, finding: &FindingView) -> String {
    let tree = finding.file.as_ref().and_then(|file| view.trees.get(file.tree)).filter(|_| view.trees.len() > 1);
    let subject = subject(finding);
    tree.map_or_else(|| subject.to_owned(), |tree| format!("{}: {subject}", tree.path))
}

/// The finding in a sentence that needs no other context.
pub(super) fn sentence(article: &ArticleView, finding: &FindingView) -> String {
    let subject = subject(finding);
    let id = article.id;
    match (finding.verdict, found(finding), required(finding)) {
        (Verdict::Missing, Some(found), Some(required)) => {
            format!("{subject} is {found}: {id} demands {required} or later.")
        }
        (Verdict::LikelyMissing, Some(found), Some(required)) => {
            format!("{subject} is {found}: {id} probably demands {required} or later. {}", finding.description)
        }
        (Verdict::Missing, None, Some(required)) => {
            format!("{subject}: {id} demands {required}. {}", finding.description)
        }
        _ => format!("{subject}: whether {id} is installed is {}. {}", finding.verdict.name(), finding.description),
    }
}

/// Where an unreadable thing lies: its path, or the tree's own.
pub(super) fn unreadable_place(view: &View, item: &super::UnreadableView) -> String {
    match (view.trees.get(item.tree), item.path.path.is_empty()) {
        (Some(tree), true) => tree.path.clone(),
        (Some(tree), false) if view.trees.len() > 1 => format!("{}: {}", tree.path, item.path.path),
        _ => item.path.path.clone(),
    }
}

/// How many files there are of each kind.
pub(super) fn files(files: &FilesView) -> String {
    let inactive = match files.inactive {
        0 => String::new(),
        n => format!("; {} not judged", count(n as u64, "inactive copy", "inactive copies")),
    };
    let excluded = match files.excluded {
        0 => String::new(),
        n => format!("; {} excluded", grouped(n as u64)),
    };
    format!(
        "{} seen{}, {} known to the catalogue, {} read{inactive}{excluded}",
        grouped(files.seen),
        if files.sniffed { " and looked into" } else { "" },
        grouped(files.known as u64),
        count(files.binaries as u64, "binary", "binaries"),
    )
}

/// How many articles are not judged because they name only a service pack, by reason; `None` if there is none.
pub(super) fn unjudged(view: &View) -> Option<String> {
    let reasons = view.summary.not_judged.iter().map(|(code, number)| {
        let articles = count(*number as u64, "article names", "articles name");
        let why = match *code {
            "no-profile" => "only a service pack: not judged without --os and --service-pack",
            "service-pack-unknown" => {
                "only a service pack, and that of the system is not known: not judged without --os and --service-pack"
            }
            "pack-not-released" => "only a service pack that was never released: not judged",
            _ => "only a service pack of a product whose service packs are not known: not judged",
        };
        format!("{articles} {why}")
    });
    let reasons: Vec<String> = reasons.collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// The systems, each with its path where there are several; empty where none is known.
pub(super) fn systems(view: &View) -> Vec<String> {
    if view.systems.len() < 2 {
        return view.options.profile.iter().map(system).collect();
    }
    let one = |of: &SystemView| {
        let profile = of.profile.as_ref().map_or_else(|| "not known".to_owned(), system);
        format!("{}: {profile}", of.path)
    };
    view.systems.iter().map(one).collect()
}
