//! The scope of a row from its heading, columns and version, and exactly-this-build rows (issue 13, points 1 to 4).

use crate::support::kit::*;
use hotfixcheck::assess::{ArticleStatus, ArticleVerdict, Policy, Profile, ProfileSource};
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_winfiles::binary::{StringTable, VersionOutcome};

/// A policy for files of this system.
pub(crate) fn on(line: &str, pack: Option<&str>) -> Policy {
    let releases = &knowledge().releases;
    let line = releases.line(line).unwrap().clone();
    let pack = pack.map(|name| releases.pack(&line, name).unwrap());
    Policy { profile: Some(Profile { line, pack, source: ProfileSource::Given }), ..Policy::default() }
}

/// A row under a heading.
pub(crate) fn under(section: &str, file: &str, version: &str) -> Fix {
    row(file, version).with(|cells| cells.section = section.to_owned().into())
}

pub(crate) fn for_all(products: &[&str], fixes: Vec<Fix>) -> Article {
    Article { products: products.iter().map(|p| (*p).to_owned().into()).collect(), ..article("Q310626", fixes) }
}

pub(crate) fn verdict(fixes: Vec<Fix>, entry: Entry, policy: &Policy) -> ArticleVerdict {
    assess_with(vec![for_all(&["Windows XP"], fixes)], vec![entry], policy).articles.remove(0)
}

/// A file that was linked on this day.
pub(crate) fn linked(path: &str, version: &str, size: u64, day: &str) -> Entry {
    let mut entry = file(path, version);
    let at =
        day.parse::<jiff::civil::Date>().unwrap().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
    entry.size = Some(size);
    entry.modified = Some(at + 86_400 * 400);
    entry.binary.as_mut().unwrap().time_stamp = Some(u32::try_from(at).unwrap());
    entry
}

/// A row with date and size.
pub(crate) fn dated(file: &str, version: &str, date: &str, size: u64) -> Fix {
    Fix { date: Some(date.parse().unwrap()), size: Some(size), ..row(file, version) }
}

#[test]
fn the_heading_s_service_pack_binds_where_the_version_tells_none() {
    let rows = || {
        vec![
            under("Windows XP Service Pack 2", "tool.dll", "1.2.3.400"),
            under("Windows XP Service Pack 3", "tool.dll", "1.2.3.600"),
        ]
    };
    for (pack, version, expected) in [
        ("3", "1.2.3.500", ["other-service-pack", "version-older"]),
        ("3", "1.2.3.600", ["other-service-pack", "version-equal"]),
        ("2", "1.2.3.500", ["version-newer", "other-service-pack"]),
        ("2", "1.2.3.399", ["version-older", "other-service-pack"]),
    ] {
        let found = verdict(rows(), file("tool.dll", version), &on("Windows XP", Some(pack)));
        assert_eq!(codes(&found), expected, "SP{pack} {version}");
    }
    // Without a system the heading limits nothing.
    let found = verdict(rows(), file("tool.dll", "1.2.3.500"), &Policy::default());
    assert_eq!(codes(&found), ["rows-differ", "rows-differ"]);
}

/// Remote Desktop 6.0 of Windows XP SP2 on SP3, for which the article has a row of Remote Desktop 6.1 (issue 13).
#[test]
fn a_row_for_an_earlier_pack_fixes_nothing_where_the_own_pack_has_a_row_of_another_line() {
    let rows = || {
        vec![
            Fix { size: Some(1_871_872), ..under("Windows XP Service Pack 2", "mstscax.dll", "6.0.6000.16865") },
            under("Windows XP Service Pack 3", "mstscax.dll", "6.0.6001.18266"),
        ]
    };
    let xp = |pack, entry| codes(&verdict(rows(), entry, &on("Windows XP", Some(pack))));
    for version in ["6.0.6000.16865", "6.0.6000.16900"] {
        assert_eq!(xp("3", file("mstscax.dll", version)), ["rows-differ", "other-release"], "{version}");
    }
    assert_eq!(xp("2", file("mstscax.dll", "6.0.6000.16900")), ["version-newer", "other-release"]);
    assert_eq!(xp("3", file("mstscax.dll", "6.0.6001.18266")), ["other-release", "version-equal"]);
    // Version and size of a row: that build, whatever the system.
    let exact = Entry { size: Some(1_871_872), ..file("mstscax.dll", "6.0.6000.16865") };
    assert_eq!(xp("3", exact), ["version-equal", "other-release"]);
}

