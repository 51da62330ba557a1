//! The registry's facts about a system, and the release line and service pack that follow.

use hotfixcheck::inventory::system::{Fact, HiveKind, Identity, PendingRename, System, identify};
use hotfixcheck::knowledge::Releases;
use hotfixcheck_testkit::hive_builder::{HiveBuilder, put};
use hotfixcheck_testkit::registry::{CONTROL, NT, hotfix, nt4_details, software, system};
use hotfixcheck_winfiles::hive::Condition;

fn read(software: &HiveBuilder, system: &HiveBuilder) -> System {
    System::from_hives(Some(software.build()), Some(system.build()))
}

fn identity(system: &System) -> Identity {
    identify(system, &Releases::embedded().unwrap())
}

/// Line and service pack by name, if there is no doubt.
#[track_caller]
fn told(software: &HiveBuilder, system: &HiveBuilder) -> (String, Option<String>) {
    let identity = identity(&read(software, system));
    assert_eq!(identity.doubts, Vec::<String>::new());
    (identity.line.unwrap().value.to_string(), identity.pack.map(|pack| pack.value.name().to_owned()))
}

fn pair(line: &str, pack: &str) -> (String, Option<String>) {
    (line.to_owned(), Some(pack.to_owned()))
}

/// The doubts, if the service pack or the line stays open.
fn doubts(software: &HiveBuilder, system: &HiveBuilder) -> Vec<String> {
    let identity = identity(&read(software, system));
    assert!(identity.pack.is_none());
    identity.doubts
}

fn fact<T>(value: T, source: &str) -> Option<Fact<T>> {
    Some(Fact { value, source: source.to_owned() })
}

#[test]
fn every_fact_is_read_with_its_place() {
    let mut software = software("4.0", "1381", "Service Pack 6");
    nt4_details(&mut software);
    let mut system = system("LanmanNT", &["Enterprise"], 0x600);
    system
        .key(&format!(r"{CONTROL}\Session Manager"))
        .multi_sz("PendingFileRenameOperations", &[r"\??\C:\WINNT\System32\SET5.tmp", r"!\??\C:\WINNT\System32\a.dll"]);
    let read = read(&software, &system);
    assert_eq!(read.problems, []);
    assert_eq!(read.hives, [(HiveKind::Software, Condition::default()), (HiveKind::System, Condition::default())]);

    let nt = |name: &str| format!(r"SOFTWARE\{NT}\{name}");
    let control = |name: &str| format!(r"SYSTEM\{CONTROL}\{name}");
    let facts = read.facts;
    assert_eq!(facts.current_version, fact("4.0".to_owned(), &nt("CurrentVersion")));
    assert_eq!(facts.build, fact(1381, &nt("CurrentBuildNumber")));
    assert_eq!(facts.csd_version, fact("Service Pack 6".to_owned(), &nt("CSDVersion")));
    assert_eq!(facts.current_type, fact("Uniprocessor Free".to_owned(), &nt("CurrentType")));
    assert_eq!(facts.install_date, fact(0x3b00_0000, &nt("InstallDate")));
    assert_eq!(facts.product_name, None);
    assert_eq!(facts.revision, None);
    assert_eq!(facts.product_type, fact("LanmanNT".to_owned(), &control(r"ProductOptions\ProductType")));
    assert_eq!(facts.product_suite, fact(vec!["Enterprise".to_owned()], &control(r"ProductOptions\ProductSuite")));
    assert_eq!(facts.control_csd_version, fact(0x600, &control(r"Windows\CSDVersion")));
    let environment = control(r"Session Manager\Environment\PROCESSOR_ARCHITECTURE");
    assert_eq!(facts.processor_architecture, fact("x86".to_owned(), &environment));
    let renames = facts.pending_renames.unwrap();
    assert_eq!(renames.source, control(r"Session Manager\PendingFileRenameOperations"));
    let to = Some(r"C:\WINNT\System32\a.dll".to_owned());
    assert_eq!(renames.value, [PendingRename { from: r"C:\WINNT\System32\SET5.tmp".to_owned(), to, replace: true }]);
}

