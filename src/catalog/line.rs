//! Parses the fields of a catalogue's line into the facts of an article; [`text`](super::text) describes the fields.

use std::str::FromStr;

use jiff::civil::Date;

use crate::Machine;
use hotfixcheck_articles::{
    Article, Build, ClockTime, Edition, EditionFacts, Fix, FixKind, PackageFile, Rejected, ReleaseFacts, Restart,
    ServicePack, Severity, Text,
};
use hotfixcheck_facts::spelling::as_compared;

/// All bits of a mask: no field of the line is that of the line before.
pub(super) const ALL: u32 = u32::MAX;

/// Reads the fields of a line into the last article, or begins one. `keep` converts a field into the article's text. A field
/// whose bit is not set in `changed` is that of the line before, which is of the same kind and article.
///
/// # Errors
/// What was expected, and what was found.
pub(super) fn read_line<'t>(
    fields: &[&'t str],
    changed: u32,
    articles: &mut Vec<Article>,
    keep: impl Fn(&'t str) -> Text,
) -> Result<(), String> {
    let (kind, rest) = fields.split_first().map_or(("", fields), |(kind, rest)| (*kind, rest));
    let row = fields;
    let mut fields = rest.iter().copied();
    if kind == "A" {
        let id = required(fields.next(), "an article id")?;
        let last_modified = optional(fields.next())?;
        let title = keep(fields.next().unwrap_or_default());
        articles.push(Article { last_modified, ..Article::new(id, title) });
        return end(fields.next());
    }
    let known = matches!(kind, "P" | "S" | "F" | "L" | "B" | "C" | "X" | "V" | "E" | "R" | "U" | "K" | "D");
    let Some(article) = articles.last_mut().filter(|_| known) else {
        return Err(if known {
            format!("'{kind}' before the first article: expected 'A'")
        } else {
            format!("expected a line of kind A, P, B, C, X, V, E, R, U, K, D, S, F or L, found '{kind}'")
        });
    };
    match kind {
        "P" => {
            article.products.reserve(row.len().saturating_sub(1));
            article.products.extend(fields.filter(|product| !product.is_empty()).map(&keep));
        }
        "S" => {
            let product = keep(present(fields.next(), "a product")?);
            let sp = keep(present(fields.next(), "a service pack number")?);
            article.service_packs.push(ServicePack { product, sp });
            end(fields.next())?;
        }
        "F" => read_fix(row, changed, &mut article.fixes, keep)?,
        "L" => {
            let line = required(fields.next(), "a line number")?;
            let reason = present(fields.next(), "a reason")?.to_owned();
            article.rejected.push(Rejected { line, text: String::new(), reason });
            end(fields.next())?;
        }
        _ => read_update(kind, fields, article, keep)?,
    }
    Ok(())
}

/// Reads one line about an article's update.
fn read_update<'t>(
    kind: &str,
    mut fields: impl Iterator<Item = &'t str>,
    article: &mut Article,
    keep: impl Fn(&'t str) -> Text,
) -> Result<(), String> {
    let list = match kind {
        "B" => &mut article.bulletins,
        "C" => &mut article.cves,
        "X" => &mut article.exploited,
        "R" => &mut article.replaced_bulletins,
        "U" => {
            article.replaced_articles =
                fields.map(|field| required(Some(field), "an article id")).collect::<Result<_, _>>()?;
            return Ok(());
        }
        "V" => {
            article.severity = optional(fields.next())?;
            article.restart = optional(fields.next())?;
            return end(fields.next());
        }
        "E" => {
            return read_windows(fields, article, keep);
        }
        "K" => {
            let file = keep(present(fields.next(), "a package's file name")?);
            let mut field = || fields.next().filter(|f| !f.is_empty());
            let kb = field().map(|id| required(Some(id), "an article id")).transpose()?;
            let system = field().map(&keep);
            let machine = optional(field())?;
            let language = field().map(&keep);
            article.packages.push(PackageFile { file, kb, system, machine, language });
            return end(fields.next());
        }
        _ => {
            let product = present(fields.next(), "a product")?;
            let version = present(fields.next(), "a build")?;
            let file = fields.next().filter(|f| !f.is_empty());
            // The vendor writes "Windows 11, version 23H2" and 10.0.22631.3007: with another name it would be another
            // product, and with other numbers another build (issue 15).
            let (product, version) = match as_compared(product, version, file) {
                Some((product, version)) => (Text::Owned(product), Text::Owned(version)),
                None => (keep(product), keep(version)),
            };
            let file = file.map(&keep);
            article.builds.push(Build { product, version, file });
            return end(fields.next());
        }
    };
    for field in fields {
        list.push(keep(present(Some(field), "an id")?));
    }
    Ok(())
}

/// What stands between the names of releases of Windows in one field.
pub(super) const RELEASES: &str = ", ";

/// Reads what is of one edition, or of some releases, of Windows alone. It says something of the article's own ratings and
/// vulnerabilities, which stand before it.
fn read_windows<'t>(
    mut fields: impl Iterator<Item = &'t str>,
    article: &mut Article,
    keep: impl Fn(&'t str) -> Text,
) -> Result<(), String> {
    let of = present(fields.next(), WINDOWS)?;
    let edition = Edition::from_name(of);
    let releases: Vec<&'t str> = if edition.is_some() { Vec::new() } else { of.split(RELEASES).collect() };
    if let Some(other) = releases.iter().find(|name| !name.starts_with("Windows ")) {
        return Err(format!("expected {WINDOWS}, found '{other}'"));
    }
    let is_same = |other: &ReleaseFacts| other.releases.iter().eq(releases.iter());
    if article.editions.iter().any(|other| Some(other.edition) == edition) || article.releases.iter().any(is_same) {
        return Err(format!("a second line for '{of}': expected one"));
    }
    let severity: Option<Severity> = optional(fields.next())?;
    if severity.is_some() && severity >= article.severity {
        let found = severity.map_or("", Severity::name);
        return Err(format!("expected a lower severity than the article's, found '{found}'"));
    }
    let mut cves = Vec::new();
    for field in fields {
        let id = present(Some(field), "an id")?;
        if !article.cves.iter().any(|cve| cve == id) {
            return Err(format!("expected a vulnerability of the article, found '{id}'"));
        }
        if edition.is_some() && article.alone_with(id).is_some() {
            return Err(format!("{id} is of clients alone and of servers alone: expected one of them"));
        }
        cves.push(keep(id));
    }
    match edition {
        Some(_) if severity.is_none() && cves.is_empty() => {
            return Err("expected a severity or a vulnerability, found nothing".to_owned());
        }
        Some(edition) => article.editions.push(EditionFacts { edition, severity, cves }),
        None => {
            let releases = releases.into_iter().map(keep).collect();
            article.releases.push(ReleaseFacts { releases, severity, cves });
        }
    }
    Ok(())
}

const WINDOWS: &str = "client, server, or releases of Windows";

/// Checks that nothing follows the last field.
fn end(field: Option<&str>) -> Result<(), String> {
    field.map_or(Ok(()), |more| Err(format!("expected the end of the line, found '{more}'")))
}

/// Reads a row; cells that are those of the row before are copied.
fn read_fix<'t>(
    fields: &[&'t str],
    changed: u32,
    fixes: &mut Vec<Fix>,
    keep: impl Fn(&'t str) -> Text,
) -> Result<(), String> {
    // The row before is copied and changed where it stands: what both have in common is in memory once.
    let mut left = match fixes.len().checked_sub(1).filter(|_| changed != ALL) {
        Some(before) => {
            fixes.extend_from_within(before..);
            changed
        }
        None => {
            fixes.push(Fix::new(FixKind::Table, "", 0));
            // Without one of the first three cells it is not a row.
            1u32.checked_shl(fields.len().max(4) as u32).map_or(ALL - 1, |bit| bit - 2)
        }
    };
    let Some(fix) = fixes.last_mut() else { return Ok(()) };
    while left != 0 {
        let place = left.trailing_zeros() as usize;
        read_cell(fix, place, fields.get(place).copied().unwrap_or_default(), &keep)?;
        left &= left - 1;
    }
    if let (ALL, [.., before, fix]) = (changed, fixes.as_mut_slice()) {
        fix.share_with(before);
    }
    Ok(())
}

/// Reads the field at a place of a row's line.
fn read_cell<'t>(fix: &mut Fix, place: usize, field: &'t str, keep: impl Fn(&'t str) -> Text) -> Result<(), String> {
    let cell = Some(field).filter(|field| !field.is_empty());
    let is = |word: &str| match cell {
        None => Ok(false),
        Some(other) if other == word => Ok(true),
        Some(other) => Err(format!("expected '{word}' or nothing, found '{other}'")),
    };
    match place {
        1 => fix.line = required(cell, "a line number")?,
        2 => {
            fix.kind = match field {
                "table" => FixKind::Table,
                "list" => FixKind::List,
                "prose" => FixKind::Prose,
                "package" => FixKind::Package,
                other => return Err(format!("expected 'table', 'list', 'prose' or 'package', found '{other}'")),
            }
        }
        3 => fix.file = keep(present(cell, "a file name")?),
        4 => fix.version = cell.map(keep),
        5 => fix.date = optional(cell)?,
        6 => fix.time = optional(cell)?,
        7 => fix.size = optional(cell)?,
        8 => {
            fix.machine = cell.and_then(Machine::from_platform_text);
            fix.platform = cell.map(keep);
        }
        9 => fix.section = cell.map(keep).unwrap_or_default(),
        10 => fix.language = cell.map(keep),
        11 => fix.branch = cell.map(keep),
        12 => fix.sp_requirement = cell.map(keep),
        13 => fix.utc = is("utc")?,
        14 => fix.note = cell.map(keep),
        15 => fix.build_language = cell.map(keep),
        16 => fix.wow = is("wow")?,
        _ => end(Some(field))?,
    }
    Ok(())
}

fn required<T: FromStr>(field: Option<&str>, what: &str) -> Result<T, String> {
    let field = present(field, what)?;
    field.parse().map_err(|_| format!("expected {what}, found '{field}'"))
}

fn present<'t>(field: Option<&'t str>, what: &str) -> Result<&'t str, String> {
    field.filter(|field| !field.is_empty()).ok_or_else(|| format!("expected {what}, found nothing"))
}