/// Q250466: the numbers of Windows NT 4.0 do not show the service pack that a row is for; its requirement does (issue
/// 14).
#[test]
fn a_required_service_pack_binds_where_numbers_tell_none() {
    let requires = |pack: &'static str, version: &str| {
        row("aclui.dll", version).with(|cells| cells.sp_requirement = Some(pack.into()))
    };
    let rows = || vec![requires("SP6", "4.0.1381.7035"), requires("SP4", "4.0.1381.204")];
    let judge = |pack, version| codes(&verdict(rows(), file("aclui.dll", version), &on("Windows NT 4.0", Some(pack))));
    assert_eq!(judge("4", "4.0.1381.204"), ["other-service-pack", "version-equal"]);
    assert_eq!(judge("4", "4.0.1381.203"), ["other-service-pack", "version-older"]);
    assert_eq!(judge("6", "4.0.1381.204"), ["version-older", "other-service-pack"]);
}

/// Issue 13: a column binds as a heading does. The row without a service pack is the release's: where the row of a service pack asks for
/// more, it fixes nothing on that service pack or a later one.
#[test]
fn a_row_that_requires_no_service_pack_is_for_the_release() {
    let column = |pack: Option<&'static str>, version: &str| {
        row("tool.dll", version).with(|cells| cells.sp_requirement = pack.map(Into::into))
    };
    let forms = [
        vec![column(None, "7.3.1.50"), column(Some("SP1"), "7.3.1.80")],
        vec![column(Some("None"), "7.3.1.50"), column(Some("SP1"), "7.3.1.80")],
        vec![
            under("Windows Server 2003", "tool.dll", "7.3.1.50"),
            under("Windows Server 2003 Service Pack 1", "tool.dll", "7.3.1.80"),
        ],
    ];
    for rows in forms {
        let judge = |pack: &str, version: &str| {
            let articles = vec![for_all(&["Windows Server 2003"], rows.clone())];
            codes(
                &assess_with(articles, vec![file("tool.dll", version)], &on("Windows Server 2003", Some(pack)))
                    .articles[0],
            )
            .join(" ")
        };
        assert_eq!(judge("2", "7.3.1.60"), "rows-differ other-service-pack", "{rows:?}");
        assert_eq!(judge("2", "7.3.1.80"), "version-newer other-service-pack", "{rows:?}");
        assert_eq!(judge("2", "7.3.1.49"), "version-older other-service-pack", "{rows:?}");
        assert_eq!(judge("1", "7.3.1.60"), "other-product version-older", "{rows:?}");
        assert_eq!(judge("1", "7.3.1.80"), "version-newer version-equal", "{rows:?}");
        assert_eq!(judge("RTM", "7.3.1.60"), "version-newer other-service-pack", "{rows:?}");
    }
}

#[test]
fn a_row_for_another_service_pack_only_is_not_for_this_system() {
    let rows = || vec![under("Windows 7 Service Pack 1", "tool.dll", "1.2.3.600")];
    let judge = |pack: &str, version: &str| {
        let windows_7 = on("Windows 7 and Server 2008 R2", Some(pack));
        let article = for_all(&["Windows 7"], rows());
        codes(&assess_with(vec![article], vec![file("tool.dll", version)], &windows_7).articles[0])[0]
    };
    assert_eq!(judge("1", "1.2.3.599"), "version-older");
    assert_eq!(judge("RTM", "1.2.3.599"), "other-service-pack");
    assert_eq!(judge("RTM", "1.2.3.700"), "other-service-pack");
}

#[test]
fn the_service_pack_of_another_product_is_not_that_of_windows() {
    let rows = vec![under("Internet Explorer 6 Service Pack 1 for Windows XP", "tool.dll", "1.2.3.600")];
    let found = verdict(rows, file("tool.dll", "1.2.3.599"), &on("Windows XP", Some("3")));
    assert_eq!(codes(&found), ["version-older"]);
    let rows = vec![under("Windows XP with Internet Explorer 6 Service Pack 1", "tool.dll", "1.2.3.600")];
    let found = verdict(rows, file("tool.dll", "1.2.3.599"), &on("Windows XP", Some("3")));
    assert_eq!(codes(&found), ["version-older"]);
}

