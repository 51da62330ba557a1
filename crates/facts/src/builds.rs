//! Builds of products: from the vendor's number to the number that a system or a file has.

use hotfixcheck_types::FileVersion;

use crate::model::{RequiredBuild, ShownBy, Version};
use crate::tables::{EXCHANGE_LINES, RELEASED, SQL_LINES, SqlLine, WINDOWS_LINES, WindowsLine};

/// SQL Server's file whose version is its build.
pub const SQL_FILE: &str = "sqlservr.exe";
/// Exchange's file whose version is its build.
pub const EXCHANGE_FILE: &str = "ExSetup.exe";

/// Builds 19041 to 19045 are one system with different features: an update has the same revision on all of them.
const ONE_SYSTEM: std::ops::RangeInclusive<u32> = 19041..=19045;

/// The product of a Windows by its build number: `Windows 10 22H2`, or the server of the same build.
///
/// ```
/// use hotfixcheck_facts::builds::windows_product;
/// assert_eq!(windows_product(17763, false), Some("Windows 10 1809"));
/// assert_eq!(windows_product(17763, true), Some("Windows Server 2019"));
/// assert_eq!(windows_product(20348, false), None);
/// ```
pub fn windows_product(build: u32, server: bool) -> Option<&'static str> {
    let line = WINDOWS_LINES.iter().find(|line| line.build == build)?;
    if server { line.server } else { line.client }
}

/// Every Windows by its build: `(17763, "Windows Server 2019")`.
pub fn windows_products() -> impl Iterator<Item = (u32, &'static str)> {
    WINDOWS_LINES
        .iter()
        .flat_map(|line| [line.client, line.server].into_iter().flatten().map(|name| (line.build, name)))
}

/// True for the revision that a Windows has as released, before its first update: no article brings it.
///
/// ```
/// use hotfixcheck_facts::builds::is_release;
/// assert!(is_release("Windows Server 2025", 26_100, 1_742) && is_release("Windows 11 24H2", 26_100, 1_742));
/// assert!(!is_release("Windows Server 2025", 26_100, 1_882));
/// ```
pub fn is_release(product: &str, build: u32, revision: u32) -> bool {
    RELEASED.contains(&(build, revision, product))
}

/// The first build of Windows 10: from it on, every update of Windows is cumulative.
pub const FIRST_CUMULATIVE: u32 = 10_240;

/// The suffix of the products of hotpatches, which have different builds from those of the month: `Windows Server 2022
/// Hotpatch 20348.2091` has the corrections of 20348.2113.
pub const HOTPATCH: &str = " Hotpatch";

/// A build of Windows as the system states it.
pub(crate) fn windows(product: &'static str, build: u32, revision: u32) -> Option<RequiredBuild> {
    let version = Version(FileVersion::new(&[build, revision])?);
    Some(RequiredBuild { product: product.to_owned(), shown_by: ShownBy::System, version })
}

/// The product and branch of a build of SQL Server, `15.0.4298`: `SQL Server 2019 RTM CU`.
///
/// ```
/// use hotfixcheck_facts::builds::sql_branch;
/// let build = |text: &str| text.parse().unwrap();
/// assert_eq!(sql_branch(&build("15.0.4298")).as_deref(), Some("SQL Server 2019 RTM CU"));
/// assert_eq!(sql_branch(&build("15.0.2101.7")).as_deref(), Some("SQL Server 2019 RTM GDR"));
/// ```
pub fn sql_branch(build: &FileVersion) -> Option<String> {
    sql_line(build).map(|line| format!("{} {}", line.product, line.branch))
}

/// True if systems of this branch accept a build of SQL Server: it is the build's own, or an older one.
pub fn is_sql_branch(branch: &str, build: &FileVersion) -> bool {
    let Some(line) = sql_line(build) else { return false };
    let rest = branch.strip_prefix(line.product).and_then(|rest| rest.strip_prefix(' '));
    rest.is_some_and(|rest| rest == line.branch || line.also == Some(rest))
}

/// The line of a build of SQL Server.
fn sql_line(build: &FileVersion) -> Option<&'static SqlLine> {
    let &[major, minor, patch, ..] = build.components() else { return None };
    let line = SQL_LINES.iter().rev().find(|line| line.from <= (major, minor, patch))?;
    (line.from.0 == major && line.from.1 == minor).then_some(line)
}

