//! Service packs in a text, with the words that extend them to a range: "SP2 and later", "SP2 through SP4", "prior to
//! SP2".

use std::collections::BTreeSet;

use hotfixcheck_articles::{SCOPE_WORDS, Uses};

/// The highest number of a service pack of any Windows.
const LAST_PACK: u32 = 6;

/// The service packs of Windows by name: `RTM`, `1` and so on.
pub(super) fn all_packs() -> impl Iterator<Item = String> {
    (0..=LAST_PACK).flat_map(at_level)
}

/// The service packs of this level: SP6a of Windows NT 4.0 is one of its own beside SP6.
fn at_level(level: u32) -> impl Iterator<Item = String> {
    std::iter::once(named(level)).chain((level == LAST_PACK).then(|| format!("{level}a")))
}

/// Which releases are meant besides, or instead of, the named one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// The named one and later ones.
    From,
    /// The named one and earlier ones.
    UpTo,
    /// Only later ones.
    Above,
    /// Only earlier ones.
    Below,
}

impl Bound {
    /// The bound at the beginning of these words, and its number of words.
    pub(super) fn at(words: &[&str]) -> Option<(Self, usize)> {
        let tables = &*SCOPE_WORDS;
        if !words.first().is_some_and(|word| tables.uses(word).may_bound()) {
            return None;
        }
        let kinds = [
            (Self::Below, &tables.below),
            (Self::Above, &tables.above),
            (Self::From, &tables.from),
            (Self::UpTo, &tables.upto),
        ];
        let of = |(bound, phrases): (Self, &Vec<&'static str>)| Some((bound, length_of(words, phrases)?));
        kinds.into_iter().filter_map(of).max_by_key(|(_, length)| *length)
    }

    /// The bound at the end of the words before a mention: "versions earlier than" Windows Vista, "from" Windows XP SP2
    /// "on".
    pub(super) fn at_end(before: &[&str], mention: &[&str]) -> Option<Self> {
        let is_from = before.last() == Some(&"from") && mention.last().is_some_and(|last| is_onward(last));
        let of = |at: usize| Self::at(&before[at..]).filter(|(_, length)| at + length == before.len());
        let bound = (0..before.len()).find_map(of).map(|(bound, _)| bound);
        if is_from { Some(Self::From) } else { bound }
    }

    /// The bound in the words after a name: "and all later versions", "and earlier".
    pub(super) fn behind(words: &[&str]) -> Option<Self> {
        let uses: Vec<Uses> = words.iter().map(|word| SCOPE_WORDS.uses(word)).collect();
        let has = |joined: fn(Uses) -> bool, alone: fn(Uses) -> bool| {
            is_joined(words, &uses, joined) || uses.iter().any(|of| alone(*of))
        };
        match () {
            () if has(Uses::is_later, Uses::is_more) => Some(Self::From),
            () if has(Uses::is_earlier, Uses::is_less) => Some(Self::UpTo),
            () => None,
        }
    }

    /// The service packs that the bound includes; `first` and `last` are the lowest and highest that are named. SP6a comes after
    /// SP6 where a range begins or ends at it; "SP6 or earlier" and "later than SP6" take both for one.
    fn packs(self, first: Rank, last: Rank) -> Vec<String> {
        let is_in = |own: Rank| match self {
            Self::From => own >= first,
            Self::Above => own.0 > last.0,
            Self::UpTo => own.0 <= last.0,
            Self::Below => own < first,
        };
        all_packs().filter(|pack| is_in(rank(pack))).collect()
    }
}

fn is_onward(word: &str) -> bool {
    matches!(word, "on" | "onward" | "onwards" | "upward" | "upwards")
}

/// The number of words of the longest phrase with which the words begin.
fn length_of(words: &[&str], phrases: &[&str]) -> Option<usize> {
    let length = |phrase: &&str| {
        let mut own = phrase.split(' ');
        let count = own.clone().count();
        (words.len() >= count && words[..count].iter().all(|word| own.next() == Some(word))).then_some(count)
    };
    phrases.iter().filter_map(length).max()
}

/// True if one of the words follows a joining word: "and later", "and all later versions"; not "and up to".
fn is_joined(words: &[&str], uses: &[Uses], is_it: fn(Uses) -> bool) -> bool {
    let is_joined = |at: usize| {
        let before = uses[..at].iter().rev().find(|of| !of.is_filling());
        before.is_some_and(|of| of.is_joining()) && words.get(at + 1).is_none_or(|next| *next != "to")
    };
    (0..words.len()).any(|at| is_it(uses[at]) && is_joined(at))
}

/// The service packs in some words (`service pack 2`, `sp2`, `sp1 and sp2`, `sp2 through sp4`, `rtm`).
#[derive(Debug, Default)]
pub(super) struct PackWords {
    /// By name: `RTM`, `2`.
    pub packs: BTreeSet<String>,
    /// The indices of the words that are their numbers.
    pub numbers: BTreeSet<usize>,
    last: Option<u32>,
    through: bool,
    bound: Option<Bound>,
    /// "with or without Service Pack 2": the service pack does not matter.
    is_either: bool,
}

impl PackWords {
    /// Reads the words; `bound` is the bound before them.
    pub(super) fn read(words: &[&str], bound: Option<Bound>) -> Self {
        let tables = &*SCOPE_WORDS;
        let mut read = Self { bound, ..Self::default() };
        let mut at = 0;
        while let Some(word) = words.get(at).copied() {
            let next = |offset: usize| words.get(at + offset).copied().unwrap_or_default();
            if let Some((bound, length)) = Bound::at(&words[at..]) {
                read.bound = Some(bound);
                at += length;
                continue;
            }
            let releases: &[&str] = if tables.uses(word).may_bound() { &tables.release } else { &[] };
            if let Some(length) = length_of(&words[at..], releases) {
                read.packs.insert("RTM".to_owned());
                read.last = Some(0);
                at += length;
                continue;
            }
            if let Some(pack) = word.strip_prefix("sp").and_then(number) {
                read.add(pack);
                // `SP2/3`
                while let Some(pack) = words.get(at + 1).and_then(|word| number(word)).filter(|own| is_pack_level(own))
                {
                    at += 1;
                    read.numbers.insert(at);
                    read.add(pack);
                }
            } else if word == "sp" || (word == "service" && matches!(next(1), "pack" | "packs")) {
                let is_without = is_without(&words[..at]);
                at += usize::from(word != "sp");
                if is_without && words.get(at + 1).is_none_or(|word| number(word).is_none()) {
                    read.packs.insert("RTM".to_owned());
                }
                // `service pack 2 and 3`, `service packs 2 through 4`
                let is_between =
                    |word: &str| word == "to" || tables.uses(word).is_joining() || tables.through.contains(&word);
                while let Some(word) = words.get(at + 1).filter(|w| number(w).is_some() || is_between(w)) {
                    at += 1;
                    read.through |= tables.through.contains(word) || *word == "to";
                    if let Some(pack) = number(word) {
                        read.numbers.insert(at);
                        read.add(pack);
                    }
                }
            } else {
                read.through |= tables.through.contains(&word) || (word == "to" && read.last.is_some());
                let is_joined = || at > 0 && tables.uses(words[at - 1]).is_joining();
                read.is_either |= tables.without.contains(&word) && is_joined();
            }
            at += 1;
        }
        if let Some(bound) = Bound::behind(words).filter(|_| !read.packs.is_empty()) {
            let told = || read.packs.iter().map(|pack| rank(pack));
            let (first, last) = (told().min().unwrap_or_default(), told().max().unwrap_or_default());
            read.packs.extend(bound.packs(first, last));
        }
        read
    }