#[test]
fn pending_renames_keep_deletions_apart() {
    let mut system = system("WinNT", &[], 0);
    let texts = [r"\??\C:\a", "", r"\??\C:\b", r"\??\C:\c", r"\??\C:\d", ""];
    system.key(&format!(r"{CONTROL}\Session Manager")).multi_sz("PendingFileRenameOperations", &texts);
    let renames = read(&software("5.0", "2195", ""), &system).facts.pending_renames.unwrap().value;
    let names: Vec<_> = renames.iter().map(|r| (r.from.as_str(), r.to.as_deref(), r.replace)).collect();
    assert_eq!(names, [(r"C:\a", None, false), (r"C:\b", Some(r"C:\c"), false), (r"C:\d", None, false)]);
}

#[test]
fn the_current_control_set_is_read() {
    let mut hive = system("WinNT", &[], 0x400);
    hive.key(r"ControlSet012\Control\Windows").dword("CSDVersion", 0x500);
    hive.key(r"ControlSet012\Control\ProductOptions").sz("ProductType", "ServerNT");
    hive.key(r"ControlSet012\Control\Session Manager\Environment");
    let read = |current: u32| {
        let mut hive = hive.clone();
        hive.key("Select").replace_dword("Current", current);
        System::from_hives(None, Some(hive.build())).facts
    };
    assert_eq!(read(1).control_csd_version.unwrap().value, 0x400);
    let facts = read(12);
    assert_eq!(facts.control_csd_version, fact(0x500, r"SYSTEM\ControlSet012\Control\Windows\CSDVersion"));
    assert_eq!(facts.product_type.unwrap().value, "ServerNT");
}

#[test]
fn lines_and_service_packs_are_told() {
    let plain = |csd| system("WinNT", &[], csd);
    let cases = [
        ("3.51", "1057", "Service Pack 5", 0x500, "Windows NT 3.51", Some("5")),
        ("4.0", "1381", "", 0, "Windows NT 4.0", Some("RTM")),
        ("4.0", "1381", "Service Pack 3", 0x300, "Windows NT 4.0", Some("3")),
        ("4.0", "1381", "Service Pack 4, RC 1.2", 0x400, "Windows NT 4.0", Some("4")),
        ("4.0", "1381", "Service Pack 6", 0x600, "Windows NT 4.0", Some("6")),
        // As lists of people have it (issue 13).
        ("4.0", "1381", "Service Pack 6a", 0x600, "Windows NT 4.0", Some("6a")),
        ("5.1", "2600", "Service Pack 1a", 0x100, "Windows XP", Some("1")),
        ("5.0", "2195", "Service Pack 4", 0x400, "Windows 2000", Some("4")),
        ("5.1", "2600", "", 0, "Windows XP", Some("RTM")),
        ("5.1", "2600", "Service Pack 3", 0x300, "Windows XP", Some("3")),
        ("5.2", "3790", "Service Pack 2", 0x200, "Windows Server 2003", Some("2")),
        ("6.0", "6002", "Service Pack 2", 0x200, "Windows Vista and Server 2008", Some("2")),
        ("6.1", "7601", "Service Pack 1", 0x100, "Windows 7 and Server 2008 R2", Some("1")),
        ("6.2", "9200", "", 0, "Windows 8 and Server 2012", Some("RTM")),
        ("6.3", "9600", "", 0, "Windows 8.1 and Server 2012 R2", Some("RTM")),
    ];
    let releases = Releases::embedded().unwrap();
    for (version, build, csd, control, line, pack) in cases {
        // The table has no service packs for some lines.
        let packs = releases.pack_names(releases.line(line).unwrap()).count();
        let pack = pack.filter(|_| packs > 0).map(str::to_owned);
        assert_eq!(told(&software(version, build, csd), &plain(control)), (line.to_owned(), pack), "{csd}");
    }
}

#[test]
fn windows_10_tells_its_version_in_numbers() {
    let mut software = software("6.3", "19045", "");
    software
        .key(NT)
        .sz("ProductName", "Windows 10 Pro")
        .dword("CurrentMajorVersionNumber", 10)
        .dword("CurrentMinorVersionNumber", 0)
        .dword("UBR", 4780)
        .sz("ReleaseId", "2009")
        .sz("DisplayVersion", "22H2");
    let read = read(&software, &system("WinNT", &["Terminal Server"], 0));
    assert_eq!(read.facts.revision.as_ref().unwrap().value, 4780);
    assert_eq!(read.facts.release_id.as_ref().unwrap().value, "22H2");
    let identity = identity(&read);
    let line = identity.line.unwrap();
    assert_eq!(line.value.name(), "Windows 10 and later 19045");
    assert_eq!(line.source, format!(r"SOFTWARE\{NT}\CurrentMajorVersionNumber"));
}

