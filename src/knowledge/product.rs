//! The names of products in articles: the release lines and service packs of Windows that a text names.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::builds::{Builds, all_builds, are_builds, between, bounded, builds_named, builds_of_10, names_of};
use super::edition::Editions;
use super::mention::{Mention, begins_short, mentions, packs_alone, short_name, words};
use super::pack_words::{Bound, all_packs};
use super::product_table::{LINE_OF_BUILDS, Products, plain};
use super::product_windows::windows_of;
use super::scope::{Named, Scope};
use hotfixcheck_articles::{Article, Clauses, SCOPE_WORDS, find_word};

/// The lines of Windows that are no releases of Windows NT.
const NOT_NT: [&str; 4] = ["Windows 95", "Windows 98", "Windows 98 Second Edition", "Windows Me"];

impl Products {
    /// The systems that a row's heading names; `None` if it names no Windows.
    pub fn scope_of_heading(&self, heading: &str) -> Option<Scope> {
        self.scope_in(&Clauses::of(&heading.to_lowercase()))
    }

    /// As [`scope_of_heading`](Self::scope_of_heading), for the clauses of a heading in lower case.
    pub(super) fn scope_in(&self, heading: &Clauses) -> Option<Scope> {
        let mut scope = Scope { only_windows: true, ..Scope::default() };
        scope.add(&self.named_in(heading));
        (scope.others || !scope.lines.is_empty()).then_some(scope)
    }

    /// The systems that an article's product list names.
    pub fn scope_of(&self, article: &Article) -> Scope {
        Scope::of_list(article.products.iter().map(|product| Cow::Owned(self.named(product))))
    }

    /// The line of the Windows that a product's name is: "Windows Vista" is of "Windows Vista and Server 2008". `None` for
    /// other products, also for those on a Windows.
    pub(crate) fn line_of_windows(&self, product: &str) -> Option<String> {
        let named = self.named(product);
        let is_one = named.is_windows
            && named.lines.len() == 1
            && !product.contains(" on ")
            && begins_with_windows(&product.to_lowercase());
        named.lines.into_iter().next().filter(|_| is_one)
    }

    /// The systems that a text names.
    pub(super) fn named(&self, text: &str) -> Named {
        self.named_in(&Clauses::of(&text.to_lowercase()))
    }

    /// The systems that the clauses of a text in lower case name.
    pub(super) fn named_in(&self, clauses: &Clauses) -> Named {
        let mut read = self.read(&clauses.named);
        // "All except Windows 2000", "other than Windows 2000"
        let is_plain = |word| SCOPE_WORDS.uses(word).is_filling() || SCOPE_WORDS.uses(word).is_plain();
        read.is_general |= words(&clauses.named).all(is_plain);
        if !clauses.excepted.is_empty() {
            self.except(&mut read, &clauses.excepted);
        }
        // "NEC PC-98": its files are for no PC/AT.
        let is_board = SCOPE_WORDS.board.iter().any(|board| find_word(&clauses.named, board).is_some());
        let is_at = || words(&clauses.named).any(|word| matches!(word, "at" | "ibm" | "compatible" | "compatibles"));
        if is_board && !is_at() {
            read.named = Named { others: true, is_windows: true, ..Named::default() };
        }
        read.named
    }

