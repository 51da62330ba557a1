//! The facts of an article as text for a terminal: the output of `hotfixcheck article`.

use comfy_table::{Attribute, Cell, ContentArrangement, LineStyle, Table, TableStyle};

use super::text::{count, grouped, hanging};
use super::{Look, visible};
use crate::catalog::{Origins, Stats};
use crate::knowledge::Products;
use crate::knowledge::pack_title;
use hotfixcheck_articles::{Article, Edition, Fix, ServicePack, Text};

/// The width of the labels.
const LABEL: usize = 15;

/// The width for lines: in files and pipes lines may have any length, because programs search them.
pub(super) fn width_of(look: Look) -> u16 {
    if look.bounded { look.width } else { u16::MAX }
}

/// `Label          text`, wrapped between the words.
fn line(label: &str, text: &str, width: u16) -> String {
    hanging(&format!("{label:<LABEL$}"), LABEL, text.split(' '), width)
}

/// One article's products, fix table and service packs as text. `source` is the name of the catalogue, `origins` are the sources of
/// its facts; `products` lists the service packs that were never released.
pub fn render(article: &Article, source: &str, origins: &Origins, products: &Products, look: Look) -> Vec<u8> {
    let width = width_of(look);
    let mut out = hanging(&format!("{}  ", article.id), 4, visible(&article.title).split(' '), width);
    let date = article.last_modified.map(|d| format!("; article last changed {d}")).unwrap_or_default();
    out.push_str(&line("Source", &format!("{} catalogue{date}", visible(source)), width));
    let origins: Vec<String> =
        origins.list().map(|(kind, sources)| format!("{kind}: {}", visible(&sources.join(", ")))).collect();
    if !origins.is_empty() {
        out.push_str(&line("Facts from", &origins.join("; "), width));
    }
    for (i, product) in article.products.iter().enumerate() {
        out.push_str(&line(if i == 0 { "Applies to" } else { "" }, &visible(product), width));
    }
    for (i, pack) in article.service_packs.iter().enumerate() {
        let sp = pack_title(&pack.sp);
        let never = if was_released(pack, products) { "" } else { " (never released)" };
        let text = format!("{} {}{never}", visible(&pack.product), visible(&sp));
        out.push_str(&line(if i == 0 { "First fixed in " } else { "" }, &text, width));
    }
    out.push_str(&update(article, width));
    out.push('\n');
    let mut say = |text: &str| out.push_str(&hanging("", 0, text.split(' '), width));
    if article.fixes.is_empty() && !article.builds.is_empty() {
        say("A system or product of this build or a later one contains the fix.");
        return look.shown(out.into_bytes());
    }
    let is_bulletin_alone = article.cves.is_empty() && article.packages.is_empty() && !article.bulletins.is_empty();
    if article.fixes.is_empty() && article.service_packs.is_empty() && is_bulletin_alone {
        say(&format!("The catalogue does not know the packages of {}.", article.bulletins.join(", ")));
        return look.shown(out.into_bytes());
    }
    if article.fixes.is_empty() {
        say("The article names no corrected file.");
        return look.shown(out.into_bytes());
    }
    out.push_str(&table(&article.fixes, look));
    out.push('\n');
    let utc = if article.fixes.iter().any(|f| f.utc) { "; dates and times are UTC" } else { "" };
    let rows = count(article.fixes.len() as u64, "row", "rows");
    let rule = match article.fixes.iter().any(|fix| fix.version.is_some()) {
        true => format!("{rows}: a file with this version or a later one contains the fix{utc}"),
        false => format!("{rows} without a version: the size and date of a file tell whether it contains the fix{utc}"),
    };
    out.push_str(&hanging("", 0, rule.split(' '), width));
    look.shown(out.into_bytes())
}

/// The facts about an article's update, one a line; empty if there are none.
fn update(article: &Article, width: u16) -> String {
    let mut out = String::new();
    let mut line = |label: &str, text: String| {
        if !text.is_empty() {
            out.push_str(&self::line(label, &visible(&text), width));
        }
    };
    line("Bulletins", article.bulletins.join(", "));
    line("CVEs", article.cves.join(", "));
    for facts in &article.editions {
        let whose = match facts.edition {
            Edition::Client => "Clients alone",
            Edition::Server => "Servers alone",
        };
        line(whose, facts.cves.join(", "));
    }
    for facts in article.releases.iter().filter(|facts| !facts.cves.is_empty()) {
        line("Some alone", format!("{}: {}", facts.releases.join(", "), facts.cves.join(", ")));
    }
    line("Exploited", article.exploited.join(", "));
    let lower = article.editions.iter().filter_map(|facts| Some(format!("{} on {}s", facts.severity?, facts.edition)));
    let of_releases = article
        .releases
        .iter()
        .filter_map(|facts| Some(format!("{} on {}", facts.severity?, facts.releases.join(", "))));
    let lower = lower.chain(of_releases);
    let severity = article.severity.map(|severity| severity.name().to_owned());
    line("Severity", severity.into_iter().chain(lower).collect::<Vec<_>>().join("; "));
    line("Restart", article.restart.map(|restart| restart.name().to_owned()).unwrap_or_default());
    let ids = article.replaced_articles.iter().map(ToString::to_string);
    let replaced: Vec<String> = article.replaced_bulletins.iter().map(ToString::to_string).chain(ids).collect();
    line("Replaces", replaced.join(", "));
    for build in &article.builds {
        let file = build.file.as_ref().map(|file| format!("{file} ")).unwrap_or_default();
        line("Fixed in build", format!("{}: {file}{}", build.product, build.version));
    }
    out
}

