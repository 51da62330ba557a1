//! Which product, component, language or platform the text above a table or list binds it to.

use super::announced_product;
use super::beside::{beside, names_processor, names_product};
use super::captions;
use super::cells;
use super::columns::is_ruler;
use super::document::{Document, LEAD_IN, Line};
use super::file_sentences;
use super::folder::branch_heading;
use super::heading::{
    PRODUCT, has_fact, heading_text, is_command, is_generic, is_heading, is_top_heading, is_wrapped_heading,
    machine_word, pack_of_systems,
};
use super::language::{edition, foreign_language_of, is_language, language_of, names_language, version_words};

use hotfixcheck_types::KbId;

/// The most lines of a paragraph that is read as a whole; longer ones are data.
const MAX_PARAGRAPH: usize = 100;
/// How far above a table the heading of its part of the section may be, in lines.
const MAX_HEADING_ABOVE: usize = 80;
/// The same, including the tables between them.
const MAX_TABLES_ABOVE: usize = 1_000;

/// What the text above a table says about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Binding {
    pub section: String,
    pub language: Option<String>,
    pub platform: Option<String>,
    /// The update of which a bulletin lists the files.
    pub kb: Option<KbId>,
    /// The service branch that a heading names.
    pub branch: Option<String>,
    /// The service pack of the systems that a heading is for.
    pub pack: Option<String>,
    /// True for a table of a bulletin.
    pub bulletin: bool,
    /// The language of the build that a bulletin lists.
    pub build: Option<String>,
    /// True if a bulletin says that its dates and times are in UTC.
    pub utc: bool,
}

impl Binding {
    /// The same for a row whose column is for a product, too: `Version (Windows 2000)`.
    pub(crate) fn with(&self, product: Option<&str>) -> Self {
        let mut binding = self.clone();
        if let Some(product) = product.filter(|product| !binding.section.contains(product)) {
            // A heading for another product of this kind is not that of the column (Q233476).
            if beside(&binding.section, product).is_none() {
                binding.section.clear();
            }
            if !binding.section.is_empty() {
                binding.section.push_str(", ");
            }
            binding.section.push_str(product);
        }
        binding
    }

    /// The same for rows below a heading inside the table. Facts that this heading does not state come from the text
    /// above the table.
    pub(crate) fn inside(&self, heading: &str) -> Self {
        // What a caption says is the same for every product (MS04-028 de-de).
        if self.bulletin && captions::is_caption(heading) {
            return self.clone();
        }
        let mut inner = Self { kb: self.kb, bulletin: self.bulletin, utc: self.utc, ..Self::default() };
        take_heading(&mut inner, heading);
        inner.build.clone_from(&self.build);
        inner.language = inner.language.or_else(|| self.language.clone());
        inner.branch = inner.branch.or_else(|| self.branch.clone());
        inner.pack = inner.pack.or_else(|| self.pack.clone());
        if inner.section.is_empty() {
            inner.section.clone_from(&self.section);
        } else if let Some(both) = beside(&self.section, &inner.section) {
            inner.section = both;
        }
        inner
    }
}

/// The heading, language and platform for a table at line `at`, from the text above it.
pub(crate) fn binding(document: &Document<'_>, at: usize) -> Binding {
    let inner = document.outline.parts(at).next();
    let (mut binding, directly) = lines_above(document, inner.map_or(0, |part| part.heading + 1), at);
    if inner.is_some() {
        take_parts(&mut binding, document, at, directly);
    }
    if binding.section.is_empty() {
        let paragraph = paragraph_above(&document.lines, inner.map_or(0, |part| part.heading + 1), at);
        binding.section = announced_product::of(&document.lines, paragraph).unwrap_or_default();
    }
    binding
}

