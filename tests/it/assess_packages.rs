//! The package to which a row belongs: for 32-bit or 64-bit systems, for which service pack and branch; and files that
//! a package does not contain (issue 13, points 2 and 3).

use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::Policy;
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::{Article, Fix};

fn sized(size: u64, fix: Fix) -> Fix {
    Fix { size: Some(size), ..fix }
}

fn of(product: &str, fixes: Vec<Fix>) -> Article {
    Article { products: vec![product.to_owned().into()], ..article("Q310626", fixes) }
}

/// The reason of each finding whose file exists.
fn reasons(article: Article, entries: Vec<Entry>, policy: &Policy) -> Vec<&'static str> {
    let verdict = assess_with(vec![article], entries, policy).articles.remove(0);
    verdict.findings.iter().filter(|finding| finding.entry().is_some()).map(|finding| finding.reason.code()).collect()
}

/// Issue 13: on Windows 2000 the updates of MS08-022 raise the script engines 5.1 and 5.5 to 5.6. Articles with a build for each of
/// the three (MS03-008) judge a file by the row of its own version, and 5.6 does not show the fix of 5.1.
#[test]
fn where_updates_raise_a_product_the_row_of_the_files_own_version_judges_it() {
    let judge = |required: &[&str], found: &str| {
        let rows = required.iter().map(|version| row("vbscript.dll", version)).collect();
        reasons(of("Windows 2000", rows), vec![file("vbscript.dll", found)], &on("Windows 2000", "4"))
    };
    let three = ["5.1.0.8513", "5.5.0.8513", "5.6.0.8513"];
    assert_eq!(judge(&three[2..], "5.1.0.8900"), ["version-older"]);
    assert_eq!(judge(&three[2..], "5.6.0.8835"), ["version-newer"]);
    assert_eq!(judge(&three[..1], "5.6.0.6626"), ["other-release"]);
    assert_eq!(judge(&three[..1], "5.1.0.8900"), ["version-newer"]);
    assert_eq!(judge(&three, "5.5.0.6330"), ["other-release", "version-older", "other-release"]);
    assert_eq!(judge(&three, "5.1.0.8513")[1..], ["other-release", "other-release"]);
    assert_eq!(judge(&three[..2], "5.6.0.8900"), ["other-release", "other-release"]);
}

const VISTA: &str = "Windows Vista and Server 2008";

/// MS09-029: the 32-bit file of the 64-bit package is older than that of the 32-bit package, and has its size.
#[test]
fn the_32_bit_file_of_a_64_bit_package_judges_64_bit_systems_only() {
    let judge = |folder: &str, kernel: Option<Machine>, version: &str| {
        let rows = vec![
            sized(1000, row_for("lpk.dll", "6.0.6002.18051", "x86")),
            sized(1000, wow(row("lpk.dll", "6.0.6002.18005"))),
        ];
        let kernel =
            kernel.map(|machine| entry("Windows/System32/ntoskrnl.exe", Ok(binary(machine, "6.0.6002.18005", &[]))));
        let own = file(&format!("Windows/{folder}/lpk.dll"), version);
        reasons(of("Windows Vista", rows), kernel.into_iter().chain([own]).collect(), &on(VISTA, "2"))
    };
    assert_eq!(judge("System32", Some(Machine::I386), "6.0.6002.18005"), ["version-older", "other-machine"]);
    // It is as the service pack brought it (issue 13).
    assert_eq!(judge("SysWOW64", Some(Machine::X64), "6.0.6002.18005"), ["other-machine", "unchanged-file"]);
    assert_eq!(judge("SysWOW64", None, "6.0.6002.18004"), ["other-machine", "version-older"], "the folder tells");
    assert_eq!(judge("System32", None, "6.0.6002.18005"), ["rows-differ", "rows-differ"], "nothing tells");
    assert_eq!(judge("SysWOW64", Some(Machine::Ia64), "6.0.6002.18005"), ["other-machine", "unchanged-file"]);
    let program = vec![file("Program Files (x86)/Lamp/lpk.dll", "6.0.6002.18005")];
    let rows = vec![row_for("lpk.dll", "6.0.6002.18051", "x86"), wow(row("lpk.dll", "6.0.6002.18005"))];
    assert_eq!(reasons(of("Windows Vista", rows), program, &on(VISTA, "2")), ["other-machine", "unchanged-file"]);
    assert_eq!(judge("System32", None, "6.0.6002.18051"), ["version-equal", "other-build"]);
    // Rows of one version do not need that answer.
    let same = vec![row_for("lpk.dll", "6.0.6002.18051", "x86"), wow(row("lpk.dll", "6.0.6002.18051"))];
    let entries = vec![file("lpk.dll", "6.0.6002.18050")];
    assert_eq!(reasons(of("Windows Vista", same), entries, &on(VISTA, "2")), ["version-older", "version-older"]);
}

