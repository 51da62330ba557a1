//! Archives of collected files. The first byte selects the input: unchanged (zip, tar, gzip, Zstandard by its first
//! bytes), a tar whose headers get valid checksums, one member of a zip packed by DEFLATE, a gzip stream, or one of
//! Zstandard.
#![no_main]

use hotfixcheck_fuzz::{look, open};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&form, rest)) = input.split_first() else { return };
    let (name, bytes) = match form % 8 {
        0..=2 => ("a.zip", rest.to_vec()),
        3 | 4 => ("a.tar", tar(rest)),
        5 => ("a.zip", member(rest)),
        6 => ("a.tar.gz", [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", rest].concat()),
        _ => ("a.tar.zst", [b"\x28\xb5\x2f\xfd", rest].concat()),
    };
    if let Some(image) = open(name, bytes) {
        look(&image, 2);
    }
});

/// Blocks of 512 bytes, each of which may be a header.
fn tar(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for block in bytes.chunks_exact_mut(512).filter(|block| block.iter().any(|&byte| byte != 0)) {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    bytes
}

/// A valid archive around DEFLATE data: the first four bytes are the stated size.
fn member(rest: &[u8]) -> Vec<u8> {
    let Some((size, packed)) = rest.split_first_chunk::<4>() else { return Vec::new() };
    let sizes = [&[0; 4], (packed.len() as u32).to_le_bytes().as_slice(), size].concat();
    let names = [1_u16.to_le_bytes(), 0_u16.to_le_bytes()].concat();
    let mut file = [b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0".as_slice(), &sizes, &names, b"a", packed].concat();
    let start = file.len() as u32;
    file.extend([b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0".as_slice(), &sizes, &names, &[0; 14], b"a"].concat());
    let length = file.len() as u32 - start;
    file.extend(
        [b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &length.to_le_bytes(), &start.to_le_bytes(), &[0, 0]].concat(),
    );
    file
}
