//! Issue 17, point 5: lists of installed updates for an inventory. They are claims, which are compared with the files.

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck::inventory::Document;
use hotfixcheck::inventory::import::{self, InventoryFormat};
use serde_json::{Value, json};

/// A list with an old tapisrv.exe, and a correct a.dll.
const LIST: &str = "path,version,machine\n\
    C:\\WINNT\\System32\\tapisrv.exe,4.0.1381.7000,i386\n\
    C:\\WINNT\\System32\\a.dll,4.0.1381.7097,i386\n\
    C:\\WINNT\\System32\\b.dll,4.0.1381.7097,i386\n";

const EXPORT: &str = "REGEDIT4\r\n\r\n\
    [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\HotFix]\r\n\r\n\
    [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\HotFix\\Q310626]\r\n\
    \"Installed\"=dword:00000001\r\n\"Comments\"=\"a \\\"fix\\\" in C:\\\\WINNT\"\r\n\
    \"Long\"=hex:01,02,\\\r\n  03,04\r\n\r\n\
    [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\HotFix\\Q310626\\File 1]\r\n\
    \"New File\"=\"tapisrv.exe\"\r\n\
    [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\HotFix\\Q311111]\r\n\
    \"Installed\"=dword:00000000\r\n\
    [-HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\HotFix\\Q312345]\r\n";

const SYSTEMINFO: &str = "\r\nHostname:                                     PC1\r\n\
    Betriebssystemname:                           Microsoft Windows XP\r\n\
    Hotfix(es):                                   2 Hotfix(e) installiert.\r\n\
    \x20                                             [01]: Q310626\r\n\
    \x20                                             [02]: KB976902 - Update for Q999999\r\n\
    Netzwerkkarte(n):                             KBxyz, SKB123456, KB1234567890\r\n";

const QFE: &str = "Caption  CSName  Description  FixComments  HotFixID  InstallDate\r\n\
    http://support.microsoft.com/?kbid=976902  PC1  Update    KB976902  1/2/2010\r\n\
    \x20 PC1  Service Pack 4    Q310626  1/2/2003\r\n";

fn world() -> World {
    let rows = [("Q310626", "tapisrv.exe"), ("Q311111", "a.dll"), ("Q312345", "b.dll")];
    let world = World::new(rows.map(|(id, file)| article(id, vec![row(file, "4.0.1381.7097")])).to_vec());
    world.write("list.csv", LIST.as_bytes());
    world
}

/// The claims in a list of this text that the files contradict.
fn contradicted(world: &World, list: &[u8]) -> Vec<String> {
    world.write("hotfixes.txt", list);
    let report = world.report("report.json", &["--inventory", "list.csv", "--hotfixes", "hotfixes.txt", "--all"]);
    let codes = report["warnings"].as_array().unwrap().iter();
    // The list is not a complete registry: nothing follows from updates that it does not name.
    codes
        .map(|warning| {
            format!("{} {}", warning["code"].as_str().unwrap(), warning["article"].as_str().unwrap_or_default())
        })
        .collect()
}

#[test]
fn what_a_machine_claims_is_held_against_its_files() {
    let world = world();
    let plain = world.report("report.json", &["--inventory", "list.csv", "--all"]);
    assert_eq!(plain["warnings"], json!([]));
    let utf_16: Vec<u8> = EXPORT
        .replace("REGEDIT4", "\u{feff}Windows Registry Editor Version 5.00")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for list in
        [EXPORT.as_bytes(), &utf_16, SYSTEMINFO.as_bytes(), QFE.as_bytes(), b"Q310626\n", b"\"PC1\",\"Q310626\"\n"]
    {
        let text = String::from_utf8_lossy(list);
        assert_eq!(contradicted(&world, list), ["registry-claims-installed Q310626"], "{text}");
        // A claim changes no verdict.
        let report: Value =
            world.report("report.json", &["--inventory", "list.csv", "--hotfixes", "hotfixes.txt", "--all"]);
        assert_eq!(report["summary"], plain["summary"], "{text}");
        assert_eq!(report["articles"], plain["articles"], "{text}");
        assert_eq!(report["options"]["profile"], plain["options"]["profile"], "{text}");
    }
    // A fix that is installed, or not claimed, is not reported.
    assert!(contradicted(&world, b"KB311111\n").is_empty());
}

