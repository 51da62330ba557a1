//! Members that the directory of a zip archive does not list: a damaged end record can state fewer members than there
//! are, and their data are then bytes that nothing owns.

use std::io;

use crate::bytes::{ReadAt, u16_at};

/// The signature of a member's header, and the size of the header without its name.
pub(super) const LOCAL: &[u8] = b"PK\x03\x04";
pub(super) const LOCAL_BYTES: usize = 30;
/// The sizes of what may follow a member's data: nothing, or its sizes and checksum in 32 or 64 bits, with or without a
/// signature.
const DESCRIPTORS: [u64; 5] = [0, 12, 16, 20, 24];
/// The shortest member: a header and a name of one byte.
const LEAST: u64 = LOCAL_BYTES as u64 + 1;
/// The most places that are named.
const MAX_FOUND: usize = 20;

/// The places of members between those that are listed (header, and the least end of its data), up to the directory.
pub(super) fn find(
    archive: &impl ReadAt,
    mut listed: Vec<(u64, u64)>,
    before: u64,
    directory: u64,
) -> io::Result<Vec<u64>> {
    listed.sort_unstable();
    let mut found = Vec::new();
    // The archive begins with a member, and each listed one ends before the next.
    let mut end = before;
    let mut header = None;
    for (next, next_end) in listed.into_iter().chain([(directory, directory)]) {
        if found.len() >= MAX_FOUND {
            break;
        }
        if next >= end.saturating_add(LEAST) {
            found.extend(after(archive, header, end, next)?);
        }
        if next_end > end {
            (header, end) = (Some(next), next_end);
        }
    }
    Ok(found)
}

/// The member that begins after the one with this header and the known end of its data, if any does before `next`.
fn after(archive: &impl ReadAt, header: Option<u64>, end: u64, next: u64) -> io::Result<Option<u64>> {
    let mut end = end;
    if let Some(header) = header {
        // The extra field of the member itself can have another length than that of the directory.
        let mut head = [0; LOCAL_BYTES];
        if archive.read_at(&mut head, header)? < LOCAL_BYTES || !head.starts_with(LOCAL) {
            return Ok(None);
        }
        end = end.saturating_add(u64::from(u16_at(&head, 28)));
    }
    for place in DESCRIPTORS.map(|length| end.saturating_add(length)) {
        let mut head = [0; LOCAL_BYTES];
        let fits = place.saturating_add(LEAST) <= next;
        if fits && archive.read_at(&mut head, place)? == LOCAL_BYTES && head.starts_with(LOCAL) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}
