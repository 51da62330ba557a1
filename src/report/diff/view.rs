//! The changes between two reports.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::previous::{
    Previous, PreviousArticle, PreviousDemand, PreviousFile, PreviousFinding, PreviousOptions, PreviousProfile,
};
use super::super::view::ToolView;
use crate::KbId;
use crate::assess::{ArticleStatus, Verdict, same_tree};
use crate::knowledge::pack_title;

/// The version of the comparison's format.
pub const DIFF_SCHEMA: &str = "hotfixcheck.diff/1";

/// The changes between two reports. Findings are the same if article, path below the tree and machine are; likely
/// missing counts as missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiffView {
    /// [`DIFF_SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: ToolView,
    /// The trees of the earlier report.
    pub old_trees: Vec<String>,
    /// The trees of the later one.
    pub new_trees: Vec<String>,
    /// Limits of the comparison: other trees, another catalogue.
    pub notes: Vec<String>,
    /// Missing now; before it was not, or only likely.
    pub newly_missing: Vec<ChangeView>,
    /// Missing before, fixed or likely fixed now; if `new` is `null`, the article as a whole is.
    pub newly_fixed: Vec<ChangeView>,
    /// Missing before; now it is unknown, does not apply or is not listed. That does not prove a fix.
    #[serde(rename = "no_longer_told")]
    pub no_longer_reported: Vec<ChangeView>,
    /// Missing before and now, but with another file or a less certain verdict.
    pub changed: Vec<ChangeView>,
    /// How many findings are missing as before.
    pub unchanged: usize,
    /// 1 if something that is not waived is newly missing, else 0.
    pub exit_code: u8,
}

/// A finding that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// The article.
    pub id: KbId,
    /// Its title.
    pub title: String,
    /// Identifies the finding in both reports.
    pub fingerprint: String,
    /// The file's path below its tree, or its name, or the product.
    pub subject: String,
    /// The earlier finding; `null` if it was not listed.
    pub old: Option<SideView>,
    /// The later finding; `null` if it is not listed.
    pub new: Option<SideView>,
    /// The article's status now; `null` if it no longer applies or was not asked for.
    pub status: Option<ArticleStatus>,
    /// Whether it is waived now.
    pub waived: bool,
}

/// A finding in one of the reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SideView {
    /// The verdict.
    pub verdict: Verdict,
    /// The file's version: the fixed one, else the first string.
    pub version: Option<String>,
    /// The file's size in bytes.
    pub size: Option<u64>,
}

type Findings<'a> = BTreeMap<&'a str, (&'a PreviousArticle, &'a PreviousFinding)>;

