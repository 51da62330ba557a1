//! `VS_VERSIONINFO`: a tree of length-prefixed nodes, walked within its own lengths.
//!
//! A node is a 16-bit length in bytes, a 16-bit value length, a 16-bit type, a key in UTF-16 up to its NUL, padding to
//! four bytes, the value, padding, and its children. The value length counts bytes in some files and characters in
//! others (Visual Basic 4 to 6), so it is used for the fixed information alone: strings end at their NUL or at their
//! node's end. Positions are counted from the block's start, wherever that lies in the file.

use std::mem::{offset_of, size_of};

use pelite::image::{VS_FIXEDFILEINFO, VS_FIXEDFILEINFO_SIGNATURE, VS_VERSION};

use crate::FileVersion;

use super::pe::{u16_at, u32_at};
use super::{StringTable, VersionInfo};

/// The most string tables kept of one file, all languages together.
pub(super) const MAX_TABLES: usize = 256;
/// The most strings of one table that are looked at.
const MAX_STRINGS: usize = 512;
/// The most children of the block itself: `StringFileInfo` and `VarFileInfo`, usually one each.
const MAX_FILE_INFOS: usize = 16;
/// The length, value length and type before every key.
const NODE_HEAD: usize = 6;
/// A block announcing this much more than there is lost no content: it counts its own padding.
const PADDING: usize = 3;

/// The most characters of a damaged key that a message repeats.
const SHOWN_CHARS: usize = 32;

const ROOT_KEY: &str = "VS_VERSION_INFO";
const STRINGS_KEY: &str = "StringFileInfo";

/// One node; all positions are offsets from the block's start.
struct Node<'b> {
    /// UTF-16 code units of the key, without the NUL.
    key: &'b [u8],
    value_len: usize,
    value: usize,
    end: usize,
    /// Where the node says it ends, beyond `end` if its parent is shorter.
    announced_end: usize,
}

/// Walks a version block of which `block` is at hand and `announced` bytes were promised by the resource's leaf.
///
/// # Errors
/// What is wrong, where nothing of the block can be used.
pub(super) fn parse(block: &[u8], announced: usize) -> Result<VersionInfo, String> {
    let root = match node(block, 0, block.len())? {
        Some(root) if is(root.key, ROOT_KEY) => root,
        _ if block.len() < announced => {
            return Err(format!("truncated: the file ends after {} of its {announced} bytes", block.len()));
        }
        Some(root) => return Err(format!("it begins with the key {:?} instead of {ROOT_KEY:?}", shown(root.key))),
        None => return Err(format!("no node at its start ({announced} bytes by the resource's leaf)")),
    };
    let mut info = VersionInfo::default();
    if root.announced_end > root.end + PADDING {
        info.damage = Some(format!("the version block is cut: {} of {} bytes", root.end, root.announced_end));
    }
    let mut at = root.value + root.value_len;
    match fixed(&block[root.value..root.end]) {
        Some((file, product)) => {
            (info.fixed_file, info.fixed_product) = (Some(file), Some(product));
            at = at.max(root.value + size_of::<VS_FIXEDFILEINFO>());
        }
        None if root.value_len == 0 => {}
        None if info.damage.is_some() => return Err("truncated before the end of its fixed information".to_owned()),
        None => note(&mut info, format!("no fixed information at {:#x} of the version block", root.value)),
    }
    for _ in 0..MAX_FILE_INFOS {
        match node(block, align(at), root.end) {
            Ok(Some(child)) => {
                if is(child.key, STRINGS_KEY) {
                    string_tables(block, &child, &mut info);
                }
                at = child.end;
            }
            Ok(None) => break,
            Err(detail) => {
                note(&mut info, detail);
                break;
            }
        }
    }
    Ok(info)
}

/// File and product version, where the fixed information's signature is in place.
fn fixed(value: &[u8]) -> Option<(FileVersion, FileVersion)> {
    const FILE: usize = offset_of!(VS_FIXEDFILEINFO, dwFileVersion);
    const PRODUCT: usize = offset_of!(VS_FIXEDFILEINFO, dwProductVersion);
    const USED: usize = PRODUCT + size_of::<VS_VERSION>();
    if value.len() < USED || u32_at(value, 0) != VS_FIXEDFILEINFO_SIGNATURE {
        return None;
    }
    // Two 32-bit numbers, the more significant half of each behind the less significant one.
    let version = |at: usize| {
        FileVersion::fixed(
            u16_at(value, at + offset_of!(VS_VERSION, Major)),
            u16_at(value, at + offset_of!(VS_VERSION, Minor)),
            u16_at(value, at + offset_of!(VS_VERSION, Patch)),
            u16_at(value, at + offset_of!(VS_VERSION, Build)),
        )
    };
    Some((version(FILE), version(PRODUCT)))
}

