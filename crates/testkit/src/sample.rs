//! The sample trees: tiny PE files and registry hives that we built, with names and versions as in fix tables of real
//! articles.
//!
//! `examples/make_sample.rs` writes them, `tests/sample.rs` compares the committed files with them.

use crate::fat_builder::fat12;
use crate::media::mbr;
use crate::pe_builder::{ALPHA, I386, PeBuilder};
use crate::registry;

/// One binary of the sample.
pub struct SampleFile {
    /// Its path below `data/sample`.
    pub path: &'static str,
    pub machine: u16,
    pub fixed: [u16; 4],
    /// The `FileVersion` string.
    pub string: &'static str,
    /// The size in bytes to which it is padded; 0 for no padding.
    pub size: usize,
}

const fn file(path: &'static str, fixed: [u16; 4], string: &'static str) -> SampleFile {
    SampleFile { path, machine: I386, fixed, string, size: 0 }
}

/// Where partitions of that time begin.
const FIRST_SECTOR: u32 = 63;

/// Every binary of the sample.
const BINARIES: &[SampleFile] = &[
    // Q310626 demands 4.0.1381.7097: missing. Articles without a version for it: unknown.
    file("nt4/WINNT/System32/TAPISRV.EXE", [4, 0, 1381, 7086], "4.00"),
    // Q240231 demands 4.0.1381.319: fixed by a later one.
    file("nt4/WINNT/System32/COMDLG32.DLL", [4, 0, 1381, 336], "4.00"),
    // The file that this fix replaced: a backup, never judged.
    file("nt4/WINNT/$NtUninstallQ240231$/comdlg32.dll", [4, 0, 1381, 4], "4.00"),
    // Q315015 demands 4.0.1381.7119, 14,096 bytes: fixed by exactly that file.
    SampleFile { size: 14_096, ..file("nt4/WINNT/System32/nddeagnt.exe", [4, 0, 1381, 7119], "4.00") },
    // Q314730 has two files, of which only one is installed: half-installed.
    file("nt4/WINNT/System32/ospfagnt.dll", [4, 0, 1381, 7130], "4.00"),
    file("nt4/WINNT/System32/mpradmin.dll", [4, 0, 1381, 7000], "4.00"),
    // Q237987 prints three numbers, 4.02.0718: the version string is compared.
    file("nt4/WINNT/System32/inetsrv/ftpsvc2.dll", [4, 2, 700, 1], "4.02.0700"),
    // Q273600 is for i386, this file is for Alpha: another machine.
    SampleFile { machine: ALPHA, ..file("nt4/WINNT/System32/drivers/mouclass.sys", [4, 0, 1381, 1], "4.00") },
    // Q300972 corrected this file without a new version; this file does not have the size that it states: ambiguous.
    file("nt4/WINNT/System32/idq.dll", [5, 0, 1782, 4], "5.00.1782.4"),
    // Q275713 states only a date. It is later than that of a build whose version is later than this one: likely
    // missing.
    file("nt4/WINNT/System32/rasapi32.dll", [4, 0, 1381, 335], "4.00"),
    // Q283015 demands 4.0.1381.7095; this is the file of Windows 2000: another release.
    file("nt4/WINNT/System32/lprmon.dll", [5, 0, 2134, 1], "5.00.2134.1"),
    // Q314731 demands 4.0.1381.7122; this is the file of Terminal Server Edition: another line.
    file("nt4/WINNT/System32/snmpsfx.dll", [4, 0, 1381, 33478], "4.00"),
    // Q262979 demands 5.0.2195.2399: missing.
    file("win2000/WINNT/System32/inetsrv/certwiz.ocx", [5, 0, 2195, 1600], "5.00.2195.1600"),
    // Q276346 demands 5.0.2195.2096: fixed by the file of Service Pack 4.
    file("win2000/WINNT/System32/drivers/i8042prt.sys", [5, 0, 2195, 6717], "5.00.2195.6717"),
    // Q306887 demands 5.0.2195.3990: fixed; the older copy in the cache is not judged, but could come back.
    file("win2000/WINNT/System32/perfproc.dll", [5, 0, 2195, 4000], "5.00.2195.4000"),
    file("win2000/WINNT/System32/dllcache/perfproc.dll", [5, 0, 2195, 2951], "5.00.2195.2951"),
    // Q268263 has two files: half-installed, though the registry lists it.
    file("win2000/WINNT/System32/rsabase.dll", [5, 0, 2195, 2228], "5.00.2195.2228"),
    file("win2000/WINNT/System32/rsaenh.dll", [5, 0, 2195, 1600], "5.00.2195.1600"),
    // Q310626 is a fix of Windows NT 4.0: another release.
    file("win2000/WINNT/System32/tapisrv.exe", [5, 0, 2195, 2778], "5.00.2195.2778"),
    // MS05-040 (KB893756) demands 5.1.2600.2716 of Service Pack 2: missing.
    file("winxp/WINDOWS/system32/tapisrv.dll", [5, 1, 2600, 2715], "5.1.2600.2715 (xpsp_sp2_gdr.050701-1200)"),
    // MS08-067 (KB958644) demands 5.1.2600.3462: missing.
    file("winxp/WINDOWS/system32/netapi32.dll", [5, 1, 2600, 3461], "5.1.2600.3461 (xpsp_sp2_gdr.081001-1200)"),
    // MS05-040 demands 5.2.3790.2483 of Service Pack 1: missing.
    file("server2003/WINDOWS/system32/tapisrv.dll", [5, 2, 3790, 2482], "5.2.3790.2482 (srv03_sp1_gdr.050701-1200)"),
    // MS08-067 demands 5.2.3790.3229 of Service Pack 1: missing.
    file("server2003/WINDOWS/system32/netapi32.dll", [5, 2, 3790, 3228], "5.2.3790.3228 (srv03_sp1_gdr.080901-1200)"),
    // MS10-021 (KB979683) demands 6.1.7600.16539 of Windows 7: missing.
    file("windows7/Windows/System32/ntoskrnl.exe", [6, 1, 7600, 16_538], "6.1.7600.16538 (win7_gdr.100201-1200)"),
    // The SOFTWARE hive says 22631.2715: the kernel has the build number of the release before.
    file("windows11/Windows/System32/ntoskrnl.exe", [10, 0, 22_621, 2715], "10.0.22621.2715 (WinBuild.160101.0800)"),
];

