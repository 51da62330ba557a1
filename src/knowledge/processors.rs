//! The processors that a heading names: "Windows Server 2003, x64-based versions".

use hotfixcheck_articles::{Clauses, find_word, respelled};
use hotfixcheck_types::Machine;

/// Words for the 64-bit processors, in lower case.
const ITANIUM: [&str; 3] = ["itanium", "ia-64", "ia64"];
const X64: [&str; 3] = ["x64", "amd64", "em64t"];

/// Words for the other processors of Windows NT 4.0, in lower case.
const OLD: [(&str, Machine); 5] = [
    ("alpha", Machine::Alpha),
    ("axp", Machine::Alpha),
    ("mips", Machine::Mips),
    ("ppc", Machine::Ppc),
    ("powerpc", Machine::Ppc),
];

/// The processors for which the rows under a heading may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Processors {
    /// The processors of the files.
    files: u8,
    /// The processors of systems that are excluded: the other of the two old 64-bit processors.
    other_systems: u8,
}

impl Processors {
    /// Where none is named.
    const ANY: Self = Self { files: u8::MAX, other_systems: 0 };

    /// The processors that a heading names; all where it names none.
    pub(crate) fn of_heading(heading: &str) -> Self {
        let lower = heading.to_lowercase();
        Self::of_text(&lower, &Clauses::of(&lower))
    }

    /// As [`of_heading`](Self::of_heading), for a heading or a product's name in lower case and its clauses. Windows RT is for ARM alone;
    /// among the clauses it is Windows 8 or 8.1.
    pub(super) fn of_text(lower: &str, clauses: &Clauses) -> Self {
        if lower.contains("windows rt") && !lower.contains(" and ") && !lower.contains([',', ';', '/', '&']) {
            return Self { files: bit(Machine::Arm), other_systems: 0 };
        }
        Self::of(clauses)
    }

    /// As [`of_heading`](Self::of_heading), for the clauses of a heading in lower case.
    pub(super) fn of(clauses: &Clauses) -> Self {
        let Clauses { named: heading, excepted } = clauses;
        if !may_name(heading) && !may_name(excepted) {
            return Self::ANY;
        }
        let of = |is: &dyn Fn(Machine) -> bool| -> u8 {
            Machine::ALL.into_iter().filter(|machine| is(*machine)).map(bit).sum()
        };
        let of_64_bit = (has(heading, &ITANIUM), has(heading, &X64));
        let other_systems = of(&|machine| is_other_64_bit(of_64_bit, excepted, machine));
        let list = list_of(heading);
        let named = match list.is_empty() {
            false => list.iter().map(|system| named_in(system)).fold(0, |all, of| all | of),
            true => named_in(heading),
        };
        let excepted_files = of(&|machine| !excepted.is_empty() && names(excepted, machine));
        let files = named & !excepted_files;
        Self { files, other_systems }
    }

    /// The systems of a heading that lists systems, each with its own processors: "Windows XP SP2 (32-bit) and Windows XP x64 SP1". Empty
    /// for other headings, and where no processor is named.
    pub(super) fn of_systems(clauses: &Clauses) -> Vec<(&str, Self)> {
        if !may_name(&clauses.named) {
            return Vec::new();
        }
        list_of(&clauses.named)
            .into_iter()
            .map(|system| (system, Self { files: named_in(system), other_systems: 0 }))
            .collect()
    }

    /// The processors of either.
    pub(super) fn or(self, other: Self) -> Self {
        Self { files: self.files | other.files, other_systems: self.other_systems & other.other_systems }
    }

