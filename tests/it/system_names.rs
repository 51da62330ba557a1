//! The names that `--os` takes: usual names with an edition, a service pack or a release (issue 13, point 7).

use hotfixcheck::hosts::{UnknownSystem, system_named};

use crate::support::kit::knowledge;

/// The system of a name, as reports write it.
fn named(os: &str, pack: Option<&str>) -> Result<String, UnknownSystem> {
    system_named(os, pack, knowledge()).map(|profile| match profile.pack {
        Some(pack) => format!("{} {pack}", profile.line),
        None => profile.line.to_string(),
    })
}

#[test]
fn a_name_may_end_with_its_service_pack() {
    for (os, expected) in [
        ("Windows XP SP3", "Windows XP SP3"),
        ("winxpsp2", "Windows XP SP2"),
        ("XP Professional SP1a", "Windows XP SP1"),
        ("Windows XP Home Edition Service Pack 2", "Windows XP SP2"),
        ("Windows XP RTM", "Windows XP RTM"),
        ("NT4 SP6a", "Windows NT 4.0 SP6a"),
        ("Windows NT Server 4.0 (SP 6)", "Windows NT 4.0 SP6"),
        ("Microsoft Windows 2000 Advanced Server SP4", "Windows 2000 SP4"),
        ("2003 R2 SP2", "Windows Server 2003 SP2"),
        ("Windows XP x64 SP2", "Windows Server 2003 SP2"),
        ("Windows XP Pro x64 SP1", "Windows Server 2003 SP1"),
        ("Windows 7 Ultimate SP1", "Windows 7 and Server 2008 R2 SP1"),
        ("Windows Server 2008 R2 Datacenter SP1", "Windows 7 and Server 2008 R2 SP1"),
        ("Windows Server 2003 R2 Standard x64 Edition SP2", "Windows Server 2003 SP2"),
        ("Windows XP Professional x64 Edition SP2", "Windows Server 2003 SP2"),
        ("Windows Vista Business SP1", "Windows Vista and Server 2008 SP1"),
        ("Vista SP2", "Windows Vista and Server 2008 SP2"),
        ("Windows 7 Professional x64 Gold", "Windows 7 and Server 2008 R2 RTM"),
        ("Windows Server 2008 Standard SP2", "Windows Vista and Server 2008 SP2"),
        ("Windows Server 2003 for Itanium-based Systems SP2", "Windows Server 2003 SP2"),
        ("Windows Storage Server 2003 SP2", "Windows Server 2003 SP2"),
        ("Windows XP 64-Bit Edition Version 2003 SP1", "Windows Server 2003 SP1"),
        ("Windows XP Tablet PC Edition 2005 SP3", "Windows XP SP3"),
        ("Windows Fundamentals for Legacy PCs SP3", "Windows XP SP3"),
        ("Windows Web Server 2008 SP2", "Windows Vista and Server 2008 SP2"),
        ("Hyper-V Server 2008 R2 SP1", "Windows 7 and Server 2008 R2 SP1"),
    ] {
        assert_eq!(named(os, None).unwrap(), expected, "{os}");
    }
    assert_eq!(named("Windows XP", Some("Gold")).unwrap(), "Windows XP RTM");
    assert_eq!(named("Windows XP SP3", Some("SP3")).unwrap(), "Windows XP SP3");
    let both = named("Windows XP SP3", Some("2")).unwrap_err();
    assert_eq!(both.to_string(), "'Windows XP SP3' is of service pack 3, but '2' is given");
    let none = named("Windows 7 SP2", None).unwrap_err();
    assert_eq!(none.to_string(), "Windows 7 and Server 2008 R2 has no service pack '2'; known are: RTM, 1");
}

#[test]
fn a_name_may_be_of_a_release_or_an_edition() {
    for (os, expected) in [
        ("Windows 10 22H2", "Windows 10 and later"),
        ("win11 24H2", "Windows 10 and later"),
        ("Windows 10 Enterprise LTSC 2019", "Windows 10 and later"),
        ("Windows 10, version 1809", "Windows 10 and later"),
        ("Windows 10 Pro", "Windows 10 and later"),
        ("Windows Server, version 1903", "Windows 10 and later"),
        ("Windows Server 2019 Datacenter Core", "Windows 10 and later"),
        ("Windows 11 Pro 64-bit", "Windows 10 and later"),
        ("win81", "Windows 8.1 and Server 2012 R2"),
        ("Windows 8.1 Enterprise N", "Windows 8.1 and Server 2012 R2"),
        ("Windows Embedded 8.1 Industry", "Windows 8.1 and Server 2012 R2"),
        ("Windows Embedded 8 Standard", "Windows 8 and Server 2012 RTM"),
        ("Windows Server 2012 R2 Standard", "Windows 8.1 and Server 2012 R2"),
    ] {
        assert_eq!(named(os, None).unwrap(), expected, "{os}");
    }
}

#[test]
fn a_name_with_any_other_word_is_refused_with_the_names_that_are_known() {
    for os in [
        "Windows XP foo",
        "Windows 3.11",
        "Windows CE",
        "Windows 10 29H9",
        "Office XP SP3",
        "SP3",
        "Windows",
        "server",
        "11 SP1x",
        "",
    ] {
        let error = named(os, None).unwrap_err().to_string();
        assert!(error.starts_with(&format!("unknown system '{os}'; use one of: Windows NT 3.1, ")), "{error}");
        assert!(error.contains("'Windows XP SP3'") && error.contains("Windows 98 Second Edition"), "{error}");
    }
}

#[test]
fn windows_95_to_me_and_nt_3_are_systems() {
    for (os, expected) in [
        ("Windows 95", "Windows 95"),
        ("win95", "Windows 95"),
        ("Windows 95 SP1", "Windows 95 SP1"),
        ("Windows 95 OSR2", "Windows 95"),
        ("95b", "Windows 95"),
        ("Windows 98", "Windows 98"),
        ("Win98", "Windows 98"),
        ("Windows 98 SE", "Windows 98 Second Edition"),
        ("Microsoft Windows 98 Second Edition", "Windows 98 Second Edition"),
        ("98SE", "Windows 98 Second Edition"),
        ("Windows Me", "Windows Me"),
        ("Windows ME", "Windows Me"),
        ("Windows Millennium Edition", "Windows Me"),
        ("Windows NT 3.1 SP3", "Windows NT 3.1 SP3"),
        ("Windows NT 3.5 SP3", "Windows NT 3.5 SP3"),
        ("Windows NT Server 3.5 SP2", "Windows NT 3.5 SP2"),
        ("NT 3.51 SP5", "Windows NT 3.51 SP5"),
    ] {
        assert_eq!(named(os, None).unwrap(), expected, "{os}");
    }
    for os in ["Windows NT 3.5", "Windows NT 3.1"] {
        assert!(named(os, None).unwrap_err().to_string().contains("needs a service pack"), "{os}");
    }
    assert!(named("Windows 98", Some("1")).unwrap_err().to_string().contains("it has none"));
}