/// The version of `sqlservr.exe` for a build of SQL Server, in three numbers. The fourth is not in every source, and
/// the third identifies the build. `13.0.5888.11` is `2015.131.5888`.
pub fn sql_file_version(build: &FileVersion) -> Option<FileVersion> {
    let &[major, minor, patch, ..] = build.components() else { return None };
    let (year, number) = match (major, minor, patch) {
        (8, 0, _) => (2000, 80),
        (9, 0, _) => (2005, 90),
        (10, 0, _) => (2007, 100),
        (10, 50, _) => (2009, 100),
        (11, 0, _) => (2011, 110),
        (12, 0, _) => (2014, 120),
        // From Service Pack 2 on, 2016 has the number 131 (13.0.4604.0 is 2015.130.4604.0 in sqlserver-kit's list;
        // issue 15).
        (13, 0, ..5026) => (2015, 130),
        (13, 0, _) => (2015, 131),
        (14, 0, _) => (2017, 140),
        (15, 0, _) => (2019, 150),
        (16, 0, _) => (2022, 160),
        (17, 0, _) => (2025, 170),
        _ => return None,
    };
    FileVersion::new(&[year, number, patch])
}

/// The build of SQL Server from a version of `sqlservr.exe`; the reverse of [`sql_file_version`].
pub fn sql_build(file: &FileVersion) -> Option<FileVersion> {
    let &[year, number, patch, ..] = file.components() else { return None };
    let (major, minor) = match (year, number) {
        (2000, 80) => (8, 0),
        (2005, 90) => (9, 0),
        (2007, 100) => (10, 0),
        (2009, 100) => (10, 50),
        (2011, 110) => (11, 0),
        (2014, 120) => (12, 0),
        (2015, 130 | 131) => (13, 0),
        (2017, 140) => (14, 0),
        (2019, 150) => (15, 0),
        (2022, 160) => (16, 0),
        (2025, 170) => (17, 0),
        _ => return None,
    };
    FileVersion::new(&[major, minor, patch])
}

/// True if a product's name contradicts the branch of a build of SQL Server: another year or service pack, a cumulative
/// update for the branch of GDR updates, or the other way round. A name need not have all of these. The advisories have
/// the builds of KB5021037 "(GDR)" and KB5021045 "(CU 4)" swapped.
///
/// ```
/// use hotfixcheck_facts::builds::contradicts_sql_branch;
/// let contradicts = |product, build: &str| contradicts_sql_branch(product, &build.parse().unwrap());
/// assert!(contradicts("Microsoft SQL Server 2014 Service Pack 3 for x64-based Systems (GDR)", "12.0.6444.4"));
/// assert!(!contradicts("Microsoft SQL Server 2014 Service Pack 3 for x64-based Systems (CU 4)", "12.0.6444.4"));
/// ```
pub fn contradicts_sql_branch(product: &str, build: &FileVersion) -> bool {
    let Some(line) = sql_line(build) else { return false };
    let name = product.to_uppercase().replace("SERVICE PACK ", "SP").replace(['(', ')'], " ");
    let words: Vec<&str> = name.split_whitespace().collect();
    let starts = |word: &str, prefix: &str| {
        word.strip_prefix(prefix).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let has = |prefix: &str| words.iter().any(|word| starts(word, prefix));
    let year = line.product.rsplit(' ').find(|word| word.starts_with('2')).unwrap_or_default();
    let is_other_year = words.iter().any(|word| word.len() == 4 && starts(word, "20") && *word != year);
    let pack = words.iter().find(|word| word.len() > 2 && starts(word, "SP"));
    let is_other_pack = pack.is_some_and(|pack| line.branch.split(' ').next() != Some(pack));
    let takes = |branch: &str| [Some(line.branch), line.also].into_iter().flatten().any(|own| own.ends_with(branch));
    let is_gdr = takes("GDR");
    let is_later = takes("CU") || takes("QFE") || takes("Azure Connect");
    let is_other_branch = has("GDR") && !is_gdr && is_later || (has("CU") || has("QFE")) && is_gdr && !is_later;
    is_other_year || is_other_pack || is_other_branch
}

/// A build of SQL Server as its file states it, for each branch whose systems accept it, its own branch first. Empty if
/// it is not known.
pub(crate) fn sql(build: &FileVersion) -> Vec<RequiredBuild> {
    let Some((version, line)) = sql_file_version(build).zip(sql_line(build)) else { return Vec::new() };
    let of = |branch| RequiredBuild {
        product: format!("{} {branch}", line.product),
        shown_by: ShownBy::File(SQL_FILE),
        version: Version(version),
    };
    [Some(line.branch), line.also].into_iter().flatten().map(of).collect()
}

/// Reads the field of a CVRF document that names the builds, `10.0.19044.6332;10.0.19045.6332`, for one product.
pub(crate) fn of_field(field: &str, product: &str) -> Vec<Result<RequiredBuild, Unread>> {
    let parts: Vec<&str> = field.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let read: Vec<_> = parts.iter().map(|part| of_text(part, product)).collect();
    // If one of several builds is the product's own, the others belong to related products.
    if read.iter().any(Result::is_ok) {
        read.into_iter().filter(|build| !matches!(build, Err(Unread::Other(_)))).collect()
    } else {
        read
    }
}

/// Why a text is not a build of its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is not a version.
    NotABuild(String),
    /// It is a build of another Windows, or of another branch of SQL Server.
    Other(String),
}