    /// The processors that a row's platform cell names: `Intel/Alpha`, `64-bit`, `IA-64, x64`; all where it names none.
    pub(crate) fn of_platform(cell: &str) -> Self {
        let cell = respelled(cell);
        let words = cell.split([' ', '/', ',', ';', '&', '+', '(', ')']);
        let of_word = |word: &str| -> u8 {
            let is_64_bit = word.eq_ignore_ascii_case("64-bit");
            let machines = Machine::ALL.into_iter().filter(|machine| match is_64_bit {
                true => machine.is_64_bit(),
                false => Machine::from_platform_word(word) == Some(*machine),
            });
            machines.map(bit).sum()
        };
        let files = words.map(of_word).fold(0, |all, of| all | of);
        Self { files: if files == 0 { u8::MAX } else { files }, other_systems: 0 }
    }

    /// True where no processor is named.
    pub(crate) fn is_any(self) -> bool {
        self == Self::ANY
    }

    /// True if this is one of the processors.
    pub(crate) fn has(self, machine: Machine) -> bool {
        self.files & bit(machine) != 0
    }

    /// False where the heading names the other of the two old 64-bit processors but not this one: its rows are then not
    /// for systems with this one.
    pub(crate) fn are_of_systems_with(self, machine: Machine) -> bool {
        self.other_systems & bit(machine) == 0
    }
}

/// The systems of a heading in lower case that lists systems, or those on which its component is: "Component on Windows XP, Windows XP
/// x64". Empty for other headings.
fn list_of(heading: &str) -> Vec<&str> {
    let of_component = ["on ", "for ", "in ", "("].iter().find_map(|word| {
        let (component, rest) = heading.split_once(&format!("{word}windows"))?;
        // A processor before the list is for all of it: "64-bit component on Windows XP, Windows Server 2003" (KB917283).
        let is_component = component.ends_with([' ', '(']) || *word == "(";
        (is_component && !component.trim().is_empty() && !may_name(component))
            .then(|| &heading[heading.len() - rest.len() - 7..])
    });
    if let Some(list) = of_component {
        let list = list.trim_end_matches(')');
        let systems = parts_of(list);
        if systems
            .iter()
            .all(|system| system.starts_with("windows") && !system.contains("version") && !system.contains(" on "))
        {
            return systems;
        }
    }
    let systems = parts_of(heading);
    // In a list of systems, each has its own processor: "Windows Vista 64-bit, Windows Vista" (MS07-017). In other
    // headings, one word is for all: "x64-based versions of Windows XP, Windows Server 2003".
    let is_of_windows = |system: &&&str| system.contains(" on windows");
    let on_windows = systems.iter().filter(is_of_windows).count();
    // "32-bit Windows 7 and Windows 8"; "Windows Media Format Runtime 9.5, 11 on Windows XP x64" (MS07-068).
    let leads = systems.first().is_some_and(|first| {
        first.split_once("windows").is_some_and(|(before, _)| !before.trim().is_empty() && !before.contains(" on"))
    });
    let is_list = systems.iter().all(|system| system.contains("windows") && !system.contains("version"))
        && (on_windows == systems.len() || (on_windows == 0 && !leads));
    if is_list { systems } else { Vec::new() }
}

/// The parts of an enumeration.
fn parts_of(list: &str) -> Vec<&str> {
    let parts =
        list.split([',', ';', '/', '&']).flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" or "));
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn bit(machine: Machine) -> u8 {
    1 << machine as u8
}

fn has(heading: &str, words: &[&str]) -> bool {
    words.iter().any(|word| heading.contains(word))
}

/// False for a text in lower case with no word for a processor: most texts.
fn may_name(text: &str) -> bool {
    let is_number = |two: &[u8]| matches!(two, b"32" | b"64" | b"86");
    text.as_bytes().windows(2).any(is_number)
        || text.contains("itanium")
        || names_arm(text)
        || text.contains("intel")
        || OLD.iter().any(|(word, _)| text.contains(word))
}

