//! The tables of release lines: `data/releases.tsv` for Windows, `data/component-lines.tsv` for components with numbers
//! of their own. Input: a version, the file's name and the Windows that it is for. Output: its [`Release`].

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use super::range::{NamePattern, Range, component, number};
use super::range_index::{RangeIndex, RangeKey};
use super::release::{Branch, Line, Order, Pack, Release};
use crate::FileVersion;
use crate::name::lower_case;

/// The tables that ship with the program.
const WINDOWS: &str = include_str!("../../data/releases.tsv");
const COMPONENTS: &str = include_str!("../../data/component-lines.tsv");

/// Why a table of releases cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("table of releases, line {line}: {what}")]
pub struct ReleasesError {
    /// The table's line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// The tables of release lines.
#[derive(Clone, Debug, Default)]
pub struct Releases {
    lines: Vec<KnownLine>,
    /// The indices of the lines by their names, as written and in lower case.
    by_name: HashMap<String, usize, RandomState>,
    /// The ranges in the order in which they are tried: the first one that fits is used.
    ranges: Vec<Range>,
    index: RangeIndex,
}

/// What tells the release of a version of a file.
#[derive(Clone, Debug)]
pub(crate) enum Fitting {
    /// It is this one on every Windows.
    Always(Release),
    /// That of one of these ranges, in the order in which they are tried.
    ByWindows(Box<[FittingRange]>),
}

/// A range that fits a version of a file on some Windows.
#[derive(Clone, Debug)]
pub(crate) struct FittingRange {
    /// Its place.
    range: usize,
    /// What it tells, made when it is first asked for.
    release: OnceLock<Release>,
}

/// Which table a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Windows,
    Components,
}

#[derive(Clone, Debug)]
struct KnownLine {
    line: Line,
    of: Table,
    /// Its own name.
    on_itself: [String; 1],
    order: Order,
    packs: Vec<KnownPack>,
    /// Whether some of these are those of Windows.
    has_packs_of_windows: bool,
    /// What a `FileVersion` string contains, lower case, and the branch it means.
    tags: Vec<(String, Branch)>,
}

#[derive(Clone, Debug)]
struct KnownPack {
    pack: Pack,
    kind: PackKind,
}

/// What a service pack belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PackKind {
    /// The Windows that the line is for.
    Windows,
    /// The product itself.
    Product,
    /// Not a service pack, but an update that splits the rows of an article; users do not install it under this name.
    Baseline,
}

impl Releases {
    /// The tables that ship with the program.
    ///
    /// # Errors
    /// Never for a released program: a test parses the embedded tables.
    pub fn embedded() -> Result<Self, ReleasesError> {
        Self::parse(WINDOWS, COMPONENTS)
    }

    /// Reads the tables in the formats that the head comments of `data/releases.tsv` and `data/component-lines.tsv`
    /// describe.
    ///
    /// # Errors
    /// A record that is not understood, names an unknown line or pack, or has no source.
    pub fn parse(windows: &str, components: &str) -> Result<Self, ReleasesError> {
        let mut table = Self::default();
        let mut fallbacks = Vec::new();
        table.read(windows, Table::Windows, &mut fallbacks)?;
        let of_windows = std::mem::take(&mut table.ranges);
        table.read(components, Table::Components, &mut fallbacks)?;
        table.ranges.extend(of_windows);
        table.ranges.append(&mut fallbacks);
        let is_line = |name: &String| {
            table.by_name.get(name).is_some_and(|&place| table.lines[place].line.name() == name.as_str())
        };
        if let Some(name) = table.ranges.iter().flat_map(|range| &range.on).find(|name| !is_line(name)) {
            return Err(ReleasesError { line: 0, what: format!("a range is for the unknown line '{name}'") });
        }
        let keys: Vec<RangeKey> = table.ranges.iter().map(Range::key).collect();
        table.index = RangeIndex::new(&keys);
        Ok(table)
    }

    fn read(&mut self, text: &str, of: Table, fallbacks: &mut Vec<Range>) -> Result<(), ReleasesError> {
        for (number, text) in text.lines().enumerate() {
            if !text.trim().is_empty() && !text.starts_with('#') {
                self.record(text, of, fallbacks).map_err(|what| ReleasesError { line: number + 1, what })?;
            }
        }
        Ok(())
    }