    fn add(&mut self, pack: String) {
        let own = level(&pack);
        let through = std::mem::take(&mut self.through);
        match (self.bound.take(), self.last, through) {
            _ if self.is_either => {}
            (Some(bound), ..) => self.packs.extend(bound.packs(rank(&pack), rank(&pack))),
            (None, Some(first), true) => {
                self.packs.extend((first..own).map(named));
                self.packs.extend([named(own), pack]);
            }
            (None, None, true) => self.packs.extend(Bound::UpTo.packs(rank(&pack), rank(&pack))),
            (None, ..) => {
                self.packs.insert(pack);
            }
        }
        self.last = Some(own);
    }
}

/// The number of a service pack; 0 for the release without a service pack.
pub(super) fn level(pack: &str) -> u32 {
    pack.trim_end_matches('a').parse().unwrap_or_default()
}

/// The place of a service pack among the others: its number, and whether it is SP6a.
type Rank = (u32, bool);

fn rank(pack: &str) -> Rank {
    (level(pack), pack.ends_with('a'))
}

/// The name of a service pack by its number.
pub(super) fn named(level: u32) -> String {
    if level == 0 { "RTM".to_owned() } else { level.to_string() }
}

/// True for a number that a service pack may have.
fn is_pack_level(pack: &str) -> bool {
    (1..=LAST_PACK).contains(&level(pack))
}

fn number(word: &str) -> Option<String> {
    let word = match word.trim_start_matches('0') {
        "" => word,
        plain => plain,
    };
    let digits = word.strip_suffix('a').unwrap_or(word);
    // SP1a of Windows XP has the versions of SP1; SP6a of Windows NT 4.0 is a service pack of its own.
    let own = if word == "6a" { word } else { digits };
    (!digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| own.to_owned())
}

/// True if the words end with "without", "no", "without a".
fn is_without(words: &[&str]) -> bool {
    let phrase = words[words.len().saturating_sub(2)..].join(" ");
    let before = |own: &&str| phrase.strip_suffix(own);
    SCOPE_WORDS.without.iter().filter_map(before).any(|before| before.is_empty() || before.ends_with(' '))
}
