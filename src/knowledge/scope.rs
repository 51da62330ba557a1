//! Which systems a heading or a product list names.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::builds::are_builds;
use super::edition::{Edition, Editions};
use super::pack_words::{level, named as named_pack};

/// The systems that a row applies to, by its heading or its article's product list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The names of the release lines of Windows in it.
    pub lines: BTreeSet<String>,
    /// It names a Windows without a release line: Windows 98.
    pub others: bool,
    /// It names only Windows, not a product that runs on several of them.
    pub only_windows: bool,
    /// The named service packs, by line: `RTM`, `2`; for Windows 10 and later the builds: `17763`. A line that is named
    /// without one is not in here.
    pub packs: BTreeMap<String, BTreeSet<String>>,
    /// Whether clients or servers are named, by line.
    pub(super) editions: BTreeMap<String, Editions>,
    /// The same by build: "Windows 10 version 1607 and Windows Server 2019" is for neither Windows Server 2016 nor Windows 10 version
    /// 1809.
    pub(super) of_builds: BTreeMap<String, Editions>,
}

/// The systems that one text names.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    pub lines: BTreeSet<String>,
    /// It names a Windows without a release line.
    pub others: bool,
    pub packs: BTreeMap<String, BTreeSet<String>>,
    /// Lines that are named both with and without a service pack: the whole line is meant.
    pub whole: BTreeSet<String>,
    /// The first service pack of a name without service packs, where that is not the release: Windows Server 2008 has the
    /// numbers of SP1.
    pub first: BTreeMap<String, u32>,
    pub(super) editions: BTreeMap<String, Editions>,
    pub(super) of_builds: BTreeMap<String, Editions>,
    /// It names only Windows.
    pub is_windows: bool,
}

impl Scope {
    /// The systems that the names in a list of products stand for.
    pub(super) fn of_list<'n>(list: impl Iterator<Item = Cow<'n, Named>>) -> Self {
        let mut scope = Self::default();
        let mut list = list.peekable();
        scope.only_windows = list.peek().is_some();
        let mut bare: BTreeMap<String, u32> = BTreeMap::new();
        for named in list {
            scope.only_windows &= named.is_windows;
            scope.add_names(&named);
            for line in &named.whole {
                let first = named.first.get(line).copied().unwrap_or_default();
                bare.entry(line.clone()).and_modify(|own| *own = first.min(*own)).or_insert(first);
            }
        }
        // In a list a name without a service pack is the release where names with service packs are beside it: "Windows 7",
        // "Windows 7 Service Pack 1" (MS11-012). Those between are meant, too: none of them has the correction.
        for (line, first) in bare {
            let Some(packs) = scope.packs.get_mut(&line) else { continue };
            let Some(last) = packs.iter().map(|pack| level(pack)).max().filter(|_| !are_builds(packs)) else {
                scope.packs.remove(&line);
                continue;
            };
            packs.extend((first..=last).map(named_pack));
        }
        scope
    }

    /// Adds the systems of one text.
    pub(super) fn add(&mut self, named: &Named) {
        self.add_names(named);
        self.packs.retain(|line, _| !named.whole.contains(line));
    }

    fn add_names(&mut self, named: &Named) {
        self.others |= named.others;
        for line in &named.lines {
            if !self.lines.contains(line) {
                self.lines.insert(line.clone());
            }
        }
        for (line, editions) in &named.editions {
            self.editions.entry(line.clone()).or_insert(*editions).add(*editions);
        }
        for (line, packs) in &named.packs {
            self.packs.entry(line.clone()).or_default().extend(packs.iter().cloned());
        }
        for (build, editions) in &named.of_builds {
            self.of_builds.entry(build.clone()).or_insert(*editions).add(*editions);
        }
    }

    /// True if the row cannot apply to a system of this line, because only other Windows are named.
    pub fn excludes(&self, line: &str) -> bool {
        self.only_windows && (self.others || !self.lines.is_empty()) && !self.lines.contains(line)
    }

    /// The service packs that the row is for on this line of Windows; `None` if it names none.
    pub fn packs_of(&self, line: &str) -> Option<&BTreeSet<String>> {
        self.packs.get(line).filter(|packs| !are_builds(packs))
    }

    /// The builds that the row is for on this line of Windows; `None` if it names none.
    pub fn builds_of(&self, line: &str) -> Option<&BTreeSet<String>> {
        self.packs.get(line).filter(|packs| are_builds(packs))
    }

    /// True if a build of Windows 10 or later is named, for this edition if it is known.
    pub(crate) fn names_build(&self, line: &str, build: u32, edition: Option<Edition>) -> bool {
        let name = build.to_string();
        let is_named = self.builds_of(line).is_some_and(|builds| builds.contains(&name));
        is_named && edition.is_none_or(|own| self.of_builds.get(&name).is_none_or(|of| of.has(own)))
    }

    /// Whether the clients or the servers of this line are named.
    pub(crate) fn editions_of(&self, line: &str) -> Editions {
        self.editions.get(line).copied().unwrap_or_default()
    }

    /// True if this line is the only Windows named.
    pub fn is_only(&self, line: &str) -> bool {
        !self.others && self.lines.len() == 1 && self.lines.contains(line)
    }
}

impl Named {
    /// Adds a line that is named without service packs; `release` is the service pack with whose numbers it was released.
    pub(super) fn add_whole(&mut self, line: &str, release: Option<&str>, editions: Editions) {
        let first = release.map(level).unwrap_or_default();
        // The lowest of several names.
        let known = self.whole.contains(line).then(|| self.first.get(line).copied().unwrap_or_default());
        self.first.insert(line.to_owned(), known.map_or(first, |known| known.min(first)));
        self.add(line, &BTreeSet::new(), editions);
    }

    /// Adds a line, with the named service packs or builds; the whole line where there are none.
    pub(super) fn add(&mut self, line: &str, packs: &BTreeSet<String>, editions: Editions) {
        self.lines.insert(line.to_owned());
        self.editions.entry(line.to_owned()).or_insert(editions).add(editions);
        if are_builds(packs) {
            packs.iter().for_each(|build| self.of_builds.entry(build.clone()).or_insert(editions).add(editions));
        }
        if packs.is_empty() {
            self.whole.insert(line.to_owned());
        } else {
            self.packs.entry(line.to_owned()).or_default().extend(packs.iter().cloned());
        }
    }
}
