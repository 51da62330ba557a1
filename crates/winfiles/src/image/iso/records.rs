//! The bytes of a folder -> its records and its damage.

use crate::bytes::{u16_at, u32_at};

pub(in crate::image) const SECTOR: u64 = 2048;
/// Bytes of a directory record before the name.
pub(super) const NAME_AT: usize = 33;

/// The records of a folder with their offsets, without those of the folder itself and of its parent; and the folder's
/// damage, if any.
pub(super) fn records(folder: &[u8]) -> (Vec<(usize, &[u8])>, Option<String>) {
    let mut found = Vec::new();
    let mut damage = None;
    // Every folder begins with a record for itself.
    if folder.len() > NAME_AT && !(folder[32] == 1 && folder[NAME_AT] == 0) {
        let zeroed = folder.iter().all(|&byte| byte == 0);
        let what = if zeroed {
            "the folder is zeroed: its files are lost"
        } else {
            "the folder does not begin with its own record"
        };
        damage = Some(what.to_owned());
        if zeroed {
            return (found, damage);
        }
    }
    // Numbers are stored in both byte orders. If a medium has them right here, it has them right everywhere.
    let strict = is_sound(folder);
    // The unused bytes of the previous sector, and its number.
    let mut left: Option<(usize, usize)> = None;
    for (number, sector) in folder.chunks(SECTOR as usize).enumerate() {
        let start = number * SECTOR as usize;
        if sector.iter().all(|&byte| byte == 0) {
            damage.get_or_insert(format!("the folder's sector {number} is zeroed: files are lost"));
            left = None;
            continue;
        }
        // Records do not cross sectors. A record is in the next sector only if it did not fit into this one.
        if let Some((room, before)) = left.take()
            && is_sound(sector)
            && usize::from(sector[0]) < room
        {
            damage.get_or_insert(format!("the end of the folder's sector {before} is zeroed: files are lost"));
        }
        let mut at = 0;
        while at < sector.len() {
            let rest = &sector[at..];
            if rest.iter().all(|&byte| byte == 0) {
                left = Some((rest.len(), number));
                break;
            }
            let record = rest.get(..usize::from(rest[0])).filter(|record| is_record(record));
            let Some(record) = record.filter(|_| !strict || is_sound(rest)) else {
                damage.get_or_insert(format!("the folder's record at {:#x} is damaged: files are lost", start + at));
                let Some(next) = next_sound(&rest[1..]) else { break };
                at += 1 + next;
                continue;
            };
            if !(record[32] == 1 && record[NAME_AT] <= 1) {
                found.push((start + at, record));
            }
            let name_end = NAME_AT + usize::from(record[32]);
            // A length that is too large hides the records after it.
            let hidden = (name_end..record.len()).find(|&next| is_sound(&rest[next..]));
            if hidden.is_some() {
                damage.get_or_insert(format!("the folder's record at {:#x} is damaged: files are lost", start + at));
            }
            at += hidden.unwrap_or(record.len());
        }
    }
    (found, damage)
}

/// Whether the lengths of a record are consistent.
fn is_record(record: &[u8]) -> bool {
    record.len() > NAME_AT && NAME_AT + usize::from(record[32]) <= record.len()
}

/// The start of the next record that can be recognised without knowing the end of the previous one.
fn next_sound(bytes: &[u8]) -> Option<usize> {
    (0..bytes.len().saturating_sub(NAME_AT)).find(|&at| is_sound(&bytes[at..]))
}

/// Whether a record begins here that states its location, size and medium consistently in both byte orders.
fn is_sound(bytes: &[u8]) -> bool {
    let twice = |at: usize| u32_at(bytes, at) == u32_at(bytes, at + 4).swap_bytes();
    let medium = u16_at(bytes, 28);
    let Some(record) = bytes.first().and_then(|&length| bytes.get(..length.into())) else { return false };
    // Bits 5 and 6 of the flags are not used.
    is_record(record)
        && record[32] > 0
        && record[25] & 0x60 == 0
        && twice(2)
        && twice(10)
        && medium != 0
        && medium == u16_at(bytes, 30).swap_bytes()
}
