//! Ids of vulnerabilities and of security bulletins.

use std::fmt;
use std::str::FromStr;

/// The id of a vulnerability: `CVE-2008-4250`. The former candidate ids (`CAN-2003-0352`) are the same ids.
///
/// ```
/// use hotfixcheck_facts::CveId;
/// let id: CveId = "CAN-2003-0352".parse()?;
/// assert_eq!(id.to_string(), "CVE-2003-0352");
/// # Ok::<(), hotfixcheck_facts::IdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CveId {
    year: u16,
    number: u32,
}

/// The id of a security bulletin: `MS05-040`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BulletinId {
    year: u16,
    number: u16,
}

/// A text that is not a valid id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{}' is not {expected}", shown(.text))]
pub struct IdError {
    /// The text as given.
    pub text: String,
    /// What was expected, with an example.
    pub expected: &'static str,
}

/// A text as errors show it: its first characters, with control characters escaped.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut out: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    out
}

fn digits<T: FromStr>(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<T> {
    let fits = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

impl BulletinId {
    /// The year of its number.
    pub(crate) fn year(&self) -> i16 {
        self.year as i16
    }
}

impl FromStr for CveId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = || {
            let bare = text.trim();
            let (prefix, rest) = bare.split_at_checked(4)?;
            if !prefix.eq_ignore_ascii_case("cve-") && !prefix.eq_ignore_ascii_case("can-") {
                return None;
            }
            let (year, number) = rest.split_once('-')?;
            Some(Self { year: digits(year, 4..=4)?, number: digits(number, 4..=9)? })
        };
        parsed().ok_or_else(|| IdError { text: text.to_owned(), expected: "a CVE id, as in CVE-2008-4250" })
    }
}

impl FromStr for BulletinId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = || {
            let bare = text.trim();
            let (prefix, rest) = bare.split_at_checked(2)?;
            if !prefix.eq_ignore_ascii_case("ms") {
                return None;
            }
            let (year, number) = rest.split_once('-')?;
            let year: u16 = digits(year, 2..=2)?;
            // The first bulletin was published in 1998, the last one in 2017.
            let year = if year >= 98 { 1900 + year } else { 2000 + year };
            Some(Self { year, number: digits(number, 3..=3)? })
        };
        parsed().ok_or_else(|| IdError { text: text.to_owned(), expected: "a security bulletin, as in MS05-040" })
    }
}

impl fmt::Display for CveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("CVE-{}-{:04}", self.year, self.number))
    }
}

impl fmt::Display for BulletinId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("MS{:02}-{:03}", self.year % 100, self.number))
    }
}
