//! Damage within a folder, a record or an archive that silently hid files (issue 16, found by the audit of its first
//! point).

use std::fs;

use hotfixcheck_testkit::files::of_image;
use hotfixcheck_testkit::media;
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored, record_at};
use hotfixcheck_testkit::packed_builder::sample;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_winfiles::image;
use tempfile::TempDir;

/// The names of the files in an image with these bytes, and the messages about it: problems, and warnings with `?`.
fn said(bytes: &[u8]) -> (Vec<String>, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("disk.img");
    fs::write(&path, bytes).unwrap();
    let found = of_image(&path);
    let is_said = |path: &str| path.ends_with('!') || path.ends_with('?');
    let what = found.iter().filter(|(path, _)| is_said(path));
    let what: Vec<String> = what.map(|(path, what)| format!("{path} {}", what.clone().unwrap_err())).collect();
    let names = found.iter().filter(|(path, bytes)| !is_said(path) && bytes.is_ok());
    (names.map(|(path, _)| path.clone()).collect(), what.join("\n"))
}

/// A medium with 100 files in a folder, so that the folder has several sectors, and one in a folder below it.
fn medium(options: &[&str]) -> Option<Vec<u8>> {
    let folder = TempDir::new().unwrap();
    let system = folder.path().join("tree/SYSTEM32");
    fs::create_dir_all(system.join("DRIVERS")).unwrap();
    for number in 100..200 {
        fs::write(system.join(format!("F{number}.DLL")), b"one").unwrap();
    }
    fs::write(system.join("DRIVERS/A.SYS"), b"two").unwrap();
    let arguments = [options, &["-quiet", "-o", "x.iso", "tree"]].concat();
    run("genisoimage", "genisoimage", &arguments, folder.path())?;
    fs::read(folder.path().join("x.iso")).ok()
}

/// The offsets of these files' records in the folder that is read.
fn iso_records(bytes: &[u8], options: &[&str], numbers: [usize; 2]) -> [usize; 2] {
    let name = |number: usize| match options {
        ["-J", ..] => format!("F{number}.DLL").encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>(),
        _ => format!("F{number}.DLL;1").into_bytes(),
    };
    // The names are in records, preceded by their length.
    let record = |number: usize| {
        let name = name(number);
        let is_there = |at: &usize| bytes[*at..].starts_with(&name) && usize::from(bytes[at - 1]) >= name.len();
        (33..bytes.len()).rfind(is_there).expect("the file's record") - 33
    };
    numbers.map(record)
}

#[test]
fn records_of_a_folder_that_are_zeroed_hide_none_after_them_in_silence_issue_16() {
    for options in [&["-J"][..], &["-R"], &[]] {
        let Some(sound) = medium(options) else { return };
        let (files, what) = said(&sound);
        assert_eq!((files.len(), what.as_str()), (101, ""), "{options:?}");
        let records = iso_records(&sound, options, [120, 121]);
        // Five kinds of damage to one record: its beginning, a length too small, a length too large by the next record,
        // and another location in one byte order.
        let size = usize::from(sound[records[0]]);
        for damage in ["record", "head", "small", "large", "place"] {
            let mut bytes = sound.clone();
            let at = records[0];
            match damage {
                "record" => bytes[at..at + size].fill(0),
                "head" => bytes[at..at + 33].fill(0),
                "small" => bytes[at] -= 2,
                "large" => bytes[at] += bytes[records[1]],
                _ => bytes[at + 3] ^= 4,
            }
            let (files, what) = said(&bytes);
            assert!((99..=101).contains(&files.len()), "{options:?} {damage}: {}", files.len());
            assert!(what.contains("SYSTEM32! the folder's record at"), "{options:?} {damage}: {what}");
        }
        // From the middle of a sector to its end: the first record of the next one would have fitted there.
        let mut bytes = sound.clone();
        let end = (records[0] + 1).next_multiple_of(2048);
        bytes[records[0]..end].fill(0);
        let (files, what) = said(&bytes);
        assert!(files.len() < 101 && what.contains("the end of the folder's sector"), "{options:?}: {what}");
    }
}

