//! Verdicts on rows of bulletins: headings with several systems, processors of 64-bit packages, articles of one bulletin for
//! several products (issue 13).

use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::{ArticleStatus, Policy};
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::{Article, Fix, Rejected};

/// The reason of each finding whose file exists, article by article.
pub(crate) fn reasons(articles: Vec<Article>, entries: Vec<Entry>, policy: &Policy) -> Vec<&'static str> {
    let verdicts = assess_with(articles, entries, policy).articles;
    let findings = verdicts.iter().flat_map(|verdict| &verdict.findings);
    findings.filter(|finding| finding.entry().is_some()).map(|finding| finding.reason.code()).collect()
}

/// MS05-038: the 32-bit file of the Itanium package is older than that of the x64 package, and has its size.
#[test]
fn the_heading_of_a_32_bit_file_of_a_64_bit_package_names_the_processor() {
    let rows = || {
        vec![
            under("Windows Server 2003 Itanium Service Pack 1", wow(row("iepeers.dll", "6.0.3790.2480"))),
            under("Windows Server 2003 x64, Windows Server 2003 R2, Windows Server 2003 R2 x64", {
                wow(row("iepeers.dll", "6.0.3790.2491"))
            }),
        ]
    };
    let judge = |kernel: Option<Machine>, version: &str| {
        let kernel = kernel.map(|m| entry("Windows/System32/ntoskrnl.exe", Ok(binary(m, "5.2.3790.1830", &[]))));
        let entries = kernel.into_iter().chain([file("Windows/SysWOW64/iepeers.dll", version)]).collect();
        reasons(vec![article_of(rows())], entries, &on("Windows Server 2003", "1"))
    };
    assert_eq!(judge(Some(Machine::X64), "6.0.3790.2480"), ["other-machine", "version-older"]);
    assert_eq!(judge(Some(Machine::X64), "6.0.3790.2491"), ["other-machine", "version-equal"]);
    assert_eq!(judge(Some(Machine::Ia64), "6.0.3790.2480"), ["version-equal", "other-machine"]);
    assert_eq!(judge(None, "6.0.3790.2485"), ["rows-differ", "rows-differ"], "a 64-bit system, but which?");
    // MS10-040 lists 32-bit files only for x64: they are closer to Itanium than those of 32-bit systems.
    let rows = vec![
        under("Windows Server 2003 x86", row_for("iepeers.dll", "6.0.3790.2470", "x86")),
        under("Windows Server 2003 x64", wow(row("iepeers.dll", "6.0.3790.2491"))),
    ];
    let kernel = entry("Windows/System32/ntoskrnl.exe", Ok(binary(Machine::Ia64, "5.2.3790.1830", &[])));
    let entries = vec![kernel, file("Windows/SysWOW64/iepeers.dll", "6.0.3790.2480")];
    let found = reasons(vec![article_of(rows)], entries, &on("Windows Server 2003", "1"));
    assert_eq!(found, ["other-machine", "version-older"]);
    assert_eq!(judge(None, "6.0.3790.2491"), ["version-newer", "version-equal"]);
}

fn article_of(fixes: Vec<Fix>) -> Article {
    Article { products: vec!["Windows Server 2003".to_owned().into()], ..article("Q310626", fixes) }
}

/// MS07-017 and MS06-069: in a list of systems each has its own processor. MS05-001: a word before "versions" applies
/// to all.
#[test]
fn in_a_list_of_systems_each_has_its_own_processor() {
    let judge = |heading: &str, machine: Machine, line: &str, pack: &str, version: &str| {
        let row = Fix { date: Some(jiff::civil::date(2007, 4, 3)), ..under(heading, row("user32.dll", version)) };
        let file = entry("user32.dll", Ok(binary(machine, version, &[])));
        reasons(vec![article("Q310626", vec![row])], vec![file], &on(line, pack))
    };
    let vista = |machine| judge("Windows Vista 64-bit, Windows Vista", machine, VISTA, "RTM", "6.0.6000.16438");
    assert_eq!(vista(Machine::I386), ["version-equal"]);
    assert_eq!(vista(Machine::X64), ["version-equal"]);
    let xp = "Windows XP Service Pack 2, Windows XP, Windows XP x64";
    assert_eq!(judge(xp, Machine::I386, "Windows XP", "2", "5.1.2600.3099"), ["version-equal"]);
    let xp = "Windows XP and Windows XP x64";
    assert_eq!(judge(xp, Machine::I386, "Windows XP", "2", "5.1.2600.3099"), ["version-equal"]);
    let all = "For all supported x64-based versions of Windows XP, Windows Vista";
    assert_eq!(judge(all, Machine::I386, VISTA, "RTM", "6.0.6000.16438"), ["other-machine"]);
    assert_eq!(judge("Windows Vista x64", Machine::I386, VISTA, "RTM", "6.0.6000.16438"), ["other-machine"]);
}

