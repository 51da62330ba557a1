//! Detects the kind of a file that is not what a command expects: the message names the kind, and what to do with the
//! file.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use hotfixcheck::catalog::{self, CompiledCatalog, Gathered};
use hotfixcheck::hosts::is_snapshot;
use hotfixcheck::inventory::import::{self, ImportError};
use hotfixcheck_winfiles::image;

/// The size of the beginning by which a kind is recognised.
const HEAD_BYTES: u64 = 8 << 10;
/// Longer texts are not parsed as an article.
const MAX_ARTICLE_BYTES: u64 = 1 << 20;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Empty,
    Snapshot,
    Report,
    Catalogue,
    Hive,
    Binary,
    /// An image or an archive, whether it can be read or not.
    Image,
    /// A gzip file without a tar archive.
    Packed,
    Tar,
    Installer,
    Pdf,
    JsonSchema,
    /// One host a line.
    Hosts,
    /// A list of files, of this program or another tool.
    List,
    Updates,
    Article,
    WebPage,
    Text,
}

/// The first bytes of each kind, and their position. Images and archives are recognised by their reader.
const MAGIC: [(usize, &[u8], Kind); 7] = [
    (0, b"regf", Kind::Hive),
    (0, b"MZ", Kind::Binary),
    (0, b"%PDF", Kind::Pdf),
    (0, b"\x1f\x8b", Kind::Packed),
    // A tar archive that is damaged: one with an intact first header can be read.
    (257, b"ustar", Kind::Tar),
    (0, b"\xd0\xcf\x11\xe0", Kind::Installer),
    (0, b"SZDD", Kind::Binary),
];

/// The beginnings of reports, without blanks: JSON, Markdown, text.
const REPORTS: [&str; 6] = [
    "{\"schema\":\"hotfixcheck.report/",
    "{\"schema\":\"hotfixcheck.fleet/",
    "{\"schema\":\"hotfixcheck.diff/",
    "{\"schema\":\"hotfixcheck.judged/",
    "##hotfixcheck:",
    "hotfixcheck0.",
];

/// The beginnings of reports that could be read as lists: JSON lines, CSV of one system and of a fleet, SARIF.
const REPORT_LISTS: [&str; 4] =
    ["{\"record\":\"run\"", "record,kb,", "record,host,", "{\"$schema\":\"https://json.schemastore.org/sarif"];
const SCHEMA: &str = "{\"$schema\":";
/// The size of the beginning that is compared without blanks.
const BARE_BYTES: u64 = 256;

impl Kind {
    /// The kind of a file; `None` for anything that is not a file, and for an unknown kind. Pipes and devices are not
    /// opened.
    pub(super) fn of(path: &Path) -> Option<Self> {
        if !path.is_file() {
            return None;
        }
        let mut head = Vec::new();
        File::open(path).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
        let is_there = |at: usize, magic: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
        let by_magic = || MAGIC.iter().find(|(at, magic, _)| is_there(*at, magic)).map(|(.., kind)| *kind);
        match () {
            () if head.is_empty() => Some(Self::Empty),
            () if CompiledCatalog::is_compiled(&head) => Some(Self::Catalogue),
            () if is_snapshot(path) => Some(Self::Snapshot),
            () if !matches!(image::open(path), Ok(None)) => Some(Self::Image),
            () => by_magic().or_else(|| of_text(path, &head)),
        }
    }

    /// The kind of a file that could be read as a list of files, because it has columns or members of the same names.
    /// These are reports in CSV or JSON lines, and schemas.
    pub(super) fn like_a_list(path: &Path) -> Option<Self> {
        if !path.is_file() {
            return None;
        }
        let mut head = Vec::new();
        File::open(path).ok()?.take(BARE_BYTES).read_to_end(&mut head).ok()?;
        let bare = bare(&String::from_utf8_lossy(&head));
        match () {
            () if REPORT_LISTS.iter().any(|start| bare.starts_with(start)) => Some(Self::Report),
            () if bare.starts_with(SCHEMA) => Some(Self::JsonSchema),
            () => None,
        }
    }

    /// True for files that this program never writes, and that may be what a user examines.
    pub(super) fn is_evidence(self) -> bool {
        matches!(self, Self::Hive | Self::Binary | Self::Image | Self::Packed | Self::Tar | Self::Installer | Self::Pdf)
    }

