//! Kinds of files that are not read, by name; images in several files; disks with large sectors (issue 16, points 1
//! and 7).

use std::fs;
use std::path::Path;

use hotfixcheck_testkit::fat_builder::fat12;
use hotfixcheck_testkit::files::of_image;
use hotfixcheck_testkit::media::{contents, mbr, ntfs};
use hotfixcheck_testkit::soon::soon;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_winfiles::image;
use tempfile::TempDir;

/// The names of the files in an image and the problems that it states, or its error.
fn said(path: &Path) -> (Vec<String>, String) {
    match image::open(path) {
        Err(error) => (Vec::new(), error.to_string()),
        Ok(None) => (Vec::new(), "no image".to_owned()),
        Ok(Some(_)) => {
            let (files, problems): (Vec<_>, Vec<_>) = of_image(path).into_iter().partition(|(_, bytes)| bytes.is_ok());
            let problems: Vec<String> = problems.into_iter().map(|(_, what)| what.unwrap_err()).collect();
            (files.into_iter().map(|(path, _)| path).collect(), problems.join("\n"))
        }
    }
}

/// Writes a file with these bytes and says what it is.
fn kind_of(folder: &TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    said(&path).1
}

#[test]
fn packed_files_and_archives_that_are_not_read_are_named_issue_16() {
    let folder = TempDir::new().unwrap();
    let cpio_header = |magic: &str| format!("{magic}{}", "0".repeat(104)).into_bytes();
    // Old binary form: thirteen numbers of 16 bits, the tenth the size of the name.
    let old = |swap: bool| {
        let mut numbers = [0_u16; 13];
        (numbers[0], numbers[10]) = (0o070_707, 6);
        let bytes = numbers.iter().flat_map(|number| if swap { number.to_be_bytes() } else { number.to_le_bytes() });
        bytes.chain(*b"a.dll\0").collect::<Vec<u8>>()
    };
    let lzma = [&[0x5d, 0, 0, 0x80, 0][..], &[0xff; 8], &[0; 40]].concat();
    let arj = [&[0x60, 0xea, 0x29, 0, 0x22, 0x0b, 1, 2, 0x10, 0, 2][..], &[0; 40]].concat();
    let at = |place: usize, magic: &[u8]| [&vec![1; place][..], magic, &[0; 600]].concat();
    let cases: Vec<(&[u8], &str)> = vec![
        (b"7z\xbc\xaf\x27\x1c\0\x03", "7-Zip archive: not read; unpack it"),
        (b"Rar!\x1a\x07\x01\0", "RAR archive: not read; unpack it"),
        (b"\xfd7zXZ\0\0\x04", "xz file: not read; unpack it (xz -d)"),
        (b"BZh91AY&SY\x12\x34", "bzip2 file: not read; unpack it (bzip2 -d)"),
        (b"\x04\x22\x4d\x18\x64\x40\xa7", "lz4 file: not read; unpack it (lz4 -d)"),
        (b"\x02\x21\x4c\x18\x48\x49\0\0", "lz4 file: not read; unpack it (lz4 -d)"),
        // A frame without data first.
        (b"\x5f\x2a\x4d\x18\x02\0\0\0ab\x04\x22\x4d\x18\x64\x40\xa7", "lz4 file: not read"),
        (b"LZIP\x01\xd0\0\x30", "lzip file: not read; unpack it (lzip -d)"),
        (b"\x89LZO\0\r\n\x1a\n\x10\x40", "lzop file: not read; unpack it (lzop -d)"),
        (b"\x1f\x9d\x90\x61", "compress file (.Z): not read; unpack it (gzip -d)"),
        (b"!<arch>\n/       ", "ar archive: not read"),
        (b"xar!\0\x1c\0\x01", "xar archive: not read"),
        (b"ISc(\0\0\0\0", "InstallShield cabinet: not read"),
        (&arj, "ARJ archive: not read; unpack it (arj x)"),
        (&lzma, "lzma file: not read; unpack it (xz -d)"),
    ];
    for (bytes, expected) in cases {
        let what = kind_of(&folder, "case.tmp", bytes);
        assert!(what.starts_with(expected), "{expected}: {what}");
        assert!(image::is_archive(bytes), "{expected}");
    }
    for bytes in [cpio_header("070701"), cpio_header("070702"), cpio_header("070707"), old(false), old(true)] {
        let what = kind_of(&folder, "case.tmp", &bytes);
        assert!(what.starts_with("cpio archive: not read; unpack it (cpio -id)"), "{what}");
        assert!(image::is_archive(&bytes) && !image::is_readable_archive(&bytes));
    }
    for (place, magic, expected) in
        [(2, &b"-lh5-"[..], "LHA"), (7, b"**ACE**", "ACE"), (20, b"\xdc\xa7\xc4\xfd", "ZOO")]
    {
        let what = kind_of(&folder, "case.tmp", &at(place, magic));
        assert!(what.starts_with(&format!("{expected} archive: not read")), "{what}");
    }
    // A text of digits, and bytes that only begin like one of these, are nothing of the kind.
    for bytes in [&b"070701 is a number, not an archive"[..], b"\xc7\x71\0\0\0\0\0\0", b"\x60\xea\0\0", b"\x5d\0\0\x01"]
    {
        assert_eq!(kind_of(&folder, "case.tmp", bytes), "no image", "{bytes:?}");
        assert!(!image::is_archive(bytes), "{bytes:?}");
    }
}

