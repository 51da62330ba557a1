//! Client or server: two editions of Windows with the same updates.

use std::fmt;

/// Whether a Windows is a client or a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Edition {
    /// Windows 7, 10, 11 and others.
    Client,
    /// Windows Server.
    Server,
}

impl Edition {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Client, Self::Server];

    /// The stable name: `client`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }

    /// The edition of this [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|edition| edition.name() == name)
    }

    /// The edition of a release of Windows with builds: `Windows 10 22H2`, `Windows Server 2019`.
    pub fn of_release(name: &str) -> Self {
        if name.contains("Server") { Self::Server } else { Self::Client }
    }

    /// True for a server.
    pub fn is_server(self) -> bool {
        self == Self::Server
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
