//! The bytes of an inventory -> its text, read as a stream: unpacked (gzip, Zstandard), decoded, and again from the beginning
//! as often as a reader needs.
//!
//! Nothing is held but a window of the packing and [`MAX_VALUE_BYTES`] of one value. What the text means is no matter here.

mod decode;
mod unpack;

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

use decode::{Decoded, Encoding, Utf8};

/// The largest single value of a stream: a record, a line, a text, the list of recorded names. Whoever reads it holds it.
pub const MAX_VALUE_BYTES: u64 = 64 << 20;

/// So much is read at once.
const BUFFER_BYTES: usize = 1 << 16;
/// The longest mark of an encoding.
const MARK_BYTES: u64 = 4;
/// So much of a document tells what it is.
pub(super) const HEAD_BYTES: usize = 1 << 16;

/// The bytes of an inventory, packed or not.
#[derive(Clone, Copy)]
pub enum Document<'a> {
    /// In memory.
    Bytes(&'a [u8]),
    /// Each call opens it at its beginning.
    Stream(&'a dyn Fn() -> io::Result<Box<dyn Read + 'a>>),
}

/// The text of a document in one encoding.
pub(super) struct Texts<'a> {
    document: Document<'a>,
    /// All of it, where it is in memory and not packed.
    whole: Option<Cow<'a, str>>,
    /// Bytes that are not UTF-8 are of Windows-1252.
    is_windows_1252: bool,
    /// A stream was taken for UTF-8 and is not.
    is_not_utf8: Rc<Cell<bool>>,
}

/// A text from its beginning to its end.
pub(super) struct TextReader<'a> {
    bytes: Box<dyn BufRead + 'a>,
    meter: Meter,
}

/// Counts the bytes of the value that is being read.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter(Rc<Cell<u64>>);

impl Meter {
    /// The next value begins.
    pub(super) fn next_value(&self) {
        self.0.set(0);
    }
}

impl<'a> Document<'a> {
    /// Calls `read` with the text. UTF-8, UTF-16 (with its mark, or shown by its zeros), else Windows-1252: what is found not
    /// to be UTF-8 only on the way is read once more from its beginning.
    ///
    /// # Errors
    /// Those of `read`; the system's, damaged packing.
    pub(super) fn read<T, E: From<io::Error>>(&self, read: impl Fn(&Texts<'_>) -> Result<T, E>) -> Result<T, E> {
        let whole = match self {
            Self::Bytes(bytes) if !unpack::is_packed(bytes) => Some(decode::whole(bytes)),
            _ => None,
        };
        let texts = Texts { document: *self, whole, is_windows_1252: false, is_not_utf8: Rc::default() };
        match read(&texts) {
            Err(_) if texts.is_not_utf8.get() => {
                read(&Texts { is_windows_1252: true, is_not_utf8: Rc::default(), ..texts })
            }
            read => read,
        }
    }

    fn open(&self) -> io::Result<Box<dyn BufRead + '_>> {
        let bytes: Box<dyn Read + '_> = match self {
            Self::Bytes(bytes) => Box::new(*bytes),
            Self::Stream(open) => open()?,
        };
        unpack::unpacked(BufReader::with_capacity(BUFFER_BYTES, bytes))
    }
}

impl Texts<'_> {
    /// All of the text, where it is in memory.
    pub(super) fn whole(&self) -> Option<&str> {
        self.whole.as_deref()
    }

    /// The text from its beginning.
    ///
    /// # Errors
    /// The system's, damaged packing.
    pub(super) fn open(&self) -> io::Result<TextReader<'_>> {
        let meter = Meter::default();
        if let Some(text) = &self.whole {
            return Ok(TextReader { bytes: Box::new(text.as_bytes()), meter });
        }
        let mut bytes = self.document.open()?;
        // A pipe may give its first byte alone.
        let mut head = Vec::with_capacity(MARK_BYTES as usize);
        bytes.by_ref().take(MARK_BYTES).read_to_end(&mut head)?;
        let text: Box<dyn Read + '_> = match Encoding::of(&head, self.is_windows_1252) {
            Encoding::Utf8 => Box::new(Utf8::new(Cursor::new(head).chain(bytes), Rc::clone(&self.is_not_utf8))),
            Encoding::Other { encoding, mark } => {
                let mut bytes = Cursor::new(head).chain(bytes);
                bytes.consume(mark);
                Box::new(Decoded::new(bytes, encoding))
            }
        };
        let metered = Metered { bytes: text, meter: meter.clone() };
        Ok(TextReader { bytes: Box::new(BufReader::with_capacity(BUFFER_BYTES, metered)), meter })
    }

    /// The beginning of the text: some [`HEAD_BYTES`] of it, without blanks before it.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub(super) fn head(&self) -> io::Result<String> {
        if let Some(text) = &self.whole {
            let text = text.trim_start();
            return Ok(text[..text.floor_char_boundary(HEAD_BYTES)].to_owned());
        }
        let mut reader = self.open()?;
        let mut head = Vec::new();
        loop {
            // A whole text of blanks is read through, and not held.
            reader.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
            let read = head.len();
            head.drain(..head.len() - head.trim_ascii_start().len());
            reader.meter.next_value();
            if read == 0 || !head.is_empty() {
                break;
            }
        }
        reader.take(HEAD_BYTES.saturating_sub(head.len()) as u64).read_to_end(&mut head)?;
        // A character that is cut says nothing.
        let text = match String::from_utf8(head) {
            Ok(text) => text,
            Err(cut) => String::from_utf8_lossy(cut.as_bytes()).into_owned(),
        };
        Ok(text.trim_start().to_owned())
    }
}

impl TextReader<'_> {
    /// What counts the bytes of a value.
    pub(super) fn meter(&self) -> Meter {
        self.meter.clone()
    }
}

impl Read for TextReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

impl BufRead for TextReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.bytes.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.bytes.consume(count);
    }
}

struct Metered<R> {
    bytes: R,
    meter: Meter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let value = self.meter.0.get() + count as u64;
        self.meter.0.set(value);
        // What is in the buffer may belong to other values.
        if value > MAX_VALUE_BYTES + BUFFER_BYTES as u64 {
            return Err(io::Error::other(format!("one value of it is larger than {MAX_VALUE_BYTES} bytes")));
        }
        Ok(count)
    }
}
