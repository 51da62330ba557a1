//! A pattern that is searched only in texts with words that every match of it contains. Most texts lack them, and a search
//! for a few words costs a fraction of one for a pattern with names and gaps.

use std::sync::LazyLock;

use regex::{Captures, Regex, bytes};

/// A pattern with its words.
pub(crate) struct Guarded {
    words: LazyLock<bytes::Regex>,
    pattern: LazyLock<Regex>,
}

impl Guarded {
    /// Both are compiled when they are first needed.
    pub(crate) const fn new(words: LazyLock<bytes::Regex>, pattern: LazyLock<Regex>) -> Self {
        Self { words, pattern }
    }

    fn may_match(&self, text: &str) -> bool {
        let may_match = self.words.is_match(text.as_bytes());
        debug_assert!(
            may_match || !self.pattern.is_match(text),
            "{} lacks words of {}",
            self.words.as_str(),
            *self.pattern
        );
        may_match
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.pattern.is_match(text)
    }

    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.may_match(text).then(|| self.pattern.captures(text))?
    }

    pub(crate) fn captures_iter<'t>(&'static self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.may_match(text).then(|| self.pattern.captures_iter(text)).into_iter().flatten()
    }
}

/// A [`Guarded`] pattern: the words, then the pattern.
macro_rules! guarded {
    ($words:expr, $text:expr) => {
        $crate::guarded::Guarded::new($crate::vocabulary::byte_pattern!($words), $crate::vocabulary::pattern!($text))
    };
}

pub(crate) use guarded;
