//! What an article says, for people at a terminal: the answer of `hotfixcheck article`.

use comfy_table::{Attribute, Cell, ContentArrangement, LineStyle, Table, TableStyle, presets};

use super::text::{count, grouped, hanging};
use super::{Look, visible};
use crate::catalog::Stats;
use crate::knowledge::Products;
use crate::knowledge::pack_title;
use hotfixcheck_articles::{Article, Fix, ServicePack, Text};

/// One article's products, fix table and service packs as text. `source` names the catalogue it was read from; `products`
/// tells which service packs were never released.
pub fn render(article: &Article, source: &str, products: &Products, look: Look) -> Vec<u8> {
    let width = if look == Look::PLAIN { u16::MAX } else { look.width };
    let mut out = hanging(&format!("{}  ", article.id), 4, visible(&article.title).split(' '), width);
    let date = article.last_modified.map(|d| format!("; article last changed {d}")).unwrap_or_default();
    out.push_str(&format!("Source         {} catalogue{date}\n", visible(source)));
    for (i, product) in article.products.iter().enumerate() {
        out.push_str(if i == 0 { "Applies to     " } else { "               " });
        out.push_str(&visible(product));
        out.push('\n');
    }
    for (i, pack) in article.service_packs.iter().enumerate() {
        out.push_str(if i == 0 { "First fixed in " } else { "               " });
        let sp = pack_title(&pack.sp);
        let never = if was_released(pack, products) { "" } else { " (never released)" };
        out.push_str(&format!("{} {}{never}\n", visible(&pack.product), visible(&sp)));
    }
    out.push_str(&update(article, width));
    out.push('\n');
    if article.fixes.is_empty() && !article.builds.is_empty() {
        out.push_str("A system or product of this build or a later one contains the fix.\n");
        return look.shown(out.into_bytes());
    }
    if article.fixes.is_empty() {
        out.push_str("The article names no corrected file.\n");
        return look.shown(out.into_bytes());
    }
    out.push_str(&table(&article.fixes, look));
    out.push('\n');
    let utc = if article.fixes.iter().any(|f| f.utc) { "; dates and times are UTC" } else { "" };
    let rows = count(article.fixes.len() as u64, "row", "rows");
    out.push_str(&format!("{rows}: a file with this version or a later one contains the fix{utc}\n"));
    look.shown(out.into_bytes())
}

