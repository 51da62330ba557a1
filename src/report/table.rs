//! The report as text for a terminal.

use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::text::{count, grouped, labelled, path, pieces};
use super::view::{ArticleView, FindingView, RequiredView, View};
use super::{Look, plan, policy, selection, shown, systems, visible, warnings, wording};
use crate::assess::{ArticleStatus, Verdict};

/// From this width on, each fact has its own column; below, related facts share a column.
const WIDE: u16 = 160;
/// Below this width, each finding is a paragraph instead of a row: cells would break names.
const TABLE: u16 = 80;
/// The smallest width that can be read.
const MIN_WIDTH: u16 = 60;

/// The report as text: the answer, what was scanned, the articles, the numbers.
pub(super) fn render(view: &View, look: Look) -> Vec<u8> {
    let look = Look { width: look.width.max(MIN_WIDTH), ..look };
    let mut out = header(view, look.width);
    let (listed, others) = applying(view);
    if !listed.is_empty() {
        for group in listed.chunk_by(|a, b| a.group == b.group) {
            if !group[0].group.is_empty() {
                out.push_str(&format!("{}\n", visible(&group[0].group)));
            }
            out.push_str(&if look.width < TABLE { paragraphs(view, group, look) } else { articles(view, group, look) });
            out.push_str("\n\n");
        }
    }
    for article in &others {
        let text = format!("does not apply: {}", visible(&wording::why(article)));
        out.push_str(&labelled(&article.id.to_string(), &text, look.width));
    }
    if !others.is_empty() {
        out.push('\n');
    }
    out.push_str(&plan::render(view, look.width));
    out.push_str(&policy::render(view, look.width));
    out.push_str(&warnings::render(view, look.width));
    out.push_str(&unreadable(view, look.width));
    out.push_str(&summary(view, look.width));
    out.into_bytes()
}

/// The program, the answer and the numbers, without the articles.
pub(super) fn summary_only(view: &View, look: Look) -> Vec<u8> {
    let width = look.width.max(MIN_WIDTH);
    let mut out = header(view, width);
    out.push_str(&unreadable(view, width));
    for doubt in view.warnings.iter().filter(|warning| warning.is_doubt()) {
        let said = doubt.registry.as_deref().unwrap_or(doubt.description);
        out.push_str(&labelled("Doubt", &format!("{} ({})", visible(said), doubt.code), width));
    }
    out.push_str(&summary(view, width));
    out.into_bytes()
}

/// The articles shown that apply, and those asked for by id that do not.
fn applying(view: &View) -> (Vec<&ArticleView>, Vec<&ArticleView>) {
    view.articles.iter().partition(|article| article.status != ArticleStatus::NotApplicable)
}

fn header(view: &View, width: u16) -> String {
    let mut out = format!("{} {}\n{}\n\n", view.tool.name, view.tool.version, visible(&wording::headline(view)));
    for tree in systems::trees(view) {
        out.push_str(&labelled("Scanned", &visible(&tree), width));
    }
    out.push_str(&labelled("Files", &wording::files(&view.files), width));
    out.push_str(&labelled("Catalogue", &visible(&wording::catalogue(&view.catalogue)), width));
    if let Some(only) = selection::asked(&view.options) {
        out.push_str(&labelled("Only", &visible(&only), width));
    }
    if let Some(config) = &view.options.config {
        out.push_str(&labelled("Config", &visible(config), width));
    }
    if let Some(baseline) = &view.options.baseline {
        out.push_str(&labelled("Baseline", &visible(baseline), width));
    }
    let mut known = systems::listed(view);
    if known.is_empty() {
        known.push("not known".to_owned());
    }
    for system in known {
        out.push_str(&labelled("System", &visible(&system), width));
    }
    out.push('\n');
    out
}

/// The articles one after another, for narrow terminals.
fn paragraphs(view: &View, listed: &[&ArticleView], look: Look) -> String {
    let mut out = String::new();
    for article in listed {
        for (place, finding) in shown::findings(view, article).into_iter().enumerate() {
            let (found, required) = versions(view, article, finding);
            let mark = wording::mark(view, article, finding);
            let text = format!("{mark}: {}", visible(&article.title));
            out.push_str(&labelled(&article.id.to_string(), &text, look.width));
            if let Some(update) = wording::update(article).filter(|_| place == 0) {
                out.push_str(&labelled("", &visible(&update), look.width));
            }
            let pack = wording::needs_pack_first(article.needs_service_pack.as_ref()).filter(|_| place == 0);
            if let Some(pack) = pack {
                out.push_str(&labelled("", &visible(&pack), look.width));
            }
            let processor = processor(finding);
            let processor = if processor.is_empty() { processor } else { format!(" ({processor})") };
            out.push_str(&labelled("", &format!("{}{processor}", file(view, finding)), look.width));
            out.push_str(&pieces(
                "",
                [format!("found {found},"), format!("needs {required}")].iter().map(String::as_str),
                look.width,
            ));
        }
    }
    out.trim_end().to_owned()
}