#[test]
fn folders_that_only_the_path_table_of_a_medium_has_are_named_issue_16() {
    for (options, name) in [(&["-J"][..], "\0D\0R\0I\0V\0E\0R\0S"), (&[], "DRIVERS")] {
        let Some(mut bytes) = medium(options) else { return };
        // The folder's record comes first. One bit makes it a file's record: the path tables come before the folders.
        let is_record = |at: &usize| bytes[*at..].starts_with(name.as_bytes()) && bytes[at - 8] == 2;
        let at = (33..bytes.len()).rfind(is_record).unwrap();
        bytes[at - 8] ^= 2;
        let (files, what) = said(&bytes);
        assert!(!files.iter().any(|path| path.ends_with("A.SYS")), "{files:?}");
        assert!(what.contains("SYSTEM32/DRIVERS! the path table has this folder"), "{options:?}: {what}");
    }
}

#[test]
fn ntfs_records_in_use_that_cannot_be_walked_are_named_issue_16() {
    let sound = NtfsBuilder::new()
        .file("WINNT/A.DLL", b"one", Stored::Resident)
        .file("WINNT/B.DLL", b"two", Stored::Resident)
        .build();
    assert_eq!(said(&sound), (vec!["WINNT/A.DLL".to_owned(), "WINNT/B.DLL".to_owned()], String::new()));
    let record = record_at(26);
    let first = record + 56;
    let name = first + sound[first + 4] as usize;
    let short = name + sound[name + 4] as usize;
    let data = short + sound[short + 4] as usize;
    // (offset, value, message, whether the name is still known)
    for (at, value, expected, is_named) in [
        (first + 4, 0, "its attributes are damaged", false),
        (record + 20, 0xff, "its attributes are damaged", false),
        (name + 4, 0, "its attributes are damaged", false),
        (name, 0x31, "its attributes are damaged", false),
        (name, 0x20, "a damaged list of its attributes", false),
        (name + 8, 1, "its name is lost", false),
        (name + 16, 0xff, "its attributes are damaged", false),
        (name + 24 + 64, 0, "its name is lost", false),
        (data + 4, 0, "its attributes are damaged", true),
        (data, 0x81, "its attributes are damaged", true),
        (record + 22, 3, "is marked as that of a folder", true),
        (record + 32, 25, "is marked as a part of another one", true),
    ] {
        let mut bytes = sound.clone();
        bytes[at] = value;
        let (files, what) = said(&bytes);
        let case = format!("{} at {}: {what}", value, at - record);
        assert_eq!(files, ["WINNT/A.DLL"], "{case}");
        assert!(what.contains("file record 26") && what.contains(expected), "{case}");
        assert_eq!(what.starts_with("WINNT/B.DLL!"), is_named, "{case}");
    }
}

#[test]
fn further_ntfs_records_that_are_damaged_lose_their_file_by_name_issue_16() {
    let sound =
        NtfsBuilder::new().file("A.DLL", b"one", Stored::Resident).file("B.DLL", &[7; 3000], Stored::Extended).build();
    assert_eq!(said(&sound).0.len(), 2);
    for (at, value) in [(32, 24), (56 + 4, 0), (20, 0xff)] {
        let mut bytes = sound.clone();
        bytes[record_at(26) + at] = value;
        let (files, what) = said(&bytes);
        assert_eq!(files, ["A.DLL"]);
        assert!(what.contains("file record 25 goes on in record"), "{what}");
    }
}

