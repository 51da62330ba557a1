//! Tables of a security bulletin: the heading that binds one, the update whose package brings its files, the language
//! of the build that it lists, and the processor. Headings are in any language; products and processors are in Latin
//! letters.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::beside::beside;
use super::binding::Binding;
use super::captions::is_caption;
use super::document::{Document, LEAD_IN, Line};
use super::exception::Clauses;
use super::folder::folder_cell;
use super::heading::{PRODUCT, is_command, machine_word, says_file_information};
use super::language::edition;
use super::listed_updates::{self, ListedUpdates};
use super::names;
use super::no_fix;
use super::update_ids;
use super::update_ids::only;
use super::updates::{Named, NamedUpdates, update_below, update_of};
use super::vocabulary::{self, Kind, pattern};
use hotfixcheck_types::{KbId, Machine};

/// How far above a table its headings and packages may be, in lines.
const MAX_ABOVE: usize = 1_000;
/// The longest heading, in bytes: some list a dozen editions, at three bytes per character.
const MAX_HEADING: usize = 1_600;

/// The facts above a table at line `at` of a bulletin; `named` are the updates that its lines name.
pub(crate) fn binding(document: &Document<'_>, at: usize, named: &NamedUpdates) -> Binding {
    let lines = &document.lines;
    let mut binding = Binding { bulletin: true, ..Binding::default() };
    let floor = at.saturating_sub(MAX_ABOVE);
    let mut start = None;
    let mut directly = true;
    let mut announced = false;
    // How many lines of text above the announcement have been passed, and an unmarked heading beyond them. That heading
    // counts if no marked one is found (MS03-047), because such lines also introduce commands (MS03-050).
    let mut passed = 0;
    let mut far = None;
    // The line of the section, or of the nearest heading that was passed.
    let mut heading = at;
    for i in (floor..at).rev() {
        let line = &lines[i];
        let text = line.trimmed();
        if text.is_empty() || text.starts_with(['|', '<']) || super::columns::is_ruler(text) {
            continue;
        }
        // So may a line that says which files of the product these are (MS04-028).
        if line.heading == 0 && directly && names_section(text) && (is_caption(text) || no_fix::heads_rows(text)) {
            continue;
        }
        // A command above a table may be between the table and its heading.
        if line.heading == 0 && text.len() <= MAX_SHORT && is_command(text) && !names_section(text) {
            continue;
        }
        let marked = (1..=6).contains(&line.heading);
        let lower = document.lower.get(i).unwrap_or_default();
        if document.lower.announces(i) || lower.contains("file attributes") {
            announced = true;
            binding.build = vocabulary::find(Kind::Build, lower).map(|(_, language)| language.to_owned());
            binding.utc = lower.contains("utc");
            if start.is_some() {
                break;
            }
        } else if let Some((Some(branch), _)) = folder_cell(text.trim_matches(['*', ':'])) {
            if binding.section.is_empty() && start.is_none() {
                binding.branch.get_or_insert_with(|| branch.into_owned());
            }
            continue;
        } else if binding.section.is_empty()
            && (marked && line.heading >= 3 || !announced && !marked || announced && is_short_heading(text))
            && (is_section(text, marked, directly) || directly && !marked && names_component(document, text))
        {
            if !marked && announced && passed > MAX_PASSED {
                far.get_or_insert(text);
            } else {
                binding.section = section_text(text).to_owned();
                heading = i;
            }
        }
        passed += usize::from(announced);
        directly = false;
        if start.is_none() && marked && line.heading >= 3 && names_product(text) {
            start = Some(i);
        }
        // The sentence that announces the files of several products is above the first of them.
        if start.is_some_and(|start| announced || start - i > MAX_BEYOND) {
            break;
        }
    }
    if let Some(text) = far.filter(|_| binding.section.is_empty()) {
        binding.section = section_text(text).to_owned();
    }
    binding.language = edition_of(document, &binding.section, binding.build.as_deref());
    // A heading states the build of its own table, whatever the sentence above several tables says (MS03-045 ja-jp).
    // Rows of another language than English have it as their language, too; there the sentence counts (MS07-049 zh-tw).
    let is_own = |language: &&str| *language == "English" || binding.build.is_none();
    if let Some(language) = bracketed_edition(&binding.section).filter(is_own) {
        binding.build = Some(language.to_owned());
    }
    // The nearest heading states the processor if it can: `RTMQFE-X86` below a heading of 64-bit systems (MS04-004).
    let nearest = machine_of(&binding.section);
    if !binding.section.is_empty() {
        beside_outer(&mut binding.section, lines, floor, heading);
    }
    binding.platform = nearest.or_else(|| machine_of(&binding.section)).map(|(word, _)| word.to_owned());
    let start = start.unwrap_or(floor);
    // The links are in the order of their lines.
    let links = &document.linked_updates;
    let place = |index: usize| links.partition_point(|link| link.line < lines.get(index).map_or(0, |l| l.number));
    let links = &links[place(start)..place(at)];
    let linked: Vec<KbId> = links.iter().map(|link| link.id).collect();
    let in_part = update_of(&named.all, start..at, &linked, &binding.section);
    let labelled = || ListedUpdates::of_links(links.iter().map(|link| (link.label, link.id)));
    binding.kb = match named.listed.update_of(&binding.section) {
        Some(listed)
            if in_part.is_none_or(|own| {
                own == listed || !counts(document, named, &linked, start..at, own, &binding.section)
            }) =>
        {
            Some(listed)
        }
        Some(_) => in_part,
        None => labelled().update_of(&binding.section).or(in_part),
    }
    .or_else(|| {
        lines.get(start).filter(|line| line.heading > 0).and_then(|line| update_ids::bracketed_id(line.trimmed()))
    })
    .or_else(|| below(document, named, start, at, &binding.section));
    // The registry key of an update is below the files, and is right even if a package is misprinted (MS06-013).
    if binding.kb != document.headline
        && only(registry_below(document, at, &named.all)).is_some_and(|id| Some(id) == document.headline)
    {
        binding.kb = document.headline;
    }
    binding
}