fn of_text(text: &str, product: &str) -> Result<RequiredBuild, Unread> {
    let version: FileVersion = text.parse().map_err(|_| Unread::NotABuild(text.to_owned()))?;
    if version.components().len() < 2 {
        return Err(Unread::NotABuild(text.to_owned()));
    }
    if let &[major, minor, build, revision] = version.components()
        && is_windows(product)
        && matches!((major, minor), (6, 0..=3) | (10, 0))
        && build >= 6000
    {
        return windows_build(product, build, revision).ok_or_else(|| Unread::Other(text.to_owned()));
    }
    if product.contains("SQL Server")
        && !product.contains("Linux")
        && let Some(build) = sql(&version).into_iter().next()
    {
        let is_other = contradicts_sql_branch(product, &version);
        return if is_other { Err(Unread::Other(text.to_owned())) } else { Ok(build) };
    }
    if product.contains("Exchange Server")
        && let &[15, _, _, _] = version.components()
    {
        return Ok(exchange(product.trim_start_matches("Microsoft "), version));
    }
    Ok(RequiredBuild { product: product.to_owned(), shown_by: ShownBy::Nothing, version: Version(version) })
}

/// The cumulative update of Exchange that a version of `ExSetup.exe` is of.
pub fn exchange_product(version: &FileVersion) -> Option<&'static str> {
    let own = EXCHANGE_LINES.iter().find(|(first, _)| version.components().starts_with(first));
    own.map(|(_, product)| *product)
}

/// Misprints of Exchange builds in the advisories: product, the printed build, the correct build. KB5007409 gives
/// Cumulative Update 10 a number of Cumulative Update 8; those before and after it are 15.2.922.14 and .20.
const EXCHANGE_MISPRINTS: [(&str, [u32; 4], [u32; 4]); 1] =
    [("Exchange Server 2019 Cumulative Update 10", [15, 2, 792, 19], [15, 2, 922, 19])];

/// A build of Exchange: the number shows the cumulative update. KB5037224 has those of Cumulative Updates 13 and 14
/// swapped. An update is only ever for the one that its number begins with.
fn exchange(product: &str, version: FileVersion) -> RequiredBuild {
    let misprint = EXCHANGE_MISPRINTS.iter().find(|(of, found, _)| *of == product && found == version.components());
    let version = misprint.and_then(|(_, _, right)| FileVersion::new(right)).unwrap_or(version);
    let product = exchange_product(&version).unwrap_or(product).to_owned();
    RequiredBuild { product, shown_by: ShownBy::File(EXCHANGE_FILE), version: Version(version) }
}

/// True for Windows itself, not for a product that runs on it (`.NET Framework 4.8 on Windows 10 Version 1809`).
fn is_windows(product: &str) -> bool {
    product.starts_with("Windows ")
}

/// The release of Windows that a product of an advisory is, or runs on: `Internet Explorer 11 on Windows 10 Version 1809 for
/// x64-based Systems` is of `Windows 10 1809`. `None` for a product without a Windows, or with one that has no builds here.
///
/// ```
/// use hotfixcheck_facts::builds::release_of_product;
/// assert_eq!(release_of_product("Windows Server, version 20H2 (Server Core Installation)"), Some("Windows Server 20H2"));
/// assert_eq!(release_of_product("Microsoft Edge (EdgeHTML-based) on Windows 10 for 32-bit Systems"), Some("Windows 10 1507"));
/// assert_eq!(release_of_product("Windows Vista x64 Edition Service Pack 2"), Some("Windows Vista SP2"));
/// assert_eq!(release_of_product("Windows RT 8.1"), None);
/// ```
pub fn release_of_product(product: &str) -> Option<&'static str> {
    let system = product.rsplit_once(" on Windows ").map(|(_, system)| format!("Windows {system}"));
    let system = system.as_deref().unwrap_or(product);
    let named = |line: &WindowsLine| {
        let name = if system.contains("Server") { line.server } else { line.client };
        name.filter(|name| is_windows(system) && names(system, name))
    };
    // Server 2008 SP2 has two build numbers.
    WINDOWS_LINES.iter().rev().find_map(named)
}

