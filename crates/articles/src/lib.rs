//! Reads the statements of Microsoft's Knowledge Base articles and security bulletins: which versions of which files
//! correct a problem, for which product and processor, and which service packs contain the fix. Text goes in,
//! [`Article`]s come out, each fact with the line that it was read from. This crate does not know the files of Windows
//! or catalogues.
//!
//! ```
//! let text = "\
//! ## A lamp stays dark
//!
//! _Original KB number:_ &nbsp; 900001
//!
//! ### File information
//!
//! This fix has the file attributes (or later) that the table lists.
//!
//! | File name | File version | Date        | File size |
//! |-----------|--------------|-------------|-----------|
//! | Lamp.dll  | 5.2.3790.366 | 16-Oct-2004 | 84,992    |
//! ";
//! let articles = hotfixcheck_articles::parse(text, None)?;
//! let fix = &articles[0].fixes[0];
//! assert_eq!(articles[0].id.to_string(), "KB900001");
//! assert_eq!((fix.file.as_ref(), fix.version.as_deref()), ("Lamp.dll", Some("5.2.3790.366")));
//! assert_eq!(fix.size, Some(84_992));
//! # Ok::<(), hotfixcheck_articles::ArticleError>(())
//! ```
//!
//! [`decode`] turns the bytes of a file into text. A bulletin gives an article for each update that it names; [`merge`]
//! combines several statements of one update, such as the translations of a bulletin. The layout is recognised by the
//! first lines: the two layouts of the public article archive, saved web pages, HTML, Markdown, and the CSV lists of
//! later updates. Words of ten languages are data (`data/words.tsv`).

mod affected;
mod aligned;
mod announced_product;
mod announcement;
mod any_order;
mod belonging;
mod beside;
mod binding;
mod blanks;
mod box_cells;
mod boxed;
mod bulletin;
mod bulletin_lines;
mod captions;
mod cell_row;
mod cells;
mod clock_time;
mod collapsed;
mod collapsed_row;
mod collapsed_titles;
mod column;
mod column_cells;
mod columns;
mod context;
mod correction_words;
mod document;
mod english;
mod exception;
mod file_sentences;
mod fix;
mod folder;
mod found;
mod guarded;
mod heading;
mod heading_names;
mod heading_spelling;
mod installer_files;
mod keyword_doubts;
mod language;
mod language_builds;
mod layout;
mod list;
mod listed_names;
mod listed_updates;
mod listed_versions;
mod lower_lines;
mod merge;
mod model;
mod name_cell;
mod names;
mod no_fix;
mod no_fix_words;
mod older_remedy;
mod on_windows;
mod other_product;
mod outline;
mod pack_after;
mod pack_against;
mod pack_doubts;
mod pack_keywords;
mod pack_lists;
mod pack_places;
mod pack_products;
mod pack_sentences;
mod pack_source;
mod package_spelling;
mod paragraphs;
mod processor_slips;
mod product_cves;
mod products;
mod properties;
mod prose;
mod prose_further;
mod prose_patterns;
mod prose_stated;
mod rating_tables;
mod release_rows;
mod renamed;
mod replaced_rows;
mod replacements;
mod required_pack;
mod restated;
mod rounded_sizes;
mod row;
mod row_identity;
mod scope_words;
mod second_table;
mod section;
mod service_packs;
mod settled_updates;
mod severity;
mod slipped_columns;
mod spelling;
mod stacked;
mod table;
mod table_cells;
mod title_words;
mod titles;
mod unknown_titles;
mod untitled;
mod update_ids;
mod updates;
mod variants;
mod version_remarks;
mod vertical;
mod vocabulary;
mod words;
mod wow;
mod written_name;

