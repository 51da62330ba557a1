//! Builds and products in the vendor's spelling, and in the one that systems and files have: `10.0.19045.3930` of
//! `Windows 10, version 22H2` is `19045.3930` of `Windows 10 22H2`, `15.0.2104.1` of SQL Server is `2019.150.2104`.

use hotfixcheck_types::FileVersion;

use crate::builds::{HOTPATCH, SQL_FILE, contradicts_sql_branch, is_sql_branch, sql_branch, sql_build};
use crate::builds::{sql_file_version, windows_product, windows_products};

/// Words that only the clients of a build number have in their names, in lower case.
const OF_CLIENTS: [&str; 7] = ["10", "11", "7", "8", "8.1", "vista", "client"];

/// A build in the spelling that is compared, its product and version; `None` if it is so already, or not understood.
///
/// ```
/// use hotfixcheck_facts::spelling::as_compared;
/// let of = |product, version, file| as_compared(product, version, file).unwrap();
/// assert_eq!(of("Windows 10", "10.0.19045.3930", None), ("Windows 10 22H2".into(), "19045.3930".into()));
/// assert_eq!(
///     of("SQL Server 2019", "15.0.2104.1", Some("sqlservr.exe")),
///     ("SQL Server 2019 RTM GDR".into(), "2019.150.2104".into())
/// );
/// assert_eq!(as_compared("Windows 10 22H2", "19045.3930", None), None);
/// ```
pub fn as_compared(product: &str, version: &str, file: Option<&str>) -> Option<(String, String)> {
    let numbers: FileVersion = version.parse().ok()?;
    let read = match file {
        None => windows(product, &numbers),
        Some(file) if file.eq_ignore_ascii_case(SQL_FILE) => sql(product, version, &numbers),
        Some(_) => None,
    };
    read.filter(|(name, number)| (&**name, &**number) != (product, version))
}

fn windows(product: &str, version: &FileVersion) -> Option<(String, String)> {
    let (build, revision) = match *version.components() {
        // Nearly all: nothing is allocated.
        [build, _] if [false, true].into_iter().any(|server| windows_product(build, server) == Some(product)) => {
            return None;
        }
        [build, revision] | [10, 0, build, revision] => (build, revision),
        [6, 0..=3, build, revision] if build >= 6000 => (build, revision),
        _ => return None,
    };
    let hotpatch = product.len().checked_sub(HOTPATCH.len()).and_then(|at| product.split_at_checked(at));
    let (base, suffix) = match hotpatch {
        Some((base, end)) if end.eq_ignore_ascii_case(HOTPATCH) => (base, HOTPATCH),
        _ => (product, ""),
    };
    let name = windows_name(base, build).unwrap_or(base);
    Some((format!("{name}{suffix}"), format!("{build}.{revision}")))
}

/// The product that a name means for a build number. A name that is none of the known ones does not decide, the number
/// does: where a client and a server have it, the word "server". A known name of another number stays: the two
/// contradict each other. `None` for a name that does not say which of two it is, and a number of no Windows.
///
/// ```
/// use hotfixcheck_facts::spelling::windows_name;
/// assert_eq!(windows_name("Windows Server", 26_100), Some("Windows Server 2025"));
/// assert_eq!(windows_name("Windows", 26_100), None);
/// ```
pub fn windows_name(text: &str, build: u32) -> Option<&'static str> {
    let (client, server) = (windows_product(build, false), windows_product(build, true));
    client.or(server)?;
    let words = plain(text);
    let own = |name: &str| client == Some(name) || server == Some(name);
    let named = windows_products().map(|(_, name)| name).filter(|name| is_called(&words, name));
    // "Windows Server 2012 R2" begins with the name of another one; a name of two numbers is the one of this number.
    if let Some(name) = named.max_by_key(|name| (base(name).len(), own(name))) {
        return Some(name);
    }
    if is_of_other_release(&words, client.into_iter().chain(server)) {
        return None;
    }
    match (client, server) {
        (Some(only), None) | (None, Some(only)) => Some(only),
        _ => {
            let has = |word: &str| words.split(' ').any(|own| own == word);
            if has("server") { server } else { client.filter(|_| OF_CLIENTS.into_iter().any(has)) }
        }
    }
}

