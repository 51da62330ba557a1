//! 16-bit executables and device drivers: a byte for the format and the data after the DOS header or, from 128 on, a
//! byte and the whole file.
#![no_main]

use hotfixcheck::winfiles::binary::{self, Reader, VersionOutcome};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&format, rest)) = input.split_first() else { return };
    let mut file = Vec::new();
    if format < 128 {
        file.resize(0x40, 0);
        file[..2].copy_from_slice(b"MZ");
        file[0x18] = 0x40;
        file[0x3c] = 0x40;
        file.extend([*b"NE", *b"LE", *b"LX", *b"NE"][usize::from(format % 4)]);
    }
    file.extend(rest);
    let answer = binary::read(&file);
    assert_eq!(answer, Reader::new().read(file.as_slice()));
    // The amount of kept data is limited by the size of the file: no text has more than three bytes for each byte of
    // it.
    if let Ok(binary) = &answer
        && let VersionOutcome::Found(info) = &binary.version
    {
        for table in &info.tables {
            assert!(table.key.len() <= 3 * file.len());
            assert!(table.file_version.as_ref().is_none_or(|text| text.len() <= 3 * file.len()));
        }
    }
});
