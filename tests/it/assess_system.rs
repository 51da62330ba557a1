//! The system that the files come from, and the rows that apply to it.

use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::{self, ArticleStatus, Policy, Profile, ProfileSource};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::Entry;
use hotfixcheck::inventory::system::{Fact, System};
use hotfixcheck::knowledge::Products;
use hotfixcheck::knowledge::Releases;
use hotfixcheck_articles::{Article, Fix};

fn for_products(products: &[&str], fixes: Vec<Fix>) -> Article {
    Article { products: products.iter().map(|p| (*p).to_owned().into()).collect(), ..article("Q310626", fixes) }
}

/// Line and service pack of the system that these files show.
fn system(entries: Vec<Entry>) -> Option<(String, Option<String>)> {
    let profile = assess(Vec::new(), entries).profile?;
    assert!(matches!(profile.source, ProfileSource::Kernel(_)));
    Some((profile.line.to_string(), profile.pack.map(|pack| pack.to_string())))
}

#[test]
fn the_kernel_tells_the_system() {
    let told = |line: &str, pack: Option<&str>| Some((line.to_owned(), pack.map(str::to_owned)));
    let cases = [
        (vec![("System32/NTOSKRNL.EXE", "4.0.1381.7097")], told("Windows NT 4.0", None)),
        (vec![("System32/ntoskrnl.exe", "4.0.1381.33545")], told("Windows NT 4.0 Terminal Server Edition", None)),
        (vec![("ntoskrnl.exe", "5.0.2195.6717")], told("Windows 2000", Some("SP4"))),
        // Libraries do not change with service packs: they show only the line.
        (vec![("kernel32.dll", "5.0.2195.6688")], told("Windows 2000", None)),
        (vec![("ntoskrnl.exe", "5.1.2600.2180"), ("ntdll.dll", "5.1.2600.2180")], told("Windows XP", Some("SP2"))),
        (vec![("ntoskrnl.exe", "5.1.2600.2180"), ("ntkrnlpa.exe", "5.1.2600.5512")], told("Windows XP", None)),
        // Two systems in one tree, a backup, no kernel at all.
        (vec![("a/ntoskrnl.exe", "5.1.2600.2180"), ("b/ntoskrnl.exe", "5.0.2195.1")], None),
        (vec![("$NtUninstallQ1$/ntoskrnl.exe", "5.1.2600.2180")], None),
        (vec![("user32.dll", "5.1.2600.2180")], None),
        (vec![("ntoskrnl.exe", "1.2.3.4")], None),
    ];
    for (files, expected) in cases {
        let entries = files.iter().map(|(path, version)| file(path, version)).collect();
        assert_eq!(system(entries), expected, "{files:?}");
    }
}

/// Issue 13: the user's option is used, and a contradiction with the system's own files is reported.
#[test]
fn a_system_that_is_given_against_its_files_is_doubtful() {
    let doubts = |line: &str, pack: &str| {
        let judged = assess_with(Vec::new(), vec![file("ntoskrnl.exe", "5.0.2195.6717")], &on(line, pack));
        judged.systems[0].doubts.join("; ")
    };
    assert_eq!(doubts("Windows 2000", "4"), "");
    assert_eq!(doubts("Windows 2000", "2"), "it is given as Windows 2000 SP2, but ntoskrnl.exe is of SP4");
    assert_eq!(doubts("Windows XP", "2"), "it is given as Windows XP, but ntoskrnl.exe is of Windows 2000");
}

#[test]
fn what_a_kernel_says_of_service_packs_is_only_likely() {
    let judge = |pack: &str, kernel: &str| {
        let article = pack_article("Q171996", &[("Windows 2000", pack)]);
        let verdict = assess(vec![article], vec![file("ntoskrnl.exe", kernel)]).articles.remove(0);
        (codes(&verdict)[0], verdict.status)
    };
    assert_eq!(judge("4", "5.0.2195.6717"), ("kernel-of-service-pack", ArticleStatus::LikelyFixed));
    assert_eq!(judge("4", "5.0.2195.5438"), ("kernel-older", ArticleStatus::LikelyMissing));
    assert_eq!(judge("latest", "5.0.2195.5438"), ("pack-not-numbered", ArticleStatus::Unknown));
    assert_eq!(judge("latest", "5.0.2195.1"), ("kernel-older", ArticleStatus::LikelyMissing));
    assert_eq!(judge("latest", "5.0.2195.6902"), ("kernel-of-service-pack", ArticleStatus::LikelyFixed));
}