    fn record(&mut self, text: &str, of: Table, fallbacks: &mut Vec<Range>) -> Result<(), String> {
        let columns: Vec<&str> = text.split('\t').map(str::trim).collect();
        let (record, line, key, from, to, pack, branch, on, files, source) = match (of, columns.as_slice()) {
            (Table::Windows, &[a, b, c, d, e, f, g, source]) => (a, b, c, d, e, f, g, "-", "-", source),
            (Table::Components, &[a, b, c, d, e, f, g, on, files, source]) => (a, b, c, d, e, f, g, on, files, source),
            (Table::Windows, _) => return Err(format!("{} columns, expected 8", columns.len())),
            (Table::Components, _) => return Err(format!("{} columns, expected 10", columns.len())),
        };
        if source.is_empty() || source == "-" {
            return Err("no source".to_owned());
        }
        let known = self.by_name.get(line).copied();
        if record == "line" {
            let order = match key {
                "number" => Order::Number,
                "service-pack" => Order::ServicePack,
                _ => return Err(format!("'{key}' is neither 'number' nor 'service-pack'")),
            };
            if known.is_some() {
                return Err(format!("'{line}' is there twice"));
            }
            self.by_name.extend([line.to_lowercase(), line.to_owned()].map(|name| (name, self.lines.len())));
            self.lines.push(KnownLine {
                line: Line::new(line),
                of,
                on_itself: [line.to_owned()],
                order,
                packs: Vec::new(),
                has_packs_of_windows: false,
                tags: Vec::new(),
            });
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
                    "-" if of == Table::Windows => PackKind::Windows,
                    "windows" => PackKind::Windows,
                    "product" => PackKind::Product,
                    "baseline" => PackKind::Baseline,
                    _ => return Err(format!("'{key}' is neither 'windows' nor 'product' nor 'baseline'")),
                };
                known.has_packs_of_windows |= kind == PackKind::Windows;
                known.packs.push(KnownPack { pack: Pack::new(known.packs.len(), pack), kind });
                // Articles have rows with and without such an update, as they have for service packs.
                if kind == PackKind::Baseline {
                    known.order = Order::ServicePack;
                }
            }
            "tag" => known.tags.push((key.to_ascii_lowercase(), branch.ok_or("a tag without a branch")?)),
            "range" | "fallback" => {
                let pack = match pack {
                    "-" => None,
                    name => Some(known.pack(name).ok_or_else(|| format!("unknown service pack '{name}'"))?),
                };
                let prefix = key.split('.').map(component).collect::<Result<_, _>>()?;
                let to = if to == "*" { u32::MAX } else { number(to)? };
                let files = files.split_ascii_whitespace().filter(|name| *name != "-").map(NamePattern::new).collect();
                let on = on.split(';').map(str::trim).filter(|name| !name.is_empty() && *name != "-");
                let on = on.map(str::to_owned).collect();
                let range = Range { line: index, prefix, from: number(from)?, to, pack, branch, on, files };
                if range.from > range.to {
                    return Err(format!("{from} is above {to}"));
                }
                if record == "range" { self.ranges.push(range) } else { fallbacks.push(range) }
            }
            _ => return Err(format!("unknown record '{record}'")),
        }
        Ok(())
    }

    /// The release line, service pack and branch of a file's version. `tag` is the whole `FileVersion` string, if there
    /// is one (`5.1.2600.2622 (xpsp_sp2_gdr.050301-1519)`): a hint where the number does not show the branch. `file` is
    /// the file's [`file_key`](crate::file_key). `windows` gives the lines of Windows that the file is for; it is asked
    /// only where the answer depends on it, and `None` meets every condition.
    pub fn of<W: Borrow<BTreeSet<String>>>(
        &self,
        version: &FileVersion,
        tag: Option<&str>,
        file: &str,
        windows: impl FnOnce() -> Option<W>,
    ) -> Release {
        self.release(self.places_of(version, file).map(|place| &self.ranges[place]), version, tag, windows)
    }

    /// What tells the release of a file's version, so that [`of_fitting`](Self::of_fitting) need not look for it again.
    pub(crate) fn fitting(&self, version: &FileVersion, tag: Option<&str>, file: &str) -> Fitting {
        let is_on_every = |place: usize| self.holds_on(&self.ranges[place]).is_empty();
        let mut places = Vec::new();
        for place in self.places_of(version, file) {
            places.push(place);
            // None after it is tried.
            if is_on_every(place) {
                break;
            }
        }
        if places.first().is_some_and(|&first| !is_on_every(first)) {
            let range = |range: usize| FittingRange { range, release: OnceLock::new() };
            return Fitting::ByWindows(places.into_iter().map(range).collect());
        }
        let ranges = places.iter().map(|&place| &self.ranges[place]);
        Fitting::Always(self.release(ranges, version, tag, || None::<&BTreeSet<String>>))
    }

    /// As [`of`](Self::of), for a version, tag and file whose [`fitting`](Self::fitting) is known.
    pub(crate) fn of_fitting<W: Borrow<BTreeSet<String>>>(
        &self,
        fitting: &Fitting,
        version: &FileVersion,
        tag: Option<&str>,
        windows: impl FnOnce() -> Option<W>,
    ) -> Release {
        match fitting {
            Fitting::Always(release) => Release::clone(release),
            Fitting::ByWindows(fitting) => {
                let ranges = fitting.iter().filter_map(|fitting| Some((fitting, self.ranges.get(fitting.range)?)));
                match self.holding(ranges, windows) {
                    Some((fitting, range)) => {
                        fitting.release.get_or_init(|| self.release_in(Some(range), version, tag)).clone()
                    }
                    None => self.release_in(None, version, tag),
                }
            }
        }
    }

    /// The release that the first of these ranges tells which holds on the Windows that the file is for.
    fn release<'r, W: Borrow<BTreeSet<String>>>(
        &'r self,
        fitting: impl Iterator<Item = &'r Range>,
        version: &FileVersion,
        tag: Option<&str>,
        windows: impl FnOnce() -> Option<W>,
    ) -> Release {
        let held = self.holding(fitting.map(|range| ((), range)), windows);
        self.release_in(held.map(|(_, range)| range), version, tag)
    }

    /// The first of these ranges that holds on the Windows that the file is for.
    fn holding<'r, T, W: Borrow<BTreeSet<String>>>(
        &self,
        mut fitting: impl Iterator<Item = (T, &'r Range)>,
        windows: impl FnOnce() -> Option<W>,
    ) -> Option<(T, &'r Range)> {
        let mut ask = Some(windows);
        let mut asked: Option<W> = None;
        fitting.find(|(_, range)| {
            let on = self.holds_on(range);
            if on.is_empty() {
                return true;
            }
            if let Some(windows) = ask.take() {
                asked = windows();
            }
            asked.as_ref().is_none_or(|windows| on.iter().any(|line| windows.borrow().contains(line)))
        })
    }

    /// The release that a range tells; for `None` that of a version which no range fits.
    fn release_in(&self, range: Option<&Range>, version: &FileVersion, tag: Option<&str>) -> Release {
        let components = version.components();
        let Some(range) = range else {
            return Release {
                line: family(components),
                known: false,
                order: Order::Number,
                service_pack: None,
                branch: None,
            };
        };
        let known = &self.lines[range.line];
        // A version that ends with the prefix has no revision: only its line is known, not its service pack and branch.
        let told = components.len() > range.prefix.len();
        let by_tag = || {
            // Plain numbers contain no tag.
            let tag = tag.filter(|tag| tag.bytes().any(|b| !b.is_ascii_digit() && b != b'.'))?.to_ascii_lowercase();
            known.tags.iter().find(|(part, _)| tag.contains(part)).map(|&(_, branch)| branch)
        };
        Release {
            line: range.line_of(&known.line, components),
            known: known.of == Table::Windows,
            order: known.order,
            service_pack: range.pack.clone().filter(|_| told),
            branch: range.branch.filter(|_| told).or_else(by_tag),
        }
    }

    /// The lines of Windows on which a range holds; none for all. The service packs and branches of a line of Windows
    /// follow from its numbers on that Windows only: HTML Help on Windows XP has numbers of Server 2003.
    fn holds_on<'a>(&'a self, range: &'a Range) -> &'a [String] {
        let known = &self.lines[range.line];
        let by_number = known.order == Order::Number;
        if known.of == Table::Windows && !by_number { &known.on_itself } else { &range.on }
    }

    /// True if the service packs of this line are those of Windows, so that a heading or the system can name them.
    pub fn has_packs_of_windows(&self, line: &Line) -> bool {
        self.known(line).is_some_and(|known| known.has_packs_of_windows)
    }

    /// The ranges that fit a version of a file, whatever the Windows, by their places, in the order in which they are tried.
    fn places_of<'a>(&'a self, version: &'a FileVersion, file: &'a str) -> impl Iterator<Item = usize> + 'a {
        let components = version.components();
        let fits = move |place: &usize| self.ranges[*place].fits(components) && self.ranges[*place].is_for(file);
        self.index.places(components, file).filter(fits)
    }

    /// The line of Windows of this name, compared without regard to case.
    pub fn line(&self, name: &str) -> Option<&Line> {
        let name = name.trim();
        // Articles mostly spell a name as the table does.
        let place = self.by_name.get(name).or_else(|| self.by_name.get(&*lower_case(name)))?;
        let known = &self.lines[*place];
        (known.of == Table::Windows).then_some(&known.line)
    }

    /// The names of the lines of Windows, oldest first.
    pub fn line_names(&self) -> impl Iterator<Item = &str> {
        self.of_windows().map(|l| l.line.name())
    }

    fn of_windows(&self) -> impl Iterator<Item = &KnownLine> {
        self.lines.iter().filter(|line| line.of == Table::Windows)
    }

    /// The names of a known line's service packs, oldest first.
    pub fn pack_names(&self, line: &Line) -> impl Iterator<Item = &str> {
        let packs = self.known(line).into_iter().flat_map(|l| &l.packs);
        packs.filter(|known| known.kind != PackKind::Baseline).map(|known| known.pack.name())
    }

    /// A service pack of a known line by its name.
    pub fn pack(&self, line: &Line, name: &str) -> Option<Pack> {
        self.known(line)?.pack(name)
    }

    /// The entry of a line; for one with numbers at the end of its name, the entry without them.
    fn known(&self, line: &Line) -> Option<&KnownLine> {
        let of_name = |name: &str| {
            let known = self.by_name.get(name).map(|&place| &self.lines[place]);
            known.filter(|known| known.line.name() == name)
        };
        let (name, numbers) = line.name().rsplit_once(' ').unwrap_or_default();
        let numbered = || numbers.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        of_name(line.name()).or_else(|| of_name(name).filter(|_| numbered()))
    }

    /// True for a line of which each build is a line of its own: Windows 10 and later. A product's name does not say
    /// which build.
    pub fn has_builds(&self, line: &Line) -> bool {
        self.ranges.iter().any(|range| self.lines[range.line].line == *line && range.is_open())
    }

    /// True if each service pack of this line has its own revisions for fixes, so that a file of one never has a number
    /// of another.
    pub fn is_told_by_pack(&self, line: &Line) -> bool {
        self.lines.iter().any(|known| known.line == *line && matches!(known.order, Order::ServicePack))
    }

    /// True if the revisions of this line show the service pack that a file comes from, beginning with the release
    /// itself. Those of Windows NT 4.0 show only which service pack was the first to contain a fix.
    pub fn tells_pack(&self, line: &Line) -> bool {
        let first = |range: &Range| range.pack.as_ref().is_some_and(Pack::is_release);
        self.ranges.iter().any(|range| self.lines[range.line].line == *line && first(range))
    }
}

impl KnownLine {
    fn pack(&self, name: &str) -> Option<Pack> {
        let of_name =
            |name: &str| self.packs.iter().map(|known| &known.pack).find(|p| p.name().eq_ignore_ascii_case(name));
        // Windows XP SP1a is SP1 without the Java machine; SP6a of Windows NT 4.0 is a service pack of its own.
        of_name(name).or_else(|| of_name(name.strip_suffix(['a', 'A'])?)).cloned()
    }
}

/// The line of a version that is in no table: its first two components, or fewer if the version is shorter, so that at
/// least the last component remains to compare.
fn family(components: &[u32]) -> Line {
    let shared = components.len().saturating_sub(1).min(2);
    let mut name = String::with_capacity(16);
    for component in &components[..shared] {
        let _ = write!(name, "{component}.");
    }
    name.push('x');
    Line::new(&name)
}
