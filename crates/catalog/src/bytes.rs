//! Numbers in the compiled format: fixed ones of 32 bits, and short ones with seven bits per byte.

/// Writes a number of 32 bits.
pub(crate) fn put(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Reads the 32-bit number at this index.
pub(crate) fn get(bytes: &[u8], place: usize) -> Option<u32> {
    let at = place.checked_mul(4)?;
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// Writes a number in as few bytes as it needs: seven bits per byte; the highest bit means that more follow.
pub(crate) fn put_short(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads such a number and removes it from the front.
#[inline]
pub(crate) fn take_short(bytes: &mut &[u8]) -> Option<u32> {
    // Most numbers are short.
    if let &[byte, ref rest @ ..] = *bytes
        && byte < 0x80
    {
        *bytes = rest;
        return Some(u32::from(byte));
    }
    let mut number = 0u32;
    for shift in (0..32).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u32::from(byte & 0x7f);
        // The fifth byte has room for four bits.
        if shift == 28 && part > 0xf {
            return None;
        }
        number |= part << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