/// The processors of Windows NT 4.0 that a text in lower case names; 0 where it names none. Beside others "Intel" is one of them; alone
/// it only excludes them, because it is the maker of 64-bit processors, too.
fn old_in(text: &str) -> u8 {
    let named = |(word, _): &&(&str, Machine)| find_word(text, word).is_some();
    let of = |table: &[(&str, Machine)]| table.iter().filter(named).fold(0, |all, (_, machine)| all | bit(*machine));
    let others = || OLD.iter().fold(0, |all, (_, machine)| all | bit(*machine));
    match (of(&OLD), find_word(text, "intel").is_some()) {
        (0, true) => !others(),
        (named, true) => named | bit(Machine::I386),
        (named, false) => named,
    }
}

/// True for "Windows 10 on ARM", which runs on both of its processors.
fn names_arm(text: &str) -> bool {
    ["arm", "arm-based"].iter().any(|word| find_word(text, word).is_some())
}

/// The processors that a heading in lower case, or a part of one, names; all where it names none.
fn named_in(heading: &str) -> u8 {
    let of = |is: fn(Machine) -> bool| Machine::ALL.into_iter().filter(|machine| is(*machine)).map(bit).sum::<u8>();
    let (is_itanium, is_x64) = (has(heading, &ITANIUM), has(heading, &X64));
    let is_arm64 = heading.contains("arm64");
    let mut files = if names_arm(heading) { bit(Machine::Arm) | bit(Machine::Arm64) } else { 0 };
    for (is_named, machine) in [(is_itanium, Machine::Ia64), (is_x64, Machine::X64), (is_arm64, Machine::Arm64)] {
        files |= if is_named { bit(machine) } else { 0 };
    }
    // "64-bit" beside one of them is its own word: "64-bit (x64)".
    if files == 0 && heading.contains("64-bit") {
        files = of(Machine::is_64_bit);
    }
    // "x86 and x64": both. "x64 (32-bit files)" says of which files a part is.
    if heading.contains("x86") {
        files |= bit(Machine::I386);
    } else if heading.contains("32-bit") {
        files |= of(|machine| !machine.is_64_bit());
    }
    let old = old_in(heading);
    // "Intel Itanium": the maker's name.
    if files == 0 || old & bit(Machine::X64) == 0 {
        files |= old;
    }
    if files == 0 { u8::MAX } else { files }
}

/// True if a text in lower case names a processor explicitly.
fn names(text: &str, machine: Machine) -> bool {
    (has(text, &ITANIUM) && machine == Machine::Ia64)
        || (has(text, &X64) && machine == Machine::X64)
        || (has(text, &["x86", "32-bit"]) && machine == Machine::I386)
        || (text.contains("64-bit") && machine.is_64_bit())
}