#[test]
fn a_row_headed_for_another_windows_is_not_for_this_one() {
    let xp = on("Windows XP", Some("2"));
    // The version belongs to the system's own line, and no row is under its heading.
    let found = verdict(vec![under("Windows 2000", "a.dll", "5.1.2600.2622")], file("a.dll", "5.1.2600.2600"), &xp);
    assert_eq!(codes(&found), ["version-older"]);
    // There is a row for it.
    let rows = vec![under("Windows 2000", "a.dll", "5.1.2600.2622"), under("Windows XP", "b.dll", "5.1.2600.2622")];
    let found = verdict(rows, file("a.dll", "5.1.2600.2600"), &xp);
    assert_eq!(codes(&found), ["other-product", "file-absent"]);
    // The version does not belong to its line; the article names the system, and has no row for it.
    let found = verdict(vec![under("Windows 2000", "a.dll", "1.2.3.600")], file("a.dll", "1.2.3.500"), &xp);
    assert_eq!(codes(&found), ["other-product", "no-row-for-system"]);
}

#[test]
fn a_component_with_the_numbers_of_another_windows_has_not_its_service_packs() {
    let rows = || {
        vec![
            under("Windows XP Service Pack 1", "hhctrl.ocx", "5.2.3790.315"),
            under("Windows XP Service Pack 2", "hhctrl.ocx", "5.2.3790.2453"),
        ]
    };
    for (pack, version, expected) in [
        ("2", "5.2.3790.1280", ArticleStatus::Missing),
        ("2", "5.2.3790.2453", ArticleStatus::Fixed),
        ("1", "5.2.3790.233", ArticleStatus::Missing),
        ("1", "5.2.3790.315", ArticleStatus::Fixed),
    ] {
        let found = verdict(rows(), file("hhctrl.ocx", version), &on("Windows XP", Some(pack)));
        assert_eq!(found.status, expected, "SP{pack} {version}: {:?}", codes(&found));
    }
}

#[test]
fn columns_name_the_branch_and_the_service_pack() {
    let rows = || {
        vec![
            row_in_branch("abc.sys", "5.2.3790.3041", "SP1GDR"),
            row_in_branch("abc.sys", "5.2.3790.3045", "SP1QFE"),
            row_in_branch("abc.sys", "5.2.3790.4189", "SP2GDR"),
            row_in_branch("abc.sys", "5.2.3790.4190", r"SP2QFE\WOW"),
        ]
    };
    let judge = |version: &str, tag: &str| {
        let string = format!("{version} ({tag})");
        codes(&judge(rows(), vec![tagged("abc.sys", version, &string)]))
    };
    let other = "other-service-pack";
    // A file equal to the row of one branch belongs to that branch.
    assert_eq!(judge("5.2.3790.4189", "no tag"), [other, other, "version-equal", "other-branch"]);
    assert_eq!(judge("5.2.3790.4188", "no tag"), [other, other, "version-older", "version-older"]);
    assert_eq!(judge("5.2.3790.4189", "srv03_sp2_gdr.1"), [other, other, "version-equal", "other-branch"]);
    assert_eq!(judge("5.2.3790.4189", "srv03_sp2_qfe.1"), [other, other, "other-branch", "version-older"]);
    assert_eq!(judge("5.2.3790.4500", "srv03_sp2_qfe.1"), [other, other, "other-branch", "version-newer"]);
}

#[test]
fn gdr_and_ldr_of_a_component_are_told_by_its_line() {
    let rows = || vec![row("mshtml.dll", "8.0.6001.19120"), row("mshtml.dll", "8.0.6001.23210")];
    for (version, expected) in [
        ("8.0.6001.19119", ["version-older", "other-branch"]),
        ("8.0.6001.19120", ["version-equal", "other-branch"]),
        ("8.0.6001.19999", ["version-newer", "other-branch"]),
        ("8.0.6001.20000", ["other-branch", "version-older"]),
        ("8.0.6001.23210", ["other-branch", "version-equal"]),
    ] {
        let found = verdict(rows(), file("mshtml.dll", version), &on("Windows XP", Some("3")));
        assert_eq!(codes(&found), expected, "{version}");
    }
}