pub use belonging::{NOT_OF_THIS_UPDATE, belonging};
pub use boxed::ROW_WITHOUT_NAME;
pub use cells::is_file_name;
pub use clock_time::{ClockTime, ClockTimeError};
pub use english::HEADING_WITHOUT_PRODUCT;
pub use exception::{Clauses, find_word};
pub use fix::{Fix, FixKind, SharedCells, Text};
pub use heading_spelling::respelled;
pub use hotfixcheck_types::{Edition, Restart, Severity};
pub use layout::decode;
pub use merge::{TRANSLATIONS_DIFFER, merge, other_translation};
pub use model::{Article, Build, EditionFacts, ListedPack, PackageFile, Rejected, ReleaseFacts, ServicePack};
pub use no_fix::NO_FIX_TABLE;
pub use on_windows::{OlderWindows, OnWindows};
pub use pack_after::after_listed_packs;
pub use pack_lists::numbered_by_lists;
pub use pack_products::SERVICE_PACKS;
pub use scope_words::{SCOPE_WORDS, ScopeWords, Uses};
pub use table::{UNANNOUNCED_TABLE, UNREAD_TABLE};
pub use update_ids::MISPRINTED_ID;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr_iter, memchr2_iter};
use regex::Regex;

use hotfixcheck_types::KbId;
use lower_lines::LowerLines;

/// Why the line of an announcement is rejected in an article that yielded no row.
pub const ANNOUNCED_BUT_EMPTY: &str = "announces corrected files, but no row was read";

/// Why an article without rows is not complete: it links to a file that lists the update's files.
pub const FILES_ELSEWHERE: &str = "the file list is elsewhere";

/// Why the first record of a file list is rejected if the list yielded no row.
pub const UNREAD_LIST: &str = "a list of files of which no row was read";

/// A word of every plain announcement; most texts do not contain it.
static ATTRIBUTES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("attributes"));

/// Why a text is not an article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArticleError {
    /// No article id was found.
    #[error(
        "no article id: expected a 'DOCUMENT:Q…' line, front matter with a 'Q…' title, or 'Article ID : …'; \
         the name of the file or of its folder may also give it (KB5078297.csv)"
    )]
    NoId,
    /// A tag has too many attributes to be read safely.
    #[error("a tag of the HTML has more than 100 attributes: the page is damaged or hostile, and is not read")]
    TooManyAttributes,
}

/// Reads a page of any layout: one article, or one for each update that a security bulletin names, the bulletin's own first.
///
/// `id_hint` is used if the text itself names no id (a file name may). The result is never empty.
///
/// # Errors
/// Neither the text nor the hint gives an article id, or a tag of its HTML has more than 100 attributes.
pub fn parse(text: &str, id_hint: Option<KbId>) -> Result<Vec<Article>, ArticleError> {
    let mut document = layout::read(text);
    if document.refused {
        return Err(ArticleError::TooManyAttributes);
    }
    if let Some(bulletin) = document.bulletin.clone() {
        package_spelling::settle(&mut document.lines);
        let mut found = found::Found::of_article(&document);
        document.headline = bulletin::headline(&document.lines);
        document.lower = LowerLines::of(document.lines.iter().map(document::Line::trimmed));
        document.linked_updates = updates::linked_updates(text);
        table::extract(&document, &mut found);
        wow::settle_wow_names(&mut found.fixes);
        found.release_shared_builds();
        found.leave_out_repetitions();
        found.leave_out_sizes_of_no_row();
        found.fixes.sort_by_key(|f| f.line);
        found.rejected.sort_by_key(|r| r.line);
        let ratings = rating_tables::Ratings::of(&document, text);
        let rows = replaced_rows::ReplacedRows::of(text, bulletin::named_in);
        return bulletin::articles(document, &bulletin, id_hint, found, &ratings, &rows).ok_or(ArticleError::NoId);
    }
    let stated = document.id.or(id_hint);
    let id = stated.or_else(|| bulletin::only_update(&document.lines)).ok_or(ArticleError::NoId)?;
    let mut found = found::Found::of_article(&document);
    replacements::extract(&document, &mut found);
    table::extract(&document, &mut found);
    list::extract(&document, &mut found);
    prose::extract(&document, &mut found);
    renamed::settle(&mut found, text);
    found.leave_out_package(id);
    found.leave_out_repetitions();
    found.leave_out_sizes_of_no_row();
    if !found.fixes.is_empty() && says_utc(&document.lines) {
        found.fixes.iter_mut().for_each(|f| f.utc = true);
    }
    if found.fixes.is_empty()
        && let Some((line, name)) = document.linked_list.take()
    {
        found.rejected.push(Rejected { line, text: name, reason: FILES_ELSEWHERE.to_owned() });
    } else if document.file_list && found.fixes.is_empty() {
        let line = document.lines.iter().find(|l| l.text.starts_with('|'));
        line.into_iter().for_each(|line| found.reject(line, UNREAD_LIST));
    } else if found.fixes.is_empty()
        && ATTRIBUTES.find(text.as_bytes()).is_some()
        && let Some(line) = context::announcement(&document.lines)
    {
        found.reject(line, ANNOUNCED_BUT_EMPTY);
    }
    found.fixes.sort_by_key(|f| f.line);
    found.rejected.sort_by_key(|r| r.line);
    let lists = pack_lists::extract(&document);
    let service_packs = service_packs::extract(&document, text);
    let title = match document.title.as_str() {
        "" if document.file_list => format!("File list of {id}"),
        _ => std::mem::take(&mut document.title),
    };
    // An article about a bulletin: `MS05-040: …`.
    let bulletins = bulletin::id_in(&title)
        .filter(|id| title.starts_with(*id))
        .map(|id| id.to_owned().into())
        .into_iter()
        .collect();
    // A page that only mentions a package is not the article of its update.
    if stated.is_none() && found.fixes.is_empty() {
        return Err(ArticleError::NoId);
    }
    Ok(vec![Article {
        service_packs,
        products: document.products.into_iter().map(Into::into).collect(),
        last_modified: document.last_modified,
        keywords: document.keywords,
        fixes: found.fixes,
        rejected: found.rejected,
        bulletins,
        lists,
        ..Article::new(id, title)
    }])
}

