//! Kinds of volumes that are known but not read: their names, and advice on how to read them. `kinds` has those of files.

use super::source::Part;
use crate::bytes::{u16_at, u32_at};

/// Something recognised by its first bytes that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Its name.
    pub name: &'static str,
    /// How to make its files readable.
    pub advice: &'static str,
    /// Windows stores its own files in such volumes.
    pub windows: bool,
}

const MOUNT: &str = "mount it and scan the folder";
const UNLOCK: &str = "unlock it with the program that encrypted it, and scan what that shows";

const fn volume(name: &'static str, advice: &'static str, windows: bool) -> Known {
    Known { name, advice, windows }
}

const BITLOCKER: Known =
    volume("BitLocker", "unlock it (dislocker, cryptsetup open --type bitlk) and scan what it shows", true);
const REFS: Known = volume("ReFS", "attach it to a Windows system and scan the drive", true);
const EXFAT: Known = volume("exFAT", MOUNT, true);
const SPACES: Known = volume("Storage Spaces", "attach all of its disks to a Windows system and scan the drive", true);

/// The kind of a volume, or of a part of one; `None` for other bytes.
pub(super) fn volume_kind(part: &Part) -> Option<Known> {
    // All offsets at which these kinds have their signatures, as far as the bytes go.
    let mut head = vec![0; 4096];
    let count = crate::bytes::ReadAt::read_at(part, &mut head, 0).ok()?;
    head.truncate(count);
    let at = |place: usize, magic: &[u8]| head.get(place..place + magic.len()) == Some(magic);
    let far = |place: u64, magic: &[u8]| part.bytes(place, magic.len()).is_ok_and(|bytes| bytes == magic);
    Some(match () {
        () if at(3, b"-FVE-FS-") => BITLOCKER,
        // BitLocker To Go looks like FAT; its identifier is in the boot sector.
        () if at(
            424,
            &[0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01],
        ) =>
        {
            BITLOCKER
        }
        () if at(3, b"EXFAT   ") => EXFAT,
        () if at(3, b"ReFS\0\0\0\0") => REFS,
        () if at(3, b"PGPGUARD") => volume("PGP Whole Disk Encryption", UNLOCK, true),
        () if at(3, b"SafeBoot") => volume("SafeBoot (McAfee Endpoint Encryption)", UNLOCK, true),
        () if at(0, b"LUKS\xba\xbe") => volume("LUKS", "open it (cryptsetup open) and scan what it shows", false),
        () if (0..4).any(|sector| at(sector * 512, b"LABELONE") && at(sector * 512 + 24, b"LVM2 001")) => {
            volume("LVM", "activate it (vgchange -ay) and scan its volumes", false)
        }
        () if at(0, b"SPACEDB ") || far(4096, b"SPACEDB ") => SPACES,
        () if u16_at(&head, 1080) == 0xef53 && head.len() > 1082 => volume("ext2, ext3 or ext4", MOUNT, false),
        () if at(1024, b"H+\0\x04") || at(1024, b"HX\0\x05") => volume("HFS+", MOUNT, false),
        () if at(1024, b"BD") && is_hfs(&head) => volume("HFS", MOUNT, false),
        () if at(32, b"NXSB") => volume("APFS", MOUNT, false),
        () if far(0x1_0040, b"_BHRfS_M") => volume("Btrfs", MOUNT, false),
        () if at(0, b"XFSB") => volume("XFS", MOUNT, false),
        () if far(0x1_0034, b"ReIsEr") => volume("ReiserFS", MOUNT, false),
        () if far(0x8000, b"JFS1") => volume("JFS", MOUNT, false),
        () if at(1024, &[0x10, 0x20, 0xf5, 0xf2]) => volume("F2FS", MOUNT, false),
        () if far(0x10_0000, &[0x0d, 0xd0, 0x01, 0xc0]) => {
            volume("VMFS", "mount it (vmfs-fuse) and scan the disks in it", false)
        }
        () if at(4086, b"SWAPSPACE2") => volume("swap space", "it holds no files", false),
        () if at(0, b"hsqs") => volume("SquashFS", "unpack it (unsquashfs) and scan the folder", false),
        () if far(4096, &0xa92b_4efc_u32.to_le_bytes()) || at(0, &0xa92b_4efc_u32.to_le_bytes()) => {
            volume("a disk of a Linux RAID", "assemble it (mdadm --assemble) and scan what it shows", false)
        }
        () if far(16 * 512, &[0x49, 0xe8, 0x95, 0xf9]) => volume("HPFS", MOUNT, true),
        () => return None,
    })
}

/// The master directory block of HFS: allocation blocks are multiples of a sector.
fn is_hfs(head: &[u8]) -> bool {
    let size = u32_at(head, 1024 + 20).swap_bytes();
    size > 0 && size.is_multiple_of(512)
}
