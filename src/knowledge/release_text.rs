//! Reads the tables of release lines: the texts of `data/releases.tsv` and `data/component-lines.tsv`, whose head comments
//! describe their formats. `build.rs` compiles this file, too.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::release::{Branch, Order};
use super::release_table::{
    Component, Letters, LineEntry, Name, Names, PackEntry, PackKind, Pattern, Range, Span, Start, Tables, TagEntry,
    bucket, start_key,
};

/// A line of a text, from 1, and what is wrong with it.
pub(super) type Refused = (usize, String);

/// The most records of both tables, and the most bytes of one: places of entries and lengths of lists are 16-bit numbers.
const MOST: usize = u16::MAX as usize;

/// Reads both tables.
pub(super) fn read(windows: &str, components: &str) -> Result<Tables, Refused> {
    let mut read = Read::default();
    read.text(windows, true)?;
    let of_windows = std::mem::take(&mut read.ranges);
    read.text(components, false)?;
    read.ranges.extend(of_windows);
    let mut fallbacks = std::mem::take(&mut read.fallbacks);
    read.ranges.append(&mut fallbacks);
    read.tables().map_err(|what| (0, what))
}

/// What was read.
#[derive(Default)]
struct Read {
    records: usize,
    lines: Vec<ReadLine>,
    /// The places of the lines by their names, as written and in lower case.
    by_name: BTreeMap<String, usize>,
    ranges: Vec<ReadRange>,
    /// Ranges that are tried last.
    fallbacks: Vec<ReadRange>,
}

struct ReadLine {
    name: String,
    of_windows: bool,
    order: Order,
    packs: Vec<(String, PackKind)>,
    tags: Vec<(String, Branch)>,
}

struct ReadRange {
    line: usize,
    prefix: Vec<Component>,
    from: u32,
    to: u32,
    pack: Option<usize>,
    branch: Option<Branch>,
    on: Vec<String>,
    files: Vec<String>,
}

impl Read {
    fn text(&mut self, text: &str, of_windows: bool) -> Result<(), Refused> {
        for (number, text) in text.lines().enumerate() {
            if !text.trim().is_empty() && !text.starts_with('#') {
                self.record(text, of_windows).map_err(|what| (number + 1, what))?;
            }
        }
        Ok(())
    }

    fn record(&mut self, text: &str, of_windows: bool) -> Result<(), String> {
        self.records += 1;
        if self.records > MOST || text.len() > MOST {
            return Err(format!("more than {MOST} records, or a record of more than {MOST} bytes"));
        }
        let columns: Vec<&str> = text.split('\t').map(str::trim).collect();
        let (record, line, key, from, to, pack, branch, on, files, source) = match (of_windows, columns.as_slice()) {
            (true, &[a, b, c, d, e, f, g, source]) => (a, b, c, d, e, f, g, "-", "-", source),
            (false, &[a, b, c, d, e, f, g, on, files, source]) => (a, b, c, d, e, f, g, on, files, source),
            (true, _) => return Err(format!("{} columns, expected 8", columns.len())),
            (false, _) => return Err(format!("{} columns, expected 10", columns.len())),
        };
        if source.is_empty() || source == "-" {
            return Err("no source".to_owned());
        }
        let known = self.by_name.get(line).copied();
        if record == "line" {
            let order = match key {
                "number" => Order::Number,
                "service-pack" => Order::ServicePack,
                "raised" => Order::Raised,
                _ => return Err(format!("'{key}' is neither 'number' nor 'service-pack' nor 'raised'")),
            };
            if known.is_some() {
                return Err(format!("'{line}' is there twice"));
            }
            self.by_name.extend([line.to_lowercase(), line.to_owned()].map(|name| (name, self.lines.len())));
            let name = line.to_owned();
            self.lines.push(ReadLine { name, of_windows, order, packs: Vec::new(), tags: Vec::new() });
            return Ok(());
        }
        let index = known.ok_or_else(|| format!("unknown line '{line}'"))?;
        let branch = match branch {
            "-" => None,
            "Japanese" => Some(Branch::Japanese),
            word => Some(Branch::from_word(word).ok_or_else(|| format!("unknown branch '{word}'"))?),
        };
        let known = &mut self.lines[index];
        match record {
            "pack" if pack != "-" => {
                let kind = match key {
                    "-" if of_windows => PackKind::Windows,
                    "windows" => PackKind::Windows,
                    "product" => PackKind::Product,
                    "baseline" => PackKind::Baseline,
                    _ => return Err(format!("'{key}' is neither 'windows' nor 'product' nor 'baseline'")),
                };
                known.packs.push((pack.to_owned(), kind));
                // Articles have rows with and without such an update, as they have for service packs.
                if kind == PackKind::Baseline {
                    known.order = Order::ServicePack;
                }
            }
            "tag" => known.tags.push((key.to_ascii_lowercase(), branch.ok_or("a tag without a branch")?)),
            "range" | "fallback" => {
                let pack = match pack {
                    "-" => None,
                    name => {
                        let packs = known.packs.iter().map(|(name, _)| name.as_str());
                        Some(pack_named(packs, name).ok_or_else(|| format!("unknown service pack '{name}'"))?)
                    }
                };
                let prefix = match key {
                    "-" => Vec::new(),
                    key => key.split('.').map(component).collect::<Result<_, _>>()?,
                };
                let to = if to == "*" { u32::MAX } else { number(to)? };
                let files = files.split_ascii_whitespace().filter(|name| *name != "-").map(str::to_lowercase).collect();
                let on = on.split(';').map(str::trim).filter(|name| !name.is_empty() && *name != "-");
                let on = on.map(str::to_owned).collect();
                let range = ReadRange { line: index, prefix, from: number(from)?, to, pack, branch, on, files };
                if range.from > range.to {
                    return Err(format!("{from} is above {to}"));
                }
                if record == "range" { self.ranges.push(range) } else { self.fallbacks.push(range) }
            }
            _ => return Err(format!("unknown record '{record}'")),
        }
        Ok(())
    }

