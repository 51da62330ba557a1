//! Security bulletins: a page names one update or several, each with its files; the other facts of the page apply to
//! all.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::affected;
use super::bulletin_lines::{is_question, is_revision, is_sentence};
use super::document::{Document, Line};
use super::found::Found;
use super::lower_lines::LowerLines;
use super::model::{Article, PackageFile, Rejected};
use super::rating_tables::Ratings;
use super::replaced_rows::ReplacedRows;
use super::section;
use super::severity;
use super::update_ids::{HEADLINE, MISPRINTED_ID, cves_of, misprinted_cves, named_updates, unmarked_updates};
use super::vocabulary::{self, Kind, pattern};
use hotfixcheck_types::{KbId, Machine};
use hotfixcheck_types::{Restart, Severity};

const TITLES: &str = include_str!("../data/bulletin-titles.tsv");

/// How many of the first lines may hold the headline.
const HEAD: usize = 80;
/// The most lines after its heading that a list of replaced bulletins may have.
const MAX_LIST: usize = 400;

static BULLETIN: LazyLock<Regex> = pattern!(r"(?-u:\b)(MS[0-9]{2}-[0-9]{3})(?-u:\b)");
/// The update's id in a headline without brackets: `KB910009 - Vulnerability in …`.
static MARKED: LazyLock<Regex> = pattern!(r"(?-u:\b)(?:KB|kb|Kb)[ \x{a0}]?[:#-]?[ \x{a0}]?([0-9]{6,7})(?-u:\b)");
static PACKAGE: LazyLock<Regex> = pattern!(
    r"[A-Za-z0-9][A-Za-z0-9.&_]*(?:-[A-Za-z][A-Za-z0-9.&_]*)?(?:-(?:KB|kb|Kb)|_KB)([0-9]{6,7})(?:(?:x86|[a-z]?[-_])[A-Za-z0-9._-]*|[a-z]?\.(?:exe|msu|msp|cab))?"
);
/// A package of Internet Explorer or Windows NT that is named by its update alone: `q837009.exe` (MS04-013),
/// `Q841373i.exe` (MS04-021).
static NAMED_BY_UPDATE: LazyLock<Regex> = pattern!(r"(?:^|[ *`(\[])([qQ]([0-9]{6})[a-z]?\.exe)(?-u:\b)");

