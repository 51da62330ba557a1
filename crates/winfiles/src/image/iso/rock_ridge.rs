//! Rock Ridge: the names and folders that the fields behind a directory record state (IEEE P1281, P1282). They are whole where
//! Joliet ends after 64 letters, as in the folders of WinSxS.

use encoding_rs::WINDOWS_1252;

use super::records::{NAME_AT, SECTOR};
use crate::bytes::u32_at;
use crate::image::source::Part;

/// The most areas in which the fields of one record go on; a name of 255 bytes needs two.
const MAX_AREAS: usize = 16;
/// The largest area, in bytes: areas do not cross sectors.
const MAX_AREA_BYTES: usize = SECTOR as usize;
/// The field of the root folder's own record that announces the others.
const ANNOUNCEMENT: &[u8] = b"SP\x07\x01\xBE\xEF";

/// What the fields of one record state.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    /// The name, if there is one.
    pub(super) name: Option<String>,
    /// The sector of the folder for which this record stands: one that lay too deep was moved (`CL`).
    pub(super) moved_to: Option<u32>,
    /// True for a folder that was moved here; it belongs to where its `CL` field is (`RE`).
    pub(super) is_moved: bool,
}

/// True for the root folder's own record if the records of the volume have such fields.
pub(super) fn is_announced(record: &[u8]) -> bool {
    record.get(NAME_AT + 1..).is_some_and(|area| area.starts_with(ANNOUNCEMENT))
}

impl Fields {
    /// The fields of a record, whose name as ISO 9660 stores it has this length.
    pub(super) fn of(record: &[u8], length: usize, part: &Part) -> Self {
        // The fields begin at an even offset.
        let after = NAME_AT + length + usize::from(length.is_multiple_of(2));
        let mut fields = Self::default();
        let mut name = Vec::new();
        let mut next = fields.read(record.get(after..).unwrap_or_default(), &mut name);
        for _ in 1..MAX_AREAS {
            let Some((at, size)) = next.filter(|(_, size)| *size <= MAX_AREA_BYTES) else { break };
            let Ok(area) = part.bytes(at, size) else { break };
            next = fields.read(&area, &mut name);
        }
        fields.name = (!name.is_empty()).then(|| text(name));
        fields
    }

    /// Reads one area, up to its first damaged field. Returns where the fields go on, in bytes, and how many there are.
    fn read(&mut self, mut area: &[u8], name: &mut Vec<u8>) -> Option<(u64, usize)> {
        let mut next = None;
        while let [first, second, length, _, rest @ ..] = area {
            let Some(content) = usize::from(*length).checked_sub(4).and_then(|length| rest.get(..length)) else {
                break;
            };
            match (&[*first, *second], content.len()) {
                (b"NM", 1..) => name.extend_from_slice(&content[1..]),
                (b"CL", 8..) => self.moved_to = Some(u32_at(content, 0)),
                (b"RE", _) => self.is_moved = true,
                (b"CE", 24..) => {
                    let start = u64::from(u32_at(content, 0)) * SECTOR + u64::from(u32_at(content, 8));
                    next = Some((start, u32_at(content, 16) as usize));
                }
                (b"ST", _) => break,
                _ => {}
            }
            area = &rest[content.len()..];
        }
        next
    }
}

/// A name in UTF-8, or, from older tools, in the code page of Western Europe.
fn text(name: Vec<u8>) -> String {
    String::from_utf8(name)
        .unwrap_or_else(|error| WINDOWS_1252.decode_without_bom_handling(error.as_bytes()).0.into_owned())
}
