//! Markdown (GitHub's dialect with its tables), for the step summary of a CI run.

use super::text::{count, grouped};
use super::view::{ArticleView, FindingView, RequiredView, RequirementView, View, WaiverView, WarningView};
use super::{install, policy, selection, shown, systems, visible, warnings, wording};
use crate::KbId;
use crate::assess::ArticleStatus;
use crate::knowledge::pack_title;

/// GitHub refuses a step summary of more than 1,024 KiB as a whole: the tables end earlier, with a note.
const MAX_BYTES: usize = 1_000_000;

/// The report as Markdown. Text from outside is only in table cells, where no character begins a block.
pub(super) fn render(view: &View) -> Vec<u8> {
    let mut out = format!("## {}: {}\n\n", view.tool.name, escape(&wording::headline(view)));
    out.push_str(&counts(view));
    out.push_str(&run(view));
    required(view, &mut out);
    articles(view, &mut out);
    plan(view, &mut out);
    waivers(view, &mut out);
    listed_warnings(view, &mut out);
    inactive(view, &mut out);
    unreadable(view, &mut out);
    out.into_bytes()
}

fn counts(view: &View) -> String {
    let s = &view.summary;
    let counts = [s.missing, s.partial, s.likely_missing, s.unknown, s.likely_fixed, s.fixed, s.not_applicable];
    let names = ArticleStatus::ALL.map(wording::status);
    let numbers = counts.map(|n| grouped(n as u64));
    format!("| {} |\n|{}\n| {} |\n\n", names.join(" | "), "--:|".repeat(names.len()), numbers.join(" | "))
}

fn run(view: &View) -> String {
    let mut out = String::from("| Run | |\n|---|---|\n");
    let mut line = |label: &str, text: &str| out.push_str(&row([label, text]));
    line("Program", &format!("{} {}", view.tool.name, view.tool.version));
    for tree in systems::trees(view) {
        line("Scanned", &escape(&tree));
    }
    if let Some(only) = selection::asked(&view.options) {
        line("Only", &escape(&only));
    }
    line("Files", &wording::files(&view.files));
    line("Catalogue", &escape(&wording::catalogue(&view.catalogue)));
    for system in systems::listed(view) {
        line("System", &escape(&system));
    }
    if let Some(unjudged) = wording::unjudged(view) {
        line("Not judged", &unjudged);
    }
    line("Result", &format!("{} (exit code {})", escape(&wording::result(view)), view.summary.exit_code));
    out
}

fn articles(view: &View, out: &mut String) {
    if view.articles.is_empty() {
        return;
    }
    out.push_str("\n### Articles\n\n| KB | Verdict | Title | File | Found | Required | Product |\n");
    out.push_str("|---|---|---|---|---|---|---|\n");
    let lines =
        view.articles.iter().flat_map(|article| shown::findings(view, article).into_iter().map(move |f| (article, f)));
    limited(lines.map(|(article, finding)| of_finding(view, article, finding)), out);
}

fn of_finding(view: &View, article: &ArticleView, finding: &FindingView) -> String {
    let product = match (&finding.required, &finding.release) {
        (RequiredView::ServicePack { product, .. } | RequiredView::Build { product, .. }, _) => Some(product),
        (RequiredView::File(_), Some(release)) => Some(release),
        (RequiredView::File(_), None) => article.products.first(),
    };
    let product = product.map(|name| wording::release(name)).unwrap_or_default();
    let notes: Vec<String> = wording::update(article)
        .into_iter()
        .chain(wording::needs_pack_first(article.needs_service_pack.as_ref()))
        .map(|text| format!(" ({})", escape(&text)))
        .collect();
    let update = notes.concat();
    row([
        &article.id.to_string(),
        &wording::mark(view, article, finding),
        &format!("{}{update}", escape(&article.title)),
        &escape(&format!("{}{}", wording::place(view, finding), wording::on_system(article, finding))),
        &escape(&wording::found_in_words(view, article, finding)),
        &escape(&wording::required(finding).unwrap_or_else(|| "no version stated".to_owned())),
        &escape(&product),
    ])
}

fn required(view: &View, out: &mut String) {
    let Some(required) = &view.required else { return };
    out.push_str(&format!(
        "\n### {}\n\n| KB | State | Title | Why |\n|---|---|---|---|\n",
        wording::required_fixes(required)
    ));
    let line = |fix: &RequirementView| {
        let title = escape(fix.title.as_deref().unwrap_or_default());
        row([&fix.id.to_string(), &wording::requirement(fix), &title, &escape(&fix.reason)])
    };
    limited(required.fixes.iter().map(line), out);
}

