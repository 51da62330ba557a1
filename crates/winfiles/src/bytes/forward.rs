//! Positioned reads of bytes that can only be produced from front to back, such as unpacked ones.

use std::cell::RefCell;
use std::fmt;
use std::io;

use super::ReadAt;

/// At least this many bytes before the farthest read are kept; a read from before them begins anew. A stream of this
/// size or less is kept whole.
const WINDOW_BYTES: usize = 1 << 20;
/// Filled by one pass: far less than is kept.
const PIECE_BYTES: usize = 64 << 10;

/// Bytes that are produced from front to back.
pub trait Stream {
    /// Why they cannot be produced.
    type Error: Clone + fmt::Display;

    /// The next bytes, perhaps none; `None` after the last.
    ///
    /// # Errors
    /// Damage, limits; after an error no more bytes are requested.
    fn next(&mut self) -> Result<Option<&[u8]>, Self::Error>;

    /// Begins anew, with the first byte.
    ///
    /// # Errors
    /// Limits.
    fn restart(&mut self) -> Result<(), Self::Error>;
}

/// A stream that is read at any offset. It keeps no more than twice a window (1 MB) and one piece of the stream.
pub struct Forward<T: Stream>(RefCell<State<T>>);

struct State<T: Stream> {
    stream: T,
    /// The bytes that were produced last.
    window: Vec<u8>,
    /// The offset of the window's first byte.
    start: u64,
    ended: bool,
    error: Option<T::Error>,
}

impl<T: Stream> Forward<T> {
    /// A stream of which nothing has been read yet.
    pub fn new(stream: T) -> Self {
        Self(RefCell::new(State { stream, window: Vec::new(), start: 0, ended: false, error: None }))
    }

    /// Goes on until everything before `end` was produced. Returns how far it got: less if the stream ends before.
    ///
    /// # Errors
    /// Why the bytes before `end` cannot be produced; the error is permanent.
    pub fn reach(&self, end: u64) -> Result<u64, T::Error> {
        self.0.borrow_mut().reach(end)
    }

    fn piece(&self, buffer: &mut [u8], offset: u64) -> Result<usize, T::Error> {
        let state = &mut *self.0.borrow_mut();
        if offset < state.start {
            state.restart()?;
        }
        state.reach(offset.saturating_add(buffer.len() as u64))?;
        let skip = usize::try_from(offset - state.start).unwrap_or(usize::MAX);
        let held = state.window.get(skip..).unwrap_or_default();
        let count = held.len().min(buffer.len());
        buffer[..count].copy_from_slice(&held[..count]);
        Ok(count)
    }
}

impl<T: Stream> State<T> {
    fn reach(&mut self, end: u64) -> Result<u64, T::Error> {
        while self.position() < end && !self.ended {
            if let Some(error) = &self.error {
                return Err(error.clone());
            }
            match self.stream.next() {
                Ok(Some(piece)) => {
                    if self.window.len() >= 2 * WINDOW_BYTES {
                        let gone = self.window.len() - WINDOW_BYTES;
                        self.window.drain(..gone);
                        self.start += gone as u64;
                    }
                    self.window.extend_from_slice(piece);
                }
                Ok(None) => self.ended = true,
                Err(error) => self.error = Some(error),
            }
        }
        Ok(self.position())
    }

    fn restart(&mut self) -> Result<(), T::Error> {
        if let Err(error) = self.stream.restart() {
            self.error = Some(error.clone());
            return Err(error);
        }
        self.window.clear();
        (self.start, self.ended, self.error) = (0, false, None);
        Ok(())
    }

    /// How many bytes were produced.
    fn position(&self) -> u64 {
        self.start + self.window.len() as u64
    }
}

impl<T: Stream> Forward<T> {
    /// Fills the buffer from an offset, as far as the stream has bytes.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn read(&self, buffer: &mut [u8], offset: u64) -> Result<usize, T::Error> {
        let mut filled = 0;
        for piece in buffer.chunks_mut(PIECE_BYTES) {
            let count = self.piece(piece, offset.saturating_add(filled as u64))?;
            filled += count;
            if count < piece.len() {
                break;
            }
        }
        Ok(filled)
    }
}

/// All bytes of a source, `most` at the most; the first error ends the read.
pub fn whole(source: &(impl ReadAt + ?Sized), most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() < most {
        let start = bytes.len();
        bytes.resize(start + PIECE_BYTES.min(most - start), 0);
        let count = source.read_at(&mut bytes[start..], start as u64)?;
        let asked = bytes.len() - start;
        bytes.truncate(start + count);
        if count < asked {
            break;
        }
    }
    Ok(bytes)
}
