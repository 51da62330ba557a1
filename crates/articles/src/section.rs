//! Tables of a security bulletin: the heading that binds one, the update whose package brings its files, the language of
//! the build that it lists, and the processor. Headings stand in any language; products and processors are Latin.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::binding::Binding;
use super::cells;
use super::document::{Document, Line};
use super::found::Placed;
use super::heading::PRODUCT;
use super::vocabulary::{self, Kind, pattern};
use hotfixcheck_types::{KbId, Machine};

/// How far above a table its headings and packages are looked for, in lines.
const MAX_ABOVE: usize = 1_500;
/// The longest heading, in bytes: some list a dozen editions, in three bytes a character.
const MAX_HEADING: usize = 1_600;

/// The id of an update, as package names and registry keys have it.
static UPDATE: LazyLock<Regex> = pattern!(r"(?-u:\b)(?:KB|kb|Kb)([0-9]{6,7})(?-u:\b)");

/// What stands above a table in line `at` of a bulletin.
pub(crate) fn binding(document: &Document<'_>, at: usize) -> Binding {
    let lines = &document.lines;
    let mut binding = Binding::default();
    let floor = at.saturating_sub(MAX_ABOVE);
    let mut start = floor;
    let mut directly = true;
    let mut announced = false;
    for i in (floor..at).rev() {
        let line = &lines[i];
        let text = line.trimmed();
        if text.is_empty() || text.starts_with(['|', '<']) || super::columns::is_ruler(text) {
            continue;
        }
        let marked = (1..=6).contains(&line.heading);
        let lower = text.to_lowercase();
        if !announced && vocabulary::find(Kind::Announces, &lower).is_some() {
            announced = true;
            binding.build = vocabulary::find(Kind::Build, &lower).map(|(_, language)| language.to_owned());
            binding.utc = lower.contains("utc");
        } else if binding.section.is_empty() && is_section(text, marked, directly) {
            binding.section = section_text(text).to_owned();
        }
        directly = false;
        if marked && line.heading >= 3 && PRODUCT.is_match(text.as_bytes()) {
            start = i;
            break;
        }
    }
    binding.platform = machine_of(&binding.section).map(|(word, _)| word.to_owned());
    binding.kb = update_of(&lines[start..at], &binding.section);
    binding
}

/// True for a line that binds the table below it.
fn is_section(text: &str, marked: bool, directly: bool) -> bool {
    let ends = text.ends_with([':', '\u{ff1a}']);
    let sentence = text.ends_with(['.', '\u{3002}', '!', '?']) && !ends;
    (2..=MAX_HEADING).contains(&text.len())
        && !sentence
        && (marked || ends || directly)
        && PRODUCT.is_match(text.as_bytes())
        && !text.contains("KB") | text.contains(' ')
        && !text.starts_with("HKEY")
        && !text.contains("://")
}

/// A heading without the colon at its end.
fn section_text(text: &str) -> &str {
    text.trim().trim_end_matches([':', '\u{ff1a}', ' ']).trim_end()
}

/// The update whose package the part of a table names: the one right after the same heading, or the only one.
fn update_of(part: &[Line<'_>], section: &str) -> Option<KbId> {
    let plain =
        |text: &str| text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '\u{ff1a}')).collect::<String>();
    let wanted = plain(section);
    let mut same_heading: HashSet<KbId> = HashSet::new();
    let mut all: Vec<KbId> = Vec::new();
    let mut below = false;
    for line in part {
        let text = line.trimmed();
        if text.is_empty()
            || !text.contains("KB") && !text.contains("kb") && (wanted.is_empty() || text.len() < section.len() / 2)
        {
            continue;
        }
        let squeezed = plain(text);
        let stands = (!wanted.is_empty()).then(|| squeezed.find(&wanted)).flatten();
        let mut here = false;
        for found in UPDATE.captures_iter(text) {
            let (Some(place), Some(id)) = (found.get(0), found.get(1).and_then(|id| id.as_str().parse().ok())) else {
                continue;
            };
            if text[..place.start()].ends_with('/') {
                continue;
            }
            all.push(id);
            here = true;
            let after = stands
                .is_some_and(|at| squeezed[at + wanted.len()..].to_uppercase().contains(&format!("KB{}", id.number())));
            let first_after = stands.is_some_and(|at| {
                UPDATE.captures(&squeezed[at + wanted.len()..]).and_then(|c| c.get(1)?.as_str().parse().ok())
                    == Some(id)
            });
            if below && stands.is_none() || after && first_after {
                same_heading.insert(id);
            }
        }
        below = stands.is_some() && !here;
    }
    only(same_heading.into_iter()).or_else(|| only(all.into_iter()))
}

