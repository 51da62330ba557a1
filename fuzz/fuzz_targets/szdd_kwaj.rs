//! Packed files: the input is the data after the signature, and its first byte selects the format.
#![no_main]

use hotfixcheck::winfiles::packed::{self, MAX_UNPACKED, original_names};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&format, rest)) = input.split_first() else { return };
    let head: [&[u8]; 3] = [b"SZDD\x88\xF0\x27\x33A", b"SZ\x20\x88\xF0\x27\x33\xD1", b"KWAJ\x88\xF0\x27\xD1"];
    let head = head[usize::from(format % 3)];
    let file = [head, rest].concat();
    assert!(packed::recognise(&file).is_some());
    if let Ok(unpacked) = packed::unpack(&file) {
        // The best compression of any method is 32 KiB in a block of about 140 bytes; a match of 18 bytes needs 17
        // bits.
        assert!(unpacked.bytes.len() <= MAX_UNPACKED.min(file.len() * 1100));
        let names = original_names("TAPISRV.EX_", &unpacked.name_hint);
        assert!(!names.is_empty() && names.iter().all(|name| !name.contains(['/', '\\'])));
    }
});
