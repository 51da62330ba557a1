//! E01 images with the largest chunks that tools offer (issue 16): every read of one unpacked or copied 16 MB.

use std::fs;
use std::path::Path;

use hotfixcheck_testkit::media::mbr;
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored};
use hotfixcheck_testkit::packed_builder::sample;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_winfiles::bytes::ReadAt as _;
use hotfixcheck_winfiles::image::{self, Item};
use tempfile::TempDir;

/// Files of 1 MB each, so that several chunks hold them.
const FILES: usize = 36;

fn contents(number: usize) -> Vec<u8> {
    let mut bytes = sample(1 << 20);
    bytes[..8].copy_from_slice(&(number as u64).to_le_bytes());
    bytes
}

/// A disk in an image of chunks of 16 MB, packed or not.
fn evidence(folder: &TempDir, packing: &str) -> bool {
    let volume = (0..FILES).fold(NtfsBuilder::new(), |volume, number| {
        volume.file(&format!("WINNT/F{number:03}.DLL"), &contents(number), Stored::Plain)
    });
    fs::write(folder.path().join("disk.img"), mbr(&[(7, 4, &volume.build())])).unwrap();
    let arguments = ["-u", "-q", "-t", "x", "-b", "32768", "-c", packing, "disk.img"];
    run("ewfacquire", "ewf-tools", &arguments, folder.path()).is_some()
}

/// How many files have the right contents, and the errors of the others: each is read in pieces of 1 KB, those of
/// all files in turn.
fn read(path: &Path) -> (usize, Vec<String>) {
    let image = match image::open(path) {
        Ok(image) => image.unwrap(),
        Err(error) => return (0, vec![error.to_string()]),
    };
    let files = &image.volumes[0].files;
    let mut ids = Vec::new();
    files.list(&mut |item| {
        if let Item::File { path, id, .. } = item {
            ids.push((path, id));
        }
    });
    ids.sort();
    let open: Vec<_> = ids.iter().map(|(_, id)| files.open(*id).unwrap()).collect();
    let mut errors = vec![String::new(); open.len()];
    let expected: Vec<Vec<u8>> = (0..FILES).map(contents).collect();
    for piece in (0..1024).step_by(one_of(16)) {
        for (number, file) in open.iter().enumerate() {
            let mut bytes = [0; 1024];
            match file.read_at(&mut bytes, piece * 1024) {
                Ok(count) => assert_eq!(bytes[..count], expected[number][piece as usize * 1024..][..1024]),
                Err(error) => errors[number] = error.to_string(),
            }
        }
    }
    let errors: Vec<String> = errors.into_iter().filter(|error| !error.is_empty()).collect();
    (open.len() - errors.len(), errors)
}

#[test]
fn chunks_of_16_mb_are_unpacked_once_issue_16() {
    for packing in ["none", "fast"] {
        let folder = TempDir::new().unwrap();
        if !evidence(&folder, packing) {
            return;
        }
        let path = folder.path().join("x.E01");
        assert_eq!(read(&path), (FILES, Vec::new()), "{packing}");
        // A damaged byte in the middle of the second chunk loses the files in it, and no others.
        let mut bytes = fs::read(&path).unwrap();
        let middle = if packing == "none" { 24 << 20 } else { bytes.len() / 2 };
        bytes[middle] ^= 0x40;
        fs::write(&path, bytes).unwrap();
        let (right, errors) = read(&path);
        assert!(right > 10 && errors.len() > 10, "{packing}: {right} {errors:?}");
        assert!(errors.iter().all(|what| what.contains("the checksum that it states")), "{errors:?}");
    }
}
