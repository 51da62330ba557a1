//! `VS_VERSIONINFO`: a tree of length-prefixed nodes, walked within its own lengths.
//!
//! A node is a 16-bit length in bytes, a 16-bit value length, a 16-bit type, a key in UTF-16 up to its NUL, padding to
//! four bytes, the value, padding, and its children. The value length counts bytes in some files and characters in
//! others (Visual Basic 4 to 6), so it is used for the fixed information alone. Strings end at their NUL or at the end
//! of their node. Positions are counted from the block's start, wherever that is in the file.
//!
//! The blocks of 16-bit files ("Version-Information Resource", Windows 3.1 SDK) have no type. Their texts have one byte
//! per character, or two in Asian code pages, of which neither is NUL.

use std::mem::{offset_of, size_of};

use pelite::image::{VS_FIXEDFILEINFO, VS_FIXEDFILEINFO_SIGNATURE, VS_VERSION};

use hotfixcheck_types::FileVersion;

use super::node::{Block, Node, encoding_of};
use super::{StringTable, VersionInfo};
use crate::bytes::{u16_at, u32_at};

/// The most string tables kept of one file, all languages together.
pub(super) const MAX_TABLES: usize = 256;
/// The most strings of one table that are read.
const MAX_STRINGS: usize = 512;
/// The most children of the block itself: `StringFileInfo` and `VarFileInfo`, usually one each.
const MAX_FILE_INFOS: usize = 16;
/// A block may state this many more bytes than it has without losing content: it counts its own padding.
const PADDING: usize = 3;

const ROOT_KEY: &str = "VS_VERSION_INFO";
const STRINGS_KEY: &str = "StringFileInfo";

/// Walks a version block. `bytes` are the bytes that could be read; the resource's leaf states `announced` bytes.
///
/// # Errors
/// What is wrong, if nothing of the block can be used.
pub(super) fn parse(bytes: &[u8], announced: usize) -> Result<VersionInfo, String> {
    let block = Block::new(bytes);
    let root = match block.node(0, bytes.len())? {
        Some(root) if block.is(root.key, ROOT_KEY) => root,
        _ if bytes.len() < announced => {
            return Err(format!("truncated: the file ends after {} of its {announced} bytes", bytes.len()));
        }
        Some(root) => {
            return Err(format!("it begins with the key {:?} instead of {ROOT_KEY:?}", block.shown(root.key)));
        }
        None => return Err(format!("no node at its start ({announced} bytes by the resource's leaf)")),
    };
    let mut info = VersionInfo::default();
    if root.announced_end > root.end + PADDING {
        info.damage = Some(format!("the version block is cut: {} of {} bytes", root.end, root.announced_end));
    }
    let mut at = root.value + root.value_len;
    match fixed(&bytes[root.value..root.end]) {
        Some((file, product)) => {
            (info.fixed_file, info.fixed_product) = (Some(file), Some(product));
            at = at.max(root.value + size_of::<VS_FIXEDFILEINFO>());
        }
        None if root.value_len == 0 => {}
        None if info.damage.is_some() => return Err("truncated before the end of its fixed information".to_owned()),
        None => note(&mut info, format!("no fixed information at {:#x} of the version block", root.value)),
    }
    for _ in 0..MAX_FILE_INFOS {
        match block.node(at, root.end) {
            Ok(Some(child)) => {
                if block.is(child.key, STRINGS_KEY) {
                    string_tables(&block, &child, &mut info);
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

/// File and product version, if the fixed information begins with its signature.
fn fixed(value: &[u8]) -> Option<(FileVersion, FileVersion)> {
    const FILE: usize = offset_of!(VS_FIXEDFILEINFO, dwFileVersion);
    const PRODUCT: usize = offset_of!(VS_FIXEDFILEINFO, dwProductVersion);
    const USED: usize = PRODUCT + size_of::<VS_VERSION>();
    if value.len() < USED || u32_at(value, 0) != VS_FIXEDFILEINFO_SIGNATURE {
        return None;
    }
    // Two 32-bit numbers; the high half of each comes after its low half.
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
fn string_tables(block: &Block<'_>, parent: &Node<'_>, info: &mut VersionInfo) {
    let mut at = parent.value;
    while info.tables.len() < MAX_TABLES {
        match block.node(at, parent.end) {
            Ok(Some(table)) => {
                let strings = string_table(block, &table, info);
                // Most files have one table, and all of them are kept.
                info.tables.reserve_exact(1);
                info.tables.push(strings);
                at = table.end;
            }
            Ok(None) => break,
            Err(detail) => return note(info, detail),
        }
    }
}

fn string_table(block: &Block<'_>, table: &Node<'_>, info: &mut VersionInfo) -> StringTable {
    let mut strings = StringTable { key: block.key_text(table.key), ..StringTable::default() };
    let encoding = encoding_of(&strings.key);
    let mut at = table.value;
    for _ in 0..MAX_STRINGS {
        let string = match block.node(at, table.end) {
            Ok(Some(string)) => string,
            Ok(None) => break,
            Err(detail) => {
                note(info, detail);
                break;
            }
        };
        at = string.end;
        let Some(slot) = slot(block, &mut strings, string.key) else { continue };
        if slot.is_some() {
            continue;
        }
        let Some(units) = block.value(&string) else {
            // A version that was cut would be a wrong version.
            let key = block.shown(string.key);
            note(info, format!("the string {key:?} is cut at {:#x} of the version block", string.end));
            continue;
        };
        *slot = Some(block.text(units, encoding));
    }
    if strings.original_filename.is_some() {
        strings.internal_name = None;
    }
    strings
}

/// The field that a string's key belongs to; `None` for strings that are not used here.
fn slot<'s>(block: &Block<'_>, strings: &'s mut StringTable, key: &[u8]) -> Option<&'s mut Option<String>> {
    if block.is(key, "FileVersion") {
        Some(&mut strings.file_version)
    } else if block.is(key, "ProductVersion") {
        Some(&mut strings.product_version)
    } else if block.is(key, "OriginalFilename") {
        Some(&mut strings.original_filename)
    } else if block.is(key, "InternalName") {
        Some(&mut strings.internal_name)
    } else if block.is(key, "ProductName") {
        Some(&mut strings.product_name)
    } else if block.is(key, "CompanyName") {
        Some(&mut strings.company_name)
    } else {
        None
    }
}

/// Keeps the first damage: later damage is often its consequence.
fn note(info: &mut VersionInfo, detail: String) {
    info.damage.get_or_insert(detail);
}