#[test]
fn images_that_are_not_read_are_named_issue_16() {
    let folder = TempDir::new().unwrap();
    let begin = |magic: &[u8]| [magic, &[0; 600]].concat();
    let end = |back: usize, magic: &[u8]| {
        let mut bytes = vec![1; 70_000];
        let place = bytes.len() - back;
        bytes[place..place + magic.len()].copy_from_slice(magic);
        bytes
    };
    for (bytes, expected) in [
        (begin(b"WLPWM\0\0\0\xd0\0\0\0"), "pipable WIM image: not read; rewrite it (wimlib-imagex export"),
        (begin(b"\0ntfsclone-image\x0a\x01"), "ntfsclone image: not read; restore it"),
        (begin(b"partclone-image\0"), "partclone image: not read; restore it"),
        (begin(b"PaRtImAgE-VoLuMe"), "Partimage image"),
        (begin(b"FsArCh_002"), "FSArchiver archive"),
        (begin(b"\xfe\xef\x01\x03"), "Ghost image: not read; extract its files with Ghost Explorer"),
        (begin(b"\xce\x24\xb9\xa2\x20\0"), "Acronis image"),
        (begin(b"\xb4\x6e\x68\x44\0\0"), "Acronis backup"),
        (begin(b"encrcdsa"), "encrypted Apple disk image"),
        (end(512, b"koly"), "Apple disk image (DMG)"),
        (end(12, b"MACRIUM_FILE"), "Macrium image"),
        (end(40, b"__79241006_2651_11D4_"), "Macrium image"),
        (end(12, b"NER5"), "Nero image"),
    ] {
        let what = kind_of(&folder, "case.tmp", &bytes);
        assert!(what.starts_with(expected), "{expected}: {what}");
    }
    // Kinds without first bytes of their own, by their names.
    for (name, expected) in
        [("disk.vhds", "VHD set: not read; attach it"), ("C_Drive.V2I", "Symantec"), ("disc.cue", "give the BIN file")]
    {
        let what = kind_of(&folder, name, &[7; 3000]);
        assert!(what.contains(expected), "{what}");
    }
    // Encrypted volumes, and volumes of other systems.
    for (place, magic, expected) in [
        (3, &b"PGPGUARD"[..], "PGP Whole Disk Encryption"),
        (3, b"SafeBoot", "SafeBoot (McAfee Endpoint Encryption)"),
        (0x8000, b"JFS1", "JFS"),
        (0x10_0000, &[0x0d, 0xd0, 0x01, 0xc0], "VMFS"),
    ] {
        let mut bytes = vec![0; 2 << 20];
        bytes[place..place + magic.len()].copy_from_slice(magic);
        let what = kind_of(&folder, "case.tmp", &bytes);
        assert!(what.contains(&format!("{expected} is not read")), "{expected}: {what}");
    }
}

