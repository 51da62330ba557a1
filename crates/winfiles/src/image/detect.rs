//! A disk -> its volumes: one file system, or the partitions of a table.

use std::io;
use std::path::Path;
use std::sync::Arc;

#[cfg(feature = "archive")]
use super::archive;
use super::known::{self, Known};
use super::nested::Origin;
use super::partition::{self, Partition, Purpose, Table};
use super::source::Part;
use super::{FileSystem, Image, ImageError, Volume, disk, fat, iso, ntfs, udf, wim};
use crate::bytes::{u16_at, u32_at, u64_at};
use crate::isolate::isolate;

/// Overlapping partitions are read up to this multiple of the disk's size altogether. A damaged table may have some of
/// them, a hostile one a thousand.
const MAX_TIMES: u64 = 4;

/// The contents of a piece of disk.
enum Found {
    Files(Arc<dyn FileSystem>),
    /// A known kind that is not read.
    Other(Known),
    /// A damaged file system before the partitions.
    Damaged(io::Error, Table),
    Nothing,
}

/// Opens an image by its contents; `None` for a file that is not an image.
///
/// Of an image of several files (VMDK extents, E01 segments) only those beside the first one are opened.
///
/// # Errors
/// An image that is damaged, of a kind that is not read, or without a readable file system.
pub fn open(path: &Path) -> Result<Option<Image>, ImageError> {
    open_at(Origin::Path(path))
}

/// As [`open`], for a file of a volume: an image in an archive or in another image.
///
/// # Errors
/// Those of [`open`].
pub fn open_inside(files: &Arc<dyn FileSystem>, path: &str, id: u64) -> Result<Option<Image>, ImageError> {
    open_at(Origin::Inside { files, path, id })
}

fn open_at(origin: Origin<'_>) -> Result<Option<Image>, ImageError> {
    let opened = isolate(|| disk::open(origin));
    let opened = opened.map_err(|what| ImageError::Damaged { format: disk::RAW, what })??;
    let Some(disk::Disk { format, part: disk, problem }) = opened else { return Ok(None) };
    let opened = isolate(|| match format {
        wim::FORMAT => wim::open(&disk).map(Some),
        #[cfg(feature = "archive")]
        archive::zip::FORMAT => archive::zip::open(&disk).map(Some),
        #[cfg(feature = "archive")]
        archive::tar::FORMAT => Ok(Some(archive::tar::open(&disk))),
        _ => volumes(&disk),
    });
    let opened = opened.map_err(|what| ImageError::Damaged { format, what })??;
    let opened = opened.map(|mut image| {
        image.problems.extend(problem);
        image
    });
    match opened {
        None if format == disk::RAW => disk::by_name(origin).map_or(Ok(None), Err),
        None => {
            Err(ImageError::NoFileSystem { format, what: "neither a partition table nor a file system".to_owned() })
        }
        Some(image) if image.volumes.is_empty() => {
            let problems = image.problems.join("; ");
            let what = if problems.is_empty() { "only partitions of other systems".to_owned() } else { problems };
            Err(ImageError::NoFileSystem { format, what })
        }
        Some(image) => Ok(Some(image)),
    }
}

