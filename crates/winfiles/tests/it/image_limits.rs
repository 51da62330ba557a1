//! Images that are made to cost more than their size, or to lead outside: their claims are bounded, and their names
//! stay inside. (Issue 6.)

use std::fs::{self, OpenOptions};
use std::path::Path;

use hotfixcheck_testkit::files::{Files, files};
use hotfixcheck_testkit::media::{gpt, mbr, ntfs};
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored};
use hotfixcheck_testkit::udf_builder::udf;
use hotfixcheck_winfiles::image::{self, MAX_PATH_BYTES};
use tempfile::TempDir;

const SECTOR: usize = 512;

/// The files of an image with these bytes, as long as this.
fn read_sized(bytes: &[u8], size: u64) -> Files {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image");
    fs::write(&path, bytes).unwrap();
    OpenOptions::new().write(true).open(&path).unwrap().set_len(size).unwrap();
    files(&image::open(&path).unwrap().unwrap())
}

fn read(bytes: &[u8]) -> Files {
    read_sized(bytes, bytes.len() as u64)
}

fn error(path: &Path) -> String {
    image::open(path).err().unwrap().to_string()
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    bytes[at..at + what.len()].copy_from_slice(what);
}

/// A FAT12 volume: one sector of table, one of root, clusters of a sector from the third on.
fn fat12(chain: &[(usize, u16)], root: &[[u8; 32]], clusters: &[(usize, &[u8])]) -> Vec<u8> {
    let mut image = vec![0; 300 * SECTOR];
    put(&mut image, 0, &[0xeb, 0x3c, 0x90]);
    put(&mut image, 11, &[0, 2, 1, 1, 0, 1, 16, 0, 44, 1, 0xf8, 1, 0]);
    put(&mut image, 510, &[0x55, 0xaa]);
    for (cluster, next) in chain {
        let at = SECTOR + cluster * 3 / 2;
        let shift = if cluster % 2 == 0 { 0 } else { 4 };
        let entry = u16::from_le_bytes([image[at], image[at + 1]]) | next << shift;
        put(&mut image, at, &entry.to_le_bytes());
    }
    put(&mut image, 2 * SECTOR, &root.concat());
    for (cluster, bytes) in clusters {
        put(&mut image, (cluster + 1) * SECTOR, bytes);
    }
    image
}

fn entry(name: &[u8; 11], attributes: u8, cluster: u16, size: u32) -> [u8; 32] {
    let mut entry = [0; 32];
    put(&mut entry, 0, name);
    entry[11] = attributes;
    put(&mut entry, 26, &cluster.to_le_bytes());
    put(&mut entry, 28, &size.to_le_bytes());
    entry
}

/// The entry with which every folder begins: its own.
fn own(cluster: u16) -> [u8; 32] {
    entry(b".          ", 0x10, cluster, 0)
}

/// The only piece of a long name of up to 13 characters, for a short name.
fn long(name: &str, short: &[u8; 11]) -> [u8; 32] {
    let mut units: Vec<u16> = name.encode_utf16().chain([0]).collect();
    units.resize(13, 0xffff);
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let mut entry = [0; 32];
    entry[0] = 0x41;
    put(&mut entry, 1, &bytes[..10]);
    entry[11] = 0x0f;
    entry[13] = short.iter().fold(0_u8, |sum, &byte| sum.rotate_right(1).wrapping_add(byte));
    put(&mut entry, 14, &bytes[10..22]);
    put(&mut entry, 28, &bytes[22..]);
    entry
}

