//! Reads the text of an inventory as a stream: unpacks it (gzip, Zstandard), decodes it, and starts again from the
//! beginning as often as a reader needs.
//!
//! In memory it keeps only a window of the compression and at most [`MAX_VALUE_BYTES`] of one value. It does not
//! interpret the text.

mod decode;
mod unpack;

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

use decode::{Decoded, Encoding, Utf8};

/// The largest single value of a stream: a record, a line, a text, the list of recorded names. A reader holds it in
/// memory.
pub const MAX_VALUE_BYTES: u64 = 64 << 20;

/// How many bytes are read at once.
const BUFFER_BYTES: usize = 1 << 16;
/// The longest byte order mark.
const MARK_BYTES: u64 = 4;
/// The size of the beginning by which the format of a document is recognised.
pub(super) const HEAD_BYTES: usize = 1 << 16;

/// The bytes of an inventory, packed or not.
#[derive(Clone, Copy)]
pub enum Document<'a> {
    /// In memory.
    Bytes(&'a [u8]),
    /// In memory, not packed and decoded.
    Text(&'a str),
    /// A function that opens it at its beginning.
    Stream(&'a dyn Fn() -> io::Result<Box<dyn Read + 'a>>),
}

/// The text of a document in one encoding.
pub(super) struct Texts<'a> {
    document: Document<'a>,
    /// The whole text, if it is in memory and not packed.
    whole: Option<Cow<'a, str>>,
    /// Bytes that are not UTF-8 are read as Windows-1252.
    is_windows_1252: bool,
    /// A stream was read as UTF-8, but is not.
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
    /// Begins the next value.
    pub(super) fn next_value(&self) {
        self.0.set(0);
    }
}

impl<'a> Document<'a> {
    /// Calls `read` with the text, decoded from UTF-8, UTF-16 (with a mark, or recognised by its zeros) or
    /// Windows-1252. If a byte in the stream turns out not to be UTF-8, the text is read again from its beginning.
    ///
    /// # Errors
    /// Those of `read`; an I/O error, or damaged packing.
    /// Those of `read`; the system's, damaged packing.
    pub(super) fn read<T, E: From<io::Error>>(&self, read: impl Fn(&Texts<'_>) -> Result<T, E>) -> Result<T, E> {
        let whole = match self {
            Self::Bytes(bytes) if !unpack::is_packed(bytes) => Some(decode::whole(bytes)),
            Self::Text(text) => Some(Cow::Borrowed(*text)),
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
            Self::Text(text) => Box::new(text.as_bytes()),
            Self::Stream(open) => open()?,
        };
        unpack::unpacked(BufReader::with_capacity(BUFFER_BYTES, bytes))
    }
}

impl Texts<'_> {
    /// The whole text, if it is in memory.
    pub(super) fn whole(&self) -> Option<&str> {
        self.whole.as_deref()
    }

    /// The text from its beginning.
    ///
    /// # Errors
    /// An I/O error, or damaged packing.
    pub(super) fn open(&self) -> io::Result<TextReader<'_>> {
        let meter = Meter::default();
        if let Some(text) = &self.whole {
            return Ok(TextReader { bytes: Box::new(text.as_bytes()), meter });
        }
        let mut bytes = self.document.open()?;
        // A pipe may deliver its first byte alone.
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

    /// The beginning of the text: about [`HEAD_BYTES`] of it, without leading blanks.
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
            // A text that consists of blanks is read through, but not held in memory.
            reader.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
            let read = head.len();
            head.drain(..head.len() - head.trim_ascii_start().len());
            reader.meter.next_value();
            if read == 0 || !head.is_empty() {
                break;
            }
        }
        reader.take(HEAD_BYTES.saturating_sub(head.len()) as u64).read_to_end(&mut head)?;
        // A character that is cut off is ignored.
        let text = match String::from_utf8(head) {
            Ok(text) => text,
            Err(cut) => String::from_utf8_lossy(cut.as_bytes()).into_owned(),
        };
        Ok(text.trim_start().to_owned())
    }
}

impl TextReader<'_> {
    /// The counter of the bytes of a value.
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
        // The bytes in the buffer may belong to other values.
        if value > MAX_VALUE_BYTES + BUFFER_BYTES as u64 {
            return Err(io::Error::other(format!("one value of it is larger than {MAX_VALUE_BYTES} bytes")));
        }
        Ok(count)
    }
}
