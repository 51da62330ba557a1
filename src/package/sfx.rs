//! Finds the cabinets in an executable: in a resource, in a section, or after its end.

use hotfixcheck_winfiles::bytes::{Part, ReadAt};
use hotfixcheck_winfiles::cabinet::{Cabinet, SIGNATURE};
use memchr::memmem;

/// How much of an executable is searched: the largest service packs have about 400 MB.
const MAX_SEARCHED: u64 = 1 << 30;
/// The most cabinets that are used.
const MAX_CABINETS: usize = 64;
/// How many false matches of a cabinet's signature end the search.
const MAX_MISSES: usize = 256;
const PIECE_BYTES: usize = 1 << 20;
/// The signature is followed by four bytes that are zero.
const START: [u8; 8] = [SIGNATURE[0], SIGNATURE[1], SIGNATURE[2], SIGNATURE[3], 0, 0, 0, 0];
/// The position of the size in a cabinet's header.
const SIZE_AT: usize = 8;

/// Where the cabinets in these bytes begin, in order; none is inside another one.
///
/// # Errors
/// An error of the operating system.
pub(super) fn cabinets<S: ReadAt>(source: &S) -> std::io::Result<Vec<Part<&S>>> {
    let end = source.size()?.min(MAX_SEARCHED);
    let finder = memmem::Finder::new(&START);
    let mut found = Vec::new();
    let mut misses = 0;
    let mut buffer = vec![0; PIECE_BYTES];
    let mut at = 0;
    while at < end && found.len() < MAX_CABINETS && misses < MAX_MISSES {
        let count = source.read_at(&mut buffer, at)?;
        let Some(place) = finder.find(&buffer[..count]) else {
            if count < buffer.len() {
                break;
            }
            // A signature may cross the boundary of two blocks.
            at += (count - (START.len() - 1)) as u64;
            continue;
        };
        at += place as u64;
        let mut size = [0; 4];
        source.read_at(&mut size, at + SIZE_AT as u64)?;
        let size = u64::from(u32::from_le_bytes(size));
        let part = Part::new(source, at, end - at);
        match Cabinet::open(part) {
            Ok(cabinet) if !cabinet.members().is_empty() => {
                found.push(Part::new(source, at, end - at));
                at += size.max(START.len() as u64);
            }
            _ => {
                misses += 1;
                at += START.len() as u64;
            }
        }
    }
    Ok(found)
}