/// The articles of a bulletin, its own first; `found` holds the rows of its tables.
pub(crate) fn articles(
    document: Document<'_>,
    id: &str,
    hint: Option<KbId>,
    found: Found,
    ratings: &Ratings,
    rows: &ReplacedRows,
) -> Option<Vec<Article>> {
    let lines = &document.lines;
    let packages = packages(lines, document.headline);
    let mut ids: BTreeSet<KbId> = packages.iter().filter_map(|package| package.kb).collect();
    // A slip in the headline that all packages contradict: `(842463)`, but packages of KB842436 (MS04-026 de-de).
    let only = ids.first().copied().filter(|_| ids.len() == 1);
    let headline = document.headline.map(|id| only.filter(|other| is_slip(id, *other)).unwrap_or(id));
    let own = headline.or_else(|| packages.first().and_then(|package| package.kb)).or(hint)?;
    ids.extend(found.updates.values().copied());
    let questions = lines.iter().position(is_question).unwrap_or(lines.len());
    ids.extend(
        lines
            .iter()
            .enumerate()
            .filter(|(i, l)| {
                l.text.contains("KB") && !is_sentence(l) && (*i < questions || !l.trimmed().starts_with('-'))
            })
            .flat_map(|(_, l)| named_updates(&l.text)),
    );
    ids.extend(lines[..questions].iter().flat_map(|line| listed_by_number(line)));
    ids.remove(&own);
    let several = !ids.is_empty();
    let mut misprinted = Vec::new();
    let cves = cves(lines, &mut misprinted);
    let severity = severity::of(&document);
    let restart = restart(&document.lower);
    let replaced = replaced(&document, id);
    let affected = affected::products(&document);
    let title = title(id);
    let mut articles: Vec<Article> = Vec::new();
    for kb in std::iter::once(own).chain(ids) {
        let marked = format!("KB{}", kb.number());
        // Only the numbers from 2010 on are beside products alone: those of MS05-004 are for parts of a product's systems.
        let number = if kb.number() < FIRST_OF_SEVEN { "\n".to_owned() } else { format!("({})", kb.number()) };
        let of_kb =
            |(_, line): &&(String, String)| !several || kb == own || line.contains(&marked) || line.contains(&number);
        let mut article = Article::new(kb, title.map_or_else(|| document.title.clone(), str::to_owned));
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let products = affected.iter().find(|named| named.iter().any(|named| of_kb(&named)));
        let own_products = products.into_iter().flatten().filter(of_kb).filter(|(name, _)| seen.insert(name));
        let bare = |name: &str| name.replace(&number, "").trim_end().to_owned();
        article.products = own_products.map(|(name, _)| bare(name).into()).collect();
        article.last_modified = document.last_modified;
        article.bulletins = vec![id.to_owned().into()];
        // The number of the bulletin itself may stand beside one product, and is for all (KB970927 of MS09-044).
        let is_whole = several && document.headline == Some(kb);
        let absent = if is_whole { BTreeSet::new() } else { ratings.absent(kb) };
        article.cves = cves.iter().filter(|cve| !absent.contains(cve.as_str())).cloned().map(Into::into).collect();
        article.severity = severity;
        article.releases = ratings.releases(kb, severity);
        article.restart = restart;
        let of_rows = rows.get(kb).filter(|_| several).unwrap_or(&replaced);
        article.replaced_bulletins = of_rows.iter().filter(|own| *own != id).cloned().map(Into::into).collect();
        article.packages = packages.iter().filter(|package| package.kb == Some(kb)).cloned().collect();
        article.fixes = found
            .fixes
            .iter()
            .filter(|fix| found.updates.get(&fix.line).copied().unwrap_or(own) == kb)
            .cloned()
            .collect();
        articles.push(article);
    }
    for rejected in found.rejected {
        // A cell that could not be read is reported with its row, everything else with the bulletin's own article.
        let place = articles.iter().position(|article| article.fixes.iter().any(|fix| fix.line == rejected.line));
        articles[place.unwrap_or_default()].rejected.push(rejected);
    }
    if let Some(first) = articles.first_mut() {
        first.rejected.extend(misprinted);
        first.rejected.sort_by_key(|rejected| rejected.line);
        first.keywords = document.keywords;
    }
    Some(articles)
}

/// The first number of an update with seven digits (2010).
const FIRST_OF_SEVEN: u32 = 2_000_000;

/// The updates that an item or a row gives by its number alone to a product: `Windows 7 Service Pack 1 (3019978)` (MS15-004).
fn listed_by_number(line: &Line<'_>) -> impl Iterator<Item = KbId> {
    let text = line.trimmed();
    let is_item = text.starts_with(['|', '-', '*', '+']) && !is_sentence(line);
    let cells = text.split('|').filter(move |_| is_item);
    cells.flat_map(|cell| {
        unmarked_updates(cell).filter(|(at, _)| section::names_product(&cell[..*at])).map(|(_, id)| id)
    })
}

/// True if one id is a slip of the other: one digit differs, or two neighbours are swapped.
fn is_slip(id: KbId, other: KbId) -> bool {
    let (id, other) = (id.number().to_string(), other.number().to_string());
    let pairs: Vec<(u8, u8)> = id.bytes().zip(other.bytes()).filter(|(a, b)| a != b).collect();
    let swapped = matches!(pairs.as_slice(), [(a, b), (c, d)] if a == d && b == c);
    id.len() == other.len() && (pairs.len() == 1 || swapped)
}

/// The bulletin of a page, from its title: `Microsoft Security Bulletin MS05-040 - Hoch`. An article about a bulletin
/// is called `MS05-040: …` and has a separate id.
pub(crate) fn id_in(title: &str) -> Option<&str> {
    BULLETIN.find(title).map(|found| found.as_str())
}

