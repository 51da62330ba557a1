//! Headings and product lists that name releases of Windows 10, 11 and Server bind (issue 13): by the registry, by the user's name
//! of the system, and by its kernel alone.

use hotfixcheck::assess::{Assessment, Policy, Profile, ProfileSource};
use hotfixcheck_articles::Article;

use crate::assess_builds::{judged, with_system};
use crate::support::kit::*;

/// A short form, the name, the build of the registry, that of the kernel.
const SYSTEMS: [(&str, &str, u32, u32); 9] = [
    ("c1607", "Windows 10 1607", 14_393, 14_393),
    ("s2016", "Windows Server 2016", 14_393, 14_393),
    ("c1809", "Windows 10 1809", 17_763, 17_763),
    ("s2019", "Windows Server 2019", 17_763, 17_763),
    ("c22h2", "Windows 10 22H2", 19_045, 19_041),
    ("s2022", "Windows Server 2022", 20_348, 20_348),
    ("c11", "Windows 11 22H2", 22_621, 22_621),
    ("c24h2", "Windows 11 24H2", 26_100, 26_100),
    ("s2025", "Windows Server 2025", 26_100, 26_100),
];

/// What a heading names, and the systems that a row below it is for.
const HEADINGS: [(&str, &str); 44] = [
    ("Windows 11", "c11 c24h2"),
    ("Windows 11 only", "c11 c24h2"),
    ("All versions of Windows 11", "c11 c24h2"),
    ("Windows 11, version 22H2", "c11"),
    ("Windows 11, version 24H2", "c24h2"),
    ("Win11", "c11 c24h2"),
    ("Win11 22H2", "c11"),
    ("Windows 10", "c1607 c1809 c22h2"),
    ("Windows 10 Pro", "c1607 c1809 c22h2"),
    ("Windows 10 Enterprise and Education", "c1607 c1809 c22h2"),
    ("Windows 10 (all versions)", "c1607 c1809 c22h2"),
    ("Windows 10 22H2", "c22h2"),
    ("Windows 10 version 1607", "c1607"),
    ("Windows 10, version 1607", "c1607"),
    ("Windows 10 Anniversary Update", "c1607"),
    ("Windows 10 LTSC 2019", "c1809"),
    ("Windows 10 Enterprise 2016 LTSB", "c1607"),
    ("Windows 10 and 11", "c1607 c1809 c22h2 c11 c24h2"),
    ("Windows 10/11", "c1607 c1809 c22h2 c11 c24h2"),
    ("Windows 10 and Windows Server 2016", "c1607 s2016 c1809 c22h2"),
    ("Windows 10, Windows Server 2016", "c1607 s2016 c1809 c22h2"),
    ("Windows 10 1607 and Windows Server 2016", "c1607 s2016"),
    ("Windows 10 Version 1607 and Windows Server 2019", "c1607 s2019"),
    ("Windows 10 1607, 1809 and Windows Server 2019", "c1607 c1809 s2019"),
    ("Windows Server 2016", "s2016"),
    ("Windows Server 2016 (Version 1607)", "s2016"),
    ("WS2016", "s2016"),
    ("Windows 2016", "s2016"),
    ("Server 2019", "s2019"),
    ("Windows Server 2019 (Server Core installation)", "s2019"),
    ("Windows Server, version 1809", "s2019"),
    ("Windows Server 2022", "s2022"),
    ("Windows Server 2022, 23H2 Edition", ""),
    ("Windows Server, version 20H2", ""),
    ("Windows Server 2025", "s2025"),
    ("Windows Server 2016/2019", "s2016 s2019"),
    ("Windows Server 2016, 2019 and 2022", "s2016 s2019 s2022"),
    ("Windows Server 2012 and 2016", "s2016"),
    ("Windows Server 2012 R2, 2016", "s2016"),
    ("Windows Server 2016 and later", "s2016 s2019 s2022 s2025"),
    ("Windows 7, 8.1 and 10", "c1607 c1809 c22h2"),
    ("Windows 10 1809 and later", "c1809 s2019 c22h2 s2022 c11 c24h2 s2025"),
    ("Windows 10 and later", "c1607 s2016 c1809 s2019 c22h2 s2022 c11 c24h2 s2025"),
    ("Windows 7 and Server 2008 R2", ""),
];

/// All headings as articles -> the reason of each, on one of the systems.
type Judge<'a> = &'a dyn Fn(Vec<Article>, &str, u32, u32) -> Assessment;

fn by_registry(all: Vec<Article>, name: &str, build: u32, _: u32) -> Assessment {
    judged(all, &with_system(inventory(vec![file("Windows/System32/a.dll", "7.3.100.4")]), name, build, 1))
}

fn by_name(all: Vec<Article>, name: &str, _: u32, _: u32) -> Assessment {
    let line = knowledge().releases.line("Windows 10 and later").unwrap().clone();
    let policy = Policy {
        profile: Some(Profile { line, pack: None, source: ProfileSource::Given }),
        given_names: vec![(String::new(), name.to_owned())],
        ..Policy::default()
    };
    assess_with(all, vec![file("Windows/System32/a.dll", "7.3.100.4")], &policy)
}

