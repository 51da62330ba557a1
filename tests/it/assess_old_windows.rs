//! Windows 95, 98, Me, NT 3.1 and 3.5 are systems: by their kernel files, by `--os`, in headings and service packs (issue 13).

use crate::support::kit::*;
use hotfixcheck::assess::{Assessment, Policy};
use hotfixcheck::hosts::system_named;
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::Article;

const KERNELS: [(&str, &str, &str); 12] = [
    ("Windows 95", "kernel32.dll", "4.0.950.0"),
    ("Windows 95", "kernel32.dll", "4.0.0.951"),
    ("Windows 95", "kernel32.dll", "4.0.1111"),
    ("Windows 95", "kernel32.dll", "4.3.0.1212"),
    ("Windows 98", "kernel32.dll", "4.10.1998"),
    ("Windows 98", "kernel32.dll", "4.10.0.2000"),
    ("Windows 98 Second Edition", "kernel32.dll", "4.10.2222"),
    ("Windows 98 Second Edition", "kernel32.dll", "4.10.0.2222"),
    ("Windows Me", "kernel32.dll", "4.90.3000"),
    ("Windows NT 3.1", "ntoskrnl.exe", "3.10.528.1"),
    ("Windows NT 3.5", "ntdll.dll", "3.50.807.1"),
    ("Windows NT 3.51", "ntoskrnl.exe", "3.51.1057.1"),
];

fn system(assessment: &Assessment) -> Option<String> {
    let profile = assessment.systems.first()?.profile.as_ref()?;
    Some(profile.line.to_string())
}

#[test]
fn kernel_files_show_an_old_windows() {
    for (expected, name, version) in KERNELS {
        let kernel = file(&format!("WINDOWS/SYSTEM/{name}"), version);
        let assessment = assess(vec![article("KB900001", vec![row("a.dll", "1.0.0.1")])], vec![kernel]);
        assert_eq!(system(&assessment).as_deref(), Some(expected), "{name} {version}");
    }
}

/// A kernel before Windows 2000 of no known Windows: what is headed for another one does not apply.
#[test]
fn headings_for_other_windows_are_not_for_an_unknown_old_kernel() {
    for version in ["4.10.1900", "4.90.2419", "3.10.400.1", "4.0.1200.1", "4.0.490"] {
        let kernel = file("WINDOWS/SYSTEM/kernel32.dll", version);
        let code = |heading: &str| {
            let fixes = vec![under(heading, row("f00.dll", "7.3.100.5"))];
            let entries = vec![kernel.clone(), file("f00.dll", "7.3.100.4")];
            let article = Article { products: Vec::new(), ..article("KB900001", fixes) };
            codes(&assess(vec![article], entries).articles[0])[0]
        };
        for heading in ["Windows 2000", "Windows XP SP2", "Windows NT 4.0", "Windows Vista 32-bit"] {
            assert_eq!(code(heading), "other-product", "{version} {heading}");
        }
        assert_eq!(code(""), "version-older", "{version}");
    }
}