/// True for a name of another release than these, though no release has it: "Windows 11 23H3" of 22631. The year of a
/// long-term release (LTSC 2019) is not in the names of its number.
fn is_of_other_release<'n>(words: &str, own: impl Iterator<Item = &'n str> + Clone) -> bool {
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_half = |word: &str| match word.as_bytes() {
        [a, b, h, c] => h.eq_ignore_ascii_case(&b'h') && [a, b, c].into_iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let own: Vec<String> = own.flat_map(|name| name.split(' ')).map(str::to_lowercase).collect();
    let is_other = |is_one: &dyn Fn(&str) -> bool| {
        let (mut said, mut known) =
            (words.split(' ').filter(|word| is_one(word)), own.iter().filter(|word| is_one(word)));
        known.next().is_some() && said.clone().next().is_some() && !said.any(|word| own.iter().any(|own| own == word))
    };
    let is_long_term = words.split(' ').any(|word| matches!(word, "ltsc" | "ltsb"));
    !is_long_term && (is_other(&is_year) || is_other(&is_half))
}

/// A name in lower case, without what the vendor writes or leaves out: "Microsoft Windows 10, version 22H2".
fn plain(name: &str) -> String {
    let text = name.to_lowercase().replace([',', '(', ')', ':'], " ");
    let words: Vec<&str> = text.split_whitespace().filter(|word| !matches!(*word, "microsoft" | "version")).collect();
    words.join(" ").replace("windows server 2022 23h2 edition", "windows server 23h2")
}

/// A product's name without its service pack, which the vendor writes in other places.
fn base(name: &str) -> &str {
    name.split_once(" SP").map_or(name, |(base, _)| base)
}

fn is_called(words: &str, name: &str) -> bool {
    let rest = words.strip_prefix(&base(name).to_lowercase());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn sql(product: &str, printed: &str, version: &FileVersion) -> Option<(String, String)> {
    let (build, version) = match sql_build(version) {
        Some(build) => (build, printed.to_owned()),
        None => (*version, sql_file_version(version)?.to_string()),
    };
    let branch =
        sql_branch(&build).filter(|_| !is_sql_branch(product, &build) && !contradicts_sql_branch(product, &build));
    Some((branch.unwrap_or_else(|| product.to_owned()), version))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(product: &str, version: &str) -> String {
        written(product, version, None)
    }

    fn written(product: &str, version: &str, file: Option<&str>) -> String {
        let same = || (product.to_owned(), version.to_owned());
        let (product, version) = as_compared(product, version, file).unwrap_or_else(same);
        format!("{product} {version}")
    }

    /// Issue 15: a build under any name but the program's own was for another product.
    #[test]
    fn names_of_windows() {
        for name in [
            "Windows 10 22H2",
            "Windows 10, version 22H2",
            "Windows 10",
            "windows 10 22h2",
            "Microsoft Windows 10 22H2",
            "Windows 10 Version 22H2 for x64-based Systems",
            "Windows 10  22H2",
            "Windows",
        ] {
            assert_eq!(of(name, "10.0.19045.3930"), "Windows 10 22H2 19045.3930", "{name}");
        }
        for name in ["Windows 11", "Windows 11, version 23H2"] {
            assert_eq!(of(name, "22631.3007"), "Windows 11 23H2 22631.3007", "{name}");
        }
        for name in [
            "Windows Server 2022 Datacenter",
            "Windows Server 2022 (Server Core installation)",
            "Windows Server 2022 Datacenter: Azure Edition",
            "Microsoft server operating system version 21H2",
        ] {
            assert_eq!(of(name, "20348.2227"), "Windows Server 2022 20348.2227", "{name}");
        }
        assert_eq!(of("windows server 2022 hotpatch", "20348.2091"), "Windows Server 2022 Hotpatch 20348.2091");
        assert_eq!(of("Windows Server 2022, 23H2 Edition", "25398.1251"), "Windows Server 23H2 25398.1251");
        assert_eq!(of("Windows Server, version 1809", "17763.1"), "Windows Server 2019 17763.1");
        assert_eq!(of("Windows 10 Enterprise LTSC 2019", "17763.1"), "Windows 10 1809 17763.1");
        assert_eq!(of("Windows Server 2012 R2", "6.3.9600.22267"), "Windows Server 2012 R2 9600.22267");
        let seven = "Windows 7 for x64-based Systems Service Pack 1";
        assert_eq!(of(seven, "6.1.7601.27415"), "Windows 7 SP1 7601.27415");
        // What contradicts its number, and what does not say which of two it is, stays.
        assert_eq!(of("Windows Server 2022", "19045.3930"), "Windows Server 2022 19045.3930");
        assert_eq!(of("Windows 11 23H3", "22631.9999"), "Windows 11 23H3 22631.9999");
        assert_eq!(of("Windows Server 2026", "26100.3930"), "Windows Server 2026 26100.3930");
        assert_eq!(of("Windows Server, version 24H2", "26100.3930"), "Windows Server 2025 26100.3930");
        assert_eq!(of("Datacenter", "26100.3930"), "Datacenter 26100.3930");
        assert_eq!(of("Windows 10", "27842.1000"), "Windows 10 27842.1000");
        assert_eq!(of("Some tool", "4.8.4690.0"), "Some tool 4.8.4690.0");
    }

    #[test]
    fn names_are_those_of_the_tables() {
        for (build, name) in windows_products() {
            assert_eq!(of(name, &format!("{build}.1")), format!("{name} {build}.1"));
        }
    }

    /// Issue 15: a number of SQL Server was compared with the file's number, which is of another series.
    #[test]
    fn builds_of_sql_server() {
        let of = |product: &str, version: &str| written(product, version, Some("SQLSERVR.EXE"));
        assert_eq!(of("SQL Server 2019 RTM GDR", "15.0.2104.1"), "SQL Server 2019 RTM GDR 2019.150.2104");
        assert_eq!(of("SQL Server 2019", "2019.150.4298.1"), "SQL Server 2019 RTM CU 2019.150.4298.1");
        assert_eq!(of("Microsoft SQL Server 2019 (GDR)", "15.0.2104"), "SQL Server 2019 RTM GDR 2019.150.2104");
        assert_eq!(of("SQL Server 2008 SP4 GDR", "10.0.6556"), "SQL Server 2008 SP4 GDR 2007.100.6556");
        assert_eq!(of("SQL Server 2019 (GDR)", "15.0.4298"), "SQL Server 2019 (GDR) 2019.150.4298");
        assert_eq!(of("SQL Server 2019", "99.1.2"), "SQL Server 2019 99.1.2");
    }
}
