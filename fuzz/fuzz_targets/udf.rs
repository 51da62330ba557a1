//! UDF volumes: a valid recognition sequence and anchor, and pieces of a volume, each after its sector number and its
//! length in two bytes. Data that looks like a descriptor gets a valid checksum, so that its contents are read.
#![no_main]

use hotfixcheck_fuzz::{Pieces, look, open};
use libfuzzer_sys::fuzz_target;

const SECTOR: u64 = 2048;
/// The largest medium in sectors; sector numbers are taken modulo it.
const SECTORS: u64 = 1024;
/// The kinds of descriptors that the reader looks for.
const TAGS: [u16; 9] = [2, 5, 6, 8, 256, 257, 258, 261, 266];

fuzz_target!(|input: &[u8]| {
    let mut medium = Pieces::new(SECTOR, SECTORS * SECTOR);
    for (sector, name) in (16..).zip([b"BEA01", b"NSR02", b"TEA01"]) {
        medium.put(sector, &[b"\0".as_slice(), name, b"\x01"].concat());
    }
    let mut anchor = vec![0; 512];
    anchor[0] = 2;
    anchor[12..16].copy_from_slice(&256_u32.to_le_bytes());
    for (at, number) in [(16, 16 * SECTOR as u32), (20, 32), (24, 16 * SECTOR as u32), (28, 64)] {
        anchor[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }
    seal(&mut anchor);
    medium.put(256, &anchor);
    let mut rest = input;
    while let Some((head, after)) = rest.split_first_chunk::<4>() {
        let sector = u64::from(u16::from_le_bytes([head[0], head[1]])) % SECTORS;
        let length = usize::from(u16::from_le_bytes([head[2], head[3]])).min(after.len());
        let mut piece = after[..length].to_vec();
        // Descriptors are at the beginning of sectors; the names in a folder follow each other.
        for at in (0..piece.len()).step_by(4) {
            let kind = piece.get(at..at + 2).map(|kind| u16::from_le_bytes([kind[0], kind[1]]));
            if kind.is_some_and(|kind| TAGS.contains(&kind) && (kind == 257 || at % 512 == 0)) {
                seal(&mut piece[at..]);
            }
        }
        medium.put(sector, &piece);
        rest = &after[length..];
    }
    if let Some(image) = open("a.iso", medium) {
        look(&image, 0);
    }
});

fn seal(descriptor: &mut [u8]) {
    if descriptor.len() >= 16 {
        // Without a checksum of the data after the tag.
        descriptor[8..12].fill(0);
        descriptor[4] = 0;
        descriptor[4] = descriptor[..16].iter().fold(0, |sum, byte| sum.wrapping_add(*byte));
    }
}
