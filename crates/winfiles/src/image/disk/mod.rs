//! A file -> the disk in it, by its signature.

mod blocks;
mod ewf;
mod qcow2;
mod raw_cd;
mod vdi;
mod vhd;
mod vhdx;
mod vmdk;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use super::ImageError;
use super::known::file_kind;
use super::source::{Part, Source};
use super::wim;
use crate::bytes::ReadAt;
use blocks::SECTOR;

/// What a file without an image's signature is called.
pub(super) const RAW: &str = "raw image";

/// The kind of image, and the disk; a file without a signature is taken for a disk itself. `None` for files that can
/// be none: executables, cabinets, empty ones.
pub(super) fn open(path: &Path) -> Result<Option<(&'static str, Part)>, ImageError> {
    let file = File::open(path)?;
    let mut head = [0; SECTOR as usize];
    let count = file.read_at(&mut head, 0)?;
    let head = &head[..count];
    let (format, source): (&'static str, Source) = match head {
        _ if head.is_empty() || head.starts_with(b"MZ") || head.starts_with(crate::cabinet::SIGNATURE) => {
            return Ok(None);
        }
        _ if head.starts_with(b"QFI\xfb") => ("qcow2 image", Arc::new(qcow2::Qcow2::open(file)?)),
        _ if head.starts_with(b"conectix") => ("VHD image", Arc::new(vhd::Vhd::open(file)?)),
        _ if vmdk::recognise(head) => ("VMDK image", vmdk::open(path, head)?),
        _ if ewf::recognise(head) => ("E01 image", ewf::open(path, head)?),
        _ if vhdx::recognise(head) => ("VHDX image", Arc::new(vhdx::Vhdx::open(file)?)),
        _ if vdi::recognise(head) => ("VDI image", Arc::new(vdi::Vdi::open(file)?)),
        _ if wim::recognise(head) => (wim::FORMAT, Arc::new(file)),
        _ if raw_cd::recognise(head) => ("raw CD image", Arc::new(raw_cd::RawCd::open(file)?)),
        _ if vhd::has_footer(&file)? => ("VHD image", Arc::new(vhd::Vhd::open(file)?)),
        _ => {
            let file = Part::whole(Arc::new(file))?;
            if let Some(known) = file_kind(head, &file) {
                let what = "not read".to_owned();
                return Err(ImageError::Unsupported { format: known.name, what, advice: known.advice });
            }
            return Ok(Some((RAW, file)));
        }
    };
    Ok(Some((format, Part::whole(source)?)))
}
