//! The lists of installed updates, in every format that Windows has had.

use hotfixcheck::KbId;
use hotfixcheck::inventory::system::{Hotfix, HotfixFile, HotfixList, HotfixState, System};
use hotfixcheck_testkit::hive_builder::{HiveBuilder, put};
use hotfixcheck_testkit::registry::{NT, hotfix, software};
use hotfixcheck_testkit::thorough::one_of;

const PACKAGES: &str = r"Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages";

fn listed(hive: &HiveBuilder) -> Vec<Hotfix> {
    let read = System::from_hives(Some(hive.build()), None);
    assert_eq!(read.problems, []);
    read.hotfixes
}

fn kb(id: &str) -> Option<KbId> {
    Some(id.parse().unwrap())
}

fn summary(hotfixes: &[Hotfix]) -> Vec<(&str, Option<String>, HotfixState)> {
    hotfixes.iter().map(|h| (h.name.as_str(), h.id.map(|id| id.to_string()), h.state)).collect()
}

#[test]
fn the_list_of_windows_nt_is_read_whole() {
    let mut hive = software("4.0", "1381", "Service Pack 6");
    hotfix(&mut hive, "Q246009")
        .dword("Valid", 1)
        .sz("Fix Description", "Windows NT 4.0 Service Pack 6a")
        .sz("Comments", "")
        .sz("Installed By", "Administrator")
        .sz("Installed On", "5/8/2002");
    hotfix(&mut hive, "Q246009").key("File 1").sz("File Name", "afd.sys").sz("Version", "4.0.1381.336");
    // As in Windows 2000 and XP: the entry exists, and is blank.
    hotfix(&mut hive, "Q246009").key("File 2").sz("Flags", "").sz("New File", "").sz("New Link Date", "");
    hotfix(&mut hive, "Q246009").key("File 3").sz("New File", "winver.exe").sz("Location", r"C:\WINNT\System32");
    let file = |name: &str, version: Option<&str>, location: Option<&str>| HotfixFile {
        name: name.to_owned(),
        version: version.map(str::to_owned),
        location: location.map(str::to_owned),
    };
    let expected = Hotfix {
        id: kb("Q246009"),
        name: "Q246009".to_owned(),
        source: format!(r"SOFTWARE\{NT}\HotFix\Q246009"),
        list: HotfixList::WindowsNt,
        state: HotfixState::Installed,
        description: Some("Windows NT 4.0 Service Pack 6a".to_owned()),
        installed_on: Some("5/8/2002".to_owned()),
        files: vec![file("afd.sys", Some("4.0.1381.336"), None), file("winver.exe", None, Some(r"C:\WINNT\System32"))],
    };
    assert_eq!(listed(&hive), [expected]);
}

#[test]
fn states_and_spellings_of_the_older_list_are_kept() {
    let mut hive = software("4.0", "1381", "");
    let list = hive.key(&format!(r"{NT}\HotFix"));
    list.key("KB823980-v2").dword("Installed", 1);
    list.key("KB842773_WXP").sz("Installed", "1");
    list.key("q147222").sz("Comments", "Service Pack 4 lists it by design");
    list.key("Q200001").dword("Installed", 0);
    list.key("Q200002").dword("Installed", 7);
    list.key("SP2SRP1").dword("Installed", 1);
    list.key("Q12").dword("Installed", 1);
    list.key("KB931125x").dword("Installed", 1);
    let hotfixes = listed(&hive);
    let id = |text: &str| Some(text.to_owned());
    let expected = [
        ("KB823980-v2", id("KB823980"), HotfixState::Installed),
        ("KB842773_WXP", id("KB842773"), HotfixState::Installed),
        ("KB931125x", None, HotfixState::Installed),
        ("Q12", None, HotfixState::Installed),
        ("q147222", id("Q147222"), HotfixState::Listed),
        ("Q200001", id("Q200001"), HotfixState::NotInstalled),
        ("Q200002", id("Q200002"), HotfixState::Other(7)),
        ("SP2SRP1", None, HotfixState::Installed),
    ];
    assert_eq!(summary(&hotfixes), expected);
    assert_eq!(hotfixes[4].description.as_deref(), Some("Service Pack 4 lists it by design"));
    let claimed: Vec<bool> = hotfixes.iter().map(Hotfix::is_claimed).collect();
    assert_eq!(claimed, [true, true, true, true, true, false, false, true]);
}

