//! The Windows that headings and product lists name, in ranges, lists and short names (issue 13).

use crate::assess_bulletins::reasons;
use crate::support::kit::*;
use hotfixcheck_articles::Article;

/// Text after another product's name belongs to that product.
#[test]
fn numbers_of_products_beside_windows_name_no_windows() {
    let lines = |heading: &str| {
        let scope = knowledge().products.scope_of_heading(heading);
        scope.map(|scope| scope.lines.into_iter().collect::<Vec<_>>().join("; ")).unwrap_or_default()
    };
    assert_eq!(lines("Windows XP with Internet Explorer 7"), "Windows XP");
    assert_eq!(lines("Windows Server 2003 and SQL Server 2000"), "Windows Server 2003");
    assert_eq!(lines("Internet Explorer 7 on Windows Vista"), "Windows Vista and Server 2008");
    assert_eq!(lines("Microsoft Windows .NET Server 2003"), "Windows Server 2003");
    assert_eq!(
        lines("Windows Server 2003 and later"),
        "Windows 10 and later; Windows 7 and Server 2008 R2; Windows 8 and Server 2012; Windows 8.1 and Server 2012 R2; \
         Windows Server 2003; Windows Vista and Server 2008"
    );
    assert_eq!(lines("Windows XP Service Pack 2 or later"), "Windows XP");
    let packs = knowledge().products.scope_of_heading("Windows XP Service Pack 2 or later").unwrap();
    assert!(
        packs.packs_of("Windows XP").unwrap().contains("3") && !packs.packs_of("Windows XP").unwrap().contains("1")
    );
    assert_eq!(lines("Windows Server 2016 and Windows 10 Version 1607"), "Windows 10 and later");
}

