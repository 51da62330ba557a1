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

#[test]
fn every_range_of_the_tables_has_a_case_at_its_lower_and_at_its_upper_end() {
    let tested: BTreeSet<&str> =
        BOUNDARIES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split('\t').nth(3)).collect();
    let lines = include_str!("../../data/component-lines.tsv")
        .lines()
        .filter_map(|line| line.strip_prefix("line\t"))
        .filter_map(|line| line.split('\t').next());
    // A key with `*` numbers makes one line for each: the numbers follow the name.
    let is_case =
        |case: &str, line: &str| case.strip_prefix(line).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let untested: Vec<&str> = lines.filter(|line| !tested.iter().any(|case| is_case(case, line))).collect();
    assert!(untested.is_empty(), "lines without a case: {untested:?}");
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