/// The bulletins that a cell names.
pub(crate) fn named_in(text: &str) -> Vec<String> {
    BULLETIN.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

/// The update's id in the headline: `… (893756)`, `… (KB 893756)`, `KB893756 - …`.
pub(crate) fn headline(lines: &[Line<'_>]) -> Option<KbId> {
    let head = || lines.iter().take(HEAD);
    let id = |pattern: &Regex, line: &Line<'_>| pattern.captures(&line.text)?.get(1)?.as_str().parse().ok();
    head()
        .find_map(|line| id(&HEADLINE, line))
        .or_else(|| head().filter(|line| matches!(line.heading, 1 | 2)).find_map(|line| id(&MARKED, line)))
}

/// The update of a page that states no id: the one in the brackets of a heading (`… (931832)`), else that of all its
/// packages.
pub(crate) fn only_update(lines: &[Line<'_>]) -> Option<KbId> {
    let in_heading = |line: &Line<'_>| HEADLINE.captures(&line.text)?.get(1)?.as_str().parse().ok();
    if let Some(id) = lines.iter().filter(|line| line.heading > 0).take(HEAD).find_map(in_heading) {
        return Some(id);
    }
    let ids: BTreeSet<KbId> = packages(lines, None).iter().filter_map(|package| package.kb).collect();
    ids.first().copied().filter(|_| ids.len() == 1)
}

/// The title of a bulletin for a catalogue, if the page's title is in another language.
pub(crate) fn english_title(id: &str, printed: &str) -> Option<String> {
    let is_named = printed.starts_with("Microsoft Security Bulletin") || printed.starts_with("Security Bulletin");
    // A German page has the English words before its rating: "Microsoft Security Bulletin MS05-014 - Kritisch".
    let is_english = is_named && severity::in_title(printed).is_none_or(|rating| ends_with_name(printed, rating));
    (title(id).is_none() && !is_english).then(|| format!("Microsoft Security Bulletin {id}"))
}

fn ends_with_name(title: &str, rating: Severity) -> bool {
    title.trim_end().to_ascii_lowercase().ends_with(rating.name())
}

/// The English title of a bulletin.
fn title(id: &str) -> Option<&'static str> {
    static BY_ID: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let fields = |line: &'static str| {
            let mut fields = line.split('\t');
            Some((fields.next()?, fields.nth(1)?))
        };
        TITLES.lines().filter_map(fields).collect()
    });
    BY_ID.get(id).copied()
}

/// The vulnerabilities that a page names; ids that are none are added to `misprinted`.
fn cves(lines: &[Line<'_>], misprinted: &mut Vec<Rejected>) -> BTreeSet<String> {
    const BEFORE_YEAR: [&str; 10] =
        ["CVE-", "CAN-", "cve-", "can-", "CVE2", "CAN2", "CVE1", "CAN1", "CVE\u{2013}", "CAN\u{2013}"];
    static MARKS: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(BEFORE_YEAR).unwrap_or_else(|e| unreachable!("{e}")));
    let named: Vec<&Line<'_>> = lines.iter().filter(|line| MARKS.is_match(line.text.as_ref())).collect();
    misprinted.extend(named.iter().flat_map(|line| {
        misprinted_cves(&line.text).map(|id| Rejected {
            line: line.number,
            text: id.to_owned(),
            reason: MISPRINTED_ID.to_owned(),
        })
    }));
    named.iter().flat_map(|line| cves_of(&line.text)).collect()
}

/// The strictest of what the parts of a bulletin say about a restart.
fn restart(lower: &LowerLines) -> Option<Restart> {
    let lines = lower.find(Kind::Restart).filter_map(|(line, ..)| lower.get(line).filter(|line| line.len() > 12));
    lines.filter_map(restart_of_line).max()
}