    /// The kind in words.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Empty => "an empty file",
            Self::Snapshot => "an inventory",
            Self::Report => "a report of this program",
            Self::Catalogue => "a catalogue",
            Self::Hive => "a registry hive",
            Self::Binary => "a program or library",
            Self::Image => "a disk image or an archive",
            Self::Packed => "a gzip file without a tar archive, which is not read",
            Self::Tar => "a damaged tar archive, which is not read",
            Self::Installer => "a Windows Installer package or an Office file, which is not read",
            Self::Pdf => "a PDF document",
            Self::JsonSchema => "a JSON schema",
            Self::Hosts => "a list of hosts, one a line",
            Self::List => "a list of files",
            Self::Updates => "a list of installed updates",
            Self::Article => "a Knowledge Base article",
            Self::WebPage => "a web page",
            Self::Text => "a text",
        }
    }

    /// What to do with a file of this kind that was given as PATH; `None` for a kind that can be scanned.
    pub(super) fn to_scan(self, path: &str) -> Option<String> {
        Some(match self {
            Self::Snapshot | Self::Image => return None,
            Self::Empty | Self::Tar => "copy it again from where it comes".to_owned(),
            Self::Binary => {
                format!(
                    "the catalogue lists no file of this name; 'hotfixcheck identify {path}' looks for its original name"
                )
            }
            Self::Packed => "unpack it, then scan the folder".to_owned(),
            Self::Installer => "unpack it (msiextract, msiexec /a), then scan the folder".to_owned(),
            Self::Hosts => "judge it with 'hotfixcheck judge --stdin'".to_owned(),
            Self::List => format!("judge it with '--inventory {path}'"),
            Self::Hive => "scan the Windows folder that it belongs to".to_owned(),
            Self::Catalogue => "use it with --catalog or --add-catalog".to_owned(),
            Self::Updates => "give it with --hotfixes, beside an inventory of the files (--inventory)".to_owned(),
            Self::Article => format!("'hotfixcheck extract {path}' reads it"),
            Self::Report => "scan what it was made of: a folder, an image or an inventory".to_owned(),
            Self::Pdf | Self::JsonSchema | Self::WebPage | Self::Text => {
                "give a folder, an image or a file with files of Windows".to_owned()
            }
        })
    }

    /// What to do with a file of this kind that was given as an inventory; `None` for a kind that may be one.
    pub(super) fn as_inventory(self, path: &str) -> Option<String> {
        let make = || "an inventory is made by 'hotfixcheck inventory PATH'".to_owned();
        Some(match self {
            Self::Snapshot | Self::List | Self::Text => return None,
            Self::Image | Self::Binary => format!("scan it with 'hotfixcheck scan {path}'"),
            Self::Empty | Self::Report | Self::Pdf | Self::JsonSchema | Self::WebPage => make(),
            _ => self.to_scan(path)?,
        })
    }

    /// Whether a file of this kind can be a list of installed updates.
    pub(super) fn may_list_updates(self) -> bool {
        // Tables of `wmic qfe` may be web pages, and lists may be compressed; the reader decides. Get-HotFix prints
        // nothing if there are no updates.
        matches!(self, Self::Updates | Self::Text | Self::WebPage | Self::Packed | Self::Empty)
    }
}

/// The kind of a file that may be text.
fn of_text(path: &Path, head: &[u8]) -> Option<Kind> {
    let is_wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    if head.contains(&0) && !is_wide {
        return None;
    }
    let text = String::from_utf8_lossy(head);
    let lower = text.trim_start_matches('\u{feff}').trim_start().to_lowercase();
    let bare = bare(&text);
    let is_page = ["<!doctype html", "<html"].iter().any(|start| lower.starts_with(start));
    let lists = || import::read(&whole_lines(head), None);
    match () {
        () if REPORTS.iter().chain(&REPORT_LISTS).any(|start| bare.starts_with(start)) => Some(Kind::Report),
        () if is_page && lower.contains("content=\"hotfixcheck ") => Some(Kind::Report),
        () if lower.starts_with("<?xml") && lower.contains("<testsuites name=\"hotfixcheck\"") => Some(Kind::Report),
        () if lower.starts_with(catalog::HEADER) => Some(Kind::Catalogue),
        () if bare.starts_with(SCHEMA) => Some(Kind::JsonSchema),
        () if bare.starts_with("{\"host\":") => Some(Kind::Hosts),
        () => match lists() {
            Ok(_) => Some(Kind::List),
            Err(ImportError::Updates) => Some(Kind::Updates),
            // A list that continues after the head.
            Err(ImportError::List { .. }) => Some(Kind::List),
            Err(_) if is_article(path) => Some(Kind::Article),
            Err(_) if is_page => Some(Kind::WebPage),
            Err(_) => Some(Kind::Text),
        },
    }
}

/// The beginning of a text in lower case, without blanks.
fn bare(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').to_lowercase();
    text.chars().filter(|c| !c.is_whitespace()).take(80).collect()
}

/// The head without the line that is cut off.
fn whole_lines(head: &[u8]) -> Vec<u8> {
    let end = if (head.len() as u64) < HEAD_BYTES { None } else { head.iter().rposition(|&byte| byte == b'\n') };
    head[..end.map_or(head.len(), |end| end + 1)].to_vec()
}

fn is_article(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let is_known = catalog::ARTICLE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known));
    let is_short = path.metadata().is_ok_and(|there| there.len() <= MAX_ARTICLE_BYTES);
    let Some(bytes) = std::fs::read(path).ok().filter(|_| is_known && is_short) else { return false };
    let mut gathered = Gathered::default();
    gathered.parse(path, &bytes);
    !gathered.articles.is_empty()
}