#[test]
fn chains_of_clusters_that_go_round_in_a_circle_are_named() {
    let root = [
        entry(b"A       DLL", 0, 2, 5000),
        entry(b"B       DLL", 0, 6, 700),
        entry(b"C          ", 0x10, 9, 0),
        entry(b"D       DLL", 0, 20, 4000),
    ];
    let chain = [(2, 3), (3, 4), (4, 3), (6, 7), (7, 0xfff), (9, 9), (20, 20)];
    let found = read(&fat12(&chain, &root, &[(6, &[1; SECTOR]), (7, &[2; SECTOR])]));
    let said = |path: &str| found[path].clone().unwrap_err();
    assert_eq!(said("A.DLL"), "the chain that begins at cluster 2 goes round in a circle");
    assert_eq!(said("D.DLL"), "the chain that begins at cluster 20 goes round in a circle");
    assert_eq!(said("C!"), "the chain that begins at cluster 9 goes round in a circle");
    assert_eq!(found["B.DLL"], Ok([[1; SECTOR].as_slice(), &[2; 188]].concat()));
}

#[test]
fn folders_that_lie_in_each_other_are_looked_into_once() {
    let root = [entry(b"A          ", 0x10, 2, 0)];
    let inner = [own(2), entry(b"B          ", 0x10, 3, 0), entry(b"X       DLL", 0, 0, 0)].concat();
    let back = [own(3), entry(b"A          ", 0x10, 2, 0), entry(b"Y       DLL", 0, 0, 0)].concat();
    let found = read(&fat12(&[(2, 0xfff), (3, 0xfff)], &root, &[(2, &inner), (3, &back)]));
    assert_eq!(found["A/B/A!"], Err("another folder has the same contents on the disk".to_owned()));
    assert_eq!(found.keys().collect::<Vec<_>>(), ["A/B/A!", "A/B/Y.DLL", "A/X.DLL"]);
}

/// A folder without its own entry was overwritten (issue 16, point 1).
#[test]
fn folders_that_are_zeroed_are_named() {
    let root = [entry(b"SYSTEM32   ", 0x10, 2, 0), entry(b"A       DLL", 0, 0, 0)];
    let found = read(&fat12(&[(2, 0xfff)], &root, &[(2, &[0; SECTOR])]));
    assert_eq!(found["SYSTEM32!"], Err("the folder is zeroed: its files are lost".to_owned()));
    let empty = read(&fat12(&[(2, 0xfff)], &root, &[(2, &own(2))]));
    assert!(!empty.contains_key("SYSTEM32!"), "{:?}", empty.keys());
    let root_lost = read(&fat12(&[(2, 0xfff)], &[], &[(2, &[1; SECTOR])]));
    assert!(root_lost["!"].clone().unwrap_err().contains("the root folder is empty"));
    let lost = [own(2), [0; 32], [0; 32]].concat();
    let names = read(&iso(&[("A.DLL", 0, 0, 0), ("B", 2, 30, 2048)], &[]));
    assert_eq!(names["B!"], Err("the folder is zeroed: its files are lost".to_owned()));
    assert_eq!(read(&fat12(&[(2, 0xfff)], &root, &[(2, &lost)])).len(), 1, "an empty folder is no damage");
}

#[test]
fn a_root_that_is_nowhere_is_no_empty_volume() {
    let mut image = fat12(&[], &[], &[]);
    // FAT32 by its number of clusters, whose root begins at cluster 0.
    put(&mut image, 17, &[0, 0, 0, 0]);
    put(&mut image, 22, &[0, 0]);
    put(&mut image, 32, &70_000_u32.to_le_bytes());
    put(&mut image, 36, &600_u32.to_le_bytes());
    let found = read_sized(&image, 70_000 * 512);
    assert_eq!(found["!"], Err("the chain begins at cluster 0, which is none".to_owned()));
}

/// Names that would lead outside, and their replacements.
const NAMES: [(&str, &str); 5] = [
    ("..", "\u{fffd}\u{fffd}"),
    (".", "\u{fffd}"),
    ("../x.dll", "..\u{fffd}x.dll"),
    (r"..\..\x.dll", "..\u{fffd}..\u{fffd}x.dll"),
    ("/etc/x.dll", "\u{fffd}etc\u{fffd}x.dll"),
];

