//! Lists of subkeys: leaves with (`lf`, `lh`) and without (`li`) hints, and the list of leaves (`ri`).

use std::collections::HashSet;

use super::base::BINS_START;
use super::cell::Cell;
use super::{Hive, HiveError, MAX_SUBKEYS};
use crate::bytes::ReadAt;

const WHAT: &str = "list of subkeys";

/// The offsets of the subkeys, in the order of the list. A damaged entry is an error in its position; the others are
/// kept.
pub(super) fn subkeys<S: ReadAt>(
    hive: &Hive<S>,
    list: u32,
    count: u32,
) -> Result<Vec<Result<u32, HiveError>>, HiveError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let head = hive.cell(WHAT, list, 4)?;
    let mut found = Found { places: Vec::new(), seen: HashSet::new(), listed: 0 };
    if head.starts_with(b"ri") {
        let leaves = usize::from(head.u16(2)?);
        let cell = hive.cell(WHAT, list, 4 + leaves * 4)?;
        for leaf in cell.places(4, leaves, 4)? {
            if let Err(error) = found.leaf(hive, leaf) {
                let enough = matches!(error, HiveError::TooMuch { .. });
                found.places.push(Err(error));
                if enough {
                    return Ok(found.places);
                }
            }
        }
    } else {
        found.leaf(hive, list)?;
    }
    if found.listed != count as usize {
        found.places.push(Err(head.corrupt("list of subkeys that is not as long as its key says")));
    }
    Ok(found.places)
}

struct Found {
    places: Vec<Result<u32, HiveError>>,
    seen: HashSet<u32>,
    listed: usize,
}

impl Found {
    fn leaf<S: ReadAt>(&mut self, hive: &Hive<S>, list: u32) -> Result<(), HiveError> {
        let head = hive.cell(WHAT, list, 4)?;
        let stride = stride(&head)?;
        let count = usize::from(head.u16(2)?);
        if self.listed + count > MAX_SUBKEYS {
            return Err(head.too_much("subkeys", self.listed + count, MAX_SUBKEYS));
        }
        self.listed += count;
        for place in hive.cell(WHAT, list, 4 + count * stride)?.places(4, count, stride)? {
            // A key that is listed repeatedly would make a walk of the tree endless.
            let twice = HiveError::Corrupt { what: "key that is listed twice", offset: BINS_START + u64::from(place) };
            self.places.push(if self.seen.insert(place) { Ok(place) } else { Err(twice) });
        }
        Ok(())
    }
}

/// The distance between the entries of a leaf.
fn stride(head: &Cell) -> Result<usize, HiveError> {
    if head.starts_with(b"lf") || head.starts_with(b"lh") {
        Ok(8)
    } else if head.starts_with(b"li") {
        Ok(4)
    } else {
        Err(head.corrupt("signature of a list of subkeys"))
    }
}
