//! The text of a source, as programs save it: UTF-8, with or without a byte order mark, or UTF-16 with one, as Windows PowerShell
//! writes it. A packed file is refused.

use std::io::{self, BufRead, BufReader, Read};

use crate::error::{FactsError, Place};

/// The first bytes of packed files, and what these are.
const PACKED: [(&[u8], &str); 6] = [
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"BZh", "a bzip2 file"),
    (b"7z\xbc\xaf", "a 7z file"),
];
const UNPACK: &str = "unpack it first";

const UTF_8: &[u8] = b"\xef\xbb\xbf";

/// A source as UTF-8 without a byte order mark.
pub(crate) enum Text<R> {
    Utf8(R),
    Utf16(BufReader<Utf16<R>>),
}

/// The text of a source.
///
/// # Errors
/// The source is packed, or its beginning cannot be read.
pub(crate) fn open<R: BufRead>(name: &str, mut input: R) -> Result<Text<R>, FactsError> {
    let unreadable =
        |error: io::Error| FactsError::new(name, Place::Whole, "a file that can be read", error.to_string());
    let head = input.fill_buf().map_err(unreadable)?;
    if let Some((_, what)) = PACKED.iter().find(|(signature, _)| head.starts_with(signature)) {
        return Err(FactsError::new(name, Place::Whole, "a text", *what).advise(UNPACK));
    }
    let (is_utf_8, is_little, is_big) =
        (head.starts_with(UTF_8), head.starts_with(b"\xff\xfe"), head.starts_with(b"\xfe\xff"));
    if is_little || is_big {
        input.consume(2);
        let decoder = Utf16 { input, is_big, left: Vec::new(), high: None };
        return Ok(Text::Utf16(BufReader::new(decoder)));
    }
    if is_utf_8 {
        input.consume(UTF_8.len());
    }
    Ok(Text::Utf8(input))
}

impl<R: BufRead> Read for Text<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Utf8(input) => input.read(buf),
            Self::Utf16(input) => input.read(buf),
        }
    }
}

impl<R: BufRead> BufRead for Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Utf8(input) => input.fill_buf(),
            Self::Utf16(input) => input.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Utf8(input) => input.consume(amount),
            Self::Utf16(input) => input.consume(amount),
        }
    }
}

/// Decodes UTF-16 while it is read.
pub(crate) struct Utf16<R> {
    input: R,
    is_big: bool,
    /// Decoded bytes for which there was no room.
    left: Vec<u8>,
    /// The first half of a character of two units.
    high: Option<u16>,
}

impl<R: Read> Utf16<R> {
    /// The next unit; `None` at the end.
    fn unit(&mut self) -> io::Result<Option<u16>> {
        let mut bytes = [0; 2];
        let mut read = 0;
        while read < bytes.len() {
            match self.input.read(&mut bytes[read..]) {
                Ok(0) if read == 0 => return Ok(None),
                Ok(0) => return Err(invalid()),
                Ok(count) => read += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(if self.is_big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }))
    }

    /// The next character; `None` at the end.
    fn character(&mut self) -> io::Result<Option<char>> {
        let Some(unit) = self.unit()? else {
            return if self.high.is_some() { Err(invalid()) } else { Ok(None) };
        };
        match self.high.take() {
            None if (0xd800..0xdc00).contains(&unit) => {
                self.high = Some(unit);
                self.character()
            }
            None => char::decode_utf16([unit]).next().and_then(Result::ok).map(Some).ok_or_else(invalid),
            Some(high) => char::decode_utf16([high, unit]).next().and_then(Result::ok).map(Some).ok_or_else(invalid),
        }
    }
}

fn invalid() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "invalid UTF-16: save the file as UTF-8")
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.left.len() < buf.len() {
            let Some(character) = self.character()? else { break };
            self.left.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        let count = self.left.len().min(buf.len());
        buf[..count].copy_from_slice(&self.left[..count]);
        self.left.drain(..count);
        Ok(count)
    }
}
