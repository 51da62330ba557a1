//! The rows of the catalogue for files: the output of `hotfixcheck identify`.

use jiff::civil::Date;
use serde::Serialize;

use super::format::Look;
use super::text::{count, grouped, indented, paragraph};
use super::view::{FileView, FixView, PathView};
use super::{RenderError, visible};
use crate::KbId;
use crate::assess::identify::{self, BuildRef, BuildsOfFile, Identity};
use crate::catalog::{Catalog, RowRef};
use crate::inventory::{Entry, Inventory};

/// The version of the output's format.
pub const IDENTITY_SCHEMA: &str = "hotfixcheck.identity/1";

/// The answers for some files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdentitiesView {
    /// [`IDENTITY_SCHEMA`].
    pub schema: &'static str,
    /// The files and folders that were examined, as given.
    pub trees: Vec<PathView>,
    /// The files, by tree and path.
    pub files: Vec<IdentityView>,
}

/// One file: see [`Identity`] for the lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct IdentityView {
    pub file: FileView,
    pub known_as: Option<String>,
    pub exact: Vec<RowView>,
    pub same_version: Vec<RowView>,
    pub other_size: Vec<RowView>,
    pub same_size: Vec<RowView>,
    pub older: Vec<RowView>,
    pub newer: Vec<RowView>,
    /// The updates of the build that the file's version is; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builds: Option<BuildsView>,
}

/// The updates with a file's build, and those with the build before and after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct BuildsView {
    pub same: Vec<BuildView>,
    pub older: Vec<BuildView>,
    pub newer: Vec<BuildView>,
}

/// A build with its article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BuildView {
    /// The article's id.
    pub id: KbId,
    /// Its title.
    pub title: String,
    /// The day of its last change.
    pub last_modified: Option<Date>,
    /// `Windows 11 22H2`, `SQL Server 2019 RTM CU`.
    pub product: String,
    /// `22621.2715`, `2019.150.4298.1`.
    pub build: String,
}

/// A row with its article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// The article's id.
    pub id: KbId,
    /// Its title.
    pub title: String,
    /// The day of its last change.
    pub last_modified: Option<Date>,
    /// The row.
    pub row: FixView,
}

impl IdentitiesView {
    /// The view of the answers for the entries of an inventory, in their order.
    pub fn new(inventory: &Inventory, answers: &[Identity], catalog: &Catalog) -> Self {
        let file = |(entry, identity): (&Entry, &Identity)| {
            let rows = |list: &[RowRef]| list.iter().map(|place| row_view(catalog, place)).collect();
            IdentityView {
                file: FileView::of(entry),
                known_as: identity.known_as.clone(),
                exact: rows(&identity.exact),
                same_version: rows(&identity.same_version),
                other_size: rows(&identity.other_size),
                same_size: rows(&identity.same_size),
                older: rows(&identity.older),
                newer: rows(&identity.newer),
                builds: builds_view(&identity.builds, catalog),
            }
        };
        Self {
            schema: IDENTITY_SCHEMA,
            trees: inventory.roots.iter().map(|root| PathView::of_bytes(root.as_os_str().as_encoded_bytes())).collect(),
            files: inventory.entries.iter().zip(answers).map(file).collect(),
        }
    }
}

fn builds_view(builds: &BuildsOfFile, catalog: &Catalog) -> Option<BuildsView> {
    let view = |place: &BuildRef| {
        let (article, build) = identify::build(catalog, place);
        BuildView {
            id: article.id,
            title: article.title.clone().into(),
            last_modified: article.last_modified,
            product: build.product.clone().into(),
            build: build.version.clone().into(),
        }
    };
    let views = |list: &[BuildRef]| list.iter().map(view).collect();
    let BuildsOfFile { same, older, newer } = builds;
    (!builds.is_empty()).then(|| BuildsView { same: views(same), older: views(older), newer: views(newer) })
}

fn row_view(catalog: &Catalog, place: &RowRef) -> RowView {
    let (article, fix) = identify::row(catalog, place);
    RowView {
        id: article.id,
        title: article.title.clone().into(),
        last_modified: article.last_modified,
        row: FixView::of(fix),
    }
}

/// The answer as text for people.
pub fn render(view: &IdentitiesView, look: Look) -> Vec<u8> {
    let files: Vec<String> = view.files.iter().map(|file| text(view, file, look.width)).collect();
    look.shown(files.join("\n").into_bytes())
}