fn articles(view: &View, listed: &[&ArticleView], look: Look) -> String {
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
        &["KB", "Verdict", "Title", "File", "Found", "Required", "Processor", "Product"]
    } else {
        &["KB and verdict", "Title", "File", "Version"]
    };
    let bold = |name: &&str| match look.colour {
        true => Cell::new(name).add_attribute(Attribute::Bold),
        false => Cell::new(name),
    };
    table.set_header(names.iter().map(bold).collect::<Vec<_>>());
    for article in listed {
        for (place, finding) in shown::findings(view, article).into_iter().enumerate() {
            table.add_row(row(view, article, finding, place == 0, look));
        }
    }
    if !wide {
        // Versions and ids must not be broken; titles may wrap.
        table.set_constraints([
            ColumnConstraint::ContentWidth,
            ColumnConstraint::UpperBoundary(Width::Percentage(45)),
            ColumnConstraint::UpperBoundary(Width::Percentage(32)),
            ColumnConstraint::ContentWidth,
        ]);
    }
    table.trim_fmt()
}

fn row(view: &View, article: &ArticleView, finding: &FindingView, first: bool, look: Look) -> Vec<Cell> {
    let Look { width, colour, .. } = look;
    let wide = width >= WIDE;
    let (found, required) = versions(view, article, finding);
    let processor = processor(finding);
    let product = product(finding, article);
    let file = file(view, finding);
    let update = wording::update(article).map(|text| visible(&text)).unwrap_or_default();
    let join = |a: String, b: String| [a, b].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n");
    let title = if first { join(visible(&article.title), update) } else { String::new() };
    let mark = wording::mark(view, article, finding);
    let pack = wording::needs_pack_first(article.needs_service_pack.as_ref()).filter(|_| first).unwrap_or_default();
    let pack = visible(&pack);
    let id = article.id.to_string();
    if wide {
        let product = join(product.unwrap_or_else(|| visible(&article.group)), pack);
        let plain = [title, stacked(&file, width), found, required, processor, product];
        let lead = [Cell::new(id), tinted(Cell::new(&mark), finding, colour)];
        return lead.into_iter().chain(plain.into_iter().map(Cell::new)).collect();
    }
    // Line breaks in the words keep the column narrow, so that the versions in the other columns are not broken.
    let mark = mark.replace(": ", ":\n").replace(" by ", "\nby ");
    let product = product.map(|product| format!("file is from {product}")).unwrap_or_default();
    vec![
        tinted(Cell::new(join(id, mark)), finding, colour),
        Cell::new(join(join(title, product), pack)),
        Cell::new(join(stacked(&file, width), processor)),
        Cell::new(join(format!("found {found}"), format!("needs {required}"))),
    ]
}

/// How many characters of a folder fit into the column of files.
fn folder_width(width: u16) -> usize {
    usize::from(match width {
        WIDE.. => width / 7,
        // The column has 32 percent of the width inside the frame, with a blank on each side.
        100.. => (width - 4) * 32 / 100 - 2,
        _ => width / 5,
    })
}

/// A folder that is longer than a line, on several lines; it is broken only at separators.
fn folded(folder: &str, length: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for part in folder.split_inclusive('/') {
        let wide = part.chars().count();
        if column > 0 && column + wide > length {
            out.push('\n');
            column = 0;
        }
        out.push_str(part);
        column += wide;
    }
    out
}

/// The file's name above its folder: in a narrow column, the path could be broken anywhere.
fn stacked(path: &str, width: u16) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("{name}\n{}", folded(folder, folder_width(width))),
        None => path.to_owned(),
    }
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

/// The version that was found, and the one that the article requires.
fn versions(view: &View, article: &ArticleView, finding: &FindingView) -> (String, String) {
    let required = wording::required(finding).map_or_else(|| "(not stated)".to_owned(), |text| visible(&text));
    (visible(&wording::found_in_words(view, article, finding)), required)
}

