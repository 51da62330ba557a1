//! The catalogue's file format: reviewable text, one line a fact, sorted by article id.
//!
//! ```text
//! hotfixcheck-catalog → 1
//! A → Q265433 → 2002-05-08 → Title of the article
//! P → Windows NT Server 4.0 → Windows NT Workstation 4.0
//! S → Windows NT 4.0 → 7
//! F → 64 → table → Rpcss.exe → → 2000-07-25 → 19:54 → 106768 → Intel
//! ```
//!
//! Fields are separated by tabs (`→` above), an absent field is empty, empty fields at a line's end are left out. `A` begins an
//! article: id, day of its last change, title. `P`: its products. `S`: product and number of a service pack that has
//! the fix. `F`: line in the article, kind, file, version, date, time, size in bytes, platform, section, language,
//! service branch, service pack requirement, time zone (`utc` or empty), note, language of the build that date and size
//! are of, `wow` for the 32-bit file of a 64-bit package. `L`: line in the article of a row that could not be read, and
//! why. Lines that begin with `#` are comments.
//!
//! What is known of an update stands between `P` and `S`, each line only where there is something to say:
//!
//! ```text
//! B → MS05-040                                                     bulletins that name it
//! C → CVE-2005-0058                                                vulnerabilities that it corrects
//! X → CVE-2005-0058                                                those of them that are known to be exploited
//! V → important → required                                         severity (low, moderate, important, critical); restart (no, maybe, required)
//! R → MS03-026                                                     bulletins that it replaces
//! U → KB823980                                                     articles whose updates it replaces
//! K → WindowsXP-KB893756-x86-ENU.exe → KB893756 → WindowsXP → i386 → ENU   a package: article, system, processor and language of its name
//! D → Windows 10 22H2 → 19045.3930                                 a build of a product that has the fix
//! D → SQL Server 2019 → 2019.150.4298.1 → sqlservr.exe             the same, told by a file's version
//! ```

use std::fmt::Write as _;
use std::str::FromStr;

use jiff::civil::Date;
use memchr::{memchr, memchr_iter, memmem};
use rayon::prelude::*;

use super::articles::{Catalog, lost_rows};
use crate::{KbId, Machine};
use hotfixcheck_articles::{Article, Build, Fix, FixKind, PackageFile, Rejected, Restart, ServicePack, Severity, Text};

/// The first line of every catalogue.
pub const HEADER: &str = "hotfixcheck-catalog\t1";

/// What is wrong with a catalogue, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct CatalogError {
    /// The line, from 1.
    pub line: usize,
    /// What was expected and what stands there.
    pub what: String,
}

/// Writes the articles that state a fix, or say what an update is for.
pub fn write(catalog: &Catalog) -> String {
    let mut out = String::new();
    out.push_str(HEADER);
    out.push('\n');
    for article in catalog.articles().iter().filter(|a| a.states_fix() || a.describes_update()) {
        let date = article.last_modified.map(|d| d.to_string()).unwrap_or_default();
        line(&mut out, &["A", &article.id.to_string(), &date, &article.title]);
        if !article.products.is_empty() {
            let fields: Vec<&str> = std::iter::once("P").chain(article.products.iter().map(AsRef::as_ref)).collect();
            line(&mut out, &fields);
        }
        write_update(&mut out, article);
        for pack in &article.service_packs {
            line(&mut out, &["S", &pack.product, &pack.sp]);
        }
        for fix in &article.fixes {
            write_fix(&mut out, fix);
        }
        for lost in lost_rows(article) {
            line(&mut out, &["L", &lost.line.to_string(), &lost.reason]);
        }
    }
    out
}

