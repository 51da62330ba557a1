//! What lists of files do not record.

use serde::{Deserialize, Serialize};

use crate::Machine;

/// What a list does not record about a file whose version it has. For a file that was read itself, everything is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unstated {
    /// The machines that it may be made for, where the list does not name the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<MachineClass>,
    /// True if its language is not recorded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub language: bool,
    /// True if its fixed version is not recorded, only its version strings.
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
