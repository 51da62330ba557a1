//! Lines of products whose fixes change the second or third number, articles of the product's other service pack, and what
//! the names of a product list mean together (issue 13).

use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::{ArticleStatus, Policy};
use hotfixcheck::inventory::Entry;
use hotfixcheck::inventory::system::{Fact, Facts, System, identify};
use hotfixcheck_articles::{Article, Fix};

/// The status of an article with these rows, by the version of the only file, which is that of the first row.
fn status(rows: &[Fix], found: &str, policy: &Policy) -> ArticleStatus {
    let article = Article { products: Vec::new(), ..article("KB900001", rows.to_vec()) };
    let file = file(&rows[0].file.to_lowercase(), found);
    assess_with(vec![article], vec![file], policy).articles[0].status
}

/// The file that an earlier bulletin brought to a product is missing the later fix, though the second number differs.
#[test]
fn a_fix_that_changes_the_second_number_of_a_product_is_missing_on_the_earlier_file() {
    let cases = [
        ("mswrd8.wpc", "2009.10.31.10", &["10.0.803.10", "2007.10.31.10", "2004.10.25.0"][..], "2010.6.31.10"),
        ("write.wpc", "2009.10.31.10", &["2007.10.31.10"], "2009.10.31.11"),
        ("vbe6.dll", "6.5.10.53", &["6.3.91.8", "6.4.99.72", "6.5.10.24"], "6.5.10.54"),
        ("msxml5.dll", "5.20.1087.0", &["5.0.2916.0", "5.10.2930.0", "5.20.1081.0"], "5.20.1104.0"),
        ("wkcvqd01.dll", "9.8.1117.0", &["9.7.613.0", "9.7.621.0"], "9.11.707.0"),
        ("wkcvqr01.dll", "8.7.216.0", &["8.4.623.0", "8.5.818.0"], "8.7.217.0"),
        ("works632.cnv", "7.3.1005.0", &["7.0.325.0", "7.2.702.0"], "7.3.1006.0"),
        ("cdosys.dll", "6.1.1002.0", &["6.1.1000.0", "6.1.1001.0"], "6.1.1003.0"),
        ("vmm.sys", "1.1.656.0", &["1.1.603.0", "1.1.627.0"], "1.1.657.0"),
    ];
    for (name, required, earlier, later) in cases {
        let rows = [row(name, required)];
        let xp = on("Windows XP", "3");
        for found in earlier {
            assert_eq!(status(&rows, found, &xp), ArticleStatus::Missing, "{name} {found} < {required}");
        }
        assert_eq!(status(&rows, later, &xp), ArticleStatus::Fixed, "{name} {later} > {required}");
    }
    // Works 8 and Works 9 are two products.
    let works = [row("wkcvqd01.dll", "9.8.1117.0")];
    assert_eq!(status(&works, "8.7.216.0", &on("Windows XP", "3")), ArticleStatus::NotApplicable);
}

/// MS06-057: Windows 2000 and Internet Explorer 6 on it have common controls of two lines.
#[test]
fn common_controls_5_81_are_two_lines() {
    let rows = [row("comctl32.dll", "5.81.3900.7109"), row("comctl32.dll", "5.81.4968.2500")];
    let judge = |found: &str| status(&rows, found, &on("Windows 2000", "4"));
    // 4134 to 4807 are builds of Internet Explorer 5.5.
    for found in
        ["5.81.3502.6601", "5.81.3900.7108", "5.81.4134.600", "5.81.4807.2300", "5.81.4916.400", "5.81.4968.2499"]
    {
        assert_eq!(judge(found), ArticleStatus::Missing, "{found}");
    }
    for found in ["5.81.3900.7109", "5.81.3900.7110", "5.81.4968.2500", "5.81.4968.2501"] {
        assert_eq!(judge(found), ArticleStatus::Fixed, "{found}");
    }
}

