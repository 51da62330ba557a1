//! Volumes and disks that the tests build: NTFS with every way to store a file, partition tables, VHD; and the effects
//! of damage.

use std::fs;
use std::path::Path;

use hotfixcheck_testkit::files::{Files, assert_same, files, of_image};
use hotfixcheck_testkit::media::mbr;
use hotfixcheck_testkit::ntfs_builder::{MODIFIED, NtfsBuilder, Stored};
use hotfixcheck_testkit::packed_builder::sample;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_winfiles::image::{self, ImageError, Item};
use tempfile::TempDir;

fn text(size: usize) -> Vec<u8> {
    (0..).flat_map(|number: u32| format!("line {number} of a text\r\n").into_bytes()).take(size).collect()
}

/// Compressed, stored and empty compression units.
fn mixed() -> Vec<u8> {
    [text(20_000), sample(9000), vec![0; 20_000], text(5000)].concat()
}

fn volume() -> NtfsBuilder {
    NtfsBuilder::new()
        .file("boot.ini", b"[boot loader]", Stored::Resident)
        .file("WINNT/System32/tapisrv.exe", &PeBuilder::new().build(), Stored::Plain)
        .file("WINNT/$NtUninstallQ300972$/idq.dll", &mixed(), Stored::Compressed)
        .file("WINNT/System32/small.dll", &text(3000), Stored::Compressed)
        .file("WINNT/System32/far.dll", &sample(5000), Stored::Extended)
}

fn expected() -> Files {
    let owned = |(path, bytes): (&str, Vec<u8>)| (path.to_owned(), Ok(bytes));
    [
        ("boot.ini", b"[boot loader]".to_vec()),
        ("WINNT/System32/tapisrv.exe", PeBuilder::new().build()),
        ("WINNT/$NtUninstallQ300972$/idq.dll", mixed()),
        ("WINNT/System32/small.dll", text(3000)),
        ("WINNT/System32/far.dll", sample(5000)),
    ]
    .map(owned)
    .into_iter()
    .collect()
}

/// The files of an image with these bytes; `None` for a file that is not an image.
fn read(folder: &Path, bytes: &[u8]) -> Result<Option<Files>, ImageError> {
    let path = folder.join("image");
    fs::write(&path, bytes).unwrap();
    Ok(image::open(&path)?.map(|image| files(&image)))
}

#[test]
fn every_way_to_store_a_file() {
    let folder = TempDir::new().unwrap();
    let found = read(folder.path(), &volume().build()).unwrap().unwrap();
    assert_same(&found, &expected(), "ntfs");
    let image = image::open(&folder.path().join("image")).unwrap().unwrap();
    image.volumes[0].files.list(&mut |item| match item {
        Item::File { modified, .. } => assert_eq!(modified, Some(MODIFIED)),
        Item::Warning { path, what } | Item::Problem { path, what } => panic!("{path}: {what}"),
        Item::Other { path, what } => panic!("{path}: {what}"),
    });
}

#[test]
fn what_cannot_be_unpacked_says_so() {
    let folder = TempDir::new().unwrap();
    let image = NtfsBuilder::new()
        .file("a.dll", &text(9000), Stored::Overlaid)
        .file("b.dll", &text(9000), Stored::Encrypted)
        .build();
    let found = read(folder.path(), &image).unwrap().unwrap();
    let said = |name: &str| found[name].clone().unwrap_err();
    assert_eq!(found["a.dll"], Ok(text(9000)), "chunks that could not be packed lie as they are");
    assert_eq!(said("b.dll"), "encrypted (EFS)");
}

#[test]
fn reads_at_any_place_are_those_of_the_whole() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("image"), volume().build()).unwrap();
    let image = image::open(&folder.path().join("image")).unwrap().unwrap();
    let files = &image.volumes[0].files;
    let mut found = Vec::new();
    files.list(&mut |item| {
        if let Item::File { path, id, .. } = item {
            found.push((path, id));
        }
    });
    for (path, id) in found {
        let whole = expected()[&path].clone().unwrap();
        let file = files.open(id).unwrap();
        assert_eq!(file.size().unwrap(), whole.len() as u64);
        for (offset, count) in
            [(0, 1), (1, 4095), (4090, 20), (8191, 2), (19_999, 9002), (whole.len(), 5), (1 << 40, 5)]
        {
            let mut bytes = vec![0xaa; count];
            let count = file.read_at(&mut bytes, offset as u64).unwrap();
            let rest = whole.get(offset..).unwrap_or_default();
            assert!(bytes[..count] == rest[..count.min(rest.len())], "{path} {count} at {offset}");
            assert_eq!(count, rest.len().min(bytes.len()), "{path} at {offset}");
        }
    }
}

