//! XPRESS with Huffman codes, \[MS-XCA\] 2.2: literals and matches in one table.

use super::codes::{Bits, Codes};

/// Literals, then matches: four bits for the length, four for the number of bits of the distance.
const SYMBOLS: usize = 512;
const TABLE_BYTES: usize = SYMBOLS / 2;
const MAX_CODE: u32 = 15;
const MIN_MATCH: usize = 3;

/// Unpacks a chunk of `size` bytes.
///
/// # Errors
/// What is wrong with it.
pub(super) fn unpack(packed: &[u8], size: usize) -> Result<Vec<u8>, &'static str> {
    let (table, data) = packed.split_at_checked(TABLE_BYTES).ok_or("ends within its table")?;
    let lengths: Vec<u8> = table.iter().flat_map(|byte| [byte & 15, byte >> 4]).collect();
    let codes = Codes::new(&lengths, MAX_CODE)?;
    let mut bits = Bits::new(data);
    let mut out = Vec::with_capacity(size);
    while out.len() < size {
        // Two words are always read ahead; bytes that extend a length follow them.
        bits.reserve();
        let symbol = codes.symbol(&mut bits)?;
        let Some(matched) = symbol.checked_sub(256) else {
            out.push(symbol as u8);
            continue;
        };
        bits.reserve();
        let (mut length, distance_bits) = (matched & 15, (matched >> 4) as u32);
        if length == 15 {
            let byte = bits.byte().ok_or("ends within a length")?;
            length = usize::from(byte) + 15;
            if byte == 255 {
                let long = [bits.byte(), bits.byte()];
                let [Some(low), Some(high)] = long else { return Err("ends within a length") };
                length = usize::from(u16::from_le_bytes([low, high]));
                if length < 15 {
                    return Err("has a long length that is short");
                }
            }
        }
        let distance = (1 << distance_bits) + bits.take(distance_bits) as usize;
        copy(&mut out, distance, (length + MIN_MATCH).min(size), size)?;
    }
    Ok(out)
}

/// Repeats bytes from `distance` back; the copy may overlap its source.
pub(super) fn copy(out: &mut Vec<u8>, distance: usize, length: usize, size: usize) -> Result<(), &'static str> {
    let start = out.len().checked_sub(distance).ok_or("has a match that begins before it")?;
    if out.len() + length > size {
        return Err("has more bytes than its size");
    }
    (start..start + length).for_each(|from| out.push(out[from]));
    Ok(())
}