    /// The systems that a text without exceptions names.
    fn read(&self, text: &str) -> Read {
        let mut read = Read::default();
        let is_component = |mention: &Mention| mention.second.is_some_and(|word| self.components.contains(word));
        let mut is_windows = false;
        // The first name of a range: "Windows 2000 through Windows Server 2003".
        let mut start: Option<usize> = None;
        // The releases before the range's "through": "Windows 10 version 1703 through Windows 10 version 1809".
        let mut start_of_builds: Option<Builds> = None;
        // "XP/2003" is read as "Windows XP/2003".
        let full;
        let mut all = mentions(text);
        if all.is_empty() && (self.begins_with_short_name(text) || self.is_list_of_short_names(text)) {
            full = format!("windows {text}");
            all = mentions(&full);
            if !all.iter().all(|mention| self.names.iter().any(|name| name.fits(self.bits(mention)))) {
                all.clear();
            }
        }
        if all.is_empty() {
            self.read_short(text, &mut read);
            // "OS Build 14393", "10.0.14393", "19041-19045"
            let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '.').collect();
            let is_of_range = |word: &str| SCOPE_WORDS.through.contains(&word);
            let states_build =
                words.iter().any(|word| *word == "build" || word.starts_with("10.0.") || is_of_range(word));
            let builds = if states_build { builds_named(&words) } else { Builds::new() };
            if !builds.is_empty() {
                read.named.add(LINE_OF_BUILDS, &names_of(&builds), Editions::default());
            }
        }
        let names_windows = all.iter().any(|mention| !is_component(mention));
        for mention in all.into_iter().filter(|mention| !is_component(mention) && !mention.is_bundle) {
            let own = self.bits(&mention);
            let fitting: Vec<usize> = (0..self.names.len()).filter(|&place| self.names[place].fits(own)).collect();
            let (first, last) = (fitting.first().copied(), fitting.last().copied());
            read.is_general |= first.is_none();
            // In "Windows XP and later" the bound is for Windows; in "Windows XP SP2 or later" it is for the service
            // packs.
            let bound = mention.bound.filter(|_| mention.packs.is_empty());
            let range = match (first, last, start.take(), bound) {
                (Some(first), _, Some(start), _) if start < first => &self.names[start..first],
                (Some(first), _, _, Some(Bound::From)) => &self.names[first..],
                (Some(first), _, _, Some(Bound::UpTo | Bound::Below)) => &self.names[..first],
                (_, Some(last), _, Some(Bound::Above)) => &self.names[last + 1..],
                _ => &[],
            };
            // "Windows NT 4.0 and later" is not for Windows 98.
            let is_nt = mention.words.first() == Some(&"winnt");
            let is_in_range = |line: &&String| !(is_nt && NOT_NT.contains(&line.as_str()));
            start = first.filter(|_| mention.through);
            if first.is_some() {
                read.last.clear();
            }
            let is_meant = !matches!(bound, Some(Bound::Above | Bound::Below));
            let own_lines = || fitting.iter().flat_map(|&place| &self.names[place].lines);
            let has_builds = own_lines().any(|line| line == LINE_OF_BUILDS);
            let builds = if has_builds { builds_named(&mention.words) } else { Builds::new() };
            let is_plain = builds.is_empty() && bound.is_none() && !mention.through && start_of_builds.is_none();
            let builds = if is_plain && has_builds { builds_of_10(&mention.words) } else { builds };
            let builds = match (start_of_builds.take().and_then(|of| of.first().copied()), bound) {
                (_, Some(bound)) => bounded(bound, &builds),
                (Some(first), None) => builds.last().map(|last| between(first, *last).collect()).unwrap_or_default(),
                (None, None) => builds,
            };
            if mention.through && !builds.is_empty() {
                start_of_builds = Some(builds.clone());
            }
            let packs_of_builds = names_of(&builds);
            // Releases of this line differ by their builds.
            let is_bound = |line: &String| !builds.is_empty() && own_lines().any(|own| own == line);
            if !is_meant {
                own_lines().filter(|line| is_bound(line)).for_each(|line| {
                    read.named.add(line, &packs_of_builds, Editions::default());
                });
            }
            for name in fitting.iter().map(|&place| &self.names[place]).filter(|_| is_meant) {
                is_windows = true;
                read.named.others |= name.lines.is_empty();
                read.explicit.extend(name.lines.iter().cloned());
                read.last.extend(name.lines.iter().cloned());
                let packs = if builds.is_empty() { name.packs(&mention.packs) } else { packs_of_builds.clone() };
                // A range includes clients and servers: "Windows 7 and later".
                let is_of_servers = has_builds && name.editions.are_servers();
                let is_whole = range.is_empty() || is_of_servers;
                let editions = if is_whole { name.editions } else { Editions::default() };
                for line in &name.lines {
                    match packs.is_empty() {
                        true => read.named.add_whole(line, name.release.as_deref(), editions),
                        false => read.named.add(line, &packs, editions),
                    }
                }
            }
            // "Windows NT" stands for its earlier releases, too: each release has a name of its own.
            range
                .iter()
                .filter(|name| name.lines.len() == 1)
                .flat_map(|name| &name.lines)
                .filter(|line| !is_bound(line) && is_in_range(line))
                .for_each(|line| read.named.add(line, &BTreeSet::new(), Editions::default()));
        }
        // "Internet Explorer 6 on Windows XP" and "Indexing Service (Windows 2000)" are for that Windows alone.
        let is_on_windows = || {
            const ON: [&str; 5] =
                [" on windows ", " for windows ", " on microsoft windows ", " for microsoft windows ", " (windows "];
            ON.iter().any(|on| text.contains(on))
        };
        // A short name: "Small Business Server 2003".
        is_windows |= !read.explicit.is_empty();
        read.named.is_windows =
            is_windows && (begins_with_windows(text) || self.begins_with_system(text) || is_on_windows());
        // "IIS 5.0" is of Windows 2000, "MS-DOS" and "Macintosh" are of none. "Macintosh and Windows" is of some.
        let is_open = read.named.lines.is_empty() && !read.named.others;
        let of_product = is_open.then(|| windows_of(text, &self.on_windows)).flatten();
        if let Some(of_product) = of_product.filter(|found| !names_windows || !found.lines.is_empty()) {
            read.named.others = of_product.lines.is_empty();
            read.named.is_windows = of_product.is_whole;
            for line in &of_product.lines {
                read.named.add_whole(line, None, Editions::default());
            }
        }
        read
    }

    /// The words of a mention that names have, as bits.
    fn bits(&self, mention: &Mention) -> u128 {
        let bit = |word: &&str| self.words.get(*word).map_or(0, |bit| 1u128 << bit);
        mention.words.iter().map(bit).fold(0, |all, bit| all | bit)
    }

    /// True for a text that begins with a Windows in another way than with "Windows": "Win11 22H2", "All versions of Windows 11".
    fn begins_with_system(&self, text: &str) -> bool {
        let is_before = |word: &&str| {
            let uses = SCOPE_WORDS.uses(word);
            uses.is_filling() || uses.is_joining() || uses.is_plain()
        };
        let rest: Vec<&str> = words(text).skip_while(is_before).collect();
        rest.first().is_some_and(|first| *first == "windows" || begins_short(first))
            || self.begins_with_short_name(&rest.join(" "))
    }

    fn begins_with_short_name(&self, text: &str) -> bool {
        short_name(text, |name| self.line_named(name).is_some()).is_some()
    }

    /// True for short names alone, of which one has a letter: "2000/XP/2003", "7/2008 R2".
    fn is_list_of_short_names(&self, text: &str) -> bool {
        let mut parts = text.split(['/', ',', '&']).map(str::trim).filter(|part| !part.is_empty()).peekable();
        let first = parts.peek().is_some_and(|first| first.starts_with(|c: char| c.is_ascii_digit()));
        first && text.contains(char::is_alphabetic) && parts.all(|part| self.line_named(part).is_some())
    }

    /// Reads a text that begins with a short name: "XP SP2", "Win2K SP4".
    fn read_short(&self, text: &str, read: &mut Read) {
        // Most texts begin with a word of no short name.
        let first = words(text).find(|word| *word != "microsoft").map(plain);
        if first.is_some_and(|first| !self.begins_alias(&first)) {
            return;
        }
        let short = short_name(text, |name| self.line_named(name).is_some());
        let Some((name, packs)) = short else { return };
        if let Some(line) = self.line_named(&name) {
            read.named.add(line, &packs, Editions::default());
            read.explicit.insert(line.to_owned());
            read.last.insert(line.to_owned());
        }
    }

    /// Removes excepted releases: "Windows 10 except version 1507".
    fn except_builds(&self, named: &mut Named, excepted: &Named, text: &str) {
        let line = LINE_OF_BUILDS;
        if !named.lines.contains(line) || named.whole.contains(line) && named.packs.contains_key(line) {
            return;
        }
        let words: Vec<&str> =
            ["windows", "10"].into_iter().chain(text.split(|c: char| !c.is_alphanumeric())).collect();
        let alone = if excepted.lines.is_empty() { names_of(&builds_named(&words)) } else { BTreeSet::new() };
        let taken = excepted.packs.get(line).filter(|packs| are_builds(packs)).unwrap_or(&alone);
        let own = named.packs.get(line).filter(|packs| are_builds(packs)).cloned();
        let own = own.unwrap_or_else(|| names_of(&all_builds().collect()));
        let left: BTreeSet<String> = own.difference(taken).cloned().collect();
        if !taken.is_empty() && !left.is_empty() {
            named.whole.remove(line);
            named.packs.insert(line.to_owned(), left);
        }
    }

    /// Removes what the text excepts.
    fn except(&self, read: &mut Read, text: &str) {
        let excepted = self.read(text).named;
        let named = &mut read.named;
        // "All supported versions of Windows except Windows Vista"
        if named.lines.is_empty() && read.is_general && !excepted.lines.is_empty() {
            self.lines().for_each(|line| named.add(line, &BTreeSet::new(), Editions::default()));
        }
        self.except_builds(named, &excepted, text);
        // An excepted edition does not remove a line that the text names by itself: "Windows Server 2003 except Windows
        // Server 2003 R2".
        for line in excepted.whole.iter().filter(|line| !read.explicit.contains(*line)) {
            named.lines.remove(line);
            named.packs.remove(line);
            named.whole.remove(line);
        }
        // "Windows 2000, Windows XP (except SP1)": the service pack belongs to the name before it.
        let alone = if excepted.lines.is_empty() { packs_alone(text) } else { BTreeSet::new() };
        let of_last = read.last.iter().map(|line| (line, &alone)).filter(|_| !alone.is_empty());
        for (line, packs) in excepted.packs.iter().chain(of_last) {
            let own = named.packs.get(line).filter(|_| !named.whole.contains(line));
            let own = own.cloned().unwrap_or_else(|| all_packs().collect());
            let left: BTreeSet<String> = own.difference(packs).cloned().collect();
            if named.lines.contains(line) && !left.is_empty() {
                named.whole.remove(line);
                named.packs.insert(line.clone(), left);
            }
        }
    }
}

/// The systems that a text without exceptions names, and how it names them.
#[derive(Default)]
struct Read {
    named: Named,
    /// The lines that are named by themselves, not by "and later".
    explicit: BTreeSet<String>,
    /// The lines of the last name.
    last: BTreeSet<String>,
    /// Windows is named without a release.
    is_general: bool,
}

/// True for a text in lower case that begins with "Windows".
fn begins_with_windows(text: &str) -> bool {
    text.trim_start_matches("microsoft ").starts_with("windows")
}