/// A list of articles: id, date of the last change, title.
pub fn list(articles: &[Article], look: Look) -> Vec<u8> {
    let line = |article: &Article| {
        let date = article.last_modified.map(|date| date.to_string()).unwrap_or_default();
        let lead = format!("{:<9} {date:<10} ", article.id.to_string());
        hanging(&lead, lead.chars().count(), visible(&article.title).split(' '), width_of(look))
    };
    look.shown(articles.iter().map(line).collect::<String>().into_bytes())
}

/// False for a service pack after the last one of its product: articles announced some that were never released.
fn was_released(pack: &ServicePack, products: &Products) -> bool {
    let number = |sp: &str| sp.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<u32>().ok();
    let last = products.last_pack(&pack.product).and_then(number);
    match (number(&pack.sp), last) {
        (Some(pack), Some(last)) => pack <= last,
        _ => true,
    }
}

/// A column: its title, and its text for a row. Columns that are empty in every row are left out.
type Column = (&'static str, fn(&Fix) -> String);

/// The column with the line numbers of the rows in the article.
const LINE: &str = "Line";

/// The column of the times of day, which are less important than the dates.
const TIME: &str = "Time";

/// All columns; the section is the heading above its rows.
const COLUMNS: [Column; 11] = [
    ("File", |f| visible(&f.file)),
    ("Version", |f| text(&f.version)),
    ("Date", |f| f.date.map(|d| d.to_string()).unwrap_or_default()),
    (TIME, |f| f.time.map(|t| t.to_string()).unwrap_or_default()),
    ("Size", |f| f.size.map(grouped).unwrap_or_default()),
    ("Processor", |f| text(&f.platform)),
    ("Language", |f| text(&f.language)),
    ("Branch", |f| text(&f.branch)),
    ("Requires", |f| text(&f.sp_requirement)),
    (LINE, |f| f.line.to_string()),
    ("Note", |f| text(&f.note)),
];

fn text(field: &Option<Text>) -> String {
    field.as_deref().map(visible).unwrap_or_default()
}

/// The fix table: one line per row, under a heading for each section, because long lists are read and searched by line.
/// If a terminal is too narrow, first the line numbers are left out, then the times. If that is not enough, each row
/// becomes a paragraph, because cells would break names and dates.
fn table(fixes: &[Fix], look: Look) -> String {
    let without_line: Vec<Column> = COLUMNS.into_iter().filter(|(name, _)| *name != LINE).collect();
    let without_time: Vec<Column> = without_line.iter().copied().filter(|(name, _)| *name != TIME).collect();
    let fits = |table: &String| {
        !look.bounded || rows_of(table, fixes).all(|row| row.chars().count() <= usize::from(look.width))
    };
    let tables =
        [&COLUMNS[..], &without_line, &without_time].into_iter().map(|columns| base(fixes, columns, look).trim_fmt());
    let Some(table) = tables.into_iter().find(fits) else { return paragraphs(fixes, look.width) };
    let header: Vec<&str> = table.lines().take(table.lines().count() - fixes.len()).collect();
    let mut out = header.join("\n");
    let mut section = "";
    for (fix, row) in fixes.iter().zip(rows_of(&table, fixes)) {
        if fix.section != section {
            section = &fix.section;
            out.push_str(&format!("\n\n{}", heading(section, width_of(look)).trim_end()));
        }
        out.push('\n');
        out.push_str(row);
    }
    out
}

fn heading(section: &str, width: u16) -> String {
    let heading = if section.is_empty() { "(no heading)".to_owned() } else { visible(section) };
    hanging(" ", 3, heading.split(' '), width)
}

/// The rows under their headings, each as a paragraph: the file, then its other facts, with line breaks between the
/// facts.
fn paragraphs(fixes: &[Fix], width: u16) -> String {
    const INDENT: usize = 6;
    let room = usize::from(width).saturating_sub(INDENT);
    let mut out = String::new();
    for of_section in fixes.chunk_by(|one, other| one.section == other.section) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&heading(&of_section[0].section, width));
        for fix in of_section {
            let mut facts: Vec<String> = Vec::new();
            let shown = COLUMNS.iter().filter(|(name, _)| ![LINE, TIME].contains(name));
            for (name, show) in shown {
                let text = show(fix);
                match *name {
                    _ if text.is_empty() => {}
                    "File" | "Version" | "Date" => facts.push(text),
                    "Size" => facts.push(format!("{text} bytes")),
                    name => facts.push(format!("{}: {text}", name.to_lowercase())),
                }
            }
            let last = facts.len().saturating_sub(1);
            facts.iter_mut().take(last).for_each(|fact| fact.push(','));
            let pieces = facts.iter().flat_map(|fact| match fact.chars().count() > room {
                true => fact.split(' ').collect(),
                false => vec![fact.as_str()],
            });
            out.push_str(&hanging("   ", INDENT, pieces, width));
        }
    }
    out.trim_end().to_owned()
}