#[cfg(feature = "archive")]
#[test]
fn zstandard_files_that_begin_with_a_frame_without_data_are_read_issue_16() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("disk.img"), ntfs()).unwrap();
    let Some(packed) = run("zstd", "zstd", &["-q", "-c", "disk.img"], folder.path()) else { return };
    // As pzstd writes it: before each frame, its size.
    let size = u32::try_from(packed.len()).unwrap().to_le_bytes();
    let frame = [b"\x50\x2a\x4d\x18\x04\0\0\0", &size[..], &packed].concat();
    let path = folder.path().join("disk.img.zst");
    fs::write(&path, &frame).unwrap();
    assert_eq!(said(&path), (said(&folder.path().join("disk.img")).0, String::new()));
    assert!(image::is_readable_archive(&frame));
    // Too many of them end the search.
    let many = b"\x50\x2a\x4d\x18\0\0\0\0".repeat(1 << 17);
    fs::write(&path, [&many[..], &packed].concat()).unwrap();
    assert_eq!(said(&path).1, "no image");
}

/// The parts of a disk beside each other.
fn split(folder: &TempDir, bytes: &[u8], size: usize, name: impl Fn(usize) -> String) {
    for (number, part) in bytes.chunks(size).enumerate() {
        fs::write(folder.path().join(name(number)), part).unwrap();
    }
}

fn letters(number: usize) -> String {
    let letter = |number: usize| char::from(b'a' + (number % 26) as u8);
    format!("disk.dd.{}{}", letter(number / 26), letter(number))
}

#[test]
fn a_disk_in_several_files_is_read_from_its_first_part_issue_16() {
    let disk = mbr(&[(7, 4, &ntfs())]);
    let expected = contents().len() + 1;
    let names: [(&str, &dyn Fn(usize) -> String); 4] = [
        ("disk.001", &|number| format!("disk.{:03}", number + 1)),
        ("disk.raw.000", &|number| format!("disk.raw.{number:03}")),
        ("disk.00001", &|number| format!("disk.{:05}", number + 1)),
        ("disk.dd.aa", &letters),
    ];
    for (first, name) in names {
        let folder = TempDir::new().unwrap();
        split(&folder, &disk, 3000, name);
        let (files, problems) = said(&folder.path().join(first));
        assert_eq!((files.len(), problems.as_str()), (expected, ""), "{first}");
        // Another part is not a disk; its error names the file to give.
        let what = said(&folder.path().join(name(2))).1;
        assert!(
            what.starts_with("split image: this is part") && what.contains(&format!("give the first one, {first}")),
            "{what}"
        );
        // A part that is missing, and one that is cut.
        let third = folder.path().join(name(2));
        let whole = fs::read(&third).unwrap();
        fs::write(&third, &whole[..100]).unwrap();
        let what = said(&folder.path().join(first)).1;
        assert!(what.contains(&format!("its part {} has 100 bytes, and the first one 3000", name(2))), "{what}");
        fs::remove_file(&third).unwrap();
        let what = said(&folder.path().join(first)).1;
        assert!(what.contains(&format!("its part {} is missing", name(2))), "{what}");
    }
    // Alone.
    let folder = TempDir::new().unwrap();
    let what = kind_of(&folder, "disk.002", &[7; 3000]);
    assert!(what.starts_with("split image: perhaps this is part 002 of one"), "{what}");
    assert_eq!(kind_of(&folder, "song.aac", &[7; 3000]), "no image");
}