/// MS07-050: rows with branches do not hide that nothing shows to which package a file belongs (issue 13).
#[test]
fn rows_of_two_packages_with_branches_give_no_answer_where_nothing_tells_the_package() {
    let rows = || {
        vec![
            under("Windows Server 2003 32-bit", row_in_branch("vgx.dll", "6.0.3790.2963", "SP1GDR")),
            under("Windows Server 2003 x64", wow(row_in_branch("vgx.dll", "6.0.3790.2962", "SP1GDR"))),
        ]
    };
    let judge = |kernel: Option<Machine>, version: &str| {
        let kernel =
            kernel.map(|machine| entry("Windows/System32/ntoskrnl.exe", Ok(binary(machine, "5.2.3790.1830", &[]))));
        let own = file("vgx.dll", version);
        let entries = kernel.into_iter().chain([own]).collect();
        reasons(of("Windows Server 2003", rows()), entries, &on("Windows Server 2003", "1"))
    };
    assert_eq!(judge(None, "6.0.3790.2962"), ["rows-differ", "rows-differ"]);
    assert_eq!(judge(None, "6.0.3790.2961"), ["version-older", "version-older"]);
    assert_eq!(judge(Some(Machine::I386), "6.0.3790.2962"), ["version-older", "other-machine"]);
    assert_eq!(judge(Some(Machine::X64), "6.0.3790.2962"), ["other-machine", "version-equal"]);
}

/// MSXML 4.0 is the same on every Windows; Windows 7 for 32 bits differs from that for 64 (issue 13).
#[test]
fn a_heading_tells_whether_a_32_bit_file_is_of_a_package_for_32_bit_systems() {
    let on_x64 = |heading: &str, others: Vec<Fix>| {
        let kernel = entry("Windows/System32/ntoskrnl.exe", Ok(binary(Machine::X64, "6.1.7601.17514", &[])));
        let own = file("Windows/SysWOW64/msxml4.dll", "4.30.2107.0");
        let rows = [under(heading, row_for("msxml4.dll", "4.30.2117.0", "x86"))].into_iter().chain(others).collect();
        reasons(of("Windows 7", rows), vec![kernel, own], &on("Windows 7 and Server 2008 R2", "1"))
    };
    let brings_wow =
        || vec![under("For all supported x64-based versions of Windows 7", wow(row("user32.dll", "6.1.7601.22297")))];
    for heading in [
        "XML Core Services 4.0",
        "XML Core Services 4.0 Service Pack 3",
        "XML Core Services 4.0 on all versions of Windows",
    ] {
        assert_eq!(on_x64(heading, brings_wow()), ["version-older"], "{heading}");
    }
    for heading in ["For all supported x86-based versions of Windows 7", "Windows 7 for 32-bit Systems"] {
        assert_eq!(on_x64(heading, Vec::new()), ["other-machine"], "{heading}");
    }
    assert_eq!(on_x64("Windows 7", Vec::new()), ["version-older"]);
}