/// The systems on which a row under a heading is missing whose number shows nothing of Windows.
#[test]
fn headings_bind_on_an_old_windows() {
    const SYSTEMS: [&str; 9] = [
        "Windows NT 3.1",
        "Windows NT 3.5",
        "Windows 95",
        "Windows NT 3.51 SP5",
        "Windows NT 4.0 SP6a",
        "Windows 98",
        "Windows 98 SE",
        "Windows Me",
        "Windows 2000 SP4",
    ];
    let given = |os: &str| {
        let pack = if os.starts_with("Windows NT 3.1") || os.ends_with("3.5") { Some("3") } else { None };
        let profile = system_named(os, pack, knowledge()).unwrap_or_else(|error| panic!("{error}"));
        Policy { profile: Some(profile), ..Policy::default() }
    };
    let missing_on = |heading: &str| {
        let fix = row("f00.dll", "7.3.100.5").with(|cells| cells.section = heading.to_owned().into());
        let article = Article { products: Vec::new(), ..article("KB900100", vec![fix]) };
        let is_missing = |os: &&&str| {
            let entries: Vec<Entry> = vec![file("f00.dll", "7.3.100.4")];
            let verdict = assess_with(vec![article.clone()], entries, &given(os));
            codes(&verdict.articles[0])[0] == "version-older"
        };
        let names = SYSTEMS.iter().filter(is_missing).map(|os| os.trim_start_matches("Windows "));
        names.collect::<Vec<_>>().join(", ")
    };
    for (heading, expected) in [
        ("Windows 95", "95"),
        ("Windows 95 OEM Service Release 2", "95"),
        ("Windows 98", "98, 98 SE"),
        ("Windows 98 Second Edition", "98 SE"),
        ("Windows 98 SE", "98 SE"),
        ("Windows 98SE", "98 SE"),
        ("Windows 98 (retail)", "98"),
        ("Windows 98, Windows 98 SE", "98, 98 SE"),
        ("Windows Me", "Me"),
        ("Windows Millennium Edition", "Me"),
        ("Windows 9x", "95, 98, 98 SE, Me"),
        ("Windows 95/98/ME", "95, 98, 98 SE, Me"),
        ("Windows 95, Windows 98, and Windows Me", "95, 98, 98 SE, Me"),
        ("Windows 98 and later", "98, 98 SE, Me, 2000 SP4"),
        ("Windows NT 3.1", "NT 3.1"),
        ("Windows NT 3.5", "NT 3.5"),
        ("Windows NT 3.51", "NT 3.51 SP5"),
        ("Windows NT 4.0 and earlier", "NT 3.1, NT 3.5, NT 3.51 SP5, NT 4.0 SP6a"),
        ("Windows NT 4.0 and later", "NT 4.0 SP6a, 2000 SP4"),
        ("Windows NT", "NT 3.1, NT 3.5, NT 3.51 SP5, NT 4.0 SP6a"),
        ("Windows 2000 Service Pack 4", "2000 SP4"),
        ("Windows XP SP2", ""),
        ("Windows Vista", ""),
        ("Windows 3.1", ""),
        ("Internet Explorer 6 on Windows 98", "98, 98 SE"),
        ("Internet Explorer 6", "NT 3.1, NT 3.5, 95, NT 3.51 SP5, NT 4.0 SP6a, 98, 98 SE, Me, 2000 SP4"),
    ] {
        assert_eq!(missing_on(heading), expected, "{heading}");
    }
}

#[test]
fn service_packs_of_an_old_windows_are_judged() {
    let code = |line: &str, pack: &str, product: &str, sp: &str| {
        let policy = on(line, pack);
        codes(&assess_with(vec![pack_article("Q138013", &[(product, sp)])], Vec::new(), &policy).articles[0])[0]
    };
    assert_eq!(code("Windows 95", "RTM", "Windows 95", "1"), "service-pack-older");
    assert_eq!(code("Windows 95", "1", "Windows 95", "1"), "service-pack-installed");
    assert_eq!(code("Windows NT 3.5", "1", "Windows NT 3.5", "2"), "service-pack-older");
    assert_eq!(code("Windows NT 3.5", "3", "Windows NT 3.5", "latest"), "service-pack-installed");
    assert_eq!(code("Windows NT 3.5", "2", "Windows NT 3.5", "latest"), "pack-not-numbered");
    assert_eq!(code("Windows NT 3.1", "1", "Windows NT 3.1", "2"), "service-pack-older");
    assert_eq!(code("Windows NT 3.5", "3", "Windows NT 3.51", "latest"), "other-product");
    // OEM Service Release 2 contains Service Pack 1; the kernel of the release says nothing.
    let by_kernel = |version: &str| {
        let kernel = file("WINDOWS/SYSTEM/kernel32.dll", version);
        codes(&assess(vec![pack_article("Q138013", &[("Windows 95", "1")])], vec![kernel]).articles[0])[0]
    };
    assert_eq!(by_kernel("4.0.1111"), "kernel-of-service-pack");
    assert_eq!(by_kernel("4.0.950"), "service-pack-unknown");
}