#[test]
fn service_pack_6a_is_service_pack_6_with_its_hotfix() {
    let mut software = software("4.0", "1381", "Service Pack 6");
    hotfix(&mut software, "Q246009");
    assert_eq!(told(&software, &system("WinNT", &[], 0x600)), pair("Windows NT 4.0", "6a"));
    let identity = identity(&read(&software, &system("WinNT", &[], 0x600)));
    assert_eq!(identity.pack.unwrap().source, format!(r"SOFTWARE\{NT}\HotFix\Q246009"));

    hotfix(&mut software, "Q246009").replace_dword("Installed", 0);
    assert_eq!(told(&software, &system("WinNT", &[], 0x600)), pair("Windows NT 4.0", "6"));
}

#[test]
fn terminal_server_edition_is_told_by_its_suite_and_only_in_windows_nt_4() {
    let mut nt4 = software("4.0", "1381", "Service Pack 6");
    hotfix(&mut nt4, "Q246009");
    let suite = system("ServerNT", &["Terminal Server"], 0x600);
    assert_eq!(told(&nt4, &suite), pair("Windows NT 4.0 Terminal Server Edition", "6"));
    let enterprise = system("ServerNT", &["Enterprise"], 0x600);
    assert_eq!(told(&nt4, &enterprise), pair("Windows NT 4.0", "6a"));
    let windows_2000 = software("5.0", "2195", "Service Pack 2");
    assert_eq!(told(&windows_2000, &system("ServerNT", &["Terminal Server"], 0x200)), pair("Windows 2000", "2"));

    // Without the SYSTEM hive it may be either.
    let identity = identity(&System::from_hives(Some(nt4.build()), None));
    assert_eq!(identity.line, None);
    assert_eq!(identity.pack, None);
    assert!(identity.doubts[0].contains("Terminal Server Edition"), "{:?}", identity.doubts);
}

#[test]
fn hives_that_disagree_leave_the_service_pack_open() {
    let disagree = doubts(&software("5.0", "2195", "Service Pack 4"), &system("WinNT", &[], 0x300));
    let expected =
        format!(r"SOFTWARE\{NT}\CSDVersion says 'Service Pack 4', SYSTEM\{CONTROL}\Windows\CSDVersion 0x300");
    assert_eq!(disagree, [expected]);
    assert_eq!(doubts(&software("5.0", "2195", ""), &system("WinNT", &[], 0x300)).len(), 1);
}

#[test]
fn one_hive_is_enough_where_it_tells() {
    let software_only = System::from_hives(Some(software("5.0", "2195", "Service Pack 3").build()), None);
    assert_eq!(identity(&software_only).pack.unwrap().value.name(), "3");
    let no_system = System::from_hives(Some(software("5.0", "2195", "").build()), None);
    assert_eq!(identity(&no_system).pack.unwrap().value.name(), "RTM");
    let system_only = System::from_hives(None, Some(system("WinNT", &[], 0x600).build()));
    assert_eq!(identity(&system_only).line, None);
}

#[test]
fn what_is_not_understood_stays_open() {
    // English, but not a text that Windows writes: it was edited, and the number alone proves nothing.
    for csd in ["Service Pack", "Service Pack 2.1", "Service Pack 3a", "service pack3"] {
        let doubts = doubts(&software("5.0", "2195", csd), &system("WinNT", &[], 0x300));
        let number = r"SYSTEM\ControlSet001\Control\Windows\CSDVersion 0x300";
        assert_eq!(doubts, [format!(r"SOFTWARE\{NT}\CSDVersion says '{csd}', {number}")]);
    }
    let no_such_pack = doubts(&software("5.0", "2195", "Service Pack 5"), &system("WinNT", &[], 0x500));
    assert_eq!(no_such_pack, ["Windows 2000 has no service pack '5'"]);
    let preview = doubts(&software("5.0", "1946", ""), &system("WinNT", &[], 0));
    assert_eq!(preview, ["5.0.1946 is not a known release of Windows"]);
    let no_number = doubts(&software("5.0", "Obsolete", ""), &system("WinNT", &[], 0));
    assert_eq!(no_number, ["the registry contains no build number"]);
}