/// The update that the part of the page that begins at line `start` names below the table at line `at`. A package there of another
/// product shows that a heading is missing.
fn below(document: &Document<'_>, named: &NamedUpdates, start: usize, at: usize, section: &str) -> Option<KbId> {
    let lines = &document.lines;
    let level = lines.get(start).map(|line| line.heading).filter(|level| (3..=6).contains(level))?;
    let ends =
        |line: &Line<'_>| (1..level).contains(&line.heading) || line.heading == level && begins_part(line.trimmed());
    let most = lines.len().min(at + MAX_ABOVE);
    let end = (at..most).find(|i| ends(&lines[*i]))?;
    let number = |index: usize| lines.get(index).map_or(0, |line| line.number);
    let links = document.linked_updates.iter().filter(|link| (number(at)..number(end)).contains(&link.line));
    let linked: Vec<KbId> = links.map(|link| link.id).collect();
    update_below(&named.all, start..end, &linked, section)
}

/// True for a marked heading of a product's part.
fn begins_part(text: &str) -> bool {
    names_product(text) || names_program(text)
}

/// True for a text that names a program by its whole name: `Picture It! Express 2002`.
fn names_program(text: &str) -> bool {
    names::named(text).programs().next().is_some()
}

/// True if the update that the lines `part` name counts, although the list of affected software gives the section's product
/// another one.
fn counts(
    document: &Document<'_>,
    named: &NamedUpdates,
    linked: &[KbId],
    part: Range<usize>,
    update: KbId,
    section: &str,
) -> bool {
    let packages = || named.all.iter().filter(|n| part.contains(&n.line)).map(|n| n.id);
    // A package of the page's own update: `NDP20-KB917283-x86.exe`, listed as KB922481, which contains it (MS06-033).
    if document.headline == Some(update) && packages().any(|id| id == update) {
        return true;
    }
    // A whole Office below another program: the files of Learning Essentials for Office 2003 (MS07-013). A heading of
    // another release than its part is a misprint (MS06-003 ja-jp).
    let heading = document.lines.get(part.start).map_or("", |line| line.trimmed());
    let all = || packages().chain(linked.iter().copied());
    listed_updates::is_whole_office(section) && only(all()).is_some()
        || listed_updates::are_two_releases(heading, section)
}

