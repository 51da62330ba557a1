//! Location of an attribute's clusters.

use std::io;

use super::attribute::Attribute;
use crate::image::source::corrupt;

/// The most runs of one file: those of a file of 64 GB in pieces of 64 KB.
const MAX_RUNS: usize = 1 << 20;

/// Consecutive clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The number of the first, counted within the data.
    pub first: u64,
    pub count: u64,
    /// The number of the first on the volume; `None` for a hole, which is all zeros.
    pub place: Option<u64>,
}

/// The runs of the pieces of one attribute, in order and without gaps; `clusters` is the volume's number of them. If
/// not all pieces are known yet, `enough` accepts those before the first gap.
pub(super) fn read(pieces: &[Attribute<'_>], clusters: u64, enough: bool) -> io::Result<Vec<Run>> {
    let mut pieces: Vec<_> = pieces.iter().filter_map(Attribute::outside).collect();
    pieces.sort_by_key(|piece| piece.first);
    let mut runs: Vec<Run> = Vec::new();
    let mut next = 0;
    for piece in pieces {
        if piece.first != next {
            if enough {
                break;
            }
            return Err(corrupt("a piece of the file's data is missing"));
        }
        let mut bytes = piece.runs;
        let mut place: i64 = 0;
        while let Some((&header, rest)) = bytes.split_first().filter(|(header, _)| **header != 0) {
            let (of_count, of_place) = (usize::from(header & 15), usize::from(header >> 4));
            let (Some(count), Some(step)) = (rest.get(..of_count), rest.get(of_count..of_count + of_place)) else {
                return Err(corrupt("the list of the file's clusters is cut"));
            };
            bytes = &rest[of_count + of_place..];
            let count = signed(count).and_then(|count| u64::try_from(count).ok()).filter(|&count| count > 0);
            let place_of_run = match step {
                [] => None,
                step => {
                    place = signed(step).and_then(|step| place.checked_add(step)).unwrap_or(-1);
                    Some(u64::try_from(place).unwrap_or(u64::MAX))
                }
            };
            let end = count.and_then(|count| {
                next.checked_add(count).filter(|_| {
                    place_of_run.is_none_or(|place| place.checked_add(count).is_some_and(|end| end <= clusters))
                })
            });
            let (Some(count), Some(end)) = (count, end) else {
                return Err(corrupt("the file's clusters lie outside the volume"));
            };
            runs.push(Run { first: next, count, place: place_of_run });
            next = end;
            if runs.len() > MAX_RUNS {
                return Err(corrupt(format!("the file lies in more than {MAX_RUNS} pieces")));
            }
        }
    }
    Ok(runs)
}

/// A signed little-endian number of up to eight bytes.
fn signed(bytes: &[u8]) -> Option<i64> {
    let last = *bytes.last()?;
    if bytes.len() > 8 {
        return None;
    }
    let mut whole = [if last & 0x80 == 0 { 0 } else { 0xff }; 8];
    whole[..bytes.len()].copy_from_slice(bytes);
    Some(i64::from_le_bytes(whole))
}