/// The facts from the lines `floor` to `at`, and whether no text is among these lines.
fn lines_above(document: &Document<'_>, floor: usize, at: usize) -> (Binding, bool) {
    let lines = &document.lines;
    let mut binding = Binding::default();
    let mut i = at;
    let mut first = true;
    // Whether all text passed so far announces the attributes of the files: a name above it is a heading.
    let mut only_announced = true;
    let mut read = 0;
    // Whether a sentence has named the language.
    let mut said = false;
    // The first line of the last paragraph read.
    let mut heading = at;
    // The indentation of the text read so far, if there is any.
    let mut passed: Option<usize> = None;
    while i > floor && read < MAX_HEADING_ABOVE {
        let (start, end) = paragraph_above(lines, floor, i);
        if start == end || is_top_heading(lines, end - 1) || is_top_heading(lines, start) {
            break;
        }
        read += i - start;
        // A command in a fence is not a heading; a line inside the table's own fence may be one.
        if lines[end - 1].code && !(lines[at].code && lines[start..at].iter().all(|l| l.code)) {
            i = start;
            first = false;
            continue;
        }
        // A command outside a fence is not a heading either, and may be between a table and its heading.
        if end - start == 1 && lines[start].heading == 0 && is_command(lines[start].trimmed()) {
            i = start;
            continue;
        }
        let rest: Vec<&str> = lines[start..end].iter().map(Line::trimmed).filter(|l| !is_ruler(l)).collect();
        let underlined = is_ruler(lines[end - 1].trimmed()) && end - start == 2;
        i = start;
        if !binding.section.is_empty() {
            // Only the paragraph right above the heading may still name the language (Q229631).
            take_sentence(&mut binding, &mut said, &rest.join(" "));
            break;
        }
        heading = start;
        // If headings are marked, a line above another table and above text belongs to that other table.
        if !document.outline.is_empty() && rest.first().is_some_and(|l| l.starts_with('|')) {
            if passed.is_some() {
                break;
            }
            first = false;
            continue;
        }
        if lines[start].heading == LEAD_IN {
            if passed.is_none_or(|indent| indent > indentation(&lines[start])) {
                take_heading(&mut binding, &rest.join(" "));
            }
            first = false;
            continue;
        }
        if (2..=3).contains(&rest.len()) && is_wrapped_heading(&rest) {
            take_heading(&mut binding, &rest.join(" "));
            first = false;
            continue;
        }
        let indent = lines[start..end].iter().map(indentation).min().unwrap_or_default();
        let [only] = rest.as_slice() else {
            passed = Some(passed.map_or(indent, |p| p.min(indent)));
            take_sentence(&mut binding, &mut said, &rest.join(" "));
            // A heading may follow a line that ends a sentence, or a row (836769). After any other line it is the rest
            // of a wrapped sentence (Q154434).
            if first
                && let [.., before, last] = rest.as_slice()
                && (before.ends_with(['.', ':']) || has_fact(before))
                && is_heading(last)
            {
                // `Windows Server 2003:` right above `Client:`.
                let outer = Some(before).filter(|before| is_heading(before) && names_product(before));
                if outer.is_some() || PRODUCT.is_match(last.as_bytes()) {
                    take_heading(&mut binding, last);
                    let both = outer.and_then(|outer| beside(outer, &binding.section));
                    binding.section = both.unwrap_or(binding.section);
                }
            }
            if first && let Some(named) = file_sentences::products(&rest.join(" ")) {
                take_heading(&mut binding, named);
            }
            first = false;
            only_announced &= announces_attributes(&rest.join(" "));
            continue;
        };
        take_sentence(&mut binding, &mut said, only);
        // "Other versions" ends the part of the product above it, and names none.
        let is_of_others = underlined && only.starts_with("Other ");
        let is_named = is_of_others || PRODUCT.is_match(only.as_bytes()) && (underlined || only.len() < 60);
        if is_heading(only) && (first || is_named) {
            take_heading(&mut binding, only);
        } else if let Some(named) = file_sentences::products(only).filter(|_| first || only_announced) {
            take_heading(&mut binding, named);
        } else {
            passed = Some(passed.map_or(indent, |p| p.min(indent)));
            only_announced &= announces_attributes(only);
        }
        first = false;
        if !binding.section.is_empty() && binding.language.is_some() {
            break;
        }
    }
    if !binding.section.is_empty() && !names_product(&binding.section) {
        let both = product_above(document, floor, heading, &binding.section);
        binding.section = both.unwrap_or(binding.section);
    }
    (binding, passed.is_none())
}