/// Writes what is known of an article's update; nothing where nothing is.
fn write_update(out: &mut String, article: &Article) {
    let lists = [("B", &article.bulletins), ("C", &article.cves), ("X", &article.exploited)];
    for (kind, texts) in lists.into_iter().filter(|(_, texts)| !texts.is_empty()) {
        line(out, &std::iter::once(kind).chain(texts.iter().map(AsRef::as_ref)).collect::<Vec<_>>());
    }
    if article.severity.is_some() || article.restart.is_some() {
        let severity = article.severity.map_or("", Severity::name);
        line(out, &["V", severity, article.restart.map_or("", Restart::name)]);
    }
    if !article.replaced_bulletins.is_empty() {
        let bulletins = article.replaced_bulletins.iter().map(AsRef::as_ref);
        line(out, &std::iter::once("R").chain(bulletins).collect::<Vec<_>>());
    }
    if !article.replaced_articles.is_empty() {
        let ids: Vec<String> = article.replaced_articles.iter().map(KbId::to_string).collect();
        line(out, &std::iter::once("U").chain(ids.iter().map(String::as_str)).collect::<Vec<_>>());
    }
    for package in &article.packages {
        let kb = package.kb.map(|id| id.to_string()).unwrap_or_default();
        let machine = package.machine.map_or("", Machine::name);
        line(out, &["K", &package.file, &kb, text(&package.system), machine, text(&package.language)]);
    }
    for build in &article.builds {
        line(out, &["D", &build.product, &build.version, text(&build.file)]);
    }
}

fn text(field: &Option<Text>) -> &str {
    field.as_deref().unwrap_or_default()
}

fn write_fix(out: &mut String, fix: &Fix) {
    let date = fix.date.map(|d| d.to_string()).unwrap_or_default();
    let size = fix.size.map(|s| s.to_string()).unwrap_or_default();
    let fields = [
        "F",
        &fix.line.to_string(),
        kind_name(fix.kind),
        &fix.file,
        text(&fix.version),
        &date,
        text(&fix.time),
        &size,
        text(&fix.platform),
        &fix.section,
        text(&fix.language),
        text(&fix.branch),
        text(&fix.sp_requirement),
        if fix.utc { "utc" } else { "" },
        text(&fix.note),
        text(&fix.build_language),
        if fix.wow { "wow" } else { "" },
    ];
    line(out, &fields);
}

fn line(out: &mut String, fields: &[&str]) {
    let used = fields.iter().rposition(|f| !f.is_empty()).map_or(0, |last| last + 1);
    for (i, field) in fields[..used].iter().enumerate() {
        if i > 0 {
            out.push('\t');
        }
        if field.contains(['\t', '\n', '\r']) {
            let _ = write!(out, "{}", field.replace(['\t', '\n', '\r'], " "));
        } else {
            out.push_str(field);
        }
    }
    out.push('\n');
}

/// Reads a catalogue; the first line that is not as it should be is the error.
pub fn read(text: &str) -> Result<Catalog, CatalogError> {
    read_with(text, |field| Text::Owned(field.to_owned()))
}

/// As [`read`], for a text that lasts as long as the program: nothing of it is copied.
///
/// # Errors
/// Those of [`read`].
pub fn read_static(text: &'static str) -> Result<Catalog, CatalogError> {
    read_with(text, Text::Borrowed)
}

/// What becomes of a field of the text.
type Keep<'t> = fn(&'t str) -> Text;

fn read_with<'t>(text: &'t str, keep: Keep<'t>) -> Result<Catalog, CatalogError> {
    match text.lines().next() {
        Some(HEADER) => {}
        Some(other) => {
            let shown: String = other.chars().take(60).collect();
            return Err(CatalogError {
                line: 1,
                what: format!("expected '{}', found '{shown}': this is no catalogue", HEADER.replace('\t', " ")),
            });
        }
        None => return Err(CatalogError { line: 1, what: "the file is empty".to_owned() }),
    }
    let body = text.find('\n').map_or(text.len(), |end| end + 1);
    let starts = starts(&text[body..]);
    let ends = starts.iter().skip(1).copied().chain([text.len() - body]);
    let pieces: Vec<&str> = starts.iter().zip(ends).map(|(&start, end)| &text[body + start..body + end]).collect();
    let read: Vec<Result<Vec<Article>, (usize, String)>> =
        pieces.par_iter().map(|piece| read_piece(piece, keep)).collect();
    let mut articles: Vec<Article> = Vec::new();
    for (start, piece) in starts.into_iter().zip(read) {
        articles.extend(
            piece.map_err(|(line, what)| CatalogError { line: text[..body + start].lines().count() + line, what })?,
        );
    }
    Ok(articles.into_iter().collect())
}

/// Into how many pieces a catalogue is cut, so that every core reads some.
const PIECES: usize = 16;

/// Few articles of a catalogue are shorter: room for so many as there can be is made at once.
const ARTICLE_BYTES: usize = 200;