/// Issue 13: headings limit rows, also those that name a range or an exception.
#[test]
fn headings_name_ranges_and_exceptions() {
    let products = &knowledge().products;
    let scope = |heading: &str| {
        let scope = products.scope_of_heading(heading).unwrap_or_else(|| panic!("{heading} names no Windows"));
        let shown = |line: &String| match scope.packs_of(line) {
            None => line.clone(),
            Some(packs) => format!("{line} {}", packs.iter().cloned().collect::<Vec<_>>().join(" ")),
        };
        scope.lines.iter().map(shown).collect::<Vec<_>>().join("; ")
    };
    let (later, from_2000) = ("Windows XP 2 3 4 5 6 6a", "Windows 2000 3 4 5 6 6a");
    for (heading, named) in [
        ("Windows XP SP2 and later", later),
        ("Windows XP SP2 and all later service packs", later),
        ("Windows XP Service Pack 2 (SP2) and any newer service pack", later),
        ("Windows XP SP2+", later),
        ("Windows XP Service Pack 2 oder höher", later),
        ("Windows XP Service Pack 2 et versions ultérieures", later),
        ("Windows XP Service Pack 2 y versiones posteriores", later),
        ("Windows XP SP2以降", later),
        ("Windows XP SP2 이상", later),
        ("Windows XP SP2 及更高版本", later),
        ("Windows 2000 SP3 and up", from_2000),
        ("Windows 2000 SP3 or higher", from_2000),
        ("Windows 2000 SP3 or greater", from_2000),
        ("Windows 2000 Service Packs 2 through 4", "Windows 2000 2 3 4"),
        ("Windows 2000 SP2 through SP4", "Windows 2000 2 3 4"),
        ("Windows 2000 SP2-SP4", "Windows 2000 2 3 4"),
        ("Windows 2000 Service Pack 2 bis Service Pack 4", "Windows 2000 2 3 4"),
        ("Windows XP SP2 lub nowszy", later),
        ("Windows XP SP2 of hoger", later),
        ("Windows XP SP2 и более поздние версии", later),
        ("Windows XP starting with SP2", later),
        ("from Windows XP SP2 on", later),
        ("Windows XP ab Service Pack 2", later),
        ("Windows XP with at least Service Pack 2", later),
        ("Windows XP >= SP2", later),
        ("Windows XP > SP1", later),
        ("XP SP2 and later", later),
        ("Service Pack 2 and later for Windows XP", later),
        ("Windows XP SP1 and earlier", "Windows XP 1 RTM"),
        ("Windows XP up to SP1", "Windows XP 1 RTM"),
        ("Windows XP prior to SP2", "Windows XP 1 RTM"),
        ("Windows XP before Service Pack 2", "Windows XP 1 RTM"),
        ("Windows XP with less than SP2", "Windows XP 1 RTM"),
        ("Pre-SP2 Windows XP", "Windows XP 1 RTM"),
        ("Windows 2000 SP2 to SP4", "Windows 2000 2 3 4"),
        ("Windows XP with or without SP2", "Windows XP"),
        ("Windows XP with and without Service Pack 1", "Windows XP"),
        ("the original release version of Windows XP", "Windows XP RTM"),
        ("Windows XP (RTM only)", "Windows XP RTM"),
        ("Win2K SP4", "Windows 2000 4"),
        ("W2K3 SP1", "Windows Server 2003 1"),
        ("Server 2008 R2 SP1", "Windows 7 and Server 2008 R2 1"),
        ("Windows 2000 (not SP4)", "Windows 2000 1 2 3 5 6 6a RTM"),
        ("Windows Server 2003 (not x64)", "Windows Server 2003"),
        ("Windows Server 2008, non-Itanium editions", "Windows Vista and Server 2008"),
        ("Internet Explorer 6 Service Pack 1 on Windows XP", "Windows XP"),
        ("Windows XP without a service pack", "Windows XP RTM"),
        ("Windows XP with no service pack installed", "Windows XP RTM"),
        ("Windows XP without Service Pack 2", "Windows XP 1 RTM"),
        ("Windows XP ohne Service Pack 2", "Windows XP 1 RTM"),
        ("Windows XP sans SP2", "Windows XP 1 RTM"),
        ("Windows XP that does not have SP2", "Windows XP 1 RTM"),
        ("For computers that do not have Windows XP SP2 installed", "Windows XP 1 RTM"),
        ("Windows Server 2003 without SP1", "Windows Server 2003 RTM"),
        ("Windows 8.x", "Windows 8 and Server 2012; Windows 8.1 and Server 2012 R2"),
        ("NT4/2000", "Windows 2000; Windows NT 4.0"),
        ("WXP SP2", "Windows XP 2"),
        ("Windows .NET Server", "Windows Server 2003"),
        ("Windows XP SP2 upwards", later),
        ("Windows XP since SP2", later),
        ("Windows XP SP2 или более поздней версии", later),
        ("Windows XP SP2 veya üstü", later),
        ("Windows XP SP2 vagy újabb", later),
        ("Windows XP SP2 tai uudempi", later),
        ("Windows XP SP2 ή νεότερη έκδοση", later),
        ("Windows XP SP2 ומעלה", later),
        ("Windows XP SP2 والإصدارات الأحدث", later),
        ("Windows XP (except SP1)", "Windows XP 2 3 4 5 6 6a RTM"),
        ("Windows XP (außer Service Pack 1)", "Windows XP 2 3 4 5 6 6a RTM"),
        ("Windows XP (SP1 を除く)", "Windows XP 2 3 4 5 6 6a RTM"),
        ("Windows 2000 and Windows XP (except SP1)", "Windows 2000; Windows XP 2 3 4 5 6 6a RTM"),
        ("Windows XP SP1 and SP2, but not Windows XP SP1", "Windows XP 2"),
        ("Windows 2000 through Windows Server 2003", "Windows 2000; Windows Server 2003; Windows XP"),
        (
            "Windows 2000 and earlier",
            "Windows 2000; Windows 95; Windows 98; Windows 98 Second Edition; Windows Me; Windows NT 3.1; Windows NT 3.5; Windows NT 3.51; \
             Windows NT 4.0; Windows NT 4.0 Terminal Server Edition",
        ),
        ("Windows 2000 and all later versions except Windows XP and later", "Windows 2000"),
        ("Windows Server 2003 except Windows Server 2003 R2", "Windows Server 2003"),
        ("Windows Server 2003 (except Itanium-based systems)", "Windows Server 2003"),
        (
            "Windows Vista and all later versions except Windows 10 and Windows 8.1",
            // Windows 11 is a later version that is not excepted.
            "Windows 10 and later; Windows 7 and Server 2008 R2; Windows 8 and Server 2012; Windows Vista and Server 2008",
        ),
    ] {
        assert_eq!(scope(heading), named, "{heading}");
    }
    let before_vista = scope("versions of Windows earlier than Windows Vista");
    assert!(before_vista.contains("Windows XP") && !before_vista.contains("Vista"), "{before_vista}");
    assert_eq!(scope("Pre-Windows Vista"), before_vista);
    assert_eq!(scope("Prior to Windows Vista"), before_vista, "\"to\" begins no range here");
    assert_eq!(scope("Up to Windows XP"), scope("Windows XP and earlier"));
    assert_eq!(scope("For systems up to Windows XP"), scope("Windows XP and earlier"));
    let not_2000 = scope("non-Windows 2000");
    assert!(not_2000.contains("Windows XP") && !not_2000.contains("Windows 2000"), "{not_2000}");
    assert_eq!(scope("non-Windows 2000-based computers"), not_2000);
    assert_eq!(scope("Systems other than Windows 2000"), not_2000);
    let all_but = scope("All supported versions of Windows except Windows Vista");
    assert!(all_but.contains("Windows XP") && !all_but.contains("Vista"), "{all_but}");
    assert_eq!(scope("Windows Vista を除くすべてのバージョンの Windows"), all_but);
    assert!(products.scope_of_heading("All supported versions of Windows").is_none());
    assert!(products.scope_of_heading("Windows and later").is_none());
    for none in ["Office XP SP2", "SQL Server 2000 SP4", "SP2 and up", "Exchange 2003"] {
        assert!(products.scope_of_heading(none).is_none(), "{none}");
    }
}

