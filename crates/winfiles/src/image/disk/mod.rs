//! A file -> the disk in it, by its signature.

mod blocks;
mod ewf;
mod parts;
mod qcow2;
mod raw_cd;
mod vdi;
mod vhd;
mod vhdx;
mod vmdk;

use std::sync::Arc;

use super::ImageError;
#[cfg(feature = "archive")]
use super::archive;
use super::kinds::{Unread, file_kind, kind_by_name};
use super::nested::Origin;
use super::source::{Part, Source};
use super::wim;
use crate::bytes::ReadAt;
use blocks::SECTOR;

/// The name of the format of a file without an image's signature.
pub(super) const RAW: &str = "raw image";

/// The contents of a file.
pub(super) struct Disk {
    /// The kind of image.
    pub format: &'static str,
    pub part: Part,
    /// What of the file is not read: it ends too early, or files beside it are no parts of it.
    pub problem: Option<String>,
}

/// The kind of image, and the disk. A file without a signature is read as a raw disk. `None` for files that cannot be a
/// disk: executables, cabinets, empty ones.
pub(super) fn open(origin: Origin<'_>) -> Result<Option<Disk>, ImageError> {
    let parts::Joined { file, is_joined, left } = parts::joined(origin, origin.source()?)?;
    let origin = Some(origin).filter(|_| !is_joined);
    #[cfg(feature = "archive")]
    if let Some(unpacked) = archive::unpack(&first(&file)?, &file)? {
        let archive::Unpacked { source, problem } = unpacked;
        let problems: Vec<String> = left.into_iter().chain(problem).collect();
        let problem = (!problems.is_empty()).then(|| problems.join("; "));
        return Ok(disk(None, source)?.map(|disk| Disk { problem, ..disk }));
    }
    Ok(disk(origin, file)?.map(|disk| Disk { problem: left, ..disk }))
}

/// The error for a file that no reader knows, if its name tells what it is: a later part of a split image, or a kind of
/// image without first bytes of its own.
pub(super) fn by_name(origin: Origin<'_>) -> Option<ImageError> {
    parts::later(origin).or_else(|| kind_by_name(&origin.name()).map(not_read))
}

/// The error for a kind of image or archive that is not read.
fn not_read(kind: Unread) -> ImageError {
    ImageError::Unsupported { format: kind.name, what: "not read".to_owned(), advice: kind.advice }
}

/// The first sector, as far as it exists.
fn first(file: &Source) -> Result<Vec<u8>, ImageError> {
    let mut head = vec![0; SECTOR as usize];
    let count = file.read_at(&mut head, 0)?;
    head.truncate(count);
    Ok(head)
}

/// The disk in these bytes. Further files are read from the same origin.
fn disk(origin: Option<Origin<'_>>, file: Source) -> Result<Option<Disk>, ImageError> {
    let head = first(&file)?;
    let head = head.as_slice();
    let (format, source): (&'static str, Source) = match head {
        _ if head.is_empty() || head.starts_with(b"MZ") || head.starts_with(crate::cabinet::SIGNATURE) => {
            return Ok(None);
        }
        _ if head.starts_with(b"QFI\xfb") => ("qcow2 image", Arc::new(qcow2::Qcow2::open(file)?)),
        _ if head.starts_with(b"conectix") => ("VHD image", Arc::new(vhd::Vhd::open(file)?)),
        _ if vmdk::recognise(head) => ("VMDK image", vmdk::open(origin, file, head)?),
        _ if ewf::recognise(head) => ("E01 image", ewf::open(origin, file, head)?),
        _ if vhdx::recognise(head) => ("VHDX image", Arc::new(vhdx::Vhdx::open(file)?)),
        _ if vdi::recognise(head) => ("VDI image", Arc::new(vdi::Vdi::open(file)?)),
        _ if wim::recognise(head) => (wim::FORMAT, file),
        #[cfg(feature = "archive")]
        _ if archive::zip::recognise(head) => (archive::zip::FORMAT, file),
        #[cfg(feature = "archive")]
        _ if archive::tar::recognise(head) => (archive::tar::FORMAT, file),
        _ if raw_cd::recognise(head) => ("raw CD image", Arc::new(raw_cd::RawCd::open(file)?)),
        _ if vhd::has_footer(&file)? => ("VHD image", Arc::new(vhd::Vhd::open(file)?)),
        _ => {
            let part = Part::whole(file)?;
            if let Some(kind) = file_kind(head, &part) {
                return Err(not_read(kind));
            }
            return Ok(Some(Disk { format: RAW, part, problem: None }));
        }
    };
    Ok(Some(Disk { format, part: Part::whole(source)?, problem: None }))
}
