//! The definitions of Windows Exploit Suggester, next generation: `definitions.zip` or one of the CSV files in it.
//!
//! In: the bytes. Out: for each article its products, vulnerabilities, ratings and the updates that it replaces.

use std::io::{BufReader, Read};

use flate2::bufread::DeflateDecoder;

use crate::bounded::{Bounded, MAX_FIELD};
use crate::error::{FactsError, OTHER_FORM, Place, quoted};
use crate::join;
use crate::model::{CveFact, Facts, SkipReason, SourceKind};
use crate::text;
use crate::words;

/// The columns that are read.
const COLUMNS: [&str; 6] = ["DatePosted", "CVE", "BulletinKB", "AffectedProduct", "Severity", "Supersedes"];
/// The column of the title, which only the bulletins need.
const TITLE: &str = "Title";

/// The most members of an archive that are read; the real one has three.
const MAX_MEMBERS: usize = 64;

/// Reads the definitions: an archive if the file begins with a zip signature, else CSV.
///
/// # Errors
/// The file is cut off, not in this format, or an archive without a CSV file.
pub fn read(name: &str, bytes: &[u8]) -> Result<Facts, FactsError> {
    if bytes.starts_with(b"PK") { read_zip(name, bytes) } else { read_csv(name, bytes) }
}

fn read_zip(name: &str, bytes: &[u8]) -> Result<Facts, FactsError> {
    let broken = |error: rawzip::Error| FactsError::new(name, Place::Whole, "a ZIP file", error.to_string());
    let archive = rawzip::ZipArchive::from_slice(bytes).map_err(broken)?;
    let mut facts = Facts::new(SourceKind::WesNg, name);
    let mut any = false;
    let mut entries = archive.entries();
    let mut seen = 0;
    while let Some(entry) = entries.next_entry().map_err(broken)? {
        seen += 1;
        if seen > MAX_MEMBERS {
            let expected = format!("at most {MAX_MEMBERS} members");
            return Err(FactsError::new(name, Place::Whole, expected, "more").advise(OTHER_FORM));
        }
        let path = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
        if !path.to_ascii_lowercase().ends_with(".csv") {
            continue;
        }
        any = true;
        let member = format!("{name}/{path}");
        let data = archive.get_entry(entry.wayfinder()).map_err(broken)?;
        match entry.compression_method() {
            rawzip::CompressionMethod::STORE => {
                into(&mut facts, &member, data.verifying_reader(data.data()))?;
            }
            rawzip::CompressionMethod::DEFLATE => {
                into(&mut facts, &member, data.verifying_reader(DeflateDecoder::new(data.data())))?;
            }
            _ => {
                let found = "another method";
                return Err(FactsError::new(&member, Place::Whole, "a stored or deflated member", found));
            }
        }
    }
    if !any {
        return Err(FactsError::new(name, Place::Whole, "a CSV file in the archive", "none").advise(OTHER_FORM));
    }
    Ok(facts)
}

/// Reads one CSV file.
///
/// # Errors
/// The file is cut off or not in this format.
pub fn read_csv(name: &str, input: impl Read) -> Result<Facts, FactsError> {
    let mut facts = Facts::new(SourceKind::WesNg, name);
    into(&mut facts, name, input)?;
    Ok(facts)
}

fn into(facts: &mut Facts, name: &str, input: impl Read) -> Result<(), FactsError> {
    let (input, progress) = Bounded::new(text::open(name, BufReader::new(input))?);
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(input);
    let broken = |error: csv::Error| {
        let place = error.position().map_or(Place::Whole, |at| Place::Line(at.line()));
        FactsError::new(name, place, "lines of as many fields as the header", error.to_string())
    };
    let headers = reader.headers().map_err(broken)?;
    let mut columns = [0; COLUMNS.len()];
    for (at, column) in columns.iter_mut().zip(COLUMNS) {
        let found = headers.iter().position(|header| header == column);
        *at = found.ok_or_else(|| {
            let expected = format!("a column '{column}'");
            FactsError::new(name, Place::Line(1), expected, quoted(&headers.iter().collect::<Vec<_>>().join(",")))
                .advise(OTHER_FORM)
        })?;
    }
    let title = headers.iter().position(|header| header == TITLE);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(broken)? {
        progress.item_done();
        let place = Place::Line(record.position().map_or(0, csv::Position::line));
        let field = |column: usize| record.get(columns[column]).unwrap_or_default().trim();
        if let Some(long) = record.iter().map(str::len).find(|length| *length > MAX_FIELD) {
            let expected = format!("fields of at most {MAX_FIELD} bytes");
            return Err(FactsError::new(name, place, expected, format!("one of {long} bytes")));
        }
        let title = title.and_then(|column| record.get(column)).unwrap_or_default();
        row(facts, name, &place, field, title.trim())?;
    }
    Ok(())
}

fn row<'r>(
    facts: &mut Facts,
    name: &str,
    place: &Place,
    field: impl Fn(usize) -> &'r str,
    title: &str,
) -> Result<(), FactsError> {
    let [date, cve, kb, product, severity, supersedes] = [0, 1, 2, 3, 4, 5].map(field);
    // Lines without an article mean that a product is affected and has no update.
    let Some(id) = words::article_id(kb) else {
        facts.skip(SkipReason::NoArticle, place, if kb.is_empty() { product } else { kb });
        return Ok(());
    };
    let wrong = |expected: &str, found: &str| FactsError::new(name, place.clone(), expected, quoted(found));
    let advised: Option<jiff::civil::Date> = if date.is_empty() {
        None
    } else {
        let parsed = jiff::civil::Date::strptime("%Y%m%d", date);
        Some(parsed.map_err(|_| wrong("a day, as in 20220412", date))?)
    };
    if let Some(day) = advised.filter(|_| !title.is_empty()) {
        facts.titles.entry((day, join::words(title))).or_default().insert(id);
    }
    let rating = words::severity(severity);
    if rating.is_none() && !severity.is_empty() && !severity.eq_ignore_ascii_case("none") {
        facts.skip(SkipReason::UnknownSeverity, place, severity);
    }
    if !supersedes.is_empty() {
        words::add_replaced(facts, id, supersedes, place);
    }
    match cve.parse() {
        Ok(cve) => {
            // The column "Exploits" lists published exploits, not attacks: it is not read.
            facts.article(id).add_cve(cve, CveFact { severity: rating, exploited: None });
        }
        Err(_) if cve.is_empty() => {}
        Err(_) => facts.skip(SkipReason::NotACve, place, cve),
    }
    let article = facts.article(id);
    if !product.is_empty() && !article.products.contains(product) {
        article.products.insert(product.to_owned());
    }
    article.severity = article.severity.max(rating);
    article.advised = match (article.advised, advised) {
        (Some(known), Some(new)) => Some(known.min(new)),
        (known, new) => known.or(new),
    };
    Ok(())
}
