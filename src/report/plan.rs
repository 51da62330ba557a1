//! The smallest set of articles to install, for people.

use super::text::{grouped, labelled};
use super::view::View;
use super::{install, visible, wording};
use crate::knowledge::pack_title;

/// The plan as text; empty if none was asked for.
pub(super) fn render(view: &View, width: u16) -> String {
    let Some(plan) = &view.plan else { return String::new() };
    if plan.articles.is_empty() && plan.service_packs.is_empty() {
        return "Smallest set of fixes to install: none; every file that was judged has its newest known version.\n\n"
            .to_owned();
    }
    let number = (plan.articles.len() + plan.service_packs.len()) as u64;
    let mut out = format!("Smallest set of fixes to install ({}):\n", grouped(number));
    for pack in &plan.service_packs {
        let name = format!("  {} {}\n", visible(&pack.product), visible(&pack_title(&pack.service_pack)));
        out.push_str(&name);
    }
    for article in &plan.articles {
        let files: Vec<String> = article.files.iter().map(|f| visible(&f.path)).collect();
        // An update to a build names no file.
        let parts = [visible(&article.title), files.join(", ")];
        let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
        out.push_str(&labelled(&format!("  {}", article.id), &text, width));
        if let Some(text) = wording::needs_pack_first(article.needs_service_pack.as_ref()) {
            out.push_str(&labelled("", &visible(&text), width));
        }
        let Some(install) = &article.install else { continue };
        let packages = install::packages(install);
        if !packages.is_empty() {
            out.push_str(&labelled("", &format!("packages: {packages}"), width));
        }
        out.push_str(&labelled("", &install.article, width));
        out.push_str(&labelled("", &install.catalogue, width));
    }
    out.push('\n');
    out
}
