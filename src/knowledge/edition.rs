//! Client and server with the same kernel: Windows 7 and Windows Server 2008 R2, Windows XP x64 and Windows Server
//! 2003.

/// Whether a system is a client or a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edition {
    Client,
    Server,
}

impl Edition {
    /// The edition by `ProductType` of a registry (Q152078); `None` for any other word.
    pub(crate) fn of_product_type(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "winnt" => Some(Self::Client),
            "servernt" | "lanmannt" => Some(Self::Server),
            _ => None,
        }
    }

    /// The edition by both values. From Windows 10 on, the name decides where it says which: Windows Enterprise
    /// multi-session is a client, but its `ProductType` is that of servers
    /// (learn.microsoft.com/azure/virtual-desktop/windows-10-multisession-faq).
    pub(crate) fn of_registry(name: Option<&str>, product_type: Option<&str>, is_10: bool) -> Option<Self> {
        let by_name = name.map(Self::of_product_name);
        let says = name.map(str::to_ascii_lowercase).is_some_and(|name| {
            let names = ["server", "windows 10", "windows 11"];
            is_10 && names.into_iter().any(|word| name.contains(word))
        });
        match product_type {
            Some(_) if says => by_name,
            Some(text) => Self::of_product_type(text),
            None => by_name,
        }
    }

    /// True for a server.
    pub(crate) fn is_server(self) -> bool {
        self == Self::Server
    }

    /// The edition by `ProductName` of a registry: `Windows 8.1 Pro`, `Windows Server 2012 R2 Standard`.
    pub(crate) fn of_product_name(text: &str) -> Self {
        if text.to_ascii_lowercase().contains("server") { Self::Server } else { Self::Client }
    }
}

/// Which of the two a name stands for; both, if it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Editions {
    #[default]
    Both,
    Only(Edition),
}

impl Editions {
    /// Reads a column of `data/windows.tsv`; `None` if it is not understood.
    pub(super) fn read(column: Option<&str>) -> Option<Self> {
        match column {
            None | Some("" | "-") => Some(Self::Both),
            Some("client") => Some(Self::Only(Edition::Client)),
            Some("server") => Some(Self::Only(Edition::Server)),
            Some(_) => None,
        }
    }

    /// Adds the editions of another name.
    pub(super) fn add(&mut self, other: Self) {
        if *self != other {
            *self = Self::Both;
        }
    }

    /// True if this is one of them.
    pub(crate) fn has(self, edition: Edition) -> bool {
        self == Self::Both || self == Self::Only(edition)
    }

    /// True if no edition is in both.
    pub(crate) fn are_others_than(self, other: Self) -> bool {
        matches!((self, other), (Self::Only(one), Self::Only(two)) if one != two)
    }
}
