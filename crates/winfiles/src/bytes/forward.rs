//! Positioned reads of bytes that can only be had from front to back: those that are unpacked.

use std::cell::RefCell;
use std::fmt;
use std::io;

use super::ReadAt;

/// So many bytes after the farthest read are held at least; a read from before that begins anew. A file of this size or
/// less is held whole.
const WINDOW_BYTES: usize = 1 << 20;
/// Filled by one pass: far less than is held.
const PIECE_BYTES: usize = 64 << 10;

/// Bytes from front to back.
pub trait Stream {
    /// Why they cannot be had.
    type Error: Clone + fmt::Display;

    /// The next bytes, perhaps none; `None` after the last.
    ///
    /// # Errors
    /// Damage, limits; nothing is asked for after that.
    fn next(&mut self) -> Result<Option<&[u8]>, Self::Error>;

    /// Begins anew, with the first byte.
    ///
    /// # Errors
    /// Limits.
    fn restart(&mut self) -> Result<(), Self::Error>;
}

/// A stream that is read at any place. It holds no more than twice a window (1 MB) and one piece of the stream.
pub struct Forward<T: Stream>(RefCell<State<T>>);

struct State<T: Stream> {
    stream: T,
    /// The bytes that were had last.
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

    /// Goes on until everything before `end` was had. The answer is how far it came: less where the stream ends before.
    ///
    /// # Errors
    /// Why what lies before `end` cannot be had, once and for all.
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

    /// How much was had.
    fn position(&self) -> u64 {
        self.start + self.window.len() as u64
    }
}

impl<T: Stream> Forward<T> {
    /// Fills as much of the buffer as there is from an offset.
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

/// All bytes of a source, of which there are at most `most`; the first error ends them.
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
