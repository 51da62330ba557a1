//! Release lines and branches: which release, service pack and branch a file version belongs to.
//!
//! Versions are compared only within one line. The figures are data (`data/releases.tsv`), each with its source.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use crate::FileVersion;

/// The table that ships with the program.
const EMBEDDED: &str = include_str!("../../data/releases.tsv");

/// A release line: versions of one line can be compared, versions of two cannot.
///
/// Known lines have the product's name (`Windows NT 4.0`); all others are named by their first components (`4.2.x`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(Arc<str>);

impl Line {
    /// The line's name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A service pack of a line, ordered from the oldest; packs of two lines have no meaningful order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pack {
    /// Its place in the line, 0 is the release itself.
    index: usize,
    name: Arc<str>,
}

impl Pack {
    /// `RTM`, `4`, `6a`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if &*self.name == "RTM" { f.write_str("RTM") } else { write!(f, "SP{}", self.name) }
    }
}

/// A service branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Branch {
    /// General distribution: fixes sent to everyone.
    Gdr,
    /// Limited distribution, earlier called QFE: all fixes, also those only given on request.
    Ldr,
}

impl Branch {
    /// The branch named by an article's service branch column: `GDR`, `SP2GDR`, `LDR`, `SP2QFE`, `QFE`.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_uppercase();
        if word.ends_with("GDR") {
            Some(Self::Gdr)
        } else if word.ends_with("LDR") || word.ends_with("QFE") {
            Some(Self::Ldr)
        } else {
            None
        }
    }
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Gdr => "GDR",
            Self::Ldr => "LDR",
        })
    }
}

/// How several rows of one file are told apart inside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// One branch: plain number order.
    Number,
    /// The row of the file's own service pack judges it.
    ServicePack,
}

/// The release line, service pack and branch of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its line.
    pub line: Line,
    /// True for a line of the table, false for one made of the version's first components.
    pub known: bool,
    /// How rows are told apart in this line.
    pub order: Order,
    /// The service pack that the revision tells.
    pub service_pack: Option<Pack>,
    /// The branch that the revision, or else the tag of the `FileVersion` string, tells.
    pub branch: Option<Branch>,
}

impl Release {
    /// The line with the service pack and branch that decide in it: `Windows XP SP2 GDR`, `4.2.x`.
    pub fn place(&self) -> String {
        let pack = self.service_pack.as_ref().filter(|_| self.order == Order::ServicePack);
        let pack = pack.map(|p| format!(" {p}")).unwrap_or_default();
        let branch = self.branch.map(|b| format!(" {b}")).unwrap_or_default();
        format!("{}{pack}{branch}", self.line)
    }
}

/// Why a table of releases cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("table of releases, line {line}: {what}")]
pub struct ReleasesError {
    /// The table's line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// The table of release lines.
#[derive(Clone, Debug)]
pub struct Releases {
    lines: Vec<KnownLine>,
    /// In the table's order: the first that fits wins.
    ranges: Vec<Range>,
}

#[derive(Clone, Debug)]
struct KnownLine {
    line: Line,
    order: Order,
    packs: Vec<Pack>,
    /// What a `FileVersion` string contains, lower case, and the branch it tells.
    tags: Vec<(String, Branch)>,
}

#[derive(Clone, Debug)]
struct Range {
    line: usize,
    /// The first components; `None` is any number.
    prefix: Vec<Option<u32>>,
    from: u32,
    to: u32,
    pack: Option<Pack>,
    branch: Option<Branch>,
}

impl Releases {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// Never for a released program: a test parses the embedded table.
    pub fn embedded() -> Result<Self, ReleasesError> {
        Self::parse(EMBEDDED)
    }

    /// Reads a table in the format that the head of `data/releases.tsv` describes.
    ///
    /// # Errors
    /// A record that is not understood, names an unknown line or pack, or has no source.
    pub fn parse(text: &str) -> Result<Self, ReleasesError> {
        let mut table = Self { lines: Vec::new(), ranges: Vec::new() };
        for (number, text) in text.lines().enumerate() {
            if !text.trim().is_empty() && !text.starts_with('#') {
                table.record(text).map_err(|what| ReleasesError { line: number + 1, what })?;
            }
        }
        Ok(table)
    }