/// MS09-048 has bfe.dll for Vista RTM and SP1, and tcpip.sys for all: the package for SP2 does not bring bfe.dll.
#[test]
fn a_file_that_the_package_of_its_service_pack_does_not_bring_says_nothing() {
    let rows = |of_sp2: bool| {
        let bfe = ["6.0.6000.21108", "6.0.6001.22497"].map(|version| row("bfe.dll", version));
        let tcpip = of_sp2.then(|| row("tcpip.sys", "6.0.6002.18091"));
        of("Windows Vista", bfe.into_iter().chain(tcpip).collect())
    };
    let bfe = || vec![file("bfe.dll", "6.0.6002.18005")];
    assert_eq!(reasons(rows(true), bfe(), &on(VISTA, "2")), ["other-service-pack"; 2]);
    assert_eq!(reasons(rows(false), bfe(), &on(VISTA, "2")), ["later-service-pack"; 2], "the pack brings the fix");
    // The same for an earlier pack.
    let rows = |of_rtm: bool| {
        let own = row("bfe.dll", "6.0.6002.18091");
        let other = of_rtm.then(|| row("tcpip.sys", "6.0.6000.16908"));
        of("Windows Vista", [own].into_iter().chain(other).collect())
    };
    let bfe = || vec![file("bfe.dll", "6.0.6000.16386")];
    assert_eq!(reasons(rows(true), bfe(), &on(VISTA, "RTM")), ["other-service-pack"]);
    assert_eq!(reasons(rows(false), bfe(), &on(VISTA, "RTM")), ["earlier-service-pack"]);
    // Rows before and after the file's pack, though only of other files: the contents of the pack are not known.
    let both = vec![row("bfe.dll", "6.0.6000.16908"), row("tcpip.sys", "6.0.6002.18091")];
    let bfe = vec![file("bfe.dll", "6.0.6001.18000")];
    assert_eq!(reasons(of("Windows Vista", both), bfe, &on(VISTA, "1")), ["between-service-packs"]);
}

/// MS09-059 has netlogon.dll only in SP2QFE, and msv1_0.dll in both branches: the GDR package does not contain
/// netlogon.dll.
#[test]
fn a_file_that_the_package_of_its_branch_does_not_bring_is_not_missing() {
    let rows = |gdr: bool| {
        let netlogon = row_in_branch("netlogon.dll", "5.1.2600.3520", "SP2QFE");
        let other = gdr.then(|| row_in_branch("msv1_0.dll", "5.1.2600.3625", "SP2GDR"));
        of("Windows XP", [netlogon].into_iter().chain(other).collect())
    };
    let judge = |gdr: bool, string: &str| {
        let netlogon = tagged("netlogon.dll", "5.1.2600.3400", string);
        reasons(rows(gdr), vec![netlogon], &on("Windows XP", "2"))
    };
    assert_eq!(judge(true, "5.1.2600.3400 (xpsp_sp2_gdr.080814-1236)"), ["other-branch"]);
    assert_eq!(judge(true, "5.1.2600.3400 (xpsp_sp2_qfe.080814-1236)"), ["version-older"]);
    // A hotfix of only one branch: without a GDR row its version is older.
    assert_eq!(judge(false, "5.1.2600.3400 (xpsp_sp2_gdr.080814-1236)"), ["version-older"]);
}

