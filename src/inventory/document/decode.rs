//! Decodes bytes to UTF-8 from the encodings that Windows tools write.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The encoding of a document.
#[derive(Debug)]
pub(super) enum Encoding {
    /// UTF-8 without a byte order mark, as long as all bytes are valid.
    Utf8,
    /// Another encoding; the mark is removed.
    Other { encoding: &'static encoding_rs::Encoding, mark: usize },
}

impl Encoding {
    /// The encoding by the first bytes.
    pub(super) fn of(head: &[u8], is_windows_1252: bool) -> Self {
        if let Some(encoding) = unmarked_utf_16(head) {
            return Self::Other { encoding, mark: 0 };
        }
        if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(head) {
            return Self::Other { encoding, mark };
        }
        if is_windows_1252 { Self::Other { encoding: WINDOWS_1252, mark: 0 } } else { Self::Utf8 }
    }
}

/// Recognises UTF-16 without a mark by its zeros: every inventory begins with an ASCII character.
fn unmarked_utf_16(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match head {
        [first, 0, ..] if *first != 0 => Some(UTF_16LE),
        [0, second, ..] if *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// The text of bytes that are in memory.
pub(super) fn whole(bytes: &[u8]) -> Cow<'_, str> {
    match unmarked_utf_16(bytes) {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0,
        None => hotfixcheck_articles::decode(bytes),
    }
}

/// Bytes that should be UTF-8; the first invalid byte ends the stream.
pub(super) struct Utf8<R> {
    bytes: R,
    /// The beginning of a character that the end of the last buffer cut off.
    cut: Vec<u8>,
    is_not_utf8: Rc<Cell<bool>>,
}

impl<R: Read> Utf8<R> {
    pub(super) fn new(bytes: R, is_not_utf8: Rc<Cell<bool>>) -> Self {
        Self { bytes, cut: Vec::new(), is_not_utf8 }
    }

    /// False for bytes that are not part of a character.
    fn continues(&mut self, mut bytes: &[u8]) -> bool {
        while !self.cut.is_empty()
            && let [first, rest @ ..] = bytes
        {
            self.cut.push(*first);
            bytes = rest;
            match std::str::from_utf8(&self.cut) {
                Ok(_) => self.cut.clear(),
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return false,
            }
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => true,
            Err(error) if error.error_len().is_none() => {
                self.cut = bytes[error.valid_up_to()..].to_vec();
                true
            }
            Err(_) => false,
        }
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let is_cut_short = count == 0 && !buffer.is_empty() && !self.cut.is_empty();
        if is_cut_short || !self.continues(&buffer[..count]) {
            self.is_not_utf8.set(true);
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not UTF-8"));
        }
        Ok(count)
    }
}

/// Bytes of another encoding as UTF-8; invalid ones become U+FFFD.
pub(super) struct Decoded<R> {
    bytes: R,
    decoder: Decoder,
    text: Vec<u8>,
    /// How many bytes of the decoded text were already returned.
    given: usize,
    is_ended: bool,
}

impl<R: BufRead> Decoded<R> {
    pub(super) fn new(bytes: R, encoding: &'static encoding_rs::Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { bytes, decoder, text: Vec::new(), given: 0, is_ended: false }
    }

    /// Decodes the next piece.
    fn advance(&mut self) -> io::Result<()> {
        let bytes = self.bytes.fill_buf()?;
        let is_last = bytes.is_empty();
        let room = self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len());
        self.text.resize(room, 0);
        self.given = 0;
        let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.text, is_last);
        self.text.truncate(written);
        self.bytes.consume(read);
        self.is_ended = is_last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.is_ended {
            self.advance()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text[self.given..][..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of bytes that arrive in blocks of this size.
    fn streamed(bytes: &[u8], piece: usize) -> Result<String, bool> {
        struct Pieces<'b>(&'b [u8], usize);
        impl Read for Pieces<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let count = self.1.min(buffer.len());
                self.0.read(&mut buffer[..count])
            }
        }
        let flag: Rc<Cell<bool>> = Rc::default();
        let mut text = String::new();
        let read = match Encoding::of(bytes, false) {
            Encoding::Utf8 => Utf8::new(Pieces(bytes, piece), Rc::clone(&flag)).read_to_string(&mut text),
            Encoding::Other { encoding, mark } => {
                let pieces = io::BufReader::with_capacity(piece, Pieces(&bytes[mark..], piece));
                Decoded::new(pieces, encoding).read_to_string(&mut text)
            }
        };
        read.map(|_| text).map_err(|_| flag.get())
    }

    #[test]
    fn a_stream_is_decoded_as_the_whole_is() {
        let text = "C:\\Überwachung\\日本\\\u{1f5a5}.dll\r\n";
        let units = || "\u{feff}".chars().chain(text.chars()).collect::<String>();
        let utf_16 = |text: &str, little: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        let forms = [
            text.as_bytes().to_vec(),
            units().into_bytes(),
            utf_16(&units(), true),
            utf_16(&units(), false),
            utf_16(text, true),
            utf_16(text, false),
        ];
        for bytes in &forms {
            for piece in 1..9 {
                assert_eq!(streamed(bytes, piece).as_deref(), Ok(text), "{piece}: {bytes:x?}");
                assert_eq!(whole(bytes), text);
            }
        }
        for broken in [&b"a\xfcb"[..], b"a\xe6\x97", b"\xff"] {
            for piece in 1..4 {
                assert_eq!(streamed(broken, piece), Err(true), "{broken:x?}");
            }
        }
    }
}