/// Adds the facts of the marked headings around line `at` that the section does not state.
fn beside_outer(section: &mut String, lines: &[Line<'_>], floor: usize, at: usize) {
    let mut level = if (1..=6).contains(&lines[at].heading) { lines[at].heading } else { LEAD_IN };
    // True below "File information": the heading of its product has the same level on some pages (MS09-037 ja-jp).
    let mut below_files = false;
    for line in lines[floor..at].iter().rev() {
        let of_product = below_files && line.heading == level;
        if of_product && !names::named(line.trimmed()).kinds().system {
            below_files = false;
        } else if of_product || (1..level).contains(&line.heading) {
            below_files = !of_product && says_file_information(line.trimmed());
            level = line.heading;
            // The parts of a page name all of its products.
            if level < 3 {
                return;
            }
            if let Some(both) = beside(section_text(line.trimmed()), section) {
                *section = both;
            }
        }
    }
}

/// The language of the edition that a heading is for. On a page that lists builds of this same language it counts only
/// if the page has the heading without the language, too: `Virtual Server 2005 Standard Edition
/// \u{65e5}\u{672c}\u{8a9e}\u{7248} (32-bit)` (MS07-049).
fn edition_of(document: &Document<'_>, section: &str, build: Option<&str>) -> Option<String> {
    let (language, place) = edition(section)?;
    let is_own = build == Some(language);
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let without = bare(&format!("{}{}", &section[..place.start], &section[place.end..]));
    let has_other = || document.lines.iter().any(|line| bare(section_text(&line.text)) == without);
    (!is_own || has_other()).then(|| language.to_owned())
}

/// The language of the edition that stands in brackets at the end of a heading: `Outlook 2002\u{ff08}英文版\u{ff09}`.
fn bracketed_edition(section: &str) -> Option<&'static str> {
    let (language, place) = edition(section)?;
    let open = section[..place.start].trim_end().ends_with(['(', '\u{ff08}']);
    let closed = section[place.end..].trim_start().starts_with([')', '\u{ff09}']);
    (open && closed).then_some(language)
}

/// How far above the heading of a product the announcement of its files may be, in lines.
const MAX_BEYOND: usize = 200;

/// Products of bulletins, in addition to those of all articles.
static MORE_PRODUCTS: LazyLock<Regex> = pattern!(
    r"(?i)(?-u:\b)(?:project|publisher|visio|works|frontpage|infopath|onenote|sharepoint|directx|messenger|media|biztalk|virtual|xp [0-9]{4}|xml|silverlight|forefront|isa|framework|groove|viewer|converter|converters|expression|snapshot|sdk|redistributable)(?-u:\b)"
);

/// Service packs without a number: `Disponibilità nei service pack futuri` states when a fix will come, not for which
/// product.
static SOME_PACK: LazyLock<Regex> = pattern!(r"(?i)service packs?(?-u:\b)(?: ?[^ 0-9]|$)");

/// True for a text that names a product.
pub(crate) fn names_product(text: &str) -> bool {
    let text = SOME_PACK.replace_all(text, " ");
    PRODUCT.is_match(text.as_bytes()) || MORE_PRODUCTS.is_match(&text)
}

/// True for a line that binds the table below it.
fn is_section(text: &str, marked: bool, directly: bool) -> bool {
    let ends = text.ends_with([':', '\u{ff1a}']);
    let sentence = text.ends_with(['.', '\u{3002}', '!', '?']) && !ends;
    let step = text.split_once(". ").is_some_and(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()));
    (2..=MAX_HEADING).contains(&text.len())
        && !sentence
        && !step
        && (marked || ends || directly)
        && (names_product(text) || directly && (ends && text.len() <= MAX_SHORT || names_program(text)))
        && !text.starts_with("HKEY")
        && !lists_products(text)
        && !text.contains("://")
}

/// True for a line right above a table that is a component of which the page's headings or lists give the name:
/// `Step-by-Step Interactive Training`, which has none of the known words (MS05-031).
fn names_component(document: &Document<'_>, text: &str) -> bool {
    let text = section_text(text);
    let names = |line: &Line<'_>| {
        let own = line.trimmed();
        let item = own.strip_prefix("- ").map(str::trim_start);
        item.or(Some(own).filter(|_| (3..=6).contains(&line.heading)))
            .and_then(|own| own.strip_prefix(text))
            .is_some_and(|rest| rest.starts_with(" (") || rest.starts_with(" - ") || rest.starts_with(" \u{2013} "))
    };
    (8..=MAX_SHORT).contains(&text.len()) && document.lines.iter().any(names)
}

