//! A comparison as Markdown (GitHub's dialect), for the summary of a CI run.

use super::super::markdown::{escape, limited, row};
use super::table;
use super::view::{ChangeView, DiffView};

/// The comparison as Markdown. Text from outside is only in table cells, where no character begins a block.
pub(super) fn render(view: &DiffView) -> Vec<u8> {
    let mut out = format!("## {}: {}\n\n| Reports | |\n|---|---|\n", view.tool.name, table::result(view));
    for (label, trees) in [("Earlier", &view.old_trees), ("Later", &view.new_trees)] {
        trees.iter().for_each(|tree| out.push_str(&row([label, &escape(tree)])));
    }
    view.notes.iter().for_each(|note| out.push_str(&row(["Note", &escape(note)])));
    for (heading, changes) in view.lists() {
        out.push_str(&row([heading, &changes.len().to_string()]));
    }
    out.push_str(&row(["Unchanged", &view.unchanged.to_string()]));
    out.push_str(&row(["Exit code", &view.exit_code.to_string()]));
    for (heading, changes) in view.lists().into_iter().filter(|(_, changes)| !changes.is_empty()) {
        out.push_str(&format!("\n### {heading}\n\n| KB | Title | File | What |\n|---|---|---|---|\n"));
        let line = |change: &ChangeView| {
            let (title, subject) = (escape(&change.title), escape(&change.subject));
            row([&change.id.to_string(), &title, &subject, &escape(&table::what(change))])
        };
        limited(changes.iter().map(line), &mut out);
    }
    out.into_bytes()
}
