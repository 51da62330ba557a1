//! The processors that a heading names: "Windows Server 2003, x64-based versions".

use hotfixcheck_types::Machine;

/// Words for the 64-bit processors, in lower case.
const ITANIUM: [&str; 3] = ["itanium", "ia-64", "ia64"];
const X64: [&str; 2] = ["x64", "amd64"];

/// The processors for which the rows below a heading may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Processors(u8);

impl Processors {
    /// Those that a heading names; all where it names none.
    pub(crate) fn of_heading(heading: &str) -> Self {
        if heading.is_empty() {
            return Self(u8::MAX);
        }
        let heading = heading.to_lowercase();
        let parts = heading.split([',', ';']).flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" or "));
        let systems: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
        // In a list of systems each has its own processor: "Windows Vista 64-bit, Windows Vista" (MS07-017). In other headings one
        // word is for all: "x64-based versions of Windows XP, Windows Server 2003".
        let is_list = systems.iter().all(|system| system.contains("windows") && !system.contains("version"));
        let is_for = |machine: Machine| match is_list {
            true => systems.iter().any(|system| is_for(system, machine)),
            false => is_for(&heading, machine),
        };
        Self(Machine::ALL.into_iter().filter(|machine| is_for(*machine)).map(bit).sum())
    }

    /// True if this is one of them.
    pub(crate) fn has(self, machine: Machine) -> bool {
        self.0 & bit(machine) != 0
    }
}

fn bit(machine: Machine) -> u8 {
    1 << machine as u8
}

fn has(heading: &str, words: &[&str]) -> bool {
    words.iter().any(|word| heading.contains(word))
}

fn is_for(heading: &str, machine: Machine) -> bool {
    match () {
        () if has(heading, &ITANIUM) => machine == Machine::Ia64,
        () if has(heading, &X64) => machine == Machine::X64,
        () if heading.contains("x86") && !heading.contains("alpha") => machine == Machine::I386,
        () if heading.contains("64-bit") => machine.is_64_bit(),
        () if heading.contains("32-bit") => !machine.is_64_bit(),
        () => true,
    }
}

/// True for a heading that names the one of the two old 64-bit processors and not the other, so that it is not for systems with this
/// one.
pub(crate) fn names_other_64_bit(heading: &str, processor: Machine) -> bool {
    let heading = heading.to_lowercase();
    let (itanium, x64) = (has(&heading, &ITANIUM), has(&heading, &X64));
    match processor {
        Machine::Ia64 => x64 && !itanium,
        Machine::X64 => itanium && !x64,
        _ => false,
    }
}