/// MS07-013, MS05-048: no source says with which number SP1 begins, so that a number between the two fixes shows no
/// service pack: that of the system decides, with the folder of the row.
#[test]
fn the_systems_service_pack_decides_where_only_the_fixes_bound_it() {
    let cases = [
        ("riched20.dll", "5.31.23.1224", "5.31.23.1225", "5.31.23.1226"),
        ("msftedit.dll", "5.41.21.2504", "5.41.21.2505", "5.41.21.2507"),
        ("cdosys.dll", "6.5.6749.0", "6.5.6750.0", "6.5.6756.0"),
        ("mfc42u.dll", "6.5.5211.0", "6.5.9000.0", "6.5.9146.0"),
    ];
    for (name, rtm, between, sp1) in cases {
        let folders = [("RTMGDR", rtm), ("RTMQFE", rtm), ("SP1GDR", sp1), ("SP1QFE", sp1)];
        let rows = folders.map(|(folder, version)| under("Windows Server 2003", row_in_branch(name, version, folder)));
        let judge = |found: &str, pack: &str| status(&rows, found, &on("Windows Server 2003", pack));
        assert_eq!(judge(rtm, "RTM"), ArticleStatus::Fixed, "{name}");
        assert_eq!(judge(between, "RTM"), ArticleStatus::Fixed, "{name}");
        assert_eq!(judge(between, "1"), ArticleStatus::Missing, "{name}");
        assert_eq!(judge(sp1, "1"), ArticleStatus::Fixed, "{name}");
        // No row is for SP2: only what all rows say is certain.
        assert_eq!(judge(between, "2"), ArticleStatus::Unknown, "{name}");
        assert_eq!(judge(rtm, "2"), ArticleStatus::Unknown, "{name}");
        assert_eq!(judge(sp1, "2"), ArticleStatus::Fixed, "{name}");
    }
}

/// MS09-010: the service pack of a row's folder binds also where the next service pack has other numbers of the line.
#[test]
fn a_folder_binds_beside_one_of_its_line_with_other_numbers() {
    let rows = [("SP2GDR", "10.0.803.10"), ("SP3GDR", "2007.10.31.10")]
        .map(|(folder, version)| under("Windows XP 32-bit", row_in_branch("mswrd8.wpc", version, folder)));
    let judge = |found: &str, pack: &str| status(&rows, found, &on("Windows XP", pack));
    assert_eq!(judge("10.0.803.9", "2"), ArticleStatus::Missing);
    assert_eq!(judge("10.0.803.10", "2"), ArticleStatus::Fixed);
    // It is the same build.
    assert_eq!(judge("10.0.803.10", "3"), ArticleStatus::Fixed);
    for found in ["10.0.803.2", "2004.10.25.0"] {
        assert_eq!((judge(found, "2"), judge(found, "3")), (ArticleStatus::Missing, ArticleStatus::Missing), "{found}");
    }
    assert_eq!(judge("2007.10.31.9", "3"), ArticleStatus::Missing);
    assert_eq!(judge("2007.10.31.10", "3"), ArticleStatus::Fixed);
}

/// MS08-012, MS08-027: the row prints 9.0.8931.0, the file is 9.0.0.8931, with or without the string "9.0.8931".
#[test]
fn a_version_of_office_2000_is_printed_without_its_zero() {
    let judge = |name: &str, printed: &str, file: Entry| {
        let article = Article { products: Vec::new(), ..article("KB946255", vec![row(name, printed)]) };
        assess(vec![article], vec![file]).articles[0].status
    };
    for (build, expected) in
        [(8930, ArticleStatus::Missing), (8931, ArticleStatus::Fixed), (8940, ArticleStatus::Fixed)]
    {
        let (fixed, string) = (format!("9.0.0.{build}"), format!("9.0.{build}"));
        for file in [file("mspub.exe", &fixed), tagged("mspub.exe", &fixed, &string)] {
            assert_eq!(judge("Mspub.exe", "9.0.8931.0", file), expected, "{build}");
        }
    }
    // Of these files it is not known where the zero is.
    for (form, own) in [("9.0.0.6717", "9.0.0.6718"), ("9.0.6717.0", "9.0.6718.0")] {
        assert_eq!(judge("Pstprx32.dll", "9.0.6718.0", file("pstprx32.dll", form)), ArticleStatus::Missing, "{form}");
        assert_eq!(judge("Pstprx32.dll", "9.0.6718.0", file("pstprx32.dll", own)), ArticleStatus::Fixed, "{own}");
    }
    assert_eq!(judge("Outlmime.dll", "9.0.3202.0", file("outlmime.dll", "9.0.0.3202")), ArticleStatus::Fixed);
    assert_eq!(judge("Outlmime.dll", "9.0.3202.0", file("outlmime.dll", "9.0.3178.0")), ArticleStatus::Missing);
    // SQL Server 2005 has such numbers in this form.
    assert_eq!(judge("msolap90.dll", "9.0.3042.0", file("msolap90.dll", "9.0.3042.0")), ArticleStatus::Fixed);
    assert_eq!(judge("msolap90.dll", "9.0.3042.0", file("msolap90.dll", "9.0.0.3042")), ArticleStatus::NotApplicable);
}

