//! The release lines: those of Windows (`data/releases.tsv`) and of components with numbers of their own
//! (`data/component-lines.tsv`). Input: a version, the file's name and the Windows that it is for. Output: its [`Release`].

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::slice;
use std::sync::OnceLock;

use super::release::{Line, Order, Pack, Release};
use super::release_table::{PackKind, Range, Span, Tables};
use super::release_text::{pack_named, read};
use crate::FileVersion;
use crate::name::lower_case;

/// The tables that ship with the program, as `build.rs` made them of the texts in `data/`.
static EMBEDDED: Tables = {
    use std::borrow::Cow::Borrowed;

    use super::release::Branch::*;
    use super::release::Order::*;
    use super::release_table::Component::*;
    use super::release_table::PackKind::*;
    use super::release_table::*;

    include!(concat!(env!("OUT_DIR"), "/release-tables.rs"))
};

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
    tables: Tables,
    /// The names of each line and of its service packs, made when they are first asked for.
    names: Box<[OnceLock<LineNames>]>,
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

/// A line and its service packs, as a [`Release`] names them.
#[derive(Clone, Debug)]
struct LineNames {
    line: Line,
    packs: Vec<Pack>,
}

impl From<Tables> for Releases {
    fn from(tables: Tables) -> Self {
        let names = tables.lines.iter().map(|_| OnceLock::new()).collect();
        Self { tables, names }
    }
}

impl Releases {
    /// The tables that ship with the program.
    ///
    /// # Errors
    /// Never: the build has read the tables.
    pub fn embedded() -> Result<Self, ReleasesError> {
        Ok(EMBEDDED.clone().into())
    }

    /// Reads the tables in the formats that the head comments of `data/releases.tsv` and `data/component-lines.tsv`
    /// describe.
    ///
    /// # Errors
    /// A record that is not understood, names an unknown line or pack, or has no source.
    pub fn parse(windows: &str, components: &str) -> Result<Self, ReleasesError> {
        let tables = read(windows, components).map_err(|(line, what)| ReleasesError { line, what })?;
        Ok(tables.into())
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
        self.release(self.places_of(version, file).map(|place| &self.tables.ranges[place]), version, tag, windows)
    }

    /// What tells the release of a file's version, so that [`of_fitting`](Self::of_fitting) need not look for it again.
    pub(crate) fn fitting(&self, version: &FileVersion, tag: Option<&str>, file: &str) -> Fitting {
        let is_on_every = |place: usize| self.holds_on(&self.tables.ranges[place]).is_empty();
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
        let ranges = places.iter().map(|&place| &self.tables.ranges[place]);
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
                let range = |fitting: &FittingRange| self.tables.ranges.get(fitting.range);
                let ranges = fitting.iter().filter_map(|fitting| Some((fitting, range(fitting)?)));
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
            asked.as_ref().is_none_or(|windows| on.iter().any(|line| windows.borrow().contains(self.name_of(*line))))
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
        let known = &self.tables.lines[usize::from(range.line)];
        let names = self.names_of(range.line);
        // A version that ends with the prefix has no revision: only its line is known, not its service pack and branch.
        let told = components.len() > usize::from(range.prefix.len);
        let by_tag = || {
            let tags = known.tags.of(&self.tables.tags);
            // Plain numbers contain no tag.
            let is_tag = |tag: &&str| tag.bytes().any(|b| !b.is_ascii_digit() && b != b'.');
            let tag = tag.filter(|tag| !tags.is_empty() && is_tag(tag))?.to_ascii_lowercase();
            tags.iter().find(|own| tag.contains(own.part.in_text(&self.tables.text))).map(|own| own.branch)
        };
        Release {
            line: range.line_of(&self.tables, &names.line, components),
            known: known.of_windows,
            order: known.order,
            service_pack: range.pack.filter(|_| told).map(|pack| names.packs[usize::from(pack)].clone()),
            branch: range.branch.filter(|_| told).or_else(by_tag),
        }
    }

    /// The lines of Windows on which a range holds; none for all. The service packs and branches of a line of Windows
    /// follow from its numbers on that Windows only: HTML Help on Windows XP has numbers of Server 2003.
    fn holds_on<'a>(&'a self, range: &'a Range) -> &'a [u16] {
        let known = &self.tables.lines[usize::from(range.line)];
        let by_number = known.order == Order::Number;
        if known.of_windows && !by_number { slice::from_ref(&range.line) } else { range.on.of(&self.tables.on) }
    }

    /// True if the service packs of this line are those of Windows, so that a heading or the system can name them.
    pub fn has_packs_of_windows(&self, line: &Line) -> bool {
        self.known(line).is_some_and(|known| self.tables.lines[usize::from(known)].has_packs_of_windows)
    }

