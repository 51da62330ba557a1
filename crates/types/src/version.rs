//! File versions: numbers separated by dots, compared only if the comparison means something.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// The most components a version has: `4.71.1008.3.1` in articles has five.
pub const MAX_COMPONENTS: usize = 5;

/// A number of so many digits fits into a component.
const MOST_DIGITS: usize = 9;

/// A file version of one to five decimal components.
///
/// A component that is not printed is *absent*, not zero. `4.10.1998` (the string of a Windows 9x file) and
/// `4.10.0.1998` (the same file's fixed version) are different texts of one build. Versions with a different number of
/// components are therefore **not comparable**, and [`FileVersion::partial_cmp`] returns `None`.
///
/// ```
/// use hotfixcheck_types::FileVersion;
/// let v = |t: &str| t.parse::<FileVersion>().unwrap();
/// assert_eq!(v("5.00.2195.2100"), v("5.0.2195.2100"));
/// assert!(v("4.0.1381.7097") > v("4.0.1381.336"));
/// assert_eq!(v("4.10.1998").partial_cmp(&v("4.10.0.1998")), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileVersion {
    parts: [u32; MAX_COMPONENTS],
    len: u8,
}

/// A text that is not a file version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError {
    /// The text as given.
    pub text: String,
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        write!(
            f,
            "'{text}' is not a file version: expected 1 to {MAX_COMPONENTS} decimal numbers separated by dots, "
        )?;
        f.write_str("as in 4.0.1381.7097")
    }
}

impl std::error::Error for VersionError {}

impl FileVersion {
    /// A version from its components; `None` if there are none or more than [`MAX_COMPONENTS`].
    pub fn new(components: &[u32]) -> Option<Self> {
        if components.is_empty() || components.len() > MAX_COMPONENTS {
            return None;
        }
        let mut parts = [0; MAX_COMPONENTS];
        parts[..components.len()].copy_from_slice(components);
        Some(Self { parts, len: components.len() as u8 })
    }

    /// The four numbers of a `VS_FIXEDFILEINFO` version.
    pub fn fixed(major: u16, minor: u16, build: u16, revision: u16) -> Self {
        let parts = [major.into(), minor.into(), build.into(), revision.into(), 0];
        Self { parts, len: 4 }
    }

    /// A version that is nothing but short numbers and dots, as nearly all are; `None` for any other text.
    fn of_plain(text: &str) -> Option<Self> {
        let mut parts = [0u32; MAX_COMPONENTS];
        let (mut len, mut digits) = (0, 0);
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' if digits < MOST_DIGITS => {
                    parts[len] = parts[len] * 10 + u32::from(byte - b'0');
                    digits += 1;
                }
                b'.' if digits > 0 && len + 1 < MAX_COMPONENTS => {
                    len += 1;
                    digits = 0;
                }
                _ => return None,
            }
        }
        (digits > 0).then_some(Self { parts, len: len as u8 + 1 })
    }

    /// The components that are present.
    pub fn components(&self) -> &[u32] {
        &self.parts[..usize::from(self.len)]
    }

    /// The version at the start of a resource's `FileVersion` string: `5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)`, `4,
    /// 0, 1381, 7`, `6.00.8169`. `None` if the text does not begin with a version, or if letters follow the number
    /// directly (`1.0.2d` is not 1.0.2).
    pub fn from_resource_string(text: &str) -> Option<Self> {
        if let Some(plain) = Self::of_plain(text) {
            return Some(plain);
        }
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        let mut parts = [0u32; MAX_COMPONENTS];
        let mut len = 0;
        let mut rest = text;
        loop {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 || len == MAX_COMPONENTS {
                return None;
            }
            parts[len] = rest[..digits].parse().ok()?;
            len += 1;
            rest = &rest[digits..];
            let after = rest.trim_start();
            match after.strip_prefix(['.', ',']) {
                Some(next) if next.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
                    rest = next.trim_start();
                }
                _ => break,
            }
        }
        let ends_cleanly = rest.chars().next().is_none_or(|c| c.is_whitespace() || c == '(' || c == '\0');
        ends_cleanly.then_some(Self { parts, len: len as u8 })
    }
}

impl PartialOrd for FileVersion {
    /// Numeric order of versions with the same number of components; `None` for others.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.len == other.len).then(|| self.components().cmp(other.components()))
    }
}

impl FromStr for FileVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(plain) = Self::of_plain(text) {
            return Ok(plain);
        }
        let error = || VersionError { text: text.to_owned() };
        let mut parts = [0u32; MAX_COMPONENTS];
        let mut len = 0;
        for component in text.trim().split('.') {
            if len == MAX_COMPONENTS || component.is_empty() || !component.bytes().all(|b| b.is_ascii_digit()) {
                return Err(error());
            }
            parts[len] = component.parse().map_err(|_| error())?;
            len += 1;
        }
        Ok(Self { parts, len: len as u8 })
    }
}

impl fmt::Display for FileVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Thousands of versions are printed, so no text is allocated for each number.
        let mut text = [0u8; MAX_COMPONENTS * (u32::MAX.ilog10() as usize + 2)];
        let mut start = text.len();
        for (place, &component) in self.components().iter().enumerate().rev() {
            let mut rest = component;
            loop {
                start -= 1;
                text[start] = b'0' + (rest % 10) as u8;
                rest /= 10;
                if rest == 0 {
                    break;
                }
            }
            if place > 0 {
                start -= 1;
                text[start] = b'.';
            }
        }
        f.pad(std::str::from_utf8(&text[start..]).unwrap_or_default())
    }
}