/// True for a sentence that announces the attributes of files.
fn announces_attributes(text: &str) -> bool {
    text.contains("attributes") || text.contains("or later") || text.contains("time stamp")
}

/// Takes the language and the processor that a sentence states for the fix; the sentence nearest to the table counts.
fn take_sentence(binding: &mut Binding, said: &mut bool, text: &str) {
    let stated = || language_of(text).or_else(|| foreign_language_of(text));
    if let (None, false, Some(language)) = (&binding.language, *said, stated()) {
        binding.language = language;
        *said = true;
    }
    if binding.platform.is_none() {
        // "The English-language, Intel version of this fix" (Q276591)
        binding.platform = version_words(text).and_then(machine_word).map(str::to_owned);
    }
}

/// Combines the heading `section` in line `at`, which names no product, with the nearest one above it that does. Only
/// indentation and underlines show the levels here. Of two underlined headings neither is inside the other, unless
/// nothing is between them.
fn product_above(document: &Document<'_>, floor: usize, at: usize, section: &str) -> Option<String> {
    let lines = &document.lines;
    let is_underlined = |at: usize| lines.get(at + 1).is_some_and(|line| is_ruler(line.trimmed()));
    let (mut i, mut read) = (at, 0);
    let mut said = false;
    while i > floor && read < MAX_HEADING_ABOVE && at - i < MAX_TABLES_ABOVE {
        let (start, end) = paragraph_above(lines, floor, i);
        if start == end || is_top_heading(lines, end - 1) || is_top_heading(lines, start) {
            return None;
        }
        let next = std::mem::replace(&mut i, start);
        let (first, last) = (lines[start].trimmed(), lines[end - 1].trimmed());
        if first.starts_with('|') || has_fact(first) || has_fact(last) {
            // In a text without marks, text below a table begins another subject.
            if said && document.verbatim {
                return None;
            }
            continue;
        }
        read += next - start;
        let inside = indentation(&lines[at]).cmp(&indentation(&lines[start]));
        // An item of a list above a nested one.
        let item = first.strip_prefix(['-', '*', '+']).filter(|_| inside.is_gt() && !document.verbatim);
        let first = item.map_or(first, str::trim_start);
        let alone = end - start == 1 || end - start == 2 && is_ruler(last);
        if !alone || lines[start].code || !(lines[start].heading == LEAD_IN || is_heading(first)) {
            said |= !lines[start].code;
        } else if names_product(first) && inside.is_ge() {
            let siblings = is_underlined(start) && is_underlined(at) && next < at;
            return if siblings { None } else { beside(first, section) };
        }
    }
    None
}