#[test]
fn numbered_images_of_several_disks_are_no_parts_of_one_issue_16() {
    let folder = TempDir::new().unwrap();
    let floppy = |name: &str| fat12(&[(name, b"one".to_vec())], 0);
    fs::write(folder.path().join("setup.001"), floppy("A.DLL")).unwrap();
    fs::write(folder.path().join("setup.002"), floppy("B.DLL")).unwrap();
    let (files, problems) = said(&folder.path().join("setup.001"));
    assert_eq!(files, ["A.DLL"]);
    assert!(problems.contains("setup.002 beside it is not a part of it, and is not read"), "{problems}");
    assert_eq!(said(&folder.path().join("setup.002")), (vec!["B.DLL".to_owned()], String::new()));
    // A later file is never larger than the first part.
    fs::write(folder.path().join("setup.002"), vec![7; 9 << 20]).unwrap();
    assert!(said(&folder.path().join("setup.001")).1.contains("setup.002 beside it is not a part of it"));
}

#[cfg(unix)]
#[test]
fn parts_that_are_links_are_not_opened_issue_16() {
    let folder = TempDir::new().unwrap();
    split(&folder, &mbr(&[(7, 4, &ntfs())]), 30_000, |number| format!("disk.{:03}", number + 1));
    let second = folder.path().join("disk.002");
    fs::rename(&second, folder.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("elsewhere", &second).unwrap();
    let what = said(&folder.path().join("disk.001")).1;
    assert!(what.contains("its part disk.002 is not a regular file, and is not opened"), "{what}");
}

#[cfg(feature = "archive")]
#[test]
fn parts_in_an_archive_are_joined_too_issue_16() {
    let folder = TempDir::new().unwrap();
    split(&folder, &mbr(&[(7, 4, &ntfs())]), 30_000, |number| format!("Disk.{:03}", number + 1));
    let made = "import zipfile, glob
with zipfile.ZipFile('case.zip', 'w') as archive:
    for name in sorted(glob.glob('Disk.*')): archive.write(name, 'case/' + name)";
    let Some(_) = run("python3", "python3", &["-c", made], folder.path()) else { return };
    let open = |name: &str| {
        let outer = image::open(&folder.path().join("case.zip")).unwrap().unwrap();
        let files = &outer.volumes[0].files;
        let mut found = None;
        files.list(&mut |item| {
            if let image::Item::File { path, id, .. } = item
                && path == name
            {
                found = Some(id);
            }
        });
        image::open_inside(files, name, found.unwrap()).map(|image| image.map_or(0, |image| image.volumes.len()))
    };
    assert_eq!(open("case/Disk.001").unwrap(), 1);
    let what = open("case/Disk.002").unwrap_err().to_string();
    assert!(what.contains("give the first one, case/Disk.001"), "{what}");
}

/// Every length of a part, and every bit of its boot sector: an answer within 50 ms, and no panic.
#[test]
fn damaged_parts_are_answered_issue_16() {
    let folder = TempDir::new().unwrap();
    let disk = mbr(&[(7, 4, &ntfs())]);
    split(&folder, &disk, 8192, |number| format!("disk.{:03}", number + 1));
    let (first, second) = (folder.path().join("disk.001"), folder.path().join("disk.002"));
    let whole = fs::read(&second).unwrap();
    for size in (0..=whole.len()).rev().step_by(one_of(97)) {
        fs::write(&second, &whole[..size]).unwrap();
        let what = soon(|| said(&first).1);
        assert_eq!(size == whole.len(), what.is_empty(), "{size}: {what}");
    }
    let sound = fs::read(&first).unwrap();
    for bit in (0..512 * 8).step_by(one_of(31)) {
        let mut bytes = sound.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        fs::write(&first, &bytes).unwrap();
        soon(|| said(&first));
    }
}

/// A FAT volume with sectors of 4,096 bytes.
fn large_sectors(name: &str) -> Option<Vec<u8>> {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), b"one").unwrap();
    run("mkfs.fat", "dosfstools", &["-S", "4096", "-C", "fat.img", "4096"], folder.path())?;
    run("mcopy", "mtools", &["-i", "fat.img", name, "::"], folder.path())?;
    fs::read(folder.path().join("fat.img")).ok()
}

