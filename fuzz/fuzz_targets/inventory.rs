//! Inventories: snapshots and lists of every tool. The first byte selects the format; with 0 it is detected.
#![no_main]

use hotfixcheck::inventory::import::{self, InventoryFormat};
use hotfixcheck::inventory::snapshot;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&format, rest)) = input.split_first() else { return };
    let forms = [
        None,
        Some(InventoryFormat::Snapshot),
        Some(InventoryFormat::Sigcheck),
        Some(InventoryFormat::Osquery),
        Some(InventoryFormat::PowerShell),
        Some(InventoryFormat::Filever),
        Some(InventoryFormat::Csv),
    ];
    if let Ok(read) = import::read(rest, forms[usize::from(format) % forms.len()]) {
        // An inventory that was read can be written, and read again with the same result.
        let written = snapshot::write(&read).unwrap();
        let again = snapshot::read(&written).unwrap();
        assert_eq!(read, again);
        let inventory = read.select(|name| name.len() % 3 != 0);
        assert!(inventory.entries.iter().all(|entry| entry.root < inventory.roots.len()));
    }
});