/// Takes the facts of the marked headings around line `at`. The nearest one is the section, unless a line nearer to the
/// table is. The outer ones give product and machine, and are combined with a section that names none. The article's
/// title binds nothing.
fn take_parts(binding: &mut Binding, document: &Document<'_>, at: usize, directly: bool) {
    for (depth, part) in document.outline.parts(at).enumerate().take_while(|(_, part)| !part.title) {
        if part.beside {
            continue;
        }
        let text = document.lines[part.heading].trimmed();
        let named = || PRODUCT.is_match(text.as_bytes());
        let binds = if depth == 0 { directly || named() || !is_generic(text) } else { named() };
        let of_machine = binding.platform.is_some() || machine_word(&binding.section).is_some();
        if cells::is_platform(heading_text(text)) {
            if !of_machine {
                binding.platform = Some(heading_text(text).to_owned());
            }
        } else if let Some(branch) = branch_heading(heading_text(text)) {
            binding.branch.get_or_insert_with(|| branch.into_owned());
        } else if !binding.section.is_empty() {
            // A component below `x64-based versions`. Of two processors the nearer one counts.
            if let Some(machine) = machine_word(text).filter(|_| !of_machine) {
                binding.platform = Some(machine.to_owned());
            } else if let Some(machine) = machine_word(&binding.section).filter(|_| names_processor(text)) {
                binding.platform.get_or_insert(machine.to_owned());
            }
            binding.section = beside(text, &binding.section).unwrap_or_else(|| std::mem::take(&mut binding.section));
        } else if binds {
            take_heading(binding, text);
            let group = Some(part.heading).filter(|_| depth == 0 && !names_product(&binding.section));
            if let Some(both) = group.and_then(|at| beside(group_head(document, at)?, &binding.section)) {
                binding.section = both;
            }
        }
        if let (None, Some(language)) = (&binding.language, language_of(text)) {
            binding.language = language;
        } else if let (None, Some((language, _))) = (&binding.language, edition(heading_text(text))) {
            binding.language = Some(language.to_owned());
        }
    }
}

/// The heading of the same level above line `at` that names a product and has only headings of this level below it. The
/// headings that follow it and name no product are inside it, whatever their level on the page.
fn group_head<'l>(document: &'l Document<'_>, at: usize) -> Option<&'l str> {
    let lines = &document.lines;
    let level = lines[at].heading;
    // Whether the next non-blank line below is a heading of this level.
    let mut followed = true;
    for line in lines[..at].iter().rev().take(MAX_TABLES_ABOVE).filter(|line| !line.is_blank()) {
        let is_heading = (1..=6).contains(&line.heading);
        if is_heading && line.heading < level {
            return None;
        }
        if is_heading && line.heading == level && names_product(line.trimmed()) {
            return Some(line.trimmed()).filter(|_| followed);
        }
        followed = line.heading == level;
    }
    None
}

/// Takes a heading as platform or section, according to what it names.
pub(crate) fn take_heading(binding: &mut Binding, text: &str) {
    let text = heading_text(text);
    if cells::is_platform(text) {
        binding.platform.get_or_insert_with(|| text.to_owned());
    } else if let Some(branch) = branch_heading(text) {
        // `SP2GDR`
        binding.branch.get_or_insert_with(|| branch.into_owned());
    } else if binding.section.is_empty() {
        // `French files (0000040C)` (Q254228).
        let (language, rest) = text.split_once(' ').unwrap_or((text, ""));
        if is_language(language) && rest.starts_with("file") {
            binding.language.get_or_insert_with(|| language.to_owned());
        } else if names_language(text) {
            // `Simplified Chinese` (Q220847).
            binding.language.get_or_insert_with(|| text.to_owned());
        } else if let Some((language, _)) = edition(text) {
            // `German language version`, `Windows 2000 (Japanese)`.
            binding.language.get_or_insert_with(|| language.to_owned());
        }
        binding.pack = binding.pack.take().or_else(|| pack_of_systems(text));
        binding.section = text.to_owned();
    }
}

/// The paragraph that ends above line `at`, not above `floor`: its first line and the line after its last.
pub(crate) fn paragraph_above(lines: &[Line<'_>], floor: usize, at: usize) -> (usize, usize) {
    let mut end = at;
    while end > floor && lines[end - 1].is_blank() {
        end -= 1;
    }
    let mut start = end;
    while start > floor && end - start < MAX_PARAGRAPH && !lines[start - 1].is_blank() {
        start -= 1;
    }
    (start, end)
}

fn indentation(line: &Line<'_>) -> usize {
    line.text.len() - line.trimmed().len()
}
