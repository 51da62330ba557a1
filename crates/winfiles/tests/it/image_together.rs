//! Several file systems, sessions or archives in one file: none of them is passed over in silence (issue 16).

use std::fs;
use std::path::Path;

use hotfixcheck_testkit::fat_builder::fat12;
use hotfixcheck_testkit::files::of_image;
use hotfixcheck_testkit::media::mbr;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_testkit::udf_builder::udf;
use tempfile::TempDir;

/// The names of the files in an image, and the problems that it states.
fn said(path: &Path) -> (Vec<String>, String) {
    let found = of_image(path);
    let (files, problems): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, bytes)| bytes.is_ok());
    let problems: Vec<String> = problems.into_iter().map(|(_, what)| what.unwrap_err()).collect();
    (files.into_iter().map(|(path, _)| path).collect(), problems.join("\n"))
}

fn write(folder: &TempDir, path: &str, bytes: &[u8]) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A volume of so many sectors with one file.
fn volume(first_sector: u32) -> Vec<u8> {
    fat12(&[("WINNT/B.DLL", b"two".to_vec())], first_sector)
}

/// A disc with one file, ISO 9660 alone.
fn disc(folder: &TempDir) -> Option<Vec<u8>> {
    write(folder, "one/A.TXT", b"one");
    run("genisoimage", "genisoimage", &["-quiet", "-o", "one.iso", "one"], folder.path())?;
    fs::read(folder.path().join("one.iso")).ok()
}

#[test]
fn the_last_session_of_a_disc_lists_the_files_of_all() {
    let folder = TempDir::new().unwrap();
    let Some(mut bytes) = disc(&folder) else { return };
    // Sessions begin at a multiple of sixteen sectors, here with a gap as between those of a real disc.
    let start = bytes.len().next_multiple_of(16 * 2048) / 2048 + 1600;
    bytes.resize(start * 2048, 0);
    write(&folder, "one.iso", &bytes);
    write(&folder, "two/WINNT/B.DLL", b"two");
    let sessions = format!("0,{start}");
    run("genisoimage", "genisoimage", &["-quiet", "-C", &sessions, "-M", "one.iso", "-o", "2", "two"], folder.path());
    bytes.extend(fs::read(folder.path().join("2")).unwrap());
    write(&folder, "cd.iso", &bytes);
    assert_eq!(
        said(&folder.path().join("cd.iso")),
        (vec!["A.TXT".to_owned(), "WINNT/B.DLL".to_owned()], String::new())
    );
    // A volume that states a size of nothing is read once, and not looked through without end.
    let mut small = fs::read(folder.path().join("one.iso")).unwrap();
    small[16 * 2048 + 80..16 * 2048 + 88].fill(0);
    write(&folder, "small.iso", &small);
    assert_eq!(said(&folder.path().join("small.iso")).0, ["A.TXT"]);
    // An ISO file in what follows a volume is not a session: its sectors count from its own start.
    let inner = fs::read(folder.path().join("one.iso")).unwrap();
    write(&folder, "cd.iso", &[&inner[..], &inner].concat());
    assert_eq!(said(&folder.path().join("cd.iso")).0, ["A.TXT"]);
}

#[test]
fn partitions_after_a_disc_are_read_too() {
    let folder = TempDir::new().unwrap();
    let Some(disc) = disc(&folder) else { return };
    let first = (disc.len() / 512) as u32;
    let both = |table: &[(u8, u32, &[u8])]| {
        let mut bytes = mbr(table);
        bytes[512..disc.len()].copy_from_slice(&disc[512..]);
        write(&folder, "disk.img", &bytes);
        said(&folder.path().join("disk.img"))
    };
    let both_files = vec!["disc/A.TXT".to_owned(), "p2/WINNT/B.DLL".to_owned()];
    let (empty, volume) = (vec![0; disc.len()], volume(first));
    // A medium that starts from both lists the disc as a partition.
    assert_eq!(both(&[(0x17, 0, &empty), (1, first, &volume)]), (both_files, String::new()));
    // A disk that once was such a medium does not.
    assert_eq!(both(&[(1, first, &volume)]).0, ["disc/A.TXT", "p1/WINNT/B.DLL"]);
}

#[test]
fn a_disc_that_partitions_have_overwritten_is_named() {
    let folder = TempDir::new().unwrap();
    let Some(disc) = disc(&folder) else { return };
    let volume = volume(100);
    let mut bytes = mbr(&[(1, 100, &volume)]);
    bytes[512..100 * 512].copy_from_slice(&disc[512..100 * 512]);
    write(&folder, "disk.img", &bytes);
    let (files, problems) = said(&folder.path().join("disk.img"));
    assert_eq!(files, ["WINNT/B.DLL"]);
    assert!(problems.contains("the file system of a disc lies outside all partitions"), "{problems}");
}