    /// All of it as plain arrays.
    fn tables(&self) -> Result<Tables, String> {
        let mut text = Texts::default();
        let (mut packs, mut tags) = (Vec::new(), Vec::new());
        let mut lines = Vec::new();
        for line in &self.lines {
            let own = line.packs.iter().map(|(name, kind)| PackEntry { name: text.span(name), kind: *kind });
            let own_packs = append(&mut packs, own);
            let own = line.tags.iter().map(|(part, branch)| TagEntry { part: text.span(part), branch: *branch });
            let own_tags = append(&mut tags, own);
            lines.push(LineEntry {
                name: text.span(&line.name),
                of_windows: line.of_windows,
                order: line.order,
                has_packs_of_windows: line.packs.iter().any(|(_, kind)| *kind == PackKind::Windows),
                packs: own_packs,
                tags: own_tags,
            });
        }
        let line_names = self.by_name.iter().map(|(name, place)| (name.as_str(), Span { at: *place as u32, len: 1 }));
        let line_names = names(line_names.collect(), &mut text);
        let (mut components, mut patterns, mut on) = (Vec::new(), Vec::new(), Vec::new());
        let mut ranges = Vec::new();
        // Many ranges are for the same files.
        let mut lists: HashMap<&[String], Span> = HashMap::new();
        for range in &self.ranges {
            let on_lines = range.on.iter().map(|name| {
                let place = self.by_name.get(name).filter(|place| self.lines[**place].name == *name);
                place.map(|place| *place as u16).ok_or_else(|| format!("a range is for the unknown line '{name}'"))
            });
            let on_lines = on_lines.collect::<Result<Vec<_>, _>>()?;
            let pattern = |name: &String| match name.split_once('*') {
                Some((head, tail)) => Pattern { head: text.span(head), tail: Some(text.span(tail)) },
                None => Pattern { head: text.span(name), tail: None },
            };
            let files = *lists
                .entry(&range.files)
                .or_insert_with(|| append(&mut patterns, range.files.iter().map(pattern).collect::<Vec<_>>()));
            let start = range.start().len();
            ranges.push(Range {
                line: range.line as u16,
                pack: range.pack.map(|place| place as u16),
                branch: range.branch,
                prefix: append(&mut components, range.prefix.iter().copied()),
                from: range.from,
                to: range.to,
                on: append(&mut on, on_lines),
                files,
                letters: range.letters(),
                after: (start..).zip(&range.prefix[start..]).find_map(|(at, own)| Some((at as u16, single(own)?))),
            });
        }
        let mut places = Vec::new();
        let starts = self.starts(&mut places);
        let file_names = self.file_names().into_iter().map(|(name, own)| (name, append(&mut places, own)));
        let file_names = names(file_names.collect(), &mut text);
        Ok(Tables {
            text: Cow::Owned(text.text),
            lines: Cow::Owned(lines),
            packs: Cow::Owned(packs),
            tags: Cow::Owned(tags),
            line_names,
            ranges: Cow::Owned(ranges),
            components: Cow::Owned(components),
            patterns: Cow::Owned(patterns),
            on: Cow::Owned(on),
            starts: Cow::Owned(starts),
            file_names,
            places: Cow::Owned(places),
        })
    }