#[test]
fn the_list_of_products_is_read_at_every_depth() {
    let mut hive = software("5.1", "2600", "");
    let updates = hive.key(r"Microsoft\Updates");
    updates.dword("a value of the list itself", 1);
    updates.key("UpdateExeVolatile").dword("Flags", 0);
    updates
        .key(r"Windows XP\SP2\KB823980")
        .sz("Description", "Windows XP Hotfix - KB823980")
        .sz("InstalledDate", "8/12/2003");
    let files = updates.key(r"Windows XP\SP2\KB823980\Filelist");
    files.key("0").sz("FileName", "ole32.dll").sz("Version", "5.1.2600.1243").sz("Location", r"C:\WINDOWS\system32");
    files.key("1").sz("FileName", "rpcrt4.dll").sz("Version", "5.1.2600.1254");
    updates.key(r"Windows XP\SP3");
    updates.key(r"Exchange Server 5.5\Q269873");
    updates.key(r".NETFramework\1.1\S867460").sz("Description", "Service pack");
    updates.key(r"Microsoft .NET Framework 4\KB2468871").sz("ThisVersionInstalled", "Y").sz("PackageName", "A package");
    updates.key(r"Microsoft .NET Framework 4\KB2468872").sz("ThisVersionInstalled", "N");
    updates.key(r"a\b\c\d\KB900000").sz("Description", "too deep");
    hive.key(r"Wow6432Node\Microsoft\Updates\Windows XP Version 2003\SP2\KB890046");
    hive.key(&format!(r"Wow6432Node\{NT}\HotFix\KB890046")).dword("Installed", 1);
    let hotfixes = listed(&hive);
    let id = |text: &str| Some(text.to_owned());
    let expected = [
        ("S867460", None, HotfixState::Listed),
        ("Q269873", id("Q269873"), HotfixState::Listed),
        ("KB2468871", id("KB2468871"), HotfixState::Installed),
        ("KB2468872", id("KB2468872"), HotfixState::NotInstalled),
        ("KB823980", id("KB823980"), HotfixState::Listed),
        ("KB890046", id("KB890046"), HotfixState::Installed),
        ("KB890046", id("KB890046"), HotfixState::Listed),
    ];
    assert_eq!(summary(&hotfixes), expected);
    let xp = &hotfixes[4];
    assert_eq!(xp.source, r"SOFTWARE\Microsoft\Updates\Windows XP\SP2\KB823980");
    assert_eq!(xp.list, HotfixList::Updates);
    assert_eq!(xp.description.as_deref(), Some("Windows XP Hotfix - KB823980"));
    assert_eq!(xp.installed_on.as_deref(), Some("8/12/2003"));
    let files: Vec<_> = xp.files.iter().map(|file| (file.name.as_str(), file.version.as_deref())).collect();
    assert_eq!(files, [("ole32.dll", Some("5.1.2600.1243")), ("rpcrt4.dll", Some("5.1.2600.1254"))]);
    assert_eq!(xp.files[0].location.as_deref(), Some(r"C:\WINDOWS\system32"));
    assert_eq!(hotfixes[2].description.as_deref(), Some("A package"));
    assert_eq!(hotfixes[6].source, r"SOFTWARE\Wow6432Node\Microsoft\Updates\Windows XP Version 2003\SP2\KB890046");
}

#[test]
fn packages_of_updates_are_read_with_their_states() {
    let states = [
        (0x00, HotfixState::NotInstalled),
        (0x05, HotfixState::NotInstalled),
        (0x40, HotfixState::NotInstalled),
        (0x50, HotfixState::Superseded),
        (0x60, HotfixState::NotInstalled),
        (0x65, HotfixState::NotInstalled),
        (0x70, HotfixState::Installed),
        (0x80, HotfixState::Installed),
        (0xffff_ff90, HotfixState::Other(0xffff_ff90)),
    ];
    let mut hive = software("6.1", "7601", "");
    for (number, (state, _)) in states.iter().enumerate() {
        let name = format!("Package_for_KB90000{number}~31bf3856ad364e35~amd64~~6.1.1.0");
        hive.key(&format!(r"{PACKAGES}\{name}")).dword("CurrentState", *state);
    }
    let hotfixes = listed(&hive);
    let expected: Vec<_> =
        states.iter().enumerate().map(|(number, (_, state))| (Some(format!("KB90000{number}")), *state)).collect();
    let found: Vec<_> = hotfixes.iter().map(|h| (h.id.map(|id| id.to_string()), h.state)).collect();
    assert_eq!(found, expected);
    assert!(hotfixes.iter().all(|hotfix| hotfix.list == HotfixList::Servicing));
    let name = "Package_for_KB900000~31bf3856ad364e35~amd64~~6.1.1.0";
    assert_eq!(hotfixes[0].name, name);
    assert_eq!(hotfixes[0].source, format!(r"SOFTWARE\{PACKAGES}\{name}"));
}