/// An archive of 60 members of some blocks each, and the offsets of their headers.
fn tar(folder: &TempDir) -> Option<(Vec<u8>, Vec<usize>)> {
    let program = r#"
import io, tarfile
with tarfile.open("a.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
    for number in range(100, 160):
        info = tarfile.TarInfo("WINNT/f%d.dll" % number)
        info.size = 3000
        archive.addfile(info, io.BytesIO(b"x" * 3000))
"#;
    run("python3", "python3", &["-c", program], folder.path())?;
    let bytes = fs::read(folder.path().join("a.tar")).ok()?;
    let headers = (0..bytes.len()).step_by(512).filter(|&at| bytes[at..].starts_with(b"WINNT/f")).collect();
    Some((bytes, headers))
}

#[test]
fn zeros_within_a_tar_archive_are_members_that_are_lost_issue_16() {
    let folder = TempDir::new().unwrap();
    let Some((sound, headers)) = tar(&folder) else { return };
    assert_eq!(said(&sound).0.len(), 60);
    assert_eq!(said(&sound).1, "");
    // One member, several, and more than the blocks after the usual end of an archive.
    for count in [1, 4, 40] {
        let mut bytes = sound.clone();
        bytes[headers[10]..headers[10 + count]].fill(0);
        let (files, what) = said(&bytes);
        assert_eq!(files.len(), 60 - count);
        assert!(what.contains("! the tar archive has zeros from offset"), "{count}: {what}");
    }
    // To the end: more zeros than any end mark has.
    let mut bytes = sound.clone();
    bytes[headers[30]..].fill(0);
    let (files, what) = said(&bytes);
    assert_eq!(files.len(), 30);
    assert!(what.contains("? the tar archive ends in"), "{what}");
    // Two archives in one file, as `cat` makes them: all members, and a message.
    let (files, what) = said(&sound.repeat(2));
    assert_eq!(files.len(), 60);
    assert!(what.contains("? another tar archive follows"), "{what}");
    assert!(!what.contains('!'), "{what}");
}

#[test]
fn further_volumes_of_a_dynamic_disk_are_named_where_the_first_one_is_read_issue_16() {
    let volume = media::ntfs();
    let disk = |size: usize, sectors: u64| {
        let mut bytes = volume.clone();
        bytes.resize(size, 0);
        bytes[40..48].copy_from_slice(&sectors.to_le_bytes());
        said(&media::mbr(&[(0x42, 4, &bytes)]))
    };
    let sectors = volume.len() as u64 / 512;
    let whole = said(&volume).0.len();
    // A partition of one volume, such as setup's partition on a disk that was made dynamic later.
    let (files, what) = disk(volume.len() + 512, sectors);
    assert_eq!((files.len(), what.as_str()), (whole, ""));
    let (files, what) = disk(volume.len() + (2 << 20), sectors);
    assert_eq!(files.len(), whole);
    assert!(what.contains("partition 1: a part of a dynamic disk (LDM): the first volume"), "{what}");
    let (_, what) = disk(volume.len() + 512, sectors * 2);
    assert!(what.contains("its volume goes on in other parts"), "{what}");
}

/// A FAT volume with one file.
fn fat(bits: &str, kilobytes: &str) -> Option<Vec<u8>> {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("A.DLL"), b"one").unwrap();
    run("mkfs.fat", "dosfstools", &["-F", bits, "-s", "1", "-C", "fat.img", kilobytes], folder.path())?;
    run("mcopy", "mtools", &["-i", "fat.img", "A.DLL", "::"], folder.path())?;
    fs::read(folder.path().join("fat.img")).ok()
}

#[test]
fn fat32_with_few_clusters_is_fat32_issue_16() {
    let Some(bytes) = fat("32", "40000") else { return };
    // As many clusters as FAT16 has, and as FAT12: mtools, which fill the volume, do not support such volumes.
    for sectors in [80_000, 50_000, 4_000_u32] {
        let mut bytes = bytes.clone();
        bytes[32..36].copy_from_slice(&sectors.to_le_bytes());
        assert_eq!(said(&bytes), (vec!["A.DLL".to_owned()], String::new()), "{sectors}");
    }
}

#[test]
fn the_mark_of_a_mounted_fat_volume_in_its_boot_sector_is_warned_of_issue_16() {
    for (bits, kilobytes, mark) in [("12", "2000", 37), ("16", "20000", 37), ("32", "40000", 65)] {
        let Some(mut bytes) = fat(bits, kilobytes) else { return };
        assert_eq!(said(&bytes).1, "", "FAT{bits}");
        bytes[mark] = 1;
        let (files, what) = said(&bytes);
        assert_eq!(files, ["A.DLL"]);
        assert!(what.starts_with("? the volume is marked as dirty"), "FAT{bits}: {what}");
        // A boot sector of MS-DOS 3 has another field there.
        bytes[mark + 1] = 0;
        assert_eq!(said(&bytes).1, "", "FAT{bits}");
    }
}