const VISTA: &str = "Windows Vista and Server 2008";

/// MS09-073 and MS09-062: articles of one bulletin for Windows and for other products bring the same file.
#[test]
fn a_file_that_windows_brings_shows_nothing_of_another_product_of_the_bulletin() {
    let of = |id: &str, bulletin: &str, fix: Fix| Article {
        bulletins: vec![bulletin.to_owned().into()],
        products: vec![fix.section.clone()],
        ..article(id, vec![fix])
    };
    let judge = |bulletin: &str, path: &str, version: &str| {
        let windows = of("Q300001", "MS09-062", under("Windows Vista 32-bit", row("gdiplus.dll", "5.2.6000.20966")));
        let other =
            of("Q300002", bulletin, under("Platform SDK Redistributable: GDI+", row("gdiplus.dll", "5.2.6001.22319")));
        let found = reasons(vec![windows, other], vec![file(path, version)], &on(VISTA, "RTM"));
        (found[0], found[1])
    };
    let own = "Windows/System32/gdiplus.dll";
    assert_eq!(judge("MS09-062", own, "5.2.6000.20966"), ("version-equal", "product-may-be-absent"));
    assert_eq!(judge("MS09-062", own, "5.2.6000.16386"), ("version-older", "product-may-be-absent"));
    assert_eq!(judge("MS09-062", own, "5.2.6001.22319"), ("later-service-pack", "version-equal"));
    // In every language, and if only a list of names is known.
    let product = "Programme/Lampe/gdiplus.dll";
    assert_eq!(judge("MS09-062", product, "5.2.6000.16386").1, "earlier-service-pack");
    assert_eq!(judge("MS09-062", "gdiplus.dll", "5.2.6000.16386").1, "product-may-be-absent");
    let product = "Program Files/Lamp/gdiplus.dll";
    assert_eq!(
        judge("MS09-062", product, "5.2.6000.16386"),
        ("version-older", "earlier-service-pack"),
        "a folder of its own"
    );
    assert_eq!(judge("MS09-062", product, "5.2.6000.20966"), ("version-equal", "product-may-be-absent"));
    assert_eq!(judge("MS08-052", own, "5.2.6000.20966"), ("version-equal", "earlier-service-pack"), "another bulletin");
}

/// MS10-063: a later service pack of Windows does not show what Office brings. MS10-060: an article for a later service
/// pack is not for a file that has its own article. MS09-044: the same holds for an article for another Windows.
#[test]
fn an_article_of_another_product_service_pack_or_windows_leaves_a_file_to_the_one_that_is_for_it() {
    let of = |id: &str, product: &str, rows: Vec<Fix>| Article {
        bulletins: vec!["MS10-063".to_owned().into()],
        products: vec![product.to_owned().into()],
        ..article(id, rows.into_iter().map(|row| under(product, row)).collect())
    };
    let windows = of("Q300001", "Windows Vista Service Pack 1", vec![row("usp10.dll", "1.626.6001.18461")]);
    let office = of("Q300002", "Office 2003", vec![row("usp10.dll", "1.626.6000.21258")]);
    let files = || vec![file("Windows/System32/usp10.dll", "1.626.6001.18460")];
    let both = reasons(vec![windows, office.clone()], files(), &on(VISTA, "1"));
    assert_eq!(both, ["version-older", "product-may-be-absent"]);
    assert_eq!(reasons(vec![office], files(), &on(VISTA, "1")), ["later-service-pack"]);

    let first = of("Q300003", "Windows Vista Service Pack 1", vec![row("mscorwks.dll", "2.0.50727.3615")]);
    let second = of("Q300004", "Windows Vista Service Pack 2", vec![row("mscorwks.dll", "2.0.50727.4206")]);
    let files = || vec![file("mscorwks.dll", "2.0.50727.3615")];
    let both = reasons(vec![first.clone(), second.clone()], files(), &on(VISTA, "1"));
    assert_eq!(both, ["version-equal", "other-service-pack"]);
    assert_eq!(reasons(vec![second.clone()], files(), &on(VISTA, "1")), ["earlier-service-pack"]);
    let files = || vec![file("mscorwks.dll", "2.0.50727.4205")];
    assert_eq!(reasons(vec![first.clone()], files(), &on(VISTA, "2")), ["later-service-pack"]);
    assert_eq!(reasons(vec![first, second], files(), &on(VISTA, "2")), ["other-service-pack", "version-older"]);

    // The number of an LDR row shows no service pack; the row of SP1 beside it does.
    let both = |pack: &str| {
        let rows = |gdr| vec![row("mscorwks.dll", gdr), row("mscorwks.dll", "2.0.50727.4454")];
        let first = of("Q300003", "Windows Server 2008", rows("2.0.50727.3615"));
        let second = of("Q300004", "Windows Server 2008 Service Pack 2", rows("2.0.50727.4206"));
        reasons(vec![first, second], vec![file("mscorwks.dll", "2.0.50727.4206")], &on(VISTA, pack))
    };
    assert_eq!(both("2"), ["other-service-pack", "other-service-pack", "version-equal", "other-branch"]);

    let own = of("Q300005", "Windows Server 2003", vec![row_in_branch("msrdp.ocx", "5.2.3790.4522", "SP2QFE")]);
    let other = of("Q300006", "Windows 2000", vec![row("msrdp.ocx", "5.2.3790.4522")]);
    let files = || vec![file("msrdp.ocx", "5.2.3790.4521")];
    let both = reasons(vec![own, other.clone()], files(), &on("Windows Server 2003", "2"));
    assert_eq!(both[1], "other-product", "{both:?}");
    assert_eq!(reasons(vec![other], files(), &on("Windows Server 2003", "2")), ["version-older"]);
}