fn plan(view: &View, out: &mut String) {
    let Some(plan) = &view.plan else { return };
    let packs = plan.service_packs.iter().map(|pack| {
        let title = format!("{} {}", pack.product, pack_title(&pack.service_pack));
        row(["", &escape(&title), "", "", ""])
    });
    let articles = plan.articles.iter().map(|article| {
        let files: Vec<&str> = article.files.iter().map(|file| file.path.as_str()).collect();
        let (packages, links) = article.install.as_ref().map_or_else(Default::default, |install| {
            let links = format!("[article]({}), [update catalogue]({})", install.article, install.catalogue);
            (escape(&install::packages(install)), links)
        });
        let pack = wording::needs_pack_first(article.needs_service_pack.as_ref());
        let pack = pack.map(|text| format!(" ({})", escape(&text))).unwrap_or_default();
        let title = format!("{}{pack}", escape(&article.title));
        row([&article.id.to_string(), &title, &escape(&files.join(", ")), &packages, &links])
    });
    out.push_str("\n### To install\n\n| KB | Title | Files | Packages | Links |\n|---|---|---|---|---|\n");
    limited(packs.chain(articles), out);
}

fn inactive(view: &View, out: &mut String) {
    let Some(copies) = view.inactive.as_ref().filter(|copies| !copies.is_empty()) else { return };
    out.push_str("\n### Backup copies, not judged\n\n| Kind | Copy |\n|---|---|\n");
    limited(copies.iter().map(|copy| row([copy.kind.name(), &escape(&warnings::file(view, &copy.file))])), out);
}

fn waivers(view: &View, out: &mut String) {
    let waived = policy::waived(view);
    if waived.is_empty() {
        return;
    }
    out.push_str("\n### Waived\n\n| KB | Until | Reason | Path | Written in |\n|---|---|---|---|---|\n");
    let line = |(id, waiver): &(KbId, &WaiverView)| {
        let path = escape(waiver.path.as_deref().unwrap_or_default());
        let (until, reason) = (waiver.expires.to_string(), escape(&waiver.reason));
        row([&id.to_string(), &until, &reason, &path, &escape(&waiver.source)])
    };
    limited(waived.iter().map(line), out);
}

fn listed_warnings(view: &View, out: &mut String) {
    if warnings::shown(view).next().is_none() {
        return;
    }
    out.push_str("\n### Warnings\n\n| Warning | KB | Meaning | Where |\n|---|---|---|---|\n");
    let line = |warning: &WarningView| {
        let id = warning.article.map(|id| id.to_string()).unwrap_or_default();
        row([warning.code, &id, warning.description, &escape(&warnings::places(view, warning).join("; "))])
    };
    limited(warnings::shown(view).map(line), out);
}

fn unreadable(view: &View, out: &mut String) {
    if view.unreadable.is_empty() {
        return;
    }
    out.push_str("\n### Could not be read\n\n| Path | Why |\n|---|---|\n");
    let line = |item| row([&escape(&wording::unreadable_place(view, item)), &escape(&item.error)]);
    limited(view.unreadable.iter().map(line), out);
}

/// The lines that fit, then the number of lines that were left out.
pub(super) fn limited(lines: impl Iterator<Item = String>, out: &mut String) {
    let mut left = 0u64;
    for line in lines {
        if left == 0 && out.len() + line.len() <= MAX_BYTES {
            out.push_str(&line);
        } else {
            left += 1;
        }
    }
    if left > 0 {
        out.push_str(&format!(
            "\n{} left out: the summary would be too long.\n",
            count(left, "further row is", "further rows are")
        ));
    }
}

pub(super) fn row<const N: usize>(cells: [&str; N]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Plain text: without markup, HTML, links or mentions, and inside one table cell.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A backslash does not escape these everywhere: in a mention, or in a cell with code.
            '@' => out.push_str("&#64;"),
            '|' => out.push_str("&#124;"),
            '`' => out.push_str("&#96;"),
            '\\' | '*' | '_' | '[' | ']' | '~' | '#' | '$' | '!' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    // Addresses become links by themselves, whatever surrounds them.
    out.replace("://", "&#58;//").replace("www.", "www&#46;")
}