    /// The ranges that fit a version of a file, whatever the Windows, by their places, in the order in which they are tried.
    fn places_of<'a>(&'a self, version: &'a FileVersion, file: &'a str) -> impl Iterator<Item = usize> + 'a {
        let (tables, components) = (&self.tables, version.components());
        let range = |place: usize| &tables.ranges[place];
        let fits = move |place: &usize| range(*place).fits(tables, components) && range(*place).is_for(tables, file);
        tables.places(components, file).filter(fits)
    }

    /// The line of Windows of this name, compared without regard to case.
    pub fn line(&self, name: &str) -> Option<&Line> {
        let name = name.trim();
        // Articles mostly spell a name as the table does.
        let place = self.place_of(name).or_else(|| self.place_of(&lower_case(name)))?;
        self.tables.lines[usize::from(place)].of_windows.then(|| &self.names_of(place).line)
    }

    /// The line of Windows or of a product of this name, compared without regard to case.
    pub(crate) fn product_line(&self, name: &str) -> Option<&Line> {
        let name = name.trim();
        let place = self.place_of(name).or_else(|| self.place_of(&lower_case(name)))?;
        Some(&self.names_of(place).line)
    }

    /// The names of the lines of Windows, oldest first.
    pub fn line_names(&self) -> impl Iterator<Item = &str> {
        let of_windows = self.tables.lines.iter().filter(|line| line.of_windows);
        of_windows.map(|line| line.name.in_text(&self.tables.text))
    }

    /// The names of a known line's service packs, oldest first.
    pub fn pack_names(&self, line: &Line) -> impl Iterator<Item = &str> {
        let packs = self.known(line).map(|known| self.tables.lines[usize::from(known)].packs).unwrap_or_default();
        let packs = packs.of(&self.tables.packs).iter().filter(|known| known.kind != PackKind::Baseline);
        packs.map(|known| known.name.in_text(&self.tables.text))
    }

    /// A service pack of a known line by its name.
    pub fn pack(&self, line: &Line, name: &str) -> Option<Pack> {
        let packs = &self.names_of(self.known(line)?).packs;
        pack_named(packs.iter().map(Pack::name), name).map(|place| packs[place].clone())
    }

    /// The place of a line by its name, as written or in lower case.
    fn place_of(&self, name: &str) -> Option<u16> {
        self.tables.line_names.find(&self.tables.text, name).and_then(|Span { at, .. }| at.try_into().ok())
    }

    fn name_of(&self, place: u16) -> &str {
        self.tables.lines[usize::from(place)].name.in_text(&self.tables.text)
    }

    fn names_of(&self, place: u16) -> &LineNames {
        self.names[usize::from(place)].get_or_init(|| {
            let packs = self.tables.lines[usize::from(place)].packs.of(&self.tables.packs).iter().enumerate();
            let packs = packs.map(|(index, pack)| Pack::new(index, pack.name.in_text(&self.tables.text))).collect();
            LineNames { line: Line::new(self.name_of(place)), packs }
        })
    }

    /// The place of a line; for one with numbers at the end of its name, that of the line without them.
    fn known(&self, line: &Line) -> Option<u16> {
        let of_name = |name: &str| self.place_of(name).filter(|&place| self.name_of(place) == name);
        let (name, numbers) = line.name().rsplit_once(' ').unwrap_or_default();
        let numbered = || numbers.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        of_name(line.name()).or_else(|| of_name(name).filter(|_| numbered()))
    }

    /// The ranges of a line.
    fn ranges_of(&self, line: &Line) -> impl Iterator<Item = &Range> {
        let place = self.place_of(line.name()).filter(|&place| self.name_of(place) == line.name());
        self.tables.ranges.iter().filter(move |range| Some(range.line) == place)
    }

    /// True for a line of which each build is a line of its own: Windows 10 and later. A product's name does not say
    /// which build.
    pub fn has_builds(&self, line: &Line) -> bool {
        self.ranges_of(line).any(|range| range.is_open(&self.tables))
    }

    /// True if each service pack of this line has its own revisions for fixes, so that a file of one never has a number
    /// of another.
    pub fn is_told_by_pack(&self, line: &Line) -> bool {
        let place = self.place_of(line.name()).filter(|&place| self.name_of(place) == line.name());
        place.is_some_and(|place| self.tables.lines[usize::from(place)].order == Order::ServicePack)
    }

    /// True if the revisions of this line show the service pack that a file comes from, beginning with the release
    /// itself. Those of Windows NT 4.0 show only which service pack was the first to contain a fix.
    pub fn tells_pack(&self, line: &Line) -> bool {
        self.ranges_of(line).any(|range| range.pack == Some(0))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 15: the program has the tables of the texts, and reads them nowhere.
    #[test]
    fn the_program_has_the_tables_of_the_texts() {
        let windows = include_str!("../../data/releases.tsv");
        let components = include_str!("../../data/component-lines.tsv");
        assert_eq!(read(windows, components).unwrap(), EMBEDDED);
    }
}