/// The id in the name of a file or folder: `Q310626.TXT`, `KB5078297.csv`, `310626`, `KB912354 - A fix.md`,
/// `june-9-2020-kb4562252-security-only.md`, `en-us_912355.md`. A bare number that is short or of eight digits is not one: folders are
/// named after years and days. Two ids are none.
pub fn id_of_name(name: &str) -> Option<KbId> {
    static MARKED: LazyLock<Regex> =
        vocabulary::pattern!(r"(?:^|[^A-Za-z0-9])[Kk][Bb][ _-]?([0-9]{5,7})(?:[^A-Za-z0-9]|$)");
    static LOCALE: LazyLock<Regex> = vocabulary::pattern!(r"^[A-Za-z]{2}-[A-Za-z]{2}[_-]([0-9]{5,7})$");
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let marked = stem.starts_with(|c: char| c.is_ascii_alphabetic());
    if let Ok(id) = stem.parse::<KbId>() {
        return (marked || (SHORTEST_BARE_ID..=LONGEST_BARE_ID).contains(&stem.len())).then_some(id);
    }
    let number = |found: regex::Captures<'_>| found.get(1)?.as_str().parse().ok();
    if let Some(found) = LOCALE.captures(stem) {
        return number(found);
    }
    let ids: BTreeSet<KbId> = MARKED.captures_iter(stem).filter_map(number).collect();
    ids.first().copied().filter(|_| ids.len() == 1)
}

/// The fewest and the most digits of an id without `Q` or `KB`.
const SHORTEST_BARE_ID: usize = 5;
const LONGEST_BARE_ID: usize = 7;

/// True if the article says that its dates and times are in UTC; otherwise they are local time.
fn says_utc(lines: &[document::Line<'_>]) -> bool {
    lines.iter().any(|l| {
        let text = l.text.as_bytes();
        let named = |at: usize| {
            let (before, behind) = text.split_at(at);
            before.ends_with(b"(UTC")
                || before.ends_with(b"(GMT")
                || behind.starts_with(b").")
                    && before.last_chunk().is_some_and(|w: &[u8; 3]| w.eq_ignore_ascii_case(b"utc"))
        };
        let spelled = |at: usize| {
            let from = at.checked_sub("uni".len()).and_then(|start| text[start..].first_chunk());
            from.is_some_and(|w: &[u8; 14]| w.eq_ignore_ascii_case(b"universal time"))
        };
        memchr_iter(b')', text).any(named) || memchr2_iter(b'v', b'V', text).any(spelled)
    })
}
