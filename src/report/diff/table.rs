//! A comparison as text for a terminal.

use super::super::text::{count, labelled};
use super::super::visible;
use super::view::{ChangeView, DiffView, SideView};
use crate::assess::ArticleStatus;

/// The comparison as text.
pub(super) fn render(view: &DiffView, width: u16) -> Vec<u8> {
    let mut out = format!("{} {}\n", view.tool.name, view.tool.version);
    for (label, trees) in [("Earlier", &view.old_trees), ("Later", &view.new_trees)] {
        for tree in trees {
            out.push_str(&labelled(label, &visible(tree), width));
        }
    }
    for note in &view.notes {
        out.push_str(&labelled("Note", &visible(note), width));
    }
    out.push('\n');
    for (heading, changes) in view.lists().into_iter().filter(|(_, changes)| !changes.is_empty()) {
        out.push_str(&format!("{heading}:\n"));
        for change in changes {
            out.push_str(&labelled(&format!("  {}", change.id), &visible(&change.title), width));
            out.push_str(&labelled("", &format!("{}: {}", visible(&change.subject), visible(&what(change))), width));
        }
        out.push('\n');
    }
    let lists = view.lists();
    let counts: Vec<String> =
        lists.iter().map(|(heading, changes)| format!("{} {}", changes.len(), heading.to_lowercase())).collect();
    let unchanged = count(view.unchanged as u64, "finding", "findings");
    out.push_str(&labelled("Changes", &format!("{}; {unchanged} unchanged", counts.join("; ")), width));
    out.push_str(&labelled("Result", &format!("{} (exit code {})", result(view), view.exit_code), width));
    out.into_bytes()
}

/// The result in a few words.
pub(super) fn result(view: &DiffView) -> &'static str {
    match (view.exit_code, view.newly_missing.is_empty()) {
        (0, true) => "nothing is newly missing",
        (0, false) => "what is newly missing is waived",
        _ => "fixes are newly missing",
    }
}

/// The two sides of a change, and a hint if it may have another cause.
pub(super) fn what(change: &ChangeView) -> String {
    let side = |side: &SideView| {
        let version = side.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        let size = side.size.map(|size| format!(", {size} bytes")).unwrap_or_default();
        format!(
            "{}{}",
            side.verdict.name().replace('-', " "),
            if version.is_empty() { size } else { format!(" (file{version}{size})") }
        )
    };
    let now = match (&change.new, change.status) {
        (Some(new), _) => side(new),
        (None, Some(status @ (ArticleStatus::Fixed | ArticleStatus::LikelyFixed))) => {
            format!("the article is {}", status.name().replace('-', " "))
        }
        (None, Some(ArticleStatus::Unknown)) => "unknown".to_owned(),
        (None, Some(_)) => "not listed any more, but the fix is still not installed".to_owned(),
        (None, None) => "not in the later report".to_owned(),
    };
    let waived = if change.waived { " (waived)" } else { "" };
    match &change.old {
        Some(old) => format!("{} -> {now}{waived}", side(old)),
        None => format!("{now}{waived}"),
    }
}