#[test]
fn an_export_says_which_updates_and_in_which_state() {
    let mut snapshot = import::read(LIST.as_bytes(), Some(InventoryFormat::Csv)).unwrap();
    snapshot.claim(import::claims(Document::Bytes(EXPORT.as_bytes())).unwrap()).unwrap();
    let [system] = snapshot.systems.as_slice() else { panic!("{:?}", snapshot.systems) };
    assert_eq!((system.folder.to_string().as_str(), system.problems.len()), ("WINNT/System32/config", 0));
    let seen: Vec<(&str, bool, Option<&str>)> =
        system.hotfixes.iter().map(|fix| (fix.name.as_str(), fix.is_claimed(), fix.description.as_deref())).collect();
    assert_eq!(seen, [("Q310626", true, Some("a \"fix\" in C:\\WINNT")), ("Q311111", false, None)]);
    assert_eq!(system.hotfixes[0].files[0].name, "tapisrv.exe");
    // In addition to the registry of a snapshot: its own facts are kept.
    let again = import::claims(Document::Bytes(SYSTEMINFO.as_bytes())).unwrap();
    snapshot.claim(again).unwrap();
    let ids: Vec<&str> = snapshot.systems[0].hotfixes.iter().map(|fix| fix.name.as_str()).collect();
    assert_eq!(ids, ["Q310626", "Q311111", "Q310626", "KB976902"]);
}

#[test]
fn what_is_no_list_or_of_no_one_machine_is_refused() {
    let world = world();
    world.write("none.txt", b"no update in it\n");
    let scan = |arguments: &[&str]| world.scan(arguments);
    let (code, _, err) = scan(&["--inventory", "list.csv", "--hotfixes", "none.txt"]);
    assert!(code == 2 && err.contains("list of updates 'none.txt'") && err.contains("expected reg export"), "{err}");
    world.write("some.txt", b"KB976902\n");
    let (code, _, err) = scan(&["--inventory", "list.csv", "--inventory", "none.txt", "--hotfixes", "some.txt"]);
    assert!(code == 2 && err.contains("the list of one machine"), "{err}");
    let (code, _, err) = scan(&["--hotfixes", "some.txt", "."]);
    assert!(code == 2 && err.contains("--hotfixes is only valid with --inventory"), "{err}");
    let two = LIST.replacen("WINNT\\System32\\b.dll", "WINNT.old\\System32\\b.dll", 1);
    world.write("two.csv", two.as_bytes());
    let (code, _, err) = scan(&["--inventory", "two.csv", "--hotfixes", "some.txt"]);
    assert!(code == 2 && err.contains("several Windows"), "{err}");
}

/// Several updates in a line, as programs print them: only the first was read (issue 17).
#[test]
fn every_update_of_a_line_is_a_claim() {
    let world = world();
    world.write("list.csv", LIST.replace("7097", "7000").as_bytes());
    let all = ["Q310626", "Q311111", "Q312345"].map(|id| format!("registry-claims-installed {id}"));
    for list in [
        "Q310626,Q311111,Q312345",
        "Q310626 Q311111;Q312345",
        "Q310626\nQ311111\n312345\n",
        "q 310626\nKB-311111\nPackage_for_KB312345~31bf3856ad364e35~x86~~6.0.1.0\n",
        "\"PC1\",\"Windows 2000\",\"3 Hotfix(s) Installed.,[01]: Q310626,[02]: Q311111,[03]: Q312345\"",
        r#"[{"HotFixID":"Q310626"},{"HotFixID":"Q311111"},{"HotFixID":"Q312345"}]"#,
        "<RESULTS><VALUE>Q310626</VALUE><VALUE>Q311111</VALUE><VALUE>Q312345</VALUE></RESULTS>",
    ] {
        assert_eq!(contradicted(&world, list.as_bytes()), all, "{list}");
    }
}

