//! A folder's stream, and the members cut out of it.

use super::blocks::Blocks;
use super::header::Folder;
use super::{Cabinet, CabinetError, Limits, MAX_MEMBER_BYTES, MAX_UNPACKED_BYTES, Member};
use crate::binary::ReadAt;

/// A member that is being put together.
struct Begun<'m> {
    member: &'m Member,
    bytes: Vec<u8>,
}

/// Unpacks members of one folder, which come in the order of their offsets.
pub(super) fn unpack<S: ReadAt>(
    cabinet: &Cabinet<S>,
    folder: &Folder,
    members: &[&Member],
    limits: &mut Limits<'_>,
    each: &mut impl FnMut(&Member, Result<Vec<u8>, CabinetError>),
) {
    let mut waiting = members.iter().copied().peekable();
    let mut begun: Vec<Begun> = Vec::new();
    // The bytes of the members that are begun.
    let mut shared = 0;
    let end = match Blocks::new(cabinet, folder) {
        Err(error) => Some(error),
        Ok(mut blocks) => loop {
            if begun.is_empty() && waiting.peek().is_none() {
                return;
            }
            let start = blocks.position();
            let block = match blocks.next(limits) {
                Ok(Some(block)) => block,
                Ok(None) => break None,
                Err(error) => break Some(error),
            };
            let position = start + block.len() as u64;
            while let Some(member) = waiting.next_if(|member| u64::from(member.offset) < position) {
                match room(member, shared, *limits.given) {
                    Ok(()) => {
                        shared += u64::from(member.size);
                        *limits.given += u64::from(member.size);
                        begun.push(Begun { member, bytes: Vec::new() });
                    }
                    Err(error) => each(member, Err(error)),
                }
            }
            // Empty blocks, of which there can be many, add to no member.
            if block.is_empty() {
                continue;
            }
            begun.retain_mut(|one| {
                let skip = u64::from(one.member.offset).saturating_sub(start);
                let part = usize::try_from(skip).ok().and_then(|skip| block.get(skip..)).unwrap_or_default();
                let missing = one.member.size as usize - one.bytes.len();
                one.bytes.extend_from_slice(&part[..missing.min(part.len())]);
                let whole = one.bytes.len() == one.member.size as usize;
                if whole {
                    shared -= u64::from(one.member.size);
                    each(one.member, Ok(std::mem::take(&mut one.bytes)));
                }
                !whole
            });
        },
    };
    let begun = begun.into_iter().map(|one| (one.member, one.bytes.len()));
    for (member, unpacked) in begun.chain(waiting.map(|member| (member, 0))) {
        let early = || CabinetError::EndsEarly { unpacked: unpacked as u64, declared: member.size };
        match &end {
            // An empty member at the folder's end lacks nothing.
            None if member.size == 0 => each(member, Ok(Vec::new())),
            None => each(member, Err(early())),
            Some(error) => each(member, Err(error.clone())),
        }
    }
}

/// Whether there is room for a member beside those that share its bytes, and those before it.
fn room(member: &Member, shared: u64, given: u64) -> Result<(), CabinetError> {
    let size = u64::from(member.size);
    let what = match shared {
        _ if shared + size <= u64::from(MAX_MEMBER_BYTES) && given + size <= MAX_UNPACKED_BYTES => return Ok(()),
        0 if size > u64::from(MAX_MEMBER_BYTES) => {
            format!("a member of {size} bytes, the limit is {MAX_MEMBER_BYTES}")
        }
        _ if given + size > MAX_UNPACKED_BYTES => {
            format!("the cabinet's members have more than {MAX_UNPACKED_BYTES} bytes altogether")
        }
        _ => format!("members that lie upon each other have more than {MAX_MEMBER_BYTES} bytes"),
    };
    Err(CabinetError::TooLarge { what })
}