#[test]
fn disks_with_sectors_of_4096_bytes_are_read_issue_16() {
    let Some(volume) = large_sectors("A.DLL") else { return };
    let folder = TempDir::new().unwrap();
    let disk = |kind: u8, first: u32, bytes: &[u8]| {
        let mut disk = mbr(&[]);
        disk[446 + 4] = kind;
        disk[446 + 8..446 + 12].copy_from_slice(&first.to_le_bytes());
        disk[446 + 12..446 + 16].copy_from_slice(&(bytes.len() as u32 / 4096).to_le_bytes());
        disk.resize(first as usize * 4096, 0);
        disk.extend_from_slice(bytes);
        fs::write(folder.path().join("disk.img"), disk).unwrap();
        said(&folder.path().join("disk.img"))
    };
    let one = (vec!["A.DLL".to_owned()], String::new());
    assert_eq!(disk(6, 256, &volume), one);
    // A logical drive: the table counts in these sectors, too.
    let mut drive = mbr(&[]);
    drive[446 + 4] = 6;
    drive[446 + 8] = 1;
    drive[446 + 12..446 + 16].copy_from_slice(&(volume.len() as u32 / 4096).to_le_bytes());
    drive.resize(4096, 0);
    drive.extend_from_slice(&volume);
    assert_eq!(disk(0x0f, 256, &drive), one);
    // Without a file system in either place, the partition is named.
    assert!(disk(7, 256, &[7; 1 << 20]).1.contains("partition 1: no file system that can be read"));
    // NTFS, whose records keep parts of 512 bytes.
    fs::write(folder.path().join("v.img"), vec![0; 8 << 20]).unwrap();
    let arguments = ["-q", "-F", "-Q", "-s", "4096", "-p", "256", "-H", "16", "-S", "63", "v.img"];
    if run("mkntfs", "ntfs-3g", &arguments, folder.path()).is_none() {
        return;
    }
    let volume = fs::read(folder.path().join("v.img")).unwrap();
    let (files, problems) = disk(7, 256, &volume);
    assert_eq!(problems, "", "{files:?}");
}

#[test]
fn vhdx_disks_with_sectors_of_4096_bytes_are_read_issue_16() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("disk.img"), ntfs()).unwrap();
    let arguments = ["convert", "-O", "vhdx", "-o", "block_size=1M", "disk.img", "disk.vhdx"];
    if run("qemu-img", "qemu-utils", &arguments, folder.path()).is_none() {
        return;
    }
    let path = folder.path().join("disk.vhdx");
    let mut bytes = fs::read(&path).unwrap();
    // The entry of the size of a sector in the table of metadata, which begins after one megabyte or two.
    let id = [0x1d, 0xbf, 0x41, 0x81, 0x6f, 0xa9, 0x09, 0x47, 0xba, 0x47, 0xf2, 0x33, 0xa8, 0xfa, 0xab, 0x5f];
    let entry = bytes.windows(16).position(|window| window == id).unwrap();
    let region = (0..entry).rev().find(|&at| bytes[at..].starts_with(b"metadata")).unwrap();
    let value = region + u32::from_le_bytes(bytes[entry + 16..entry + 20].try_into().unwrap()) as usize;
    assert_eq!(bytes[value..value + 4], 512_u32.to_le_bytes());
    let expected = said(&path);
    for (sector, is_read) in [(4096_u32, true), (2048, false)] {
        bytes[value..value + 4].copy_from_slice(&sector.to_le_bytes());
        fs::write(&path, &bytes).unwrap();
        let found = said(&path);
        assert_eq!(found == expected, is_read, "{sector}: {found:?}");
        assert!(is_read || found.1.contains("sectors of 2048 bytes"), "{found:?}");
    }
}