/// A file without a branch is a GDR file, unless another file shows that the package of the other branch is installed.
#[test]
fn a_file_that_the_installed_package_brings_is_missing() {
    let judge = |msv1_0: &str, string: &str| {
        let rows = vec![
            row_in_branch("msv1_0.dll", "5.1.2600.3625", "SP2GDR"),
            row_in_branch("msv1_0.dll", "5.1.2600.3626", "SP2QFE"),
            row_in_branch("netlogon.dll", "5.1.2600.3520", "SP2QFE"),
        ];
        let files = vec![tagged("msv1_0.dll", msv1_0, string), file("netlogon.dll", "5.1.2600.2180")];
        let found = reasons(of("Windows XP", rows), files, &on("Windows XP", "2"));
        found[2]
    };
    assert_eq!(judge("5.1.2600.3625", "5.1.2600.3625 (xpsp_sp2_gdr.090910-0133)"), "other-branch");
    assert_eq!(judge("5.1.2600.2180", "5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)"), "other-branch");
    assert_eq!(judge("5.1.2600.3626", "5.1.2600.3626 (xpsp_sp2_qfe.090910-0133)"), "version-older");
    assert_eq!(judge("5.1.2600.3700", "5.1.2600.3700 (xpsp_sp2_qfe.091010-0133)"), "version-older");
    // Without a tag a number of only one branch decides, and a number of both does not.
    assert_eq!(judge("5.1.2600.3626", "5.1.2600.3626"), "version-older");
    let rows = ["SP2GDR", "SP2QFE"].map(|branch| row_in_branch("msv1_0.dll", "5.1.2600.3625", branch));
    let netlogon = row_in_branch("netlogon.dll", "5.1.2600.3520", "SP2QFE");
    let files = vec![file("msv1_0.dll", "5.1.2600.3625"), file("netlogon.dll", "5.1.2600.2180")];
    let rows = rows.into_iter().chain([netlogon]).collect();
    assert_eq!(reasons(of("Windows XP", rows), files, &on("Windows XP", "2"))[2], "other-branch");
    // A file with exactly the GDR number came with that package; a hotfix of the other branch came later.
    let rows = [("msv1_0.dll", "3625"), ("netlogon.dll", "3510")].into_iter().flat_map(|(file, gdr)| {
        let number = |revision: &str| format!("5.1.2600.{revision}");
        [row_in_branch(file, &number(gdr), "SP2GDR"), row_in_branch(file, &number("3626"), "SP2QFE")]
    });
    let newer = tagged("msv1_0.dll", "5.1.2600.3700", "5.1.2600.3700 (xpsp_sp2_qfe.091010-0133)");
    let files = vec![newer, file("netlogon.dll", "5.1.2600.3510")];
    let found = reasons(of("Windows XP", rows.collect()), files, &on("Windows XP", "2"));
    assert_eq!(found[2..], ["version-equal", "other-branch"]);
}

/// The folders of a component's package have their own meaning: RTMGDR of Internet Explorer 6 SP1 is for Windows 2000
/// SP4 (MS07-027), SP2GDR of Internet Explorer 7 also for Windows XP SP3 (MS09-002) and Server 2003 SP1 (MS07-033).
#[test]
fn the_folder_of_a_component_s_package_is_no_service_pack_of_windows() {
    let internet_explorer_6 = || {
        let heading = "Internet Explorer 6 Service Pack 1 on Windows 2000 Service Pack 4";
        let gdr = row_in_branch("mshtml.dll", "6.0.2800.1593", "RTMGDR");
        let qfe = row_in_branch("mshtml.dll", "6.0.2800.1594", "RTMQFE");
        of("Internet Explorer 6", vec![under(heading, gdr), under(heading, qfe)])
    };
    let old = vec![file("mshtml.dll", "6.0.2800.1106")];
    let found = reasons(internet_explorer_6(), old.clone(), &on("Windows 2000", "4"));
    assert!(found.contains(&"version-older"), "{found:?}");
    // The heading still names the service pack.
    assert_eq!(reasons(internet_explorer_6(), old, &on("Windows 2000", "3")), ["other-service-pack"; 2]);
    let internet_explorer_7 = |windows: &str, own: Option<&str>| {
        let heading = format!("Internet Explorer 7 on {windows}");
        let rows = ["SP2GDR"].into_iter().chain(own);
        let row = |branch| under(&heading, row_in_branch("mshtml.dll", "7.0.6000.16809", branch));
        of("Internet Explorer 7", rows.map(row).collect())
    };
    let old = || vec![file("mshtml.dll", "7.0.6000.16762")];
    let xp = |own, pack| reasons(internet_explorer_7("Windows XP", own), old(), &on("Windows XP", pack));
    assert_eq!(xp(None, "3"), ["version-older"]);
    assert_eq!(xp(None, "2"), ["version-older"]);
    // A column "SP requirement" is about Windows.
    let required = |pack| {
        internet_explorer_7("Windows XP", pack).fixes.remove(0).with(|cells| {
            cells.sp_requirement = Some("SP2".into());
            cells.branch = None;
        })
    };
    let found = reasons(of("Internet Explorer 7", vec![required(None)]), old(), &on("Windows XP", "3"));
    assert_eq!(found, ["other-service-pack"]);
    // If the system's pack has its own row under this heading, the folders are those of Windows.
    assert_eq!(xp(Some("SP3GDR"), "3"), ["other-service-pack", "version-older"]);
    let on_2003 = reasons(internet_explorer_7("Windows Server 2003", None), old(), &on("Windows Server 2003", "1"));
    assert_eq!(on_2003, ["version-older"]);
}