/// Every table of one `StringFileInfo`, whatever `Translation` says.
fn string_tables(block: &[u8], parent: &Node<'_>, info: &mut VersionInfo) {
    let mut at = parent.value;
    while info.tables.len() < MAX_TABLES {
        match node(block, align(at), parent.end) {
            Ok(Some(table)) => {
                let strings = string_table(block, &table, info);
                info.tables.push(strings);
                at = table.end;
            }
            Ok(None) => break,
            Err(detail) => return note(info, detail),
        }
    }
}

fn string_table(block: &[u8], table: &Node<'_>, info: &mut VersionInfo) -> StringTable {
    let mut strings = StringTable { key: text(table.key), ..StringTable::default() };
    let mut at = table.value;
    for _ in 0..MAX_STRINGS {
        let string = match node(block, align(at), table.end) {
            Ok(Some(string)) => string,
            Ok(None) => break,
            Err(detail) => {
                note(info, detail);
                break;
            }
        };
        at = string.end;
        let Some(slot) = slot(&mut strings, string.key) else { continue };
        if slot.is_some() {
            continue;
        }
        let value = &block[string.value..string.end];
        let units = up_to_nul(value);
        let has_end = units.len() + 2 <= value.len();
        if !has_end && string.announced_end > string.end {
            // Half a version would be a wrong version.
            note(info, format!("the string {:?} is cut at {:#x} of the version block", shown(string.key), string.end));
            continue;
        }
        *slot = Some(text(units));
    }
    strings
}

/// The field a string's key belongs to; `None` for the strings that nothing here asks for.
fn slot<'s>(strings: &'s mut StringTable, key: &[u8]) -> Option<&'s mut Option<String>> {
    if is(key, "FileVersion") {
        Some(&mut strings.file_version)
    } else if is(key, "ProductVersion") {
        Some(&mut strings.product_version)
    } else if is(key, "OriginalFilename") {
        Some(&mut strings.original_filename)
    } else if is(key, "ProductName") {
        Some(&mut strings.product_name)
    } else if is(key, "CompanyName") {
        Some(&mut strings.company_name)
    } else {
        None
    }
}

/// The node at `at` of a parent that ends at `end`; `None` where the parent has no further child.
fn node(block: &[u8], at: usize, end: usize) -> Result<Option<Node<'_>>, String> {
    let Some(rest) = block.get(at..end).filter(|rest| rest.len() >= NODE_HEAD) else {
        return Ok(None);
    };
    let len = usize::from(u16_at(rest, 0));
    if len == 0 && rest.iter().all(|&byte| byte == 0) {
        // Padding behind the last child.
        return Ok(None);
    }
    if len < NODE_HEAD {
        return Err(format!("a node of {len} bytes at {at:#x} of the version block"));
    }
    let own = &rest[..len.min(rest.len())];
    let key = up_to_nul(&own[NODE_HEAD..]);
    let value = align(at + NODE_HEAD + key.len() + 2);
    let node_end = at + own.len();
    Ok(Some(Node {
        key,
        value_len: usize::from(u16_at(rest, 2)),
        value: value.min(node_end),
        end: node_end,
        announced_end: at + len,
    }))
}

fn align(at: usize) -> usize {
    at.next_multiple_of(4)
}

/// The UTF-16 code units before the first NUL, or all of them.
fn up_to_nul(units: &[u8]) -> &[u8] {
    let count = units.chunks_exact(2).take_while(|unit| *unit != [0, 0]).count();
    &units[..count * 2]
}

/// Whether a key is `name`, in any letter case as Windows compares them.
fn is(key: &[u8], name: &str) -> bool {
    key.len() == name.len() * 2
        && key.chunks_exact(2).zip(name.bytes()).all(|(unit, byte)| unit[1] == 0 && unit[0].eq_ignore_ascii_case(&byte))
}

fn text(units: &[u8]) -> String {
    let units = units.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A key for a message: damaged ones run to the block's end.
fn shown(key: &[u8]) -> String {
    text(&key[..key.len().min(SHOWN_CHARS * 2)])
}

/// Keeps the first damage: what follows it is often its consequence.
fn note(info: &mut VersionInfo, detail: String) {
    info.damage.get_or_insert(detail);
}