/// Tables of logical drives, of which each names a drive and the next table; and the last one this table.
fn extended(last: u32) -> Vec<u8> {
    const BASE: u32 = 64;
    let volume = volume(0);
    let sectors = volume.len() as u32 / 512;
    let room = sectors + 1;
    let mut bytes = mbr(&[(0x0f, BASE, &vec![0; 3 * room as usize * 512])]);
    for number in 0..3 {
        let next = if number == 2 { last } else { (number + 1) * room };
        let mut table = vec![0; 512];
        let entries = [(1_u8, 1, sectors), (if number == 2 && last == 0 { 0 } else { 5 }, next, room)];
        for (entry, (kind, start, sectors)) in table[446..].chunks_mut(16).zip(entries) {
            entry[4] = kind;
            entry[8..12].copy_from_slice(&start.to_le_bytes());
            entry[12..16].copy_from_slice(&sectors.to_le_bytes());
        }
        table[510..].copy_from_slice(&[0x55, 0xaa]);
        let at = (BASE + number * room) as usize * 512;
        bytes[at..at + 512].copy_from_slice(&table);
        bytes[at + 512..at + 512 + volume.len()].copy_from_slice(&volume);
    }
    bytes
}

#[test]
fn tables_of_logical_drives_that_lead_in_a_circle_are_named() {
    let folder = TempDir::new().unwrap();
    let drives = ["p5/WINNT/B.DLL", "p6/WINNT/B.DLL", "p7/WINNT/B.DLL"];
    let sound = extended(0);
    write(&folder, "disk.img", &sound);
    let path = folder.path().join("disk.img");
    assert_eq!(said(&path), (drives.map(str::to_owned).to_vec(), String::new()));
    let room = volume(0).len() as u32 / 512 + 1;
    write(&folder, "disk.img", &extended(room));
    let (files, problems) = said(&path);
    assert_eq!(files, drives);
    assert!(problems.contains("lead back to an earlier one"), "{problems}");
    // The second table is said to be where the first one is: one damaged number.
    let mut bytes = sound;
    let at = 64 * 512 + 446 + 16 + 8;
    bytes[at..at + 4].fill(0);
    write(&folder, "disk.img", &bytes);
    let (files, problems) = said(&path);
    assert_eq!(files, ["WINNT/B.DLL"]);
    assert!(problems.contains("lead back to an earlier one"), "{problems}");
}

#[cfg(feature = "archive")]
#[test]
fn an_archive_before_another_one_is_named() {
    let folder = TempDir::new().unwrap();
    let made = "import zipfile
for name in 'ab':
    with zipfile.ZipFile(name + '.zip', 'w') as archive: archive.writestr(name + '.dll', name)";
    let Some(_) = run("python3", "python3", &["-c", made], folder.path()) else { return };
    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    write(&folder, "both.zip", &[bytes("a.zip"), bytes("b.zip")].concat());
    let (files, problems) = said(&folder.path().join("both.zip"));
    assert_eq!(files, ["b.dll"]);
    assert!(problems.contains("another archive precedes this one, up to offset"), "{problems}");
    assert_eq!(said(&folder.path().join("b.zip")), (vec!["b.dll".to_owned()], String::new()));
}

#[test]
fn the_superblock_of_an_earlier_use_does_not_hide_the_partitions_issue_16() {
    let folder = TempDir::new().unwrap();
    let volume = volume(200);
    for (name, at, magic) in [
        ("ext2, ext3 or ext4", 1080, &b"\x53\xef\0\0"[..]),
        ("LVM", 512, b"LABELONE\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0LVM2 001"),
        ("Btrfs", 0x1_0040, b"_BHRfS_M"),
    ] {
        let mut bytes = mbr(&[(1, 200, &volume)]);
        bytes[at..at + magic.len()].copy_from_slice(magic);
        write(&folder, "disk.img", &bytes);
        let (files, problems) = said(&folder.path().join("disk.img"));
        assert_eq!(files, ["WINNT/B.DLL"], "{name}");
        assert!(problems.contains(&format!("{name} outside all partitions is not read")), "{problems}");
    }
}

#[test]
fn a_tar_archive_with_a_damaged_first_header_is_one_issue_16() {
    let folder = TempDir::new().unwrap();
    for name in ["A.DLL", "B.DLL"] {
        write(&folder, &format!("tree/{name}"), name.as_bytes());
    }
    for format in ["gnu", "ustar", "posix"] {
        let arguments = [&format!("--format={format}"), "-cf", "x.tar", "-C", "tree", "A.DLL", "B.DLL"];
        if run("tar", "tar", &arguments, folder.path()).is_none() {
            return;
        }
        let mut bytes = fs::read(folder.path().join("x.tar")).unwrap();
        bytes[1] ^= 1;
        write(&folder, "x.tar", &bytes);
        let (files, problems) = said(&folder.path().join("x.tar"));
        assert!(files.contains(&"B.DLL".to_owned()), "{format}: {files:?}");
        assert!(problems.contains("no header at offset 0x0"), "{format}: {problems}");
    }
}

