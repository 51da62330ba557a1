//! Catalogue texts -> the compiled format.
//!
//! A block has the lines of one article from each source that names it, in the order of the sources.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use hotfixcheck_types::{KbId, file_key};

use crate::bytes::{get, put};
use crate::form::{BESIDE_FILES, CHECKSUM_AT, FORM, MAGIC, OFFSETS, PLAIN, SECTIONS_AT, Section, VERSION_BYTES};
use crate::index::Builder;
use crate::lines::{FILE, ROW, Writer};

/// The first line of every catalogue.
pub const HEADER: &str = "hotfixcheck-catalog\t1";

/// A catalogue as text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'t> {
    /// The name of its file.
    pub name: &'t str,
    /// The text.
    pub text: &'t str,
    /// Whether its builds of a system are used; those of files always are.
    pub system_builds: bool,
}

impl<'t> Source<'t> {
    /// A catalogue whose facts are all used.
    pub fn new(name: &'t str, text: &'t str) -> Self {
        Self { name, text, system_builds: true }
    }
}

/// A text that cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The name of the source.
    pub source: String,
    /// The line, from 1; 0 if the whole is too large.
    pub line: usize,
    /// What was expected and what was found.
    pub what: String,
}

impl std::fmt::Display for CompileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: line {}: {}", self.source, self.line, self.what)
    }
}

impl std::error::Error for CompileError {}

/// Compiles texts, the most trusted first. `unordered` are products and release lines in which dates do not show the
/// order of files. The result is the same for the same texts. Programs of another `version` refuse it.
///
/// # Errors
/// A text whose first line is not [`HEADER`], a line before the first article, an invalid id, an article that is in one
/// text twice; more than 4 GB.
pub fn compile(sources: &[Source<'_>], unordered: &[(String, String)], version: &str) -> Result<Vec<u8>, CompileError> {
    let mut articles: BTreeMap<u32, Facts<'_>> = BTreeMap::new();
    for (place, source) in sources.iter().enumerate() {
        read(place, source, &mut articles)?;
    }
    let too_large = CompileError { source: String::new(), line: 0, what: "larger than 4 GB".to_owned() };
    write(sources, &articles, unordered, version).ok_or(too_large)
}

/// The lines of an article in all sources: the index of the source, and the fields.
#[derive(Debug, Default)]
struct Facts<'t> {
    lines: Vec<(usize, &'t str)>,
}

fn read<'t>(place: usize, source: &Source<'t>, articles: &mut BTreeMap<u32, Facts<'t>>) -> Result<(), CompileError> {
    let error = |line: usize, what: String| CompileError { source: source.name.to_owned(), line: line + 1, what };
    let mut lines = source.text.lines().enumerate();
    match lines.next() {
        Some((_, HEADER)) => {}
        other => {
            let found: String = other.map_or("", |(_, line)| line).chars().take(60).collect();
            return Err(error(0, format!("expected '{}', found '{found}'", HEADER.replace('\t', " "))));
        }
    }
    let mut current: Option<u32> = None;
    for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        if let Some(rest) = line.strip_prefix("A\t") {
            let text = rest.split('\t').next().unwrap_or_default();
            let id: KbId = text.parse().map_err(|e| error(number, format!("{e}")))?;
            let of_source = |facts: &Facts<'_>| facts.lines.iter().any(|(of, _)| *of == place);
            if articles.get(&id.number()).is_some_and(of_source) {
                return Err(error(number, format!("the article {id} is there twice")));
            }
            current = Some(id.number());
        }
        let Some(id) = current else {
            return Err(error(number, "expected a line of kind A: nothing stands before the first article".to_owned()));
        };
        articles.entry(id).or_default().lines.push((place, line));
    }
    Ok(())
}

/// The strings, each once.
#[derive(Default)]
struct Strings<'t> {
    numbers: HashMap<Cow<'t, str>, u32>,
    starts: Vec<u8>,
    bytes: Vec<u8>,
}

