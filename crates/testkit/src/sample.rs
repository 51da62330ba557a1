//! The sample trees: tiny PE files and registry hives of our own bytes, with names and versions as in fix tables of real
//! articles.
//!
//! `examples/make_sample.rs` writes them, `tests/sample.rs` holds the committed files against them.

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
    /// The size in bytes to fill it up to; 0 for as small as it comes.
    pub size: usize,
}

const fn file(path: &'static str, fixed: [u16; 4], string: &'static str) -> SampleFile {
    SampleFile { path, machine: I386, fixed, string, size: 0 }
}

/// Every binary of the sample.
const BINARIES: &[SampleFile] = &[
    // Q310626 demands 4.0.1381.7097: missing. Articles without a version for it: unknown.
    file("nt4/WINNT/System32/TAPISRV.EXE", [4, 0, 1381, 7086], "4.00"),
    // Q240231 demands 4.0.1381.319: fixed by a later one.
    file("nt4/WINNT/System32/COMDLG32.DLL", [4, 0, 1381, 336], "4.00"),
    // What that fix replaced: a backup, never judged.
    file("nt4/WINNT/$NtUninstallQ240231$/comdlg32.dll", [4, 0, 1381, 4], "4.00"),
    // Q315015 demands 4.0.1381.7119, 14,096 bytes: fixed, exactly that file.
    SampleFile { size: 14_096, ..file("nt4/WINNT/System32/nddeagnt.exe", [4, 0, 1381, 7119], "4.00") },
    // Q314730 has two files: one is in, one is not: half-installed.
    file("nt4/WINNT/System32/ospfagnt.dll", [4, 0, 1381, 7130], "4.00"),
    file("nt4/WINNT/System32/mpradmin.dll", [4, 0, 1381, 7000], "4.00"),
    // Q237987 prints three numbers, 4.02.0718: the version string speaks.
    file("nt4/WINNT/System32/inetsrv/ftpsvc2.dll", [4, 2, 700, 1], "4.02.0700"),
    // Q273600 is for i386, this file for Alpha: another machine.
    SampleFile { machine: ALPHA, ..file("nt4/WINNT/System32/drivers/mouclass.sys", [4, 0, 1381, 1], "4.00") },
    // Q300972 corrected this file without a new version; this one is not of the size that it states: ambiguous.
    file("nt4/WINNT/System32/idq.dll", [5, 0, 1782, 4], "5.00.1782.4"),
    // Q275713 states only a date, after that of a build whose version is later than this one: likely missing.
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
];

/// Every file of the sample, by its path below `data/sample`: the same bytes on every run.
pub fn files() -> Vec<(&'static str, Vec<u8>)> {
    let binaries = BINARIES.iter().map(|file| (file.path, file.bytes()));
    // Windows 2000 Service Pack 2 with two updates listed: one is in, one is half in.
    let mut software = registry::software("5.0", "2195", "Service Pack 2");
    software.key(registry::NT).sz("ProductName", "Microsoft Windows 2000");
    registry::hotfix(&mut software, "Q268263");
    registry::hotfix(&mut software, "Q276346");
    let system = registry::system("ServerNT", &[], 0x200);
    let config = [
        ("win2000/WINNT/System32/config/software", software.build()),
        ("win2000/WINNT/System32/config/system", system.build()),
    ];
    binaries.chain(config).collect()
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
