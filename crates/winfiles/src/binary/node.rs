//! The nodes of a version block, in either of its styles, and the code pages of their texts.

use std::ops::Range;

use encoding_rs as known;
use encoding_rs::{Encoding, WINDOWS_1252};
use memchr::memchr;

use crate::bytes::u16_at;

/// The most characters of a damaged key that a message repeats.
const SHOWN_CHARS: usize = 32;
/// The first bytes of the root's key in the style of 16-bit files. The other style has the type at this offset.
const NARROW_START: &[u8] = b"VS_V";

/// The hexadecimal digits of a table's key that state its code page. The first four digits are the language.
const CODE_PAGE_DIGITS: Range<usize> = 4..8;

/// The style of a block: how its characters are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// UTF-16, after a type of 16 bits: Windows NT and every PE file.
    Wide,
    /// Bytes of a code page, without a type: 16-bit files and most virtual device drivers.
    Narrow,
}

impl Style {
    /// The size of length, value length and type, which precede every key.
    fn head(self) -> usize {
        match self {
            Self::Wide => 6,
            Self::Narrow => 4,
        }
    }

    /// The size of a code unit.
    fn unit(self) -> usize {
        match self {
            Self::Wide => 2,
            Self::Narrow => 1,
        }
    }
}

/// A version block's bytes and their style.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'b> {
    pub(super) bytes: &'b [u8],
    style: Style,
}

/// One node; all positions are offsets from the block's start.
pub(super) struct Node<'b> {
    /// Code units of the key, without the NUL.
    pub(super) key: &'b [u8],
    pub(super) value_len: usize,
    pub(super) value: usize,
    pub(super) end: usize,
    /// The end that the node states; it exceeds `end` if its parent is shorter.
    pub(super) announced_end: usize,
}

impl<'b> Block<'b> {
    /// A block. The start of the root's key shows its style.
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        let key = bytes.get(Style::Narrow.head()..).unwrap_or_default();
        let narrow = key.get(..NARROW_START.len()).is_some_and(|key| key.eq_ignore_ascii_case(NARROW_START));
        Self { bytes, style: if narrow { Style::Narrow } else { Style::Wide } }
    }

    /// The node at `at`, or at the next multiple of four, within a parent that ends at `end`; `None` if the parent has
    /// no further child.
    ///
    /// # Errors
    /// A length that is too small for a node.
    pub(super) fn node(&self, at: usize, end: usize) -> Result<Option<Node<'b>>, String> {
        let at = align(at);
        let head = self.style.head();
        let Some(rest) = self.bytes.get(at..end).filter(|rest| rest.len() >= head) else {
            return Ok(None);
        };
        let len = usize::from(u16_at(rest, 0));
        if len == 0 && rest.iter().all(|&byte| byte == 0) {
            // Padding after the last child.
            return Ok(None);
        }
        if len < head {
            return Err(format!("a node of {len} bytes at {at:#x} of the version block"));
        }
        let own = &rest[..len.min(rest.len())];
        let key = self.up_to_nul(&own[head..]);
        let value = align(at + head + key.len() + self.style.unit());
        let node_end = at + own.len();
        Ok(Some(Node {
            key,
            value_len: usize::from(u16_at(rest, 2)),
            value: value.min(node_end),
            end: node_end,
            announced_end: at + len,
        }))
    }

    /// The code units before the first NUL, or all of them.
    pub(super) fn up_to_nul(&self, units: &'b [u8]) -> &'b [u8] {
        let end = match self.style {
            Style::Narrow => memchr(0, units),
            Style::Wide => units.as_chunks::<2>().0.iter().position(|unit| *unit == [0, 0]).map(|place| place * 2),
        };
        &units[..end.unwrap_or(units.len() - units.len() % self.style.unit())]
    }

    /// The code units of a node's value before its NUL; `None` if the block was cut before that.
    pub(super) fn value(&self, node: &Node<'b>) -> Option<&'b [u8]> {
        let value = &self.bytes[node.value..node.end];
        let units = self.up_to_nul(value);
        let has_end = units.len() + self.style.unit() <= value.len();
        (has_end || node.announced_end <= node.end).then_some(units)
    }

    /// Whether a key is `name`, in any letter case as Windows compares them.
    pub(super) fn is(&self, key: &[u8], name: &str) -> bool {
        if key.len() != name.len() * self.style.unit() {
            return false;
        }
        match self.style {
            Style::Narrow => key.eq_ignore_ascii_case(name.as_bytes()),
            Style::Wide => {
                let mut units = key.as_chunks::<2>().0.iter().zip(name.as_bytes());
                units.all(|(&[low, high], byte)| high == 0 && low.eq_ignore_ascii_case(byte))
            }
        }
    }

    /// Code units as text. Those of a narrow block are in this encoding.
    pub(super) fn text(&self, units: &[u8], encoding: &'static Encoding) -> String {
        match self.style {
            Style::Narrow => encoding.decode_without_bom_handling(units).0.into_owned(),
            Style::Wide => {
                let units = units.as_chunks::<2>().0;
                // Nearly all are ASCII.
                if units.iter().fold(0, |all, unit| all | u16::from_le_bytes(*unit)) < 0x80 {
                    let bytes = units.iter().map(|unit| unit[0]).collect();
                    return String::from_utf8(bytes).unwrap_or_default();
                }
                let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
                char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
        }
    }

    /// A key as text. Undamaged keys are ASCII.
    pub(super) fn key_text(&self, key: &[u8]) -> String {
        self.text(key, WINDOWS_1252)
    }

    /// A key for a message, shortened: a damaged key runs to the end of the block.
    pub(super) fn shown(&self, key: &[u8]) -> String {
        self.key_text(&key[..key.len().min(SHOWN_CHARS * self.style.unit())])
    }
}

fn align(at: usize) -> usize {
    at.next_multiple_of(4)
}

/// The encoding of a string table's texts, by its key (`040904E4`). Keys and code pages that are not known are read as
/// Western European (1252): versions consist of digits, which all code pages share.
pub(super) fn encoding_of(key: &str) -> &'static Encoding {
    let code_page = key.get(CODE_PAGE_DIGITS).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    match code_page {
        Some(866) => known::IBM866,
        Some(874) => known::WINDOWS_874,
        Some(932) => known::SHIFT_JIS,
        Some(936) => known::GBK,
        Some(949) => known::EUC_KR,
        Some(950) => known::BIG5,
        Some(1250) => known::WINDOWS_1250,
        Some(1251) => known::WINDOWS_1251,
        Some(1253) => known::WINDOWS_1253,
        Some(1254) => known::WINDOWS_1254,
        Some(1255) => known::WINDOWS_1255,
        Some(1256) => known::WINDOWS_1256,
        Some(1257) => known::WINDOWS_1257,
        Some(1258) => known::WINDOWS_1258,
        Some(10000) => known::MACINTOSH,
        _ => WINDOWS_1252,
    }
}