/// MS08-004: the x64 package has 32-bit files, but not this one; the row belongs to the 32-bit package.
#[test]
fn a_32_bit_file_that_the_64_bit_package_does_not_bring_is_not_judged_by_the_32_bit_package() {
    let rows = |with_wow: bool| {
        let x64 = "Windows Vista x64";
        let wow = with_wow.then(|| under(x64, wow(row("tcpipcfg.dll", "6.0.6000.16627"))));
        let rows = [
            under("Windows Vista 32-bit", row_for("netcfg.exe", "6.0.6000.16627", "x86")),
            under(x64, row_for("netcfg.exe", "6.0.6000.16627", "x64")),
        ];
        rows.into_iter().chain(wow).collect::<Vec<Fix>>()
    };
    let judge = |machine: Machine, with_wow: bool| {
        let kernel = entry("Windows/System32/ntoskrnl.exe", Ok(binary(machine, "6.0.6000.16386", &[])));
        let folder = if machine.is_64_bit() { "SysWOW64" } else { "System32" };
        let entries = vec![kernel, file(&format!("Windows/{folder}/netcfg.exe"), "6.0.6000.16626")];
        reasons(vec![article("Q310626", rows(with_wow))], entries, &on(VISTA, "RTM"))
    };
    assert_eq!(judge(Machine::I386, true), ["version-older", "other-machine"]);
    assert_eq!(judge(Machine::X64, true), ["other-machine", "other-machine"]);
    // The heading decides the same if the page lists no 32-bit files for x64.
    assert_eq!(judge(Machine::X64, false), ["other-machine", "other-machine"]);
}

/// MS05-025: a row of Windows Server 2003 under the same heading does not make a folder of Internet Explorer 6 SP1 one
/// of Windows.
#[test]
fn a_folder_names_a_service_pack_of_windows_only_beside_rows_of_its_own_family() {
    let judge = |own: &str, version: &str| {
        let rows =
            vec![row_in_branch("iepeers.dll", "6.0.2800.1496", "RTMGDR"), row_in_branch("iepeers.dll", own, "SP1GDR")];
        let rows =
            rows.into_iter().map(|row| under("Internet Explorer 6 Service Pack 1 on Windows XP Service Pack 1", row));
        reasons(vec![article("Q310626", rows.collect())], vec![file("iepeers.dll", version)], &on("Windows XP", "1"))
    };
    assert_eq!(judge("6.0.3790.2440", "6.0.2800.1495"), ["version-older", "other-release"]);
    assert_eq!(judge("6.0.2800.1500", "6.0.2800.1497"), ["other-service-pack", "version-older"]);
}

/// Q276489 and Q256149: rows without a version, while other rows belong to the system's own line.
#[test]
fn a_row_without_a_version_is_for_another_windows_where_the_system_has_a_row_of_its_own() {
    let judge = |products: &[&str], version: &str| {
        let rows = vec![row("w3svc.dll", "5.0.2195.2103"), row("w3svc.dll", "")];
        let products = products.iter().map(|product| (*product).to_owned().into()).collect();
        let article = Article { products, ..article("Q310626", rows) };
        reasons(vec![article], vec![file("w3svc.dll", version)], &on("Windows 2000", "1"))
    };
    let both = ["Internet Information Server 4.0", "Internet Information Services 5.0"];
    assert_eq!(judge(&both, "5.0.2195.2104"), ["version-newer", "other-product"]);
    assert_eq!(judge(&["Windows NT 4.0", "Windows 2000"], "5.0.2195.2102"), ["version-older", "other-product"]);
    assert_eq!(
        judge(&["Windows 2000 Server", "Windows 2000 Professional"], "5.0.2195.2104")[1],
        "no-version-in-article"
    );
}