fn by_kernel(all: Vec<Article>, _: &str, _: u32, kernel: u32) -> Assessment {
    let files = ["ntoskrnl.exe", "ntdll.dll", "kernel32.dll"];
    let kernel = |name: &str| file(&format!("Windows/System32/{name}"), &format!("10.0.{kernel}.1"));
    let entries = files.into_iter().map(kernel).chain([file("Windows/System32/a.dll", "7.3.100.4")]);
    judged(all, &inventory(entries.collect()))
}

fn check(of: impl Fn(&str, Article) -> Article, judge: Judge, is_right: impl Fn(&str, &str, &str) -> bool) {
    let id = |place: usize| format!("Q{}", 310_600 + place);
    let bare = |place: usize| article(&id(place), vec![row("a.dll", "7.3.100.5")]);
    for (short, name, build, kernel) in SYSTEMS {
        let all = HEADINGS.iter().enumerate().map(|(place, (heading, _))| of(heading, bare(place))).collect();
        let assessment = judge(all, name, build, kernel);
        for (place, (heading, right)) in HEADINGS.into_iter().enumerate() {
            let wanted = if is_right(heading, right, short) { "version-older" } else { "other-product" };
            let own = assessment.articles.iter().find(|verdict| verdict.id.to_string() == id(place)).unwrap();
            assert_eq!(codes(own), [wanted], "{heading} on {name}");
        }
    }
}

/// Issue 13: client and server of one line before Windows 10 are told apart where the row's number shows nothing of Windows, unless the
/// article's product list names both.
#[test]
fn a_heading_for_a_client_is_not_for_the_server_of_its_line() {
    let judge = |heading: &str, version: &str, line: &str, pack: &str, name: &str, list: &[&str]| {
        let policy = Policy { given_names: vec![(String::new(), name.to_owned())], ..on(line, pack) };
        let products = list.iter().map(|product| (*product).to_owned().into()).collect();
        let of = Article { products, ..article("Q310626", vec![under(heading, row("a.dll", version))]) };
        let found = if version.starts_with("7.3") { "7.3.100.4" } else { "6.1.7601.17000" };
        codes(&assess_with(vec![of], vec![file("Windows/System32/a.dll", found)], &policy).articles[0]).join(" ")
    };
    let (seven, vista, eight) =
        ("Windows 7 and Server 2008 R2", "Windows Vista and Server 2008", "Windows 8 and Server 2012");
    for (heading, line, pack, own, other) in [
        ("Windows 7", seven, "1", "Windows 7", "Windows Server 2008 R2"),
        ("Windows Server 2008 R2", seven, "1", "Windows Server 2008 R2", "Windows 7"),
        ("Windows Vista", vista, "2", "Windows Vista", "Windows Server 2008"),
        ("Windows Server 2008", vista, "2", "Windows Server 2008", "Windows Vista"),
        ("Windows Server 2012", eight, "RTM", "Windows Server 2012", "Windows 8"),
        ("Windows 8", eight, "RTM", "Windows 8", "Windows Server 2012"),
        ("Windows Server 2003", "Windows Server 2003", "2", "Windows Server 2003", "Windows XP x64"),
        ("Windows XP Professional x64 Edition", "Windows Server 2003", "2", "Windows XP x64", "Windows Server 2003"),
    ] {
        let judge = |name: &str, list: &[&str]| judge(heading, "7.3.100.5", line, pack, name, list);
        if !heading.contains("x64") {
            assert_eq!(judge(own, &[]), "version-older", "{heading} on {own}");
        }
        assert_ne!(judge(other, &[]), "version-older", "{heading} on {other}");
        assert_ne!(judge(other, &[heading]), "version-older", "{heading} on {other}");
        // The list names both: the package may be one for both.
        if !heading.contains("x64") {
            assert_eq!(judge(other, &[own, other]), "version-older", "{heading} on {other}, with a list of both");
        }
    }
    // A number of the line itself shows that it is for both.
    let own = judge("Windows Server 2008 R2", "6.1.7601.17514", seven, "1", "Windows 7", &[]);
    assert_eq!(own, "version-older");
}

fn headed(heading: &str, mut of: Article) -> Article {
    of.fixes[0].section = heading.to_owned().into();
    of
}

fn listed(name: &str, of: Article) -> Article {
    Article { products: vec![name.to_owned().into()], ..of }
}

fn is_named(_: &str, right: &str, short: &str) -> bool {
    right.split(' ').any(|own| own == short)
}

#[test]
fn releases_of_a_heading_bind_by_the_registry() {
    check(headed, &by_registry, is_named);
}

#[test]
fn releases_of_a_heading_bind_by_the_given_name() {
    check(headed, &by_name, is_named);
}

#[test]
fn releases_of_a_product_list_bind() {
    check(listed, &by_registry, is_named);
    check(listed, &by_name, is_named);
}

/// A kernel does not show whether it is a client's or a server's where both have it.
#[test]
fn releases_of_a_heading_bind_by_the_kernel() {
    let kernel_of = |short: &str| SYSTEMS.iter().find(|of| of.0 == short).map(|of| of.3);
    check(headed, &by_kernel, |heading, right, short| {
        // Server 2004 and 20H2 have the kernel of Windows 10 22H2.
        let is_of_20h2 = heading.ends_with("20H2") || heading == "Windows Server 2016 and later";
        right.split(' ').any(|own| kernel_of(own) == kernel_of(short)) || is_of_20h2 && short == "c22h2"
    });
}