#[test]
fn the_latest_service_pack_is_a_matter_of_data() {
    let releases = Releases::embedded().unwrap();
    let products = Products::embedded().unwrap();
    let judge = |product: &str, installed: &str| {
        let line = releases.line(product).unwrap().clone();
        let pack = releases.pack(&line, installed);
        assert!(pack.is_some(), "{product} {installed}");
        let policy =
            Policy { profile: Some(Profile { line, pack, source: ProfileSource::Given }), ..Policy::default() };
        codes(&assess_with(vec![pack_article("Q171996", &[(product, "latest")])], Vec::new(), &policy).articles[0])[0]
    };
    for (product, last, before) in [
        ("Windows NT 3.51", "5", "4"),
        ("Windows NT 4.0", "6a", "6"),
        ("Windows NT 4.0 Terminal Server Edition", "6", "5"),
        ("Windows 2000", "4", "3"),
        ("Windows XP", "3", "2"),
        ("Windows Server 2003", "2", "1"),
    ] {
        assert_eq!(products.last_pack(product), Some(last));
        assert_eq!(judge(product, last), "service-pack-installed", "{product}");
        assert_eq!(judge(product, before), "pack-not-numbered", "{product}");
        assert_eq!(judge(product, "RTM"), "service-pack-older", "{product}");
    }
    assert_eq!(products.last_pack("Windows NT 3.1"), None);
    assert_eq!(judge("Windows 7 and Server 2008 R2", "1"), "product-unknown", "the table does not know its last one");
}

/// Issue 13: an article whose product list names SP4 says that SP4 has the problem; one that names the last pack is corrected by none.
#[test]
fn the_latest_service_pack_after_those_of_the_product_list() {
    let judge = |sp: &str, installed: &str| {
        let articles = vec![pack_article("Q240969", &[("Windows NT 4.0", sp)])];
        codes(&assess_with(articles, Vec::new(), &on("Windows NT 4.0", installed)).articles[0])[0]
    };
    for (sp, installed, expected) in [
        ("after 4", "RTM", "service-pack-older"),
        ("after 4", "3", "service-pack-older"),
        ("after 4", "4", "service-pack-older"),
        ("after 4", "5", "pack-not-numbered"),
        ("after 4", "6", "pack-not-numbered"),
        ("after 4", "6a", "service-pack-installed"),
        ("after 6", "6", "service-pack-older"),
        ("after 6", "6a", "service-pack-installed"),
        ("after 6a", "6a", "pack-not-released"),
        ("after 6a", "5", "pack-not-released"),
    ] {
        assert_eq!(judge(sp, installed), expected, "{sp} on {installed}");
    }
    // By the kernel alone, the same answers are likely.
    let by_kernel = |sp: &str, kernel: &str| {
        let article = pack_article("Q240969", &[("Windows NT 4.0", sp)]);
        codes(&assess(vec![article], vec![file("ntoskrnl.exe", kernel)]).articles[0])[0]
    };
    assert_eq!(by_kernel("after 4", "4.0.1381.4"), "kernel-older");
    assert_eq!(by_kernel("after 4", "4.0.1381.336"), "kernel-of-service-pack");
    // SP6 has this kernel, too.
    assert_eq!(by_kernel("after 4", "4.0.1381.335"), "service-pack-unknown");
}

