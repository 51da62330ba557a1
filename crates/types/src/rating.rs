//! The vendor's ratings of vulnerabilities, and whether an update needs a restart.

use std::fmt;

/// The severity of a vulnerability in the vendor's words, from the lowest to the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Severity {
    /// Hard to exploit, or of little effect.
    Low,
    /// Mitigated by default settings or by the need to be signed in.
    Moderate,
    /// Data or services may be compromised.
    Important,
    /// Code may run without a warning.
    Critical,
}

impl Severity {
    /// Every rating, from the lowest to the highest.
    pub const ALL: [Self; 4] = [Self::Low, Self::Moderate, Self::Important, Self::Critical];

    /// The stable name: `critical`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::Important => "important",
            Self::Critical => "critical",
        }
    }

    /// The rating of this [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether an update needs a restart, from never to always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Restart {
    /// No restart is needed.
    No,
    /// Only if the files are in use.
    Maybe,
    /// A restart is needed.
    Required,
}

impl Restart {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::No, Self::Maybe, Self::Required];

    /// The stable name: `required`.
    pub fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Maybe => "maybe",
            Self::Required => "required",
        }
    }

    /// The value of this [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|restart| restart.name() == name)
    }
}

impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