/// Where the pieces of a catalogue begin, each but the first with an article.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    for piece in 1..PIECES {
        let from = (text.len() / PIECES * piece).max(starts[starts.len() - 1]);
        match memmem::find(&text.as_bytes()[from..], b"\nA\t") {
            Some(at) => starts.push(from + at + 1),
            None => break,
        }
    }
    starts
}

/// The articles of a piece, or the first line (from 1) that is not as it should be.
fn read_piece<'t>(text: &'t str, keep: Keep<'t>) -> Result<Vec<Article>, (usize, String)> {
    let mut articles = Vec::with_capacity(text.len() / ARTICLE_BYTES);
    for (place, line) in text.lines().enumerate() {
        if !line.is_empty() && !line.starts_with('#') {
            read_line(line, &mut articles, keep).map_err(|what| (place + 1, what))?;
        }
    }
    tighten(&mut articles);
    Ok(articles)
}

/// Gives back the room that the last article's rows did not need.
fn tighten(articles: &mut [Article]) {
    if let Some(article) = articles.last_mut() {
        article.fixes.shrink_to_fit();
        article.service_packs.shrink_to_fit();
    }
}

/// Reads one article of a catalogue without reading the others: a start for commands that need no more.
///
/// # Errors
/// A line of this article, or the catalogue's first line, is not as it should be.
pub fn read_article(text: &str, id: KbId) -> Result<Option<Article>, CatalogError> {
    if text.lines().next() != Some(HEADER) {
        return read(text).map(|catalog| catalog.article(id).cloned());
    }
    let begin = format!("\nA\t{id}");
    let ends = |at: &usize| text[at + begin.len()..].chars().next().is_none_or(|c| matches!(c, '\t' | '\r' | '\n'));
    let Some(start) = text.match_indices(&begin).map(|(at, _)| at).find(ends).map(|at| at + 1) else {
        return Ok(None);
    };
    let end = text[start..].find("\nA\t").map_or(text.len(), |length| start + length + 1);
    let mut articles = Vec::new();
    for (i, line) in text[start..end].lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
        read_line(line, &mut articles, |field| Text::Owned(field.to_owned()))
            .map_err(|what| CatalogError { line: text[..start].lines().count() + i + 1, what })?;
    }
    Ok(articles.pop())
}

fn read_line<'t>(line: &'t str, articles: &mut Vec<Article>, keep: Keep<'t>) -> Result<(), String> {
    let mut fields = Fields(Some(line));
    let kind = fields.next().unwrap_or_default();
    if kind == "A" {
        tighten(articles);
        let id = required(fields.next(), "an article id")?;
        let last_modified = optional(fields.next())?;
        let title = keep(fields.next().unwrap_or_default());
        articles.push(Article { last_modified, ..Article::new(id, title) });
        return end(fields.next());
    }
    let known = matches!(kind, "P" | "S" | "F" | "L" | "B" | "C" | "X" | "V" | "R" | "U" | "K" | "D");
    let Some(article) = articles.last_mut().filter(|_| known) else {
        return Err(if known {
            format!("'{kind}' before the first article: expected 'A'")
        } else {
            format!("expected a line of kind A, P, B, C, X, V, R, U, K, D, S, F or L, found '{kind}'")
        });
    };
    match kind {
        "P" => {
            article.products.reserve_exact(memchr_iter(b'\t', line.as_bytes()).count());
            article.products.extend(fields.map(keep));
        }
        "S" => {
            let product = keep(present(fields.next(), "a product")?);
            let sp = keep(present(fields.next(), "a service pack number")?);
            article.service_packs.push(ServicePack { product, sp });
            end(fields.next())?;
        }
        "F" => article.fixes.push(read_fix(fields, keep)?),
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

/// Reads one line of what is known of an article's update.
fn read_update<'t>(kind: &str, mut fields: Fields<'t>, article: &mut Article, keep: Keep<'t>) -> Result<(), String> {
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
        "K" => {
            let file = keep(present(fields.next(), "a package's file name")?);
            let mut field = || fields.next().filter(|f| !f.is_empty());
            let kb = field().map(|id| required(Some(id), "an article id")).transpose()?;
            let system = field().map(keep);
            let machine = optional(field())?;
            let language = field().map(keep);
            article.packages.push(PackageFile { file, kb, system, machine, language });
            return end(fields.next());
        }
        _ => {
            let product = keep(present(fields.next(), "a product")?);
            let version = keep(present(fields.next(), "a build")?);
            let file = fields.next().filter(|f| !f.is_empty()).map(keep);
            article.builds.push(Build { product, version, file });
            return end(fields.next());
        }
    };
    for field in fields {
        list.push(keep(present(Some(field), "an id")?));
    }
    Ok(())
}

