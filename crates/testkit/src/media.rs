//! Small images of every kind with the same files in each, made by our builders and by Debian's tools.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::files::Files;
use crate::ntfs_builder::{NtfsBuilder, Stored};
use crate::packed_builder::sample;
use crate::pe_builder::PeBuilder;
use crate::tools::run;

/// The revisions of the files that are binaries.
pub const REVISIONS: [u16; 3] = [7086, 7097, 336];

/// The file that is compressed on NTFS.
pub const COMPRESSED: &str = "SYSTEM32/DRIVERS/TCPIP.SYS";

fn pe(revision: u16) -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, revision], [4, 0, 1381, revision]).build()
}

/// The files in each image.
pub fn contents() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("SYSTEM32/TAPISRV.EXE", pe(REVISIONS[0])),
        (COMPRESSED, pe(REVISIONS[1])),
        ("SYSTEM32/IDQ.DLL", pe(REVISIONS[2])),
        ("SYSTEM32/FAR.DLL", sample(3000)),
        ("BOOT.INI", b"[boot loader]".to_vec()),
    ]
}

/// An NTFS volume that stores each of the files in a different way.
pub fn ntfs() -> Vec<u8> {
    let ways = [Stored::Plain, Stored::Compressed, Stored::Plain, Stored::Extended, Stored::Plain];
    let file = |volume: NtfsBuilder, ((path, bytes), way): ((&str, Vec<u8>), Stored)| volume.file(path, &bytes, way);
    let volume = contents().into_iter().zip(ways).fold(NtfsBuilder::new(), file);
    volume.file("SMALL.TXT", b"in its record", Stored::Resident).build()
}

/// A disk with a partition table, from type, first sector and bytes of each partition.
pub fn mbr(partitions: &[(u8, u32, &[u8])]) -> Vec<u8> {
    let mut disk = vec![0; 512];
    for (number, (kind, start, bytes)) in partitions.iter().enumerate() {
        let at = 446 + 16 * number;
        disk[at + 4] = *kind;
        disk[at + 8..at + 12].copy_from_slice(&start.to_le_bytes());
        disk[at + 12..at + 16].copy_from_slice(&(bytes.len() as u32 / 512).to_le_bytes());
        let place = *start as usize * 512;
        disk.resize(disk.len().max(place + bytes.len()), 0);
        disk[place..place + bytes.len()].copy_from_slice(bytes);
    }
    disk[510..512].copy_from_slice(&[0x55, 0xaa]);
    disk
}

/// A disk with a GPT of four entries and its copy at the end. The first entries are these partitions of basic data:
/// first sector, bytes.
pub fn gpt(partitions: &[(u32, &[u8])]) -> Vec<u8> {
    let kind = [0xa2, 0xa0, 0xd0, 0xeb, 0xe5, 0xb9, 0x33, 0x44, 0x87, 0xc0, 0x68, 0xb6, 0xb7, 0x26, 0x99, 0xc7];
    gpt_of(&partitions.iter().map(|(start, bytes)| (kind, *start, *bytes)).collect::<Vec<_>>())
}

/// As [`gpt`], with partitions of these types.
pub fn gpt_of(partitions: &[([u8; 16], u32, &[u8])]) -> Vec<u8> {
    let end = partitions.iter().map(|(_, start, bytes)| *start as usize * 512 + bytes.len()).max().unwrap_or(0);
    // The copy: a sector of entries, and one of the header.
    let end = end.next_multiple_of(512) + 1024;
    let mut disk = mbr(&[(0xee, 1, &vec![0; end - 512])]);
    let mut entries = [0; 512];
    for (entry, (kind, start, bytes)) in entries.chunks_mut(128).zip(partitions) {
        entry[..16].copy_from_slice(kind);
        entry[32..36].copy_from_slice(&start.to_le_bytes());
        entry[40..44].copy_from_slice(&(start + bytes.len() as u32 / 512 - 1).to_le_bytes());
        let place = *start as usize * 512;
        disk[place..place + bytes.len()].copy_from_slice(bytes);
    }
    let last = (end / 512 - 1) as u64;
    for (own, other, first) in [(1, last, 2), (last, 1, last - 1)] {
        let mut header = [0; 92];
        header[..8].copy_from_slice(b"EFI PART");
        header[10] = 1;
        header[12] = 92;
        header[24..32].copy_from_slice(&own.to_le_bytes());
        header[32..40].copy_from_slice(&other.to_le_bytes());
        header[72..80].copy_from_slice(&first.to_le_bytes());
        header[80] = 4;
        header[84] = 128;
        header[88..92].copy_from_slice(&crc32(&entries).to_le_bytes());
        let sum = crc32(&header);
        header[16..20].copy_from_slice(&sum.to_le_bytes());
        let at = own as usize * 512;
        disk[at..at + 92].copy_from_slice(&header);
        let at = first as usize * 512;
        disk[at..at + 512].copy_from_slice(&entries);
    }
    disk
}

