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
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::ImageError;
use super::source::{Part, Source};
use crate::bytes::ReadAt;

/// What a file without an image's signature is called.
pub(super) const RAW: &str = "raw image";
const SECTOR: u64 = 512;
/// How images of Parallels begin.
const PARALLELS: [&[u8]; 2] = [b"WithoutFreeSpace", b"WithouFreSpacExt"];

/// The kind of image, and the disk; a file without a signature is taken for a disk itself. `None` for files that can
/// be none: executables, cabinets, empty ones.
pub(super) fn open(path: &Path) -> Result<Option<(&'static str, Part)>, ImageError> {
    let file = File::open(path)?;
    let mut head = [0; SECTOR as usize];
    let count = file.read_at(&mut head, 0)?;
    let head = &head[..count];
    let unsupported = |format, what: &str| Err(ImageError::Unsupported { format, what: what.to_owned() });
    let (format, source): (&'static str, Source) = match head {
        _ if head.is_empty() || head.starts_with(b"MZ") || head.starts_with(crate::cabinet::SIGNATURE) => {
            return Ok(None);
        }
        _ if head.starts_with(b"QFI\xfb") => ("qcow2 image", Arc::new(qcow2::Qcow2::open(file)?)),
        _ if head.starts_with(b"conectix") => ("VHD image", Arc::new(vhd::Vhd::open(file)?)),
        _ if vmdk::recognise(head) => ("VMDK image", vmdk::open(path, head)?),
        _ if ewf::recognise(head) => ("E01 image", ewf::open(path)?),
        _ if vhdx::recognise(head) => ("VHDX image", Arc::new(vhdx::Vhdx::open(file)?)),
        _ if vdi::recognise(head) => ("VDI image", Arc::new(vdi::Vdi::open(file)?)),
        _ if head.starts_with(b"MSWIM\0\0\0") => {
            return Err(ImageError::Unsupported {
                format: "WIM image",
                what: "not read; apply it (wimapply)".to_owned(),
            });
        }
        _ if PARALLELS.iter().any(|magic| head.starts_with(magic)) => {
            return unsupported("Parallels image", "not read");
        }
        _ if raw_cd::recognise(head) => ("raw CD image", Arc::new(raw_cd::RawCd::open(file)?)),
        _ if vhd::has_footer(&file)? => ("VHD image", Arc::new(vhd::Vhd::open(file)?)),
        _ => (RAW, Arc::new(file)),
    };
    Ok(Some((format, Part::whole(source)?)))
}

/// Whether a further file of an image is a file, and no link, folder or pipe: what an image names must not lead out of its
/// folder, nor block. `None` if it is not there.
fn is_plain_file(path: &Path) -> Option<bool> {
    match path.symlink_metadata() {
        Ok(metadata) => Some(metadata.is_file()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => Some(false),
    }
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut number = [0; N];
    if let Some(held) = bytes.get(at..at + N) {
        number.copy_from_slice(held);
    }
    number
}

/// A big-endian number of a header whose size was checked.
fn u32_be(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(number(bytes, at))
}

/// As [`u32_be`], of 64 bits.
fn u64_be(bytes: &[u8], at: usize) -> u64 {
    u64::from_be_bytes(number(bytes, at))
}

/// A little-endian number of a header whose size was checked.
fn u32_le(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(number(bytes, at))
}

/// As [`u32_le`], of 64 bits.
fn u64_le(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(number(bytes, at))
}
