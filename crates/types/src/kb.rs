//! Knowledge Base article ids, in every spelling people use.

use std::fmt;
use std::str::FromStr;

/// The number of a Microsoft Knowledge Base article.
///
/// Reads `Q265433`, `KB265433`, `265433`, `kb 265433`, `KB-265433`. Prints `Q…` below 400000 and `KB…` from there on,
/// as the articles themselves changed their prefix.
///
/// ```
/// use hotfixcheck_types::KbId;
/// let id: KbId = "kb 265433".parse().unwrap();
/// assert_eq!(id.to_string(), "Q265433");
/// assert_eq!("836769".parse::<KbId>().unwrap().to_string(), "KB836769");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KbId(u32);

/// A text that is not an article id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KbIdError {
    /// The text as given.
    pub text: String,
}

impl fmt::Display for KbIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        write!(f, "'{text}' is not a Knowledge Base id: expected 4 to 8 digits, as in Q265433, KB836769 or 265433")
    }
}

impl std::error::Error for KbIdError {}

impl KbId {
    /// Ids below this number are printed with `Q`, the others with `KB`.
    pub const FIRST_KB: u32 = 400_000;

    /// An id from its number. The archive's lowest is Q10022; the longest known have seven digits.
    pub fn new(number: u32) -> Option<Self> {
        (1_000..100_000_000).contains(&number).then_some(Self(number))
    }

    /// The number without prefix.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl FromStr for KbId {
    type Err = KbIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || KbIdError { text: text.to_owned() };
        let text_only = text.trim();
        let without = |prefix: &str| {
            let (start, rest) = text_only.split_at_checked(prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then_some(rest)
        };
        let bare = without("kb").or_else(|| without("q")).unwrap_or(text_only);
        let digits = bare.trim_start_matches([' ', '-', '\u{a0}']);
        if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        digits.parse().ok().and_then(Self::new).ok_or_else(error)
    }
}

impl fmt::Display for KbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.0 < Self::FIRST_KB { "Q" } else { "KB" };
        f.pad(&format!("{prefix}{}", self.0))
    }
}