#[test]
fn udf_descriptors_with_another_checksum_are_damaged_issue_16() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("tree/SYSTEM32")).unwrap();
    for name in ["A.DLL", "B.DLL", "C.DLL"] {
        fs::write(folder.path().join("tree/SYSTEM32").join(name), name.repeat(500)).unwrap();
    }
    let arguments = ["-quiet", "-udf", "-allow-limited-size", "-o", "x.iso", "tree"];
    if run("genisoimage", "genisoimage", &arguments, folder.path()).is_none() {
        return;
    }
    let sound = fs::read(folder.path().join("x.iso")).unwrap();
    let word = |at: usize| u32::from_le_bytes(sound[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((said(&sound).0.len(), said(&sound).1), (3, String::new()));
    // The name in the folder (257), 38 bytes before its text and the byte with its encoding.
    let is_entry = |at: &usize| sound[*at..].starts_with(&[1, 1]) && sound[at + 39..].starts_with(b"B.DLL");
    let entry = (0..sound.len() - 64).step_by(4).find(is_entry).expect("the file's entry");
    for (at, bit) in [(18, 4), (18, 8), (18, 2), (24, 1), (39, 1)] {
        let mut bytes = sound.clone();
        bytes[entry + at] ^= bit;
        let (files, what) = said(&bytes);
        assert_eq!(files, ["SYSTEM32/A.DLL", "SYSTEM32/C.DLL"], "{at}");
        assert!(what.contains("SYSTEM32! the folder's entry at"), "{at}: {what}");
    }
    // The file's own descriptor: the location of its contents.
    let partition = (0..sound.len()).step_by(2048).find(|&at| sound[at..].starts_with(&[5, 0])).unwrap();
    let file = (word(partition + 188) + word(entry + 24)) * 2048;
    let mut bytes = sound.clone();
    bytes[file + 180 + word(file + 168)] ^= 1;
    let path = folder.path().join("damaged.iso");
    fs::write(&path, bytes).unwrap();
    let found = of_image(&path);
    let what = found["SYSTEM32/B.DLL"].as_ref().unwrap_err();
    assert!(what.contains("does not have the checksum that it states"), "{what}");
}

#[test]
fn e01_images_whose_tables_lack_chunks_are_refused_issue_16() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("disk.img"), sample(5 << 20)).unwrap();
    let arguments = ["-u", "-q", "-c", "none", "-S", "1MiB", "-t", "x", "disk.img"];
    if run("ewfacquire", "ewf-tools", &arguments, folder.path()).is_none() {
        return;
    }
    let path = folder.path().join("x.E01");
    let refused = || image::open(&path).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(!refused().contains("chunks"), "{}", refused());
    // A segment that is cut before its table, one whose tables are zeroed, and the last ones missing.
    let second = folder.path().join("x.E02");
    let whole = fs::read(&second).unwrap();
    fs::write(&second, &whole[..300_000]).unwrap();
    assert!(refused().contains("segments are missing, cut or damaged"), "{}", refused());
    let table = whole.windows(6).position(|name| name == b"table\0").unwrap();
    let mut bytes = whole.clone();
    bytes[table + 76..].fill(0);
    fs::write(&second, bytes).unwrap();
    assert!(refused().contains("segments are missing, cut or damaged"), "{}", refused());
    fs::write(&second, whole).unwrap();
    for number in 4.. {
        if fs::remove_file(folder.path().join(format!("x.E{number:02}"))).is_err() {
            break;
        }
    }
    assert!(refused().contains("segments are missing, cut or damaged"), "{}", refused());
}

#[test]
fn files_that_only_the_tree_without_joliet_names_has_are_named_issue_16() {
    let Some(sound) = medium(&["-J"]) else { return };
    let records = iso_records(&sound, &["-J"], [198, 199]);
    // The end of the folder's last sector looks like the end of the folder.
    let mut bytes = sound;
    let end = (records[1] + 1).next_multiple_of(2048);
    bytes[records[0]..end].fill(0);
    let (files, what) = said(&bytes);
    assert_eq!(files.len(), 99);
    for name in ["F198.DLL", "F199.DLL"] {
        assert!(what.contains(&format!("SYSTEM32/{name}! the tree without Joliet names has this file")), "{what}");
    }
}