/// Issue 13: a heading that is only a service pack is for that of the article's Windows.
#[test]
fn a_heading_of_a_service_pack_alone_binds() {
    let judge = |pack: &str, version: &str| {
        let rows = vec![
            under("Service Pack 1", row("lamp.dll", "7.1.2.100")),
            under("SP2 and up", row("lamp.dll", "7.1.2.200")),
        ];
        let article = Article { products: vec!["Windows XP".into()], ..article("Q300001", rows) };
        reasons(vec![article], vec![file("lamp.dll", version)], &on("Windows XP", pack))
    };
    assert_eq!(judge("1", "7.1.2.150"), ["version-newer", "other-service-pack"]);
    assert_eq!(judge("2", "7.1.2.150"), ["other-service-pack", "version-older"]);
    assert_eq!(judge("3", "7.1.2.200"), ["other-service-pack", "version-equal"]);
}

/// MS10-072: Windows SharePoint Services 3.0 is not Windows 3.0.
#[test]
fn the_number_of_a_part_of_windows_is_not_that_of_a_windows() {
    let knowledge = knowledge();
    for product in [
        "Windows SharePoint Services 3.0",
        "Windows Internet Explorer 7",
        "Windows Media Player 10",
        "Windows Essentials 2012",
        "Windows Management Framework 3.0",
    ] {
        assert!(knowledge.products.scope_of_heading(product).is_none(), "{product}");
    }
    // A Windows without a line here: its rows are for no other.
    for product in ["Windows Phone 8.1", "Windows Mobile 6.5", "Windows Embedded Compact 7"] {
        let scope = knowledge.products.scope_of_heading(product).unwrap();
        assert!(scope.lines.is_empty() && scope.others, "{product}");
    }
    let scope = knowledge.products.scope_of_heading("Windows Media Player 11 on Windows Vista x64").unwrap();
    assert_eq!(scope.lines.iter().collect::<Vec<_>>(), ["Windows Vista and Server 2008"]);
}