/// Issue 13: an article names one of the two products of a line, and the service packs of one say nothing about the other.
#[test]
fn a_service_pack_of_windows_vista_or_7_is_one_of_its_line() {
    let releases = Releases::embedded().unwrap();
    let judge = |product: &str, sp: &str, line: &str, installed: &str| {
        let line = releases.line(line).unwrap().clone();
        let pack = releases.pack(&line, installed);
        let policy =
            Policy { profile: Some(Profile { line, pack, source: ProfileSource::Given }), ..Policy::default() };
        codes(&assess_with(vec![pack_article("Q171996", &[(product, sp)])], Vec::new(), &policy).articles[0])[0]
    };
    let (vista, seven) = ("Windows Vista and Server 2008", "Windows 7 and Server 2008 R2");
    for (product, sp, line, before) in [
        ("Windows Vista", "2", vista, "1"),
        ("Windows Vista", "latest", vista, "1"),
        ("Windows Server 2008", "2", vista, "1"),
        ("Windows 7", "1", seven, "RTM"),
        ("Windows 7", "latest", seven, "RTM"),
        ("Windows Server 2008 R2", "1", seven, "RTM"),
    ] {
        let installed = if line == vista { "2" } else { "1" };
        assert_eq!(judge(product, sp, line, installed), "service-pack-installed", "{product} {sp}");
        let older = if sp == "latest" && before != "RTM" { "pack-not-numbered" } else { "service-pack-older" };
        assert_eq!(judge(product, sp, line, before), older, "{product} {sp}");
    }
    assert_eq!(judge("Windows 7", "1", vista, "1"), "other-product");
    assert_eq!(judge("Internet Explorer 7 on Windows Vista", "1", vista, "1"), "product-unknown");
}

#[test]
fn a_row_that_is_only_for_other_systems_does_not_speak() {
    let nt4 = || file("ntoskrnl.exe", "4.0.1381.335");
    let judge = |products: &[&str], section: &str, version: &str| {
        let fix = row("a.dll", version).with(|cells| cells.section = section.to_owned().into());
        let found = file("a.dll", "4.72.3110.0");
        codes(&assess(vec![for_products(products, vec![fix])], vec![nt4(), found]).articles[0])[0]
    };
    let required = "4.72.3612.0";
    let cases = [
        (&["Windows NT Server 4.0 SP5"][..], "", "version-older"),
        (&["Windows 2000 Server", "Windows NT Workstation 4.0"], "", "version-older"),
        (&["Windows NT"], "", "version-older"),
        (&["Internet Explorer 5"], "", "version-older"),
        (&[], "", "version-older"),
        // A product that runs on several systems may have brought the row here.
        (&["Windows 98", "Internet Explorer 5"], "", "version-older"),
        (&["Visual Basic Enterprise Edition for Windows 5.0"], "", "version-older"),
        (&["Windows 2000 Server"], "", "other-product"),
        (&["Windows 98 Second Edition"], "", "other-product"),
        (&["Windows NT Server 4.0, Terminal Server Edition"], "", "other-product"),
        (&["Windows NT Server 3.51"], "", "other-product"),
        // A heading takes precedence over the product list.
        (&["Windows 2000 Server", "Windows NT Server 4.0"], "For IIS 5.0 (Windows 2000)", "other-product"),
        (&["Windows 2000 Server"], "For IIS 4.0 (Windows NT Server 4.0)", "version-older"),
        (&["Windows NT Server 4.0"], "Windows 95/98", "other-product"),
        (&["Windows 2000 Server", "Windows NT Server 4.0"], "Windows 2000 and NT 4.0", "version-older"),
        (&["Windows NT Server 4.0"], "Exchange or Outlook Client Computer", "version-older"),
    ];
    for (products, section, expected) in cases {
        assert_eq!(judge(products, section, required), expected, "{products:?} {section}");
    }
    // Nothing is widened: fixed or foreign files stay so.
    assert_eq!(judge(&["Windows NT Server 4.0"], "", "4.72.3110.0"), "version-equal");
    assert_eq!(judge(&["Windows NT Server 4.0"], "", "5.0.2195.1"), "other-release");
    // Without a known system nothing is left out, and a version of the system's own line decides by itself.
    let fix = || vec![row("a.dll", required)];
    let verdict = assess(vec![for_products(&["Windows 98"], fix())], vec![file("a.dll", "4.72.3110.0")]);
    assert_eq!(codes(&verdict.articles[0]), ["version-older"]);
    let own = for_products(&["Windows 2000 Server"], vec![row("a.dll", "4.0.1381.7097")]);
    let verdict = assess(vec![own], vec![nt4(), file("a.dll", "4.0.1381.7000")]);
    assert_eq!(codes(&verdict.articles[0]), ["version-older"]);
}

