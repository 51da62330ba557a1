//! PE files: the whole file or, with a first byte below 128, the data after a DOS header that points to it.
#![no_main]

use hotfixcheck::winfiles::binary::{self, Reader, VersionOutcome};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&format, rest)) = input.split_first() else { return };
    let mut file = Vec::new();
    if format < 128 {
        file.resize(0x40, 0);
        file[..2].copy_from_slice(b"MZ");
        file[0x3c] = 0x40;
        file.extend(b"PE\0\0");
    }
    file.extend(rest);
    let answer = binary::read(&file);
    let mut reader = Reader::new();
    // The reader's buffers keep nothing of the previous file.
    let _ = reader.read([b'M', b'Z'].as_slice());
    assert_eq!(answer, reader.read(file.as_slice()));
    if let Ok(binary) = &answer
        && let VersionOutcome::Found(info) = &binary.version
    {
        let texts: usize = info.tables.iter().map(|table| table.file_version.as_ref().map_or(0, String::len)).sum();
        // Leaves may share their bytes, but the number of tables is limited.
        assert!(texts <= 3 * 65_536 * info.tables.len());
    }
});