#[test]
fn a_renamed_kernel_is_judged_by_the_row_of_its_original_name() {
    let kernel = |original: &str, revision: &str, size: u64| {
        let mut entry = file("system32/ntoskrnl.exe", &format!("4.0.1381.{revision}"));
        entry.size = Some(size);
        if let VersionOutcome::Found(info) = &mut entry.binary.as_mut().unwrap().version {
            info.tables = vec![StringTable {
                key: "040904B0".to_owned(),
                original_filename: Some(original.to_owned()),
                ..StringTable::default()
            }];
        }
        entry
    };
    let rows = || {
        vec![
            dated("ntkrnlmp.exe", "4.0.1381.7064", "2001-02-03", 953_856),
            dated("ntoskrnl.exe", "4.0.1381.7064", "2001-02-03", 930_304),
        ]
    };
    let found = judge(rows(), vec![kernel("ntkrnlmp.exe", "7064", 953_856)]);
    assert_eq!((codes(&found), found.status), (vec!["version-equal", "other-original-name"], ArticleStatus::Fixed));
    let found = judge(rows(), vec![kernel("NTKRNLMP.EXE", "7063", 953_856)]);
    assert_eq!(codes(&found), ["version-older", "other-original-name"]);
    let found = judge(rows(), vec![kernel("ntoskrnl.exe", "7064", 930_304)]);
    assert_eq!(codes(&found), ["file-absent", "version-equal"]);
    // The article has no row of the original name: sizes are ignored.
    let found = judge(rows().split_off(1), vec![kernel("ntkrnlmp.exe", "7064", 953_856)]);
    assert_eq!(codes(&found), ["version-equal"]);
}

/// Issue 13: packages of Windows Vista and later name the kernel for several processors ntoskrnl.exe; their articles have rows of
/// ntkrnlmp.exe for Windows XP alone (KB971486).
#[test]
fn a_kernel_of_windows_vista_is_judged_by_the_row_of_its_installed_name() {
    let rows = || {
        let under = |file: &str, version: &str, section: &str, size: u64| {
            dated(file, version, "2009-08-04", size).with(|cells| cells.section = section.to_owned().into())
        };
        vec![
            under("Ntkrnlmp.exe", "5.1.2600.3610", "Windows XP Service Pack 2", 2_148_352),
            under("Ntoskrnl.exe", "5.1.2600.3610", "Windows XP Service Pack 2", 2_189_824),
            under("Ntoskrnl.exe", "6.0.6002.18082", "Windows Vista Service Pack 2", 4_698_184),
        ]
    };
    let found_on = |line: &str, pack: &str, version: &str, size: u64| {
        let mut entry = file("system32/ntoskrnl.exe", version);
        entry.size = Some(size);
        let VersionOutcome::Found(info) = &mut entry.binary.as_mut().unwrap().version else { unreachable!() };
        info.tables = vec![StringTable {
            key: "040904B0".to_owned(),
            original_filename: Some("ntkrnlmp.exe".to_owned()),
            ..StringTable::default()
        }];
        let verdict =
            assess_with(vec![article("KB971486", rows())], vec![entry], &on(line, Some(pack))).articles.remove(0);
        codes(&verdict).join(" ")
    };
    let (vista, xp) = ("Windows Vista and Server 2008", "Windows XP");
    for (line, pack, version, size, expected) in [
        (vista, "2", "6.0.6002.18005", 4_700_000, "file-absent other-product version-older"),
        (vista, "2", "6.0.6002.18082", 4_698_184, "file-absent other-product version-equal"),
        (vista, "2", "6.0.6002.18082", 4_698_000, "file-absent other-product ambiguous-version"),
        (xp, "2", "5.1.2600.3520", 2_148_352, "version-older other-original-name other-original-name"),
        (xp, "2", "5.1.2600.3610", 2_148_352, "version-equal other-original-name other-original-name"),
    ] {
        assert_eq!(found_on(line, pack, version, size), expected, "{line} {version}");
    }
}

#[test]
fn lines_of_components_are_kept_apart() {
    for (file_name, required, found, expected) in [
        ("mso.dll", "10.0.6856.0", "10.0.6855.0", "version-older"),
        ("mso.dll", "10.0.6856.0", "10.0.6860.0", "version-newer"),
        ("edgehtml.dll", "11.0.10240.17113", "11.0.10586.494", "other-release"),
        ("edgehtml.dll", "11.0.10240.17113", "11.0.10240.16384", "version-older"),
        ("system.web.dll", "4.0.30319.34270", "4.0.30319.1026", "other-release"),
        ("system.web.dll", "4.0.30319.34270", "4.0.30319.34250", "version-older"),
        ("abc.dll", "6.0.6003.20555", "6.0.6002.24000", "version-older"),
        ("a.dll", "6.3.9600.17555", "6.3.9600.17031", "version-older"),
        ("a.dll", "6.3.9600.17555", "6.3.9600.16384", "earlier-service-pack"),
        ("a.dll", "10.0.10240.17113", "10.0.10240.16384", "version-older"),
        ("a.dll", "10.0.10239.5", "10.0.10240.16384", "other-release"),
    ] {
        assert_eq!(code(row(file_name, required), file(file_name, found)), expected, "{found} against {required}");
    }
}