/// True for a heading that names one of the two old 64-bit processors but not this one, or that excepts this one.
fn is_other_64_bit((itanium, x64): (bool, bool), excepted: &str, processor: Machine) -> bool {
    (!excepted.is_empty() && names(excepted, processor))
        || match processor {
            Machine::Ia64 => x64 && !itanium,
            Machine::X64 => itanium && !x64,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 13: a heading is not for a processor that it excepts.
    #[test]
    fn a_processor_may_be_excepted() {
        let shown = |heading: &str| {
            let processors = Processors::of_heading(heading);
            Machine::ALL.into_iter().filter(|machine| processors.has(*machine)).collect::<Vec<_>>()
        };
        let all_but = |except: &[Machine]| {
            Machine::ALL.into_iter().filter(|machine| !except.contains(machine)).collect::<Vec<_>>()
        };
        assert_eq!(shown("Windows Server 2003 (except Itanium-based systems)"), all_but(&[Machine::Ia64]));
        assert_eq!(shown("Windows Server 2003, excluding x64-based editions"), all_but(&[Machine::X64]));
        assert_eq!(shown("Windows Server 2003 (not x64)"), all_but(&[Machine::X64]));
        assert_eq!(shown("Windows Server 2008, non-Itanium editions"), all_but(&[Machine::Ia64]));
        assert_eq!(shown("Windows XP x64 Edition (except SP1)"), [Machine::X64]);
        assert_eq!(shown("EM64T versions of Windows Server 2003"), [Machine::X64]);
        assert_eq!(shown("Windows 10 on ARM"), [Machine::Arm, Machine::Arm64]);
        assert_eq!(shown("Windows 10 for ARM64-based systems"), [Machine::Arm64]);
        assert_eq!(shown("Windows Server 2008 with alarm"), all_but(&[]));
        assert_eq!(shown("32-bit Windows 7 and Windows 8"), all_but(&[Machine::X64, Machine::Ia64, Machine::Arm64]));
        let media = "Windows Media Format Runtime 9, Windows Media Format Runtime 11 on Windows XP x64 Service Pack 2";
        assert_eq!(shown(media), [Machine::X64], "MS07-068");
        for (heading, expected) in [
            ("Windows NT 4.0 (Alpha)", &[Machine::Alpha][..]),
            ("Windows NT Server 4.0, Intel and Alpha", &[Machine::I386, Machine::Alpha]),
            ("Windows NT Server 4.0 x86 / Alpha", &[Machine::I386, Machine::Alpha]),
            ("Windows NT 3.51 for PowerPC", &[Machine::Ppc]),
            ("MIPS R4000", &[Machine::Mips]),
            ("Intel Itanium", &[Machine::Ia64]),
            ("Windows RT 8.1", &[Machine::Arm]),
        ] {
            assert_eq!(shown(heading), expected, "{heading}");
        }
        assert_eq!(shown("Windows NT 4.0 (Intel)"), all_but(&[Machine::Alpha, Machine::Mips, Machine::Ppc]));
        assert_eq!(shown("Windows RT 8.1, Windows 8.1"), all_but(&[]));
        let without_itanium = Processors::of_heading("Windows Server 2003 (except Itanium-based systems)");
        assert!(!without_itanium.are_of_systems_with(Machine::Ia64));
        assert!(without_itanium.are_of_systems_with(Machine::X64));
        assert!(!Processors::of_heading("Windows Server 2003, x64").are_of_systems_with(Machine::Ia64));
    }

    /// Issue 13: a component's list of systems is read as one without a component (KB886903: the files of Windows Server 2003 were
    /// those of Itanium and x64 alone).
    #[test]
    fn systems_behind_a_component_have_their_own_processors() {
        let of_systems = |heading: &str| {
            let lower = heading.to_lowercase();
            let clauses = Clauses::of(&lower);
            let i386: Vec<bool> =
                Processors::of_systems(&clauses).iter().map(|(_, of)| of.has(Machine::I386)).collect();
            (i386, Processors::of(&clauses).has(Machine::I386))
        };
        for heading in [
            ".NET Framework 1.1 Service Pack 1 on Windows Server 2003, Windows Server 2003 x64",
            "Component A for Windows XP and Windows XP x64",
            "Component A (Windows XP, Windows XP x64)",
            "Component A, when installed on Windows XP or Windows XP Itanium",
            "Component A on Windows XP/Windows XP x64",
            "Component A running on Windows XP & Windows XP x64",
            "Windows XP/Windows XP x64",
        ] {
            assert_eq!(of_systems(heading), (vec![true, false], true), "{heading}");
        }
        for heading in [
            "64-bit component A on Windows XP, Windows Server 2003",
            "Windows Media Format Runtime 9.5, 11 on Windows XP x64",
            "Component A on x64-based versions of Windows XP, Windows Server 2003",
            "Component A on Windows XP x64/Itanium",
        ] {
            assert!(!of_systems(heading).1, "{heading}");
        }
    }

    /// Issue 15: a heading that names nothing is for every processor; it was for none.
    #[test]
    fn a_heading_may_name_nothing() {
        for heading in ["", " ", "except SP1", "(except Service Pack 2)", "-"] {
            assert!(Processors::of_heading(heading).is_any(), "'{heading}'");
        }
    }
}
