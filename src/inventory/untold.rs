//! What lists of files do not tell.

use serde::{Deserialize, Serialize};

use crate::Machine;

/// What a list does not tell of a file that it gives a version of. Nothing is untold where the file itself was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Untold {
    /// The machines that it may be made for, where the list does not name its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<MachineClass>,
    /// Whether its language is not told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub language: bool,
    /// Whether its fixed version is not told, only the strings that it states.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed: bool,
}

/// The machines that a file may be made for, where a list of files does not name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MachineClass {
    /// Any machine.
    Any,
    /// One with 32-bit addresses.
    #[serde(rename = "32-bit")]
    Bits32,
    /// One with 64-bit addresses.
    #[serde(rename = "64-bit")]
    Bits64,
}

impl MachineClass {
    /// True if the machine is one of the class.
    pub fn contains(self, machine: Machine) -> bool {
        match self {
            Self::Any => true,
            Self::Bits32 => !machine.is_64_bit(),
            Self::Bits64 => machine.is_64_bit(),
        }
    }
}