/// Issue 13: a cell with several service packs applies to each of them.
#[test]
fn a_column_may_name_several_service_packs() {
    let found = |requirement: &str, version: &str| {
        let fix =
            row("a.dll", "5.2.3790.4200").with(|cells| cells.sp_requirement = Some(requirement.to_owned().into()));
        let fixes = vec![fix];
        let policy = on("Windows Server 2003", Some("2"));
        let articles = vec![for_all(&["Windows Server 2003"], fixes)];
        codes(&assess_with(articles, vec![file("a.dll", version)], &policy).articles.remove(0)).join(" ")
    };
    for cell in [
        "SP1, SP2",
        "SP1 or SP2",
        "SP1/SP2",
        "SP1 and SP2",
        "RTM, SP1, SP2",
        "SP1 or later",
        "SP1-SP2",
        "SP1 through SP2",
        "SP1QFE and SP2QFE",
        "RTMGDR; SP1GDR; SP2GDR",
        "SP2",
    ] {
        assert_eq!(found(cell, "5.2.3790.4100"), "version-older", "{cell}");
        assert_eq!(found(cell, "5.2.3790.4200"), "version-equal", "{cell}");
    }
    // The column contradicts the number, which is of SP2: a file below it is not fixed, although it is from a later
    // service pack than the column says.
    assert_eq!(found("SP1", "5.2.3790.4100"), "rows-differ");
    assert_eq!(found("SP1", "5.2.3790.4200"), "later-service-pack");
    assert_eq!(found("RTM and SP1", "5.2.3790.4100"), "other-service-pack");
}

/// Issue 13: a version of one or two numbers does not show the release; the file may be older or newer.
#[test]
fn a_version_of_two_numbers_is_not_comparable() {
    for (required, own) in
        [("5.1", "5.1.2600.2600"), ("4.0", "4.0.1381.4"), ("3.0", "3.0.6920.1"), ("5.0", "5.0.2195.1")]
    {
        let found = verdict(vec![row("abcd.dll", required)], file("abcd.dll", own), &Policy::default());
        assert_eq!(codes(&found), ["not-comparable"], "{required} {own}");
    }
    let other = verdict(vec![row("abcd.dll", "5.1")], file("abcd.dll", "6.0.2900.1"), &Policy::default());
    assert_eq!(codes(&other), ["other-release"]);
}

/// Issue 13: a platform cell that names several processors, or their width, applies to these.
#[test]
fn a_platform_cell_may_name_several_processors() {
    let reason = |platform: &str, machine: hotfixcheck::Machine| {
        let machine_of_row = hotfixcheck::Machine::from_platform_text(platform);
        let fix = Fix { date: Some("2010-01-01".parse().unwrap()), ..row("a.dll", "5.2.3790.4200") }.with(|cells| {
            cells.platform = Some(platform.to_owned().into());
            cells.machine = machine_of_row;
        });
        let mut entry = file("a.dll", "5.2.3790.4100");
        entry.binary.as_mut().unwrap().machine = Some(machine);
        let articles = vec![for_all(&["Windows Server 2003"], vec![fix])];
        codes(&assess_with(articles, vec![entry], &Policy::default()).articles.remove(0)).join(" ")
    };
    use hotfixcheck::Machine::{I386, Ia64, X64};
    for platform in ["64-bit", "Win64", "EM64T", "Intel 64", "IA-64, x64", "x64/IA-64"] {
        assert_eq!(reason(platform, I386), "other-machine", "{platform}");
        assert_eq!(reason(platform, X64), "version-older", "{platform}");
    }
    assert_eq!(reason("IA-64, x64", Ia64), "version-older");
    assert_eq!(reason("EM64T", Ia64), "other-machine");
    assert_eq!(reason("x86, x64", I386), "version-older");
    assert_eq!(reason("All", I386), "version-older");
}