/// Every file of the sample, by its path below `data/sample`: the same bytes on every run.
pub fn files() -> Vec<(&'static str, Vec<u8>)> {
    let binaries = BINARIES.iter().map(|file| (file.path, file.bytes()));
    // Windows 2000 Service Pack 2 with two updates listed: one is installed, one is half-installed.
    let mut software = registry::software("5.0", "2195", "Service Pack 2");
    software.key(registry::NT).sz("ProductName", "Microsoft Windows 2000");
    registry::hotfix(&mut software, "Q268263");
    registry::hotfix(&mut software, "Q276346");
    let system = registry::system("ServerNT", &[], 0x200);
    let config = [
        ("win2000/WINNT/System32/config/software", software.build()),
        ("win2000/WINNT/System32/config/system", system.build()),
    ];
    binaries.chain(config).chain(later_systems()).collect()
}

/// The Windows XP tree as a disk: its first sector with the table of partitions, and a FAT volume. The same bytes on every run.
pub fn disk() -> Vec<u8> {
    let inside = |(path, bytes): (&'static str, Vec<u8>)| Some((path.strip_prefix("winxp/")?, bytes));
    let files: Vec<_> = files().into_iter().filter_map(inside).collect();
    mbr(&[(1, FIRST_SECTOR, &fat12(&files, FIRST_SECTOR))])
}

/// The registries of the later systems.
fn later_systems() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let software = |version: &str, build: &str, pack: &str, name: &str| {
        let mut hive = registry::software(version, build, pack);
        hive.key(registry::NT).sz("ProductName", name);
        hive
    };
    let mut windows11 = software("6.3", "22631", "", "Windows 10 Pro");
    windows11
        .key(registry::NT)
        .dword("UBR", 2715)
        .sz("DisplayVersion", "23H2")
        .dword("CurrentMajorVersionNumber", 10)
        .dword("CurrentMinorVersionNumber", 0);
    [
        (
            "winxp/WINDOWS/system32/config/software",
            software("5.1", "2600", "Service Pack 2", "Microsoft Windows XP").build(),
        ),
        ("winxp/WINDOWS/system32/config/system", registry::system("WinNT", &[], 0x200).build()),
        (
            "server2003/WINDOWS/system32/config/software",
            software("5.2", "3790", "Service Pack 1", "Microsoft Windows Server 2003").build(),
        ),
        ("server2003/WINDOWS/system32/config/system", registry::system("ServerNT", &[], 0x100).build()),
        ("windows7/Windows/System32/config/SOFTWARE", software("6.1", "7600", "", "Windows 7 Professional").build()),
        ("windows11/Windows/System32/config/SOFTWARE", windows11.build()),
    ]
    .into_iter()
}

impl SampleFile {
    fn bytes(&self) -> Vec<u8> {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let strings = [
            ("CompanyName", "hotfixcheck sample"),
            ("FileDescription", "Made for tests; not a Microsoft file"),
            ("FileVersion", self.string),
            ("OriginalFilename", name),
        ];
        PeBuilder::new()
            .machine(self.machine)
            .fixed(self.fixed, self.fixed)
            .table("040904B0", &strings)
            .file_size(self.size)
            .build()
    }
}