    fn record(&mut self, text: &str) -> Result<(), String> {
        let columns: Vec<&str> = text.split('\t').map(str::trim).collect();
        let &[record, line, key, from, to, pack, branch, source] = columns.as_slice() else {
            return Err(format!("{} columns, expected 8", columns.len()));
        };
        if source.is_empty() || source == "-" {
            return Err("no source".to_owned());
        }
        let known = self.lines.iter().position(|l| l.line.name() == line);
        if record == "line" {
            let order = match key {
                "number" => Order::Number,
                "service-pack" => Order::ServicePack,
                _ => return Err(format!("'{key}' is neither 'number' nor 'service-pack'")),
            };
            if known.is_some() {
                return Err(format!("'{line}' is there twice"));
            }
            self.lines.push(KnownLine { line: Line(line.into()), order, packs: Vec::new(), tags: Vec::new() });
            return Ok(());
        }
        let index = known.ok_or_else(|| format!("unknown line '{line}'"))?;
        let branch = match branch {
            "-" => None,
            word => Some(Branch::from_word(word).ok_or_else(|| format!("unknown branch '{word}'"))?),
        };
        let known = &mut self.lines[index];
        match record {
            "pack" if pack != "-" => known.packs.push(Pack { index: known.packs.len(), name: pack.into() }),
            "tag" => known.tags.push((key.to_ascii_lowercase(), branch.ok_or("a tag without a branch")?)),
            "range" => {
                let pack = match pack {
                    "-" => None,
                    name => Some(known.pack(name).ok_or_else(|| format!("unknown service pack '{name}'"))?),
                };
                let number = |text: &str| text.parse::<u32>().map_err(|_| format!("'{text}' is not a number"));
                let component = |c: &str| if c == "*" { Ok(None) } else { number(c).map(Some) };
                let prefix = key.split('.').map(component).collect::<Result<_, _>>()?;
                let to = if to == "*" { u32::MAX } else { number(to)? };
                let range = Range { line: index, prefix, from: number(from)?, to, pack, branch };
                if range.from > range.to {
                    return Err(format!("{from} is above {to}"));
                }
                self.ranges.push(range);
            }
            _ => return Err(format!("unknown record '{record}'")),
        }
        Ok(())
    }

    /// The release line, service pack and branch of a version. `tag` is the whole `FileVersion` string, if there is one
    /// (`5.1.2600.2622 (xpsp_sp2_gdr.050301-1519)`): a hint where the number does not tell the branch.
    pub fn of(&self, version: &FileVersion, tag: Option<&str>) -> Release {
        let components = version.components();
        let Some(range) = self.ranges.iter().find(|r| r.fits(components)) else {
            return Release {
                line: family(components),
                known: false,
                order: Order::Number,
                service_pack: None,
                branch: None,
            };
        };
        let known = &self.lines[range.line];
        // A version that ends with the prefix names the line, but no revision: its service pack and branch are not known.
        let told = components.len() > range.prefix.len();
        let by_tag = || {
            // Plain numbers contain no tag.
            let tag = tag.filter(|tag| tag.bytes().any(|b| !b.is_ascii_digit() && b != b'.'))?.to_ascii_lowercase();
            known.tags.iter().find(|(part, _)| tag.contains(part)).map(|&(_, branch)| branch)
        };
        Release {
            line: range.line_of(known, components),
            known: true,
            order: known.order,
            service_pack: range.pack.clone().filter(|_| told),
            branch: range.branch.filter(|_| told).or_else(by_tag),
        }
    }

    /// The known line of this name, compared without regard to case.
    pub fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().map(|l| &l.line).find(|l| l.name().eq_ignore_ascii_case(name.trim()))
    }

    /// The names of the known lines, oldest first.
    pub fn line_names(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|l| l.line.name())
    }

    /// The names of a known line's service packs, oldest first.
    pub fn pack_names(&self, line: &Line) -> impl Iterator<Item = &str> {
        let known = self.lines.iter().find(|l| l.line == *line);
        known.into_iter().flat_map(|l| l.packs.iter().map(Pack::name))
    }

    /// A service pack of a known line by its name.
    pub fn pack(&self, line: &Line, name: &str) -> Option<Pack> {
        self.lines.iter().find(|l| l.line == *line)?.pack(name)
    }

    /// True if the revisions of this line tell the service pack that a file comes from, beginning with the release itself.
    /// Those of Windows NT 4.0 tell only which service pack first had a fix.
    pub fn tells_pack(&self, line: &Line) -> bool {
        let first = |range: &Range| range.pack.as_ref().is_some_and(|pack| pack.index == 0);
        self.ranges.iter().any(|range| self.lines[range.line].line == *line && first(range))
    }
}

impl KnownLine {
    fn pack(&self, name: &str) -> Option<Pack> {
        self.packs.iter().find(|p| p.name.eq_ignore_ascii_case(name)).cloned()
    }
}

impl Range {
    fn fits(&self, components: &[u32]) -> bool {
        // Most ranges are of another major version.
        self.prefix.first().is_none_or(|major| major.is_none() || *major == components.first().copied())
            && components.len() >= self.prefix.len()
            && self.prefix.iter().zip(components).all(|(p, c)| p.is_none_or(|p| p == *c))
            && components.get(self.prefix.len()).is_none_or(|next| (self.from..=self.to).contains(next))
    }

    /// The line, with the numbers that stand for `*` in its name: each build of Windows 10 is a line.
    fn line_of(&self, known: &KnownLine, components: &[u32]) -> Line {
        let wild = self.prefix.iter().zip(components).filter(|(p, _)| p.is_none());
        let wild: Vec<String> = wild.map(|(_, c)| c.to_string()).collect();
        if wild.is_empty() { known.line.clone() } else { Line(format!("{} {}", known.line, wild.join(".")).into()) }
    }
}

/// The line of a version that the table does not know: its first two components, or fewer where there are not more,
/// so that the last component always remains to compare.
fn family(components: &[u32]) -> Line {
    let shared = components.len().saturating_sub(1).min(2);
    let mut name = String::with_capacity(16);
    for component in &components[..shared] {
        let _ = write!(name, "{component}.");
    }
    name.push('x');
    Line(name.into())
}
