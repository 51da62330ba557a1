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