impl<'t> Strings<'t> {
    /// Strings that are used often come first, because small numbers need fewer bytes; the others in their order.
    fn by_use(used: &HashMap<&'t str, Use>) -> Self {
        let mut order: Vec<(&'t str, Use)> = used.iter().map(|(text, of)| (*text, *of)).collect();
        order.sort_unstable_by_key(|(_, of)| (Reverse(of.times), of.first));
        let mut strings = Self::default();
        strings.number(Cow::Borrowed(""));
        for (text, _) in order {
            strings.number(Cow::Borrowed(text));
        }
        strings
    }

    fn number(&mut self, text: Cow<'t, str>) -> u32 {
        if let Some(&number) = self.numbers.get(&text) {
            return number;
        }
        let number = self.numbers.len() as u32;
        put(&mut self.starts, self.bytes.len() as u32);
        self.bytes.extend_from_slice(text.as_bytes());
        self.numbers.insert(text, number);
        number
    }

    fn owned(&mut self, text: &str) -> u32 {
        self.number(Cow::Owned(text.to_owned()))
    }
}

/// How often a string is written, and how many were before it.
#[derive(Clone, Copy, Default)]
struct Use {
    times: usize,
    first: usize,
}

/// The indexes under construction.
#[derive(Default)]
struct Indexes {
    files: Builder,
    names: Builder,
    builds: Builder,
    packs: Builder,
    products: Builder,
}

impl Indexes {
    /// Adds the keys in the lines of an article. Returns whether they state a fix, and whether that is a file or a
    /// service pack.
    fn add(&mut self, article: u32, facts: &Facts<'_>, sources: &[Source<'_>]) -> (bool, bool) {
        let (mut packs, mut products): (Vec<&str>, Vec<&str>) = Default::default();
        let (mut has_files, mut has_builds, mut is_update, mut has_day) = (false, false, false, false);
        for (source, line) in &facts.lines {
            let mut fields = line.split('\t');
            match fields.next().unwrap_or_default() {
                ROW => {
                    has_files = true;
                    self.files.add(file_key(fields.nth(FILE - 1).unwrap_or_default()), article);
                }
                "B" | "C" => {
                    is_update = true;
                    fields.for_each(|name| self.names.add(name.to_uppercase(), article));
                }
                "P" => products.extend(fields.filter(|product| !product.is_empty())),
                "D" => {
                    let version = fields.nth(1).unwrap_or_default();
                    let file = fields.next().unwrap_or_default();
                    if !file.is_empty() || sources[*source].system_builds {
                        has_builds = true;
                        self.builds.add(build_key(file, version), article);
                    }
                }
                "S" => packs.extend([fields.next().unwrap_or_default(), fields.next().unwrap_or_default()]),
                // Articles older than the support for bulletins name theirs at the beginning of the title.
                "A" => {
                    has_day |= fields.nth(1).is_some_and(|day| !day.is_empty());
                    let title = fields.next().unwrap_or_default();
                    if let Some((name, _)) = title.split_once(':')
                        && is_bulletin(name)
                    {
                        self.names.add(name.to_uppercase(), article);
                    }
                }
                _ => {}
            }
        }
        if !packs.is_empty() {
            let kind = match has_files {
                true => BESIDE_FILES.to_string(),
                false if is_plain(facts) => PLAIN.to_string(),
                false => String::new(),
            };
            self.packs.add(kind + &packs.join("\t"), article);
        }
        let by_files = has_files || !packs.is_empty();
        if is_update && has_day && !by_files && !has_builds {
            products.into_iter().for_each(|product| self.products.add(product.to_owned(), article));
        }
        (by_files || has_builds, by_files)
    }
}

/// True for an article of one source that states only its title, day, products and service packs.
fn is_plain(facts: &Facts<'_>) -> bool {
    let lines = || facts.lines.iter().map(|(_, line)| line.split('\t'));
    let is_whole = |mut fields: std::str::Split<'_, char>| match fields.next() {
        Some("A" | "P") => true,
        Some("S") => fields.clone().count() == 2 && fields.all(|field| !field.is_empty()),
        _ => false,
    };
    lines().all(is_whole) && lines().filter(|fields| fields.clone().next() == Some("A")).count() == 1
}

/// The key of a build: the file's key (empty for the system), a tab, the first number of the version.
pub(crate) fn build_key(file: &str, version: &str) -> String {
    format!("{}\t{}", file_key(file), version.split('.').next().unwrap_or_default())
}

/// `MS02-018`.
fn is_bulletin(text: &str) -> bool {
    let shape = |c: char| if c.is_ascii_digit() { '9' } else { c.to_ascii_uppercase() };
    text.chars().map(shape).eq("MS99-999".chars())
}

/// The comments at the beginning of a text, after its first line: where its facts are from, with their licences.
///
/// ```
/// assert_eq!(hotfixcheck_catalog::head("hotfixcheck-catalog\t1\n# Source: a list\nA\tQ265433\n"), "# Source: a list\n");
/// ```
pub fn head(text: &str) -> String {
    let comments = text.lines().skip(1).take_while(|line| line.starts_with('#'));
    comments.flat_map(|line| [line, "\n"]).collect()
}