/// A text in an unknown language shows the service pack only together with the number in the SYSTEM hive: its own
/// number may mean something else (issue 13, point 7).
#[test]
fn a_localised_text_needs_the_number_of_the_system_hive() {
    for csd in ["SP 3", "Dienst 3", "Szervizcsomag 3", "3. javítócsomag"] {
        let software = software("5.0", "2195", csd);
        let told = identity(&read(&software, &system("WinNT", &[], 0x300))).pack.map(|pack| pack.value);
        assert_eq!(told.as_ref().map(|pack| pack.name()), Some("3"), "{csd}");

        let other = doubts(&software, &system("WinNT", &[], 0x400));
        let number = format!(r"SYSTEM\{CONTROL}\Windows\CSDVersion 0x400");
        assert_eq!(other, [format!(r"SOFTWARE\{NT}\CSDVersion says '{csd}', {number}")]);

        let alone = identity(&System::from_hives(Some(software.build()), None));
        assert_eq!(alone.pack, None, "{csd}");
        assert_eq!(alone.doubts, [format!(r"SOFTWARE\{NT}\CSDVersion says '{csd}', which is not understood")]);
    }
    // Two numbers, or none, cannot be compared with the one of the hive.
    for csd in ["Szervizcsomag", "Szervizcsomag 3 (1)"] {
        assert_eq!(doubts(&software("5.0", "2195", csd), &system("WinNT", &[], 0x300)).len(), 1, "{csd}");
    }
}

#[test]
fn the_build_of_older_systems_is_read_where_it_is_a_number() {
    let mut hive = HiveBuilder::new(3);
    hive.key(NT).sz("CurrentVersion", "3.51").sz("CurrentBuild", "1057");
    let facts = System::from_hives(Some(hive.build()), None).facts;
    assert_eq!(facts.build, fact(1057, &format!(r"SOFTWARE\{NT}\CurrentBuild")));
}

#[test]
fn damage_is_a_problem_and_no_fact() {
    let mut hive = software("5.0", "2195", "Service Pack 4");
    hive.key(NT).sz("InstallDate", "not a number").dword("ProductName", 4);
    let image = hive.image();
    let mut bytes = image.bytes;
    put(&mut bytes, image.values[&(NT.to_owned(), "CSDVersion".to_owned())] + 8, u32::MAX);
    let read = System::from_hives(Some(bytes), Some(b"MZ".to_vec()));
    let problem = |source: &str| {
        let found = read.problems.iter().find(|problem| problem.source == source);
        found.map(|problem| problem.what.as_str()).unwrap_or_default()
    };
    assert!(problem(&format!(r"SOFTWARE\{NT}\CSDVersion")).starts_with("corrupt: data of a value"));
    assert_eq!(problem(&format!(r"SOFTWARE\{NT}\InstallDate")), "its data is not of the expected type");
    assert_eq!(problem(&format!(r"SOFTWARE\{NT}\ProductName")), "its data is not of the expected type");
    assert_eq!(problem("SYSTEM"), "not a registry hive: it does not begin with regf");
    assert_eq!(read.problems.len(), 4);
    assert_eq!(read.facts.csd_version, None);
    assert_eq!(read.facts.current_version.as_ref().unwrap().value, "5.0");
    assert_eq!(identity(&read).pack, None, "an unreadable service pack is not the release itself");
}

#[test]
fn other_hives_tell_nothing() {
    let mut other = HiveBuilder::new(5);
    other.key(r"Volatile Environment");
    let read = System::from_hives(Some(other.build()), Some(other.build()));
    let problems: Vec<_> = read.problems.iter().map(|p| (p.source.as_str(), p.what.as_str())).collect();
    let no_select = r"there is no Select\Current: the control set is not known";
    assert_eq!(problems, [("SOFTWARE", format!("there is no {NT}").as_str()), ("SYSTEM", no_select)]);
    assert_eq!(read.facts, Default::default());
    assert_eq!(identity(&read).doubts, ["the registry contains no build number"]);
}

#[test]
fn unfinished_hives_are_noted() {
    let unfinished = software("5.0", "2195", "").sequences(9, 8).build();
    let read = System::from_hives(Some(unfinished), None);
    assert_eq!(read.hives, [(HiveKind::Software, Condition { unfinished: true, ..Condition::default() })]);
    assert_eq!(read.problems, []);
}