/// True for a release of Windows 10 or later, of a client or a server: all of its updates are cumulative.
pub fn is_cumulative_release(name: &str) -> bool {
    WINDOWS_LINES.iter().any(|line| line.build >= FIRST_CUMULATIVE && [line.client, line.server].contains(&Some(name)))
}

/// The build of a Windows product that is named as in CVRF documents: `Windows 10 Version 22H2 for x64-based Systems`.
fn windows_build(product: &str, build: u32, revision: u32) -> Option<RequiredBuild> {
    let server = product.contains("Server");
    let named = |line: &WindowsLine| if server { line.server } else { line.client };
    let own = WINDOWS_LINES.iter().find(|line| named(line).is_some_and(|name| names(product, name)));
    let line = match own {
        Some(line) if line.build == build => line,
        Some(line) if ONE_SYSTEM.contains(&line.build) && ONE_SYSTEM.contains(&build) => line,
        // Server 2008 SP2 has the number 6003 from 2019 on.
        Some(line) if line.build == 6002 && build == 6003 => WINDOWS_LINES.iter().find(|line| line.build == 6003)?,
        _ => return None,
    };
    windows(named(line)?, line.build, revision)
}

/// True if the vendor's name of a product is that of a line: "Windows 10 Version 1809 for x64-based Systems" is
/// "Windows 10 1809", "Windows 7 for x64-based Systems Service Pack 1" is "Windows 7 SP1".
fn names(product: &str, line: &str) -> bool {
    let plain = product
        .replace(" Version ", " ")
        .replace(" version ", " ")
        .replace(", ", " ")
        .replace("Windows Server 2022 23H2 Edition", "Windows Server 23H2");
    let (base, pack) = line.split_once(" SP").map_or((line, None), |(base, pack)| (base, Some(pack)));
    let has_pack = |pack: &str| plain.contains(&format!("Service Pack {pack}"));
    let rest = plain.strip_prefix(base);
    // "Windows 10 for 32-bit Systems" is the first Windows 10.
    let first = line == "Windows 10 1507" && plain.starts_with("Windows 10 for ");
    first
        || rest.is_some_and(|rest| {
            (rest.is_empty() || [" for ", " (", " Service", " x64 Edition"].iter().any(|next| rest.starts_with(next)))
                && pack.is_none_or(has_pack)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(field: &str, product: &str) -> Vec<String> {
        let show = |build: Result<RequiredBuild, Unread>| match build {
            Ok(build) => format!("{} {}", build.product, build.version.0),
            Err(unread) => format!("{unread:?}"),
        };
        of_field(field, product).into_iter().map(show).collect()
    }

    /// The formats in the documents of 2020 to 2026.
    #[test]
    fn fields_of_real_documents() {
        let x64 = "for x64-based Systems";
        let of = |field: &str, product: &str| printed(field, &format!("{product} {x64}"));
        assert_eq!(of("10.0.19045.3930", "Windows 10 Version 22H2"), ["Windows 10 22H2 19045.3930"]);
        assert_eq!(of("10.0.19041.3570;10.0.19044.3570", "Windows 10 Version 21H2").len(), 2);
        assert_eq!(of("10.0.19041.3570", "Windows 10 Version 21H2"), ["Windows 10 21H2 19044.3570"]);
        assert_eq!(of("10.0.22621.5909;10.0.22631.5909", "Windows 11 Version 23H2"), ["Windows 11 23H2 22631.5909"]);
        assert_eq!(of("10.0.26100.4349", "Windows 11 Version 25H2"), [r#"Other("10.0.26100.4349")"#]);
        assert_eq!(of("10.0.10240.20890", "Windows 10"), ["Windows 10 1507 10240.20890"]);
        assert_eq!(of("10.0.22000.3260", "Windows 11 version 21H2"), ["Windows 11 21H2 22000.3260"]);
        assert_eq!(of("V1.002", "Windows 10 Version 22H2"), [r#"NotABuild("V1.002")"#]);
        let core = "(Server Core installation)";
        assert_eq!(
            printed("10.0.25398.1251", &format!("Windows Server 2022, 23H2 Edition {core}")),
            ["Windows Server 23H2 25398.1251"]
        );
        assert_eq!(
            printed("10.0.14393.7515", &format!("Windows Server 2016 {core}")),
            ["Windows Server 2016 14393.7515"]
        );
        assert_eq!(printed("6.3.9600.22267", "Windows Server 2012 R2"), ["Windows Server 2012 R2 9600.22267"]);
        assert_eq!(printed("6.2.9200.25165", "Windows Server 2012"), ["Windows Server 2012 9200.25165"]);
        assert_eq!(
            printed("6.0.6003.22966", "Windows Server 2008 for x64-based Systems Service Pack 2"),
            ["Windows Server 2008 SP2 6003.22966"]
        );
        assert_eq!(
            printed("6.1.7601.27415", "Windows Server 2008 R2 for x64-based Systems Service Pack 1"),
            ["Windows Server 2008 R2 SP1 7601.27415"]
        );
        assert_eq!(
            printed("15.0.4298.1", "Microsoft SQL Server 2019 for x64-based Systems (CU 19)"),
            ["SQL Server 2019 RTM CU 2019.150.4298"]
        );
        assert_eq!(
            printed("15.01.2507.057", "Microsoft Exchange Server 2016 Cumulative Update 23"),
            ["Exchange Server 2016 Cumulative Update 23 15.1.2507.57"]
        );
        // Issue 15: KB5021037 and KB5021045 have the builds of each other's branch.
        let sql = |branch: &str, build: &str| {
            printed(build, &format!("Microsoft SQL Server 2014 Service Pack 3 for x64-based Systems ({branch})"))
                .join(" ")
        };
        assert_eq!(sql("GDR", "12.0.6444.4"), r#"Other("12.0.6444.4")"#);
        assert_eq!(sql("CU 4", "12.0.6174.8"), r#"Other("12.0.6174.8")"#);
        assert_eq!(sql("CU 4", "12.0.6444.4"), "SQL Server 2014 SP3 CU 2014.120.6444");
        assert_eq!(
            printed("13.0.6419.1", "Microsoft SQL Server 2016 Service Pack 2 (GDR)"),
            [r#"Other("13.0.6419.1")"#]
        );
        let qfe = "Microsoft SQL Server 2012 for x64-based Systems Service Pack 4 (QFE)";
        assert_eq!(printed("11.0.7512.11", qfe), ["SQL Server 2012 SP4 2011.110.7512"]);
        // Issue 15: the number shows the cumulative update; a misprint is corrected.
        let exchange = |cu: u32, build: &str| {
            printed(build, &format!("Microsoft Exchange Server 2019 Cumulative Update {cu}")).join(" ")
        };
        assert_eq!(exchange(13, "15.02.1544.011"), "Exchange Server 2019 Cumulative Update 14 15.2.1544.11");
        assert_eq!(exchange(14, "15.02.1258.034"), "Exchange Server 2019 Cumulative Update 13 15.2.1258.34");
        assert_eq!(exchange(10, "15.02.0792.019"), "Exchange Server 2019 Cumulative Update 10 15.2.922.19");
        assert_eq!(exchange(8, "15.02.0792.013"), "Exchange Server 2019 Cumulative Update 8 15.2.792.13");
        assert_eq!(exchange(7, "15.02.0721.013"), "Exchange Server 2019 Cumulative Update 7 15.2.721.13");
    }

    /// A number of SQL Server and the version of its file can be converted into each other.
    #[test]
    fn versions_of_sql_server() {
        for (build, file) in [
            ("13.0.5888.11", "2015.131.5888"),
            ("13.0.5026", "2015.131.5026"),
            // The last build of Service Pack 1 of 2016 (issue 15).
            ("13.0.4604", "2015.130.4604"),
            ("13.0.2186", "2015.130.2186"),
            ("10.50.6560", "2009.100.6560"),
        ] {
            let version = sql_file_version(&build.parse().unwrap()).unwrap();
            assert_eq!(version.to_string(), file);
            let back = sql_build(&version).unwrap();
            assert!(build.starts_with(&back.to_string()), "{build}: {back}");
        }
        assert_eq!(sql_file_version(&"99.0.1".parse().unwrap()), None);
        assert_eq!(sql_branch(&"8.0.47".parse().unwrap()), None);
    }
}