/// The answer as JSON for programs: indented, with a final newline.
///
/// # Errors
/// Only if the view cannot be expressed as JSON.
pub fn json(view: &IdentitiesView) -> Result<Vec<u8>, RenderError> {
    let mut bytes = serde_json::to_vec_pretty(view)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn text(view: &IdentitiesView, identity: &IdentityView, width: u16) -> String {
    let file = &identity.file;
    let tree = view.trees.get(file.tree).filter(|_| view.trees.len() > 1);
    let tree = tree.filter(|tree| tree.path != file.path.path && !tree.path.ends_with(&format!("/{}", file.path.path)));
    let tree = tree.map(|tree| format!("{}: ", visible(&tree.path))).unwrap_or_default();
    let mut out = format!("{tree}{}\n", visible(&file.path.path));
    let mut facts = Vec::new();
    facts.extend(file.fixed_version.map(|v| format!("version {v}")));
    facts.extend(file.version_strings.first().map(|v| format!("string '{}'", visible(v))));
    facts.extend(file.machine.map(|m| m.to_string()));
    facts.extend(file.size.map(|size| format!("{} bytes", grouped(size))));
    facts.extend(file.built.as_deref().map(|t| format!("built {t}")));
    facts.extend(file.error.as_deref().map(visible));
    out.push_str(&paragraph(&facts.join(", "), width));
    let Some(name) = &identity.known_as else {
        out.push_str("  not in the catalogue: no file of this name\n");
        return out;
    };
    if !file.path.path.to_lowercase().ends_with(name.as_str()) {
        out.push_str(&paragraph(&format!("looked up as {}, the name in its version resource", visible(name)), width));
    }
    let lists = [
        ("exactly this file", &identity.exact),
        ("this version; the article states no size", &identity.same_version),
        ("this version, with another size", &identity.other_size),
        ("this size; the article states no version", &identity.same_size),
        ("nearest older version", &identity.older),
        ("nearest newer version", &identity.newer),
    ];
    for (label, rows) in lists.iter().filter(|(_, rows)| !rows.is_empty()) {
        out.push_str(&format!("  {label}:\n"));
        rows.iter().for_each(|row| out.push_str(&line(row, width)));
    }
    let builds = identity.builds.iter().flat_map(|builds| {
        [("exactly this build", &builds.same), ("build before it", &builds.older), ("build after it", &builds.newer)]
    });
    for (label, builds) in builds.filter(|(_, builds)| !builds.is_empty()) {
        out.push_str(&format!("  {label}:\n"));
        builds.iter().for_each(|build| out.push_str(&line_of_build(build, width)));
    }
    let exact = !identity.exact.is_empty() || !identity.same_version.is_empty();
    match (exact, identity.older.first(), identity.newer.first()) {
        // The rows of files end long before the updates that have builds.
        _ if identity.builds.is_some() => {}
        (false, Some(older), Some(newer)) => {
            let text = format!("newer than the version of {}, older than that of {}", older.id, newer.id);
            // One article can have rows for several systems.
            let same = format!("between two versions of {}", older.id);
            out.push_str(&paragraph(if older.id == newer.id { &same } else { &text }, width));
        }
        (false, Some(older), None) => {
            let text = format!("newer than every version in the catalogue (the last is {})", older.id);
            out.push_str(&paragraph(&text, width));
        }
        (false, None, Some(newer)) => {
            let text = format!("older than every version in the catalogue (the first is {})", newer.id);
            out.push_str(&paragraph(&text, width));
        }
        (false, None, None) if identity.other_size.is_empty() && identity.same_size.is_empty() => {
            let none = match file.error {
                Some(_) => "the catalogue has this file name; a file that cannot be read matches none of its rows",
                None => "the catalogue has this file name, but not for this processor and release line",
            };
            out.push_str(&paragraph(none, width));
        }
        _ => {}
    }
    out
}

fn line_of_build(build: &BuildView, width: u16) -> String {
    let date = build.last_modified.map(|day| format!(", {day}")).unwrap_or_default();
    let facts = format!("{} {}{date}", visible(&build.product), visible(&build.build));
    indented(4, &build.id.to_string(), &facts, width) + &indented(4, "", &visible(&build.title), width)
}

fn line(row: &RowView, width: u16) -> String {
    let mut facts = Vec::new();
    facts.extend(row.row.version.as_deref().map(visible));
    facts.extend(row.row.date.map(|d| d.to_string()));
    facts.extend(row.row.size.map(|size| count(size, "byte", "bytes")));
    facts.extend(row.row.platform.as_deref().map(visible));
    facts.extend(row.row.language.as_deref().map(visible));
    let facts = indented(4, &row.id.to_string(), &facts.join(", "), width);
    facts + &indented(4, "", &visible(&row.title), width)
}
