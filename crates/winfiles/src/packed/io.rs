//! The packed bytes, read in pieces, and the unpacked ones, kept within bounds.

use super::{MAX_UNPACKED, PackedError};
use crate::bytes::ReadAt;

/// Size of one positioned read.
const PIECE_BYTES: usize = 64 << 10;
/// How far back later bytes can repeat: the farthest match of MSZIP. The other methods keep their own history.
const HISTORY_BYTES: usize = 32 << 10;

/// The bytes of a file from some offset on.
pub(super) struct Input<'s, S: ReadAt + ?Sized> {
    source: &'s S,
    /// The offset in the file of the first byte after the buffer.
    next: u64,
    buffer: Vec<u8>,
    at: usize,
}

impl<'s, S: ReadAt + ?Sized> Input<'s, S> {
    pub(super) fn new(source: &'s S, offset: u64) -> Self {
        Self { source, next: offset, buffer: Vec::new(), at: 0 }
    }

    /// The offset in the file of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.next - (self.buffer.len() - self.at) as u64
    }

    /// The next byte; `None` at the end of the file.
    pub(super) fn byte(&mut self) -> Result<Option<u8>, PackedError> {
        if self.at == self.buffer.len() {
            self.refill()?;
        }
        let byte = self.buffer.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    /// Up to `most` of the next bytes; none at the end of the file.
    pub(super) fn piece(&mut self, most: usize) -> Result<&[u8], PackedError> {
        if self.at == self.buffer.len() {
            self.refill()?;
        }
        let start = self.at;
        self.at = self.buffer.len().min(start + most);
        Ok(&self.buffer[start..self.at])
    }

    /// The next bytes; `None` if the file ends before the last of them.
    pub(super) fn array<const N: usize>(&mut self) -> Result<Option<[u8; N]>, PackedError> {
        let mut bytes = [0; N];
        for place in &mut bytes {
            let Some(byte) = self.byte()? else { return Ok(None) };
            *place = byte;
        }
        Ok(Some(bytes))
    }

    /// The next bytes of a header; the end of the file is an error.
    pub(super) fn header<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], PackedError> {
        let offset = self.offset();
        self.array()?.ok_or(PackedError::Truncated { what: what.into(), offset })
    }

    fn refill(&mut self) -> Result<(), PackedError> {
        self.buffer.resize(PIECE_BYTES, 0);
        self.at = 0;
        let read = self.source.read_at(&mut self.buffer, self.next);
        let count = read.as_ref().map_or(0, |&count| count.min(PIECE_BYTES));
        self.buffer.truncate(count);
        self.next = self.next.saturating_add(count as u64);
        read.map(|_| ()).map_err(|error| PackedError::Io(error.to_string()))
    }
}

/// The unpacked bytes. Those that were taken are kept only as far back as later bytes can repeat them.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// The bytes that were taken last, then those not taken yet.
    bytes: Vec<u8>,
    /// How many of these were taken.
    taken: usize,
    /// How many were dropped.
    gone: usize,
    declared: Option<usize>,
}

impl Output {
    /// An output of the size that the header declares, if it declares one.
    ///
    /// # Errors
    /// `TooLarge`.
    pub(super) fn new(declared: Option<u32>) -> Result<Self, PackedError> {
        let declared = declared.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
        if declared.is_some_and(|size| size > MAX_UNPACKED) {
            return Err(PackedError::TooLarge);
        }
        Ok(Self { declared, ..Self::default() })
    }

    /// Empty, as at the beginning.
    pub(super) fn restart(&mut self) {
        *self = Self { declared: self.declared, ..Self::default() };
    }

    fn len(&self) -> usize {
        self.gone + self.bytes.len()
    }

    /// Whether the declared size is reached.
    pub(super) fn is_full(&self) -> bool {
        self.declared == Some(self.len())
    }

    /// How many bytes have not been taken yet.
    pub(super) fn waiting(&self) -> usize {
        self.bytes.len() - self.taken
    }

    /// The bytes since the last call.
    pub(super) fn take(&mut self) -> &[u8] {
        let history = self.taken.min(HISTORY_BYTES);
        let gone = self.taken - history;
        self.bytes.drain(..gone);
        self.gone += gone;
        self.taken = self.bytes.len();
        &self.bytes[history..]
    }

    /// Adds a byte. Bytes that the last match or block has beyond the declared size are dropped.
    ///
    /// # Errors
    /// `TooLarge`, if no size is declared.
    pub(super) fn push(&mut self, byte: u8) -> Result<(), PackedError> {
        if self.is_full() {
            return Ok(());
        }
        if self.len() >= MAX_UNPACKED {
            return Err(PackedError::TooLarge);
        }
        self.bytes.push(byte);
        Ok(())
    }

    /// Lets `write` add up to `room` bytes. It sees the bytes so far as its history and returns how many it added.
    ///
    /// # Errors
    /// Those of `write`; `TooLarge`, if no size is declared.
    pub(super) fn append(
        &mut self,
        room: usize,
        write: impl FnOnce(&mut [u8], usize) -> Result<usize, PackedError>,
    ) -> Result<(), PackedError> {
        let start = self.bytes.len();
        self.bytes.resize(start + room, 0);
        let count = write(&mut self.bytes, start)?.min(room);
        let left = self.declared.map_or(usize::MAX, |declared| declared.saturating_sub(self.gone));
        self.bytes.truncate((start + count).min(left));
        if self.len() > MAX_UNPACKED { Err(PackedError::TooLarge) } else { Ok(()) }
    }

    /// Checks at the end of the input that all bytes are there.
    ///
    /// # Errors
    /// `EndsEarly`, if there are fewer bytes than declared.
    pub(super) fn finish(&self) -> Result<(), PackedError> {
        match self.declared {
            Some(declared) if self.len() < declared => Err(PackedError::EndsEarly { unpacked: self.len(), declared }),
            _ => Ok(()),
        }
    }
}