/// MS07-012: KB924641 is for Visual Studio .NET 2002, KB924642 for its SP1. Only one is for a file. (Files for debugging are not
/// redistributed, so that they show that the product is there.)
#[test]
fn an_article_of_the_products_other_service_pack_leaves_a_file_to_the_one_that_is_for_it() {
    let of = |id: &str, product: &str, version: &str, size: u64| Article {
        bulletins: vec!["MS07-012".to_owned().into()],
        products: vec![product.to_owned().into()],
        ..article(id, vec![Fix { size: Some(size), ..under(product, row("mfc70d.dll", version)) }])
    };
    let judge_sized = |found: &str, size: u64| {
        let release = of("KB924641", "Visual Studio .NET 2002", "7.0.9801.0", size);
        let pack = of("KB924642", "Visual Studio .NET 2002 Service Pack 1", "7.0.9975.0", size);
        let judged = assess_with(vec![release, pack], vec![file("x/mfc70d.dll", found)], &on("Windows XP", "3"));
        (codes(&judged.articles[0])[0], codes(&judged.articles[1])[0])
    };
    // The file has 1,000 bytes.
    let judge = |found: &str| judge_sized(found, 1000);
    assert_eq!(judge_sized("7.0.9801.0", 1001), ("ambiguous-version", "other-service-pack"));
    assert_eq!(judge("7.0.9800.0"), ("version-older", "other-service-pack"));
    assert_eq!(judge("7.0.9801.0"), ("version-equal", "other-service-pack"));
    assert_eq!(judge("7.0.9974.0"), ("other-service-pack", "version-older"));
    assert_eq!(judge("7.0.9975.0"), ("other-service-pack", "version-equal"));
}

/// MS05-004 (issue 13): SP1 of .NET Framework 1.1 was there before the fix, and has an article of its own. Files that only the article
/// for the release has do not show the correction.
#[test]
fn an_article_for_an_earlier_pack_is_not_fixed_by_files_that_its_sibling_lacks() {
    let of = |id: &str, heading: &str, rows: &[(&str, &str)]| Article {
        bulletins: vec!["MS05-004".to_owned().into()],
        products: Vec::new(),
        ..article(id, rows.iter().map(|(name, version)| under(heading, row(name, version))).collect())
    };
    let release = of(
        "KB886904",
        ".NET Framework 1.1 on Windows 2000 Service Pack 4, Windows XP",
        &[("system.web.dll", "1.1.4322.1085"), ("aspnet_isapi.dll", "1.1.4322.1085")],
    );
    let pack = of(
        "KB886903",
        ".NET Framework 1.1 Service Pack 1 on Windows 2000 Service Pack 4, Windows XP",
        &[("system.web.dll", "1.1.4322.2037")],
    );
    let judge = |version: &str| {
        let files = vec![file("system.web.dll", version), file("aspnet_isapi.dll", version)];
        let judged = assess_with(vec![release.clone(), pack.clone()], files, &on("Windows 2000", "4"));
        let of = |id: &str| judged.articles.iter().find(|one| one.id == id.parse().unwrap()).unwrap().status;
        (of("KB886904"), of("KB886903"))
    };
    assert_eq!(judge("1.1.4322.2032"), (ArticleStatus::NotApplicable, ArticleStatus::Missing));
    assert_eq!(judge("1.1.4322.573").0, ArticleStatus::Missing);
    assert_eq!(judge("1.1.4322.1085").0, ArticleStatus::Fixed);
}

