//! A limit on the attributes of a tag, which the HTML tokenizer lacks: hostile pages would exhaust the stack.

use std::cell::Cell as Counter;
use std::rc::Rc;

use html5gum::{Readable, Reader, StringReader};

/// The most attributes in double quotes of one tag. The tokenizer recurses once for each, so a large number would
/// exhaust the stack. Tags of real pages have a dozen.
const MAX_ATTRIBUTES: usize = 100;

/// A tag has more attributes than [`MAX_ATTRIBUTES`].
#[derive(Debug, thiserror::Error)]
#[error("a tag with more than {MAX_ATTRIBUTES} attributes")]
pub(super) struct TooManyAttributes;

/// A text for the tokenizer that counts the double quotes at the end of values, and refuses more than a tag may have.
pub(super) struct Limited<'a> {
    text: StringReader<'a>,
    /// Quotes since the last token.
    quotes: Rc<Counter<usize>>,
}

impl<'a> Limited<'a> {
    /// `quotes` counts those since the last token; the caller resets it after each token.
    pub(super) fn new(text: &'a str, quotes: &Rc<Counter<usize>>) -> Self {
        Self { text: text.to_reader(), quotes: Rc::clone(quotes) }
    }
}

impl Reader for Limited<'_> {
    type Error = TooManyAttributes;

    fn read_byte(&mut self) -> Result<Option<u8>, TooManyAttributes> {
        let Ok(byte) = self.text.read_byte();
        Ok(byte)
    }

    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, TooManyAttributes> {
        let Ok(found) = self.text.try_read_string(text, case_sensitive);
        Ok(found)
    }

    fn read_until<'b>(
        &'b mut self,
        needle: &[u8],
        buffer: &'b mut [u8; 4],
    ) -> Result<Option<&'b [u8]>, TooManyAttributes> {
        let Ok(read) = self.text.read_until(needle, buffer);
        if read == Some(b"\"") {
            self.quotes.set(self.quotes.get() + 1);
            if self.quotes.get() > MAX_ATTRIBUTES {
                return Err(TooManyAttributes);
            }
        }
        Ok(read)
    }
}
