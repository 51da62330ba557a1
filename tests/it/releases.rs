//! The table of release lines: its data, its format, its errors.

use std::collections::BTreeSet;

use hotfixcheck::FileVersion;
use hotfixcheck::knowledge::{Branch, Releases};

fn place(version: &str, tag: Option<&str>) -> String {
    let release = Releases::embedded()
        .unwrap()
        .of(&version.parse::<FileVersion>().unwrap(), tag, "a.dll", || None::<BTreeSet<String>>);
    let pack = release.service_pack.as_ref().map(|p| format!(" {p}")).unwrap_or_default();
    let branch = release.branch.map(|b| format!(" {b}")).unwrap_or_default();
    format!("{}{pack}{branch}", release.line)
}

#[test]
fn versions_belong_to_lines_service_packs_and_branches() {
    let cases = [
        ("3.51.1057.6", "Windows NT 3.51"),
        ("4.0.1381.72", "Windows NT 4.0 SP4"),
        ("4.0.1381.73", "Windows NT 4.0"),
        ("4.0.1381.132", "Windows NT 4.0"),
        ("4.0.1381.133", "Windows NT 4.0 SP5"),
        ("4.0.1381.156", "Windows NT 4.0 SP5"),
        ("4.0.1381.276", "Windows NT 4.0 SP6a"),
        ("4.0.1381.335", "Windows NT 4.0 SP6a"),
        ("4.0.1381.336", "Windows NT 4.0"),
        ("4.0.1381.7999", "Windows NT 4.0"),
        ("4.0.1381.32998", "Windows NT 4.0"),
        ("4.0.1381.32999", "Windows NT 4.0 Terminal Server Edition"),
        ("4.0.1381", "Windows NT 4.0"),
        ("5.0.2195.1", "Windows 2000 RTM"),
        ("5.0.2195.1620", "Windows 2000 SP1"),
        ("5.0.2195.2950", "Windows 2000 SP1"),
        ("5.0.2195.2951", "Windows 2000 SP2"),
        ("5.0.2195.5438", "Windows 2000 SP3"),
        ("5.0.2195.6717", "Windows 2000 SP4"),
        ("5.1.2600.0", "Windows XP RTM"),
        ("5.1.2600.1106", "Windows XP SP1"),
        ("5.1.2600.2180", "Windows XP SP2"),
        ("5.1.2600.5512", "Windows XP SP3"),
        ("5.2.3790.1829", "Windows Server 2003 RTM"),
        ("5.2.3790.1830", "Windows Server 2003 SP1"),
        ("5.2.3790.3959", "Windows Server 2003 SP2"),
        ("6.0.6000.16386", "Windows Vista and Server 2008 RTM GDR"),
        ("6.0.6001.18000", "Windows Vista and Server 2008 SP1 GDR"),
        ("6.0.6001.22200", "Windows Vista and Server 2008 SP1 LDR"),
        ("6.0.6002.18005", "Windows Vista and Server 2008 SP2 GDR"),
        ("6.1.7600.20500", "Windows 7 and Server 2008 R2 RTM LDR"),
        ("6.1.7601.17514", "Windows 7 and Server 2008 R2 SP1 GDR"),
        ("6.2.9200.16384", "Windows 8 and Server 2012 RTM GDR"),
        ("6.2.9200.20500", "Windows 8 and Server 2012 RTM LDR"),
        // Articles of 2014 list 16xxx for systems without KB2919355 and 17xxx for those with it.
        ("6.3.9600.16384", "Windows 8.1 and Server 2012 R2 RTM"),
        ("6.3.9600.17031", "Windows 8.1 and Server 2012 R2 Update"),
        ("10.0.19041.1", "Windows 10 and later 19041"),
        ("4.2.748", "Internet Information Server 4.0"),
        ("5.5.2650.24", "Exchange Server 5.5 SP3"),
        ("2000.80.679.0", "SQL Server 2000 SP2"),
        ("6.0.2800.1106", "Internet Explorer 6 SP1"),
        ("99.1.748", "99.1.x"),
        ("1913.10", "1913.x"),
        ("7", "x"),
    ];
    for (version, expected) in cases {
        assert_eq!(place(version, None), expected, "{version}");
    }
}