/// What a paragraph says: "no restart is needed. If the required files are in use, one is" is `Maybe`, and "if a restart is
/// required at the end of the installation, a dialog box is shown" says nothing.
fn restart_of_line(line: &str) -> Option<Restart> {
    const CONDITIONS: [&str; 10] = [
        "if ",
        "se ",
        "sollte ",
        "wenn ",
        "falls ",
        "si ",
        "\u{5982}\u{679c}",
        "\u{82e5}",
        "\u{5982}\u{9700}",
        "\u{5982}\u{8981}",
    ];
    let is_conditional = |at: usize| {
        let ends = [". ", "\u{3002}", ": "].iter().filter_map(|mark| Some(line[..at].rfind(mark)? + mark.len()));
        let sentence = line[ends.max().unwrap_or_default()..at].trim_start();
        CONDITIONS.iter().any(|condition| sentence.starts_with(condition))
    };
    let said: Vec<Restart> = vocabulary::find_each(Kind::Restart, line)
        .filter_map(|(place, meaning)| {
            let restart = Restart::from_name(meaning)?;
            (restart != Restart::Required || !is_conditional(place.start)).then_some(restart)
        })
        .collect();
    if said.contains(&Restart::Maybe) { Some(Restart::Maybe) } else { said.into_iter().max() }
}