#[test]
fn files_that_only_the_iso_tree_beside_udf_has_are_named_issue_16() {
    let folder = TempDir::new().unwrap();
    for name in ["A.DLL", "B.DLL", "C.TXT"] {
        write(&folder, &format!("tree/{name}"), name.as_bytes());
    }
    for (hidden, expected) in [("NONE", ""), ("A.DLL", "the ISO 9660 tree beside UDF has this file")] {
        let arguments = ["-quiet", "-udf", "-J", "-hide-joliet", hidden, "-o", "x.iso", "tree"];
        if run("genisoimage", "genisoimage", &arguments, folder.path()).is_none() {
            return;
        }
        let (files, problems) = said(&folder.path().join("x.iso"));
        let lost = usize::from(!expected.is_empty());
        assert_eq!(files.iter().filter(|path| !path.ends_with('@')).count(), 3 - lost, "{files:?}");
        assert!(problems.starts_with(expected) && problems.is_empty() == expected.is_empty(), "{problems}");
    }
}

/// Where the names of a file are in the records of both trees of ISO 9660.
fn iso_names(bytes: &[u8], name: &str) -> Vec<usize> {
    let plain = format!("{name};1").into_bytes();
    let joliet: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let is_name = |at: usize, name: &[u8]| {
        bytes[at..].starts_with(name) && bytes[at - 1] as usize >= name.len() && bytes[at - 8] == 0
    };
    (33..bytes.len() - 64).filter(|&at| is_name(at, &plain) || is_name(at, &joliet)).collect()
}

#[test]
fn copies_of_the_files_of_udf_in_the_iso_tree_are_not_lost_files_issue_16() {
    let folder = TempDir::new().unwrap();
    for name in ["A.DLL", "B.DLL", "C.TXT"] {
        write(&folder, &format!("tree/SYSTEM32/{name}"), name.repeat(900).as_bytes());
    }
    // Its plain name is cut: only Joliet shows that UDF has it.
    write(&folder, "tree/SYSTEM32/LongNameOfALibrary.dll", &[7; 5000]);
    for options in [&["-J"][..], &["-R"]] {
        let arguments = [options, &["-quiet", "-udf", "-o", "x.iso", "tree"]].concat();
        if run("genisoimage", "genisoimage", &arguments, folder.path()).is_none() {
            return;
        }
        let path = folder.path().join("x.iso");
        let sound = fs::read(&path).unwrap();
        let end = sound.len() / 2048;
        let mut bytes = sound.clone();
        for (sector, name) in [(0, "A.DLL"), (4, "B.DLL"), (8, "LongNameOfALibrary.dll"), (8, "LONGNAME.DLL")] {
            let sector = (end + sector) as u32;
            for at in iso_names(&sound, name) {
                bytes[at - 31..at - 27].copy_from_slice(&sector.to_le_bytes());
                bytes[at - 27..at - 23].copy_from_slice(&sector.to_be_bytes());
            }
        }
        assert_ne!(bytes, sound);
        bytes.resize(bytes.len() + 12 * 2048, 7);
        write(&folder, "y.iso", &bytes);
        let (files, problems) = said(&folder.path().join("y.iso"));
        assert_eq!(files.len(), 4, "{files:?}");
        assert_eq!(problems, "", "{options:?}");
        // A file of another size is another file.
        for at in iso_names(&sound, "B.DLL") {
            bytes[at - 23] ^= 1;
            bytes[at - 16] ^= 1;
        }
        write(&folder, "y.iso", &bytes);
        let (_, problems) = said(&folder.path().join("y.iso"));
        assert!(problems.contains("the ISO 9660 tree beside UDF has this file"), "{options:?} {problems}");
    }
}

#[test]
fn udf_alone_before_the_partitions_does_not_hide_them_issue_16() {
    let folder = TempDir::new().unwrap();
    let volume = volume(2048);
    // The gap before the first partition is one megabyte; the anchor, the descriptors and the folders lie in it.
    for block in [512, 2048] {
        let disc = udf(block, 1, Some(b"old"));
        let size = disc.len().min(2048 * 512);
        let with = |length: u32, damage: Option<usize>| {
            let mut bytes = mbr(&[(1, 2048, &volume)]);
            bytes[512..size].copy_from_slice(&disc[512..size]);
            let at = 128 * block + 192;
            bytes[at..at + 4].copy_from_slice(&length.to_le_bytes());
            if let Some(at) = damage {
                bytes[at..at + block].fill(0);
            }
            write(&folder, "disk.img", &bytes);
            said(&folder.path().join("disk.img"))
        };
        // It ends before the partition, or goes on to the end of the disk.
        let (files, problems) = with(8, None);
        assert_eq!((files, problems.as_str()), (vec!["disc/00000.dll".to_owned(), "p1/WINNT/B.DLL".to_owned()], ""));
        let (files, problems) = with(1 << 20, None);
        assert_eq!(files, ["WINNT/B.DLL"], "{block}: {problems}");
        assert!(problems.contains("the file system of a disc lies outside all partitions"), "{problems}");
        // Without its set of files, only its descriptors are left.
        let (files, problems) = with(1 << 20, Some(260 * block));
        assert_eq!(files, ["WINNT/B.DLL"], "{block}: {problems}");
        assert!(problems.contains("outside all partitions, perhaps an earlier use of the disk"), "{problems}");
    }
}