/// MS03-048: 5.0.3810 is Internet Explorer 5.01 SP4, whose row has the heading Windows 2000 SP4, wherever the file is.
#[test]
fn a_file_older_than_the_row_of_its_own_service_pack_is_not_fixed_by_an_earlier_one() {
    let heading = |pack: &str| format!("Internet Explorer 5.01 on Windows 2000 Service Pack {pack}");
    let rows = || {
        vec![
            under(&heading("3"), row("mshtml.dll", "5.0.3523.1700")),
            under(&heading("4"), row("mshtml.dll", "5.0.3810.1700")),
        ]
    };
    let judge = |version: &str| {
        let article = Article { products: vec!["Windows 2000".into()], ..article("Q300001", rows()) };
        reasons(vec![article], vec![file("mshtml.dll", version)], &on("Windows 2000", "3"))
    };
    assert_eq!(judge("5.0.3810.1699"), ["other-service-pack", "version-older"]);
    assert_eq!(judge("5.0.3810.1700"), ["later-service-pack", "other-service-pack"]);
    assert_eq!(judge("5.0.3523.1699"), ["version-older", "other-service-pack"]);
    assert_eq!(judge("5.0.3523.1700"), ["version-equal", "other-service-pack"]);
}

/// Issue 13: a file is not half-installed only because two Windows have similar numbers.
#[test]
fn rows_for_several_windows_leave_a_file_of_an_unknown_system_open() {
    let rows = || {
        vec![
            under("Windows XP Service Pack 2", row("itss.dll", "5.2.3790.2440")),
            under("Windows Server 2003", row("itss.dll", "5.2.3790.315")),
        ]
    };
    let judge = |version: &str, policy: &Policy| {
        reasons(vec![article("Q300001", rows())], vec![file("itss.dll", version)], policy)
    };
    let unknown = Policy::default();
    assert_eq!(judge("5.2.3790.1280", &unknown), ["rows-differ", "rows-differ"]);
    assert_eq!(judge("5.2.3790.1280", &on("Windows XP", "2"))[0], "version-older");
}

/// MS05-008 on Windows XP SP2 was half-installed: its package for SP1 also brings sxs.dll, which SP2 has in a later build.
#[test]
fn a_file_of_a_later_service_pack_is_no_installed_half_of_a_fix() {
    let heading = "Windows XP Service Pack 1, Windows XP Service Pack 2";
    let rows = || {
        let rows = [("sxs.dll", "5.1.2600.1579"), ("shell32.dll", "6.0.2800.1613"), ("shell32.dll", "6.0.2900.2578")];
        rows.map(|(name, version)| under(heading, row(name, version))).to_vec()
    };
    let status = |sxs: &str, shell: &str| {
        let files = vec![file("sxs.dll", sxs), file("shell32.dll", shell)];
        assess_with(vec![article("KB890047", rows())], files, &on("Windows XP", "2")).articles[0].status.name()
    };
    assert_eq!(status("5.1.2600.2180", "6.0.2900.2180"), "missing");
    assert_eq!(status("5.1.2600.2180", "6.0.2900.2578"), "fixed");
    // Both files of one package, of which one was not replaced.
    assert_eq!(status("5.1.2600.1579", "6.0.2800.1106"), "partial");
}

/// MS09-037: dhtmled.ocx of Windows 2000 has a bare heading and an earlier number; every branch of Windows XP has another (issue
/// 13).
#[test]
fn rows_that_are_headed_for_the_system_come_before_those_of_a_bare_heading() {
    let rows = || {
        vec![
            under("DHTML Editing Component ActiveX Control", row("dhtmled.ocx", "6.1.0.9234")),
            under("Windows XP", row_in_branch("dhtmled.ocx", "6.1.0.9247", "SP3GDR")),
            under("Windows XP", row_in_branch("dhtmled.ocx", "6.1.0.9247", "SP3QFE")),
        ]
    };
    let judge = |line: &str, pack: &str, version: &str| {
        let article =
            Article { products: vec!["Windows 2000".into(), "Windows XP".into()], ..article("Q310626", rows()) };
        reasons(vec![article], vec![file("dhtmled.ocx", version)], &on(line, pack))
    };
    assert_eq!(judge("Windows XP", "3", "6.1.0.9246"), ["other-product", "version-older", "version-older"]);
    assert_eq!(judge("Windows XP", "3", "6.1.0.9233"), ["version-older"; 3]);
    assert_eq!(judge("Windows XP", "3", "6.1.0.9248"), ["version-newer"; 3]);
    assert_eq!(judge("Windows 2000", "4", "6.1.0.9233"), ["version-older", "other-product", "other-product"]);
    // Branches that differ are not decided by a bare heading.
    let mut rows = rows();
    rows[2].version = Some("6.1.0.9245".into());
    let article = Article { products: vec!["Windows XP".into()], ..article("Q310626", rows) };
    let found = reasons(vec![article], vec![file("dhtmled.ocx", "6.1.0.9246")], &on("Windows XP", "3"));
    assert_eq!(found, ["branch-unclear"; 3]);
}

