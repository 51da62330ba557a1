//! Patterns for paths below a root, as policies write them.

use globset::{Candidate, GlobBuilder, GlobMatcher};

use super::RelativePath;

/// A pattern for paths below a root: `*`, `?`, `[a-z]`, `{a,b}` inside a component, `**` for any number of components.
///
/// `/` separates components, and so does `\`, as Windows writes paths; case says nothing, as on Windows. A pattern
/// without a separator speaks of a name in any folder. What matches a folder matches everything below it.
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
    matcher: GlobMatcher,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathGlobError {
    /// There is nothing in it.
    #[error("an empty pattern matches nothing: write ** for every path")]
    Empty,
    /// It is not relative.
    #[error("invalid pattern '{0}': give a path relative to the scanned folder, as reports show it")]
    NotRelative(String),
    /// Its brackets or braces are wrong.
    #[error("invalid pattern '{text}': {what}")]
    Syntax {
        /// The text as given.
        text: String,
        /// What is wrong.
        what: String,
    },
}

impl PathGlob {
    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True if it matches the path or a folder that the path lies in.
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
        let anywhere = if pattern.contains('/') { "" } else { "**/" };
        let glob = GlobBuilder::new(&format!("{anywhere}{pattern}"))
            .case_insensitive(true)
            .literal_separator(true)
            .backslash_escape(false)
            .build()
            .map_err(|error| PathGlobError::Syntax { text: text.to_owned(), what: error.kind().to_string() })?;
        Ok(Self { text: text.to_owned(), matcher: glob.compile_matcher() })
    }
}

impl PartialEq for PathGlob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PathGlob {}
