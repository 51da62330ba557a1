//! What is left to install: packages and links, in every format (issue 15, point 5).

use crate::report_updates::{json, text, view_of};
use crate::support::attack::{assert_valid, closed, schema};
use crate::support::kit::{article, knowledge, row};
use hotfixcheck::Machine;
use hotfixcheck::assess::{Policy, Profile, ProfileSource};
use hotfixcheck::report::{ReportFormat, View};
use hotfixcheck_articles::{Article, PackageFile};

/// An XP file of i386 that lacks Q899588: packages for other systems, processors and articles come after its own.
fn packaged() -> View {
    let package = |file: &str, kb: &str, system: &str, machine| PackageFile {
        file: file.to_owned().into(),
        kb: Some(kb.parse().unwrap()),
        system: Some(system.to_owned().into()),
        machine,
        language: None,
    };
    let own = "KB899588";
    let packages = vec![
        package("Windows2000-KB899588-x86-ENU.exe", own, "Windows2000", Some(Machine::I386)),
        package("WindowsServer2003-KB899588-x86-enu.exe", own, "WindowsServer2003", Some(Machine::I386)),
        package("WindowsXP-KB111111-x86-enu.exe", "KB111111", "WindowsXP", Some(Machine::I386)),
        package("WindowsXP-KB899588-ia64-enu.exe", own, "WindowsXP", Some(Machine::Ia64)),
        package("WindowsXP-KB899588-enu.exe", own, "WindowsXP", None),
        package("WindowsXP-KB899588-x86-enu.exe", own, "WindowsXP", Some(Machine::I386)),
        package(
            "WindowsServer2003.WindowsXP-KB899588-x64-enu.exe",
            own,
            "WindowsServer2003.WindowsXP",
            Some(Machine::X64),
        ),
    ];
    let article = Article {
        products: vec!["Windows XP".into()],
        packages,
        ..article(own, vec![row("umpnpmgr.dll", "5.1.2600.2710")])
    };
    let releases = &knowledge().releases;
    let line = releases.line("Windows XP").unwrap().clone();
    let pack = releases.pack(&line, "2");
    let policy = Policy { profile: Some(Profile { line, pack, source: ProfileSource::Given }), ..Policy::default() };
    view_of(vec![article], &[("umpnpmgr.dll", "5.1.2600.2180")], &policy)
}

/// The packages for the system and its processor; the name of the second does not state the processor.
const FITTING: [&str; 2] = ["WindowsXP-KB899588-x86-enu.exe", "WindowsXP-KB899588-enu.exe"];
const ARTICLE: &str = "https://support.microsoft.com/kb/899588";
const CATALOGUE: &str = "https://www.catalog.update.microsoft.com/Search.aspx?q=KB899588";

#[test]
fn what_is_left_to_install_has_its_packages_and_links() {
    let view = packaged();
    let whole = json(&view, ReportFormat::Json);
    assert_valid(&closed(schema("docs/report.schema.json")), &whole);
    let install = &whole["articles"][0]["install"];
    assert_eq!(install["packages"], serde_json::json!(FITTING));
    assert_eq!((&install["article"], &install["catalogue"]), (&ARTICLE.into(), &CATALOGUE.into()));
    assert_eq!(&whole["plan"]["articles"][0]["install"], install);

    let named = FITTING.join(", ");
    let table = text(&view, ReportFormat::Table);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&table).contains(&format!("packages: {named} {ARTICLE} {CATALOGUE}")), "{table}");
    let markdown = text(&view, ReportFormat::Markdown);
    assert!(markdown.contains(&format!("| {named} | [article]({ARTICLE}), [update catalogue]({CATALOGUE}) |")));
    let html = text(&view, ReportFormat::Html);
    for part in [format!("href=\"{ARTICLE}\""), format!("href=\"{CATALOGUE}\""), named] {
        assert!(html.contains(&part), "{part}");
    }
}