/// KB958469 (MS09-044) brings Remote Desktop 6.1 to Server 2003, with numbers of Windows Vista: Vista has a separate
/// article.
#[test]
fn a_component_on_another_windows_is_not_for_this_one_whatever_its_number() {
    let rows = |heading: &str| {
        let row = row_in_branch("mstscax.dll", "6.0.6001.18266", "SP2GDR");
        of("Windows Server 2003", vec![under(heading, row)])
    };
    let judge = |heading: &str| reasons(rows(heading), vec![file("mstscax.dll", "6.0.6000.16865")], &on(VISTA, "RTM"));
    assert_eq!(judge("Remote Desktop Protocol 6.1 on Windows Server 2003 Service Pack 2"), ["other-product"]);
}

/// Thousands of rows of one file, and as many of others, must not be compared each with each: this test would take minutes.
#[test]
fn many_rows_of_a_file_are_looked_through_once() {
    const ROWS: usize = 2_000;
    let many = |file: &str, branch: &str| -> Vec<Fix> {
        let row = |number| row_in_branch(file, &format!("5.1.2600.{}", 5600 + number % 300), branch);
        (0..ROWS).map(row).collect()
    };
    let rows = many("netlogon.dll", "SP3QFE").into_iter().chain(many("other.dll", "SP3GDR")).collect();
    let netlogon = vec![file("netlogon.dll", "5.1.2600.5512")];
    assert_eq!(reasons(of("Windows XP", rows), netlogon, &on("Windows XP", "3")), ["other-branch"; ROWS]);
    let of_component = |branch| -> Vec<Fix> {
        many("mshtml.dll", branch).into_iter().map(|fix| under("Internet Explorer 7 on Windows XP", fix)).collect()
    };
    let rows = of_component("SP2GDR").into_iter().map(|fix| Fix { version: Some("7.0.6000.16809".into()), ..fix });
    let old = vec![file("mshtml.dll", "7.0.6000.16762")];
    let found = reasons(of("Internet Explorer 7", rows.collect()), old, &on("Windows XP", "3"));
    assert_eq!(found, ["version-older"; ROWS]);
}

/// Rows for Japanese files replace only English ones below the same heading (MS04-045: Windows NT 4.0 has both, 2000
/// one).
#[test]
fn a_row_for_a_language_takes_the_place_of_that_below_its_heading() {
    let rows = || {
        let japanese = row_in_language("wins.exe", "4.0.1381.7332", "Japanese");
        vec![
            under("Windows NT Server 4.0", row("wins.exe", "4.0.1381.7329")),
            under("Windows NT Server 4.0", japanese),
            under("Windows 2000", row("wins.exe", "5.0.2195.7005")),
        ]
    };
    let judge = |key: &str, version: &str| {
        let own = entry("wins.exe", Ok(binary(Machine::I386, version, &[(key, version)])));
        reasons(of("Windows NT Server 4.0", rows()), vec![own], &Policy::default())
    };
    let (english, japanese) = ("040904B0", "041104B0");
    assert_eq!(judge(english, "4.0.1381.7330")[..2], ["version-newer", "other-language"]);
    assert_eq!(judge(japanese, "4.0.1381.7330")[..2], ["other-language", "version-older"]);
    assert_eq!(judge(japanese, "5.0.2195.7000")[2], "version-older", "a row without a Japanese one beside it");
}
