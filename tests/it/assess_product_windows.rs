//! Products that run on certain Windows only bind as these do, as headings and as product lists (issue 13).

use crate::support::kit::*;
use hotfixcheck_articles::Article;

/// Each Windows with a service pack, by a short name.
const SYSTEMS: [(&str, &str, &str); 10] = [
    ("nt3.51", "Windows NT 3.51", "5"),
    ("nt4", "Windows NT 4.0", "6a"),
    ("tse", "Windows NT 4.0 Terminal Server Edition", "6"),
    ("98", "Windows 98", "RTM"),
    ("2000", "Windows 2000", "4"),
    ("xp", "Windows XP", "3"),
    ("2003", "Windows Server 2003", "2"),
    ("vista", "Windows Vista and Server 2008", "2"),
    ("7", "Windows 7 and Server 2008 R2", "1"),
    ("8.1", "Windows 8.1 and Server 2012 R2", "RTM"),
];

/// The systems on which a row whose number shows nothing of Windows is missing.
fn missing_on(products: &[&str], heading: &str) -> String {
    let products: Vec<_> = products.iter().map(|product| (*product).to_owned().into()).collect();
    let fix = row("f00.dll", "7.3.100.5").with(|cells| cells.section = heading.to_owned().into());
    let article = Article { products, ..article("KB900100", vec![fix]) };
    let is_missing = |line: &str, pack: &str| {
        let verdict = assess_with(vec![article.clone()], vec![file("f00.dll", "7.3.100.4")], &on(line, pack));
        codes(&verdict.articles[0])[0] == "version-older"
    };
    let systems = SYSTEMS.iter().filter(|(_, line, pack)| is_missing(line, pack));
    systems.map(|(name, ..)| *name).collect::<Vec<_>>().join(" ")
}

const ALL: &str = "nt3.51 nt4 tse 98 2000 xp 2003 vista 7 8.1";
const FROM_VISTA: &str = "vista 7 8.1";

#[test]
fn a_product_of_one_windows_binds_as_a_heading_and_as_a_list() {
    for (name, expected) in [
        ("Internet Information Server 1.0", "nt3.51"),
        ("Internet Information Server 2.0", "nt4"),
        ("Internet Information Server 3.0", "nt4 tse"),
        ("Internet Information Server 4.0", "nt4 tse"),
        ("Microsoft Internet Information Server version 4.0", "nt4 tse"),
        ("IIS 4.0", "nt4 tse"),
        ("Internet Information Services 5.0", "2000"),
        ("Microsoft Internet Information Services version 5.0", "2000"),
        ("Internet Information Services (IIS) 5.0", "2000"),
        ("IIS 5.0", "2000"),
        ("IIS5", "2000"),
        ("Internet Information Services 5.1", "xp"),
        ("IIS 6.0", "2003"),
        ("IIS 7.0", "vista"),
        ("IIS 7.5", "7"),
        ("IIS 8.5", "8.1"),
        ("IIS 4.0 and 5.0", "nt4 tse 2000"),
        ("IIS 4.0/5.0/5.1", "nt4 tse 2000 xp"),
        ("IIS 6.0 and later", "2003 vista 7 8.1"),
        ("IIS 4.0 and earlier", "nt3.51 nt4 tse"),
        ("Index Server 2.0", "nt4 tse"),
        ("Small Business Server 4.5", "nt4"),
        ("BackOffice Small Business Server 4.5", "nt4"),
        ("Small Business Server 2000", "2000"),
        ("Small Business Server 2003", "2003"),
        // Q250191: BackOffice Server 4.5 can be installed on Windows 2000.
        ("BackOffice Server 4.5", "nt4 2000"),
        ("BackOffice Server 2000", "2000"),
        ("Windows Mail", FROM_VISTA),
        ("DirectX 10", FROM_VISTA),
        ("Microsoft DirectX 10.1", FROM_VISTA),
        ("Hyper-V", FROM_VISTA),
        ("Indexing Service (Windows 2000)", "2000"),
        ("MS-DOS 6.22", ""),
        ("Microsoft MS-DOS operating system versions 5.0 and 6.0", ""),
        ("Macintosh", ""),
        ("Office 98 Macintosh Edition", ""),
        ("Word for the Macintosh", ""),
        ("Services for Macintosh", "nt3.51 nt4 tse 2000 2003"),
        // These run on several Windows, or say no version.
        ("IIS", ALL),
        ("DirectX 9.0", ALL),
        ("Internet Explorer 6", ALL),
        ("Mail Remote for MS-DOS 3.0", ALL),
        ("MS-DOS and OS/2 programs", ALL),
    ] {
        assert_eq!(missing_on(&["Windows"], name), expected, "heading {name}");
        assert_eq!(missing_on(&[name], ""), expected, "list {name}");
    }
}

#[test]
fn a_windows_beside_the_product_decides_and_a_product_for_it_limits_no_list() {
    for (products, heading, expected) in [
        (&["Internet Information Server 4.0", "Windows 2000 Server"][..], "", "nt4 tse 2000"),
        (&["Internet Information Services 5.0", "Exchange Server 5.5"], "", ALL),
        (&["MS-DOS 6.22", "Windows NT Server 4.0"], "", "nt4"),
        (&["Office 98 Macintosh Edition", "Office 97"], "", ALL),
        (&["FrontPage Server Extensions for IIS 5.0"], "", ALL),
        (&["Windows"], "FrontPage Server Extensions for IIS 5.0", "2000"),
        (&["Windows"], "Windows Mail on Windows Vista", "vista"),
        (&["Windows"], "Internet Information Services 5.0 on Windows 2000", "2000"),
        (&["Windows"], "Macintosh and Windows", ALL),
        (&["Windows NT Server 4.0"], "IIS 5.0", "2000"),
    ] {
        assert_eq!(missing_on(products, heading), expected, "{products:?} {heading}");
    }
}