/// The volumes of a disk; `None` if it is neither partitioned nor a file system.
///
/// # Errors
/// A disk whose first sectors cannot be read.
fn volumes(disk: &Part) -> Result<Option<Image>, ImageError> {
    let mut image = Image { volumes: Vec::new(), problems: Vec::new(), archive: false };
    let found = file_system(disk);
    let partitions = match found.or_else(|error| under_disc(disk, error))? {
        Found::Damaged(error, partitions) => {
            image.problems.push(format!("{error}: outside all partitions, perhaps an earlier use of the disk"));
            partitions
        }
        Found::Files(files) => match beside_disc(disk)? {
            Disc::Alone => {
                image.volumes.push(Volume { name: String::new(), title: None, files });
                return Ok(Some(image));
            }
            Disc::Followed(partitions) => {
                image.volumes.push(Volume { name: "disc".to_owned(), title: None, files });
                partitions
            }
            Disc::Leftover(partitions) => {
                let what = "the file system of a disc lies outside all partitions, and is not read: an earlier use of the disk";
                image.problems.push(what.to_owned());
                partitions
            }
        },
        Found::Other(kind) => {
            let table = partition::table(disk).ok().flatten();
            let Some(partitions) = table.filter(|table| !kind.windows && !table.partitions.is_empty()) else {
                image.problems.push(not_read(kind));
                return Ok(Some(image));
            };
            // Tools that make partitions leave what is in the gap before the first one.
            let what = format!("{} outside all partitions is not read: perhaps an earlier use of the disk", kind.name);
            image.problems.push(what);
            partitions
        }
        Found::Nothing => match partition::table(disk)? {
            Some(partitions) => partitions,
            None => return Ok(None),
        },
    };
    image.problems.extend(partitions.problems);
    let mut looked_at = 0_u64;
    for one in partitions.partitions {
        let number = one.number;
        looked_at = looked_at.saturating_add(one.size.min(disk.size.saturating_sub(one.start)));
        if looked_at / MAX_TIMES > disk.size {
            image.problems.push(format!("partition {number} and the following ones overlap others, and are not read"));
            break;
        }
        match file_system(&disk.part(one.start, one.size)) {
            Ok(Found::Files(files)) => {
                let pooled = beside(one, disk).map(|what| format!("partition {number}: {what}"));
                image.problems.extend(pooled);
                image.volumes.push(Volume { name: format!("p{number}"), title: None, files });
            }
            Ok(found) => image.problems.extend(lost(one, found).map(|what| format!("partition {number}: {what}"))),
            Err(error) => image.problems.push(format!("partition {number}: {error}")),
        }
    }
    if let [only] = image.volumes.as_mut_slice() {
        only.name.clear();
    }
    Ok(Some(image))
}

/// A file system at the start of a disk, and partitions.
enum Disc {
    /// There is nothing else.
    Alone,
    /// The file system of a medium that starts from a disc and from a disk, and further partitions after it.
    Followed(Table),
    /// A disc's file system in the gap before the partitions.
    Leftover(Table),
}

/// Whether the descriptors of a disc's file system are in the partition.
fn has_disc(one: &Partition) -> bool {
    (one.start..one.start.saturating_add(one.size)).contains(&iso::DESCRIPTOR_AT)
}

/// The partitions of a disk with a file system of a disc that cannot be opened. What an earlier use left is damaged
/// where the partitions were written over it.
///
/// # Errors
/// That of the file system, if it is not such a disk.
fn under_disc(disk: &Part, error: io::Error) -> io::Result<Found> {
    let is_disc = iso::end(disk, 0).is_some() || udf::recognise(disk);
    let table = partition::table(disk).ok().flatten().filter(|_| is_disc);
    match table.filter(|table| !table.partitions.is_empty() && !table.partitions.iter().any(has_disc)) {
        Some(table) => Ok(Found::Damaged(error, table)),
        None => Err(error),
    }
}

/// The partitions of a disk that has the file system of a disc at its start, too.
fn beside_disc(disk: &Part) -> io::Result<Disc> {
    let iso_end = iso::end(disk, 0).map(|sector| sector.saturating_mul(iso::SECTOR));
    let Some(end) = iso_end.max(udf::end(disk)) else { return Ok(Disc::Alone) };
    let Some(mut table) = partition::table(disk)?.filter(|table| !table.partitions.is_empty()) else {
        return Ok(Disc::Alone);
    };
    if !table.partitions.iter().any(has_disc) {
        let is_after = table.partitions.iter().all(|one| one.start >= end);
        return Ok(if is_after { Disc::Followed(table) } else { Disc::Leftover(table) });
    }
    // Partitions inside the file system are files of it.
    table.partitions.retain(|one| one.start >= end);
    Ok(if table.partitions.is_empty() { Disc::Alone } else { Disc::Followed(table) })
}

