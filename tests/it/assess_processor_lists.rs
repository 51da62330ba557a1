//! Headings that give each system its own processor, and computers that are no PC/AT (issue 13).

use hotfixcheck_types::Machine;

use crate::support::kit::*;
use hotfixcheck::assess::ArticleStatus;
use hotfixcheck_articles::{Article, Fix};

fn judge(heading: &str, line: &str, pack: &str, machine: Machine) -> String {
    let binary = binary(machine, "7.3.100.4", &[]);
    let of = article("Q310626", vec![under(heading, row("a.dll", "7.3.100.5"))]);
    let of = hotfixcheck_articles::Article { products: Vec::new(), last_modified: None, ..of };
    codes(&assess_with(vec![of], vec![entry("Windows/System32/a.dll", Ok(binary))], &on(line, pack)).articles[0])
        .join(" ")
}

#[test]
fn each_system_of_a_list_has_its_own_processor() {
    let (xp, server, seven) = ("Windows XP", "Windows Server 2003", "Windows 7 and Server 2008 R2");
    for (heading, line, pack, machine, is_for) in [
        ("Windows XP SP2 (32-bit) and Windows XP x64 SP1", xp, "2", Machine::I386, true),
        ("Windows XP SP2 (32-bit) and Windows XP x64 SP1", server, "1", Machine::I386, false),
        ("Windows XP SP2 (32-bit) and Windows XP x64 SP1", server, "1", Machine::X64, true),
        ("Windows XP SP2 (32-bit), Windows Server 2003 x64", server, "1", Machine::I386, false),
        ("Windows XP SP2 (32-bit), Windows Server 2003 x64", xp, "2", Machine::I386, true),
        ("Windows Server 2003 Itanium and Windows 7 32-bit", server, "2", Machine::I386, false),
        ("Windows Server 2003 Itanium and Windows 7 32-bit", seven, "1", Machine::I386, true),
        // One system with two processors, and one without a word for one.
        ("Windows Server 2003 x64, Windows Server 2003", server, "1", Machine::I386, true),
        ("Windows XP SP2, Windows Server 2003 x64", xp, "2", Machine::I386, true),
        // One word for all.
        ("x64-based versions of Windows 7, Windows Server 2003", server, "2", Machine::I386, false),
    ] {
        let wanted = if is_for { "version-older" } else { "other-machine" };
        assert_eq!(judge(heading, line, pack, machine), wanted, "{heading} on {line} SP{pack} {machine}");
    }
}

#[test]
fn rows_for_a_pc_98_are_for_no_pc_at() {
    for heading in [
        "NEC PC-98",
        "PC-98",
        "PC98",
        "NEC PC-9800 Series",
        "Windows NT 4.0 (PC-98)",
        "Windows 2000 for NEC PC-98 computers",
    ] {
        for (line, pack) in [("Windows NT 4.0", "6a"), ("Windows 2000", "4"), ("Windows XP", "3")] {
            assert_eq!(judge(heading, line, pack, Machine::I386), "other-product", "{heading} on {line}");
        }
    }
    for heading in [
        "PC/AT and PC-98",
        "IBM PC-compatible and NEC PC-98 computers",
        "Windows NT 4.0 (except PC-98)",
        "Windows NT 4.0",
    ] {
        assert_eq!(judge(heading, "Windows NT 4.0", "6a", Machine::I386), "version-older", "{heading}");
    }
}

/// Win32k.sys of MS03-045: a file with exactly the version of the other computer's row may be from one.
#[test]
fn the_version_of_a_pc_98_is_in_doubt() {
    let rows = vec![
        row("win32k.sys", "4.0.1381.7216").with(|cells| cells.section = "NEC PC-98".into()),
        Fix { line: 10, ..row("win32k.sys", "4.0.1381.7217") }.with(|cells| cells.section = "PC/AT".into()),
    ];
    let status = |version: &str| {
        let article = Article { fixes: rows.clone(), ..article("KB824141", Vec::new()) };
        assess(vec![article], vec![file("win32k.sys", version)]).articles.remove(0).status
    };
    assert_eq!(status("4.0.1381.7215"), ArticleStatus::Missing);
    assert_eq!(status("4.0.1381.7216"), ArticleStatus::Unknown);
    assert_eq!(status("4.0.1381.7217"), ArticleStatus::Fixed);
}
