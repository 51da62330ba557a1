//! The report at a terminal.

use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::text::{count, grouped, labelled, pieces};
use super::view::{ArticleView, FindingView, RequiredView, View};
use super::{Look, plan, policy, visible, warnings, wording};
use crate::assess::{ArticleStatus, Verdict};

/// From this width on each fact has a column of its own; below, related facts share one.
const WIDE: u16 = 132;
/// Narrower than this the columns cannot be read.
const MIN_WIDTH: u16 = 60;

/// The report as text.
pub(super) fn render(view: &View, look: Look) -> Vec<u8> {
    let look = Look { width: look.width.max(MIN_WIDTH), ..look };
    let mut out = header(view, look.width);
    if view.articles.is_empty() {
        // Where nothing was judged or read, the result says so; silence here is no praise.
        if view.files.binaries > 0 && view.summary.exit_code != 4 {
            out.push_str("No missing fixes found.\n\n");
        }
    } else {
        for group in view.articles.chunk_by(|a, b| a.group == b.group) {
            out.push_str(&format!("{}\n", visible(&group[0].group)));
            out.push_str(&articles(view, group, look));
            out.push_str("\n\n");
        }
    }
    out.push_str(&plan::render(view, look.width));
    out.push_str(&policy::render(view, look.width));
    out.push_str(&warnings::render(view));
    out.push_str(&unreadable(view));
    out.push_str(&summary(view, look.width));
    out.into_bytes()
}

fn header(view: &View, width: u16) -> String {
    let mut out = format!("{} {}\n", view.tool.name, view.tool.version);
    for tree in &view.trees {
        out.push_str(&labelled("Tree", &visible(&tree.path), width));
    }
    out.push_str(&labelled("Files", &wording::files(&view.files), width));
    let coverage = match (view.catalogue.from, view.catalogue.to) {
        (Some(from), Some(to)) => format!(" of {from} to {to}"),
        _ => String::new(),
    };
    let articles = count(view.catalogue.articles as u64, "article", "articles");
    let catalogue = format!("{}: {articles}{coverage}", visible(&view.catalogue.name));
    out.push_str(&labelled("Catalogue", &catalogue, width));
    if let Some(config) = &view.options.config {
        out.push_str(&labelled("Policy", &visible(config), width));
    }
    if let Some(baseline) = &view.options.baseline {
        out.push_str(&labelled("Baseline", &visible(baseline), width));
    }
    for system in wording::systems(view) {
        out.push_str(&labelled("System", &visible(&system), width));
    }
    out.push('\n');
    out
}

fn articles(view: &View, shown: &[ArticleView], look: Look) -> String {
    let wide = look.width >= WIDE;
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(look.width);
    if look.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let names: &[&str] = if wide {
        &["KB", "Verdict", "Title", "File", "Found", "Required", "Platform", "Product"]
    } else {
        &["KB", "Title and product", "File", "Found, required"]
    };
    let bold = |name: &&str| match look.colour {
        true => Cell::new(name).add_attribute(Attribute::Bold),
        false => Cell::new(name),
    };
    table.set_header(names.iter().map(bold).collect::<Vec<_>>());
    for article in shown {
        for (place, finding) in rows(view, article).into_iter().enumerate() {
            table.add_row(row(view, article, finding, place == 0, wide, look.colour));
        }
    }
    if !wide {
        // Versions and ids are read whole or not at all; titles wrap.
        table.set_constraints([
            ColumnConstraint::ContentWidth,
            ColumnConstraint::UpperBoundary(Width::Percentage(45)),
            ColumnConstraint::UpperBoundary(Width::Percentage(32)),
            ColumnConstraint::ContentWidth,
        ]);
    }
    table.trim_fmt()
}

/// The findings to show: what is to do, or all that apply where that was asked; at least one, so that the article shows.
pub(super) fn rows<'a>(view: &View, article: &'a ArticleView) -> Vec<&'a FindingView> {
    let to_do = |f: &&FindingView| matches!(f.verdict, Verdict::Missing | Verdict::LikelyMissing);
    let applies = |f: &&FindingView| f.verdict != Verdict::NotApplicable;
    let found: Vec<&FindingView> = if view.options.all {
        article.findings.iter().filter(applies).collect()
    } else {
        article.findings.iter().filter(to_do).collect()
    };
    if !found.is_empty() {
        return found;
    }
    let any = article.findings.iter().filter(applies).collect::<Vec<_>>();
    if any.is_empty() { article.findings.iter().collect() } else { any }
}

fn row(view: &View, article: &ArticleView, finding: &FindingView, first: bool, wide: bool, colour: bool) -> Vec<Cell> {
    let (found, required) = versions(finding);
    let platform = platform(finding);
    let product = product(finding, article);
    let file = file(view, finding);
    let once = |text: String| if first { text } else { String::new() };
    let mark = mark(view, article, finding);
    if wide {
        let verdict = tinted(Cell::new(&mark), finding, colour);
        let plain = [once(visible(&article.title)), file, found, required, platform, product];
        let lead = [Cell::new(once(article.id.to_string())), verdict];
        return lead.into_iter().chain(plain.into_iter().map(Cell::new)).collect();
    }
    // What is plainly missing needs no further word in a table of missing fixes.
    let mark = if mark == Verdict::Missing.name() { String::new() } else { mark };
    let join = |a: String, b: String| [a, b].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n");
    vec![
        tinted(Cell::new(join(once(article.id.to_string()), mark)), finding, colour),
        Cell::new(join(once(visible(&article.title)), product)),
        Cell::new(join(stacked(&file), platform)),
        Cell::new(join(found, required)),
    ]
}

