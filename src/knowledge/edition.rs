//! Client and server with the same kernel: Windows 7 and Windows Server 2008 R2, Windows XP x64 and Windows Server
//! 2003.

pub(crate) use hotfixcheck_types::Edition;

use super::mention::words;

/// The edition by `ProductType` of a registry (Q152078); `None` for any other word.
fn of_product_type(text: &str) -> Option<Edition> {
    match text.trim().to_ascii_lowercase().as_str() {
        "winnt" => Some(Edition::Client),
        "servernt" | "lanmannt" => Some(Edition::Server),
        _ => None,
    }
}

/// The edition by both values of a registry. From Windows 10 on, the name decides where it says which: Windows Enterprise
/// multi-session is a client, but its `ProductType` is that of servers
/// (learn.microsoft.com/azure/virtual-desktop/windows-10-multisession-faq).
pub(crate) fn edition_of_registry(name: Option<&str>, product_type: Option<&str>, is_10: bool) -> Option<Edition> {
    let by_name = name.map(of_product_name);
    let says = name.map(str::to_ascii_lowercase).is_some_and(|name| {
        let names = ["server", "windows 10", "windows 11"];
        is_10 && names.into_iter().any(|word| name.contains(word))
    });
    match product_type {
        Some(_) if says => by_name,
        Some(text) => of_product_type(text),
        None => by_name,
    }
}

/// The edition by `ProductName` of a registry: `Windows 8.1 Pro`, `Windows Server 2012 R2 Standard`.
fn of_product_name(text: &str) -> Edition {
    if text.to_ascii_lowercase().contains("server") { Edition::Server } else { Edition::Client }
}

/// The edition that a user's name of a system says: `Windows Server 2019`, `2008 R2`, `win10 22H2`. `None` for the name of a
/// release line that has both, and for one that has neither.
pub(crate) fn edition_named(name: &str) -> Option<Edition> {
    const CLIENTS: [&str; 7] = ["xp", "vista", "7", "8", "8.1", "10", "11"];
    const SERVERS: [&str; 9] = ["2003", "2008", "2012", "2016", "2019", "2022", "2025", "2k3", "2k8"];
    let text = name.to_lowercase();
    let own: Vec<&str> = words(&text).collect();
    if own.contains(&"later") {
        return None;
    }
    let is_client = |word: &&str| {
        let bare = word.strip_prefix("win").unwrap_or(word);
        CLIENTS.contains(&bare) || matches!(bare, "professional" | "workstation")
    };
    // "Windows 10 Enterprise LTSC 2019" is a client: a year is a server's only where nothing says otherwise.
    let is_of_year = |word: &&str| SERVERS.iter().any(|year| word.ends_with(year)) || word.starts_with("ws");
    let says_server = text.contains("server");
    match own.iter().any(is_client) {
        true => (!says_server).then_some(Edition::Client),
        false => (says_server || own.iter().any(is_of_year)).then_some(Edition::Server),
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

    /// True if servers alone are named: "Windows Server 2016 and later" has no clients.
    pub(super) fn are_servers(self) -> bool {
        self == Self::Only(Edition::Server)
    }

    /// True if no edition is in both.
    pub(crate) fn are_others_than(self, other: Self) -> bool {
        matches!((self, other), (Self::Only(one), Self::Only(two)) if one != two)
    }
}

#[cfg(test)]
mod tests {
    use super::{Edition, edition_named};

    /// `--os` says which of two editions with the same updates it is (issue 15).
    #[test]
    fn the_name_of_a_system_says_whether_it_is_a_server() {
        for name in
            ["Windows Server 2019", "2008 R2", "ws2012", "win2k8 r2", "Server, version 1903", "Windows 2000 Server"]
        {
            assert_eq!(edition_named(name), Some(Edition::Server), "{name}");
        }
        for name in
            ["Windows 10", "win11 24H2", "xp", "Windows 7 SP1", "Windows 10 Enterprise LTSC 2019", "8.1", "winxp"]
        {
            assert_eq!(edition_named(name), Some(Edition::Client), "{name}");
        }
        for name in ["Windows 7 and Server 2008 R2", "Windows 10 and later", "Windows NT 4.0", "Windows 2000", "nt4"] {
            assert_eq!(edition_named(name), None, "{name}");
        }
    }
}