/// A bare name beside names with service packs is the release, up to the first of them (MS10-098, MS11-006, MS11-011,
/// MS11-012).
#[test]
fn a_bare_name_in_a_product_list_is_not_lost_beside_one_with_a_service_pack() {
    let is_named = |list: &[&str], line: &str, pack: &str| {
        let rows = vec![under("Windows NT 4.0", row("win32k.sys", "4.0.1381.7000"))];
        let products = ["Windows NT 4.0"].iter().chain(list).map(|name| (*name).to_owned().into()).collect();
        let article = Article { products, ..article("KB2436673", rows) };
        let judged = assess_with(vec![article], vec![file("win32k.sys", "6.0.6001.18000")], &on(line, pack));
        codes(&judged.articles[0]).contains(&"no-row-for-system")
    };
    const VISTA: &str = "Windows Vista and Server 2008";
    const SEVEN: &str = "Windows 7 and Server 2008 R2";
    let vista = ["Windows Vista Service Pack 1", "Windows Vista Service Pack 2"];
    let server = ["Windows Server 2008 32-bit", "Windows Server 2008 32-bit Service Pack 2"];
    for list in [[vista, server].concat(), [server, vista].concat()] {
        assert!(is_named(&list, VISTA, "1") && is_named(&list, VISTA, "2"), "{list:?}");
        assert!(!is_named(&list, VISTA, "RTM"), "Server 2008 was released with the numbers of SP1: {list:?}");
    }
    assert!(is_named(&server, VISTA, "1") && is_named(&server, VISTA, "2"));
    for list in [["Windows 7 32-bit", "Windows 7 32-bit Service Pack 1"], ["Windows 7 Service Pack 1", "Windows 7"]] {
        assert!(is_named(&list, SEVEN, "RTM") && is_named(&list, SEVEN, "1"), "{list:?}");
    }
    let xp = ["Windows XP", "Windows XP Service Pack 2"];
    assert!(["RTM", "1", "2"].iter().all(|pack| is_named(&xp, "Windows XP", pack)));
    assert!(!is_named(&xp, "Windows XP", "3"), "SP3 is later than what the list names");
    assert!(["RTM", "3"].iter().all(|pack| is_named(&xp[..1], "Windows XP", pack)), "the whole line");
    assert!(!is_named(&["Windows Server 2003 Service Pack 1"], "Windows Server 2003", "RTM"));
}

/// Phrases of headings and columns that widen a service pack.
#[test]
fn a_service_pack_or_a_later_one_in_other_words() {
    let later = [
        "Service Pack 1 or a later version",
        "SP1 or a later service pack",
        "mit Service Pack 1 oder einem späteren Service Pack",
        "mit Service Pack 1 oder einer neueren Version",
        "avec Service Pack 1 ou une version ultérieure",
        "Service Pack 1 またはそれ以降",
        "Service Pack 1 及更新版本",
        "SP1 onward",
        "avec Service Pack 2 ou 3",
        "con Service Pack 2 o 3",
        "mit Service Pack 2 und 3",
    ];
    let judge = |phrase: &str, pack: &str| {
        let rows = [under(&format!("Windows XP {phrase}"), row("x.dll", "3.2.1.5"))];
        status(&rows, "3.2.1.4", &on("Windows XP", pack))
    };
    for phrase in later {
        assert_eq!(judge(phrase, "3"), ArticleStatus::Missing, "{phrase}");
        assert_eq!(judge(phrase, "RTM"), ArticleStatus::NotApplicable, "{phrase}");
    }
    for phrase in ["Service Pack 2 oder früher", "Service Pack 2 oder einem früheren Service Pack", "SP1 ou 2"] {
        assert_eq!(judge(phrase, "3"), ArticleStatus::NotApplicable, "{phrase}");
    }
}

/// Windows XP SP1a is SP1 without the Java machine.
#[test]
fn a_service_pack_1a_is_service_pack_1() {
    let judge = |pack: &str| {
        let article = pack_article("Q330994", &[("Windows XP", "1a")]);
        codes(&assess_with(vec![article], Vec::new(), &on("Windows XP", pack)).articles[0])[0]
    };
    assert_eq!(judge("RTM"), "service-pack-older");
    assert_eq!(judge("1"), "service-pack-installed");
    assert_eq!(judge("3"), "service-pack-installed");
}

/// Windows Vista and 7 have a build for each service pack: a registry that names another one contradicts itself, one that
/// names none is of the build's.
#[test]
fn the_build_of_vista_and_7_is_its_service_pack() {
    let judge = |version: &str, build: u32, csd: Option<&str>| {
        fn fact<T>(value: T, source: &str) -> Option<Fact<T>> {
            Some(Fact { value, source: source.to_owned() })
        }
        let facts = Facts {
            current_version: fact(version.to_owned(), "CurrentVersion"),
            build: fact(build, "CurrentBuildNumber"),
            csd_version: csd.and_then(|csd| fact(csd.to_owned(), "CSDVersion")),
            ..Facts::default()
        };
        let identity = identify(&System { facts, ..System::default() }, &knowledge().releases);
        (identity.pack.map(|pack| pack.value.name().to_owned()), identity.doubts.len())
    };
    let pack = |name: &str| (Some(name.to_owned()), 0);
    assert_eq!(judge("6.1", 7601, Some("Service Pack 1")), pack("1"));
    assert_eq!(judge("6.1", 7600, Some("")), pack("RTM"));
    assert_eq!(judge("6.1", 7601, None), pack("1"));
    assert_eq!(judge("6.0", 6002, None), pack("2"));
    assert_eq!(judge("6.0", 6003, Some("Service Pack 2")), pack("2"));
    assert_eq!(judge("6.1", 7601, Some("")), pack("1"));
    assert_eq!(judge("6.1", 7600, Some("Service Pack 1")), (None, 1));
    assert_eq!(judge("6.0", 6002, Some("Service Pack 1")), (None, 1));
    // The builds of others show no service pack.
    assert_eq!(judge("5.1", 2600, Some("Service Pack 3")), pack("3"));
    assert_eq!(judge("5.1", 2600, None), (None, 1));
}

