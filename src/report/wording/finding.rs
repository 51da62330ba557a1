//! Words about one finding: its file, what was found and what is needed.

use crate::FileVersion;
use crate::assess::{Reason, Verdict, VersionSource};
use crate::knowledge::pack_title;
use crate::report::systems;
use crate::report::view::{ArticleView, FindingView, RequiredView, UnreadableView, View};

/// Why a finding does not count, in a few words; `None` if it counts.
pub(in crate::report) fn excuse(finding: &FindingView) -> Option<String> {
    let waived = finding.waiver.as_ref().map(|waiver| format!("waived until {}: {}", waiver.expires, waiver.reason));
    waived.or_else(|| (finding.known == Some(true)).then(|| "in the baseline".to_owned()))
}

/// The file's version: the one that was compared, or else the fixed one. `None` if neither is known.
pub(in crate::report) fn found(finding: &FindingView) -> Option<String> {
    let compared = finding.compared.as_ref().map(|c| c.found.to_string());
    compared.or_else(|| finding.file.as_ref()?.fixed_version.map(|v| v.to_string()))
}

/// The version that was found, in words if there is none: never a reason code.
pub(in crate::report) fn found_in_words(view: &View, article: &ArticleView, finding: &FindingView) -> String {
    if let Some(compared) = &finding.compared {
        return match compared.source {
            VersionSource::Text { .. } => format!("{} (version string)", compared.found),
            _ => compared.found.to_string(),
        };
    }
    match (&finding.file, &finding.required) {
        (Some(file), _) => match (&file.error, file.fixed_version, file.version_strings.first()) {
            (Some(_), ..) => "not readable".to_owned(),
            (None, Some(version), _) => version.to_string(),
            (None, None, Some(text)) => format!("'{text}'"),
            (None, None, None) => "no version".to_owned(),
        },
        (None, RequiredView::ServicePack { .. })
            if matches!(
                finding.reason,
                Reason::ProductUnknown | Reason::ProductOfServicePack | Reason::ProductOlder
            ) =>
        {
            found_product(&finding.evidence).unwrap_or("service pack not known").to_owned()
        }
        (None, RequiredView::ServicePack { .. }) => {
            let pack = systems::profile_of(view, article).and_then(|profile| profile.service_pack.as_deref());
            match pack {
                Some("RTM") => "no service pack".to_owned(),
                Some(pack) => pack_title(pack),
                // The kernel may show bounds of it.
                None => match found_packs(&finding.evidence) {
                    Some(packs) => format!("kernel of {packs}"),
                    None => "service pack not known".to_owned(),
                },
            }
        }
        (None, RequiredView::Build { .. }) => {
            let found = found_build(&finding.evidence).map(|found| found.to_string());
            found.unwrap_or_else(|| finding.evidence.split("; ").nth(1).unwrap_or("build not known").to_owned())
        }
        (None, RequiredView::File(_)) if matches!(finding.reason, Reason::RowNotRead | Reason::NoFixStated) => {
            "not compared".to_owned()
        }
        (None, RequiredView::File(_)) => "no such file".to_owned(),
    }
}

/// The build in the evidence about a build: `…; the system is 22631.2715 (SOFTWARE\…\UBR)`, `…; the file is
/// 2019.150.4298.1`.
pub(in crate::report) fn found_build(evidence: &str) -> Option<FileVersion> {
    let said = evidence.split("; ").nth(1)?;
    let said = said.strip_prefix("the system is ").or_else(|| said.strip_prefix("the file is "))?;
    said.split(" (").next()?.parse().ok()
}

/// The service packs in the evidence about one, where the kernel shows only bounds of them: `…; the kernel is of SP4 or earlier (from …)`.
fn found_packs(evidence: &str) -> Option<&str> {
    evidence.split("; the kernel is of ").nth(1)?.split(" (").next()
}

/// The service pack of a product in the evidence about one: `…; the product has SP2 (from …)`.
fn found_product(evidence: &str) -> Option<&str> {
    evidence.split("; the product has ").nth(1)?.split(" (").next()
}

/// The version or service pack that the article requires. `None` if it states none.
pub(in crate::report) fn required(finding: &FindingView) -> Option<String> {
    match (&finding.compared, &finding.required) {
        (Some(compared), _) => Some(compared.required.to_string()),
        (None, RequiredView::File(fix)) => fix.version.clone(),
        (None, RequiredView::ServicePack { service_pack, .. }) => Some(pack_title(service_pack)),
        (None, RequiredView::Build { version, .. }) => Some(version.clone()),
    }
}

/// The subject of the finding: the file's path below its tree, the file that the article names, or the product.
pub(in crate::report) fn subject(finding: &FindingView) -> &str {
    match (&finding.file, &finding.required) {
        (Some(file), _) => &file.path.path,
        (None, RequiredView::File(fix)) => &fix.file,
        (None, RequiredView::ServicePack { product, .. } | RequiredView::Build { product, .. }) => product,
    }
}

/// The subject with its tree, if there are several.
pub(in crate::report) fn place(view: &View, finding: &FindingView) -> String {
    let tree = finding.file.as_ref().and_then(|file| view.trees.get(file.tree)).filter(|_| view.trees.len() > 1);
    let subject = subject(finding);
    tree.map_or_else(|| subject.to_owned(), |tree| format!("{}: {subject}", tree.path))
}

/// The finding in a sentence that can stand alone.
pub(in crate::report) fn sentence(article: &ArticleView, finding: &FindingView) -> String {
    let subject = format!("{}{}", subject(finding), on_system(article, finding));
    let id = article.id;
    match (finding.verdict, found(finding), required(finding)) {
        (Verdict::Missing, Some(found), Some(required)) => {
            format!("{subject} is {found}: {id} requires {required} or later.")
        }
        (Verdict::LikelyMissing, Some(found), Some(required)) => {
            format!("{subject} is {found}: {id} probably requires {required} or later. {}", finding.description)
        }
        (Verdict::Missing, None, Some(required)) => {
            format!("{subject}: {id} requires {required}. {}", finding.description)
        }
        _ => format!("{subject}: whether {id} is installed is {}. {}", finding.verdict.name(), finding.description),
    }
}

/// " on" and the system of a finding about no file, if there are several systems: of a file the path says it.
pub(in crate::report) fn on_system(article: &ArticleView, finding: &FindingView) -> String {
    let system = article.system.as_ref().filter(|_| finding.file.is_none());
    system.map(|system| format!(" on {system}")).unwrap_or_default()
}

/// The path that could not be read, or that of the tree.
pub(in crate::report) fn unreadable_place(view: &View, item: &UnreadableView) -> String {
    match (view.trees.get(item.tree), item.path.path.is_empty()) {
        (Some(tree), true) => tree.path.clone(),
        (Some(tree), false) if view.trees.len() > 1 => format!("{}: {}", tree.path, item.path.path),
        _ => item.path.path.clone(),
    }
}