/// What is known of an article's update, a line each; nothing where nothing is.
fn update(article: &Article, width: u16) -> String {
    let mut out = String::new();
    let mut line = |label: &str, text: String| {
        if !text.is_empty() {
            out.push_str(&hanging(&format!("{label:<15}"), 15, visible(&text).split(' '), width));
        }
    };
    line("Bulletins", article.bulletins.join(", "));
    line("CVEs", article.cves.join(", "));
    line("Exploited", article.exploited.join(", "));
    line("Severity", article.severity.map(|severity| severity.name().to_owned()).unwrap_or_default());
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

/// Several articles, one per line: id, date of the last change, title.
pub fn list(articles: &[Article]) -> Vec<u8> {
    let line = |article: &Article| {
        let date = article.last_modified.map(|date| date.to_string()).unwrap_or_default();
        format!("{:<9} {date:<10} {}\n", article.id.to_string(), visible(&article.title))
    };
    articles.iter().map(line).collect::<String>().into_bytes()
}

/// False for a service pack after the last one that its product had: articles announced some that never came.
fn was_released(pack: &ServicePack, products: &Products) -> bool {
    let number = |sp: &str| sp.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<u32>().ok();
    let last = products.last_pack(&pack.product).and_then(number);
    match (number(&pack.sp), last) {
        (Some(pack), Some(last)) => pack <= last,
        _ => true,
    }
}

/// A column: its title and what it shows of a row. Those that are empty in every row are left out.
type Column = (&'static str, fn(&Fix) -> String);

/// The column of the lines that the rows stand on in the article.
const LINE: &str = "Line";

/// The column of the times of day: without them a date tells as much.
const TIME: &str = "Time";

const SECTION: Column = ("Product", |f| visible(&f.section));

/// The columns after the section's.
const COLUMNS: [Column; 11] = [
    ("File", |f| visible(&f.file)),
    ("Version", |f| text(&f.version)),
    ("Date", |f| f.date.map(|d| d.to_string()).unwrap_or_default()),
    (TIME, |f| text(&f.time)),
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

/// The fix table: one line per row, below a heading for each section; long lists are read and searched by lines. At a
/// narrow terminal the lines of the article are left out, then the times; where that is not enough, cells wrap, and the section is a
/// column.
fn table(fixes: &[Fix], look: Look) -> String {
    let without_line: Vec<Column> = COLUMNS.into_iter().filter(|(name, _)| *name != LINE).collect();
    let without_time: Vec<Column> = without_line.iter().copied().filter(|(name, _)| *name != TIME).collect();
    let fits = |table: &String| {
        look == Look::PLAIN || rows_of(table, fixes).all(|row| row.chars().count() <= usize::from(look.width))
    };
    let tables =
        [&COLUMNS[..], &without_line, &without_time].into_iter().map(|columns| base(fixes, columns, look).trim_fmt());
    let Some(table) = tables.into_iter().find(fits) else {
        let mut table = base(fixes, &[&[SECTION], &without_time[..]].concat(), look);
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(look.width);
        return table.trim_fmt();
    };
    let header: Vec<&str> = table.lines().take(table.lines().count() - fixes.len()).collect();
    let mut out = header.join("\n");
    let mut section = "";
    for (fix, row) in fixes.iter().zip(rows_of(&table, fixes)) {
        if fix.section != section {
            section = &fix.section;
            let heading = if section.is_empty() { "(no heading)".to_owned() } else { visible(section) };
            out.push_str(&format!("\n\n {heading}"));
        }
        out.push('\n');
        out.push_str(row);
    }
    out
}

/// The last lines of a table: a line a row.
fn rows_of<'t>(table: &'t str, fixes: &[Fix]) -> impl Iterator<Item = &'t str> {
    table.lines().skip(table.lines().count() - fixes.len()).map(str::trim_end)
}

/// The rows under their titles, a line each.
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
pub fn stats(stats: &Stats) -> Vec<u8> {
    let number = |n: usize| grouped(n as u64);
    let span = |span: Option<(jiff::civil::Date, jiff::civil::Date)>| {
        span.map_or_else(String::new, |(from, to)| format!("{from} to {to}"))
    };
    let mut out = format!("Articles       {}", number(stats.articles));
    // The number that reports give; the others are known by their bulletins and vulnerabilities only.
    out.push_str(&format!("\n               {} state a fix: ", number(stats.stating_fix)));
    out.push_str(&format!("{} name files, ", number(stats.with_files)));
    out.push_str(&format!("{} only a service pack, ", number(stats.service_packs_only)));
    out.push_str(&format!("{} a build\n", number(stats.with_builds)));
    let days = [("files and service packs", stats.articles_changed), ("builds", stats.builds_changed)];
    let days = days.into_iter().filter(|(_, days)| days.is_some());
    let days: Vec<String> = days.map(|(what, days)| format!("{what} {}", span(days))).collect();
    if !days.is_empty() {
        out.push_str(&format!("               last changed: {}\n", days.join(", ")));
    }
    out.push_str(&format!("               {} name the vulnerabilities that they correct\n", number(stats.with_cves)));
    out.push_str(&format!("Rows           {} of {} file names", number(stats.rows), number(stats.files)));
    if stats.rows_dated.is_some() {
        out.push_str(&format!(", dated {}", span(stats.rows_dated)));
    }
    out.push('\n');
    let without = stats.rows - stats.rows_with_version;
    out.push_str(&format!(
        "               {} with a version, {} without\n",
        number(stats.rows_with_version),
        number(without)
    ));
    out.push_str(&format!("               {} from tables, ", number(stats.rows_from_tables)));
    out.push_str(&format!("{} from lists, ", number(stats.rows_from_lists)));
    let packages = match stats.rows_from_packages {
        0 => String::new(),
        rows => format!(", {} from update packages", number(rows)),
    };
    out.push_str(&format!("{} from running text{packages}\n", number(stats.rows_from_prose)));
    let shown = stats.products.len().min(MOST_PRODUCTS);
    if shown > 0 {
        out.push_str(&format!(
            "Products       articles with files, builds, years: the {shown} of which most is known\n"
        ));
    }
    for of in stats.products.iter().take(MOST_PRODUCTS) {
        let years = of.years.map_or_else(String::new, |(from, to)| format!("{from}-{to}"));
        let (files, builds) = (number(of.with_files), number(of.builds));
        out.push_str(&format!("               {files:>5} {builds:>5}  {years:<9}  {}\n", visible(&of.product)));
    }
    if stats.products.len() > shown {
        out.push_str(&format!("               and {} more\n", number(stats.products.len() - shown)));
    }
    out.into_bytes()
}