#[test]
fn a_row_without_a_platform_speaks_of_the_machines_of_its_time() {
    let judge = |fix: Fix, machine| {
        let found = entry("a.dll", Ok(binary(machine, "3.520.6301.0", &[])));
        codes(&assess(vec![article("Q304329", vec![fix])], vec![found]).articles[0])[0]
    };
    let dated = |date: &str, section: &str| {
        Fix { date: Some(date.parse().unwrap()), ..row("a.dll", "3.520.7629.0") }
            .with(|cells| cells.section = section.to_owned().into())
    };
    let early = "2001-05-01";
    let late = "2006-05-01";
    let cases = [
        (early, "", Machine::I386, "version-older"),
        (early, "", Machine::Alpha, "version-older"),
        (early, "", Machine::X64, "other-machine"),
        (early, "", Machine::Ia64, "other-machine"),
        (early, "", Machine::Arm64, "other-machine"),
        ("2002-05-01", "", Machine::Ia64, "version-older"),
        (late, "", Machine::X64, "version-older"),
        (late, "", Machine::Arm, "other-machine"),
        (late, "Windows Server 2003, 32-bit versions", Machine::X64, "other-machine"),
        (late, "Windows Server 2003, 32-bit versions", Machine::I386, "version-older"),
        (late, "Windows Server 2003, 64-bit versions", Machine::I386, "other-machine"),
        (late, "Windows Server 2003, 64-bit versions", Machine::Ia64, "version-older"),
        (late, "x64-based versions", Machine::Ia64, "other-machine"),
        (late, "Itanium-based versions", Machine::X64, "other-machine"),
    ];
    for (date, section, machine, expected) in cases {
        assert_eq!(judge(dated(date, section), machine), expected, "{date} {section} {machine}");
    }
    // Without its own date the row is as old as its article, here of 2002.
    assert_eq!(judge(row("a.dll", "3.520.7629.0"), Machine::X64), "other-machine");
    // If the article has a row for the machine, the row without one is for Intel.
    let both = vec![row("a.dll", "4.0.1381.7097"), row_for("a.dll", "4.0.1381.7000", "Alpha")];
    let alpha = entry("a.dll", Ok(binary(Machine::Alpha, "4.0.1381.7050", &[])));
    assert_eq!(codes(&crate::support::kit::judge(both, vec![alpha])), ["other-machine", "version-newer"]);
}

#[test]
fn the_tables_of_products_fit_the_tables_of_releases() {
    let (releases, products) = (Releases::embedded().unwrap(), Products::embedded().unwrap());
    for line in products.lines() {
        assert!(releases.line(line).is_some(), "{line}");
    }
    for line in releases.line_names() {
        let named = line.starts_with("Windows 10") || products.lines().any(|l| l == line);
        assert!(named, "no name stands for {line}");
    }
    // Each example of the table is a name of its lines.
    for record in include_str!("../../data/windows.tsv").lines().filter(|l| !l.starts_with('#')) {
        let columns: Vec<&str> = record.split('\t').collect();
        let scope = products.scope_of(&for_products(&[columns[3]], Vec::new()));
        let expected: Vec<&str> = columns[0].split(';').filter(|l| *l != "-").collect();
        assert!(expected.iter().all(|line| scope.lines.contains(*line)), "{record}");
        assert_eq!(scope.others, expected.is_empty(), "{record}");
    }
    for broken in ["Windows 2000\twindows 2000", "Windows 2000\t \tclient"] {
        assert!(Products::parse(broken, "").is_err());
    }
}