fn processor(finding: &FindingView) -> String {
    match &finding.required {
        RequiredView::File(fix) => {
            let machine = fix.machine.or(finding.file.as_ref().and_then(|f| f.machine));
            machine.map(|m| m.to_string()).or_else(|| fix.platform.as_deref().map(visible)).unwrap_or_default()
        }
        RequiredView::ServicePack { .. } | RequiredView::Build { .. } => String::new(),
    }
}

/// The product of the file, if it differs from the one under which the article is listed.
fn product(finding: &FindingView, article: &ArticleView) -> Option<String> {
    let product = match &finding.required {
        RequiredView::ServicePack { product, .. } | RequiredView::Build { product, .. } => product,
        RequiredView::File(_) => finding.release.as_ref()?,
    };
    (*product != article.group).then(|| visible(&wording::release(product)))
}

fn file(view: &View, finding: &FindingView) -> String {
    match (&finding.file, &finding.required) {
        // With only one tree, the path below it is enough.
        (Some(file), _) if view.trees.len() < 2 => visible(&file.path.path),
        (Some(file), _) => match view.trees.get(file.tree) {
            Some(tree) => format!("{}: {}", visible(&tree.path), visible(&file.path.path)),
            None => visible(&file.path.path),
        },
        (None, RequiredView::File(fix)) => visible(&fix.file),
        (None, RequiredView::ServicePack { .. }) => "(no file: service pack only)".to_owned(),
        (None, RequiredView::Build { .. }) => "(no file: build of the system)".to_owned(),
    }
}

fn unreadable(view: &View, width: u16) -> String {
    if view.unreadable.is_empty() {
        return String::new();
    }
    let mut out = String::from("Could not be read:\n");
    for item in &view.unreadable {
        let place = match (view.trees.get(item.tree), item.path.path.is_empty()) {
            (Some(tree), true) => visible(&tree.path),
            (Some(tree), false) if view.trees.len() > 1 => {
                format!("{}: {}", visible(&tree.path), visible(&item.path.path))
            }
            _ => visible(&item.path.path),
        };
        out.push_str(&path(2, &format!("{place}: {}", visible(&item.error)), width));
    }
    out.push('\n');
    out
}

fn summary(view: &View, width: u16) -> String {
    let s = &view.summary;
    let mut out = String::new();
    let mut label = "Articles";
    let mut line = |text: &str| {
        out.push_str(&labelled(label, text, width));
        label = "";
    };
    if s.to_install > 0 {
        let number = grouped(s.to_install as u64);
        line(&format!("{number} to install{}{}", selection::on_systems(view), wording::replaced(s)));
    }
    let counts = [
        (s.missing, ArticleStatus::Missing),
        (s.partial, ArticleStatus::Partial),
        (s.likely_missing, ArticleStatus::LikelyMissing),
        (s.unknown, ArticleStatus::Unknown),
        (s.likely_fixed, ArticleStatus::LikelyFixed),
        (s.fixed, ArticleStatus::Fixed),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, status)| format!("{} {}", grouped(*number as u64), wording::status(*status)))
        .collect();
    if !counts.is_empty() {
        line(&counts.join(", "));
    }
    if s.waived > 0 {
        line(&format!("{} of them waived (accepted: neither to install nor a finding)", grouped(s.waived as u64)));
    }
    if let Some(known) = s.known {
        line(&format!("{} of them already in the baseline", grouped(known as u64)));
    }
    if view.files.unstated > 0 {
        let files = count(view.files.unstated as u64, "file", "files");
        line(&format!(
            "{files} not compared with some articles: the inventory lacks their version, processor or language (--machine gives the processor)"
        ));
    }
    if s.not_applicable > 0 && view.options.kb.is_none() {
        let articles = count(s.not_applicable as u64, "does not apply", "do not apply");
        line(&format!("{articles}: no such files were found, or only those of another product or processor"));
    }
    if let Some(unjudged) = wording::unjudged(view) {
        line(&unjudged);
    }
    if !view.options.all && view.options.kb.is_none() && s.unknown + s.fixed + s.likely_fixed + s.superseded > 0 {
        line("--all lists the articles that are fixed, unknown or superseded, too");
    }
    let result = wording::result(view);
    out.push_str(&labelled("Result", &format!("{result} (exit code {})", s.exit_code), width));
    out
}
