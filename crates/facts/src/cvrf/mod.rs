//! The monthly CVRF documents of the Microsoft Security Response Center, as users download them: XML or JSON.
//!
//! In: the bytes of `2024-Nov.xml` or of the service's JSON. Out: for each article its products, vulnerabilities with
//! rating and exploitation, builds, replaced updates and restart. Texts (descriptions, questions and answers) are not
//! read.

mod document;
mod json;
mod xml;

use std::io::BufRead;

use crate::error::{FactsError, OTHER_FORM, Place, quoted};
use crate::model::Facts;
use crate::text;

/// Reads a document. Its first character shows whether it is XML or JSON.
///
/// # Errors
/// The document is cut off, malformed, or not a CVRF document.
pub fn read(name: &str, input: impl BufRead) -> Result<Facts, FactsError> {
    let mut input = text::open(name, input)?;
    match first_byte(&mut input) {
        Ok(Some(b'<')) => xml::read(name, input),
        Ok(Some(b'{')) => json::read(name, input),
        Ok(found) => {
            let found = found.map_or("an empty file".to_owned(), |byte| quoted(&char::from(byte).to_string()));
            let expected = "a CVRF document: XML ('<') or JSON ('{')";
            Err(FactsError::new(name, Place::Byte(0), expected, found).advise(OTHER_FORM))
        }
        Err(error) => Err(FactsError::new(name, Place::Whole, "a file that can be read", error.to_string())),
    }
}

/// The first byte that is not white space; the bytes before it are consumed.
fn first_byte(input: &mut impl BufRead) -> std::io::Result<Option<u8>> {
    loop {
        let buffer = input.fill_buf()?;
        let Some(&byte) = buffer.first() else { return Ok(None) };
        if !byte.is_ascii_whitespace() {
            return Ok(Some(byte));
        }
        input.consume(1);
    }
}
