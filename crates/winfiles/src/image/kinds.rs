//! Kinds of files that are images or archives, by their first and last bytes and by their names: which ones are read,
//! and of the others the names, with advice on how to read them.
//!
//! Sources: the magic file of `file`, and the documentation of the programs that make them.

use super::source::Part;
use crate::bytes::{ReadAt as _, u16_at, u32_at, u64_at};

/// An image or archive that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unread {
    /// The name of its kind.
    pub name: &'static str,
    /// How to make its files readable.
    pub advice: &'static str,
}

/// Bytes at an offset from the beginning, or from the end.
type Magic = (u64, &'static [u8], &'static str, &'static str);

const UNPACK: &str = "unpack it and scan the folder";
const CONVERT: &str = "convert it to a raw image (qemu-img convert -O raw)";
const CONVERT_DISC: &str = "convert it to an ISO image with the program that made it";
const HDIUTIL: &str = "convert it on a Mac (hdiutil convert -format UDTO) and scan the result";
const GZIP: &str = "unpack it (gzip -d) and scan the result";
const CPIO: &str = "unpack it (cpio -id) and scan the folder";
const ACRONIS: &str = "mount it with Acronis True Image on a Windows system, and scan the drive";
const MACRIUM: &str = "mount it with Macrium Reflect on a Windows system, and scan the drive";
const NERO: &str = "convert it to an ISO image (nrg2iso)";
const SYMANTEC: &str = "mount it with Symantec or Veritas System Recovery on a Windows system, and scan the drive";
const SHADOWPROTECT: &str = "mount it with ShadowProtect on a Windows system, and scan the drive";

/// The beginnings of archives and packed files that are not read.
const ARCHIVES: [Magic; 20] = [
    (0, b"7z\xbc\xaf\x27\x1c", "7-Zip archive", UNPACK),
    (0, b"Rar!\x1a\x07", "RAR archive", UNPACK),
    (0, b"RE~^", "RAR archive", UNPACK),
    (0, b"\xfd7zXZ\0", "xz file", "unpack it (xz -d) and scan the result"),
    (0, b"\x04\x22\x4d\x18", "lz4 file", "unpack it (lz4 -d) and scan the result"),
    (0, b"\x02\x21\x4c\x18", "lz4 file", "unpack it (lz4 -d) and scan the result"),
    (0, b"LZIP", "lzip file", "unpack it (lzip -d) and scan the result"),
    (0, b"\x89LZO\0\r\n\x1a\n", "lzop file", "unpack it (lzop -d) and scan the result"),
    (0, b"LRZI", "lrzip file", "unpack it (lrzip -d) and scan the result"),
    (0, b"\x1f\x9d", "compress file (.Z)", GZIP),
    (0, b"\x1f\x1e", "pack file (.z)", GZIP),
    (0, b"\x1f\xa0", "compress -H file (.z)", GZIP),
    (0, b"!<arch>\n", "ar archive", "unpack it (ar x) and scan the folder"),
    (0, b"xar!", "xar archive", "unpack it (bsdtar -xf) and scan the folder"),
    (0, b"ISc(", "InstallShield cabinet", "unpack it (unshield x) and scan the folder"),
    (20, b"\xdc\xa7\xc4\xfd", "ZOO archive", UNPACK),
    (7, b"**ACE**", "ACE archive", UNPACK),
    (2, b"-lh", "LHA archive", "unpack it (lha x) and scan the folder"),
    (2, b"-lz", "LHA archive", "unpack it (lha x) and scan the folder"),
    (0, b"\xed\xab\xee\xdb", "RPM package", UNPACK),
];

/// The beginnings of images that are not read.
const IMAGES: [Magic; 31] = [
    (0, b"AFF10\r\n\0", "AFF image", "convert it to a raw image (affconvert -r) or mount it (affuse)"),
    (0, b"AFF\0", "AFF image", "convert it to a raw image (affconvert -r) or mount it (affuse)"),
    (0, b"ADSEGMENTEDFILE\0", "AD1 image", "export its files, or a raw image, with FTK Imager, and scan these"),
    (0, b"QED\0", "QED image", CONVERT),
    (0, b"WithoutFreeSpace", "Parallels image", CONVERT),
    (0, b"WithouFreSpacExt", "Parallels image", CONVERT),
    (0, b"Bochs Virtual HD Image", "Bochs image", CONVERT),
    (0, b"#!/bin/sh\n#V2.0 Format", "cloop image", CONVERT),
    (0, b"encrcdsa", "encrypted Apple disk image (DMG)", HDIUTIL),
    (0, b"sprs", "sparse Apple disk image", HDIUTIL),
    (
        0,
        b"LVF\x09\x0d\x0a\xff\0",
        "logical evidence file (L01)",
        "export its files (EnCase, ewfexport -f files) and scan the folder",
    ),
    (
        0,
        b"LEF2\x0d\x0a\x81\0",
        "logical evidence file (L01)",
        "export its files (EnCase, ewfexport -f files) and scan the folder",
    ),
    (
        0,
        b"WLPWM\0\0\0",
        "pipable WIM image",
        "rewrite it (wimlib-imagex export IMAGE all NEW --not-pipable) and scan the new one",
    ),
    (
        0,
        b"\0ntfsclone-image",
        "ntfsclone image",
        "restore it to a raw image (ntfsclone --restore-image --overwrite RAW IMAGE) and scan that",
    ),
    (
        0,
        b"partclone-image",
        "partclone image",
        "restore it to a raw image (partclone.restore -W -s IMAGE -o RAW) and scan that",
    ),
    (0, b"PaRtImAgE-VoLuMe", "Partimage image", "restore it to a disk (partimage restore) and scan that"),
    (0, b"FsArCh_", "FSArchiver archive", "restore it to a disk (fsarchiver restfs) and scan that"),
    (0, b"\xfe\xef", "Ghost image", "extract its files with Ghost Explorer, and scan the folder"),
    (0, b"\xce\x24\xb9\xa2", "Acronis image", ACRONIS),
    (0, b"\xb4\x6e\x68\x44", "Acronis backup", ACRONIS),
    (0, b"\xc6\x36\x5c\x8f", "Acronis backup", ACRONIS),
    (7, b"QARCH", "Acronis backup", ACRONIS),
    (0, b"MEDIA DESCRIPTOR", "description of an Alcohol 120% image", "give the MDF file beside it as PATH"),
    (0, b"CISO", "CISO image", CONVERT_DISC),
    (0, b"IsZ!", "ISZ image", CONVERT_DISC),
    (0, b"DAA\0", "DAA image", CONVERT_DISC),
    (0, b"ECM\0", "ECM file", "unpack it (unecm) and scan the result"),
    (0, b"MComprHD", "CHD image", "convert it (chdman extractcd, extracthd) and scan the result"),
    (0, b"MDMP", "memory dump", "scan the disk instead"),
    (0, b"PAGEDU", "memory dump", "scan the disk instead"),
    (0, b"EMiL", "memory dump", "scan the disk instead"),
];

/// The ends of images that are not read; the offsets count from the end.
const IMAGE_ENDS: [Magic; 7] = [
    (512, b"koly", "Apple disk image (DMG)", CONVERT),
    (8, b"cdsaencr", "encrypted Apple disk image (DMG)", HDIUTIL),
    (12, b"MACRIUM_FILE", "Macrium image", MACRIUM),
    (40, b"__79241006_2651_11D4_", "Macrium image", MACRIUM),
    (12, b"NER5", "Nero image", NERO),
    (8, b"NERO", "Nero image", NERO),
    (64, b"bbis", "UIF image", CONVERT_DISC),
];

/// The extensions of images that have no certain first bytes.
const EXTENSIONS: [(&str, &str, &str); 8] = [
    ("vhds", "VHD set", "attach it to a virtual machine, and scan the drive there"),
    ("v2i", "Symantec System Recovery image", SYMANTEC),
    ("iv2i", "Symantec System Recovery image", SYMANTEC),
    ("spf", "ShadowProtect image", SHADOWPROTECT),
    ("spi", "ShadowProtect image", SHADOWPROTECT),
    ("tibx", "Acronis backup", ACRONIS),
    ("cue", "description of a CD image", "give the BIN file beside it as PATH"),
    ("ccd", "description of a CD image", "give the IMG file beside it as PATH"),
];

/// The kind of an image or archive that is not read; `None` for other files.
pub(super) fn file_kind(head: &[u8], file: &Part) -> Option<Unread> {
    let begins = |(at, magic, ..): &&Magic| head.get(*at as usize..).is_some_and(|rest| rest.starts_with(magic));
    let ends = |(back, magic, ..): &&Magic| {
        let place = file.size.checked_sub(*back);
        place.is_some_and(|place| file.bytes(place, magic.len()).is_ok_and(|bytes| bytes == *magic))
    };
    let by_magic = || ARCHIVES.iter().chain(&IMAGES).find(begins).or_else(|| IMAGE_ENDS.iter().find(ends));
    let found = by_magic().map(|&(_, _, name, advice)| (name, advice)).or_else(|| by_structure(head));
    // Some of Nero's images begin like any other image of a disc.
    let found = found.filter(|(_, advice)| *advice != NERO || !begins_with_disc(file));
    let skipped = || {
        let at = after_skipped(file).filter(|&at| at > 0)?;
        let next = file.bytes(at, 4).ok()?;
        ARCHIVES.iter().find(|(at, magic, ..)| *at == 0 && *magic == next).map(|&(_, _, name, advice)| (name, advice))
    };
    found.or_else(skipped).map(|(name, advice)| Unread { name, advice })
}

/// The kind of a file without known first bytes by its name.
pub(super) fn kind_by_name(name: &str) -> Option<Unread> {
    let (_, extension) = name.rsplit_once('.')?;
    let found = EXTENSIONS.iter().find(|(known, ..)| extension.eq_ignore_ascii_case(known));
    found.map(|&(_, name, advice)| Unread { name, advice })
}

/// Kinds whose first bytes are too short or too common to identify them alone.
fn by_structure(head: &[u8]) -> Option<(&'static str, &'static str)> {
    Some(match () {
        () if is_bzip2(head) => ("bzip2 file", "unpack it (bzip2 -d) and scan the result"),
        () if is_cpio(head) => ("cpio archive", CPIO),
        () if is_lzma(head) => ("lzma file", "unpack it (xz -d) and scan the result"),
        () if is_arj(head) => ("ARJ archive", "unpack it (arj x) and scan the folder"),
        () if is_backup(head) => ("Windows backup (BKF)", "restore it (mtftar, ntbackup) and scan the folder"),
        () => return None,
    })
}

fn is_bzip2(head: &[u8]) -> bool {
    head.starts_with(b"BZh") && head.get(4..10) == Some(&[0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
}

/// The text forms state numbers in hexadecimal or octal digits. The binary form begins with a number in either order of
/// bytes, and has the size of the first name, whose text ends with a zero.
fn is_cpio(head: &[u8]) -> bool {
    let digits = |radix: u32| head.get(6..14).is_some_and(|rest| rest.iter().all(|b| char::from(*b).is_digit(radix)));
    match head {
        [b'0', b'7', b'0', b'7', b'0', b'1' | b'2', ..] => digits(16),
        [b'0', b'7', b'0', b'7', b'0', b'7', ..] => digits(8),
        [0xc7, 0x71, ..] | [0x71, 0xc7, ..] => {
            let size = if head[0] == 0xc7 { u16_at(head, 20) } else { u16_at(head, 20).swap_bytes() };
            let end = 26 + usize::from(size);
            size > 1 && end > 27 && head.get(end - 2..end).is_some_and(|last| last[0] != 0 && last[1] == 0)
        }
        _ => false,
    }
}

/// The old format of `lzma`: the usual properties, a window of a common size, and a size that is unknown or below 1 TB.
fn is_lzma(head: &[u8]) -> bool {
    let window = u32_at(head, 1);
    let is_common = window >= 1 << 12 && (window.is_power_of_two() || (window / 3 * 2).is_power_of_two());
    let size = u64_at(head, 5);
    head.first() == Some(&0x5d)
        && head.len() > 13
        && is_common
        && head[13] == 0
        && (size == u64::MAX || size >> 40 == 0)
}

/// The main header of an archive: its size, then the size of its fixed part, and the type of a main header.
fn is_arj(head: &[u8]) -> bool {
    let size = u16_at(head, 2);
    head.starts_with(b"\x60\xea") && (30..=2600).contains(&size) && head.get(10) == Some(&2)
}

/// The first descriptor of Microsoft Tape Format: the checksum of its first 50 bytes, in words.
fn is_backup(head: &[u8]) -> bool {
    let sum = (0..25).fold(0, |sum, word| sum ^ u16_at(head, word * 2));
    head.starts_with(b"TAPE") && head.len() > 52 && sum == u16_at(head, 50)
}

fn begins_with_disc(file: &Part) -> bool {
    file.bytes(0x8001, 5).is_ok_and(|bytes| bytes == b"CD001")
}

/// Frames without data, which `pzstd` and others write into Zstandard and lz4 files: sixteen signatures.
const SKIPPED: u32 = 0x184d_2a50;
/// The most such frames in a file: a file has one for each frame with data, if any.
const MAX_SKIPPED: u32 = 1 << 16;

/// True for the beginning of a frame without data.
pub(super) fn is_skipped(head: &[u8]) -> bool {
    head.len() >= 8 && u32_at(head, 0) & !15 == SKIPPED
}

/// The offset after the frames without data at the beginning of a file; `None` if there are too many.
pub(super) fn after_skipped(file: &Part) -> Option<u64> {
    let mut at = 0_u64;
    for _ in 0..MAX_SKIPPED {
        let mut head = [0; 8];
        let count = file.read_at(&mut head, at).ok()?;
        if !is_skipped(&head[..count]) {
            return Some(at);
        }
        at = at.saturating_add(8 + u64::from(u32_at(&head, 4)));
    }
    None
}

/// The beginnings of the archives that are read, and of files that are unpacked as a whole.
const READABLE: [&[u8]; 4] = [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"];

/// The number of first bytes that [`is_archive`] needs.
pub const ARCHIVE_HEAD_BYTES: usize = 512;

/// True for the beginning of an archive, or of a file that is packed as a whole, whether this program reads it or not.
pub fn is_archive(head: &[u8]) -> bool {
    let is_unread =
        || ARCHIVES.iter().any(|(at, magic, ..)| head.get(*at as usize..).is_some_and(|rest| rest.starts_with(magic)));
    is_readable_archive(head) || is_unread() || is_bzip2(head) || is_cpio(head) || is_lzma(head) || is_arj(head)
}

/// True for the beginning of an archive that this program can open.
pub fn is_readable_archive(head: &[u8]) -> bool {
    READABLE.iter().any(|magic| head.starts_with(magic)) || is_skipped(head) || head.get(257..262) == Some(b"ustar")
}

/// True for the name of a file that is likely an image or its first part: `disk.vhdx`, `install.wim`, `case.E01`.
pub fn may_be_image(name: &str) -> bool {
    /// Extensions of kinds that are not read are included: opening such a file reports its kind.
    const EXTENSIONS: [&str; 44] = [
        "000", "001", "ad1", "aff", "aff4", "avhd", "avhdx", "bin", "bkf", "daa", "dd", "dmg", "dsk", "e01", "esd",
        "ex01", "gho", "hdd", "hds", "ima", "img", "iso", "isz", "l01", "lx01", "mdf", "mrimg", "mrimgx", "nrg",
        "qcow", "qcow2", "qed", "raw", "swm", "tib", "tibx", "uif", "v2i", "vdi", "vhd", "vhds", "vhdx", "vmdk", "wim",
    ];
    has_extension(name, &EXTENSIONS)
}

/// True for the name of a file that is likely an archive: `case.zip`, `uploads.tar.gz`.
pub fn may_be_archive(name: &str) -> bool {
    const EXTENSIONS: [&str; 22] = [
        "7z", "ace", "arj", "bz2", "cpio", "gz", "lha", "lz", "lz4", "lzh", "lzma", "lzo", "rar", "tar", "tbz2", "tgz",
        "txz", "xz", "z", "zip", "zst", "tzst",
    ];
    has_extension(name, &EXTENSIONS)
}

fn has_extension(name: &str, known: &[&str]) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    known.iter().any(|known| extension.eq_ignore_ascii_case(known))
}