/// Issue 13: a file of an unknown system has the version of one Windows' row and is below the row of another. The
/// version alone does not show the Windows, and the article was called half-installed.
#[test]
fn a_version_of_one_of_two_windows_is_not_half_installed() {
    let rows = || {
        vec![
            under("Windows XP", "hlink.dll", "5.2.3790.227"),
            under("Windows Server 2003", "hlink.dll", "5.2.3790.225"),
        ]
    };
    let judged = verdict(rows(), file("hlink.dll", "5.2.3790.225"), &Policy::default());
    assert_eq!((judged.status, codes(&judged)), (ArticleStatus::Unknown, vec!["rows-differ"; 2]));
    let system = verdict(rows(), file("hlink.dll", "5.2.3790.225"), &on("Windows Server 2003", None));
    assert_eq!(system.status, ArticleStatus::Fixed);
}

/// Issue 13: if every name of a product list names processors, its rows are for files of these.
#[test]
fn the_processors_of_a_product_list_bind() {
    let reason = |products: &[&str], heading: &str, machine: hotfixcheck::Machine| {
        let date = Some("2010-01-01".parse().unwrap());
        let fix = Fix { date, ..row("a.dll", "5.2.3790.4200") }.with(|cells| cells.section = heading.to_owned().into());
        let mut entry = file("a.dll", "5.2.3790.4100");
        entry.binary.as_mut().unwrap().machine = Some(machine);
        codes(&assess_with(vec![for_all(products, vec![fix])], vec![entry], &Policy::default()).articles.remove(0))
            .join(" ")
    };
    use hotfixcheck::Machine::{I386, Ia64, X64};
    let itanium = ["Windows Server 2003, Datacenter Edition for Itanium-Based Systems"];
    assert_eq!(reason(&itanium, "", I386), "other-machine");
    assert_eq!(reason(&itanium, "", Ia64), "version-older");
    assert_eq!(reason(&["Windows Server 2003, Enterprise x64 Edition"], "", I386), "other-machine");
    assert_eq!(reason(&["Windows Server 2003, Enterprise x64 Edition"], "", X64), "version-older");
    let both = [itanium[0], "Windows Server 2003, Standard Edition"];
    assert_eq!(reason(&both, "", I386), "version-older", "one name is for every processor");
    assert_eq!(reason(&itanium, "32-bit editions of Windows Server 2003", I386), "version-older", "the heading tells");
}

/// Issue 13, point 4: MS09-044 names the client of Remote Desktop as its package does (lhmstscx.dll); setup installs it as mstscax.dll,
/// which is its original name, too.
#[test]
fn a_name_of_a_package_is_judged_by_the_installed_file() {
    let judge = |name: &str, version: &str, files: &[(&str, &str)]| {
        let heading = "Remote Desktop Protocol 6.0, Remote Desktop Protocol 6.1 on Windows XP Service Pack 2, Windows XP Service Pack 3";
        let article = hotfixcheck_articles::Article {
            products: Vec::new(),
            ..article("KB956744", vec![under(heading, name, version)])
        };
        let entries = files.iter().map(|(name, version)| file(name, version)).collect();
        assess_with(vec![article], entries, &on("Windows XP", Some("3"))).articles[0].status
    };
    let client = |version| judge("lhmstscx.dll", "6.0.6001.18266", &[("system32/mstscax.dll", version)]);
    assert_eq!(client("6.0.6001.18000"), hotfixcheck::assess::ArticleStatus::Missing);
    assert_eq!(client("6.0.6001.18266"), hotfixcheck::assess::ArticleStatus::Fixed);
    assert_eq!(client("5.1.2600.2180"), hotfixcheck::assess::ArticleStatus::NotApplicable);
    let by_package = judge("lhmstscx.dll", "6.0.6001.18266", &[("system32/kernel32.dll", "6.0.6001.18000")]);
    assert_eq!(by_package, hotfixcheck::assess::ArticleStatus::NotApplicable);
    // MS06-069 brings Flash6.ocx in the place of the vulnerable Flash.ocx, which may stay beside it.
    let flash = |files: &[(&str, &str)]| judge("Flash6.ocx", "6.0.88.0", files);
    let (old, new) = (("Flash/flash.ocx", "6.0.79.0"), ("Flash/flash6.ocx", "6.0.88.0"));
    assert_eq!(flash(&[old]), hotfixcheck::assess::ArticleStatus::Missing);
    assert_eq!(flash(&[old, new]), hotfixcheck::assess::ArticleStatus::Fixed);
    assert_eq!(flash(&[("Flash/flash6.ocx", "6.0.84.0")]), hotfixcheck::assess::ArticleStatus::Missing);
}