fn not_read(kind: Known) -> String {
    format!("{} is not read: {}", kind.name, kind.advice)
}

/// The message about a file system at the beginning of a partition that is a part of something larger. The partition of
/// a dynamic disk can have several volumes, and a volume can continue on other disks.
fn beside(partition: Partition, disk: &Part) -> Option<String> {
    /// Partitions end at a round number, after a copy of the boot sector.
    const ROOM: u64 = 1 << 20;
    const ADVICE: &str = "attach all of its disks to a system that knows it";
    let Purpose::Pool(what) = partition.purpose else { return None };
    let boot = disk.part(partition.start, partition.size).bytes(0, 512).ok()?;
    let sectors = match () {
        () if &boot[3..11] == b"NTFS    " => u64_at(&boot, 40),
        () if u16_at(&boot, 19) != 0 => u16_at(&boot, 19).into(),
        () => u32_at(&boot, 32).into(),
    };
    match sectors.saturating_mul(u16_at(&boot, 11).into()) {
        size if size > partition.size => {
            Some(format!("a part of {what}: its volume goes on in other parts, which are not read; {ADVICE}"))
        }
        size if size.saturating_add(ROOM) < partition.size => {
            Some(format!("a part of {what}: the first volume in it is read, others are not; {ADVICE}"))
        }
        _ => None,
    }
}

/// The message about a partition without a readable file system. Partitions of other systems are ignored.
fn lost(partition: Partition, found: Found) -> Option<String> {
    match (partition.purpose, found) {
        (Purpose::Pool(what), Found::Nothing) => {
            Some(format!("a part of {what}, which is not read: attach the disks to a system that knows it"))
        }
        (Purpose::Other, Found::Nothing) => None,
        (Purpose::Windows, Found::Nothing) => Some("no file system that can be read".to_owned()),
        (Purpose::Unknown, Found::Nothing) => {
            Some("no file system that can be read, in a partition of unknown type".to_owned())
        }
        (Purpose::Other, Found::Other(kind)) if !kind.windows => None,
        (_, Found::Other(kind)) => Some(not_read(kind)),
        (_, Found::Files(_) | Found::Damaged(..)) => None,
    }
}

fn file_system(part: &Part) -> io::Result<Found> {
    let boot = part.bytes(0, 512);
    // The first sector identifies NTFS. If later sectors cannot be read, that is an error of the volume.
    if boot.as_ref().is_ok_and(|boot| &boot[3..11] == b"NTFS    ") {
        return Ok(Found::Files(Arc::new(ntfs::Ntfs::open(part)?)));
    }
    let mut udf_error = None;
    if udf::recognise(part) {
        // Both hold the same files; media of Windows Vista and later have a text in ISO 9660 that says to use UDF.
        match udf::open(part) {
            Ok(files) => return Ok(Found::Files(Arc::new(files.beside(iso::open(part).ok().flatten())))),
            Err(error) => udf_error = Some(error),
        }
    }
    match (iso::open(part)?, udf_error) {
        (Some(files), error) => return Ok(Found::Files(Arc::new(files.beside_udf(error)))),
        (None, Some(error)) => return Err(error),
        (None, None) => {}
    }
    let boot = match boot {
        Ok(boot) => boot,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    };
    let kind = known::volume_kind(part);
    // BitLocker To Go looks like FAT. Bytes that look like another system's volume may be a FAT by chance.
    if let Some(kind) = kind.filter(|kind| kind.windows) {
        return Ok(Found::Other(kind));
    }
    let fat = fat::Fat::open(part, &boot)?;
    Ok(fat.map_or_else(|| kind.map_or(Found::Nothing, Found::Other), |files| Found::Files(Arc::new(files))))
}