#[test]
fn no_name_of_a_volume_leads_out_of_it() {
    let short = b"SHORT   DLL";
    for (name, plain) in NAMES {
        let root = [long(name, short), entry(short, 0, 0, 0), long(name, short), entry(short, 0x10, 5, 0)];
        let inner = [own(5), entry(b"X       DLL", 0, 0, 0)].concat();
        let found = read(&fat12(&[(5, 0xfff)], &root, &[(5, &inner)]));
        assert_eq!(found.keys().collect::<Vec<_>>(), [plain, &format!("{plain}/X.DLL")], "FAT: {name}");
        let found = read(&iso(&[(name, 0, 0, 0), (name, 2, 40, 2048)], &[("X.DLL", 0, 0, 0)]));
        assert_eq!(found.keys().collect::<Vec<_>>(), [plain, &format!("{plain}/X.DLL")], "ISO: {name}");
        // NTFS treats the path separator as one, too, so a name with it is inserted afterwards.
        let stand_in = "n".repeat(name.len());
        let mut image = NtfsBuilder::new().file(&format!("a/{stand_in}"), b"x", Stored::Resident).build();
        let units = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let at = image.windows(2 * name.len()).position(|bytes| bytes == units(&stand_in)).unwrap();
        put(&mut image, at, &units(name));
        assert_eq!(read(&image).keys().collect::<Vec<_>>(), [&format!("a/{plain}")], "NTFS: {name}");
    }
}

/// An ISO 9660 volume with these records in its root, at sector 20, and in another folder, at sector 40: name, flags,
/// sector and size.
fn iso(root: &[(&str, u8, u32, u32)], inner: &[(&str, u8, u32, u32)]) -> Vec<u8> {
    let record = |&(name, flags, sector, size): &(&str, u8, u32, u32)| {
        let mut record = vec![0; 33];
        put(&mut record, 2, &sector.to_le_bytes());
        put(&mut record, 10, &size.to_le_bytes());
        record[25] = flags;
        record[32] = name.len() as u8;
        record.extend(name.as_bytes());
        record.resize(record.len().next_multiple_of(2), 0);
        record[0] = record.len() as u8;
        record
    };
    let mut image = vec![0; 60 * 2048];
    let descriptor = 16 * 2048;
    put(&mut image, descriptor, b"\x01CD001\x01");
    put(&mut image, descriptor + 128, &2048_u16.to_le_bytes());
    put(&mut image, descriptor + 156, &record(&("\0", 2, 20, 2048)));
    put(&mut image, descriptor + 2048, b"\xffCD001\x01");
    for (sector, records) in [(20, root), (40, inner)] {
        // Every folder begins with a record for itself.
        let own = record(&("\0", 2, sector as u32, 2048));
        put(&mut image, sector * 2048, &own.into_iter().chain(records.iter().flat_map(record)).collect::<Vec<u8>>());
    }
    image
}

#[test]
fn folders_that_overlap_end_where_a_sound_volume_would() {
    // A folder that lists itself repeatedly, each time as a longer one: each copy would list all of them.
    let names: Vec<String> = (0..50).map(|number| format!("F{number:02}")).collect();
    let records: Vec<(&str, u8, u32, u32)> =
        names.iter().zip(1..).map(|(name, number)| (name.as_str(), 2, 20, 2048 * number)).collect();
    let found = read(&iso(&records, &[]));
    let ends: Vec<_> = found.values().filter_map(|said| said.clone().err()).collect();
    assert!(ends.iter().any(|what| what.contains("its folders have more than 122880 bytes")), "{ends:?}");
    assert!(ends.iter().any(|what| what.ends_with("more problems")), "{ends:?}");
    assert!(found.len() < 200, "{}", found.len());
}

