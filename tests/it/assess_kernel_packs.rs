//! The service pack of a Windows NT 4.0 without a registry, by its kernel files (issue 13): only likely, and only as far as they
//! show it.

use crate::support::kit::*;
use hotfixcheck::inventory::Entry;
use hotfixcheck::inventory::system::{Fact, System};

const NT4: &str = "Windows NT 4.0";
const PACKS: [&str; 8] = ["1", "2", "3", "4", "5", "6", "6a", "latest"];

fn nt4(ntoskrnl: u16, ntdll: u16, kernel32: u16) -> Vec<Entry> {
    let names = [("ntoskrnl.exe", ntoskrnl), ("ntdll.dll", ntdll), ("kernel32.dll", kernel32)];
    names.map(|(name, revision)| file(&format!("WINNT/system32/{name}"), &format!("4.0.1381.{revision}"))).to_vec()
}

/// For each service pack: `+` likely fixed, `-` likely missing, `?` not known.
fn by_pack(entries: &[Entry]) -> String {
    let answer = |sp: &str| {
        let verdict = assess(vec![pack_article("Q171996", &[(NT4, sp)])], entries.to_vec()).articles.remove(0);
        match codes(&verdict)[0] {
            "kernel-of-service-pack" => '+',
            "kernel-older" => '-',
            "service-pack-unknown" => '?',
            other => panic!("{other}"),
        }
    };
    PACKS.map(answer).iter().collect()
}

#[test]
fn the_kernel_files_of_windows_nt_4_show_bounds_of_its_service_pack() {
    let (sp6a, from_sp5, before_sp5, not_known) = ("++++++++", "+++++???", "????---?", "????????");
    // SP6 and SP6a have one kernel (nine articles of SP6a were likely fixed on SP6).
    let sp6 = "++++++??";
    let cases = [
        // In the middle and at both ends of each range.
        ([335, 298, 300], sp6),
        ([276, 276, 276], sp6),
        ([336, 335, 300], sp6a),
        ([7000, 298, 300], sp6a),
        ([7203, 7999, 336], sp6a),
        ([275, 133, 204], from_sp5),
        ([133, 133, 133], from_sp5),
        ([72, 1, 4], before_sp5),
        ([0, 0, 0], before_sp5),
        // Between the ranges, and after them.
        ([73, 73, 73], not_known),
        ([132, 132, 132], not_known),
        ([337, 337, 337], not_known),
        ([6999, 6999, 6999], not_known),
        ([8000, 8000, 8000], not_known),
        // Files that do not agree: a hotfix brought one of them.
        ([335, 204, 204], not_known),
        ([204, 298, 300], not_known),
        ([140, 72, 72], not_known),
        ([298, 298, 100], not_known),
        ([7097, 4, 4], not_known),
    ];
    for ([ntoskrnl, ntdll, kernel32], expected) in cases {
        assert_eq!(by_pack(&nt4(ntoskrnl, ntdll, kernel32)), expected, "{ntoskrnl} {ntdll} {kernel32}");
    }
    // The kernel alone is enough, its libraries are not: no service pack need replace them.
    assert_eq!(by_pack(&nt4(335, 0, 0)[..1]), sp6);
    assert_eq!(by_pack(&nt4(336, 0, 0)[..1]), sp6a);
    assert_eq!(by_pack(&nt4(0, 298, 300)[1..]), not_known);
}

/// The ranges are those of the release lines, which say what service packs were the first to contain.
#[test]
fn the_bounds_are_those_of_the_release_lines() {
    let release = |revision: u16| {
        let version = version(&format!("4.0.1381.{revision}"));
        let of = knowledge().releases.of(&version, None, "ntoskrnl.exe", || None::<std::collections::BTreeSet<String>>);
        of.service_pack.map(|pack| pack.name().to_owned())
    };
    let first = |pack: &str| (0..1000).find(|revision| release(*revision).as_deref() == Some(pack));
    let last = |pack: &str| (0..1000).rfind(|revision| release(*revision).as_deref() == Some(pack));
    assert_eq!((first("4"), last("4")), (Some(0), Some(72)));
    assert_eq!((first("5"), first("6a"), last("6a")), (Some(133), Some(276), Some(335)));
}

#[test]
fn an_article_with_several_service_packs_needs_the_highest_and_lacks_the_lowest() {
    let judge = |revision: u16, packs: &[&str]| {
        let packs: Vec<(&str, &str)> = packs.iter().map(|sp| (NT4, *sp)).collect();
        let article = pack_article("Q171996", &packs);
        codes(&assess(vec![article], nt4(revision, revision, revision)).articles[0])[0]
    };
    assert_eq!(judge(200, &["4", "5"]), "kernel-of-service-pack");
    assert_eq!(judge(200, &["4", "6"]), "service-pack-unknown");
    assert_eq!(judge(72, &["4", "5"]), "service-pack-unknown");
    assert_eq!(judge(72, &["5", "6"]), "kernel-older");
    assert_eq!(judge(335, &["4", "6"]), "kernel-of-service-pack");
    assert_eq!(judge(335, &["7"]), "pack-not-released");
}

/// Nothing says which revisions the service packs of Terminal Server Edition begin with; a registry is believed instead.
#[test]
fn other_systems_are_judged_as_before() {
    let tse = "Windows NT 4.0 Terminal Server Edition";
    let terminal = vec![file("ntoskrnl.exe", "4.0.1381.33478")];
    let article = || vec![pack_article("Q171996", &[(tse, "5"), (NT4, "4")])];
    assert_eq!(codes(&assess(article(), terminal).articles[0]), ["service-pack-unknown", "other-product"]);
    let fact = |text: &str| Some(Fact { value: text.to_owned(), source: "hive".to_owned() });
    let mut registry = System::from_hives(None::<Vec<u8>>, None);
    registry.facts.current_version = fact("4.0");
    registry.facts.build = Some(Fact { value: 1381, source: "hive".to_owned() });
    registry.facts.product_name = fact("Windows NT");
    registry.facts.csd_version = fact("Service Pack 3");
    let mut inventory = inventory(vec![file("ntoskrnl.exe", "4.0.1381.72")]);
    inventory.systems.push(registry);
    let article = vec![pack_article("Q171996", &[(NT4, "5")])];
    let judged = assess_inventory(article, inventory, &hotfixcheck::assess::Policy::default());
    assert_eq!(codes(&judged.articles[0]), ["service-pack-older"]);
}