/// The hive of a machine that is off, under the name from `reg load`; an export of other keys is refused (issue 17).
#[test]
fn an_export_of_a_loaded_hive_lists_its_updates() {
    let world = world();
    let loaded = EXPORT.replace("HKEY_LOCAL_MACHINE\\SOFTWARE\\", "HKEY_LOCAL_MACHINE\\CASE17\\");
    assert_eq!(contradicted(&world, loaded.as_bytes()), contradicted(&world, EXPORT.as_bytes()));
    let nothing = "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\Setup]\r\n\"CmdLine\"=\"a\"\r\n";
    let read = import::claims(Document::Bytes(nothing.as_bytes()));
    assert!(read.unwrap_err().to_string().contains("lists no update: expected the keys HotFix"), "{nothing}");
}

/// The machines that lack most have no update at all, and their lists were refused (issue 17).
#[test]
fn a_machine_without_updates_has_a_list_that_names_none() {
    let world = world();
    let labels = |line: &str| {
        let label = |n| format!("Label {n}:                    value\r\n");
        format!(
            "\r\nBetriebssystemname:      Microsoft Windows XP\r\n{}{line}\r\n",
            (0..9).map(label).collect::<String>()
        )
    };
    let hotfix = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\HotFix";
    for list in [
        String::new(),
        " \r\n".to_owned(),
        "Caption  CSName  Description  FixComments  HotFixID  InstallDate  \r\n\r\n".to_owned(),
        "Node,Caption,HotFixID,InstalledOn\r\n".to_owned(),
        labels("Hotfix(es):                                   Nicht zutreffend"),
        format!("REGEDIT4\r\n\r\n[{hotfix}]\r\n"),
    ] {
        assert!(contradicted(&world, list.as_bytes()).is_empty(), "{list}");
    }
}

/// The output of `reg query` on systems without regedit, with the state of each; updates that tools mark as not
/// installed (issue 17).
#[test]
fn what_is_not_in_is_not_claimed() {
    let world = world();
    world.write("list.csv", LIST.replace("7097", "7000").as_bytes());
    let hotfix = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\HotFix";
    let query = |between: &str| {
        format!(
            "\r\n{hotfix}\r\n\r\n{hotfix}\\Q310626\r\n    Installed{between}REG_DWORD{between}0x1\r\n\r\n\
             {hotfix}\\Q311111\r\n    Installed{between}REG_DWORD{between}0x0\r\n"
        )
    };
    let dism = "Package Identity : Package_for_KB310626~31bf~x86~~6.0.1.0\r\nState : Installed\r\n\r\n\
                Package Identity : Package_for_KB311111~31bf~x86~~6.0.1.0\r\nState : Staged\r\n";
    let table = "Package_for_KB310626~31bf~x86~~6.0.1.0 | Installed | Update\r\n\
                 Package_for_KB312345~31bf~x86~~6.0.1.0 | Uninstall Pending | Update\r\n";
    let mbsa = "Patch NOT Found MS02-018 Q311111\r\nPatch Found MS01-001 Q310626\r\n";
    let old = format!("! REG.EXE VERSION 3.0\r\n{}", query("\t"));
    for list in [&query("    "), &old, dism, table, mbsa] {
        assert_eq!(contradicted(&world, list.as_bytes()), ["registry-claims-installed Q310626"], "{list}");
    }
    let report = world.report("report.json", &["--inventory", "list.csv", "--hotfixes", "hotfixes.txt"]);
    let said = report["warnings"][0]["description"].as_str().unwrap_or_default();
    assert!(said.starts_with("The list of updates has the fix as installed"), "{said}");
}