/// The rows of a table without its title line, one line each.
fn rows_of<'t>(table: &'t str, fixes: &[Fix]) -> impl Iterator<Item = &'t str> {
    table.lines().skip(table.lines().count() - fixes.len()).map(str::trim_end)
}

/// The rows under the column titles, one line each.
fn base(fixes: &[Fix], columns: &[Column], look: Look) -> Table {
    let used = || columns.iter().filter(|(_, show)| fixes.iter().any(|f| !show(f).is_empty()));
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Disabled);
    if look.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let bold = |name: &str| match look.colour {
        true => Cell::new(name).add_attribute(Attribute::Bold),
        false => Cell::new(name),
    };
    table.set_header(used().map(|(name, _)| bold(name)).collect::<Vec<_>>());
    for fix in fixes {
        table.add_row(used().map(|(_, show)| show(fix)).collect::<Vec<_>>());
    }
    table
}

/// The most products that the statistics name.
const MOST_PRODUCTS: usize = 15;

/// A catalogue's statistics as text.
pub fn stats(stats: &Stats, look: Look) -> Vec<u8> {
    let width = width_of(look);
    let number = |n: usize| grouped(n as u64);
    let span = |span: Option<(jiff::civil::Date, jiff::civil::Date)>, word: &str| {
        span.map_or_else(String::new, |(from, to)| format!(", {word} {from} to {to}"))
    };
    let mut out = String::new();
    let mut say = |label: &str, text: String| out.push_str(&line(label, &text, width));
    say("Articles", number(stats.articles));
    // The number in reports; other articles have only bulletins and vulnerabilities.
    say(
        "",
        format!(
            "{} state a fix: {} name files, {} only a service pack, {} a build",
            number(stats.stating_fix),
            number(stats.with_files),
            number(stats.service_packs_only),
            number(stats.with_builds)
        ),
    );
    let days = [("files and service packs", stats.articles_changed), ("builds", stats.builds_changed)];
    let days = days.into_iter().filter_map(|(what, days)| days.map(|(from, to)| format!("{what} {from} to {to}")));
    let days: Vec<String> = days.collect();
    if !days.is_empty() {
        say("", format!("last changed: {}", days.join(", ")));
    }
    say("", format!("{} name the vulnerabilities that they correct", number(stats.with_cves)));
    let (rows, files) = (number(stats.rows), number(stats.files));
    say("Rows", format!("{rows} of {files} file names{}", span(stats.rows_dated, "dated")));
    let without = number(stats.rows - stats.rows_with_version);
    say("", format!("{} with a version, {without} without", number(stats.rows_with_version)));
    let packages = match stats.rows_from_packages {
        0 => String::new(),
        rows => format!(", {} from update packages", number(rows)),
    };
    let (tables, lists, prose) = (stats.rows_from_tables, stats.rows_from_lists, stats.rows_from_prose);
    let (tables, lists, prose) = (number(tables), number(lists), number(prose));
    say("", format!("{tables} from tables, {lists} from lists, {prose} from running text{packages}"));
    let shown = stats.products.len().min(MOST_PRODUCTS);
    if shown > 0 {
        say("Products", format!("the {shown} with the most articles; columns: articles on files, on builds, years"));
    }
    for of in stats.products.iter().take(MOST_PRODUCTS) {
        let years = of.years.map_or_else(String::new, |(from, to)| format!("{from}-{to}"));
        let lead = format!("{:LABEL$}{:>5} {:>5}  {years:<9}  ", "", number(of.with_files), number(of.builds));
        out.push_str(&hanging(&lead, lead.chars().count(), visible(&of.product).split(' '), width));
    }
    if stats.products.len() > shown {
        out.push_str(&line("", &format!("and {} more", number(stats.products.len() - shown)), width));
    }
    look.shown(out.into_bytes())
}
