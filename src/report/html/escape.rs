//! Escapes text from outside in HTML, and in JSON inside HTML, so that it contains no markup and no hidden characters.

use std::fmt;
use std::io;

use askama::filters::{Escaper, Html};
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};

use super::super::RenderError;
use super::super::text::is_hidden;

/// The filter for every value in a template (see `askama.toml`): in text and quoted attributes it is only text, with
/// hidden characters as `\u{1b}`.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::report) struct Text;

impl Escaper for Text {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, string: &str) -> fmt::Result {
        let mut rest = string;
        while let Some((place, c)) = rest.char_indices().find(|&(_, c)| must_not_stand(c)) {
            Html.write_escaped_str(&mut dest, &rest[..place])?;
            write!(dest, "\\u{{{:x}}}", u32::from(c))?;
            rest = &rest[place + c.len_utf8()..];
        }
        Html.write_escaped_str(dest, rest)
    }
}

/// True for hidden characters, and code points that HTML forbids.
fn must_not_stand(c: char) -> bool {
    let code = u32::from(c);
    is_hidden(c) || (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}

/// JSON that is safe in a `script` element: strings can neither end it nor begin a comment in it, and hidden characters
/// are escaped as in the rest of the page.
///
/// # Errors
/// Only if the value cannot be expressed as JSON.
pub(in crate::report) fn json(value: &impl Serialize) -> Result<String, RenderError> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Embedded))?;
    // JSON is UTF-8, and so is all that the formatter writes.
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

struct Embedded;

impl Formatter for Embedded {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((place, c)) = rest.char_indices().find(|&(_, c)| c == '<' || must_not_stand(c)) {
            writer.write_all(&rest.as_bytes()[..place])?;
            if c == '<' {
                writer.write_all(b"\\u003c")?;
            } else {
                write!(writer, "\\\\u{{{:x}}}", u32::from(c))?;
            }
            rest = &rest[place + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        let control = match escape {
            CharEscape::Quote => return writer.write_all(b"\\\""),
            CharEscape::ReverseSolidus => return writer.write_all(b"\\\\"),
            CharEscape::Solidus => return writer.write_all(b"/"),
            CharEscape::Backspace => 0x08,
            CharEscape::FormFeed => 0x0c,
            CharEscape::LineFeed => 0x0a,
            CharEscape::CarriageReturn => 0x0d,
            CharEscape::Tab => 0x09,
            CharEscape::AsciiControl(byte) => byte,
        };
        write!(writer, "\\\\u{{{control:x}}}")
    }
}
