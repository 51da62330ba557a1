//! A file -> the disk in it, by its signature.

mod blocks;
mod ewf;
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
use super::known::file_kind;
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
    /// Set if the file ends too early; it is read as far as it goes.
    pub problem: Option<String>,
}

/// The kind of image, and the disk. A file without a signature is read as a raw disk. `None` for files that cannot be a
/// disk: executables, cabinets, empty ones.
pub(super) fn open(origin: Origin<'_>) -> Result<Option<Disk>, ImageError> {
    let file = origin.source()?;
    #[cfg(feature = "archive")]
    if let Some(unpacked) = archive::unpack(&first(&file)?, &file)? {
        let archive::Unpacked { source, problem } = unpacked;
        let disk = disk(None, source)?;
        return Ok(disk.map(|disk| Disk { problem, ..disk }));
    }
    disk(Some(origin), file)
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
            if let Some(known) = file_kind(head, &part) {
                let what = "not read".to_owned();
                return Err(ImageError::Unsupported { format: known.name, what, advice: known.advice });
            }
            return Ok(Some(Disk { format: RAW, part, problem: None }));
        }
    };
    Ok(Some(Disk { format, part: Part::whole(source)?, problem: None }))
}