/// Issue 13, point 7: if the registry and the kernel files contradict each other, the service pack is not known.
#[test]
fn a_service_pack_that_all_kernel_files_contradict_is_doubtful() {
    let judge = |product: &str, (version, build): (&str, u32), installed: u32, needed: &str, kernels: &[&str]| {
        let pack = if installed == 0 { String::new() } else { format!("Service Pack {installed}") };
        let names = ["ntoskrnl.exe", "ntdll.dll", "kernel32.dll"];
        let entries = names.iter().zip(kernels).map(|(name, version)| file(name, version)).collect();
        let mut inventory = inventory(entries);
        inventory.systems.push(registry(None, version, build, &pack));
        let catalog = [pack_article("Q171996", &[(product, needed)])].into_iter().collect();
        let judged = assess::assess(&catalog, &inventory, knowledge(), &Policy::default());
        (codes(&judged.articles[0])[0], judged.systems[0].doubts.join("; "))
    };
    let xp = |installed, kernels: &[&str]| judge("Windows XP", ("5.1", 2600), installed, "2", kernels);
    let (code, doubt) = xp(3, &["5.1.2600.1106"; 3]);
    assert_eq!(code, "service-pack-unknown");
    assert_eq!(
        doubt,
        "the registry says Windows XP SP3, but ntoskrnl.exe is of SP1: the service pack that is installed is not certain"
    );
    assert_eq!(xp(0, &["5.1.2600.5512"; 3]).0, "service-pack-unknown");
    let server = judge("Windows Server 2003", ("5.2", 3790), 1, "1", &["5.2.3790.0"; 3]);
    assert_eq!(server.0, "service-pack-unknown");
    // One file of the registry's own service pack, or none that every service pack replaces.
    for kernels in [&["5.1.2600.1106", "5.1.2600.5512", "5.1.2600.1106"][..], &["5.1.2600.5938"], &[]] {
        assert_eq!(xp(3, kernels), ("service-pack-installed", String::new()), "{kernels:?}");
    }
    // One series for all service packs: a later fix on SP2 (MS04-011) is possible, but not a kernel of SP2 on SP4.
    let w2k = |installed, kernels: &[&str]| judge("Windows 2000", ("5.0", 2195), installed, "3", kernels);
    assert_eq!(w2k(2, &["5.0.2195.6902"; 3]), ("service-pack-older", String::new()));
    assert_eq!(w2k(4, &["5.0.2195.2951"; 3]).0, "service-pack-unknown");
    // Kernel files of Windows NT 4.0 show bounds of the service pack: 4 is of SP4 at most, 336 and 7203 of SP6a.
    let nt4 = |installed, kernels: &[&str]| judge("Windows NT 4.0", ("4.0", 1381), installed, "6", kernels);
    let (code, doubt) = nt4(6, &["4.0.1381.4"; 3]);
    assert_eq!(code, "service-pack-unknown");
    assert_eq!(
        doubt,
        "the registry says Windows NT 4.0 SP6, but ntoskrnl.exe is of SP4 or earlier: the service pack that is installed is not certain"
    );
    assert_eq!(nt4(3, &["4.0.1381.7203"; 3]).0, "service-pack-unknown");
    assert_eq!(nt4(6, &["4.0.1381.336"; 3]).0, "service-pack-unknown");
    // A file that some service pack leaves as it is, and one whose number shows nothing.
    for kernels in [&["4.0.1381.300", "4.0.1381.4", "4.0.1381.4"][..], &["4.0.1381.100"; 3], &["4.0.1381.300"; 3]] {
        assert_eq!(nt4(6, kernels), ("service-pack-installed", String::new()), "{kernels:?}");
    }
    // A kernel of another Windows: the registry's service pack is not believed either.
    assert_eq!(xp(3, &["5.0.2195.6717"; 3]).0, "service-pack-unknown");
    // The user says what the registry says: the kernel files are of another service pack all the same.
    let mut inventory = inventory(vec![file("ntoskrnl.exe", "5.1.2600.1106"), file("ntdll.dll", "5.1.2600.1106")]);
    inventory.systems.push(registry(None, "5.1", 2600, "Service Pack 3"));
    let judged = assess::assess(&Catalog::default(), &inventory, knowledge(), &on("Windows XP", "3"));
    assert!(judged.systems[0].doubts[0].starts_with("it is given as Windows XP SP3, but ntoskrnl.exe is of SP1"));
}

/// Issue 13, point 7: without a registry, kernel files of two service packs show neither (a service pack that is half installed).
#[test]
fn kernel_files_of_two_service_packs_show_none() {
    let judge = |kernels: [&str; 3]| {
        let names = ["ntoskrnl.exe", "ntdll.dll", "kernel32.dll"];
        let inventory = inventory(names.iter().zip(kernels).map(|(name, version)| file(name, version)).collect());
        let catalog = [pack_article("Q322389", &[("Windows XP", "3")])].into_iter().collect();
        let judged = assess::assess(&catalog, &inventory, knowledge(), &Policy::default());
        (codes(&judged.articles[0])[0], judged.systems[0].doubts.join("; "))
    };
    let (two, three) = ("5.1.2600.2180", "5.1.2600.5512");
    let doubt = |kernel: &str, other: &str| {
        format!("ntoskrnl.exe is of {kernel}, ntdll.dll of {other}: the service pack that is installed is not certain")
    };
    assert_eq!(judge([three, two, two]), ("service-pack-unknown", doubt("SP3", "SP2")));
    assert_eq!(judge([two, three, three]), ("service-pack-unknown", doubt("SP2", "SP3")));
    assert_eq!(judge([three; 3]), ("kernel-of-service-pack", String::new()));
    assert_eq!(
        judge(["5.1.2600.5938", three, "5.1.2600.5781"]),
        ("kernel-of-service-pack", String::new()),
        "fixes after SP3"
    );
}

