//! A disk -> its volumes: one file system, or the partitions of a table.

use std::io;
use std::sync::Arc;

use super::source::Part;
use super::{FileSystem, Image, ImageError, Volume, fat, iso, ntfs, partition};

/// Partitions that lie upon each other are read up to so many times the disk altogether: a damaged table may have some
/// of them, a hostile one a thousand.
const MAX_TIMES: u64 = 4;

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
    let mut looked_at = 0_u64;
    for one in partitions.partitions {
        let number = one.number;
        looked_at = looked_at.saturating_add(one.size.min(disk.size.saturating_sub(one.start)));
        if looked_at / MAX_TIMES > disk.size {
            image.problems.push(format!("partition {number} and those behind it lie upon others, and are not read"));
            break;
        }
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
    let boot = part.bytes(0, 512);
    // NTFS tells in its first sector what it is; further ones that cannot be read are another matter.
    if boot.as_ref().is_ok_and(|boot| &boot[3..11] == b"NTFS    ") {
        return Ok(Found::Files(Arc::new(ntfs::Ntfs::open(part)?)));
    }
    if let Some(files) = iso::open(part)? {
        return Ok(Found::Files(Arc::new(files)));
    }
    let boot = match boot {
        Ok(boot) => boot,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    };
    match &boot[3..11] {
        b"EXFAT   " => return Ok(Found::Other("exFAT, which is not read")),
        b"-FVE-FS-" => return Ok(Found::Other("BitLocker, which is not read")),
        _ => {}
    }
    if boot.starts_with(b"\0\0\0ReFS") || &boot[3..7] == b"ReFS" {
        return Ok(Found::Other("ReFS, which is not read"));
    }
    Ok(fat::Fat::open(part, &boot)?.map_or(Found::Nothing, |files| Found::Files(Arc::new(files))))
}
