//! Damaged images of every kind, byte by byte: each gets a quick answer, and none gives an invented version. (Issue 6.)

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use hotfixcheck_testkit::files::{Files, assert_same, files, of_image};
use hotfixcheck_testkit::media::{self, Group};
use hotfixcheck_testkit::soon::soon;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_types::FileVersion;
use hotfixcheck_winfiles::binary::{self, VersionOutcome};
use hotfixcheck_winfiles::image;
use tempfile::TempDir;

/// At how many offsets each image is damaged in CI; elsewhere a twentieth of them.
const PLACES: usize = 3000;
/// At how many lengths each image is cut, besides those in its first kilobyte and its last half; elsewhere than in CI a
/// twentieth of all.
const LENGTHS: u64 = 3000;

/// The files of a possible image.
#[track_caller]
fn read(path: &Path) -> Option<Files> {
    soon(|| image::open(path).ok().flatten().map(|image| files(&image)))
}

/// At most this many offsets: all of them, or an even sample of the non-zero ones and of the others.
fn places(bytes: &[u8]) -> Vec<usize> {
    let (full, empty): (Vec<usize>, Vec<usize>) = (0..bytes.len()).partition(|&at| bytes[at] != 0);
    let sample = |places: &[usize], count: usize| -> Vec<usize> {
        places.iter().copied().step_by(places.len().div_ceil(count).max(1)).collect()
    };
    let count = PLACES / one_of(20);
    [sample(&full, count * 2 / 3), sample(&empty, count / 3)].concat()
}

fn version(contents: &[u8]) -> Option<FileVersion> {
    match binary::read(contents).ok()?.version {
        VersionOutcome::Found(info) => info.fixed_file,
        VersionOutcome::Corrupt { .. } | VersionOutcome::Absent => None,
    }
}

/// Contents must be those of a file, or those with the effect of the flip; else they must have no different version.
/// Data packed without a checksum, as by NTFS and qcow2, can become anything.
fn check(kind: &str, found: &Files, expected: &Files, what: &str) {
    let known: Vec<FileVersion> = media::REVISIONS.iter().map(|r| format!("4.0.1381.{r}").parse().unwrap()).collect();
    for (path, contents) in found {
        let Ok(contents) = contents else { continue };
        let near = expected.values().flatten().any(|whole| {
            // Most are equal, which is quick to compare.
            whole == contents
                || whole.len() == contents.len() && whole.iter().zip(contents).filter(|(a, b)| a != b).count() <= 128
        });
        let unchecked = kind == "packed qcow2" || path == media::COMPRESSED;
        if !near
            && !unchecked
            && let Some(version) = version(contents)
        {
            assert!(known.contains(&version), "{what}: {path} has version {version}");
        }
    }
}

#[test]
fn sound_images_show_their_files() {
    let folder = TempDir::new().unwrap();
    for (kind, path) in media::all(folder.path()) {
        assert_same(&of_image(&path), &media::expected(kind), kind);
    }
}

/// Truncation is reported and invents nothing.
fn truncate(group: Group) {
    let folder = TempDir::new().unwrap();
    for (kind, path) in media::of(group, folder.path()) {
        let expected = media::expected(kind);
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        let whole = file.metadata().unwrap().len();
        // Every length where headers and trailers lie; further on an even sample. Ever shorter: a longer file would get zeros.
        let step = (whole / LENGTHS).max(1);
        let is_cut = |size: &u64| size.is_multiple_of(step) || *size < 1024 || whole - size <= 512;
        let sizes = (0..whole).rev().filter(is_cut).step_by(one_of(20));
        for size in sizes {
            file.set_len(size).unwrap();
            let what = format!("{kind} of {size} bytes");
            for (path, contents) in read(&path).unwrap_or_default() {
                assert!(contents.is_err() || expected.get(&path) == Some(&contents), "{what}: {path}");
            }
        }
    }
}

/// Single bit flips give an answer that invents nothing.
fn flip(group: Group) {
    let folder = TempDir::new().unwrap();
    for (kind, path) in media::of(group, folder.path()) {
        let expected = media::expected(kind);
        let bytes = fs::read(&path).unwrap();
        let mut file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        for (number, at) in places(&bytes).into_iter().enumerate() {
            let mut put = |byte: u8| {
                file.seek(SeekFrom::Start(at as u64)).unwrap();
                file.write_all(&[byte]).unwrap();
            };
            let bit = number % 8;
            put(bytes[at] ^ 1 << bit);
            let what = format!("{kind}: bit {bit} at {at:#x}");
            check(kind, &read(&path).unwrap_or_default(), &expected, &what);
            put(bytes[at]);
        }
        let mut again = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut again).unwrap();
        assert!(again == bytes);
    }
}

/// A test of each kind of damage for each group of images, so that they run in parallel.
macro_rules! damaged {
    ($($group:ident: $truncated:ident, $flipped:ident;)*) => {
        /// The tests cover every group.
        #[test]
        fn every_group_is_damaged() {
            assert_eq!(Group::ALL, [$(Group::$group),*]);
        }
        $(
            #[test]
            fn $truncated() {
                truncate(Group::$group);
            }

            #[test]
            fn $flipped() {
                flip(Group::$group);
            }
        )*
    };
}

damaged! {
    Ntfs: truncated_ntfs, flipped_ntfs;
    Fat: truncated_fat, flipped_fat;
    Iso: truncated_iso, flipped_iso;
    Virtual: truncated_virtual_disks, flipped_virtual_disks;
    Vmdk: truncated_vmdk, flipped_vmdk;
    Qcow2: truncated_qcow2, flipped_qcow2;
    Evidence: truncated_e01, flipped_e01;
}
