//! Words that several formats share. They are not escaped: each format has its own rules.

mod finding;

use jiff::civil::Date;

use super::found::Found;
use super::text::{count, grouped};
use super::view::{
    ArticleView, BroughtView, CatalogueView, FilesView, FindingView, FixView, NeededPackView, RequirementView,
    RequirementsView, SummaryView, View, WaiverView,
};
use super::{selection, shown};
use crate::assess::{ArticleStatus, FailOn, Outcome, RequiredState, Verdict};
use crate::knowledge::pack_title;
pub(super) use finding::{
    excuse, found, found_build, found_in_words, on_system, place, required, sentence, subject, unreadable_place,
};

/// How many reasons are given for an article that does not apply.
const MOST_REASONS: usize = 3;
/// How many vulnerabilities of an article are named in a line.
const MOST_CVES: usize = 3;

/// The answer: the first line of every report for people.
pub(super) fn headline(view: &View) -> String {
    selection::with_unrated(answer(view), view)
}

fn answer(view: &View) -> String {
    let s = &view.summary;
    match (s.to_install, s.outcome) {
        (0, Outcome::NothingRecognised) => capitalised(nothing_judged(view)),
        (0, Outcome::Findings) => capitalised(&result(view)),
        (0, _) if does_not_apply(view) => match view.articles.len() {
            1 => format!("{} does not apply here", view.articles[0].id),
            number => format!("None of the {} articles applies here", grouped(number as u64)),
        },
        (0, _) if s.incomplete => "No missing fix was found, but the result is incomplete".to_owned(),
        (0, _) if s.unknown > 0 => {
            let unknown = count(s.unknown as u64, "article is", "articles are");
            format!("No missing fix was found; {unknown} unknown (cannot be decided)")
        }
        (0, _) => selection::none_missing(&view.options),
        _ => {
            let gap = if s.incomplete { format!("; {}", incomplete(view)) } else { String::new() };
            let replaced = replaced(s);
            let counted = if s.outcome == Outcome::Clean { not_counted(view) } else { None };
            let counted = counted.map(|what| format!("; {what}")).unwrap_or_default();
            format!("{}{replaced}{counted}{gap}", selection::to_install(view))
        }
    }
}

/// `; they replace 8 more missing fixes`: the number of fixes that are superseded by those to install.
pub(super) fn replaced(summary: &SummaryView) -> String {
    let verb = if summary.to_install == 1 { "it replaces" } else { "they replace" };
    match summary.brought_along {
        0 => String::new(),
        number => format!("; {verb} {}", count(number as u64, "more missing fix", "more missing fixes")),
    }
}

