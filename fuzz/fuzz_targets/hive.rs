//! Registry hives: a whole one or, with a first byte below 128, the data after a valid base block.
#![no_main]

use hotfixcheck::inventory::System;
use hotfixcheck::winfiles::hive::Hive;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&format, rest)) = input.split_first() else { return };
    let mut file = Vec::new();
    if format < 128 {
        file.resize(4096, 0);
        file[..4].copy_from_slice(b"regf");
        let mut put = |at: usize, number: u32| file[at..at + 4].copy_from_slice(&number.to_le_bytes());
        put(4, 1);
        put(8, 1);
        put(20, 1);
        put(24, 3 + u32::from(format & 3));
        put(36, 32);
        put(40, u32::try_from(rest.len()).unwrap_or(u32::MAX));
    }
    file.extend(rest);
    let system = System::from_hives(Some(file.as_slice()), Some(file.as_slice()));
    assert_eq!(system, System::from_hives(Some(file.as_slice()), Some(file.as_slice())));
    if let Ok(hive) = Hive::open(file.as_slice()) {
        let _ = hive.key(r"Microsoft\Windows NT\CurrentVersion");
    }
});