/// Issue 13, point 7: one file of a later service pack is enough (an export with ntdll.dll alone); one of an earlier pack is not.
#[test]
fn one_file_of_a_later_service_pack_contradicts_the_registry() {
    let judge = |installed: &str, version: &str| {
        let mut inventory = inventory(vec![file("ntdll.dll", version)]);
        inventory.systems.push(registry(None, "5.1", 2600, installed));
        let catalog = [pack_article("Q321130", &[("Windows XP", "1")])].into_iter().collect();
        let judged = assess::assess(&catalog, &inventory, knowledge(), &Policy::default());
        codes(&judged.articles[0])[0]
    };
    assert_eq!(judge("", "5.1.2600.5512"), "service-pack-unknown");
    assert_eq!(judge("", "5.1.2600.0"), "service-pack-older");
    assert_eq!(judge("Service Pack 3", "5.1.2600.5512"), "service-pack-installed");
    assert_eq!(judge("Service Pack 3", "5.1.2600.1106"), "service-pack-installed");
}

/// Issue 13, point 7: a registry whose name and version are of two Windows.
#[test]
fn a_registry_that_contradicts_its_own_name_is_doubtful() {
    let doubts = |name: &str, version: &str, build: u32| {
        let mut inventory = inventory(Vec::new());
        inventory.systems.push(registry(Some(name), version, build, ""));
        assess::assess(&Catalog::default(), &inventory, knowledge(), &Policy::default()).systems[0].doubts.join("; ")
    };
    let said = "the registry calls itself 'Microsoft Windows XP', but its version is of Windows 2000";
    assert_eq!(doubts("Microsoft Windows XP", "5.0", 2195), said);
    assert_ne!(doubts("Windows 7 Ultimate", "6.0", 6002), "");
    for (name, version, build) in [
        ("Microsoft Windows XP", "5.1", 2600),
        ("Microsoft Windows XP", "5.2", 3790),
        ("Microsoft Windows 2000", "5.0", 2195),
        ("Windows Server (R) 2008 Standard", "6.0", 6002),
        ("Windows Server 2008 R2 Standard", "6.1", 7601),
        ("Windows Embedded Standard", "6.1", 7601),
        ("Windows Server 2012 R2 Datacenter", "6.3", 9600),
    ] {
        assert_eq!(doubts(name, version, build), "", "{name} {version}");
    }
    assert!(!doubts("Windows 10 Pro", "6.3", 22631).contains("calls itself"));
}

/// Without the SYSTEM hive of Windows NT 4.0 nothing said whether it is the Terminal Server Edition, and the service pack of the
/// SOFTWARE hive was lost (issue 13). The numbers of the kernel say it, and a workstation is none.
#[test]
fn the_kernel_says_whether_a_registry_is_of_the_terminal_server_edition() {
    let judge = |kernel: Option<&str>, product_type: Option<&str>| {
        let mut inventory = inventory(kernel.map(|version| file("ntoskrnl.exe", version)).into_iter().collect());
        let mut system = registry(None, "4.0", 1381, "Service Pack 5");
        let fact = |value: &str| Fact { value: value.to_owned(), source: "hive".to_owned() };
        system.facts.product_type = product_type.map(fact);
        inventory.systems.push(system);
        let judged = assess::assess(&Catalog::default(), &inventory, knowledge(), &Policy::default());
        let profile = judged.systems[0].profile.as_ref();
        profile.map(|of| (of.line.to_string(), of.pack.as_ref().map(|pack| pack.name().to_owned())))
    };
    let five = |line: &str| Some((line.to_owned(), Some("5".to_owned())));
    assert_eq!(judge(Some("4.0.1381.200"), None), five("Windows NT 4.0"));
    assert_eq!(judge(Some("4.0.1381.33478"), None), five("Windows NT 4.0 Terminal Server Edition"));
    assert_eq!(judge(None, Some("WinNT")), five("Windows NT 4.0"));
    assert_eq!(judge(None, Some("ServerNT")), None);
    assert_eq!(judge(None, None), None);
}