/// True if articles were asked for by id, but none of them applies.
pub(super) fn does_not_apply(view: &View) -> bool {
    let none = |article: &ArticleView| article.status == ArticleStatus::NotApplicable;
    view.options.kb.is_some() && !view.articles.is_empty() && view.articles.iter().all(none)
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The result in a few words, next to the exit code.
pub(super) fn result(view: &View) -> String {
    let gap = incomplete(view);
    match (view.summary.outcome, Found::of(view)) {
        (_, Some(found)) if view.summary.incomplete => format!("{}, and {gap}", found.words()),
        (_, Some(found)) => found.words().to_owned(),
        (Outcome::Incomplete, None) => format!("incomplete: {gap}"),
        (Outcome::NothingRecognised, None) => nothing_judged(view).to_owned(),
        (_, None) if view.summary.incomplete => format!("no findings, but {gap}"),
        (_, None) => no_findings(view),
    }
}

/// Why a result is incomplete.
fn incomplete(view: &View) -> String {
    match (view.unreadable.is_empty(), view.files.unstated, selection::unrated(&view.summary)) {
        (_, _, Some(unrated)) if !view.summary.incomplete => unrated,
        (true, 1.., _) => "the inventory does not contain all that is needed".to_owned(),
        _ => "not everything could be read".to_owned(),
    }
}

/// `no findings`, and the findings that are not counted.
fn no_findings(view: &View) -> String {
    let counted = not_counted(view).map(|what| format!("; {what}")).unwrap_or_default();
    format!("no findings{counted}")
}

/// The findings that do not count for the exit code.
fn not_counted(view: &View) -> Option<String> {
    let s = &view.summary;
    let fail_on = view.options.fail_on;
    let waived = s.waived + s.known.unwrap_or_default();
    let counted = |number: usize, counts: bool| if counts || waived > 0 { 0 } else { number };
    let parts = [
        (counted(s.missing, fail_on >= FailOn::Missing), "missing"),
        (counted(s.partial, fail_on >= FailOn::Missing), "half-installed"),
        (counted(s.likely_missing, fail_on >= FailOn::LikelyMissing), "likely missing"),
        (s.waived, "waived"),
        (s.known.unwrap_or_default(), "in the baseline"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", grouped(*n as u64))).collect();
    (!parts.is_empty()).then(|| format!("not counted (--fail-on {}): {}", fail_on.name(), parts.join(", ")))
}

/// Why there was nothing to judge.
fn nothing_judged(view: &View) -> &'static str {
    match view.files.binaries {
        0 => "nothing to judge: no Windows binary that the catalogue lists was found",
        _ => "nothing to judge: the files that the catalogue lists are all backup copies",
    }
}

/// A verdict or status in words.
pub(super) fn status(status: ArticleStatus) -> String {
    match status {
        ArticleStatus::Partial => "half-installed".to_owned(),
        other => other.name().replace('-', " "),
    }
}

/// The catalogue: its source, its number of articles, and their dates.
pub(super) fn catalogue(catalogue: &CatalogueView) -> String {
    let articles = count(catalogue.articles as u64, "article", "articles");
    format!("{}: {articles}{}", catalogue.name, coverage(catalogue).map(|days| format!("; {days}")).unwrap_or_default())
}

/// `on files and service packs from 1989-06-01 to 2011-03-08, on builds from 2015-07-29 to 2026-07-14`.
pub(super) fn coverage(catalogue: &CatalogueView) -> Option<String> {
    let range = |what: &str, from: Option<Date>, to: Option<Date>| Some(format!("{what} from {} to {}", from?, to?));
    let files = range("on files and service packs", catalogue.from, catalogue.to);
    let builds = range("on builds", catalogue.builds_from, catalogue.builds_to);
    let known: Vec<String> = files.into_iter().chain(builds).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// The mark of a finding: that it does not count, or its verdict; half-installed if the article is.
pub(super) fn mark(view: &View, article: &ArticleView, finding: &FindingView) -> String {
    if finding.waiver.is_some() {
        return "waived".to_owned();
    }
    if finding.known == Some(true) {
        return "in baseline".to_owned();
    }
    if let Some(by) = shown::superseded_by(view, article) {
        return format!("superseded by {by}");
    }
    let half = article.status == ArticleStatus::Partial && !view.options.all && finding.verdict == Verdict::Missing;
    match finding.verdict {
        _ if half => status(article.status),
        Verdict::Unknown => format!("unknown: {}", finding.reason.code()),
        verdict => verdict.name().replace('-', " "),
    }
}

/// A service pack that must be installed before a fix: `Windows XP Service Pack 3`.
pub(super) fn needed_pack(needed: &NeededPackView) -> String {
    match &needed.service_pack {
        Some(pack) => format!("{} {}", needed.product, pack_title(pack)),
        None => format!("a later service pack of {}", needed.product),
    }
}

/// What must be installed before a fix that is for a later service pack than the system's.
pub(super) fn needs_pack_first(needed: Option<&NeededPackView>) -> Option<String> {
    needed.map(|needed| format!("needs {} first", needed_pack(needed)))
}

/// Why an article has its status, in a sentence: the first finding that decides, or why it does not apply.
pub(super) fn why(article: &ArticleView) -> String {
    let Some(worst) = article.findings.iter().map(|f| f.verdict).max() else {
        return "The article names neither a corrected file nor a service pack.".to_owned();
    };
    let decides = article.findings.iter().filter(|f| f.verdict == worst);
    match worst {
        Verdict::NotApplicable => {
            let mut reasons: Vec<&FindingView> = Vec::new();
            for finding in decides {
                if !reasons.iter().any(|other| other.reason == finding.reason) {
                    reasons.push(finding);
                }
            }
            let one = |finding: &FindingView| {
                let evidence = match finding.evidence.as_str() {
                    "" => String::new(),
                    text => format!(" ({text})"),
                };
                let text = finding.description.trim_end_matches('.');
                if finding.file.is_none() && subject(finding) == FixView::NO_FILE_NAMED {
                    return format!("{text}{evidence}.");
                }
                format!("{}: {text}{evidence}.", subject(finding))
            };
            reasons.into_iter().take(MOST_REASONS).map(one).collect::<Vec<_>>().join(" ")
        }
        Verdict::Fixed | Verdict::LikelyFixed => decides.map(|f| f.description.to_owned()).take(1).collect(),
        _ => decides.map(|finding| sentence(article, finding)).take(1).collect(),
    }
}

/// A waiver in a sentence, with the place of its definition.
pub(super) fn waiver(waiver: &WaiverView) -> String {
    let path = waiver.path.as_ref().map(|path| format!("; only {path}")).unwrap_or_default();
    format!("until {}: {} ({}{path})", waiver.expires, waiver.reason, waiver.source)
}

/// `superseded by Q319733, Q301625`; `None` for any other article.
pub(super) fn superseded(article: &ArticleView) -> Option<String> {
    let by: Vec<String> = article.superseded_by.iter().map(ToString::to_string).collect();
    (!by.is_empty()).then(|| format!("superseded by {}", by.join(", ")))
}

/// What an article is for: `critical, MS05-040, CVE-2005-0058; exploited`; `None` if nothing is known. If the state of
/// the fix is not certain, the text says that the article would correct it; it does not claim that a vulnerability is
/// open or closed.
pub(super) fn update(article: &ArticleView) -> Option<String> {
    let alone = [
        ("clients", &article.cves_of_clients),
        ("servers", &article.cves_of_servers),
        ("some releases", &article.cves_of_releases),
    ];
    let is_of_both = |cve: &&String| alone.iter().all(|(_, cves)| !cves.contains(*cve));
    let of_both: Vec<&String> = article.cves.iter().filter(is_of_both).collect();
    let more = of_both.len().saturating_sub(MOST_CVES);
    let more = (more > 0).then(|| count(more as u64, "more CVE", "more CVEs"));
    let cves = of_both.into_iter().take(MOST_CVES).cloned();
    let alone = alone.into_iter().filter_map(|(whose, cves)| match &cves[..] {
        [] => None,
        [one] => Some(format!("{one} of {whose} alone")),
        several => Some(format!("{} of {whose} alone", count(several.len() as u64, "CVE", "CVEs"))),
    });
    let rating = article.severity.map(|severity| severity.name().to_owned());
    let parts: Vec<String> =
        rating.into_iter().chain(article.bulletins.iter().cloned()).chain(cves).chain(more).chain(alone).collect();
    let replaced = article.brings_along.as_ref().and_then(with_replaced);
    if parts.is_empty() && replaced.is_none() {
        return None;
    }
    let exploited = if article.exploited.is_empty() { "" } else { "; exploited" };
    let own = format!("{}{exploited}", parts.join(", "));
    let all: Vec<String> = Some(own).filter(|own| !own.is_empty()).into_iter().chain(replaced).collect();
    let lead = match article.status {
        ArticleStatus::Missing | ArticleStatus::Partial | ArticleStatus::Fixed => "",
        ArticleStatus::LikelyMissing
        | ArticleStatus::Unknown
        | ArticleStatus::LikelyFixed
        | ArticleStatus::NotApplicable => "would correct: ",
    };
    Some(format!("{lead}{}", all.join("; ")))
}

/// `with the 59 fixes that it replaces: 1,203 CVEs (31 exploited), up to critical`; `None` if no vulnerability is
/// known.
fn with_replaced(brought: &BroughtView) -> Option<String> {
    let counted =
        |cves: &[String], what: &str| (!cves.is_empty()).then(|| format!("{} {what}", grouped(cves.len() as u64)));
    let of_them: Vec<String> = [
        counted(&brought.exploited, "exploited"),
        counted(&brought.cves_of_clients, "of clients alone"),
        counted(&brought.cves_of_servers, "of servers alone"),
        counted(&brought.cves_of_releases, "of some releases alone"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let of_them = if of_them.is_empty() { String::new() } else { format!(" ({})", of_them.join(", ")) };
    let cves = match brought.cves.len() {
        0 => None,
        cves => Some(format!("{}{of_them}", count(cves as u64, "CVE", "CVEs"))),
    };
    let rating = brought.severity.map(|severity| format!("up to {severity}"));
    let what: Vec<String> = cves.into_iter().chain(rating).collect();
    let fixes = count(brought.articles.len() as u64, "fix", "fixes");
    (!what.is_empty()).then(|| format!("with the {fixes} that it replaces: {}", what.join(", ")))
}

/// `3 of 5 required fixes are installed`.
pub(super) fn required_fixes(required: &RequirementsView) -> String {
    let (verb, total) = (if required.met == 1 { "is" } else { "are" }, grouped(required.total as u64));
    format!("{} of {total} required fixes {verb} installed", grouped(required.met as u64))
}

/// The state of a required fix in a few words.
pub(super) fn requirement(fix: &RequirementView) -> String {
    let status = fix.status.map_or("not in the catalogue".to_owned(), status);
    match fix.state {
        RequiredState::In | RequiredState::NotIn => status,
        RequiredState::Known => format!("{status}, in the baseline"),
        RequiredState::Waived => format!("{status}, waived"),
    }
}

/// A release in words: a line without a name is described as one.
pub(super) fn release(name: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("release line {name}")
    } else {
        name.to_owned()
    }
}

/// How many files were found, and how many of them were compared.
pub(super) fn files(files: &FilesView) -> String {
    let mut parts = vec![format!("{} found", grouped(files.seen))];
    if files.sniffed {
        parts.push("contents of all checked".to_owned());
    }
    parts.push(format!("{} with a name that the catalogue lists", grouped(files.known as u64)));
    let mut text = parts.join(", ");
    let compared = files.known - files.inactive.min(files.known);
    text.push_str(&format!(": {} compared", grouped(compared as u64)));
    match files.inactive {
        0 => {}
        n => text.push_str(&format!(", {} not judged", count(n as u64, "backup copy", "backup copies"))),
    }
    match files.excluded {
        0 => {}
        n => text.push_str(&format!("; {} excluded", grouped(n as u64))),
    }
    text
}

/// `262 security updates for this system are not judged`: the catalogue knows neither a file nor a build of them; `None` if there are
/// none.
pub(super) fn updates_not_judged(view: &View) -> Option<String> {
    let own = view.summary.updates_not_judged as u64;
    (own > 0).then(|| {
        let updates = count(own, "security update for this system is", "security updates for this system are");
        format!("{updates} not judged")
    })
}

/// How many articles are not judged, because they name only a service pack or no fix at all, by reason; `None` if there are none.
pub(super) fn unjudged(view: &View) -> Option<String> {
    let reasons = view.summary.not_judged.iter().map(|(code, number)| {
        let articles = count(*number as u64, "more article names", "more articles name");
        let why = match *code {
            "no-profile" => "only a service pack: not judged without --os and --service-pack",
            "service-pack-unknown" => {
                "only a service pack, and that of the system is not known: not judged without --os and --service-pack"
            }
            "build-not-known" => {
                "only a build of Windows, SQL Server or Exchange, and that of the system or product is not known: not judged"
            }
            "pack-not-numbered" => "only the latest service pack of its time: not judged on one that is not the last",
            "pack-not-released" => "only a service pack that was never released: not judged",
            _ => "only a service pack of a product whose installed service pack cannot be determined: not judged",
        };
        format!("{articles} {why}")
    });
    // An article that was asked for is judged by itself.
    let without_fix = view.catalogue.without_fix as u64;
    let others = (without_fix > 0 && view.options.kb.is_none()).then(|| {
        let articles = count(without_fix, "article of the catalogue states", "articles of the catalogue state");
        let own = view.summary.updates_not_judged as u64;
        let own = (own > 0).then(|| {
            count(own, "of them a security update for this system", "of them security updates for this system")
        });
        let own = own.map(|own| format!(", {own}")).unwrap_or_default();
        format!("{articles} no fix (neither a file, a service pack nor a build){own}: not judged")
    });
    let reasons: Vec<String> = reasons.chain(others).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}