/// Nothing stands behind the last field.
fn end(field: Option<&str>) -> Result<(), String> {
    field.map_or(Ok(()), |more| Err(format!("expected the end of the line, found '{more}'")))
}

fn read_fix<'t>(mut fields: Fields<'t>, keep: Keep<'t>) -> Result<Fix, String> {
    let line: u32 = required(fields.next(), "a line number")?;
    let kind = match fields.next().unwrap_or_default() {
        "table" => FixKind::Table,
        "list" => FixKind::List,
        "prose" => FixKind::Prose,
        "package" => FixKind::Package,
        other => return Err(format!("expected 'table', 'list', 'prose' or 'package', found '{other}'")),
    };
    let mut field = || fields.next().filter(|f| !f.is_empty());
    let file = keep(field().ok_or("expected a file name, found nothing")?);
    let version = field().map(keep);
    let date = optional(field())?;
    let time = field();
    optional::<TimeText>(time)?;
    let size = optional(field())?;
    let platform = field();
    let fix = Fix {
        kind,
        file,
        version,
        date,
        time: time.map(keep),
        size,
        machine: platform.and_then(Machine::from_platform_text),
        platform: platform.map(keep),
        section: field().map(keep).unwrap_or_default(),
        language: field().map(keep),
        branch: field().map(keep),
        sp_requirement: field().map(keep),
        utc: match field() {
            None => false,
            Some("utc") => true,
            Some(other) => return Err(format!("expected 'utc' or nothing, found '{other}'")),
        },
        note: field().map(keep),
        build_language: field().map(keep),
        wow: match field() {
            None => false,
            Some("wow") => true,
            Some(other) => return Err(format!("expected 'wow' or nothing, found '{other}'")),
        },
        line,
    };
    end(fields.next())?;
    Ok(fix)
}

fn kind_name(kind: FixKind) -> &'static str {
    match kind {
        FixKind::Table => "table",
        FixKind::List => "list",
        FixKind::Prose => "prose",
        FixKind::Package => "package",
    }
}

fn required<T: FromStr>(field: Option<&str>, what: &str) -> Result<T, String> {
    let field = present(field, what)?;
    field.parse().map_err(|_| format!("expected {what}, found '{field}'"))
}

fn present<'t>(field: Option<&'t str>, what: &str) -> Result<&'t str, String> {
    field.filter(|field| !field.is_empty()).ok_or_else(|| format!("expected {what}, found nothing"))
}

/// The fields of a line.
struct Fields<'t>(Option<&'t str>);

impl<'t> Iterator for Fields<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.0?;
        let end = memchr(b'\t', rest.as_bytes());
        self.0 = end.map(|end| &rest[end + 1..]);
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}

fn optional<T: FieldText>(field: Option<&str>) -> Result<Option<T>, String> {
    match field.filter(|f| !f.is_empty()) {
        None => Ok(None),
        Some(text) => T::read(text).map(Some).ok_or_else(|| format!("expected {}, found '{text}'", T::WHAT)),
    }
}

/// A field with a strict written form.
trait FieldText: Sized {
    const WHAT: &'static str;
    fn read(text: &str) -> Option<Self>;
}

impl FieldText for Date {
    const WHAT: &'static str = "a date as YYYY-MM-DD";
    /// Without the general parser: the catalogue has tens of thousands of dates, read at every start.
    fn read(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let whole = year.len() == 4 && month.len() == 2 && day.len() == 2;
        (whole && [year, month, day].into_iter().all(is_number))
            .then(|| Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok())?
    }
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

/// A time of day, as it stands in a [`Fix`].
struct TimeText;

impl FieldText for TimeText {
    const WHAT: &'static str = "a time as HH:MM";
    fn read(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        let whole = hour.len() == 2 && minute.len() == 2 && is_number(hour) && is_number(minute);
        (whole && hour < "24" && minute < "60").then_some(Self)
    }
}

/// Digits only: the general parser takes a sign, too.
fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}
