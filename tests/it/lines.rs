//! Release lines of Windows and of components: each boundary of the tables, just below, at and above (issue 13).

use std::collections::BTreeSet;

use hotfixcheck::FileVersion;
use hotfixcheck::knowledge::Releases;

/// Cases with their sources: see the head of the file.
const BOUNDARIES: &str = include_str!("../data/line-boundaries.tsv");

#[test]
fn every_boundary_separates_lines_service_packs_and_branches() {
    let releases = Releases::embedded().unwrap();
    let mut wrong = Vec::new();
    let mut cases = 0;
    for line in BOUNDARIES.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let columns: Vec<&str> = line.split('\t').collect();
        let &[file, version, windows, expected, pack, branch, why] = columns.as_slice() else {
            panic!("{} columns: {line}", columns.len());
        };
        cases += 1;
        let windows = (windows != "-").then(|| BTreeSet::from([windows.to_owned()]));
        let version: FileVersion = version.parse().unwrap();
        let release = releases.of(&version, None, file, || windows);
        let found_pack = release.service_pack.as_ref().map_or("-", |pack| pack.name());
        let found_branch = release.branch.map_or("-".to_owned(), |branch| branch.to_string());
        let found = [release.line.name(), found_pack, &found_branch];
        if found != [expected, pack, branch] {
            wrong.push(format!("{file} {version}: {found:?}, not {expected}, {pack}, {branch} ({why})"));
        }
    }
    assert!(cases > 1000, "{cases} cases");
    assert!(wrong.is_empty(), "{} of {cases} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A range of one of the two tables: its line, the numbers that its versions begin with, the ends of the component that follows them,
/// the systems and the files that it is for.
struct Range<'t> {
    line: &'t str,
    key: &'t str,
    ends: Vec<&'t str>,
    on: &'t str,
    files: &'t str,
}

/// The ranges of both tables. One with a `*` or a class of builds in its key makes a line of each number: it has no ends of its own.
fn ranges() -> Vec<Range<'static>> {
    let tables = [include_str!("../../data/releases.tsv"), include_str!("../../data/component-lines.tsv")];
    let read = |text: &'static str| {
        let columns: Vec<&str> = text.strip_prefix("range\t")?.split('\t').collect();
        let (&[line, key, from, to, ..], of_component) = (columns.as_slice(), columns.len() > 8) else { return None };
        let ends = [from, to].into_iter().filter(|end| *end != "*").collect();
        let [on, files] = if of_component { [columns[6], columns[7]] } else { ["-", "-"] };
        (!key.contains(['*', '+', 'b'])).then_some(Range { line, key, ends, on, files })
    };
    tables.into_iter().flat_map(str::lines).filter_map(read).collect()
}

#[test]
fn every_range_of_the_tables_has_a_case_at_its_lower_and_at_its_upper_end() {
    let cases: Vec<Vec<&str>> = BOUNDARIES
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split('\t').collect())
        .collect();
    let is_of = |pattern: &str, file: &str| match pattern.split_once('*') {
        None => pattern == file,
        Some((head, tail)) => file.starts_with(head) && file.ends_with(tail),
    };
    let ranges = ranges();
    let mut untested = Vec::new();
    for range in &ranges {
        for end in &range.ends {
            let numbers = range.key.split('.').filter(|number| *number != "-").chain([*end]);
            let begins: Vec<&str> = numbers.collect();
            let is_case = |case: &&Vec<&str>| {
                case[1].split('.').take(begins.len()).eq(begins.iter().copied())
                    && case[3] == range.line
                    && (range.on == "-" || case[2] != "-")
                    && (range.files == "-" || range.files.split(' ').any(|pattern| is_of(pattern, case[0])))
            };
            if !cases.iter().any(|case| is_case(&case)) {
                untested.push(format!("{} {} {end} {} {}", range.line, range.key, range.on, range.files));
            }
        }
    }
    assert!(ranges.len() > 500, "{} ranges", ranges.len());
    assert!(untested.is_empty(), "{} ends without a case:\n{}", untested.len(), untested.join("\n"));
}

/// The rule of the vectors "other windows" and "other file" (issue 13, point 2): a version shows a service pack only on
/// the version's own Windows. On another one the number belongs to some product: its line is named after the build, has
/// no service pack, and keeps the branch, which GDR and LDR have in common.
#[test]
fn on_another_windows_a_version_tells_no_service_pack() {
    let releases = Releases::embedded().unwrap();
    let of = |version: &str, windows: &str| {
        let windows = BTreeSet::from([windows.to_owned()]);
        releases.of(&version.parse::<FileVersion>().unwrap(), None, "other.dll", || Some(windows))
    };
    // The first and a late revision of each branch and service pack.
    let own = [
        ("5.1.2600", "Windows XP", &[0, 1106, 2180, 5512][..]),
        ("5.2.3790", "Windows Server 2003", &[0, 1830, 3959]),
        ("6.0.6000", "Windows Vista and Server 2008", &[16386, 20500]),
        ("6.0.6001", "Windows Vista and Server 2008", &[18000, 22100]),
        ("6.0.6002", "Windows Vista and Server 2008", &[18005, 22200]),
        ("6.1.7600", "Windows 7 and Server 2008 R2", &[16385, 20500]),
        ("6.1.7601", "Windows 7 and Server 2008 R2", &[17514, 21600]),
        ("6.2.9200", "Windows 8 and Server 2012", &[16384, 20500]),
    ];
    let mut wrong = Vec::new();
    for (build, line, revisions) in own {
        for revision in revisions {
            let version = format!("{build}.{revision}");
            let at_home = of(&version, line);
            assert!(at_home.line.name() == line && at_home.service_pack.is_some(), "{version}: {at_home:?}");
            for other in releases.line_names().filter(|name| *name != line) {
                let release = of(&version, other);
                if release.service_pack.is_some() || release.known || release.branch != at_home.branch {
                    wrong.push(format!("{version} on {other}: {} {:?}", release.line, release.service_pack));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
