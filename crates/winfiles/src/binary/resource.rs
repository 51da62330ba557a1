//! The resource directory of a PE file: type, name, language, leaf.

use std::mem::{offset_of, size_of};

use pelite::image::{IMAGE_RESOURCE_DATA_ENTRY, IMAGE_RESOURCE_DIRECTORY, IMAGE_RESOURCE_DIRECTORY_ENTRY, RT_VERSION};

use super::BinaryError;
use super::pe::Sections;
use super::window::OpenFile;
use crate::bytes::{u16_at, u32_at};

/// The most entries of one directory. Shell libraries have some hundreds.
const MAX_ENTRIES: usize = 4096;
/// The most languages of the version resource that are read. Up to 36 have been seen.
const MAX_LANGUAGES: usize = 64;
/// The high bit of an entry's two fields: the name is a text, the target a directory.
const HIGH_BIT: u32 = 0x8000_0000;
/// The name that Windows asks for (`VS_VERSION_INFO`).
const USUAL_NAME: u32 = 1;

/// Location of a version block in the file, and its size as the leaf states it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    pub(super) offset: u64,
    pub(super) size: u32,
}

/// One entry of a directory.
#[derive(Clone, Copy, Debug)]
struct Entry {
    name: u32,
    target: u32,
}

/// Fills the empty `leaves` with those of the version resource, one per language, in the file's order: those of name 1,
/// else those of the first name. It stays empty if the directory has no version type.
///
/// # Errors
/// `Truncated`, `Corrupt`, `Io`.
pub(super) fn version_leaves(
    file: &mut OpenFile<'_>,
    sections: &Sections,
    (address, size): (u32, u32),
    leaves: &mut Vec<Leaf>,
) -> Result<(), BinaryError> {
    let Some((root, available)) = sections.place(address) else {
        let text = format!("the resource directory's address {address:#x} lies in no section of the file");
        return Err(BinaryError::Corrupt(text));
    };
    file.open_resources(root, available)?;

    const HEAD: usize = size_of::<IMAGE_RESOURCE_DIRECTORY>();
    // Zeros where the header announces resources: a lost part of the file, not a file without a version.
    if size as usize > HEAD && file.at("resource directory", root, HEAD)?.iter().all(|&byte| byte == 0) {
        return Err(BinaryError::Corrupt(format!("the resource directory at {root:#x} is all zeros")));
    }
    let types = entries(file, root, 0)?;
    let Some(version) = find(types, |entry| entry.name == u32::from(RT_VERSION)) else {
        return Ok(());
    };
    let names = entries(file, root, directory(version)?)?;
    let Some(name) = find(names, |entry| entry.name == USUAL_NAME).or_else(|| find(names, |_| true)) else {
        return Err(BinaryError::Corrupt("the version resource type has no name below it".to_owned()));
    };
    let languages = entries(file, root, directory(name)?)?;
    // The reads below reuse the entries' buffer: store the offsets of the leaves first.
    leaves.extend(rows(languages).take(MAX_LANGUAGES).map(|entry| Leaf { offset: entry.target.into(), size: 0 }));
    if leaves.is_empty() {
        return Err(BinaryError::Corrupt("the version resource has no language below it".to_owned()));
    }
    for leaf in leaves {
        if leaf.offset & u64::from(HIGH_BIT) != 0 {
            return Err(BinaryError::Corrupt("the version resource has a directory below its language".to_owned()));
        }
        let at = root + leaf.offset;
        let entry = file.at("resource data entry", at, size_of::<IMAGE_RESOURCE_DATA_ENTRY>())?;
        let address = u32_at(entry, offset_of!(IMAGE_RESOURCE_DATA_ENTRY, OffsetToData));
        leaf.size = u32_at(entry, offset_of!(IMAGE_RESOURCE_DATA_ENTRY, Size));
        let Some((offset, _)) = sections.place(address) else {
            let text = format!("the version block's address {address:#x} lies in no section of the file");
            return Err(BinaryError::Corrupt(text));
        };
        leaf.offset = offset;
    }
    Ok(())
}

/// The bytes of all entries of the directory at `offset` from the root.
fn entries<'w>(file: &'w mut OpenFile<'_>, root: u64, offset: u32) -> Result<&'w [u8], BinaryError> {
    let at = root + u64::from(offset);
    let head = file.at("resource directory", at, size_of::<IMAGE_RESOURCE_DIRECTORY>())?;
    let named = usize::from(u16_at(head, offset_of!(IMAGE_RESOURCE_DIRECTORY, NumberOfNamedEntries)));
    let numbered = usize::from(u16_at(head, offset_of!(IMAGE_RESOURCE_DIRECTORY, NumberOfIdEntries)));
    let count = named + numbered;
    if count > MAX_ENTRIES {
        return Err(BinaryError::Corrupt(format!("the resource directory at {at:#x} announces {count} entries")));
    }
    let first = at + size_of::<IMAGE_RESOURCE_DIRECTORY>() as u64;
    file.at("resource directory", first, count * size_of::<IMAGE_RESOURCE_DIRECTORY_ENTRY>())
}

fn rows(entries: &[u8]) -> impl Iterator<Item = Entry> {
    entries.chunks_exact(size_of::<IMAGE_RESOURCE_DIRECTORY_ENTRY>()).map(|row| Entry {
        name: u32_at(row, offset_of!(IMAGE_RESOURCE_DIRECTORY_ENTRY, Name)),
        target: u32_at(row, offset_of!(IMAGE_RESOURCE_DIRECTORY_ENTRY, Offset)),
    })
}

fn find(entries: &[u8], wanted: impl Fn(&Entry) -> bool) -> Option<Entry> {
    rows(entries).find(wanted)
}

/// The directory that an entry points to, as an offset from the root.
fn directory(entry: Entry) -> Result<u32, BinaryError> {
    if entry.target & HIGH_BIT == 0 {
        return Err(BinaryError::Corrupt("the version resource's directory is not three levels deep".to_owned()));
    }
    Ok(entry.target & !HIGH_BIT)
}