/// MS09-051: of two rows for Windows Vista x64 only the version was lost: they say nothing of Windows XP (issue 13).
#[test]
fn a_row_without_its_version_binds_as_its_heading_and_its_file_do() {
    let judge = |heading: &str, name: &str| {
        let own = Fix { line: 10, ..under("Windows XP", row("wmspdmod.dll", "9.0.0.4505")) };
        let lost = Fix { line: 20, ..under(heading, row(name, "")) };
        let reason = "'2009/4/2' is not a version".to_owned();
        let rejected = vec![Rejected { line: 20, text: String::new(), reason }];
        let products = vec!["Windows XP".into(), "Windows Vista".into()];
        let article = Article { products, rejected, ..article("Q310626", vec![own, lost]) };
        let files = vec![file("wmspdmod.dll", "9.0.0.4505"), file("other.dll", "9.0.0.1")];
        assess_with(vec![article], files, &on("Windows XP", "3")).articles.remove(0).status
    };
    assert_eq!(judge("Windows Vista x64", "wmspdmod.dll"), ArticleStatus::Fixed);
    assert_eq!(judge("Windows XP", "absent.dll"), ArticleStatus::Fixed);
    assert_eq!(judge("Windows XP", "other.dll"), ArticleStatus::Unknown);
    assert_eq!(judge("", "wmspdmod.dll"), ArticleStatus::Unknown);
}

/// MS10-016: Movie Maker 2.6 can be installed on Windows Vista, whose own Movie Maker has the number of Windows (issue 13).
#[test]
fn a_row_for_a_release_of_a_component_is_not_for_the_file_of_windows() {
    let vista = "Windows Vista and Server 2008";
    let judge = |version: &str| {
        let rows = vec![
            under("Windows Vista", row("moviemk.exe", "6.0.6001.18494")),
            under("Windows Movie Maker 2.6 on Windows Vista", row("moviemk.exe", "")),
        ];
        let article = Article { products: vec!["Windows Vista".into()], ..article("Q310626", rows) };
        reasons(vec![article], vec![file("moviemk.exe", version)], &on(vista, "1"))
    };
    assert_eq!(judge("6.0.6001.18494"), ["version-equal", "other-release"]);
    assert_eq!(judge("6.0.6001.18000"), ["version-older", "other-release"]);
    assert_eq!(judge("2.6.4038.0"), ["other-release", "no-version-in-article"]);
}

/// Issue 13, point 2: rows headed for other Windows are not for this one, also where the file's version is not known or its contents
/// are damaged (two such files made 19 articles of Windows 2000 to 7 unknown on Windows NT 4.0).
#[test]
fn rows_for_other_windows_are_not_for_a_file_without_a_version() {
    use hotfixcheck::inventory::Unread;
    use hotfixcheck_winfiles::binary::BinaryError;
    let judge = |heading: &str, error: Unread| {
        let file = Entry { binary: Err(error), ..file("srv.sys", "4.0.1381.1") };
        reasons(
            vec![article_of(vec![under(heading, row("srv.sys", "5.2.3790.4319"))])],
            vec![file],
            &on("Windows NT 4.0", "6a"),
        )
    };
    let damaged = || Unread::from(BinaryError::Empty);
    assert_eq!(judge("Windows Server 2003 x64", Unread::NotTold), ["other-product"]);
    assert_eq!(judge("Windows Server 2003 x64", damaged()), ["other-product"]);
    assert_eq!(judge("Windows NT Server 4.0", Unread::NotTold), ["version-not-told"]);
    assert_eq!(judge("Windows NT Server 4.0", damaged()), ["empty-file"]);
    assert_eq!(judge("Data Access Components 2.5", Unread::NotTold), ["version-not-told"]);
}