/// Issue 16, point 13 (fuzzing): every entry after the image's end was read again, 16 million of them.
#[test]
fn a_fat_table_that_is_cut_is_no_table_of_millions_of_free_clusters() {
    let mut image = fat12(&[(2, 0xfff)], &[entry(b"A       DLL", 0x20, 2, 100)], &[(2, &[7; 100])]);
    // FAT32: its sizes in 32 bits, a table of 2 GB, the root in cluster 2.
    put(&mut image, 17, &[0; 2]);
    put(&mut image, 19, &[0; 2]);
    put(&mut image, 22, &[0; 2]);
    put(&mut image, 32, &0x4000_0000_u32.to_le_bytes());
    put(&mut image, 36, &0x40_0000_u32.to_le_bytes());
    put(&mut image, 44, &2_u32.to_le_bytes());
    // The entry of the root's cluster exists, but the cluster does not.
    put(&mut image, SECTOR + 4, &[0xff; 8]);
    let found = read(&image);
    let said = found["!"].as_ref().unwrap_err();
    assert!(found.len() == 1 && said.contains("ends before"), "{found:?}");
    // A table that is cut itself is reported.
    image.truncate(SECTOR + 8);
    let said = read(&image)["!"].clone().unwrap_err();
    assert!(said.contains("the image ends within the table of its FAT volume"), "{said}");
}

/// Issue 16, point 13: each name cost 65,536 reads, and a folder can have a million of them.
#[test]
fn the_lists_of_pieces_of_a_udf_volume_are_read_as_often_as_it_has_blocks() {
    let start = std::time::Instant::now();
    let found = read(&udf(2048, 3, None));
    assert_eq!(found.len(), 3);
    assert!(found.values().all(|what| what.as_ref().unwrap_err().contains("more than 4096 blocks")), "{found:?}");
    let found = read(&udf(2048, 5000, None));
    assert!(found["!"].as_ref().unwrap_err().contains("more pieces than a volume of this size"), "{found:?}");
    assert!(found.len() < 30, "{}", found.len());
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn paths_are_no_longer_than_a_system_lets_them_be() {
    let deep = "a folder with a long name, again and again".to_owned() + "/a folder with a long name, again and again";
    let deep = [deep.as_str(); 60].join("/");
    let image = NtfsBuilder::new()
        .file(&format!("{deep}/a.dll"), b"x", Stored::Resident)
        .file("b.dll", b"x", Stored::Resident)
        .build();
    assert!(deep.len() > MAX_PATH_BYTES);
    let found = read(&image);
    assert_eq!(found["b.dll"], Ok(b"x".to_vec()));
    assert_eq!(found["!"], Err("1 files have paths of more than 4096 bytes and are not listed".to_owned()));
    assert_eq!(found.len(), 2);
}

#[test]
fn a_file_table_of_a_terabyte_that_was_never_written_ends() {
    let mut image = ntfs();
    // The table's own record: its size, and the length of its one run.
    let record = 4 * SECTOR;
    let data = (record..).find(|&at| image[at..at + 4] == [0x80, 0, 0, 0]).unwrap();
    put(&mut image, data + 48, &(1_u64 << 40).to_le_bytes());
    put(&mut image, data + 56, &(1_u64 << 40).to_le_bytes());
    assert_eq!(image[data + 64], 0x44);
    put(&mut image, data + 65, &(1_u32 << 31).wrapping_sub(1).to_le_bytes());
    put(&mut image, data + 48, &((1_u64 << 40) - 512).to_le_bytes());
    let found = read_sized(&image, (1 << 40) + (1 << 20));
    let said: Vec<_> = found.values().filter_map(|said| said.clone().err()).collect();
    assert!(said.iter().any(|what| what.starts_with("1048576 file records in a row are missing")), "{said:?}");
    assert!(found["SYSTEM32/TAPISRV.EXE"].is_ok());
}

#[test]
fn files_that_claim_the_records_of_others_end_where_a_sound_volume_would() {
    let claims = (0..5000)
        .fold(NtfsBuilder::new(), |volume, number| volume.file(&format!("{number}.dll"), b"x", Stored::Claiming));
    let found = read(&claims.build());
    // 64 MB of records were read for them; the rest is refused, a hundred by name.
    assert_eq!(found["!"], Err("803 more file records cannot be read".to_owned()));
    assert!(found.values().filter(|said| said.is_ok()).count() > 3000);
}

#[test]
fn links_of_a_volume_are_not_followed() {
    // The mark of the overlay filter in this file becomes that of a link, and of a mount point.
    let image =
        NtfsBuilder::new().file("a.dll", &[7; 900], Stored::Overlaid).file("b.dll", b"b", Stored::Resident).build();
    let at = image.windows(4).position(|tag| tag == [0x17, 0, 0, 0x80]).unwrap();
    for tag in [[0x0c, 0, 0, 0xa0], [3, 0, 0, 0xa0]] {
        let mut link = image.clone();
        put(&mut link, at, &tag);
        let found = read(&link);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["a.dll@", "b.dll"]);
        assert!(found["a.dll@"].as_ref().unwrap_err().contains("a link, which is not followed"), "{found:?}");
    }
}

