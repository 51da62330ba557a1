//! LZNT1, the compression of NTFS, according to \[MS-XCA\]: chunks of 4 KB, each packed separately.

const CHUNK: usize = 4096;
const PACKED: u16 = 0x8000;
const SIZE: u16 = 0x0fff;
/// The shortest match.
const MIN_MATCH: usize = 3;

/// Unpacks one compression unit of `size` bytes. Bytes that the data do not cover are zero.
///
/// # Errors
/// What is wrong, with its offset in the unit.
pub(super) fn unpack(packed: &[u8], size: usize) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(size);
    let mut rest = packed;
    while out.len() < size {
        let Some((header, behind)) = rest.split_first_chunk::<2>() else { break };
        let header = u16::from_le_bytes(*header);
        if header == 0 {
            break;
        }
        let length = usize::from(header & SIZE) + 1;
        let start = out.len();
        let Some(chunk) = behind.get(..length) else {
            return Err(format!("the compressed chunk at {start:#x} is cut"));
        };
        rest = &behind[length..];
        if header & PACKED == 0 {
            out.extend_from_slice(chunk);
        } else {
            self::chunk(chunk, &mut out).map_err(|what| format!("the compressed chunk at {start:#x} {what}"))?;
        }
        if out.len() > start + CHUNK {
            return Err(format!("the compressed chunk at {start:#x} has more than 4 KB"));
        }
        // A chunk that ends early is padded with zeros.
        out.resize(start + CHUNK, 0);
    }
    out.resize(size, 0);
    Ok(out)
}

fn chunk(packed: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    let start = out.len();
    let mut bytes = packed.iter().copied();
    while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            let Some(low) = bytes.next() else { return Ok(()) };
            if flags >> bit & 1 == 0 {
                out.push(low);
                continue;
            }
            let high = bytes.next().ok_or("is cut within a match")?;
            let token = usize::from(u16::from_le_bytes([low, high]));
            let done = out.len() - start;
            if done == 0 {
                return Err("begins with a match");
            }
            // The more of the chunk is filled, the more bits hold the distance, and the fewer the length.
            let mut length_bits = 12;
            while done > 1 << (16 - length_bits) {
                length_bits -= 1;
                if length_bits == 4 {
                    break;
                }
            }
            let (distance, length) = ((token >> length_bits) + 1, (token & ((1 << length_bits) - 1)) + MIN_MATCH);
            if distance > done {
                return Err("has a match that begins before it");
            }
            if done + length > CHUNK {
                return Err("has more than 4 KB");
            }
            for _ in 0..length {
                out.push(out[out.len() - distance]);
            }
        }
    }
    Ok(())
}
