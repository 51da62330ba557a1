//! A disk -> its volumes: one file system, or the partitions of a table.

use std::io;
use std::sync::Arc;

use super::source::Part;
use super::{FileSystem, Image, ImageError, Volume, fat, iso, ntfs, partition};

/// What a piece of disk holds.
enum Found {
    Files(Arc<dyn FileSystem>),
    /// Known, and not read.
    Other(&'static str),
    Nothing,
}

/// The volumes of a disk; `None` if it is neither partitioned nor a file system.
///
/// # Errors
/// A disk whose first sectors cannot be read.
pub(super) fn volumes(disk: &Part) -> Result<Option<Image>, ImageError> {
    match file_system(disk)? {
        Found::Files(files) => {
            return Ok(Some(Image { volumes: vec![Volume { name: String::new(), files }], problems: Vec::new() }));
        }
        Found::Other(what) => return Ok(Some(Image { volumes: Vec::new(), problems: vec![what.to_owned()] })),
        Found::Nothing => {}
    }
    let Some(partitions) = partition::table(disk)? else { return Ok(None) };
    let mut image = Image { volumes: Vec::new(), problems: partitions.problems };
    for one in partitions.partitions {
        let number = one.number;
        match file_system(&disk.part(one.start, one.size)) {
            Ok(Found::Files(files)) => image.volumes.push(Volume { name: format!("p{number}"), files }),
            Ok(Found::Other(what)) => image.problems.push(format!("partition {number}: {what}")),
            // Other systems' partitions are nobody's loss; one that should hold Windows files is.
            Ok(Found::Nothing) if one.windows => {
                image.problems.push(format!("partition {number}: no file system that can be read"));
            }
            Ok(Found::Nothing) => {}
            Err(error) => image.problems.push(format!("partition {number}: {error}")),
        }
    }
    if let [only] = image.volumes.as_mut_slice() {
        only.name.clear();
    }
    Ok(Some(image))
}

fn file_system(part: &Part) -> io::Result<Found> {
    if let Some(files) = iso::open(part)? {
        return Ok(Found::Files(Arc::new(files)));
    }
    let Ok(boot) = part.bytes(0, 512) else { return Ok(Found::Nothing) };
    match &boot[3..11] {
        b"NTFS    " => return Ok(Found::Files(Arc::new(ntfs::Ntfs::open(part)?))),
        b"EXFAT   " => return Ok(Found::Other("exFAT, which is not read")),
        b"-FVE-FS-" => return Ok(Found::Other("BitLocker, which is not read")),
        _ => {}
    }
    if boot.starts_with(b"\0\0\0ReFS") || &boot[3..7] == b"ReFS" {
        return Ok(Found::Other("ReFS, which is not read"));
    }
    Ok(fat::Fat::open(part, &boot)?.map_or(Found::Nothing, |files| Found::Files(Arc::new(files))))
}