/// MS05-026: rows that another translation contradicts leave the branch of an equal file as it was: the fix is not missing.
#[test]
fn a_row_that_another_translation_contradicts_shows_no_other_branch() {
    let id = "KB896358".parse().unwrap();
    let article = Article::clone(embedded().articles().iter().find(|article| article.id == id).unwrap());
    let file = entry("Windows/hh.exe", Ok(binary(Machine::Ia64, "5.2.3790.315", &[])));
    let file = Entry { size: Some(13_824), ..file };
    let judged = assess_with(vec![article], vec![file], &on("Windows XP", "1"));
    let found = codes(&judged.articles[0]);
    assert!(found.contains(&"version-equal") && !found.contains(&"version-older"), "{found:?}");
}

/// Issue 13, point 2: a product on a Windows is for that Windows.
#[test]
fn a_list_of_a_product_on_a_windows_is_for_that_windows() {
    let judge = |product: &str, system: &str, pack: &str| {
        let article =
            Article { products: vec![product.to_owned().into()], ..article("KB900001", vec![row("a.dll", "9.8.7.6")]) };
        assess_with(vec![article], vec![file("a.dll", "9.8.7.5")], &on(system, pack)).articles[0].status
    };
    for product in
        ["Internet Explorer 6 on Windows XP", "MSXML 4.0 on Windows XP", "Internet Explorer 7 for Windows XP"]
    {
        assert_eq!(judge(product, "Windows XP", "3"), ArticleStatus::Missing, "{product}");
        assert_eq!(judge(product, "Windows 2000", "4"), ArticleStatus::NotApplicable, "{product}");
    }
    assert_eq!(judge("Word 97 for Windows", "Windows 2000", "4"), ArticleStatus::Missing);
}

/// Issue 13, point 3: parts of Windows 8.1 with numbers of their own have its two branches; Server 2008 SP2 counts 6003.
#[test]
fn components_follow_the_builds_of_their_windows() {
    let rows = ["6.6.9600.16668", "6.6.9600.17126"].map(|version| row("quartz.dll", version));
    let on = on("Windows 8.1 and Server 2012 R2", "RTM");
    for (found, expected) in [
        ("6.6.9600.16668", ArticleStatus::Fixed),
        ("6.6.9600.16667", ArticleStatus::Missing),
        ("6.6.9600.17125", ArticleStatus::Missing),
        ("6.6.9600.17126", ArticleStatus::Fixed),
    ] {
        assert_eq!(status(&rows, found, &on), expected, "{found}");
    }
    for (file, from, to) in [
        ("w3core.dll", "7.0.6002.18005", "7.0.6003.20500"),
        ("wmp.dll", "11.0.6002.18005", "11.0.6003.20500"),
        ("vbscript.dll", "5.7.6002.18005", "5.7.6003.20500"),
    ] {
        let on = crate::support::kit::on("Windows Vista and Server 2008", "2");
        assert_eq!(status(&[row(file, to)], from, &on), ArticleStatus::Missing, "{file}");
        // The later file is of the other branch: whatever the answer, it is one about this file.
        assert_ne!(status(&[row(file, from)], to, &on), ArticleStatus::NotApplicable, "{file}");
    }
}

/// Issue 13: a colon in place of a dot (5.0:2195.2097 of Winlogon.exe in Q214488) has one reading.
#[test]
fn a_colon_in_a_version_is_a_misprinted_dot() {
    let status = |version: &str| {
        let article = article("Q214488", vec![row("winlogon.exe", "5.0:2195.2097")]);
        assess(vec![article], vec![file("winlogon.exe", version)]).articles.remove(0).status
    };
    assert_eq!(status("5.0.2195.2096"), ArticleStatus::Missing);
    assert_eq!(status("5.0.2195.2097"), ArticleStatus::Fixed);
}
