//! A reader that gives up where one item of a source is longer than any real one: broken input must not fill the memory.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// The most bytes of one item: the longest note of a CVRF document has some 300 KB.
pub(crate) const MAX_ITEM: u64 = 16 << 20;

/// The most bytes of one field that is kept; the longest real one, a list of replaced updates, has some 3,000.
pub(crate) const MAX_FIELD: usize = 64 << 10;

/// Says that an item has been read, so that the next one may be as long again.
#[derive(Clone, Default)]
pub(crate) struct Progress(Rc<Cell<u64>>);

impl Progress {
    pub(crate) fn item_done(&self) {
        self.0.set(0);
    }
}

/// A reader of which no item may be longer than [`MAX_ITEM`].
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
        // What is too much is said by the next fill_buf.
        self.since.0.set(self.since.0.get() + amount as u64);
        self.inner.consume(amount);
    }
}