#[test]
fn partitions_upon_each_other_are_read_a_few_times_at_most() {
    let volume = ntfs();
    let disk = |count: usize| {
        // All partitions begin at the first one's start: their contents are the same.
        let mut disk = gpt(&[(40, &volume)]);
        disk[SECTOR + 80] = count as u8;
        // Without its copy: the checksums of the first are wrong now.
        let copy = disk.len() - SECTOR;
        disk[copy..].fill(0);
        let first = disk[1024..1152].to_vec();
        (1..count).for_each(|number| put(&mut disk, 1024 + 128 * number, &first));
        disk
    };
    let found = read(&disk(2));
    assert!(found.contains_key("p1/BOOT.INI") && found.contains_key("p2/BOOT.INI"));
    let found = read(&disk(60));
    let Err(what) = &found["!"] else { panic!() };
    assert!(what.ends_with("and the following ones overlap others, and are not read"), "{what}");
    assert!(found.keys().filter(|path| path.ends_with("/BOOT.INI")).count() < 8);
}

#[test]
fn what_images_of_several_files_name_is_opened_only_if_it_is_a_file_beside_them() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("disk.vmdk");
    let text = "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n\
                RW 100 FLAT \"extent.img\" 0\n";
    fs::write(&path, text).unwrap();
    let segment = folder.path().join("x.E01");
    fs::write(&segment, [b"EVF\x09\x0d\x0a\xff\0\x01\x01\0\0\0".as_slice(), &[0; 500]].concat()).unwrap();
    // A gap in the numbers of the segments.
    fs::write(folder.path().join("x.E03"), b"x").unwrap();
    assert!(error(&segment).contains("x.E02 is missing"), "{}", error(&segment));
    #[cfg(unix)]
    {
        let (pipe, second) = (folder.path().join("extent.img"), folder.path().join("x.E02"));
        for target in [&pipe, &second] {
            // Opening a pipe would block forever.
            assert!(std::process::Command::new("mkfifo").arg(target).status().unwrap().success());
        }
        let refused = |path: &Path, what: &str| {
            let error = error(path);
            assert!(error.contains(what) && error.contains("is not a regular file, and is not opened"), "{error}");
        };
        refused(&path, "extent.img");
        refused(&segment, "x.E02");
        for target in [&pipe, &second] {
            fs::remove_file(target).unwrap();
            std::os::unix::fs::symlink("/etc/passwd", target).unwrap();
        }
        refused(&path, "extent.img");
        refused(&segment, "x.E02");
    }
    // A description of a terabyte is not a description.
    OpenOptions::new().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    assert!(error(&path).contains("a description of 1099511627776 bytes"), "{}", error(&path));
}