/// `None` if an offset does not fit in 32 bits.
fn write(
    sources: &[Source<'_>],
    articles: &BTreeMap<u32, Facts<'_>>,
    unordered: &[(String, String)],
    version: &str,
) -> Option<Vec<u8>> {
    let mut indexes = Indexes::default();
    let mut stating = 0u32;
    let mut ranges = [(None, None); 2];
    for (article, facts) in articles.values().enumerate() {
        let (states_fix, by_files) = indexes.add(article as u32, facts, sources);
        stating += u32::from(states_fix);
        // Builds have separate days: an update of 2026 does not show up to which day the files of older systems are
        // known.
        if states_fix {
            let days = || facts.lines.iter().filter_map(|(_, line)| line.strip_prefix("A\t")?.split('\t').nth(1));
            let day = days().find(|day| !day.is_empty());
            let (from, to) = &mut ranges[usize::from(!by_files)];
            *from = [*from, day].into_iter().flatten().min();
            *to = (*to).max(day);
        }
    }
    let keys = indexes.files.places();
    let mut used: HashMap<&str, Use> = HashMap::new();
    let count = |text| {
        let next = used.len();
        used.entry(text).or_insert(Use { times: 0, first: next }).times += 1;
        0
    };
    put_blocks(articles, &keys, count)?;
    let mut strings = Strings::by_use(&used);
    let (block_starts, blocks) = put_blocks(articles, &keys, |text| strings.number(Cow::Borrowed(text)))?;
    let mut ids = Vec::new();
    articles.keys().for_each(|&id| put(&mut ids, id));
    let (bits, slots) = (indexes.files.bits(), indexes.files.slots());
    let mut index = |builder: &Builder| builder.write(|key| strings.owned(key));
    let [files, names, builds, packs, products] =
        [&indexes.files, &indexes.names, &indexes.builds, &indexes.packs, &indexes.products].map(&mut index);
    let mut pairs = Vec::new();
    for text in unordered.iter().flat_map(|(product, line)| [product, line]) {
        put(&mut pairs, strings.owned(text));
    }
    let mut about = Vec::new();
    put(&mut about, stating);
    for day in ranges.iter().flat_map(|(from, to)| [*from, *to]) {
        put(&mut about, strings.owned(day.unwrap_or_default()));
    }
    for source in sources {
        put(&mut about, strings.owned(source.name));
        put(&mut about, source.system_builds.into());
        put(&mut about, strings.owned(&head(source.text)));
    }
    u32::try_from(strings.bytes.len()).ok()?;
    put(&mut strings.starts, strings.bytes.len() as u32);
    let sections: [&[u8]; Section::COUNT] = [
        &strings.starts,
        &ids,
        &block_starts,
        &blocks,
        &bits,
        &slots,
        &files[0],
        &files[1],
        &files[2],
        &names[0],
        &names[1],
        &names[2],
        &builds[0],
        &builds[1],
        &builds[2],
        &packs[0],
        &packs[1],
        &packs[2],
        &products[0],
        &products[1],
        &products[2],
        &pairs,
        &about,
        &strings.bytes,
    ];
    assemble(&sections, version)
}

/// The start of each article's block and the end of the last, and the blocks.
fn put_blocks<'t>(
    articles: &BTreeMap<u32, Facts<'t>>,
    keys: &HashMap<&str, u32>,
    mut string: impl FnMut(&'t str) -> u32,
) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut starts, mut blocks) = (Vec::new(), Vec::new());
    for facts in articles.values() {
        put(&mut starts, u32::try_from(blocks.len()).ok()?);
        let mut block = Writer::new(facts.lines.len(), &mut blocks);
        let key = |file: &str| keys.get(&*file_key(file)).copied().unwrap_or_default();
        facts.lines.iter().for_each(|(source, line)| block.line(*source, line, &mut string, key));
    }
    put(&mut starts, u32::try_from(blocks.len()).ok()?);
    Some((starts, blocks))
}

/// The bytes before the strings of a compiled catalogue, and the strings: the two parts that
/// [`Compiled::open_static`](crate::Compiled::open_static) takes. `None` for bytes that [`compile`] did not make.
pub fn split(compiled: &[u8]) -> Option<(&[u8], &str)> {
    let at = get(compiled.get(SECTIONS_AT..)?, Section::Strings as usize)?;
    let (before, strings) = compiled.split_at_checked(at as usize)?;
    Some((before, std::str::from_utf8(strings).ok()?))
}

fn assemble(sections: &[&[u8]; Section::COUNT], version: &str) -> Option<Vec<u8>> {
    let mut out = Vec::from(*MAGIC);
    put(&mut out, FORM);
    let mut name = version.as_bytes().to_vec();
    name.resize(VERSION_BYTES, 0);
    out.extend_from_slice(&name);
    put(&mut out, 0);
    let mut at = SECTIONS_AT + OFFSETS * 4;
    for section in sections {
        put(&mut out, u32::try_from(at).ok()?);
        at += section.len();
    }
    put(&mut out, u32::try_from(at).ok()?);
    sections.iter().for_each(|section| out.extend_from_slice(section));
    let checksum = crc32fast::hash(&out[SECTIONS_AT..]);
    out[CHECKSUM_AT..SECTIONS_AT].copy_from_slice(&checksum.to_le_bytes());
    Some(out)
}
