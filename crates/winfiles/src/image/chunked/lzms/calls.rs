//! Undoes the translation of x86 code: the packer replaced relative addresses by absolute ones where the bytes were
//! likely code.

use crate::bytes::{u16_at, u32_at};

/// Nothing that begins in these last bytes is treated as code.
const TAIL: usize = 16;
/// Bytes within this distance after code are treated as code; for calls half the distance.
const NEAR: i64 = 1023;
/// Two instructions with the same target, no farther apart than this, are treated as code.
const WINDOW: i64 = 65_535;

pub(super) fn undo(bytes: &mut [u8]) {
    let Some(end) = bytes.len().checked_sub(TAIL) else { return };
    let mut last_code = -NEAR - 1;
    // The last position at which each target occurred, by its lowest 16 bits.
    let mut named = vec![-WINDOW - 1; 1 << 16];
    // The first byte is never examined.
    let mut at = 1;
    while at < end {
        let (opcode, near) = match bytes[at..at + 3] {
            [0xe8, ..] => (1, NEAR / 2),
            // Jumps are not translated, and their operands are skipped.
            [0xe9, ..] => {
                at += 5;
                continue;
            }
            [0xff, 0x15, _] => (2, NEAR),
            [0xf0, 0x83, 0x05] => (3, NEAR),
            [0x48 | 0x4c, 0x8d, place] if place & 7 == 5 => (3, NEAR),
            [0x48, 0x8b, place] if place & 0xf7 == 5 => (3, NEAR),
            _ => {
                at += 1;
                continue;
            }
        };
        let (place, value) = (at as i64, at + opcode);
        if place - last_code <= near {
            let distance = u32_at(bytes, value).wrapping_sub(at as u32);
            bytes[value..value + 4].copy_from_slice(&distance.to_le_bytes());
        }
        let target = u16_at(bytes, value).wrapping_add(at as u16);
        let last = place + opcode as i64 + 3;
        let seen = &mut named[usize::from(target)];
        if last - *seen <= WINDOW {
            last_code = last;
        }
        *seen = last;
        at = value + 4;
    }
}
