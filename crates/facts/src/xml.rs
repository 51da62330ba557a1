//! XML as a stream of elements: no tree, no document type, and only the five entities of XML itself.

use std::io::BufRead;

use quick_xml::encoding::EncodingError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::bounded::{Bounded, MAX_FIELD, Progress};
use crate::error::{FactsError, OTHER_FORM, Place, quoted};

/// The deepest nesting that is read; CVRF documents have nine levels.
const MAX_DEPTH: usize = 64;

/// Reads a document. `open` is called for each element that begins, `close` for each that ends. `close` gets the
/// element's own text (without that of its children) if `open` asked for it.
///
/// Both get the names of the enclosing elements, outermost first, and of the element itself, without prefixes.
pub(crate) fn read<R: BufRead>(name: &str, input: R, handler: &mut impl Handler) -> Result<(), FactsError> {
    let (input, progress) = Bounded::new(input);
    let mut reader = Reader::from_reader(input);
    reader.config_mut().expand_empty_elements = true;
    Walk { name, reader, progress, path: Vec::new(), text: String::new(), wanted: false, any: false }.run(handler)
}

/// Handles the elements of a document.
pub(crate) trait Handler {
    /// An element begins; returns true if its text is wanted.
    fn open(&mut self, path: &[String], attributes: &Attributes<'_>, at: &Place) -> Result<bool, FactsError>;
    /// An element ends; its text is empty if it was not wanted.
    fn close(&mut self, path: &[String], text: &str, at: &Place) -> Result<(), FactsError>;
}

/// The attributes of an element.
pub(crate) struct Attributes<'a> {
    name: &'a str,
    element: &'a BytesStart<'a>,
    at: Place,
}

impl Attributes<'_> {
    /// The value of an attribute; `None` if it is missing.
    pub(crate) fn get(&self, attribute: &str) -> Result<Option<String>, FactsError> {
        let fail = |found: String| {
            let expected = format!("an attribute '{attribute}' that can be read");
            FactsError::new(self.name, self.at.clone(), expected, found)
        };
        let found = self.element.try_get_attribute(attribute).map_err(|error| fail(error.to_string()))?;
        let Some(found) = found else { return Ok(None) };
        if found.value.len() > MAX_FIELD {
            return Err(fail(format!("one of {} bytes", found.value.len())));
        }
        let value = found.normalized_value(XmlVersion::Implicit1_0).map_err(|error| fail(error.to_string()))?;
        Ok(Some(value.into_owned()))
    }
}

struct Walk<'a, R> {
    name: &'a str,
    reader: Reader<Bounded<R>>,
    progress: Progress,
    path: Vec<String>,
    text: String,
    wanted: bool,
    any: bool,
}

impl<R: BufRead> Walk<'_, R> {
    fn run(mut self, handler: &mut impl Handler) -> Result<(), FactsError> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            self.progress.item_done();
            let begin = self.reader.buffer_position();
            let at = Place::Byte(begin);
            let event = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(quick_xml::Error::Encoding(EncodingError::Utf8(error))) => {
                    let at = Place::Byte(begin + error.valid_up_to() as u64);
                    let error = FactsError::new(self.name, at, "UTF-8", "bytes of another encoding");
                    return Err(error.advise("save the file as UTF-8"));
                }
                Err(error) => {
                    let at = Place::Byte(self.reader.error_position());
                    return Err(FactsError::new(self.name, at, "well-formed XML in UTF-8", error.to_string()));
                }
            };
            match event {
                Event::Start(element) => {
                    self.any = true;
                    self.text.clear();
                    if self.path.len() == MAX_DEPTH {
                        let found = "deeper nesting".to_owned();
                        return Err(self.error(at, format!("at most {MAX_DEPTH} elements in each other"), found));
                    }
                    self.path.push(element.local_name().as_ref().to_owned());
                    let attributes = Attributes { name: self.name, element: &element, at: at.clone() };
                    self.wanted = handler.open(&self.path, &attributes, &at)?;
                }
                Event::End(_) => {
                    handler.close(&self.path, if self.wanted { &self.text } else { "" }, &at)?;
                    self.path.pop();
                    self.text.clear();
                    self.wanted = false;
                }
                Event::Text(text) if self.wanted => self.add(&text.xml10_content(), &at)?,
                Event::CData(text) if self.wanted => self.add(&text.xml10_content(), &at)?,
                Event::GeneralRef(entity) => {
                    let name = entity.xml10_content().into_owned();
                    let character = entity.resolve_char_ref().ok().flatten();
                    let known = quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned);
                    match character.map(String::from).or(known) {
                        Some(text) if self.wanted => self.add(&text, &at)?,
                        Some(_) => {}
                        None => {
                            return Err(self.error(
                                at,
                                "only the entities of XML itself",
                                quoted(&format!("&{name};")),
                            ));
                        }
                    }
                }
                Event::DocType(_) => {
                    let error = self.error(at, "a document without a document type", "'<!DOCTYPE'");
                    return Err(error.advise("remove the document type: it is never needed, and may be an attack"));
                }
                Event::Eof => return self.end(at),
                _ => {}
            }
        }
    }

    fn end(&self, at: Place) -> Result<(), FactsError> {
        match self.path.last() {
            Some(open) => Err(self.error(at, format!("the end of '{open}'"), "the end of the file")),
            None if !self.any => Err(self.error(at, "an XML document", "no element").advise(OTHER_FORM)),
            None => Ok(()),
        }
    }

    fn add(&mut self, text: &str, at: &Place) -> Result<(), FactsError> {
        if self.text.len() + text.len() > MAX_FIELD {
            let element = self.path.last().map(String::as_str).unwrap_or_default();
            let expected = format!("at most {MAX_FIELD} bytes in '{element}'");
            return Err(self.error(at.clone(), expected, "a longer text"));
        }
        self.text.push_str(text);
        Ok(())
    }

    fn error(&self, at: Place, expected: impl Into<String>, found: impl Into<String>) -> FactsError {
        FactsError::new(self.name, at, expected, found)
    }
}
