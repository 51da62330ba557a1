//! The members of a cabinet, one after another, each read without being unpacked whole.

use std::io;
use std::rc::Rc;

use super::blocks::Blocks;
use super::budget::Budget;
use super::header::{Cabinet, Member, Place};
use super::{Allowance, CabinetError, MAX_MEMBER_BYTES};
use crate::bytes::ReadAt;
use crate::bytes::forward::{Forward, whole};

type Folder<'c, S> = Result<Forward<Blocks<'c, S>>, CabinetError>;

impl<S: ReadAt> Cabinet<S> {
    /// The members that `wanted` accepts, ordered by folder and by offset in it. Each can be read as far as it is
    /// needed; no member is held whole. Damage ends its folder, not the others.
    pub fn read(&self, wanted: impl Fn(&Member) -> bool) -> Members<'_, S> {
        Members::new(self, self.members.iter().filter(|member| wanted(member)).collect(), Budget::new(None))
    }

    /// As [`Self::read`], within an allowance that several cabinets share, in bytes.
    pub fn read_within(&self, shared: &Rc<Allowance>, wanted: impl Fn(&Member) -> bool) -> Members<'_, S> {
        let budget = Budget::new(Some(shared.clone()));
        Members::new(self, self.members.iter().filter(|member| wanted(member)).collect(), budget)
    }

    /// Unpacks the members that [`read`](Self::read) gives; `each` gets them whole, or the reason why they cannot be
    /// read.
    pub fn unpack(
        &self,
        wanted: impl Fn(&Member) -> bool,
        mut each: impl FnMut(&Member, Result<Vec<u8>, CabinetError>),
    ) {
        let mut members = self.read(wanted);
        while let Some(open) = members.advance() {
            each(open.member(), open.bytes());
        }
    }
}

/// Members of a cabinet, ordered by folder and by offset in it: see [`Cabinet::read`].
pub struct Members<'c, S: ReadAt> {
    cabinet: &'c Cabinet<S>,
    waiting: std::vec::IntoIter<&'c Member>,
    budget: Rc<Budget>,
    /// The folder of the last member.
    folder: Option<(Place, Folder<'c, S>)>,
}

impl<'c, S: ReadAt> Members<'c, S> {
    pub(super) fn new(cabinet: &'c Cabinet<S>, mut members: Vec<&'c Member>, budget: Budget) -> Self {
        members.sort_by_key(|member| (member.folder, member.offset));
        Self { cabinet, waiting: members.into_iter(), budget: Rc::new(budget), folder: None }
    }

    /// The next member, ready to be read.
    pub fn advance(&mut self) -> Option<OpenMember<'_, 'c, S>> {
        let member = self.waiting.next()?;
        let folder = match self.folder.take() {
            Some((place, folder)) if place == member.folder => folder,
            _ => {
                let folder = self.cabinet.folder_of(member);
                folder.and_then(|folder| Blocks::new(self.cabinet, folder, self.budget.clone())).map(Forward::new)
            }
        };
        let refused = self.budget.member(member.size).err();
        let (_, folder) = self.folder.insert((member.folder, folder));
        Some(OpenMember { member, folder, refused })
    }
}

/// A member whose bytes can be read at any offset. Reads that go forward are cheap. A read that goes back by more than
/// a megabyte unpacks the member's folder anew, which is limited for all members together.
pub struct OpenMember<'m, 'c, S: ReadAt> {
    member: &'c Member,
    folder: &'m Folder<'c, S>,
    /// Why it is not read, independent of its folder's data.
    refused: Option<CabinetError>,
}

impl<'m, 'c, S: ReadAt> OpenMember<'m, 'c, S> {
    /// The member as the directory lists it.
    pub fn member(&self) -> &'c Member {
        self.member
    }

    fn folder(&self) -> Result<&'m Forward<Blocks<'c, S>>, CabinetError> {
        match &self.refused {
            Some(error) => Err(error.clone()),
            None => self.folder.as_ref().map_err(CabinetError::clone),
        }
    }

    /// Unpacks the rest of it.
    ///
    /// # Errors
    /// Why it cannot be read whole: then nothing that was read of it may be used.
    pub fn finish(&self) -> Result<(), CabinetError> {
        let folder = self.folder()?;
        let (start, size) = (u64::from(self.member.offset), u64::from(self.member.size));
        // An empty member is at a position of its folder that must be readable.
        let reached = folder.reach(start + size.max(1))?;
        if size == 0 || reached >= start + size {
            return Ok(());
        }
        Err(CabinetError::EndsEarly { unpacked: reached.saturating_sub(start), declared: self.member.size })
    }

    /// All of its bytes.
    ///
    /// # Errors
    /// As [`finish`](Self::finish); `TooLarge` for more than [`MAX_MEMBER_BYTES`].
    pub fn bytes(&self) -> Result<Vec<u8>, CabinetError> {
        if self.folder().is_ok() && self.member.size > MAX_MEMBER_BYTES {
            let what = format!("a member of {} bytes, the limit is {MAX_MEMBER_BYTES}", self.member.size);
            return Err(CabinetError::TooLarge { what });
        }
        let bytes = whole(self, self.member.size as usize);
        self.finish()?;
        bytes.map_err(|error| CabinetError::Io(error.to_string()))
    }
}

impl<S: ReadAt> ReadAt for OpenMember<'_, '_, S> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let failed = |error: CabinetError| io::Error::other(error.to_string());
        let folder = self.folder().map_err(failed)?;
        let left = u64::from(self.member.size).saturating_sub(offset);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        if count == 0 {
            return Ok(0);
        }
        folder.read(&mut buffer[..count], u64::from(self.member.offset) + offset).map_err(failed)
    }

    /// As the directory states it.
    fn size(&self) -> io::Result<u64> {
        Ok(self.member.size.into())
    }
}
