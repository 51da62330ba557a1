//! A reader that fails if one item of a source is longer than any real one: broken input must not fill the memory.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// The most bytes of one item. The longest note of a CVRF document has some 300 KB.
pub(crate) const MAX_ITEM: u64 = 16 << 20;

/// The most bytes of one field that is kept. The longest real one, a list of replaced updates, has some 3,000.
pub(crate) const MAX_FIELD: usize = 64 << 10;

/// Marks the end of an item, so that the limit applies anew to the next one.
#[derive(Clone, Default)]
pub(crate) struct Progress(Rc<Cell<u64>>);

impl Progress {
    pub(crate) fn item_done(&self) {
        self.0.set(0);
    }
}

/// A reader that allows no item longer than [`MAX_ITEM`].
pub(crate) struct Bounded<R> {
    inner: R,
    since: Progress,
}

impl<R> Bounded<R> {
    pub(crate) fn new(inner: R) -> (Self, Progress) {
        let since = Progress::default();
        (Self { inner, since: since.clone() }, since)
    }

    fn passed(&self, bytes: usize) -> io::Result<()> {
        let since = self.since.0.get() + bytes as u64;
        self.since.0.set(since);
        if since > MAX_ITEM {
            return Err(io::Error::other(format!("an item of more than {} MB", MAX_ITEM >> 20)));
        }
        Ok(())
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.passed(read)?;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.passed(0)?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // The next `fill_buf` reports the excess.
        self.since.0.set(self.since.0.get() + amount as u64);
        self.inner.consume(amount);
    }
}