#[test]
fn a_folder_whose_name_is_a_pattern_holds_its_own_segments_only() {
    let folder = TempDir::new().unwrap();
    // If it were read as a pattern, the folder's name would lead to the other one.
    for name in ["x[1]", "x1"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("x[1]/a.E01"), b"EVF\x09\x0d\x0a\xff\0\x01\x02\0\0\0").unwrap();
    fs::write(folder.path().join("x1/a.E01"), b"EVF\x09\x0d\x0a\xff\0\x01\x01\0\0\0").unwrap();
    let error = error(&folder.path().join("x[1]/a.E01"));
    assert!(error.contains("segment") && error.contains('2'), "{error}");
}

#[test]
fn tables_that_are_too_short_for_their_disk_hide_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x");
    let mut qcow2 = vec![0; 65_536];
    put(&mut qcow2, 0, b"QFI\xfb\0\0\0\x02");
    put(&mut qcow2, 20, &16_u32.to_be_bytes());
    put(&mut qcow2, 24, &(1_u64 << 30).to_be_bytes());
    put(&mut qcow2, 36, &1_u32.to_be_bytes());
    put(&mut qcow2, 40, &4096_u64.to_be_bytes());
    fs::write(&path, &qcow2).unwrap();
    assert_eq!(error(&path), "damaged qcow2 image: 1 tables are too few for its 1073741824 bytes");
    // A dynamic VHD of two blocks, whose table has one.
    let mut vhd = vec![0xff; 8192];
    for at in [0, vhd.len() - 512] {
        put(&mut vhd, at, &[0; 512]);
        put(&mut vhd, at, b"conectix");
        put(&mut vhd, at + 16, &512_u64.to_be_bytes());
        put(&mut vhd, at + 48, &8192_u64.to_be_bytes());
        put(&mut vhd, at + 60, &3_u32.to_be_bytes());
    }
    put(&mut vhd, 512, b"cxsparse");
    put(&mut vhd, 512 + 16, &1536_u64.to_be_bytes());
    put(&mut vhd, 512 + 28, &1_u32.to_be_bytes());
    put(&mut vhd, 512 + 32, &4096_u32.to_be_bytes());
    put(&mut vhd, 1536, &4_u32.to_be_bytes());
    // Its first block: a partition in the second.
    put(&mut vhd, 2048 + 512, &mbr(&[(7, 1, &[])]));
    put(&mut vhd, 2560 + 446 + 8, &9_u32.to_le_bytes());
    put(&mut vhd, 2560 + 446 + 12, &5_u32.to_le_bytes());
    fs::write(&path, &vhd).unwrap();
    let error = error(&path);
    assert!(error.contains("no entry for its block 1"), "{error}");
}

#[test]
fn chunks_are_no_larger_than_tools_make_them() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x");
    // E01: a section that states the number of sectors per chunk and of bytes per sector.
    let mut image = b"EVF\x09\x0d\x0a\xff\0\x01\x01\0\0\0volume".to_vec();
    image.resize(13 + 76 + 94, 0);
    put(&mut image, 13 + 76 + 8, &262_144_u32.to_le_bytes());
    put(&mut image, 13 + 76 + 12, &512_u32.to_le_bytes());
    put(&mut image, 13 + 76 + 16, &1000_u32.to_le_bytes());
    fs::write(&path, &image).unwrap();
    assert_eq!(error(&path), "damaged E01 image: chunks of 134217728 bytes");
    // Ex01: the same in a text table, whose section descriptor follows it. Memory of this size is not even allocated.
    let table = "2\r\nmain\r\nb\tsc\tts\r\n512\t2199023255552\t8\r\n";
    let table: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut image = b"EVF2\x0d\x0a\x81\0\x02\x01\x01\0\x01\0\0\0".to_vec();
    image.resize(32, 0);
    image.extend(&table);
    let at = image.len();
    image.resize(at + 64, 0);
    image[at] = 1;
    put(&mut image, at + 16, &(table.len() as u64).to_le_bytes());
    fs::write(&path, &image).unwrap();
    assert_eq!(error(&path), "damaged E01 image: chunks of 1125899906842624 bytes");
}