/// A registry of a system, with or without its name.
fn registry(name: Option<&str>, version: &str, build: u32, pack: &str) -> System {
    fn fact<T>(value: T) -> Option<Fact<T>> {
        Some(Fact { value, source: "hive".to_owned() })
    }
    let mut system = System::from_hives(None::<Vec<u8>>, None);
    system.facts.product_name = name.and_then(|name| fact(name.to_owned()));
    system.facts.current_version = fact(version.to_owned());
    system.facts.build = fact(build);
    system.facts.csd_version = fact(pack.to_owned());
    system
}

/// Issue 13: 600 articles that name only a service pack of Exchange Server 5.5 were not judged on a host with its store.exe.
#[test]
fn the_service_pack_of_a_product_is_that_of_its_main_file() {
    let judge = |product: &str, sp: &str, files: &[(&str, &str)]| {
        let entries = files.iter().map(|(path, version)| file(path, version)).collect();
        let verdict = assess(vec![pack_article("Q236575", &[(product, sp)])], entries).articles.remove(0);
        codes(&verdict)[0]
    };
    let (exchange, kernel) = ("Exchange Server 5.5", ("WINNT/system32/ntoskrnl.exe", "4.0.1381.335"));
    let store = |version: &'static str| [kernel, ("Exchsrvr/bin/store.exe", version)];
    for (sp, version, expected) in [
        ("4", "5.5.2448.8", "product-older"),
        ("4", "5.5.2653.22", "product-older"),
        ("4", "5.5.2653.23", "product-of-service-pack"),
        ("4", "5.5.2657.74", "product-of-service-pack"),
        ("3", "5.5.2650.24", "product-of-service-pack"),
        ("latest", "5.5.2653.23", "product-of-service-pack"),
        ("latest", "5.5.2448.0", "pack-not-numbered"),
        ("after 3", "5.5.2650.24", "product-older"),
        ("after 4", "5.5.2653.23", "pack-not-released"),
        // The store of another Exchange.
        ("4", "6.0.4417.0", "product-unknown"),
    ] {
        assert_eq!(judge(exchange, sp, &store(version)), expected, "SP{sp}, {version}");
    }
    // No Windows is known; no main file is there; two of them contradict each other.
    assert_eq!(judge(exchange, "4", &[("bin/store.exe", "5.5.2448.0")]), "product-older");
    assert_eq!(judge(exchange, "4", &[kernel]), "product-unknown");
    let two = [kernel, ("bin/store.exe", "5.5.2653.23"), ("bin/mad.exe", "5.5.2650.24")];
    assert_eq!(judge(exchange, "4", &two), "product-unknown");
    assert_eq!(judge("SQL Server 2000", "3", &[kernel, ("bin/sqlservr.exe", "2000.80.534.0")]), "product-older");
    assert_eq!(
        judge("Systems Management Server 2.0", "3", &[kernel, ("bin/smsexec.exe", "2.0.1493.4000")]),
        "product-of-service-pack"
    );
}

/// Issue 13: a scan reads the articles that name only a service pack of a product whose main file is there; `explain` and
/// `--require` alone did. No row of the catalogue names the main file of SMS.
#[test]
fn a_scan_judges_the_service_packs_of_products() {
    let world = crate::support::world::World::new(Vec::new());
    for (path, version) in [("exchsrvr/bin/store.exe", "5.5.2448.8"), ("SMS/site/smsexec.exe", "2.0.1493.2112")] {
        let list = world.path("list.csv");
        let line = format!("C:/{path},300000,2000-01-01T00:00:00Z,{version},i386");
        std::fs::write(&list, format!("path,size,modified,version,machine\n{line}\n")).unwrap();
        let mut scan = assert_cmd::Command::cargo_bin("hotfixcheck").unwrap();
        scan.args([
            "scan",
            "--no-config",
            "--os",
            "nt4",
            "--service-pack",
            "6a",
            "--all",
            "--format",
            "jsonl",
            "--inventory",
        ]);
        let output = scan.arg(&list).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        for reason in ["product-older", "product-of-service-pack"] {
            assert!(said.contains(&format!("\"{reason}\"")), "{path}: {reason}");
        }
    }
}