/// Names with more, or less, meaning than they seem to have (issue 13), found by a hostile tester.
#[test]
fn short_and_odd_names_of_windows_name_their_lines() {
    let named = |heading: &str| {
        let scope = knowledge().products.scope_of_heading(heading)?;
        let packs =
            |line: &String| scope.packs_of(line).map(|packs| packs.iter().cloned().collect::<Vec<_>>().join(" "));
        let shown = |line: &String| packs(line).map_or_else(|| line.clone(), |packs| format!("{line}: {packs}"));
        let lines: Vec<String> = scope.lines.iter().map(shown).collect();
        Some(if lines.is_empty() { "others".to_owned() } else { lines.join("; ") })
    };
    let seven = "Windows 7 and Server 2008 R2";
    for (heading, expected) in [
        ("Windows XP SP1a", "Windows XP: 1"),
        ("Windows Server 2008 RTM", "Windows Vista and Server 2008: 1"),
        ("Windows Vista RTM", "Windows Vista and Server 2008: RTM"),
        ("Windows XP Professional x64 Edition RTM", "Windows Server 2003: 1"),
        ("Windows Embedded POSReady 2009", "Windows XP"),
        ("Windows Embedded Standard 2009", "Windows XP"),
        ("Windows Thin PC", seven),
        ("Windows Home Server", "Windows Server 2003"),
        ("Windows Home Server 2011", seven),
        ("Windows Small Business Server 2011", seven),
        ("Windows Small Business Server 2003", "Windows Server 2003"),
        ("Windows XP-based client computers", "Windows XP"),
        ("Win7SP1", "Windows 7 and Server 2008 R2: 1"),
        ("Win2K SP4", "Windows 2000: 4"),
        ("Windows Vista SP2, 7", "Windows 7 and Server 2008 R2; Windows Vista and Server 2008: 2"),
        (
            "Windows XP SP3, Vista SP2 and 7",
            "Windows 7 and Server 2008 R2; Windows Vista and Server 2008: 2; Windows XP: 3",
        ),
        ("Windows 98SE", "Windows 98 Second Edition"),
        ("Windows NT 4.0 prior to SP6a", "Windows NT 4.0: 1 2 3 4 5 6 RTM"),
        ("Windows NT 4.0 SP6a or later", "Windows NT 4.0: 6a"),
        ("Windows NT 4.0 SP6 or later", "Windows NT 4.0: 6 6a"),
        ("Windows NT 4.0 prior to SP6", "Windows NT 4.0: 1 2 3 4 5 RTM"),
        ("Windows NT 4.0 SP5 or earlier", "Windows NT 4.0: 1 2 3 4 5 RTM"),
        ("After Service Pack 4 for Windows 2000", "Windows 2000: 4"),
        ("Windows 2000 after Service Pack 4", "Windows 2000: 4"),
        ("Win9x", "Windows 95; Windows 98; Windows 98 Second Edition; Windows Me"),
    ] {
        assert_eq!(named(heading).as_deref(), Some(expected), "{heading}");
    }
    // MS06-016: the service pack of a bundle is not one of Windows.
    let outlook = "Outlook Express 6 on Windows 2000 Service Pack 4, Small Business Server 2000 Service Pack 1a";
    assert_eq!(named(outlook).as_deref(), Some("Windows 2000: 4"));
    // MS05-034: ISA Server is a part of the bundle that is named after it.
    assert_eq!(named("ISA Server 2000 SP2, Small Business Server 2000, Windows Small Business Server 2003"), None);
}
