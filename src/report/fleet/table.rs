//! The report on several hosts as text for a terminal.

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table, presets};

use super::view::{FleetArticle, FleetView, HostView, result, to_install};
use crate::assess::Outcome;
use crate::report::text::{count, grouped, labelled, pieces};
use crate::report::{Look, visible, wording};

/// How many hosts of an article are named; the others are counted.
const MOST_HOSTS: usize = 5;
/// How many fixes a summary names.
const MOST_FIXES: usize = 10;
/// The addresses, which are too long for a table.
const LINKS: &str =
    "https://support.microsoft.com/kb/NUMBER, https://www.catalog.update.microsoft.com/Search.aspx?q=KBNUMBER";
/// The smallest width: narrower columns cannot be read.
const MIN_WIDTH: u16 = 60;

/// The numbers, without the hosts.
pub(super) fn summary_only(view: &FleetView, look: Look) -> Vec<u8> {
    let width = look.width.max(MIN_WIDTH);
    let fixes = worst(view, width);
    format!("{}{}{fixes}{}", header(view, width), unreadable(view), summary(view, width)).into_bytes()
}

/// One line per host, like the one-line report of that host.
pub(super) fn lines(view: &FleetView) -> Vec<u8> {
    let line = |host: &HostView| format!("{}: {}\n", visible(&host.host), visible(&host.answer));
    view.hosts.iter().map(line).collect::<String>().into_bytes()
}

/// The ids of the articles to install on some host, one per line.
pub(super) fn ids(view: &FleetView) -> Vec<u8> {
    view.articles.iter().map(|article| format!("{}\n", article.id)).collect::<String>().into_bytes()
}

fn header(view: &FleetView, width: u16) -> String {
    let mut out = format!("{} {}\n", view.tool.name, view.tool.version);
    if let Some(catalogue) = &view.catalogue {
        out.push_str(&labelled("Catalogue", &visible(&wording::catalogue(catalogue)), width));
    }
    if let Some(only) = view.only() {
        out.push_str(&labelled("Only", &visible(only), width));
    }
    if let Some(shown) = view.shown() {
        out.push_str(&labelled("Listed", &shown, width));
    }
    out.push('\n');
    out
}

fn unreadable(view: &FleetView) -> String {
    let unread: Vec<&HostView> = view.hosts.iter().filter(|host| host.error.is_some()).collect();
    if unread.is_empty() {
        return String::new();
    }
    let mut out = String::from("Could not be read:\n");
    for host in unread {
        let error = host.error.as_deref().unwrap_or_default();
        out.push_str(&format!("  {}: {}\n", visible(&host.inventory), visible(error)));
    }
    out.push('\n');
    out
}

/// The report as text.
pub(super) fn render(view: &FleetView, look: Look) -> Vec<u8> {
    let look = Look { width: look.width.max(MIN_WIDTH), ..look };
    let mut out = header(view, look.width);
    let mut hosts =
        table(look, &["Host", "Result", "System", "Missing", "Half-installed", "Likely missing", "Unknown", "Fixed"]);
    for host in &view.hosts {
        hosts.add_row(of_host(host, look.colour));
    }
    out.push_str(&format!("{}\n\n", hosts.trim_fmt()));
    if !view.articles.is_empty() {
        out.push_str("To install\n");
        let mut articles = table(look, &["KB", "Count", "Title", "Hosts"]);
        for article in &view.articles {
            articles.add_row(of_article(article));
        }
        out.push_str(&format!("{}\n\n", articles.trim_fmt()));
        out.push_str(&labelled("Links", LINKS, look.width));
    }
    out.push_str(&unreadable(view));
    out.push_str(&summary(view, look.width));
    out.into_bytes()
}

fn table(look: Look, names: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(look.width);
    if look.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let bold = |name: &&str| match look.colour {
        true => Cell::new(name).add_attribute(Attribute::Bold),
        false => Cell::new(name),
    };
    table.set_header(names.iter().map(bold).collect::<Vec<_>>());
    table
}

/// The most severe fixes, a line each.
fn worst(view: &FleetView, width: u16) -> String {
    let mut articles: Vec<&FleetArticle> = view.articles.iter().collect();
    articles.sort_by_key(|article| {
        let correction = &article.correction;
        std::cmp::Reverse((!correction.exploited.is_empty(), correction.severity, article.hosts.len()))
    });
    let line = |article: &&FleetArticle| {
        let on = count(article.hosts.len() as u64, "host", "hosts");
        let facts = [article.correction.in_words(), article.correction.packages(), article.correction.link()];
        let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
        labelled(&article.id.to_string(), &visible(&format!("on {on}: {}", facts.join("; "))), width)
    };
    let mut out: String = articles.iter().take(MOST_FIXES).map(line).collect();
    let more = articles.len().saturating_sub(MOST_FIXES);
    if more > 0 {
        out.push_str(&labelled("", &format!("and {}", count(more as u64, "more fix", "more fixes")), width));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn number(number: usize) -> Cell {
    Cell::new(grouped(number as u64)).set_alignment(CellAlignment::Right)
}

fn of_host(host: &HostView, colour: bool) -> Vec<Cell> {
    let tint = match host.outcome() {
        Some(Outcome::Findings) => Color::Red,
        Some(Outcome::Clean) => Color::Green,
        _ => Color::Yellow,
    };
    let outcome = Cell::new(host.result());
    let mut cells = vec![
        Cell::new(visible(&host.host)),
        if colour { outcome.fg(tint) } else { outcome },
        Cell::new(visible(&host.system_in_words())),
    ];
    if let Some(s) = &host.summary {
        cells.extend([s.missing, s.partial, s.likely_missing, s.unknown, s.fixed + s.likely_fixed].map(number));
    }
    cells
}

fn of_article(article: &FleetArticle) -> Vec<Cell> {
    let mut hosts: Vec<String> = article.hosts.iter().take(MOST_HOSTS).map(|host| visible(&host.host)).collect();
    let more = article.hosts.len() - hosts.len();
    if more > 0 {
        hosts.push(format!("{more} more"));
    }
    let (corrects, packages) = (article.correction.in_words(), article.correction.packages());
    vec![
        Cell::new(article.id.to_string()),
        number(article.hosts.len()),
        Cell::new(
            [article.title.clone(), corrects, packages]
                .into_iter()
                .filter(|text| !text.is_empty())
                .map(|text| visible(&text))
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        Cell::new(hosts.join(", ")),
    ]
}

fn summary(view: &FleetView, width: u16) -> String {
    let s = &view.summary;
    let counts = [
        format!("{}:", grouped(s.hosts as u64)),
        format!("{} with findings,", grouped(s.findings as u64)),
        format!("{} incomplete,", grouped(s.incomplete as u64)),
        format!("{} unreadable,", grouped(s.unreadable as u64)),
        format!("{} with nothing to judge,", grouped(s.nothing_recognised as u64)),
        format!("{} without findings", grouped(s.clean as u64)),
    ];
    let mut out = to_install(s).map(|fixes| labelled("Fixes", &fixes, width)).unwrap_or_default();
    out.push_str(&view.not_judged().map(|open| labelled("Not judged", &open, width)).unwrap_or_default());
    out.push_str(&pieces("Hosts", counts.iter().map(String::as_str), width));
    out.push_str(&labelled("Result", &format!("{} (exit code {})", result(s), s.exit_code), width));
    out
}
