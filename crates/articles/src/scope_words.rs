//! Words by which a text widens or narrows the products that it names: "and later", "except". See
//! `crates/articles/data/scope-words.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

const TABLE: &str = include_str!("../data/scope-words.tsv");

/// The words, grouped by what they do.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct ScopeWords {
    /// Words that exclude the text after them.
    pub except: Vec<&'static str>,
    /// Words that exclude the text before them.
    pub excepted: Vec<&'static str>,
    /// After a joining word: includes everything later.
    pub later: Vec<&'static str>,
    /// After a joining word: includes everything earlier.
    pub earlier: Vec<&'static str>,
    /// After a name: includes everything later.
    pub more: Vec<&'static str>,
    /// After a name: includes everything earlier.
    pub less: Vec<&'static str>,
    /// Words before "later" and "earlier".
    pub joining: Vec<&'static str>,
    /// Words that may be between a joining word and "later" or "earlier".
    pub filling: Vec<&'static str>,
    /// Includes everything between two names or service packs.
    pub through: Vec<&'static str>,
    /// Before "service pack": the release without one.
    pub without: Vec<&'static str>,
    /// Before a name: only what is earlier.
    pub below: Vec<&'static str>,
    /// Before a name: only what is later.
    pub above: Vec<&'static str>,
    /// Before a name: the name and everything later.
    pub from: Vec<&'static str>,
    /// Before a name: the name and everything earlier.
    pub upto: Vec<&'static str>,
    /// The release without a service pack.
    pub release: Vec<&'static str>,
    /// Words that may be before a name that has its own service packs.
    pub plain: Vec<&'static str>,
    /// Words that exclude only the next word.
    pub non: Vec<&'static str>,
    /// Products with their own release lines.
    pub product: Vec<&'static str>,
    /// Computers that are not of the PC/AT kind, with files of their own.
    pub board: Vec<&'static str>,
    /// The possible uses of each word; for a phrase those of its first word.
    uses: HashMap<&'static str, u16, RandomState>,
}

/// The possible uses of a word of a text, so that most words need only one lookup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses(u16);

impl Uses {
    const EXCEPT: u16 = 1;
    const BOUND: u16 = 2;
    const LATER: u16 = 4;
    const EARLIER: u16 = 8;
    const MORE: u16 = 16;
    const LESS: u16 = 32;
    const JOINING: u16 = 64;
    const FILLING: u16 = 128;
    const PLAIN: u16 = 256;

    /// True if an exception may begin with it.
    pub fn may_except(self) -> bool {
        self.0 & Self::EXCEPT != 0
    }

    /// True if words that bound what follows, or that name the release without a service pack, may begin with it.
    pub fn may_bound(self) -> bool {
        self.0 & Self::BOUND != 0
    }

    /// True for words such as "later", which count only after a joining word ("and later").
    pub fn is_later(self) -> bool {
        self.0 & Self::LATER != 0
    }

    /// True for words such as "earlier", which count only after a joining word ("and earlier").
    pub fn is_earlier(self) -> bool {
        self.0 & Self::EARLIER != 0
    }

    /// True for words after a name that include everything later.
    pub fn is_more(self) -> bool {
        self.0 & Self::MORE != 0
    }

    /// True for words after a name that include everything earlier.
    pub fn is_less(self) -> bool {
        self.0 & Self::LESS != 0
    }

    /// True for "and", "or".
    pub fn is_joining(self) -> bool {
        self.0 & Self::JOINING != 0
    }

    /// True for words that may be between "and" and "later".
    pub fn is_filling(self) -> bool {
        self.0 & Self::FILLING != 0
    }

    /// True for words that may be before a name that has its own service packs.
    pub fn is_plain(self) -> bool {
        self.0 & Self::PLAIN != 0
    }
}

impl ScopeWords {
    /// The possible uses of a word in lower case.
    pub fn uses(&self, word: &str) -> Uses {
        Uses(self.uses.get(word).copied().unwrap_or_default())
    }

    fn index(&mut self) {
        let kinds: [(u16, &[&Vec<&'static str>]); 9] = [
            (Uses::EXCEPT, &[&self.except, &self.without, &self.non]),
            (Uses::BOUND, &[&self.below, &self.above, &self.from, &self.upto, &self.release]),
            (Uses::LATER, &[&self.later]),
            (Uses::EARLIER, &[&self.earlier]),
            (Uses::MORE, &[&self.more]),
            (Uses::LESS, &[&self.less]),
            (Uses::JOINING, &[&self.joining]),
            (Uses::FILLING, &[&self.filling]),
            (Uses::PLAIN, &[&self.plain]),
        ];
        let mut uses: HashMap<&'static str, u16, RandomState> = HashMap::default();
        for (kind, phrases) in kinds {
            for phrase in phrases.iter().copied().flatten() {
                let first = phrase.split([' ', '\'']).next().unwrap_or_default();
                *uses.entry(first).or_default() |= kind;
            }
        }
        self.uses = uses;
    }
}

/// The table that ships with the program.
pub static SCOPE_WORDS: LazyLock<ScopeWords> = LazyLock::new(|| {
    let mut words = ScopeWords::default();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let kind = match columns.next().unwrap_or_default() {
            "except" => &mut words.except,
            "excepted" => &mut words.excepted,
            "later" => &mut words.later,
            "earlier" => &mut words.earlier,
            "more" => &mut words.more,
            "less" => &mut words.less,
            "joining" => &mut words.joining,
            "filling" => &mut words.filling,
            "through" => &mut words.through,
            "without" => &mut words.without,
            "below" => &mut words.below,
            "above" => &mut words.above,
            "from" => &mut words.from,
            "upto" => &mut words.upto,
            "release" => &mut words.release,
            "plain" => &mut words.plain,
            "non" => &mut words.non,
            "product" => &mut words.product,
            "board" => &mut words.board,
            _ => continue,
        };
        kind.extend(columns.next().unwrap_or_default().split(';').map(str::trim));
    }
    words.index();
    words
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_words_of_each_kind_and_no_other_kind() {
        let words = &*SCOPE_WORDS;
        for kind in [
            &words.except,
            &words.excepted,
            &words.later,
            &words.earlier,
            &words.more,
            &words.less,
            &words.joining,
            &words.filling,
            &words.through,
            &words.without,
            &words.below,
            &words.above,
            &words.from,
            &words.upto,
            &words.release,
            &words.plain,
            &words.non,
            &words.product,
        ] {
            assert!(!kind.is_empty() && kind.iter().all(|word| !word.is_empty() && word.to_lowercase() == *word));
        }
        let kinds = TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').count());
        assert!(kinds.into_iter().all(|columns| columns == 3));
    }
}