#[test]
fn one_volume_has_no_name_and_several_have_their_partitions_numbers() {
    let folder = TempDir::new().unwrap();
    let (one, linux) = (volume().build(), vec![7; 4096]);
    let found = read(folder.path(), &mbr(&[(0x83, 8, &linux), (7, 63, &one)])).unwrap().unwrap();
    assert_same(&found, &expected(), "one volume");
    let found = read(folder.path(), &mbr(&[(7, 1, &one), (0x83, 1000, &linux), (7, 2000, &one)])).unwrap().unwrap();
    assert!(found.contains_key("p1/boot.ini") && found.contains_key("p3/boot.ini"), "{:?}", found.keys());
}

#[test]
fn partitions_that_should_hold_files_and_do_not_are_named() {
    let folder = TempDir::new().unwrap();
    let (one, noise) = (volume().build(), vec![7; 4096]);
    let mut locked = noise.clone();
    locked[3..11].copy_from_slice(b"-FVE-FS-");
    let found = read(folder.path(), &mbr(&[(7, 1, &locked), (7, 10, &noise), (7, 63, &one)])).unwrap().unwrap();
    assert_eq!(found["!"], Err("partition 2: no file system that can be read".to_owned()));
    assert!(found.contains_key("boot.ini"));
    let error = read(folder.path(), &mbr(&[(7, 1, &locked)])).unwrap_err().to_string();
    assert_eq!(
        error,
        "raw image without a file system that can be read (NTFS, FAT, ISO 9660): partition 1: BitLocker is not read: \
         unlock it (dislocker, cryptsetup open --type bitlk) and scan what it shows"
    );
    // Files that are not images.
    for other in [b"".as_slice(), b"plain text", &PeBuilder::new().build(), &noise] {
        assert!(read(folder.path(), other).unwrap().is_none());
    }
}

/// A dynamic VHD of a disk, with blocks of 4 KB.
fn dynamic_vhd(disk: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 4096;
    let mut footer = [0; 512];
    footer[..8].copy_from_slice(b"conectix");
    footer[16..24].copy_from_slice(&512_u64.to_be_bytes());
    footer[48..56].copy_from_slice(&(disk.len() as u64).to_be_bytes());
    footer[60..64].copy_from_slice(&3_u32.to_be_bytes());
    let blocks: Vec<&[u8]> = disk.chunks(BLOCK).collect();
    let mut header = [0; 1024];
    header[..8].copy_from_slice(b"cxsparse");
    header[16..24].copy_from_slice(&1536_u64.to_be_bytes());
    header[28..32].copy_from_slice(&(blocks.len() as u32).to_be_bytes());
    header[32..36].copy_from_slice(&(BLOCK as u32).to_be_bytes());
    let data_at = (1536 + 4 * blocks.len()).next_multiple_of(512);
    let (mut table, mut data) = (Vec::new(), Vec::new());
    for block in blocks {
        if block.iter().all(|&byte| byte == 0) {
            table.extend_from_slice(&[0xff; 4]);
            continue;
        }
        table.extend_from_slice(&(((data_at + data.len()) / 512) as u32).to_be_bytes());
        data.extend_from_slice(&[0xff; 512]);
        data.extend_from_slice(block);
        data.resize(data.len().next_multiple_of(512), 0);
    }
    table.resize(data_at - 1536, 0xff);
    [&footer[..], &header, &table, &data, &footer].concat()
}

#[test]
fn a_vhd_is_known_by_its_contents_and_its_kind_named() {
    let folder = TempDir::new().unwrap();
    let disk = mbr(&[(7, 63, &volume().build())]);
    let vhd = dynamic_vhd(&disk);
    assert_same(&read(folder.path(), &vhd).unwrap().unwrap(), &expected(), "dynamic VHD");
    let mut child = vhd.clone();
    for footer in [0, vhd.len() - 512] {
        child[footer + 63] = 4;
    }
    let error = read(folder.path(), &child).unwrap_err().to_string();
    assert!(error.starts_with("VHD image: a differencing disk, which needs its parent"), "{error}");
    let mut cut = vhd.clone();
    cut.truncate(1600);
    assert!(read(folder.path(), &cut).unwrap_err().to_string().starts_with("damaged VHD image"), "cut");
}

