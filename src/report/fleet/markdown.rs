//! Markdown (GitHub's dialect): a table of the hosts, and a table of the missing fixes.

use super::view::{FleetArticle, FleetView, HostView, result, to_install};
use crate::report::markdown::{escape, limited, row};
use crate::report::text::grouped;

/// The report as Markdown.
pub(super) fn render(view: &FleetView) -> Vec<u8> {
    let s = &view.summary;
    let mut out = format!("## {}: {}\n\n", view.tool.name, result(s));
    if let Some(only) = view.only() {
        out.push_str(&format!("Only {}.\n\n", escape(only)));
    }
    if let Some(fixes) = to_install(s) {
        out.push_str(&format!("{fixes}.\n\n"));
    }
    if let Some(open) = view.not_judged() {
        out.push_str(&format!("Not judged: {open}.\n\n"));
    }
    if let Some(shown) = view.shown() {
        out.push_str(&format!("{shown}.\n\n"));
    }
    let counts = [s.hosts, s.findings, s.incomplete, s.unreadable, s.nothing_recognised, s.clean];
    let numbers = counts.map(|n| grouped(n as u64));
    out.push_str("| Hosts | With findings | Incomplete | Unreadable | Nothing to judge | Without findings |\n");
    out.push_str(&format!("|{}\n{}", "--:|".repeat(counts.len()), row(numbers.each_ref().map(String::as_str))));
    out.push_str(
        "\n### Hosts\n\n| Host | Result | System | Missing | Half-installed | Likely missing | Unknown | Fixed |\n",
    );
    out.push_str("|---|---|---|--:|--:|--:|--:|--:|\n");
    limited(view.hosts.iter().map(host), &mut out);
    if !view.articles.is_empty() {
        out.push_str("\n### To install\n\n| KB | Count | Title | Hosts | Corrects | Packages | Links |\n|---|--:|---|---|---|---|---|\n");
        limited(view.articles.iter().map(article), &mut out);
    }
    out.into_bytes()
}

fn host(host: &HostView) -> String {
    let numbers = match &host.summary {
        Some(s) => {
            [s.missing, s.partial, s.likely_missing, s.unknown, s.fixed + s.likely_fixed].map(|n| grouped(n as u64))
        }
        None => Default::default(),
    };
    let outcome = match &host.error {
        Some(error) => format!("{}: {}", host.result(), escape(error)),
        None => host.result().to_owned(),
    };
    let [missing, partial, likely, unknown, fixed] = numbers.each_ref().map(String::as_str);
    row([&escape(&host.host), &outcome, &escape(&host.system_in_words()), missing, partial, likely, unknown, fixed])
}

fn article(article: &FleetArticle) -> String {
    let hosts: Vec<&str> = article.hosts.iter().map(|host| &*host.host).collect();
    let number = grouped(article.hosts.len() as u64);
    let links = article.correction.install.as_ref().map_or_else(String::new, |install| {
        format!("[article]({}), [update catalogue]({})", install.article, install.catalogue)
    });
    let (corrects, packages) = (article.correction.in_words(), article.correction.packages());
    row([
        &article.id.to_string(),
        &number,
        &escape(&article.title),
        &escape(&hosts.join(", ")),
        &escape(&corrects),
        &escape(&packages),
        &links,
    ])
}
