//! Descriptors and records that say that they belong elsewhere: a file is never judged by another one's contents
//! (issue 16).

use std::fs;

use hotfixcheck_testkit::files::of_image;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_testkit::udf_builder::udf;
use tempfile::TempDir;

/// The contents or the problem of each file.
fn read(folder: &TempDir, bytes: &[u8]) -> hotfixcheck_testkit::files::Files {
    let path = folder.path().join("an.img");
    fs::write(&path, bytes).unwrap();
    of_image(&path)
}

#[test]
fn udf_descriptors_of_another_place_are_damage_issue_16() {
    const SECTOR: usize = 2048;
    let folder = TempDir::new().unwrap();
    for (path, text) in [("SYSTEM32/A.DLL", "old"), ("SYSTEM32/B.DLL", "new"), ("TEMP/C.DLL", "other")] {
        let path = folder.path().join("tree").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let arguments = ["-quiet", "-udf", "-o", "x.iso", "tree"];
    if run("genisoimage", "genisoimage", &arguments, folder.path()).is_none() {
        return;
    }
    let sound = fs::read(folder.path().join("x.iso")).unwrap();
    assert!(read(&folder, &sound).values().all(Result::is_ok), "{:?}", read(&folder, &sound));
    let sectors: Vec<&[u8]> = sound.chunks(SECTOR).collect();
    let swapped = |of: &dyn Fn(&[u8]) -> bool| {
        let places: Vec<usize> = (0..sectors.len()).filter(|&at| of(sectors[at])).collect();
        let mut bytes = sound.clone();
        let [.., one, other] = places[..] else { panic!("{places:?}") };
        bytes[one * SECTOR..][..SECTOR].copy_from_slice(sectors[other]);
        bytes[other * SECTOR..][..SECTOR].copy_from_slice(sectors[one]);
        read(&folder, &bytes)
    };
    // Entries of files (type 5), and the lists of names in folders.
    let found = swapped(&|sector| sector.starts_with(&[5, 1]) && sector[27] == 5);
    let damaged =
        found.values().filter_map(|what| what.as_ref().err()).filter(|what| what.contains("is that of block"));
    assert_eq!(damaged.count(), 2, "{found:?}");
    let found = swapped(&|sector| sector.starts_with(&[1, 1]));
    assert!(!found.contains_key("SYSTEM32/C.DLL") && !found.contains_key("TEMP/A.DLL"), "{found:?}");
    assert!(found["TEMP!"].as_ref().unwrap_err().contains("is one of another place"), "{found:?}");
}

#[test]
fn udf_of_any_block_size_is_read_issue_16() {
    // `mkudffs` makes volumes with each of these sizes.
    let folder = TempDir::new().unwrap();
    for block in [512, 1024, 2048, 4096] {
        let found = read(&folder, &udf(block, 60, Some(b"contents")));
        assert_eq!(found.len(), 60, "{block}: {found:?}");
        assert!(found.values().all(|what| what.as_deref() == Ok(b"contents")), "{block}: {found:?}");
    }
}

/// Each change of one bit in the own record of a file is named where the folder's index has the file; hard links, renamed
/// and deleted files are not taken for damage.
#[test]
fn ntfs_files_that_their_folder_lists_elsewhere_are_named_issue_16() {
    let folder = TempDir::new().unwrap();
    fs::File::create(folder.path().join("x.img")).unwrap().set_len(24 << 20).unwrap();
    let Some(_) = run("mkfs.ntfs", "ntfs-3g", &["-q", "-F", "-f", "x.img"], folder.path()) else { return };
    let script = "mkdir mount && ntfs-3g x.img mount 2>/dev/null || exit 0
        cd mount && mkdir -p WINNT/System32 WINNT/Temp old
        for i in $(seq 100 299); do echo $i > WINNT/System32/file$i.dll; done
        for i in $(seq 100 119); do ln WINNT/System32/file100.dll WINNT/Temp/link$i.dll; done
        for i in $(seq 120 169); do mv WINNT/System32/file$i.dll WINNT/Temp/other$i.dll; done
        for i in $(seq 170 199); do rm WINNT/System32/file$i.dll; done
        mv old WINNT/new && echo x > WINNT/new/one.dll && echo x > tapisrv.exe && cd .. && umount mount && touch done";
    run("sh", "dash", &["-c", script], folder.path());
    if !folder.path().join("done").exists() {
        eprintln!("SKIPPED: the NTFS volume cannot be mounted here (FUSE)");
        return;
    }
    let sound = fs::read(folder.path().join("x.img")).unwrap();
    let found = read(&folder, &sound);
    assert_eq!(found.len(), 170 + 20 + 2, "{:?}", found.keys().filter(|path| path.ends_with('!')).collect::<Vec<_>>());
    assert!(found.values().all(Result::is_ok));
    // In a file's own record, the folder is 66 bytes before the name. Index blocks do not begin like a record.
    let own = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let is_own = |at: &usize| {
            let record = at - at % 1024;
            sound[record..].starts_with(b"FILE") && sound[record + 22] == 1 && sound[*at..].starts_with(&name)
        };
        (0..sound.len() - 1024).step_by(2).find(is_own).expect("the file's record")
    };
    let at = own("tapisrv.exe");
    for (at, bit) in [(at, 1), (at + 8, 2), (at - 66, 2), (at - 66, 64)] {
        let mut bytes = sound.clone();
        bytes[at] ^= bit;
        let found = read(&folder, &bytes);
        let what = found["tapisrv.exe!"].as_ref().unwrap_err();
        assert!(what.contains("the index of its folder lists it here"), "{what}");
        assert_eq!(found.len(), 192, "{:?}", found.keys().collect::<Vec<_>>());
    }
    // The other names of a hard link stay.
    let mut bytes = sound.clone();
    bytes[own("file100.dll")] ^= 1;
    let found = read(&folder, &bytes);
    assert!(found["WINNT/System32/file100.dll!"].is_err());
    assert!((100..120).all(|number| found[&format!("WINNT/Temp/link{number}.dll")].is_ok()));
}

