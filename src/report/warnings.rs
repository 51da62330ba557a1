//! Warnings and backup copies as text for people.

use super::text::{paragraph, path};
use super::view::{FileView, View, WarningView};
use super::{visible, wording};

/// The warning that is not a problem by itself, and shown only with `--all`.
const UNLISTED: &str = "registry-does-not-list";

/// Both lists as text; empty if there are none.
pub(super) fn render(view: &View, width: u16) -> String {
    let mut out = String::new();
    let warnings: Vec<String> = shown(view).map(|warning| line(view, warning, width)).collect();
    if !warnings.is_empty() {
        out.push_str(&format!("Warnings:\n{}\n", warnings.concat()));
    }
    if let Some(copies) = view.inactive.as_ref().filter(|copies| !copies.is_empty()) {
        out.push_str("Backup copies, not judged:\n");
        for copy in copies {
            let text = path(21, &file(view, &copy.file), width);
            out.push_str(&format!("  {:<18} {}", copy.kind.name(), text.trim_start()));
        }
        out.push('\n');
    }
    out
}

/// The warnings to show. That files are not listed is normal after a service pack or another update, so it is left out
/// without `--all`.
pub(super) fn shown(view: &View) -> impl Iterator<Item = &WarningView> {
    view.warnings.iter().filter(|w| view.options.all || w.code != UNLISTED)
}

/// The subject of a warning, besides its article: the registry path, the files, the waiver.
pub(super) fn places(view: &View, warning: &WarningView) -> Vec<String> {
    let registry = warning.registry.iter().map(|source| visible(source));
    let label = |label: &str, of: &FileView| match &warning.copy {
        Some(_) => format!("{label}: {}", file(view, of)),
        None => file(view, of),
    };
    let files = warning.file.iter().map(|of| label("active copy", of));
    let files = files.chain(warning.copy.iter().map(|of| label("backup copy", of)));
    let waiver = warning.waiver.iter().map(|waiver| visible(&wording::waiver(waiver)));
    registry.chain(files).chain(waiver).collect()
}

fn line(view: &View, warning: &WarningView, width: u16) -> String {
    let article = warning.article.map(|id| format!("{id}: ")).unwrap_or_default();
    let mut out = paragraph(&format!("{article}{} ({})", warning.description, warning.code), width);
    for place in places(view, warning) {
        out.push_str(&path(4, &place, width));
    }
    out
}

/// Path, original name if it differs, version and machine.
pub(super) fn file(view: &View, file: &FileView) -> String {
    let tree = view.trees.get(file.tree).filter(|_| view.trees.len() > 1);
    let tree = tree.map(|tree| format!("{}: ", visible(&tree.path))).unwrap_or_default();
    let version = file.fixed_version.map(|v| v.to_string());
    let version = version.or_else(|| file.version_strings.first().map(|v| visible(v)));
    let name = file.original_name.as_ref().map(|name| format!("original name {}", visible(name)));
    let facts: Vec<String> = name.into_iter().chain(version).chain(file.machine.map(|m| m.to_string())).collect();
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    format!("{tree}{}{facts}", visible(&file.path.path))
}
