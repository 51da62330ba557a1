//! Extensions of file names, and what each says about the file: one table for every part of the program.

/// Programs, libraries and drivers: files of these extensions are looked at whether a catalogue knows them or not.
const BINARY: u8 = 1;
/// The file can only be an executable; `com`, `flt` and others may be data, too.
const EXECUTABLE: u8 = 2;
/// Common enough that another content is reported as damage, wherever the file lies.
const COMMON: u8 = 4;
/// Data under this name is usual; where an article states its version, it is an executable.
const EXECUTABLE_WITH_VERSION: u8 = 8;
/// May be a program or driver made for MS-DOS, or a library of virtual device drivers: whole, but without a version.
const DOS: u8 = 16;
/// Articles write other words after names with this extension (`abc.dll_0001`, `abc.dll.x86`).
const WRITTEN: u8 = 32;

/// In lower case, the more frequent ones first.
const TABLE: [(&str, u8); 49] = [
    ("dll", BINARY | EXECUTABLE | COMMON | WRITTEN),
    ("exe", BINARY | EXECUTABLE | COMMON | DOS | WRITTEN),
    ("sys", BINARY | EXECUTABLE | COMMON | DOS | WRITTEN),
    ("drv", BINARY | EXECUTABLE | COMMON | DOS),
    ("vxd", BINARY | EXECUTABLE | COMMON | DOS),
    ("ocx", BINARY | EXECUTABLE | COMMON | WRITTEN),
    ("cpl", BINARY | EXECUTABLE | COMMON | WRITTEN),
    ("386", BINARY | EXECUTABLE | DOS),
    ("scr", BINARY | EXECUTABLE | COMMON),
    ("vbx", BINARY | EXECUTABLE),
    ("tsp", BINARY | EXECUTABLE),
    ("acm", BINARY | EXECUTABLE | WRITTEN),
    ("com", BINARY | EXECUTABLE_WITH_VERSION | DOS),
    ("fon", BINARY | EXECUTABLE_WITH_VERSION),
    ("ime", BINARY | EXECUTABLE),
    ("mpd", BINARY | EXECUTABLE),
    ("pdr", BINARY | EXECUTABLE),
    ("tlb", BINARY | EXECUTABLE_WITH_VERSION | WRITTEN),
    ("olb", BINARY | EXECUTABLE_WITH_VERSION | WRITTEN),
    ("ax", BINARY | EXECUTABLE | WRITTEN),
    ("api", BINARY),
    ("bpl", BINARY | EXECUTABLE),
    ("ds", BINARY),
    ("efi", BINARY | EXECUTABLE_WITH_VERSION),
    ("flt", BINARY | EXECUTABLE_WITH_VERSION | WRITTEN),
    ("iec", BINARY | EXECUTABLE),
    ("msstyles", BINARY),
    ("mui", BINARY | EXECUTABLE),
    ("node", BINARY),
    ("ovl", BINARY | EXECUTABLE_WITH_VERSION | DOS),
    ("pyd", BINARY),
    ("rll", BINARY | EXECUTABLE),
    ("wpc", BINARY | EXECUTABLE_WITH_VERSION | WRITTEN),
    ("xll", BINARY | EXECUTABLE),
    ("bin", DOS),
    ("cnv", EXECUTABLE_WITH_VERSION | WRITTEN),
    ("msc", WRITTEN),
    // Libraries of resources under names of their own: Oladd.fae and Sc2.sam (KB892843), Ieapfltr.dat (KB931768).
    ("dat", EXECUTABLE_WITH_VERSION),
    ("dl", EXECUTABLE_WITH_VERSION),
    ("fae", EXECUTABLE_WITH_VERSION),
    ("lex", EXECUTABLE_WITH_VERSION),
    ("mdl", EXECUTABLE_WITH_VERSION),
    ("odf", EXECUTABLE_WITH_VERSION),
    ("osr", EXECUTABLE_WITH_VERSION),
    ("pdl", EXECUTABLE_WITH_VERSION),
    ("sam", EXECUTABLE_WITH_VERSION),
    ("srv", EXECUTABLE_WITH_VERSION),
    ("vsl", EXECUTABLE_WITH_VERSION),
    ("w95", EXECUTABLE_WITH_VERSION),
];

/// The extensions of Windows binaries (programs, libraries and drivers of every age), in lower case: the more frequent ones
/// first.
pub fn binaries() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(|(_, roles)| roles & BINARY != 0).map(|(extension, _)| *extension)
}

/// What a name's extension, if it has a known one, says about the file. Letter case makes no difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    roles: u8,
}

impl Extension {
    /// Of a bare name or a path.
    pub fn of(name: &str) -> Self {
        Self::named(name.rsplit_once('.').map_or("", |(_, extension)| extension))
    }

    /// Of an extension without its dot.
    pub fn named(extension: &str) -> Self {
        let known = TABLE.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known));
        Self { roles: known.map_or(0, |(_, roles)| *roles) }
    }

    fn is(self, role: u8) -> bool {
        self.roles & role != 0
    }

    /// A program, library or driver of Windows.
    pub fn is_binary(self) -> bool {
        self.is(BINARY)
    }

    /// The file can only be an executable.
    pub fn is_executable(self) -> bool {
        self.is(EXECUTABLE)
    }

    /// A program, library or driver by one of the common extensions: if its content is something else, it is damaged.
    pub fn is_common_executable(self) -> bool {
        self.is(COMMON)
    }

    /// The file may be data; where an article states its version it is an executable.
    pub fn is_executable_with_version(self) -> bool {
        self.is(EXECUTABLE_WITH_VERSION)
    }

    /// The file may be a program or driver for MS-DOS, or a library of virtual device drivers.
    pub fn may_be_of_dos(self) -> bool {
        self.is(DOS)
    }

    /// Articles write other words after a name with this extension.
    pub fn is_written_with_more(self) -> bool {
        self.is(WRITTEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_and_folders_make_no_difference() {
        assert_eq!(Extension::of(r"C:\WINNT\a.b\TAPISRV.EXE"), Extension::named("exe"));
        assert!(Extension::of("TAPISRV.EXE").is_common_executable());
        assert_eq!(Extension::of("exe"), Extension::default());
    }

    #[test]
    fn each_extension_is_listed_once_in_lower_case() {
        let mut names: Vec<&str> = TABLE.iter().map(|(name, _)| *name).collect();
        assert!(names.iter().all(|name| *name == name.to_ascii_lowercase()));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn what_can_only_be_an_executable_is_no_data() {
        for (name, _) in TABLE {
            let extension = Extension::named(name);
            assert!(!extension.is_common_executable() || extension.is_executable(), "{name}");
            assert!(!extension.is_executable() || extension.is_binary(), "{name}");
            assert!(!(extension.is_executable() && extension.is_executable_with_version()), "{name}");
        }
    }
}