#[test]
fn the_tag_of_the_string_is_a_hint_where_the_number_is_silent() {
    let gdr = Some("5.1.2600.2622 (xpsp_sp2_gdr.050301-1519)");
    let qfe = Some("5.2.3790.4000 (SRV03_SP2_QFE.070304-2240)");
    assert_eq!(place("5.1.2600.2622", gdr), "Windows XP SP2 GDR");
    assert_eq!(place("5.2.3790.4000", qfe), "Windows Server 2003 SP2 LDR");
    assert_eq!(place("5.1.2600.2180", Some("5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)")), "Windows XP SP2");
    // The number takes precedence over a tag, and a tag means nothing in a line without branches.
    assert_eq!(
        place("6.0.6001.22200", Some("6.0.6001.22200 (vistasp1_gdr.1)")),
        "Windows Vista and Server 2008 SP1 LDR"
    );
    assert_eq!(place("4.0.1381.7000", gdr), "Windows NT 4.0");
}

#[test]
fn branches_have_the_words_of_articles() {
    for word in ["GDR", "SP2GDR", "sp1gdr", " RTMGDR "] {
        assert_eq!(Branch::from_word(word), Some(Branch::Gdr), "{word}");
    }
    for word in ["LDR", "QFE", "SP2QFE", "rtmqfe"] {
        assert_eq!(Branch::from_word(word), Some(Branch::Ldr), "{word}");
    }
    assert_eq!(Branch::from_word("SP2"), None);
}

#[test]
fn service_packs_are_ordered() {
    let releases = Releases::embedded().unwrap();
    let line = releases.line("windows nt 4.0").unwrap();
    let packs: Vec<_> = releases.pack_names(line).map(|name| releases.pack(line, name).unwrap()).collect();
    assert!(packs.is_sorted() && packs.len() == 8);
    assert_eq!(releases.pack(line, "6A").as_ref(), packs.last());
    assert_eq!(releases.pack(line, "7"), None);
    assert_eq!(releases.line("Windows 3.1"), None);
}

#[test]
fn a_broken_table_is_refused_with_its_line() {
    let line = "line\tA\tnumber\t-\t-\t-\t-\tsource\n";
    let cases = [
        ("line\tA\tnumber\n", 1, "columns"),
        ("line\tA\tsideways\t-\t-\t-\t-\tsource\n", 1, "sideways"),
        ("line\tA\tnumber\t-\t-\t-\t-\t-\n", 1, "no source"),
        (&format!("{line}{line}"), 2, "twice"),
        (&format!("{line}range\tB\t1.2\t0\t*\t-\t-\tsource\n"), 2, "unknown line"),
        (&format!("{line}range\tA\t1.x\t0\t*\t-\t-\tsource\n"), 2, "not a number"),
        (&format!("{line}range\tA\t1.2\t9\t3\t-\t-\tsource\n"), 2, "above"),
        (&format!("{line}range\tA\t1.2\t0\t*\t9\t-\tsource\n"), 2, "unknown service pack"),
        (&format!("{line}range\tA\t1.2\t0\t*\t-\tXYZ\tsource\n"), 2, "unknown branch"),
        (&format!("{line}tag\tA\t_gdr\t-\t-\t-\t-\tsource\n"), 2, "without a branch"),
        (&format!("{line}what\tA\t-\t-\t-\t-\t-\tsource\n"), 2, "unknown record"),
    ];
    for (text, at, what) in cases {
        let error = Releases::parse(text, "").unwrap_err();
        assert_eq!(error.line, at, "{text}");
        assert!(error.what.contains(what), "{text}: {error}");
    }
}

/// Issue 13: SQL Server 2016 had ranges for 2015.131 alone, though its files are 2015.130 up to SP1, and SQL Server 2025 none.
#[test]
fn every_build_of_sql_server_is_in_the_line_of_its_product() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/updates-sql.tsv")).unwrap();
    let releases = Releases::embedded().unwrap();
    let mut tried = 0;
    for line in text.lines().filter(|line| line.starts_with("D\t") && line.ends_with("\tsqlservr.exe")) {
        let mut fields = line.split('\t').skip(1);
        let (product, build) = (fields.next().unwrap(), fields.next().unwrap());
        let version: FileVersion = build.parse().unwrap();
        let release = releases.of(&version, None, "sqlservr.exe", || None::<BTreeSet<String>>);
        assert!(product.starts_with(release.line.name()), "{product} {build}: {}", release.line);
        tried += 1;
    }
    assert!(tried > 500, "{tried}");
}
