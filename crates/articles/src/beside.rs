//! Which headings apply to a table together: `x86-based versions` below `Windows Server 2003` is for both.
//!
//! Two headings go in; the joint text comes out if both apply. The callers find the headings and know which is the
//! outer one.

use std::sync::LazyLock;

use regex::bytes;

use super::cells;
use super::heading::{heading_text, machine_word};
use super::names::{Named, Names, named};
use super::vocabulary::byte_pattern;

/// Service packs, and the release without one.
static PACK: LazyLock<bytes::Regex> = byte_pattern!(r"(?i)\b(?:service packs? ?[0-9]|sp ?[0-9]|rtm|gold)");

/// Files of a client.
static CLIENT: LazyLock<bytes::Regex> = byte_pattern!(r"(?i)\bclient");

/// Names of processors and of their sizes.
static PROCESSOR: LazyLock<bytes::Regex> =
    byte_pattern!(r"(?i)\b(?:x86|x64|amd64|arm64|itanium|ia-?64|32-? ?bit|64-? ?bit)");

/// Products that no table of names has, recognised by the word before their number: `Invented Server 2012`.
static NUMBERED: LazyLock<bytes::Regex> =
    byte_pattern!(r"(?i)\b(?:server|studio|center|manager|suite|services|runtime|edition|client|version) v?[0-9]");

/// A heading, and what it names.
struct Heading<'a> {
    text: &'a str,
    named: Named,
    names: Names,
}

impl<'a> Heading<'a> {
    fn of(text: &'a str) -> Self {
        let named = named(text);
        Self { text, names: named.kinds(), named }
    }

    fn has(&self, pattern: &bytes::Regex) -> bool {
        pattern.is_match(self.text.as_bytes())
    }

    fn names_product(&self) -> bool {
        self.names.system || self.names.component || self.has(&NUMBERED)
    }
}

/// True for a heading that names a system, a component or another product.
pub(crate) fn names_product(heading: &str) -> bool {
    Heading::of(heading).names_product()
}

/// True for a heading that names a processor or its size.
pub(crate) fn names_processor(heading: &str) -> bool {
    PROCESSOR.is_match(heading.as_bytes())
}

/// The joint text of a heading and of one inside it, if both apply to a table; `None` if the inner one is enough.
///
/// An outer product counts if the inner heading names no product; a system counts with a component, and the other way
/// round. A service pack counts if the inner heading names neither a pack nor a product. A processor counts if the
/// inner heading names none, unless the rows take it from the outer heading anyway.
pub(crate) fn beside(outer: &str, inner: &str) -> Option<String> {
    let outer_text = heading_text(outer);
    if outer_text.is_empty() || inner.is_empty() || inner.contains(outer_text) {
        return None;
    }
    let (outer, inner) = (Heading::of(outer_text), Heading::of(inner));
    match (outer.names, inner.names) {
        (Names { system: true, component: false }, Names { system: false, component: true }) => {
            return Some(format!("{} on {}", inner.text, outer.text));
        }
        (Names { system: false, component: true }, Names { system: true, component: false }) => {
            return Some(format!("{} on {}", outer.text, inner.text));
        }
        // `Data Access Components 2.8` below `Data Access Components on Windows 2000 (all versions)` (MS06-014).
        (Names { system: true, component: true }, Names { system: false, component: true }) => {
            return Some(format!("{} on {}", inner.text, outer.named.systems()));
        }
        _ => {}
    }
    let only_pack = || outer.has(&PACK) && !inner.has(&PACK) && !inner.names_product();
    let only_processor = || {
        outer.has(&PROCESSOR)
            && !inner.has(&PROCESSOR)
            && !cells::is_platform(outer.text)
            && machine_word(outer.text).is_none()
    };
    let both = match outer.names_product() {
        true => !inner.names_product() || outer.names.system && !inner.names.system,
        false => only_pack() || only_processor(),
    };
    // `Windows 2000 Client` is a mail client, not the client files for Windows 2000. A service pack stays next to its
    // system.
    let is_client = |text: &str| CLIENT.is_match(text.as_bytes());
    both.then(|| match inner.text.rsplit_once(", ") {
        _ if !outer.names.system || !is_client(inner.text) => format!("{}, {}", outer.text, inner.text),
        Some((pack, rest)) if !is_client(pack) => format!("{rest} on {}, {pack}", outer.text),
        _ => format!("{} on {}", inner.text, outer.text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 14: which headings apply together, whatever the layout.
    #[test]
    fn a_product_binds_beside_what_names_none() {
        let both = |outer, inner| beside(outer, inner).unwrap_or_default();
        assert_eq!(both("Windows Server 2003", "x86-based versions"), "Windows Server 2003, x86-based versions");
        assert_eq!(both("Windows Server 2003:", "Service Pack 2"), "Windows Server 2003, Service Pack 2");
        assert_eq!(both("SQL Server 2005", "Database Services"), "SQL Server 2005, Database Services");
        assert_eq!(both("Invented Server 2012", "Client"), "Invented Server 2012, Client");
        assert_eq!(both("Windows Server 2003", "Client"), "Client on Windows Server 2003");
        assert_eq!(both("Windows XP", "Outlook Express 6"), "Outlook Express 6 on Windows XP");
        assert_eq!(both("Outlook Express 6", "Windows XP"), "Outlook Express 6 on Windows XP");
        assert_eq!(
            both("MDAC on Windows 2000 (all versions)", "MDAC 2.8 Service Pack 1"),
            "MDAC 2.8 Service Pack 1 on Windows 2000"
        );
        assert_eq!(both("Service Pack 2", "Client"), "Service Pack 2, Client");
        assert_eq!(both("64-bit edition", "Windows XP"), "64-bit edition, Windows XP");
    }

    /// A system below another one is narrower, or a sibling. A processor that rows take from their heading is not
    /// repeated.
    #[test]
    fn a_product_replaces_its_own_kind() {
        assert_eq!(beside("Windows XP and Windows Server 2003", "Windows XP Service Pack 2"), None);
        assert_eq!(beside("SQL Server 2005", "SQL Server 2005 Reporting Services"), None);
        assert_eq!(beside("x64-based versions", "Windows XP"), None);
        assert_eq!(beside("x64-based versions", "Cable tools"), None);
        assert_eq!(beside("File information", "Client"), None);
        assert_eq!(beside("Windows Update", "Client"), None);
    }
}
