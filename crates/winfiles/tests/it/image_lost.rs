//! Damage that hides files: each lost file is reported (issue 16, point 1).

use std::fs;
use std::path::Path;

use hotfixcheck_testkit::files::{files, of_image};
use hotfixcheck_testkit::media::{contents, gpt, gpt_of, mbr, ntfs};
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored, record_at};
use hotfixcheck_testkit::packed_builder::sample;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_winfiles::image::{self, ImageError};
use tempfile::TempDir;

/// The results for an image with these bytes: the paths of its files, and its problems.
fn said(bytes: &[u8]) -> (Vec<String>, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("disk.img");
    fs::write(&path, bytes).unwrap();
    match image::open(&path) {
        Ok(image) => {
            let found = files(&image.expect("an image"));
            let problems = found.iter().filter(|(path, _)| path.ends_with('!'));
            let problems: Vec<String> = problems.map(|(_, what)| what.clone().unwrap_err()).collect();
            (found.into_keys().filter(|path| !path.ends_with('!')).collect(), problems.join("\n"))
        }
        Err(error) => (Vec::new(), error.to_string()),
    }
}

/// The volume of two files; the second one's record is number 25.
fn volume() -> Vec<u8> {
    NtfsBuilder::new().file("A.DLL", b"one", Stored::Resident).file("B.DLL", b"two", Stored::Resident).build()
}

#[test]
fn a_record_that_is_zeroed_or_marked_as_bad_is_a_lost_file_where_the_bitmap_knows_it() {
    for (damage, expected) in [(&[0; 1024][..], "is zeroed"), (b"BAAD", "is marked as damaged")] {
        let mut image = volume();
        let at = record_at(25);
        image[at..at + damage.len()].copy_from_slice(damage);
        let (files, problems) = said(&image);
        assert_eq!(files, ["A.DLL"]);
        assert!(problems.contains("file record 25") && problems.contains(expected), "{problems}");
    }
}

#[test]
fn a_record_that_the_bitmap_does_not_know_was_never_used() {
    let mut image = volume();
    let bit = image.windows(8).position(|bytes| bytes == [0xff, 0xff, 0xff, 0x03, 0, 0, 0, 0]).expect("the bitmap");
    image[bit + 3] = 0x01;
    image[record_at(25)..record_at(26)].fill(0);
    assert_eq!(said(&image), (vec!["A.DLL".to_owned()], String::new()));
}

#[test]
fn partitions_that_can_hold_windows_are_named_where_they_cannot_be_read() {
    let sound = ntfs();
    for (kind, expected) in
        [(0x17, "no file system"), (0x42, "dynamic disk"), (0x27, "no file system"), (0xbc, "unknown type")]
    {
        let (files, problems) = said(&mbr(&[(7, 4, &sound), (kind, 4 + sound.len() as u32 / 512, &[7; 4096])]));
        assert!(
            !files.is_empty() && problems.contains("partition 2") && problems.contains(expected),
            "{kind:#x}: {problems}"
        );
    }
    // Linux partitions are on the disk, too.
    let (files, problems) = said(&mbr(&[(7, 4, &sound), (0x83, 4 + sound.len() as u32 / 512, &[7; 4096])]));
    assert!(!files.is_empty() && problems.is_empty(), "{problems}");
    let spaces = [0x8f, 0xaf, 0x5c, 0xe7, 0x80, 0xf6, 0xee, 0x4c, 0xaf, 0xa3, 0xb0, 0x01, 0xe5, 0x6e, 0xfc, 0x2d];
    let (_, problems) = said(&gpt_of(&[(spaces, 6, &[7; 4096])]));
    assert!(problems.contains("Storage Spaces"), "{problems}");
}

#[test]
fn a_gpt_whose_entries_have_another_checksum_is_read_from_its_copy() {
    let sound = ntfs();
    let mut disk = gpt(&[(6, &sound)]);
    // The first table states that the partition begins elsewhere.
    disk[1024 + 32] = 40;
    let (files, problems) = said(&disk);
    assert_eq!(files.len(), contents().len() + 1);
    assert!(problems.contains("its copy was read"), "{problems}");
}

#[test]
fn volumes_and_archives_that_are_not_read_are_named_by_their_kind() {
    let with = |at: usize, magic: &[u8]| {
        let mut bytes = vec![0; 1 << 17];
        bytes[at..at + magic.len()].copy_from_slice(magic);
        bytes
    };
    for (at, magic, name) in [
        (3, &b"-FVE-FS-"[..], "BitLocker"),
        (3, b"EXFAT   ", "exFAT"),
        (3, b"ReFS\0\0\0\0", "ReFS"),
        (0, b"LUKS\xba\xbe", "LUKS"),
        (1080, b"\x53\xef", "ext4"),
        (1024, b"H+\0\x04", "HFS+"),
        (0, b"AFF10\r\n\0", "AFF"),
        (0, b"ADSEGMENTEDFILE\0", "AD1"),
        (0, b"QED\0", "QED"),
        (0, b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    ] {
        let (files, said) = said(&with(at, magic));
        assert!(files.is_empty() && said.contains(name), "{name}: {said}");
    }
}

#[test]
fn what_is_said_of_an_unread_image_is_what_helps() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("case.aff");
    std::fs::write(&path, b"AFF10\r\n\0 and more").unwrap();
    let Err(error @ ImageError::Unsupported { .. }) = image::open(&path) else { panic!("not refused") };
    assert!(error.to_string().contains("affconvert"), "{error}");
}