/// The packages that a bulletin names outside of links, each once. Of those named by their update alone only the ones
/// of the headline's update count: text names those of earlier updates, too.
fn packages(lines: &[Line<'_>], headline: Option<KbId>) -> Vec<PackageFile> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut packages = Vec::new();
    for line in lines.iter().filter(|l| l.text.contains("KB") || l.text.contains("kb")) {
        for found in PACKAGE.captures_iter(&line.text) {
            let (Some(whole), Some(id)) = (found.get(0), found.get(1)) else { continue };
            let name = whole.as_str().trim_end_matches(['.', '-', '_']);
            let before = line.text[..whole.start()].chars().next_back();
            // A name that a blank breaks: `Windowsserver2003.Windows XP-KB942830-x64-ENU` (MS08-006). The beginning of
            // `IE6.0sp1-KB889293-Windows NT4sp6a-98-ME-x86-ENU.exe` (MS04-040) is not recovered.
            let broken = line.text[..whole.start()].rsplit_once(' ').filter(|(_, rest)| rest.is_empty()).and_then(
                |(text, _)| {
                    text.rsplit([' ', '*']).next().filter(|word| word.to_ascii_lowercase().ends_with("windows"))
                },
            );
            let name = broken.map_or(Cow::Borrowed(name), |word| Cow::Owned(format!("{word}{name}")));
            let name = name.as_ref();
            if name.ends_with("-Windows") {
                continue;
            }
            let lower = name.to_ascii_lowercase();
            if before.is_some_and(|c| matches!(c, '\\' | '/' | '$' | '%')) || is_log(&lower) {
                continue;
            }
            let stem = [".exe", ".msu", ".msp", ".cab"].iter().find_map(|e| lower.strip_suffix(e)).unwrap_or(&lower);
            if seen.insert(stem.to_owned()) {
                packages.push(package(name, id.as_str().parse().ok()));
            }
        }
    }
    leave_out_unpacked(&mut packages);
    let Some(own) = headline else { return packages };
    for line in lines.iter().filter(|l| l.text.contains(".exe")) {
        for found in NAMED_BY_UPDATE.captures_iter(&line.text) {
            let (Some(name), Some(id)) = (found.get(1), found.get(2)) else { continue };
            if id.as_str().parse() == Ok(own) && seen.insert(name.as_str().to_ascii_lowercase()) {
                packages.push(package(name.as_str(), Some(own)));
            }
        }
    }
    packages
}

/// Takes out what an administrator unpacks from a package, and its name when cut: `Visio2003-KB838345-FullFile.MSP` and
/// `Visio2003-KB838345-FullFile` beside `Visio2003-KB838345-FullFile-JPN.exe` (MS04-028 ja-jp).
fn leave_out_unpacked(packages: &mut Vec<PackageFile>) {
    let lower = |package: &PackageFile| package.file.to_ascii_lowercase();
    let whole: Vec<(Option<KbId>, String)> = packages.iter().map(|own| (own.kb, lower(own))).collect();
    packages.retain(|own| {
        let name = lower(own);
        let stem = name.strip_suffix(".msp").unwrap_or(&name);
        let is_part = name.len() > stem.len() || name.ends_with("-fullfile");
        let from =
            |(kb, other): &(Option<KbId>, String)| *kb == own.kb && *other != name && other.contains("fullfile-");
        !(is_part && whole.iter().any(from))
    });
}

/// True for the name of a log, also if it is cut: `MDAC25SP3-KB911562-x86-JPN.lo` (MS06-014).
fn is_log(lower: &str) -> bool {
    lower.ends_with(".log") || lower.ends_with(".lo")
}

/// True for the other words of three letters in names of packages: for all languages, an optional component of Windows
/// (`NDP1.0sp3-KB887998-X86-INTL-Ocm-Enu`, MS05-004), GDI+ (MS05-005 ja-jp), administrator, server and client of Host Integration Server (MS08-059).
fn is_no_language(part: &str) -> bool {
    ["glb", "ocm", "adm", "srv", "cli", "gdi"].iter().any(|word| part.eq_ignore_ascii_case(word))
}

/// The facts in the name of a package: `WindowsXP-KB978037-x86-ENU.exe`.
fn package(name: &str, kb: Option<KbId>) -> PackageFile {
    let at = name.to_ascii_lowercase().find("-kb").or_else(|| name.find("_KB")).unwrap_or_default();
    let stem = name.rsplit_once('.').filter(|(_, end)| end.len() == 3 && end.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = stem.map_or(name, |(stem, _)| stem).get(at + usize::from(at > 0)..).unwrap_or_default();
    let parts = || rest.split(['-', '_']).skip(1);
    let language = |part: &&str| {
        part.len() == 3
            && part.bytes().all(|b| b.is_ascii_alphabetic())
            && !is_no_language(part)
            && Machine::from_platform_word(part).is_none()
    };
    let (system, of_system) = system(&name[..at]);
    // `NDP20-KB917283-xia64.exe` (MS06-033), `IE5.01SP2-KB867801-Windows2000SP2x86-ENU.exe` (MS04-025 it-it).
    let named = |part: &str| match part {
        "xia64" => Some(Machine::Ia64),
        part => Machine::from_platform_word(part).or_else(|| closing_machine(part).map(|(_, machine)| machine)),
    };
    PackageFile {
        file: name.to_owned().into(),
        kb,
        system: system.map(|system| system.to_owned().into()),
        machine: parts().find_map(named).or(of_system),
        language: parts().find(language).map(|part| part.to_owned().into()),
    }
}

/// The system in a package's name before its update, and the processor there: `IE7-WindowsServer2003` is for Windows Server
/// 2003, `WindowsMedia10-v2` for Windows Media 10 (MS06-005), `wme9-x64` (MS10-094) and `VPC2007x64` (MS09-033) for x64.
fn system(name: &str) -> (Option<&str>, Option<Machine>) {
    let is_revision = |part: &str| part.strip_prefix(['v', 'V']).is_some_and(|rest| rest.parse::<u8>().is_ok());
    let mut name = name;
    let mut machine = None;
    while let Some((before, last)) = name.rsplit_once('-') {
        let own = Machine::from_platform_word(last);
        if own.is_none() && !is_revision(last) {
            break;
        }
        machine = machine.or(own);
        name = before;
    }
    let last = match name.rsplit_once('-') {
        // `Windows8-RT` is one system.
        Some((before, "RT")) => before.rsplit_once('-').map_or(name, |(outer, _)| &name[outer.len() + 1..]),
        Some((_, last)) => last,
        None => name,
    };
    let (system, own) = closing_machine(last).map_or((last, None), |(system, machine)| (system, Some(machine)));
    (Some(system).filter(|system| !system.is_empty()), machine.or(own))
}

/// A name without the processor at its end: `VPC2007x64`.
fn closing_machine(part: &str) -> Option<(&str, Machine)> {
    let machine = ["x64", "x86", "X64", "X86", "ia64", "IA64"].iter().find_map(|word| {
        let before = part.strip_suffix(word)?;
        Some((before, Machine::from_platform_word(word)?))
    });
    machine.filter(|(before, _)| before.ends_with(|c: char| c.is_ascii_digit()))
}

/// The bulletins that a bulletin says it replaces: in the sentence, list or table below such words, or in a table
/// column with such a title.
fn replaced(document: &Document<'_>, own: &str) -> BTreeSet<String> {
    let lines = &document.lines;
    let mut ids = BTreeSet::new();
    let mut take = |text: &str| ids.extend(replaced_in(text).filter(|id| *id != own).map(str::to_owned));
    for (i, place, _) in document.lower.find(Kind::Replaces) {
        let (Some(line), Some(lower)) = (lines.get(i), document.lower.get(i)) else { continue };
        let text = line.trimmed();
        // The history of a page quotes its questions (MS06-012).
        if text.len() < 8 || is_revision(text) {
            continue;
        }
        if text.starts_with('|') && BULLETIN.find(text).is_none() {
            // The column with that title, in the rows below.
            let column = lower[..place.start].matches('|').count();
            // The lines of a row with a very long cell may be apart (MS08-016 zh-tw): only a blank line ends the table.
            let rows = lines[i + 1..].iter().take(MAX_LIST).take_while(|l| !l.is_blank());
            for row in rows.filter(|l| l.trimmed().starts_with('|')) {
                take(row.trimmed().split('|').nth(column).unwrap_or_default());
            }
            continue;
        }
        take(text);
        // `Aggiornamenti sostituiti: nessuno.` states the answer itself (MS04-007).
        let rest = lower[place.end..].trim_start_matches(['*', ' ']);
        if rest.strip_prefix([':', '\u{ff1a}']).is_some_and(|answer| !answer.trim_matches(['*', ' ']).is_empty()) {
            continue;
        }
        // The answer is in the paragraph below the question, and in the table below that.
        let mut paragraphs = 0;
        let mut above = text;
        for below in lines[i + 1..].iter().take(MAX_LIST) {
            let text = below.trimmed();
            if (1..=6).contains(&below.heading) || text.ends_with(['?', '\u{ff1f}']) || paragraphs > 3 {
                break;
            }
            paragraphs += usize::from(text.is_empty() && !above.is_empty());
            above = text;
            if text.starts_with('|') {
                // `| MS04-025 | Ersetzt | Nicht anwendbar |`: no replacement on any system, if every cell has these words.
                take(text);
            } else if !text.is_empty() && paragraphs <= 1 {
                take(text);
            }
        }
    }
    ids
}

/// True for a row that says of a bulletin that it is replaced on one system at least: `| MS05-002 | Nicht ersetzt | Ersetzt |` (MS05-053
/// de-de). Cells of other systems say that it stays, or nothing.
fn is_row_of_replaced(row: &str) -> bool {
    let says_replaced = |cell: &str| {
        let lower = vocabulary::lower(cell.trim());
        !lower.is_empty()
            && BULLETIN.find(cell).is_none()
            && vocabulary::find(Kind::Keeps, &lower).is_none()
            && vocabulary::meaning(Kind::Nothing, &lower).is_none()
    };
    row.starts_with('|') && row.split('|').any(says_replaced)
}

/// The bulletins that a text names, without those of which it first says that they are not replaced (MS07-061): what
/// follows says to install them as well.
fn replaced_in(text: &str) -> impl Iterator<Item = &str> {
    let mut kept: BTreeSet<&str> = BTreeSet::new();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let is_row_of_replaced = is_row_of_replaced(text);
    for sentence in text.split_inclusive(". ").flat_map(|part| part.split_inclusive('\u{3002}')) {
        let is_kept = !is_row_of_replaced && vocabulary::find(Kind::Keeps, &vocabulary::lower(sentence)).is_some();
        for id in BULLETIN.find_iter(sentence).map(|id| id.as_str()) {
            if !is_kept && !kept.contains(id) {
                named.insert(id);
            } else if !named.contains(id) {
                kept.insert(id);
            }
        }
    }
    named.into_iter()
}
