//! Since when there is a Windows for each processor.

use hotfixcheck_types::Machine;
use jiff::civil::{Date, date};

/// The day on which the first Windows for this processor was finished; `None` for those of the beginnings of NT.
///
/// IA-64: Windows XP 64-Bit Edition; x64: Server 2003 SP1 and XP x64; ARM: Windows RT; ARM64: Windows 10 1709.
pub fn windows_since(machine: Machine) -> Option<Date> {
    match machine {
        Machine::I386 | Machine::Alpha | Machine::Mips | Machine::Ppc => None,
        Machine::Ia64 => Some(date(2001, 8, 24)),
        Machine::X64 => Some(date(2005, 3, 24)),
        Machine::Arm => Some(date(2012, 8, 1)),
        Machine::Arm64 => Some(date(2017, 9, 26)),
    }
}