    /// The ranges for files of any name, or of names with `*`.
    fn starts(&self, places: &mut Vec<u16>) -> Vec<Start> {
        let mut own: BTreeMap<Vec<u32>, Vec<u16>> = BTreeMap::new();
        for (place, range) in (0..).zip(&self.ranges).filter(|(_, range)| !range.has_names()) {
            let start = range.start();
            for length in 0..start.len() {
                own.entry(start[..length].to_vec()).or_default();
            }
            own.entry(start).or_default().push(place);
        }
        // Each has the ranges of its beginnings, too.
        let all = |start: &[u32]| {
            let mut all: Vec<u16> = (0..=start.len()).flat_map(|length| &own[&start[..length]]).copied().collect();
            all.sort_unstable();
            all
        };
        let mut starts: Vec<Start> =
            own.keys().map(|start| Start { key: start_key(start), ranges: append(places, all(start)) }).collect();
        starts.sort_unstable_by_key(|start| start.key);
        starts
    }

    /// The ranges for files of certain names, by these.
    fn file_names(&self) -> BTreeMap<&str, Vec<u16>> {
        let mut by_name: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
        for (place, range) in (0..).zip(&self.ranges).filter(|(_, range)| range.has_names()) {
            for name in &range.files {
                let of_name = by_name.entry(name).or_default();
                // A range may have a name twice.
                if of_name.last() != Some(&place) {
                    of_name.push(place);
                }
            }
        }
        by_name
    }
}

impl ReadRange {
    /// True if it is for files of certain names, without `*`.
    fn has_names(&self) -> bool {
        !self.files.is_empty() && !self.files.iter().any(|name| name.contains('*'))
    }

    /// The first components, up to the third, as long as each is a single number.
    fn start(&self) -> Vec<u32> {
        self.prefix.iter().take(3).map_while(single).collect()
    }

    /// The letters that names of its files can begin with. A pattern that begins with `*` fits any name.
    fn letters(&self) -> Letters {
        let of_file = |name: &String| match name.is_empty() || name.starts_with('*') {
            true => Letters::ALL,
            false => Letters::of(name),
        };
        self.files.iter().map(of_file).reduce(Letters::or).unwrap_or(Letters::ALL)
    }
}

/// All names as one text, each once.
#[derive(Default)]
struct Texts {
    text: String,
    spans: HashMap<String, Span>,
}

impl Texts {
    fn span(&mut self, name: &str) -> Span {
        let text = &mut self.text;
        *self.spans.entry(name.to_owned()).or_insert_with(|| {
            let at = text.len() as u32;
            text.push_str(name);
            Span { at, len: name.len() as u16 }
        })
    }
}

/// The place of a service pack of this name. Windows XP SP1a is SP1 without the Java machine; SP6a of Windows NT 4.0 is a
/// service pack of its own.
pub(super) fn pack_named<'n>(names: impl Iterator<Item = &'n str> + Clone, name: &str) -> Option<usize> {
    let of_name = |name: &str| names.clone().position(|own| own.eq_ignore_ascii_case(name));
    of_name(name).or_else(|| of_name(name.strip_suffix(['a', 'A'])?))
}

/// Appends entries to a list.
fn append<T>(list: &mut Vec<T>, entries: impl IntoIterator<Item = T>) -> Span {
    let at = list.len();
    list.extend(entries);
    Span { at: at as u32, len: (list.len() - at) as u16 }
}

/// Names by their hash; about two of three hashes have one.
fn names(named: Vec<(&str, Span)>, text: &mut Texts) -> Names {
    let count = (named.len() * 3 / 2).next_power_of_two();
    let mut by_bucket: Vec<Vec<Name>> = vec![Vec::new(); count];
    for (name, what) in named {
        by_bucket[bucket(name, count)].push(Name { text: text.span(name), what });
    }
    let mut buckets = vec![0];
    let mut names = Vec::new();
    for of_bucket in by_bucket {
        names.extend(of_bucket);
        buckets.push(names.len() as u32);
    }
    Names { buckets: Cow::Owned(buckets), names: Cow::Owned(names) }
}

fn single(component: &Component) -> Option<u32> {
    match component {
        Component::Is(number) => Some(*number),
        _ => None,
    }
}

/// A number of the table.
fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("'{text}' is not a number"))
}

/// A component of a range's key: `5`, `6000+`, `build`, `*`.
fn component(text: &str) -> Result<Component, String> {
    match text.strip_suffix('+') {
        _ if text == "*" => Ok(Component::Any),
        _ if text == "build" => Ok(Component::Build),
        Some(least) => number(least).map(Component::From),
        None => number(text).map(Component::Is),
    }
}
