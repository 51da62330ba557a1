//! The name that a user gives to a system: "nt4", "Windows XP SP3", "Windows 7 Ultimate", "Windows 10 22H2".

use super::builds::builds_named;
use super::mention::words;
use super::product_table::{LINE_OF_BUILDS, Products, plain};

/// What the name of a system says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SystemName<'a> {
    /// The release line of Windows.
    pub line: &'a str,
    /// The service pack at the end of the name: `3`, `6a`, `RTM`.
    pub pack: Option<String>,
}

impl Products {
    /// The system that a name stands for: a name or short name of Windows, perhaps with an edition, a release of Windows
    /// 10 and later, or a service pack. `None` for a name with any other word.
    pub fn system_named(&self, name: &str) -> Option<SystemName<'_>> {
        let of_line = |line| SystemName { line, pack: None };
        let plain = plain(name);
        let with_pack = || {
            let (system, pack) = split_pack(&plain)?;
            Some(SystemName { line: self.line_of_edition(system)?, pack: Some(pack) })
        };
        self.line_of_edition(&plain)
            .map(of_line)
            .or_else(with_pack)
            .or_else(|| names_release(name).then(|| of_line(LINE_OF_BUILDS)))
    }

    /// The line of a plain name, with or without words for editions after it.
    fn line_of_edition(&self, plain: &str) -> Option<&str> {
        let mut rest = plain;
        loop {
            if let Some(line) = self.line_of_plain(rest) {
                // Windows XP for 64-bit processors has the numbers of Server 2003, or is of Itanium.
                let is_64_bit_xp = line == "Windows XP" && plain[rest.len()..].contains("64");
                return Some(line).filter(|_| !is_64_bit_xp);
            }
            rest = self.editions().filter_map(|edition| rest.strip_suffix(edition)).min_by_key(|rest| rest.len())?;
        }
    }
}

/// A plain name that ends with a service pack, and that: `windowsxpsp3` is `windowsxp` and `3`.
fn split_pack(plain: &str) -> Option<(&str, String)> {
    if let Some(system) = plain.strip_suffix("rtm").or_else(|| plain.strip_suffix("gold")) {
        return Some((system, "RTM".to_owned()));
    }
    let (before, pack) = plain.rsplit_once("sp").or_else(|| plain.rsplit_once("servicepack"))?;
    let digits = pack.trim_end_matches(['a', 'b']);
    let is_pack = digits.len() == 1 && digits.bytes().all(|byte| byte.is_ascii_digit()) && pack.len() <= 2;
    is_pack.then(|| (before, pack.to_owned()))
}

/// True for the name of one release of Windows 10 or later: "Windows 10 22H2", "Win11 24H2", "Server, version 1903".
fn names_release(name: &str) -> bool {
    let text = name.to_lowercase();
    let mut own: Vec<&str> = words(&text).filter(|word| !matches!(*word, "microsoft" | "windows" | "win")).collect();
    if let Some(first) = own.first_mut() {
        *first = first.strip_prefix("win").unwrap_or(first);
    }
    let is_windows = own.first().is_some_and(|first| matches!(*first, "10" | "11" | "server"));
    own.insert(0, "windows");
    is_windows && builds_named(&own).len() == 1
}
