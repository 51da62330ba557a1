//! LZX as WIM images and the Windows Overlay Filter use it: each chunk is packed separately, the header of cabinets is
//! missing, and calls of x86 code are always translated.

use super::codes::{Bits, Codes};
use super::xpress::copy;

const LITERALS: usize = 256;
const LENGTHS: usize = 249;
const PRETREE: usize = 20;
const ALIGNED: usize = 8;
const MAX_CODE: u32 = 16;
const MIN_MATCH: usize = 2;
/// The rest of the length of longer matches has a separate code.
const LONG: usize = 7;
const DEFAULT_BLOCK: usize = 32_768;
/// The file size that the translation of calls assumes, whatever the real size.
const CALLS: i32 = 12_000_000;
/// Calls that begin in these last bytes are not translated.
const CALL_TAIL: usize = 10;

/// Unpacks a chunk of `size` bytes; full chunks have `window` bytes.
///
/// # Errors
/// What is wrong with it.
pub(super) fn unpack(packed: &[u8], size: usize, window: usize) -> Result<Vec<u8>, &'static str> {
    let order = window.ilog2();
    let slots = slots(order);
    let mut bits = Bits::new(packed);
    let mut out = Vec::with_capacity(size);
    let mut main = vec![0; LITERALS + 8 * slots.len()];
    let mut lengths = vec![0; LENGTHS];
    let mut recent = [1_usize; 3];
    while out.len() < size {
        let kind = bits.take(3);
        let block = match bits.take(1) {
            1 => DEFAULT_BLOCK,
            _ if order >= 16 => (bits.take(16) << 8 | bits.take(8)) as usize,
            _ => bits.take(16) as usize,
        };
        if block == 0 || bits.is_over() {
            return Err("has an empty block");
        }
        let end = out.len().saturating_add(block).min(size);
        match kind {
            1 | 2 => {
                let aligned = match kind {
                    2 => {
                        let lengths: Vec<u8> = (0..ALIGNED).map(|_| bits.take(3) as u8).collect();
                        Some(Codes::new(&lengths, 7)?)
                    }
                    _ => None,
                };
                read_lengths(&mut bits, &mut main[..LITERALS])?;
                read_lengths(&mut bits, &mut main[LITERALS..])?;
                read_lengths(&mut bits, &mut lengths)?;
                let tables = (Codes::new(&main, MAX_CODE)?, Codes::new(&lengths, MAX_CODE)?);
                while out.len() < end {
                    symbol(&mut bits, &tables, aligned.as_ref(), &slots, &mut recent, &mut out, size)?;
                }
            }
            3 => {
                bits.align();
                for distance in &mut recent {
                    let bytes = bits.bytes(4).ok_or("ends within a stored block")?;
                    *distance = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
                }
                let count = end - out.len();
                out.extend_from_slice(bits.bytes(count).ok_or("ends within a stored block")?);
                if block % 2 == 1 {
                    bits.byte();
                }
            }
            _ => return Err("has a block of unknown type"),
        }
    }
    undo_calls(&mut out);
    Ok(out)
}

/// A literal or a match.
fn symbol(
    bits: &mut Bits<'_>,
    (main, lengths): &(Codes, Codes),
    aligned: Option<&Codes>,
    slots: &[(usize, u32)],
    recent: &mut [usize; 3],
    out: &mut Vec<u8>,
    size: usize,
) -> Result<(), &'static str> {
    let symbol = main.symbol(bits)?;
    let Some(matched) = symbol.checked_sub(LITERALS) else {
        out.push(symbol as u8);
        return Ok(());
    };
    let mut length = matched % 8;
    if length == LONG {
        length += lengths.symbol(bits)?;
    }
    match matched / 8 {
        0 => {}
        slot @ (1 | 2) => recent.swap(0, slot),
        slot => {
            let (base, extra) = slots.get(slot).copied().ok_or("has a match from an unknown place")?;
            let rest = match aligned {
                Some(aligned) if extra >= 3 => (bits.take_long(extra - 3) << 3) as usize + aligned.symbol(bits)?,
                _ => bits.take_long(extra) as usize,
            };
            *recent = [base + rest - 2, recent[0], recent[1]];
        }
    }
    copy(out, recent[0], length + MIN_MATCH, size)
}

/// The distances of matches: the base of each slot and the number of bits that follow it, for all slots that the window
/// needs.
fn slots(order: u32) -> Vec<(usize, u32)> {
    let mut slots = Vec::new();
    let mut base = 0;
    for number in 0_u32.. {
        // The format has no match of the shortest length from the very beginning of a full window.
        if base >= 1 << order {
            break;
        }
        let extra = (number / 2).saturating_sub(1).min(17);
        slots.push((base, extra));
        base += 1 << extra;
    }
    slots
}

/// Lengths of codes, each stored as the difference from the one in the block before.
fn read_lengths(bits: &mut Bits<'_>, lengths: &mut [u8]) -> Result<(), &'static str> {
    let pretree: Vec<u8> = (0..PRETREE).map(|_| bits.take(4) as u8).collect();
    let codes = Codes::new(&pretree, 15)?;
    let changed = |old: u8, step: usize| (17 + old - step as u8) % 17;
    let mut at = 0;
    while at < lengths.len() {
        let symbol = codes.symbol(bits)?;
        let (count, length) = match symbol {
            17 => (bits.take(4) as usize + 4, 0),
            18 => (bits.take(5) as usize + 20, 0),
            19 => {
                let count = bits.take(1) as usize + 4;
                let step = codes.symbol(bits)?;
                if step > 16 {
                    return Err("has a Huffman table that repeats a repetition");
                }
                (count, changed(lengths[at], step))
            }
            step => (1, changed(lengths[at], step)),
        };
        let end = (at + count).min(lengths.len());
        lengths[at..end].fill(length);
        at = end;
    }
    Ok(())
}

/// Undoes the translation of calls in x86 code: they were stored with an absolute address instead of the relative one.
fn undo_calls(bytes: &mut [u8]) {
    let Some(end) = bytes.len().checked_sub(CALL_TAIL) else { return };
    let mut at = 0;
    while at < end {
        if bytes[at] != 0xe8 {
            at += 1;
            continue;
        }
        let place = at as i32;
        let stored = i32::from_le_bytes([bytes[at + 1], bytes[at + 2], bytes[at + 3], bytes[at + 4]]);
        let distance = match stored {
            0..CALLS => Some(stored - place),
            _ if stored < 0 && stored >= -place => Some(stored + CALLS),
            _ => None,
        };
        if let Some(distance) = distance {
            bytes[at + 1..at + 5].copy_from_slice(&distance.to_le_bytes());
        }
        at += 5;
    }
}
