//! The smallest set of articles to install, for people.

use super::text::{count, labelled};
use super::view::View;
use super::visible;

/// The plan as text; empty if none was asked for.
pub(super) fn render(view: &View, width: u16) -> String {
    let Some(plan) = &view.plan else { return String::new() };
    if plan.articles.is_empty() && plan.service_packs.is_empty() {
        return "To install: nothing; every judged file is at its newest known fix.\n\n".to_owned();
    }
    let packs = plan.service_packs.iter().map(|p| format!("{} Service Pack {}", visible(&p.product), p.service_pack));
    let mut out = String::from("To install, so that every judged file is at its newest known fix:\n");
    for pack in packs {
        out.push_str(&labelled("  -", &pack, width));
    }
    for article in &plan.articles {
        let files: Vec<String> = article.files.iter().map(|f| visible(&f.path)).collect();
        let text = format!("{}: {}", visible(&article.title), files.join(", "));
        out.push_str(&labelled(&format!("  {}", article.id), &text, width));
    }
    let number = plan.articles.len() + plan.service_packs.len();
    out.push_str(&format!("  {}\n\n", count(number as u64, "package", "packages")));
    out
}
