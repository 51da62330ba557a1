//! Backup copies that would restore an older file, and the two system folders of 64-bit Windows.

use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::{CopyWarning, copy_warnings};
use hotfixcheck::inventory::system::{Fact, PendingRename};
use hotfixcheck::inventory::{Entry, Inventory, System};

fn warnings(entries: Vec<Entry>) -> Vec<CopyWarning> {
    copy_warnings(&inventory(entries), knowledge())
}

#[test]
fn an_older_copy_in_the_cache() {
    let active = || file("WINNT/system32/drivers/a.sys", "5.0.2195.4000");
    let cached = |version| file("WINNT/system32/DllCache/A.SYS", version);
    let found = warnings(vec![active(), cached("5.0.2195.2951")]);
    assert_eq!(found, [CopyWarning::CacheOlder { active: 0, copy: 1 }]);
    for harmless in [
        vec![active(), cached("5.0.2195.4000")],
        vec![active(), cached("5.0.2195.5000")],
        // Another release, machine, name, system, and a backup.
        vec![active(), cached("4.0.1381.1")],
        vec![active(), entry("WINNT/system32/dllcache/a.sys", Ok(binary(Machine::Alpha, "5.0.2195.1", &[])))],
        vec![active(), file("WINNT/system32/dllcache/b.sys", "5.0.2195.1")],
        vec![active(), file("second/system32/dllcache/a.sys", "5.0.2195.1")],
        vec![active(), file("WINNT/$NtUninstallQ1$/a.sys", "5.0.2195.1")],
        vec![cached("5.0.2195.1")],
    ] {
        assert_eq!(warnings(harmless.clone()), [], "{harmless:?}");
    }
}

#[test]
fn renames_that_the_next_start_does() {
    let pending = |from: &str, to: Option<&str>, replace| {
        let rename = PendingRename { from: from.to_owned(), to: to.map(str::to_owned), replace };
        let mut system = System::default();
        system.facts.pending_renames = Some(Fact { value: vec![rename], source: "SYSTEM".to_owned() });
        let entries = vec![file("System32/a.dll", "5.0.2195.4000"), file("$NtUninstallQ1$/a.dll", "5.0.2195.1")];
        let inventory = Inventory { systems: vec![system], ..inventory(entries) };
        copy_warnings(&inventory, knowledge())
    };
    let (active, backup) = (r"C:\WINNT\System32\A.dll", r"C:\WINNT\$NtUninstallQ1$\a.dll");
    assert_eq!(pending(backup, Some(active), true), [CopyWarning::RenameOlder { active: 0, copy: 1 }]);
    assert_eq!(pending(active, None, false), [CopyWarning::DeletePending { active: 0 }]);
    assert_eq!(pending(backup, None, false), [], "a backup may go");
    assert_eq!(pending(backup, Some(active), false), [], "nothing is replaced");
    assert_eq!(pending(active, Some(backup), true), []);
    assert_eq!(pending(r"C:\WINNT\System32\xa.dll", None, false), [], "another file");
}

#[test]
fn system32_and_syswow64_are_told_apart_by_machine() {
    let dated = |platform: &str, version: &str| hotfixcheck_articles::Fix {
        date: Some("2006-01-01".parse().unwrap()),
        ..row_for("a.dll", version, platform)
    };
    let rows = vec![dated("x64", "5.2.3790.4000"), dated("x86", "5.2.3790.4001")];
    let x64 = |version| entry("WINDOWS/system32/a.dll", Ok(binary(Machine::X64, version, &[])));
    let wow = |version| file("WINDOWS/SysWOW64/a.dll", version);
    // By row, then by file in the order of the inventory.
    let both = judge(rows.clone(), vec![x64("5.2.3790.4000"), wow("5.2.3790.4000")]);
    assert_eq!(codes(&both), ["version-equal", "other-machine", "other-machine", "version-older"]);
    let swapped = judge(rows, vec![x64("5.2.3790.3999"), wow("5.2.3790.4001")]);
    assert_eq!(codes(&swapped), ["version-older", "other-machine", "other-machine", "version-equal"]);
}