/// True for a heading above the list of a bulletin's products: `Getestete Microsoft Windows-Komponenten:` (MS05-031).
fn lists_products(text: &str) -> bool {
    let lower = vocabulary::lower(text);
    let words = section_text(&lower).trim_matches(['*', ' ']);
    vocabulary::find(Kind::Tested, &lower).is_some()
        || [Kind::Affected, Kind::Unaffected].into_iter().any(|kind| vocabulary::meaning(kind, words).is_some())
}

/// True for a line with a colon at its end: it introduces what is below it, whatever its words.
fn names_section(text: &str) -> bool {
    text.ends_with([':', '\u{ff1a}'])
}

/// True for a line above the announcement that is an unmarked heading.
fn is_short_heading(text: &str) -> bool {
    text.len() <= MAX_SHORT
        && text.ends_with([':', '\u{ff1a}'])
        && machine_of(text).is_none()
        && !text.contains([',', '\u{3001}'])
}

/// How many lines of text may be between an announcement and an unmarked heading above it.
const MAX_PASSED: usize = 2;

/// The longest line right above a table that binds it although it names no known product, in bytes.
const MAX_SHORT: usize = 90;

/// A heading without the colon at its end.
fn section_text(text: &str) -> &str {
    text.trim().trim_end_matches([':', '\u{ff1a}', ' ']).trim_end()
}

/// The updates whose registry keys are below a table and above the next one, in the same part of the page.
fn registry_below<'n>(document: &Document<'_>, at: usize, named: &'n [Named]) -> impl Iterator<Item = KbId> + 'n {
    let lines = &document.lines;
    let is_row = |line: &Line<'_>| line.text.trim_start().starts_with('|');
    let below = at + lines[at..].iter().take_while(|line| is_row(line)).count();
    let next = |i: &usize| {
        let line = &lines[*i];
        is_row(line) || (3..=6).contains(&line.heading) && names_product(line.trimmed())
    };
    let most = lines.len().min(below + MAX_REGISTRY);
    let end = (below..most).find(next).unwrap_or(most);
    let from = named.partition_point(|n| n.line < at);
    named[from..].iter().take_while(move |n| n.line < end).filter(|n| n.registry).map(|n| n.id)
}

/// How far below a table the registry key of its update may be, in lines.
const MAX_REGISTRY: usize = 100;

/// Words of headings that name a processor.
static MACHINES: LazyLock<Regex> = pattern!(
    r"(?i)(?-u:\b)(?:x64|amd64|arm64|x86|itanium|ia-?64|windows rt|32-? ?bit|64-? ?bit edition|64-? ?bit enterprise|64-? ?bit datacenter|64-? ?bit|(?:32|64)[ \x{a0}\x{3000}-]*(?:\x{30d3}\x{30c3}\x{30c8}|\x{be44}\x{d2b8}|\x{4f4d}))|(?:\x{ff13}\x{ff12}|\x{ff16}\x{ff14}) ?(?:\x{30d3}\x{30c3}\x{30c8}|\x{be44}\x{d2b8}|\x{4f4d})|\x{ff58}64"
);

/// The boundary between two systems of a heading.
static NEXT_SYSTEM: LazyLock<Regex> = pattern!(
    r"(?:[,;\x{3001}\x{ff0c}\x{ff1b}]| and | und | e | et | y |\x{304a}\x{3088}\x{3073}|\x{53ca}|\x{548c}|\x{3001}) *(?:Microsoft )?(?:Windows|Office|Internet Explorer)"
);

/// The position of the first system of a heading, or of the first Office where none is named.
fn first_system(heading: &str) -> Option<usize> {
    heading.find("Windows").or_else(|| heading.find("Office"))
}

/// A processor after a list of systems that is said to be that of all of them: `所有受支持的 32 位版本`. Without "all" it may be only that of
/// the last system.
static AFTER_ALL: LazyLock<Regex> = pattern!(
    r"(?:\x{6240}\x{6709}|\x{3059}\x{3079}\x{3066}|\x{baa8}\x{b4e0})[^,\x{3001}]{0,20}(?:\x{306e}|\x{c758}|\x{7684}) ?(?:x64|x86|Itanium|(?:32|64)[ \x{a0}-]*(?:[Bb]it|\x{30d3}\x{30c3}\x{30c8}|\x{be44}\x{d2b8}|\x{4f4d}))"
);