fn optional<T: FieldText>(field: Option<&str>) -> Result<Option<T>, String> {
    match field.filter(|f| !f.is_empty()) {
        None => Ok(None),
        Some(text) => T::read(text).map(Some).ok_or_else(|| format!("expected {}, found '{text}'", T::WHAT)),
    }
}

/// A field with a strict format.
trait FieldText: Sized {
    const WHAT: &'static str;
    fn read(text: &str) -> Option<Self>;
}

impl FieldText for Date {
    const WHAT: &'static str = "a date as YYYY-MM-DD";
    /// Parsed without the general parser: the catalogue has tens of thousands of dates, which are read at every start.
    fn read(text: &str) -> Option<Self> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
        let (century, year) = (two_digits(y1, y2)?, two_digits(y3, y4)?);
        Date::new(i16::from(century) * 100 + i16::from(year), two_digits(m1, m2)?, two_digits(d1, d2)?).ok()
    }
}

/// The number that two digits make.
fn two_digits(tens: u8, ones: u8) -> Option<i8> {
    let digit = |byte: u8| byte.checked_sub(b'0').filter(|digit| *digit < 10);
    i8::try_from(digit(tens)? * 10 + digit(ones)?).ok()
}

impl FieldText for u64 {
    const WHAT: &'static str = "a size in bytes";
    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|_| is_number(text))
    }
}

impl FieldText for Severity {
    const WHAT: &'static str = "low, moderate, important or critical";
    fn read(text: &str) -> Option<Self> {
        Self::from_name(text)
    }
}

impl FieldText for Restart {
    const WHAT: &'static str = "no, maybe or required";
    fn read(text: &str) -> Option<Self> {
        Self::from_name(text)
    }
}

impl FieldText for Machine {
    const WHAT: &'static str = "a processor (i386, x64, ia64, …)";
    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|machine| machine.name() == text)
    }
}

impl FieldText for ClockTime {
    const WHAT: &'static str = "a time as HH:MM";
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Digits only: the general parser also accepts a sign.
fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}
