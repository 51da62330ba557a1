//! Hives whose last write was not finished, with their logs. The input has a byte for the kind of logs, the lengths of
//! the hive and of the first log, then both of them, and the second log. Checksums and hashes are corrected, so that
//! the logs are applied.
#![no_main]

use hotfixcheck::inventory::System;
use hotfixcheck::winfiles::bytes::ReadAt as _;
use hotfixcheck::winfiles::hive::{Hive, Replay, replay};
use libfuzzer_sys::fuzz_target;

/// The seed of the hashes of entries.
const SEED: u64 = 0x82ef_4d88_7a4e_55c5;

fuzz_target!(|input: &[u8]| {
    let [form, a, b, c, d, rest @ ..] = input else { return };
    let lengths = [u16::from_le_bytes([*a, *b]), u16::from_le_bytes([*c, *d])].map(usize::from);
    let (hive, rest) = rest.split_at(lengths[0].min(rest.len()));
    let (first, second) = rest.split_at(lengths[1].min(rest.len()));
    let mut hive = hive.to_vec();
    if form & 1 == 0 {
        base(&mut hive);
    }
    let log = |bytes: &[u8], name: &str| {
        let mut bytes = bytes.to_vec();
        if form & 2 == 0 {
            base(&mut bytes);
        }
        if form & 4 == 0 {
            hashes(&mut bytes);
        }
        (name.to_owned(), bytes)
    };
    let logs = [log(first, "a.LOG1"), log(second, "a.LOG2")];
    let Ok((replayed, outcome)) = replay(hive.as_slice(), &logs) else { return };
    let size = replayed.size().unwrap();
    if outcome == Replay::NotNeeded {
        assert_eq!(size, hive.len() as u64);
    }
    // Any way of reading gives the same bytes, and none after the end.
    let read = size.min(1 << 20) as usize;
    let mut whole = vec![0xaa; read];
    assert_eq!(replayed.read_at(&mut whole, 0).unwrap(), read);
    for (at, length) in [(0, 5), (509, 7), (4090, 600), (read.saturating_sub(9), 9), (4096, 4096)] {
        let mut piece = vec![0xbb; length];
        let count = replayed.read_at(&mut piece, at as u64).unwrap();
        assert!(at as u64 + count as u64 <= size.max(at as u64));
        let whole = whole.get(at..).unwrap_or_default();
        let same = whole.len().min(count);
        assert_eq!(piece[..same], whole[..same]);
    }
    assert_eq!(replayed.read_at(&mut [0; 9], size).unwrap(), 0);
    if let Ok(hive) = Hive::open(&replayed) {
        let _ = hive.key(r"Microsoft\Windows NT\CurrentVersion");
    }
    let system = System::from_hives(Some(&replayed), Some(&replayed));
    assert_eq!(system, System::from_hives(Some(&replayed), Some(&replayed)));
});

/// The checksum of a base block.
fn base(bytes: &mut [u8]) {
    let Some(head) = bytes.first_chunk_mut::<512>() else { return };
    head[..4].copy_from_slice(b"regf");
    let sum = head[..508].as_chunks::<4>().0.iter().fold(0, |sum, word| sum ^ u32::from_le_bytes(*word));
    let sum = match sum {
        u32::MAX => u32::MAX - 1,
        0 => 1,
        sum => sum,
    };
    head[508..].copy_from_slice(&sum.to_le_bytes());
}

/// Corrects the hashes of the entries of a newer log, as far as their sizes can be followed.
fn hashes(bytes: &mut [u8]) {
    let Some(mut rest) = bytes.get_mut(512..) else { return };
    while rest.starts_with(b"HvLE") && rest.len() >= 40 {
        let size = u32::from_le_bytes([rest[4], rest[5], rest[6], rest[7]]) as usize;
        if size < 40 || size > rest.len() {
            break;
        }
        let (entry, after) = rest.split_at_mut(size);
        let data = marvin(&entry[40..]);
        entry[24..32].copy_from_slice(&data.to_le_bytes());
        let head = marvin(&entry[..32]);
        entry[32..40].copy_from_slice(&head.to_le_bytes());
        rest = after;
    }
}

fn marvin(bytes: &[u8]) -> u64 {
    let (mut low, mut high) = (SEED as u32, (SEED >> 32) as u32);
    let mut mix = |word: u32| {
        low = low.wrapping_add(word);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
        (low, high)
    };
    let (words, rest) = bytes.as_chunks::<4>();
    words.iter().for_each(|word| {
        mix(u32::from_le_bytes(*word));
    });
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    mix(u32::from_le_bytes(last));
    let (low, high) = mix(0);
    u64::from(high) << 32 | u64::from(low)
}
