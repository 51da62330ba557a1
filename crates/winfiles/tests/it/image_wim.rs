//! WIM images as wimlib makes them (issue 16, point 6): the files in them are those of the folder.

use std::fs;
use std::path::Path;

use hotfixcheck_testkit::files::{Files, files, of_folder};
use hotfixcheck_testkit::media::contents;
use hotfixcheck_testkit::packed_builder::sample;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_winfiles::image;
use tempfile::TempDir;

/// A folder with files that fill several chunks, some of which cannot be packed, and code with calls.
fn tree(folder: &Path) -> Files {
    let tree = folder.join("tree");
    let noise: Vec<u8> = (0..70_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let calls: Vec<u8> = (0..40_000_u32).flat_map(|n| [0xe8, (n % 251) as u8, (n / 251) as u8, 0, 0, 0x90]).collect();
    let more =
        [("far/noise.bin", noise), ("far/calls.dll", calls), ("far/text.txt", sample(200_000)), ("empty.txt", vec![])];
    for (path, bytes) in contents().into_iter().chain(more) {
        fs::create_dir_all(tree.join(path).parent().unwrap()).unwrap();
        fs::write(tree.join(path), bytes).unwrap();
    }
    of_folder(&tree)
}

#[test]
fn every_image_in_the_file_is_a_volume_whatever_it_is_packed_by() {
    let folder = TempDir::new().unwrap();
    let expected = tree(folder.path());
    for packing in ["none", "XPRESS", "LZX"] {
        let name = format!("{packing}.wim");
        let compress = format!("--compress={packing}");
        let arguments = ["capture", "tree", name.as_str(), "First & only", compress.as_str(), "--no-acls"];
        if run("wimlib-imagex", "wimtools", &arguments, folder.path()).is_none() {
            return;
        }
        let image = image::open(&folder.path().join(&name)).unwrap().unwrap();
        assert_eq!(image.volumes[0].title.as_deref(), Some("First & only"));
        let found: Files =
            files(&image).into_iter().map(|(path, file)| (path.trim_start_matches("1/").to_owned(), file)).collect();
        let sizes = |files: &Files| {
            files.iter().map(|(path, file)| (path.clone(), file.as_ref().map(Vec::len).ok())).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&found), sizes(&expected), "{packing}");
        assert!(found == expected, "{packing}: contents differ");
    }
}

#[test]
fn images_of_other_kinds_are_named_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    tree(folder.path());
    let arguments = ["capture", "tree", "solid.esd", "One", "--solid", "--no-acls"];
    if run("wimlib-imagex", "wimtools", &arguments, folder.path()).is_none() {
        return;
    }
    let Err(error) = image::open(&folder.path().join("solid.esd")) else { panic!("not refused") };
    assert!(error.to_string().contains("LZMS") && error.to_string().contains("wimlib-imagex export"), "{error}");
}

#[test]
fn damaged_images_are_errors_of_their_files_never_a_panic() {
    let folder = TempDir::new().unwrap();
    tree(folder.path());
    let arguments = ["capture", "tree", "a.wim", "One", "--compress=LZX", "--no-acls"];
    if run("wimlib-imagex", "wimtools", &arguments, folder.path()).is_none() {
        return;
    }
    let sound = fs::read(folder.path().join("a.wim")).unwrap();
    let path = folder.path().join("damaged.wim");
    for step in 0..200 {
        let mut bytes = sound.clone();
        let at = (step * 7919) % bytes.len();
        bytes[at] ^= 1 << (step % 8);
        if step % 5 == 0 {
            bytes.truncate(at);
        }
        fs::write(&path, bytes).unwrap();
        if let Ok(Some(image)) = image::open(&path) {
            files(&image);
        }
    }
}