/// The file's name above its folder: a narrow column would cut the path anywhere.
fn stacked(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("{name}\n{folder}"),
        None => path.to_owned(),
    }
}

/// The finding's verdict, or that the article is half-installed where only its missing half is shown.
fn mark(view: &View, article: &ArticleView, finding: &FindingView) -> String {
    if finding.waiver.is_some() {
        return "waived".to_owned();
    }
    if finding.known == Some(true) {
        return "known".to_owned();
    }
    if let [by, ..] = article.superseded_by.as_slice() {
        return format!("superseded\nby {by}");
    }
    let half = article.status == ArticleStatus::Partial && !view.options.all && finding.verdict == Verdict::Missing;
    if half { article.status.name().to_owned() } else { finding.verdict.name().to_owned() }
}

fn tinted(cell: Cell, finding: &FindingView, colour: bool) -> Cell {
    if !colour || finding.waiver.is_some() || finding.known == Some(true) {
        return cell;
    }
    match finding.verdict {
        Verdict::Missing => cell.fg(Color::Red),
        Verdict::LikelyMissing | Verdict::Unknown => cell.fg(Color::Yellow),
        Verdict::Fixed | Verdict::LikelyFixed => cell.fg(Color::Green),
        Verdict::NotApplicable => cell,
    }
}

fn versions(finding: &FindingView) -> (String, String) {
    if let Some(compared) = &finding.compared {
        return (compared.found.to_string(), compared.required.to_string());
    }
    let found = finding.file.as_ref().and_then(|f| f.fixed_version).map(|v| v.to_string());
    let found = found.unwrap_or_else(|| finding.reason.to_owned());
    let required = match &finding.required {
        RequiredView::File(fix) => fix.version.as_deref().map(visible).unwrap_or_else(|| "no version".to_owned()),
        RequiredView::ServicePack { service_pack, .. } => format!("Service Pack {service_pack}"),
    };
    (found, required)
}

fn platform(finding: &FindingView) -> String {
    match &finding.required {
        RequiredView::File(fix) => {
            let machine = fix.machine.or(finding.file.as_ref().and_then(|f| f.machine));
            machine.map(|m| m.to_string()).or_else(|| fix.platform.as_deref().map(visible)).unwrap_or_default()
        }
        RequiredView::ServicePack { .. } => String::new(),
    }
}

fn product(finding: &FindingView, article: &ArticleView) -> String {
    match &finding.required {
        RequiredView::ServicePack { product, .. } => visible(product),
        RequiredView::File(_) => match &finding.release {
            Some(release) => release.clone(),
            None => article.products.first().map(|p| visible(p)).unwrap_or_default(),
        },
    }
}

fn file(view: &View, finding: &FindingView) -> String {
    match (&finding.file, &finding.required) {
        // With one tree the path below it says it all.
        (Some(file), _) if view.trees.len() < 2 => visible(&file.path.path),
        (Some(file), _) => match view.trees.get(file.tree) {
            Some(tree) => format!("{}: {}", visible(&tree.path), visible(&file.path.path)),
            None => visible(&file.path.path),
        },
        (None, RequiredView::File(fix)) => visible(&fix.file),
        (None, RequiredView::ServicePack { .. }) => String::new(),
    }
}

fn unreadable(view: &View) -> String {
    if view.unreadable.is_empty() {
        return String::new();
    }
    let mut out = String::from("Could not be read:\n");
    for item in &view.unreadable {
        let path = match (view.trees.get(item.tree), item.path.path.is_empty()) {
            (Some(tree), true) => visible(&tree.path),
            (Some(tree), false) if view.trees.len() > 1 => {
                format!("{}: {}", visible(&tree.path), visible(&item.path.path))
            }
            _ => visible(&item.path.path),
        };
        out.push_str(&format!("  {path}: {}\n", visible(&item.error)));
    }
    out.push('\n');
    out
}

fn summary(view: &View, width: u16) -> String {
    let s = &view.summary;
    let counts = [
        (s.missing, "missing"),
        (s.partial, "partial"),
        (s.likely_missing, "likely missing"),
        (s.unknown, "unknown"),
        (s.likely_fixed, "likely fixed"),
        (s.fixed, "fixed"),
        (s.not_applicable, "not applicable"),
    ];
    let last = counts.len() - 1;
    let comma = |place| if place < last { "," } else { "" };
    let counts: Vec<String> =
        counts.iter().enumerate().map(|(i, (n, word))| format!("{} {word}{}", grouped(*n as u64), comma(i))).collect();
    let mut out = pieces("Articles", counts.iter().map(String::as_str), width);
    if let Some(unjudged) = wording::unjudged(view) {
        out.push_str(&labelled("", &unjudged, width));
    }
    if s.superseded > 0 && !view.options.all {
        let fixes = count(s.superseded as u64, "missing fix is", "missing fixes are");
        out.push_str(&labelled("", &format!("{fixes} superseded by those above: --all lists them"), width));
    }
    if view.files.untold > 0 {
        let files = count(view.files.untold as u64, "file", "files");
        let untold =
            format!("{files} not judged by some rows: the inventory tells no version or no machine (--machine)");
        out.push_str(&labelled("", &untold, width));
    }
    if s.waived > 0 {
        let articles = count(s.waived as u64, "article is", "articles are");
        out.push_str(&labelled("", &format!("{articles} waived"), width));
    }
    if let Some(known) = s.known {
        let articles = count(known as u64, "article is", "articles are");
        out.push_str(&labelled("", &format!("{articles} known from the baseline"), width));
    }
    let result = wording::result(view);
    out.push_str(&labelled("Result", &format!("{result} (exit code {})", s.exit_code), width));
    out
}