impl DiffView {
    /// Compares two reports.
    pub fn new(old: &Previous, new: &Previous) -> Self {
        let (before, now) = (by_fingerprint(old), by_fingerprint(new));
        let (old_unlisted, new_unlisted) = (old.unlisted(), new.unlisted());
        let tool = ToolView { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
        let mut view = Self {
            schema: DIFF_SCHEMA,
            tool,
            old_trees: old.trees.iter().map(|tree| tree.path.clone()).collect(),
            new_trees: new.trees.iter().map(|tree| tree.path.clone()).collect(),
            notes: notes(old, new),
            newly_missing: Vec::new(),
            newly_fixed: Vec::new(),
            no_longer_reported: Vec::new(),
            changed: Vec::new(),
            unchanged: 0,
            exit_code: 0,
        };
        for (print, (article, finding)) in now.iter().filter(|(_, (_, finding))| finding.is_gap()) {
            let was = before.get(print).map(|(_, was)| *was);
            let change = || change(article, finding, was, Some(finding), new);
            match was.filter(|was| was.is_gap() && was.verdict >= finding.verdict) {
                Some(was) if side(was) == side(finding) => view.unchanged += 1,
                Some(_) => view.changed.push(change()),
                None if old_unlisted.contains(&article.id) => view.unchanged += 1,
                None => view.newly_missing.push(change()),
            }
        }
        for (print, (article, finding)) in before.iter().filter(|(_, (_, finding))| finding.is_gap()) {
            let is = now.get(print).map(|(_, is)| *is);
            let change = || change(article, finding, Some(finding), is, new);
            match is.map(|is| is.verdict) {
                Some(Verdict::Missing | Verdict::LikelyMissing) => {}
                Some(Verdict::Fixed | Verdict::LikelyFixed) => view.newly_fixed.push(change()),
                Some(Verdict::Unknown | Verdict::NotApplicable) => view.no_longer_reported.push(change()),
                None if new_unlisted.contains(&article.id) => view.unchanged += 1,
                None => match new.status(article.id).filter(|_| !lists(new, article.id)) {
                    Some(ArticleStatus::Fixed | ArticleStatus::LikelyFixed) => view.newly_fixed.push(change()),
                    _ => view.no_longer_reported.push(change()),
                },
            }
        }
        let lists = [&mut view.newly_missing, &mut view.newly_fixed, &mut view.no_longer_reported, &mut view.changed];
        // Newest articles first, as in reports.
        for list in lists {
            list.sort_by(|a, b| b.id.cmp(&a.id).then_with(|| a.fingerprint.cmp(&b.fingerprint)));
            // An article may have several rows of one file, one for each package, but the file changed once.
            let mut seen = BTreeSet::new();
            list.retain(|change| {
                seen.insert((change.id, change.subject.clone(), change.old.clone(), change.new.clone()))
            });
        }
        view.exit_code = u8::from(view.newly_missing.iter().any(|change| !change.waived));
        view
    }

    /// The lists with their headings.
    pub(super) fn lists(&self) -> [(&'static str, &[ChangeView]); 4] {
        [
            ("Newly missing", &self.newly_missing),
            ("Newly fixed", &self.newly_fixed),
            ("No longer reported, which does not prove a fix", &self.no_longer_reported),
            ("Still missing, changed", &self.changed),
        ]
    }
}

/// True if the report lists the article, so that findings that are not in it do not exist.
fn lists(report: &Previous, id: KbId) -> bool {
    report.articles.iter().any(|article| article.id == id)
}

fn by_fingerprint(report: &Previous) -> Findings<'_> {
    report.findings().map(|(article, finding)| (finding.fingerprint.as_str(), (article, finding))).collect()
}

fn change(
    article: &PreviousArticle,
    finding: &PreviousFinding,
    old: Option<&PreviousFinding>,
    new: Option<&PreviousFinding>,
    report: &Previous,
) -> ChangeView {
    ChangeView {
        id: article.id,
        title: article.title.clone(),
        fingerprint: finding.fingerprint.clone(),
        subject: match (&finding.file, &finding.required) {
            (Some(file), _) => file.path.replace('\\', "/"),
            (None, PreviousDemand::File { file }) => file.clone(),
            (None, PreviousDemand::ServicePack { product, service_pack }) => {
                format!("{product} {}", pack_title(service_pack))
            }
        },
        old: old.map(side),
        new: new.map(side),
        status: report.status(article.id),
        waived: new.is_some_and(PreviousFinding::is_waived),
    }
}

fn side(finding: &PreviousFinding) -> SideView {
    let file = finding.file.as_ref();
    let version = |file: &PreviousFile| file.fixed_version.clone().or_else(|| file.version_strings.first().cloned());
    SideView { verdict: finding.verdict, version: file.and_then(version), size: file.and_then(|file| file.size) }
}

/// The options in which two reports differ, with both values.
fn differing(old: &PreviousOptions, new: &PreviousOptions) -> String {
    let system = |options: &PreviousOptions| match &options.profile {
        Some(PreviousProfile { os, service_pack: Some(pack) }) => format!("{os} {}", pack_title(pack)),
        Some(PreviousProfile { os, service_pack: None }) => os.clone(),
        None => "not known".to_owned(),
    };
    let ids = |options: &PreviousOptions| match &options.kb {
        Some(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        None => "all".to_owned(),
    };
    let list = |patterns: &[String]| if patterns.is_empty() { "none".to_owned() } else { patterns.join(", ") };
    let pairs = [
        ("system", system(old), system(new)),
        ("articles", ids(old), ids(new)),
        ("--include", list(&old.include), list(&new.include)),
        ("--exclude", list(&old.exclude), list(&new.exclude)),
    ];
    let differ = pairs.iter().filter(|(_, old, new)| old != new);
    differ.map(|(what, old, new)| format!("{what} ({old}, then {new})")).collect::<Vec<_>>().join("; ")
}

/// Limits of the comparison.
fn notes(old: &Previous, new: &Previous) -> Vec<String> {
    let trees = |report: &Previous| report.trees.iter().map(|tree| tree.path.as_str()).collect::<Vec<_>>().join(", ");
    let same = old.trees.len() == new.trees.len()
        && old.trees.iter().zip(&new.trees).all(|(old, new)| same_tree(&old.path, &new.path));
    let mut notes = Vec::new();
    if !same {
        notes.push(format!(
            "The reports are of different folders, {} and {}: files are compared by their relative paths.",
            trees(old),
            trees(new)
        ));
    }
    if old.catalogue != new.catalogue {
        let of = |report: &Previous| format!("{} ({} articles)", report.catalogue.name, report.catalogue.articles);
        notes.push(format!(
            "The reports were made with different catalogues, {} and {}: a fix may be newly missing because it is new in the catalogue.",
            of(old),
            of(new)
        ));
    }
    if old.options != new.options {
        notes.push(format!("The reports were made with different options: {}.", differing(&old.options, &new.options)));
    }
    for (report, name) in [(old, "earlier"), (new, "later")] {
        if report.summary.incomplete {
            notes.push(format!("The {name} report is incomplete: some files could not be read."));
        }
    }
    notes
}