#[test]
fn zip_members_that_the_directory_lacks_are_named_issue_16() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("tree/x")).unwrap();
    for name in ["A.DLL", "B.DLL", "x/C.DLL"] {
        fs::write(folder.path().join("tree").join(name), name.repeat(50)).unwrap();
    }
    // `-fd` writes sizes and checksums after the members.
    for option in ["-r", "-rfd"] {
        let _ = fs::remove_file(folder.path().join("x.zip"));
        if run("zip", "zip", &["-q", option, "x.zip", "tree"], folder.path()).is_none() {
            return;
        }
        let sound = fs::read(folder.path().join("x.zip")).unwrap();
        assert!(read(&folder, &sound).values().all(Result::is_ok), "{option}: {:?}", read(&folder, &sound));
        let end = sound.len() - 22;
        let word = |at: usize| u32::from_le_bytes(sound[at..at + 4].try_into().unwrap()) as usize;
        let directory = word(end + 16);
        let entries: Vec<usize> = (directory..end).filter(|&at| sound[at..].starts_with(b"PK\x01\x02")).collect();
        for kept in 0..entries.len() {
            // The last entries alone are stated, or the first ones.
            for (from, to) in
                [(entries[entries.len() - kept..].first().map_or(end, |at| *at), end), (directory, entries[kept])]
            {
                let mut bytes = sound[..directory].to_vec();
                bytes.extend(&sound[from..to]);
                bytes.extend(&sound[end..]);
                let end = bytes.len() - 22;
                bytes[end + 8..end + 10].copy_from_slice(&(kept as u16).to_le_bytes());
                bytes[end + 10..end + 12].copy_from_slice(&(kept as u16).to_le_bytes());
                bytes[end + 12..end + 16].copy_from_slice(&((to - from) as u32).to_le_bytes());
                let found = read(&folder, &bytes);
                assert!(
                    found["!"].as_ref().unwrap_err().contains("is not in the directory"),
                    "{option} {kept}: {found:?}"
                );
            }
        }
    }
}
