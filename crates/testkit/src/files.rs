//! Compares the files that the library finds in an image with those of a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hotfixcheck_winfiles::bytes::ReadAt as _;
use hotfixcheck_winfiles::image::{self, Image, Item};

/// The contents by path, or why they could not be read.
pub type Files = BTreeMap<String, Result<Vec<u8>, String>>;

/// The image's files. If there are several volumes, their names precede the paths. Problems are stored under their path
/// and `!`, warnings under `?`, links and devices under `@`.
pub fn files(image: &Image) -> Files {
    let mut files = Files::new();
    for what in &image.problems {
        files.insert("!".to_owned(), Err(what.clone()));
    }
    for volume in &image.volumes {
        let before = if volume.name.is_empty() { String::new() } else { format!("{}/", volume.name) };
        volume.files.list(&mut |item| {
            let (path, contents) = match item {
                Item::Problem { path, what } => (format!("{before}{path}!"), Err(what)),
                Item::Warning { path, what } => (format!("{before}{path}?"), Err(what)),
                Item::Other { path, what } => (format!("{before}{path}@"), Err(what.to_owned())),
                Item::File { path, id, size, .. } => {
                    let read = volume.files.open(id).and_then(|file| {
                        // No file of these tests is larger than this, even if a damaged image states a larger size.
                        let mut bytes = vec![0; size.min(8 << 20) as usize];
                        let count = file.read_at(&mut bytes, 0)?;
                        bytes.truncate(count);
                        Ok(bytes)
                    });
                    (format!("{before}{path}"), read.map_err(|error| error.to_string()))
                }
            };
            files.insert(path, contents);
        });
    }
    files
}

/// The files of the image at this path.
///
/// # Panics
/// If the file is not an image, or cannot be read.
pub fn of_image(path: &Path) -> Files {
    let image = image::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    files(&image.unwrap_or_else(|| panic!("{}: no image", path.display())))
}

/// The files below a folder.
pub fn of_folder(folder: &Path) -> Files {
    let walk = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|item| item.file_type().is_file());
    walk.map(|item| {
        let path = item.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
        (path, Ok(fs::read(item.path()).unwrap()))
    })
    .collect()
}

/// # Panics
/// If they differ; the message names only the paths.
#[track_caller]
pub fn assert_same(found: &Files, expected: &Files, what: &str) {
    let paths = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(found), paths(expected), "{what}");
    for (path, contents) in found {
        assert!(contents == &expected[path], "{what}: {path}: {:?}", contents.as_ref().map(Vec::len));
    }
}
