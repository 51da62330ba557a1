//! Reads a text line by line; only the current line is held in memory.

use std::io::{self, BufRead, BufReader, Read};

use crate::inventory::document::{Meter, TextReader};

/// The lines of a text, and the rest after them; line ends are `\n`.
pub(super) struct Lines<'t> {
    reader: BufReader<UnixLines<TextReader<'t>>>,
    meter: Meter,
    line: String,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: TextReader<'t>) -> Self {
        let meter = text.meter();
        Self { reader: BufReader::new(UnixLines { text, has_return: false }), meter, line: String::new() }
    }

    /// The next line, without its end; `None` after the last.
    ///
    /// # Errors
    /// An I/O error, or a line that is too long.
    pub(super) fn next(&mut self) -> io::Result<Option<&str>> {
        self.meter.next_value();
        self.line.clear();
        if self.reader.read_line(&mut self.line)? == 0 {
            return Ok(None);
        }
        Ok(Some(self.line.strip_suffix('\n').unwrap_or(&self.line)))
    }

    /// The rest after the lines that were read, and the counter of its records.
    pub(super) fn rest(self) -> (impl Read + use<'t>, Meter) {
        (self.reader, self.meter)
    }
}

/// A text with line ends `\r\n` or `\n`, converted to `\n`.
struct UnixLines<R> {
    text: R,
    /// A `\r` was read, but not yet returned.
    has_return: bool,
}

impl<R: BufRead> Read for UnixLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let text = self.text.fill_buf()?;
            if std::mem::take(&mut self.has_return) && text.first() != Some(&b'\n') {
                buffer[0] = b'\r';
                return Ok(1);
            }
            let piece = &text[..text.len().min(buffer.len())];
            match memchr::memchr(b'\r', piece) {
                Some(0) => {
                    self.has_return = true;
                    self.text.consume(1);
                }
                end => {
                    let count = end.unwrap_or(piece.len());
                    buffer[..count].copy_from_slice(&piece[..count]);
                    self.text.consume(count);
                    return Ok(count);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_before_line_ends_are_left_out_wherever_the_buffer_ends() {
        for (text, lines) in [("a\r\nb\n\r\nc\r", "a\nb\n\nc\r"), ("\r\r\n\r", "\r\n\r"), ("", ""), ("\r\n", "\n")] {
            for size in 1..6 {
                let mut read = String::new();
                let mut reader = UnixLines { text: BufReader::with_capacity(size, text.as_bytes()), has_return: false };
                reader.read_to_string(&mut read).unwrap();
                assert_eq!(read, lines, "{size}");
            }
        }
    }
}