/// The one processor that a heading names for every system in it: its word and the processor. If only one of several
/// systems of a heading is for x64, the heading gives no processor.
pub(crate) fn machine_of(heading: &str) -> Option<(&'static str, Machine)> {
    if !MACHINES.is_match(heading) && closing_machine(heading).is_none() {
        return None;
    }
    // The table is not for a processor that the heading excludes.
    let clauses = Clauses::of(heading);
    let heading = if clauses.excepted.is_empty() { heading } else { &*clauses.named };
    let mut starts: Vec<usize> = vec![0];
    starts.extend(NEXT_SYSTEM.find_iter(heading).map(|next| next.start()));
    let ends = starts.iter().skip(1).copied().chain([heading.len()]);
    let mut machine: Option<(&'static str, Machine)> = None;
    let mut said_before = false;
    // Chinese, Japanese and Korean may state it once behind all of them.
    let last = starts.last().copied().unwrap_or_default();
    if let Some(of_all) = AFTER_ALL.find(&heading[last..]).filter(|_| last > 0 && !MACHINES.is_match(&heading[..last]))
    {
        return MACHINES.find(of_all.as_str()).and_then(|word| word_machine(word.as_str(), heading));
    }
    for (start, end) in starts.iter().copied().zip(ends) {
        let mut own: Option<(&'static str, Machine)> = None;
        for word in MACHINES.find_iter(&heading[start..end]) {
            let found = word_machine(word.as_str(), heading)?;
            said_before |= start == 0 && first_system(&heading[..end]).is_some_and(|system| word.start() < system);
            if own.is_some_and(|known| known.1 != found.1) {
                return None;
            }
            own = Some(found);
        }
        let own = own.or_else(|| closing_machine(&heading[start..end]));
        // `サポートされているすべての 32-bit エディションの Windows Vista および Windows Vista Service Pack 1`: stated once, before all of
        // them (MS09-062).
        let own = own.or(machine.filter(|_| said_before))?;
        if machine.is_some_and(|known| known.1 != own.1) {
            return None;
        }
        machine = Some(own);
    }
    machine
}

/// The processor after the only system of a heading: `Windows NT 4.0 (Alpha)`, `Windows NT 4.0, Intel`, `Windows NT 4.0
/// MIPS`.
fn closing_machine(heading: &str) -> Option<(&'static str, Machine)> {
    let word = machine_word(heading)?;
    let rest = heading.trim_end_matches([')', ']', ' ', ':', ',']);
    let system = rest.strip_suffix(word)?;
    let is_apart = system.trim_end().ends_with(|c: char| matches!(c, '(' | '[' | ',') || c.is_ascii_digit());
    if !is_apart || !system.contains("Windows") {
        return None;
    }
    let machine = Machine::from_platform_word(word)?;
    let word = match machine {
        Machine::I386 => "x86",
        Machine::Alpha => "Alpha",
        Machine::Mips => "MIPS",
        Machine::Ppc => "PPC",
        Machine::Arm => "ARM",
        _ => return None,
    };
    Some((word, machine))
}

/// The processor of a word in a heading. `64-bit` is Itanium for Windows XP and Server 2003, whose x64 editions came
/// later under that name, and x64 from Windows Vista on.
fn word_machine(word: &str, heading: &str) -> Option<(&'static str, Machine)> {
    let lower = word.to_ascii_lowercase();
    if lower.starts_with("64") || lower.starts_with('\u{ff16}') {
        let names = |products: &[&str]| products.iter().any(|product| heading.contains(product));
        return match (
            names(&["XP", "2003", "SQL Server 2000"]),
            names(&["Vista", "Windows 7", "2008", "Windows 8", "2012", "Windows 1"]),
        ) {
            (true, false) => Some(("IA-64", Machine::Ia64)),
            (false, true) => Some(("x64", Machine::X64)),
            _ => None,
        };
    }
    Some(if lower.starts_with("32") || lower.starts_with('\u{ff13}') || lower == "x86" {
        ("x86", Machine::I386)
    } else if lower.ends_with("x64") || lower == "amd64" || lower == "\u{ff58}64" {
        ("x64", Machine::X64)
    } else if lower.starts_with("arm") {
        ("arm64", Machine::Arm64)
    } else if lower.ends_with(" rt") {
        // Windows RT runs only on ARM.
        ("ARM", Machine::Arm)
    } else {
        ("IA-64", Machine::Ia64)
    })
}