/// The one id of several mentions, if it is one.
fn only(mut ids: impl Iterator<Item = KbId>) -> Option<KbId> {
    let first = ids.next()?;
    ids.all(|id| id == first).then_some(first)
}

/// Words of headings that name a processor.
static MACHINES: LazyLock<Regex> = pattern!(
    r"(?i)(?-u:\b)(?:x64|amd64|x86|itanium|ia-?64|32-? ?bit|64-? ?bit edition|64-? ?bit enterprise|64-? ?bit datacenter|64-? ?bit)|\x{ff58}64"
);

/// Where one system of a heading ends and the next begins.
static NEXT_SYSTEM: LazyLock<Regex> = pattern!(
    r"(?:[,;\x{3001}\x{ff0c}\x{ff1b}]| and | und | e | et | y |\x{304a}\x{3088}\x{3073}|\x{53ca}|\x{548c}|\x{3001}) *(?:Microsoft )?(?:Windows|Office|Internet Explorer)"
);

/// The one processor that a heading names for every system in it: its word and the processor. A heading of several systems
/// of which one is for x64 forces it on none.
pub(crate) fn machine_of(heading: &str) -> Option<(&'static str, Machine)> {
    let mut starts: Vec<usize> = vec![0];
    starts.extend(NEXT_SYSTEM.find_iter(heading).map(|next| next.start()));
    let ends = starts.iter().skip(1).copied().chain([heading.len()]);
    let mut machine: Option<(&'static str, Machine)> = None;
    for (start, end) in starts.iter().copied().zip(ends) {
        let mut own: Option<(&'static str, Machine)> = None;
        for word in MACHINES.find_iter(&heading[start..end]) {
            let found = word_machine(word.as_str());
            if own.is_some_and(|known| known.1 != found.1) {
                return None;
            }
            own = Some(found);
        }
        let own = own?;
        if machine.is_some_and(|known| known.1 != own.1) {
            return None;
        }
        machine = Some(own);
    }
    machine
}

fn word_machine(word: &str) -> (&'static str, Machine) {
    let lower = word.to_ascii_lowercase();
    if lower.starts_with("32") || lower == "x86" {
        ("x86", Machine::I386)
    } else if lower.ends_with("x64") || lower == "amd64" || lower.ends_with('4') && !lower.starts_with("ia") {
        ("x64", Machine::X64)
    } else {
        // `64-Bit Edition` of Windows XP and Server 2003 is for Itanium: x64 came later, under its own name.
        ("IA-64", Machine::Ia64)
    }
}

/// Tells the 32-bit files of a 64-bit package among the rows of one table, and gives them their names on disk: the package
/// puts a W before them.
pub(crate) fn settle_wow(rows: &mut [Placed], bulletin: bool) {
    let machine = |placed: &Placed| placed.row.platform.as_deref().and_then(Machine::from_platform_text);
    let of_64_bit = |machine: Option<Machine>| machine.is_some_and(Machine::is_64_bit);
    let heading_64 = rows
        .first()
        .and_then(|placed| placed.binding.platform.as_deref())
        .is_some_and(|platform| of_64_bit(Machine::from_platform_text(platform)));
    let among_64 = heading_64 || rows.iter().any(|placed| of_64_bit(machine(placed)));
    if bulletin && among_64 {
        for placed in rows.iter_mut().filter(|placed| machine(placed) == Some(Machine::I386)) {
            placed.row.wow = true;
        }
    }
    if !rows.iter().any(|placed| placed.row.wow) {
        return;
    }
    let native: HashSet<String> =
        rows.iter().filter(|placed| !placed.row.wow).map(|placed| placed.row.file.to_ascii_lowercase()).collect();
    let all_with_w = rows.iter().filter(|placed| placed.row.wow).all(|placed| placed.row.file.starts_with(['w', 'W']));
    for placed in rows.iter_mut().filter(|placed| placed.row.wow) {
        placed.row.platform.get_or_insert_with(|| "x86".to_owned());
        let Some(rest) = placed.row.file.strip_prefix(['w', 'W']).filter(|rest| cells::is_file_name(rest)) else {
            continue;
        };
        let added = native.contains(&rest.to_ascii_lowercase())
            || all_with_w && !native.contains(&placed.row.file.to_ascii_lowercase());
        if added {
            placed.row.file = rest.to_owned();
        }
    }
}