/// A dynamic VDI of a disk, with blocks of 4 KB that are stored in reverse order.
fn vdi(disk: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 4096;
    let blocks: Vec<&[u8]> = disk.chunks(BLOCK).collect();
    let table_at = 512;
    let data_at = (table_at + 4 * blocks.len()).next_multiple_of(512);
    let mut file = vec![0; data_at];
    let mut number = |at: usize, value: u32| file[at..at + 4].copy_from_slice(&value.to_le_bytes());
    number(0x40, 0xbeda_107f);
    number(0x44, 0x0001_0001);
    number(0x48, 0x190);
    number(0x4c, 1);
    number(0x154, table_at as u32);
    number(0x158, data_at as u32);
    number(0x168, 512);
    number(0x170, disk.len() as u32);
    number(0x178, BLOCK as u32);
    number(0x180, blocks.len() as u32);
    let is_zero = |block: &&[u8]| block.iter().all(|&byte| byte == 0);
    let mut place = blocks.iter().filter(|block| !is_zero(block)).count() as u32;
    for (at, block) in blocks.iter().enumerate() {
        let entry = match is_zero(block) {
            // Freed, or never written.
            true => u32::MAX - (at % 2) as u32,
            false => {
                place -= 1;
                place
            }
        };
        number(table_at + 4 * at, entry);
    }
    for block in blocks.iter().rev().filter(|block| !is_zero(block)) {
        file.extend_from_slice(block);
        file.resize(data_at + (file.len() - data_at).next_multiple_of(BLOCK), 0);
    }
    file
}

#[test]
fn a_vdi_is_known_by_its_contents_and_its_kind_named() {
    let folder = TempDir::new().unwrap();
    let image = vdi(&mbr(&[(7, 63, &volume().build())]));
    assert_same(&read(folder.path(), &image).unwrap().unwrap(), &expected(), "dynamic VDI");
    for (at, value, said) in [
        (0x4c, 4, "VDI image: a differencing disk, which needs its parent"),
        (0x4c, 9, "damaged VDI image: a disk of type 9"),
        (0x44, 7, "VDI image: version 1.7"),
        (0x178, 1, "damaged VDI image: "),
        (0x17c, 1, "VDI image: blocks with 1 bytes before their contents"),
        (0x183, 0xff, "damaged VDI image: "),
        (0x157, 0x7f, "damaged VDI image: it ends within its block table"),
    ] {
        let mut damaged = image.clone();
        damaged[at] = value;
        let error = read(folder.path(), &damaged).unwrap_err().to_string();
        assert!(error.starts_with(said), "{at:#x}: {error}");
    }
    for length in (68..image.len()).step_by(997) {
        let _ = read(folder.path(), &image[..length]);
    }
}

#[test]
fn a_description_that_leads_elsewhere_is_not_followed() {
    let folder = TempDir::new().unwrap();
    for extent in ["../secret.img", "/etc/passwd", "a/../../x", "sub/x.img"] {
        let text = format!(
            "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n\
             RW 2048 FLAT \"{extent}\" 0\n"
        );
        let error = read(folder.path(), text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("does not lie beside it"), "{extent}: {error}");
    }
}

#[test]
fn truncation_has_an_answer() {
    let folder = TempDir::new().unwrap();
    let image = mbr(&[(7, 63, &volume().build())]);
    let all = expected();
    for container in [image.clone(), dynamic_vhd(&image)] {
        for size in (0..container.len()).step_by(1021) {
            for (path, contents) in read(folder.path(), &container[..size]).ok().flatten().unwrap_or_default() {
                // Readable contents are those of the whole file; unreadable files are reported.
                assert!(contents.is_err() || contents == all[&path], "{path} of {size} bytes");
            }
        }
    }
}

#[test]
fn bit_flips_have_an_answer() {
    let folder = TempDir::new().unwrap();
    let mut image = volume().build();
    for place in (0..image.len()).step_by(41 * one_of(3)) {
        let bit = 1 << (place % 8);
        image[place] ^= bit;
        let _ = read(folder.path(), &image);
        image[place] ^= bit;
    }
    let mut vhd = dynamic_vhd(&mbr(&[(7, 63, &image)]));
    for place in (0..4096).step_by(11).chain(vhd.len() - 512..vhd.len()).step_by(one_of(3)) {
        vhd[place] ^= 0x10;
        let _ = read(folder.path(), &vhd);
        vhd[place] ^= 0x10;
    }
}

#[test]
fn folders_that_lie_in_each_other_end() {
    let folder = TempDir::new().unwrap();
    let mut image = NtfsBuilder::new().file("a/b/c.dll", b"x", Stored::Resident).build();
    // The folder a is in its own subfolder b, which is record 25; its file name follows the record's head.
    let record = 4 * 512 + 24 * 1024;
    image[record + 56 + 24] = 25;
    let found = read(folder.path(), &image).unwrap().unwrap();
    assert_eq!(found["!"], Err("1 files lie in folders that are gone".to_owned()), "{found:?}");
    assert_eq!(found.len(), 1);
    let _ = of_image(&folder.path().join("image"));
}