/// The checksum of GPTs.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// An image: its name in messages, and its path.
pub type Medium = (&'static str, PathBuf);

/// Kinds of images that are made in the same way. Tests of damage run them separately, in parallel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// An NTFS volume, alone and in partitions.
    Ntfs,
    /// FAT12, FAT16 and FAT32 volumes.
    Fat,
    /// CD images.
    Iso,
    /// VHD, VHDX and VDI disks.
    Virtual,
    /// VMDK disks.
    Vmdk,
    /// qcow2 disks.
    Qcow2,
    /// An E01 image.
    Evidence,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Ntfs, Self::Fat, Self::Iso, Self::Virtual, Self::Vmdk, Self::Qcow2, Self::Evidence];
}

/// One image of every kind in this folder. Images whose tools are missing are left out, with a message.
pub fn all(folder: &Path) -> Vec<Medium> {
    Group::ALL.into_iter().flat_map(|group| of(group, folder)).collect()
}

/// The images of one group in this folder. Images whose tools are missing are left out, with a message.
pub fn of(group: Group, folder: &Path) -> Vec<Medium> {
    let tree = folder.join("tree");
    for (path, bytes) in contents() {
        fs::create_dir_all(tree.join(path).parent().unwrap()).unwrap();
        fs::write(tree.join(path), bytes).unwrap();
    }
    let mbr = mbr(&[(0x83, 1, &[7; 512]), (7, 4, &ntfs())]);
    fs::write(folder.join("mbr.img"), &mbr).unwrap();
    let put = |kind, name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).unwrap();
        (kind, folder.join(name))
    };
    let convert = |kinds: &[(&'static str, &str, &[&str])]| {
        let made = kinds.iter().filter_map(|&(kind, name, options)| {
            let arguments = [&["convert", "-O"], options, &["mbr.img", name]].concat();
            run("qemu-img", "qemu-utils", &arguments, folder).map(|_| (kind, folder.join(name)))
        });
        made.collect()
    };
    match group {
        Group::Ntfs => vec![
            put("NTFS", "ntfs.img", &ntfs()),
            put("MBR", "mbr.img", &mbr),
            put("GPT", "gpt.img", &gpt(&[(6, &ntfs())])),
        ],
        Group::Fat => [("FAT12", "12", 100_u64 << 10), ("FAT16", "16", 2200 << 10), ("FAT32", "32", 34 << 20)]
            .into_iter()
            .filter_map(|(kind, bits, size)| Some((kind, fat(folder, bits, size)?)))
            .collect(),
        Group::Iso => iso(folder),
        Group::Virtual => convert(&[
            ("VHD", "dynamic.vhd", &["vpc"]),
            ("fixed VHD", "fixed.vhd", &["vpc", "-o", "subformat=fixed"]),
            ("VDI", "dynamic.vdi", &["vdi"]),
            ("VHDX", "dynamic.vhdx", &["vhdx", "-o", "block_size=1M"]),
        ]),
        Group::Vmdk => convert(&[
            ("VMDK", "sparse.vmdk", &["vmdk"]),
            ("stream-optimised VMDK", "stream.vmdk", &["vmdk", "-o", "subformat=streamOptimized"]),
        ]),
        Group::Qcow2 => convert(&[
            ("qcow2", "plain.qcow2", &["qcow2", "-o", "cluster_size=512"]),
            ("packed qcow2", "packed.qcow2", &["qcow2", "-c", "-o", "cluster_size=4096"]),
        ]),
        Group::Evidence => {
            let arguments = ["-u", "-q", "-t", "evidence", "-c", "deflate:best", "mbr.img"];
            let made = run("ewfacquire", "ewf-tools", &arguments, folder);
            made.map(|_| ("E01", folder.join("evidence.E01"))).into_iter().collect()
        }
    }
}

fn fat(folder: &Path, bits: &str, size: u64) -> Option<PathBuf> {
    let name = format!("fat{bits}.img");
    File::create(folder.join(&name)).unwrap().set_len(size).unwrap();
    run("mkfs.fat", "dosfstools", &["-F", bits, "-s", "1", "-i", "12345678", &name], folder)?;
    run("mcopy", "mtools", &["-s", "-i", &name, "tree/SYSTEM32", "tree/BOOT.INI", "::"], folder)?;
    Some(folder.join(name))
}

fn iso(folder: &Path) -> Vec<Medium> {
    let make = |kind, name: &str, options: &[&str]| {
        let arguments = [options, &["-quiet", "-no-pad", "-o", name, "tree"]].concat();
        run("genisoimage", "genisoimage", &arguments, folder).map(|_| (kind, folder.join(name)))
    };
    let kinds = [
        make("ISO 9660", "plain.iso", &[]),
        make("Joliet", "joliet.iso", &["-J", "-R"]),
        make("UDF", "udf.iso", &["-udf", "-J"]),
    ];
    kinds.into_iter().flatten().collect()
}

/// The files that an image of this kind should show.
pub fn expected(kind: &str) -> Files {
    let on_fat_or_iso = kind.starts_with("FAT") || matches!(kind, "ISO 9660" | "Joliet" | "UDF");
    let small = (!on_fat_or_iso).then(|| ("SMALL.TXT", b"in its record".to_vec()));
    contents().into_iter().chain(small).map(|(path, bytes)| (path.to_owned(), Ok(bytes))).collect()
}
