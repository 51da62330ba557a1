//! Patterns for paths below a root, as used in policies.

use globset::{Candidate, GlobBuilder, GlobSet, GlobSetBuilder};

use super::RelativePath;

/// A pattern for paths below a root: `*`, `?`, `[a-z]`, `{a,b}` inside a component, `**` for any number of components.
///
/// `/` separates components, and so does `\`, as in Windows paths; case is ignored, as on Windows. A pattern without a
/// separator matches a name in any folder. A pattern that matches a folder matches everything below it.
///
/// ```
/// use hotfixcheck::inventory::{PathGlob, RelativePath};
/// let glob: PathGlob = r"WINNT\System32\*.exe".parse().unwrap();
/// assert!(glob.matches(&RelativePath::from("winnt/system32/TAPISRV.EXE")));
/// assert!(!glob.matches(&RelativePath::from("winnt/system32/drivers/a.exe")));
/// ```
#[derive(Clone, Debug)]
pub struct PathGlob {
    text: String,
    matcher: GlobSet,
}

/// The longest pattern, in bytes: the longest path of Linux.
const MAX_PATTERN_BYTES: usize = 4096;
/// The deepest nesting of braces, because the parser is recursive.
const MAX_DEPTH: usize = 16;

/// How deep the braces of a pattern are nested.
fn depth(pattern: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for byte in pattern.bytes() {
        match byte {
            b'{' => now += 1,
            b'}' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// Why a text is not a valid pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathGlobError {
    /// It is empty.
    #[error("an empty pattern matches nothing: write ** for every path")]
    Empty,
    /// It is not relative.
    #[error("invalid pattern '{0}': give a path relative to the scanned folder, as reports show it")]
    NotRelative(String),
    /// Its brackets or braces are invalid.
    #[error("invalid pattern '{text}': {what}")]
    Syntax {
        /// The text as given.
        text: String,
        /// The reason.
        what: String,
    },
}

impl PathGlob {
    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True if it [matches](Self::matches) the path (for an image, the path below the volume) or the [lasting
    /// path](crate::inventory::Inventory::lasting_path).
    pub fn matches_file(&self, path: &RelativePath, lasting: &RelativePath) -> bool {
        self.matches(path) || self.matches(&path.in_volume()) || (lasting != path && self.matches(lasting))
    }

    /// True if it matches the path or a folder above it.
    pub fn matches(&self, path: &RelativePath) -> bool {
        let bytes = path.as_bytes();
        let ends = bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'/').map(|(place, _)| place);
        ends.chain([bytes.len()]).any(|end| self.matcher.is_match_candidate(&Candidate::from_bytes(&bytes[..end])))
    }
}

impl std::str::FromStr for PathGlob {
    type Err = PathGlobError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let slashed = text.trim().replace('\\', "/");
        let pattern = slashed.strip_prefix("./").unwrap_or(&slashed).trim_end_matches('/');
        if slashed.starts_with('/') || slashed.as_bytes().get(1) == Some(&b':') || slashed.split('/').any(|c| c == "..")
        {
            return Err(PathGlobError::NotRelative(text.to_owned()));
        }
        if pattern.is_empty() {
            return Err(PathGlobError::Empty);
        }
        if pattern.len() > MAX_PATTERN_BYTES {
            let shown: String = text.chars().take(40).collect();
            let what = format!("{} bytes, the limit is {MAX_PATTERN_BYTES}", pattern.len());
            return Err(PathGlobError::Syntax { text: format!("{shown}…"), what });
        }
        let syntax =
            |error: globset::Error| PathGlobError::Syntax { text: text.to_owned(), what: error.kind().to_string() };
        if depth(pattern) > MAX_DEPTH {
            let what = format!("braces in braces, more than {MAX_DEPTH} deep");
            return Err(PathGlobError::Syntax { text: text.to_owned(), what });
        }
        let anywhere = if pattern.contains('/') { "" } else { "**/" };
        let glob = GlobBuilder::new(&format!("{anywhere}{pattern}"))
            .case_insensitive(true)
            .literal_separator(true)
            .backslash_escape(false)
            .build()
            .map_err(syntax)?;
        // A set of one pattern: a single pattern would panic if it is too large to compile.
        let matcher = GlobSetBuilder::new().add(glob).build().map_err(syntax)?;
        Ok(Self { text: text.to_owned(), matcher })
    }
}

impl PartialEq for PathGlob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PathGlob {}