/// Issue 16, point 4: a name that ends in a dot is another name, which Windows never loads. The dot of a plain ISO 9660
/// name without extension is not part of the name.
#[test]
fn names_of_iso_images_end_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("tree");
    std::fs::create_dir(&tree).unwrap();
    for name in ["a.dll", "b.dll.", "c.dll ", "readme"] {
        std::fs::write(tree.join(name), name).unwrap();
    }
    for (option, expected) in
        [("-R", vec!["a.dll", "b.dll.", "c.dll ", "readme"]), ("-J", vec!["a.dll", "b.dll.", "c.dll ", "readme"])]
    {
        let arguments = ["-quiet", option, "-o", "x.iso", "tree"];
        if hotfixcheck_testkit::tools::run("genisoimage", "genisoimage", &arguments, folder.path()).is_none() {
            return;
        }
        let found = hotfixcheck_testkit::files::of_image(&folder.path().join("x.iso"));
        assert_eq!(found.keys().collect::<Vec<_>>(), expected, "{option}");
        for (name, bytes) in found {
            assert_eq!(bytes.unwrap(), name.as_bytes(), "{option}");
        }
    }
    std::fs::remove_file(tree.join("b.dll.")).unwrap();
    std::fs::remove_file(tree.join("c.dll ")).unwrap();
    let arguments = ["-quiet", "-o", "x.iso", "tree"];
    hotfixcheck_testkit::tools::run("genisoimage", "genisoimage", &arguments, folder.path());
    let found = hotfixcheck_testkit::files::of_image(&folder.path().join("x.iso"));
    assert_eq!(found.keys().collect::<Vec<_>>(), ["A.DLL", "README"]);
}

/// A FAT volume with 40 files in a folder, and the offset of the entries of that folder.
fn fat_with_a_folder(folder: &Path, bits: &str, megabytes: u64) -> Option<(Vec<u8>, usize)> {
    fs::create_dir(folder.join("SYSTEM32")).unwrap();
    for number in 10..50 {
        fs::write(folder.join(format!("SYSTEM32/FILE{number}.DLL")), sample(2000)).unwrap();
    }
    fs::File::create(folder.join("fat.img")).unwrap().set_len(megabytes << 20).unwrap();
    run("mkfs.fat", "dosfstools", &["-F", bits, "-s", "1", "-i", "12345678", "fat.img"], folder)?;
    run("mcopy", "mtools", &["-s", "-i", "fat.img", "SYSTEM32", "::"], folder)?;
    let bytes = fs::read(folder.join("fat.img")).unwrap();
    let place = bytes.windows(11).position(|name| name == b"FILE30  DLL").unwrap();
    Some((bytes, place - place % 32))
}

#[test]
fn files_whose_entries_are_zeroed_at_the_end_of_a_folder_are_noticed_by_their_clusters_issue_16() {
    for (bits, megabytes) in [("12", 1), ("16", 16), ("32", 40)] {
        let folder = TempDir::new().unwrap();
        let Some((mut bytes, _)) = fat_with_a_folder(folder.path(), bits, megabytes) else { return };
        let path = folder.path().join("fat.img");
        // An undamaged volume has none.
        assert_eq!(of_image(&path).into_keys().filter(|path| path.ends_with('!')).collect::<Vec<_>>(), [""; 0]);
        // The order in a folder is that in which files were copied: those from one name on to the end of the list.
        let is_entry = |entry: &[u8]| entry.starts_with(b"FILE") && entry[8..].starts_with(b"DLL");
        let entries: Vec<usize> =
            (0..bytes.len() - 32).step_by(32).filter(|&at| is_entry(&bytes[at..at + 32])).collect();
        assert_eq!(entries.len(), 40);
        for &at in &entries[25..] {
            bytes[at..at + 32].fill(0);
        }
        fs::write(&path, bytes).unwrap();
        let found = of_image(&path);
        assert_eq!(found.keys().filter(|path| path.ends_with(".DLL")).count(), 25, "FAT{bits}");
        // 15 files of 2,000 bytes, in clusters of 512.
        let what = "60 clusters in use belong to no file: what they held is lost".to_owned();
        assert_eq!(found["!"], Err(what), "FAT{bits}");
    }
}

#[test]
fn extended_attributes_of_fat16_are_no_part_of_a_cluster_s_number() {
    let folder = TempDir::new().unwrap();
    let Some((mut bytes, place)) = fat_with_a_folder(folder.path(), "16", 16) else { return };
    bytes[place + 20] = 7;
    fs::write(folder.path().join("fat.img"), bytes).unwrap();
    assert_eq!(of_image(&folder.path().join("fat.img"))["SYSTEM32/FILE30.DLL"], Ok(sample(2000)));
}

/// Messages that had no reason, or wrong advice (issue 18).
#[test]
fn a_disk_in_parts_or_of_other_systems_alone_is_said_to_be_one() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("disk.vmdk");
    let text = "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n\
                RW 2048 FLAT \"disk-flat.vmdk\" 0\n";
    fs::write(&path, text).unwrap();
    let error = image::open(&path).map(drop).unwrap_err().to_string();
    assert_eq!(error, "VMDK image: its part disk-flat.vmdk is not beside it; copy all of its parts into one folder");
    let mut linux = vec![0; 2 << 20];
    linux[446 + 4] = 0x83;
    linux[446 + 8..446 + 12].copy_from_slice(&2048_u32.to_le_bytes());
    linux[446 + 12..446 + 16].copy_from_slice(&2048_u32.to_le_bytes());
    linux[510..512].copy_from_slice(&[0x55, 0xaa]);
    assert!(said(&linux).1.ends_with("(NTFS, FAT, ISO 9660): only partitions of other systems"), "{}", said(&linux).1);
    let mut swap = vec![0; 2 << 20];
    swap[4086..4096].copy_from_slice(b"SWAPSPACE2");
    assert!(said(&swap).1.ends_with("swap space is not read: it holds no files"), "{}", said(&swap).1);
}
