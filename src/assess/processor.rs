//! Which processor a system has. A 64-bit system has 32-bit files, too.

use super::profile::KERNEL_FILES;
use crate::Machine;
use crate::inventory::system::Territory;
use crate::inventory::{Entry, Inventory, is_in_wow};
use crate::name::key_of;

/// The processor of a system, as precisely as its 32-bit files require.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Processor {
    /// A 32-bit processor.
    Bits32,
    /// A 64-bit processor, and which one if that is known.
    Bits64(Option<Machine>),
}

impl Processor {
    fn of_machine(machine: Machine) -> Self {
        if machine.is_64_bit() { Self::Bits64(Some(machine)) } else { Self::Bits32 }
    }

    /// Reads `PROCESSOR_ARCHITECTURE` of a registry.
    fn of_registry(text: &str) -> Self {
        match text.trim().to_ascii_uppercase().as_str() {
            "AMD64" => Self::Bits64(Some(Machine::X64)),
            "IA64" => Self::Bits64(Some(Machine::Ia64)),
            "ARM64" => Self::Bits64(Some(Machine::Arm64)),
            other if other.contains("64") => Self::Bits64(None),
            _ => Self::Bits32,
        }
    }
}

/// The processor of a system, by its registry, or else by its kernel files among its `own` entries; `None` if neither
/// shows it.
pub(super) fn of_system(territory: &Territory, own: &[usize], inventory: &Inventory) -> Option<Processor> {
    let systems = territory.systems.iter().filter_map(|&place| inventory.systems.get(place));
    let named = systems.filter_map(|system| system.facts.processor_architecture.as_ref());
    let of_registry: Vec<Processor> = named.map(|fact| Processor::of_registry(&fact.value)).collect();
    let entries = own.iter().map(|&place| &inventory.entries[place]).filter(|entry| entry.copy.is_none());
    let is_kernel = |entry: &Entry| entry.name().is_some_and(|name| KERNEL_FILES.contains(&&*key_of(name)));
    // A 64-bit system has a 32-bit kernel32.dll, too, but in another folder than its own kernel32.dll.
    let kernels = entries.filter(|entry| is_kernel(entry) && !is_in_wow_folder(entry));
    let of_kernel = kernels.filter_map(|entry| entry.binary.as_ref().ok()?.machine.map(Processor::of_machine));
    let told: Vec<Processor> = if of_registry.is_empty() { of_kernel.collect() } else { of_registry };
    told.first().copied().filter(|first| told.iter().all(|other| other == first))
}

/// True for a file in a folder that only a 64-bit Windows has, for its 32-bit files.
pub(super) fn is_in_wow_folder(entry: &Entry) -> bool {
    is_in_wow(&entry.path)
}