#[test]
fn parts_of_packages_count_only_alone_and_other_packages_not_at_all() {
    let mut hive = software("6.1", "7601", "");
    let packages = [
        "Package_for_KB976902~31bf3856ad364e35~x86~~6.1.1.1",
        "Package_1_for_KB976902~31bf3856ad364e35~x86~~6.1.1.1",
        "Package_12_for_KB976933~31bf3856ad364e35~x86~~6.1.1.1",
        "Package_for_KB2533623_RTM~31bf3856ad364e35~x86~~6.1.1.0",
        "Package_for_RollupFix~31bf3856ad364e35~amd64~~19041.1288.1.5",
        "Microsoft-Windows-Foundation-Package~31bf3856ad364e35~x86~~6.1.7600.16385",
        "Package_of_things_for_KB123456",
    ];
    for package in packages {
        hive.key(&format!(r"{PACKAGES}\{package}")).dword("CurrentState", 0x70);
    }
    let hotfixes = listed(&hive);
    let found: Vec<_> = hotfixes.iter().map(|h| (h.name.split('~').next().unwrap(), h.id)).collect();
    let expected = [
        ("Package_for_KB2533623_RTM", kb("KB2533623")),
        ("Package_for_KB976902", kb("KB976902")),
        ("Package_for_RollupFix", None),
        ("Package_12_for_KB976933", kb("KB976933")),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_damaged_entry_is_a_problem_and_the_others_are_listed() {
    let mut hive = software("4.0", "1381", "");
    for name in ["Q200001", "Q200002", "Q200003"] {
        hotfix(&mut hive, name);
    }
    let image = hive.image();
    let mut bytes = image.bytes;
    put(&mut bytes, image.keys[&format!(r"{NT}\HotFix\Q200002")], 0);
    put(&mut bytes, image.values[&(format!(r"{NT}\HotFix\Q200003"), "Installed".to_owned())], 0);
    let read = System::from_hives(Some(bytes), None);
    let names: Vec<_> = read.hotfixes.iter().map(|hotfix| (hotfix.name.as_str(), hotfix.state)).collect();
    assert_eq!(names, [("Q200001", HotfixState::Installed), ("Q200003", HotfixState::Unreadable)]);
    assert!(!read.hotfixes[1].is_claimed());
    assert!(read.problems.iter().any(|p| p.source == format!(r"SOFTWARE\{NT}\HotFix")), "{:?}", read.problems);
    let value = format!(r"SOFTWARE\{NT}\HotFix\Q200003\Installed");
    assert!(read.problems.iter().any(|p| p.source == value), "{:?}", read.problems);
}

#[test]
fn bit_flips_never_panic_and_invent_no_system() {
    let mut hive = software("5.0", "2195", "Service Pack 2");
    hotfix(&mut hive, "Q300001").key("File 1").sz("File Name", "a.dll");
    hive.key(r"Microsoft\Updates\Windows 2000\SP3\Q300001\Filelist\0").sz("FileName", "a.dll");
    hive.key(&format!(r"{PACKAGES}\Package_for_KB900000~x")).dword("CurrentState", 0x70);
    let mut bytes = hive.build();
    let sound = System::from_hives(Some(bytes.as_slice()), None);
    assert_eq!(sound.hotfixes.len(), 3);
    // The keys' cells and lists; texts may change freely. Every third bit: each is a whole reading, and every bit of a
    // byte gets its turn.
    for bit in (4096 * 8..bytes.len() * 8).step_by(3 * one_of(3)) {
        bytes[bit / 8] ^= 1 << (bit % 8);
        let read = System::from_hives(Some(bytes.as_slice()), None);
        assert!(read.hotfixes.len() <= sound.hotfixes.len() + 1, "bit {bit}: {:?}", read.hotfixes);
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}