/// Issue 15: the plan of an English Windows XP named packages of other systems, and the Japanese one first.
#[test]
fn packages_of_other_languages_are_named_as_such_and_of_other_systems_never() {
    let package = |file: &str, system: &str, language: &str| PackageFile {
        file: file.to_owned().into(),
        kb: None,
        system: Some(system.to_owned().into()),
        machine: Some(Machine::I386),
        language: Some(language.to_owned().into()),
    };
    let named = |packages: Vec<PackageFile>| {
        let article = Article { packages, ..article("KB899588", vec![row("umpnpmgr.dll", "5.1.2600.2710")]) };
        let releases = &knowledge().releases;
        let line = releases.line("Windows XP").unwrap().clone();
        let profile = Profile { line, pack: None, source: ProfileSource::Given };
        let policy = Policy { profile: Some(profile), ..Policy::default() };
        let view = view_of(vec![article], &[("umpnpmgr.dll", "5.1.2600.2180")], &policy);
        let install = view.articles[0].install.clone().unwrap();
        let whole = json(&view, ReportFormat::Json);
        assert_valid(&closed(schema("docs/report.schema.json")), &whole);
        if let Some(other) = install.other_languages.first() {
            for format in [ReportFormat::Table, ReportFormat::Markdown, ReportFormat::Html] {
                let words = text(&view, format).split_whitespace().collect::<Vec<_>>().join(" ");
                let named = format!("none known for this language; for others {} ({})", other.file, other.language);
                assert!(words.contains(&named), "{words}");
            }
            assert!(install.packages.is_empty());
            return vec![other.file.clone() + " " + &other.language];
        }
        install.packages
    };
    let (english, japanese) = (package("xp-enu.exe", "WindowsXP", "enu"), package("xp-jpn.exe", "WindowsXP", "JPN"));
    let other = package("2000-enu.exe", "Windows2000", "ENU");
    assert_eq!(named(vec![japanese.clone(), other.clone(), english]), ["xp-enu.exe"]);
    assert_eq!(named(vec![japanese, other.clone()]), ["xp-jpn.exe JPN"], "setup would refuse it: named as such");
    assert!(named(vec![other]).is_empty(), "setup would refuse it, too");
    assert_eq!(named(vec![package("office-enu.exe", "Office2003", "ENU")]), ["office-enu.exe"], "no Windows");
    // KB960714 has packages for Internet Explorer 7 on Windows XP: not for a file of another version.
    assert!(named(vec![package("IE7-WindowsXP-enu.exe", "WindowsXP", "ENU")]).is_empty());
    assert_eq!(named(vec![package("IE5-WindowsXP-enu.exe", "WindowsXP", "ENU")]), ["IE5-WindowsXP-enu.exe"]);
    // Names of Windows as KB824141, KB922760, KB834707 and KB941568 spell them.
    for other in [
        package("Windowsnt4server-kb824141-x86-enu", "Windowsnt4server", "enu"),
        package("Windowsnt4terminalserver-kb841533-x86-enu", "Windowsnt4terminalserver", "enu"),
        package("IE6.0sp1-KB922760-Windows-2000-x86-enu", "IE6.0sp1", "enu"),
        package("Windowsserver-2003.WindowsXP-KB941568-x86-ENU.exe", "Windowsserver-2003.WindowsXP", "ENU"),
    ] {
        assert!(named(vec![other]).is_empty());
    }
    let both = "IE5.0sp1-KB834707-Windows-2000-XP-x86-enu";
    assert_eq!(named(vec![package(both, "IE5.0sp1", "enu")]), [both]);
    // The processor stands anywhere in the name.
    for file in ["wme9-x64-kb2447961.exe", "NDP20-KB917283-xia64.exe"] {
        assert!(named(vec![PackageFile { machine: None, ..package(file, "x64", "ENU") }]).is_empty());
    }
    let many = (0..7).map(|number| package(&format!("xp-{number}.exe"), "WindowsXP", "ENU")).collect();
    assert_eq!(named(many).len(), 7);
}

/// Issue 15: KB931784 named the package of 32 bits on Windows Server 2003 for Itanium, whose setup refuses it.
#[test]
fn packages_of_other_processors_are_never_named() {
    let package = |file: &str, machine| PackageFile {
        file: file.to_owned().into(),
        kb: None,
        system: Some("WindowsServer2003".to_owned().into()),
        machine: Some(machine),
        language: None,
    };
    let view = |packages: Vec<PackageFile>| {
        let article = Article { packages, ..article("KB931784", vec![row("ntoskrnl.exe", "5.2.3790.2896")]) };
        let line = knowledge().releases.line("Windows Server 2003").unwrap().clone();
        let profile = Profile { line, pack: None, source: ProfileSource::Given };
        let policy = Policy { profile: Some(profile), ..Policy::default() };
        view_of(vec![article], &[("ntoskrnl.exe", "5.2.3790.1830")], &policy)
    };
    let (own, other) = (package("2003-x86.exe", Machine::I386), package("2003-ia64.exe", Machine::Ia64));
    let both = view(vec![other.clone(), own]).articles[0].install.clone().unwrap();
    assert_eq!((both.packages.len(), both.packages[0].as_str(), both.other_processors.len()), (1, "2003-x86.exe", 0));
    let view = view(vec![other]);
    let install = view.articles[0].install.as_ref().unwrap();
    assert!(install.packages.is_empty());
    assert_eq!(install.other_processors, ["2003-ia64.exe"]);
    assert_valid(&closed(schema("docs/report.schema.json")), &json(&view, ReportFormat::Json));
    let words = text(&view, ReportFormat::Markdown);
    assert!(words.contains("none known for this processor"), "{words}");
}
