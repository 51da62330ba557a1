//! Members of tar archives that are stored as pieces (issue 16, point 7): GNU tar's own format and those of PAX,
//! compared with the files that it packed.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use hotfixcheck_testkit::files::{files, of_folder, of_image};
use hotfixcheck_testkit::soon::soon;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_winfiles::image;
use tempfile::TempDir;

/// The four formats, as options of GNU tar.
const FORMS: [&[&str]; 4] = [
    &["--format=gnu"],
    &["--format=posix", "--sparse-version=0.0"],
    &["--format=posix", "--sparse-version=0.1"],
    &["--format=posix", "--sparse-version=1.0"],
];

/// Packs a folder; false if there is no GNU tar.
#[track_caller]
fn pack(folder: &Path, form: &[&str]) -> bool {
    let arguments = [&["-S", "--hole-detection=raw"], form, &["-cf", "case.tar", "-C", "tree", "."]].concat();
    run("tar", "tar", &arguments, folder).is_some()
}

/// A file with this number of pieces of 4,096 bytes, with zeros before each, and after the last one if requested.
fn holes(pieces: u8, after: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in 0..pieces {
        bytes.resize(bytes.len() + 8192, 0);
        bytes.resize(bytes.len() + 4096, number + 1);
    }
    bytes.resize(bytes.len() + if after { 8192 } else { 0 }, 0);
    bytes
}

/// Writes a file with holes in place of zeros: tar asks the file system for its holes.
fn write(path: &Path, bytes: &[u8]) {
    let mut file = fs::File::create(path).unwrap();
    file.set_len(bytes.len() as u64).unwrap();
    for (number, piece) in bytes.chunks(4096).enumerate().filter(|(_, piece)| piece.iter().any(|&byte| byte != 0)) {
        file.seek(SeekFrom::Start(number as u64 * 4096)).unwrap();
        file.write_all(piece).unwrap();
    }
}

fn tree(folder: &Path) {
    fs::create_dir_all(folder.join("tree/WINNT")).unwrap();
    let write = |name: &str, bytes: &[u8]| write(&folder.join("tree/WINNT").join(name), bytes);
    // The old format has four pieces in its header, and 21 in each further block.
    for pieces in [1, 4, 5, 25, 26, 60] {
        write(&format!("holes-{pieces}.dll"), &holes(pieces, pieces % 2 == 0));
    }
    write("zeros.dll", &[0; 100_000]);
    write("plain.dll", &[7; 5000]);
    write("odd.dll", &[holes(3, true), vec![9; 77]].concat());
}

#[test]
fn members_that_are_stored_as_pieces_are_those_that_were_packed() {
    let folder = TempDir::new().unwrap();
    tree(folder.path());
    for form in FORMS {
        if !pack(folder.path(), form) {
            return;
        }
        let packed = fs::metadata(folder.path().join("case.tar")).unwrap().len();
        let plain: u64 =
            of_folder(&folder.path().join("tree")).values().map(|file| file.as_ref().unwrap().len() as u64).sum();
        assert!(packed < plain, "{form:?}: nothing is stored as pieces");
        let found = of_image(&folder.path().join("case.tar"));
        assert_eq!(found, of_folder(&folder.path().join("tree")), "{form:?}");
        // Every part of a file, in windows that begin and end within pieces.
        let image = image::open(&folder.path().join("case.tar")).unwrap().unwrap();
        let files = &image.volumes[0].files;
        let mut id = None;
        files.list(&mut |item| match item {
            image::Item::File { path, id: of, .. } if path.ends_with("holes-5.dll") => id = Some(of),
            _ => {}
        });
        let (file, expected) = (files.open(id.unwrap()).unwrap(), holes(5, false));
        for start in (0..expected.len()).step_by(1000) {
            let mut window = vec![9; 5000];
            let count = file.read_at(&mut window, start as u64).unwrap();
            assert_eq!(window[..count], expected[start..(start + 5000).min(expected.len())], "{form:?}: {start}");
        }
    }
}

/// Cut and flipped: a quick answer, and impossible values are reported.
#[test]
fn damaged_lists_of_pieces_are_named_and_lose_no_other_member() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("tree")).unwrap();
    write(&folder.path().join("tree/a.dll"), &holes(30, true));
    fs::write(folder.path().join("tree/b.dll"), [7; 5000]).unwrap();
    for form in FORMS {
        if !pack(folder.path(), form) {
            return;
        }
        let whole = fs::read(folder.path().join("case.tar")).unwrap();
        let place = folder.path().join("damaged.tar");
        let read = |bytes: &[u8]| {
            fs::write(&place, bytes).unwrap();
            soon(|| image::open(&place).ok().flatten().map(|image| files(&image)).unwrap_or_default())
        };
        // After the last member there are only zeros.
        let end = whole.iter().rposition(|&byte| byte != 0).unwrap();
        for length in (512..end).step_by(512 * one_of(3)) {
            let found = read(&whole[..length]);
            assert!(found.keys().any(|name| name.ends_with(['!', '?'])), "{form:?}: {length}");
        }
        // The lists are in the first blocks.
        for at in (0..8192).step_by(31 * one_of(3)) {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << (at % 8);
            read(&damaged);
        }
        // More than is stored.
        let text = String::from_utf8_lossy(&whole).into_owned();
        let wrong = match form {
            [_, version] if version.ends_with("0.0") => text.replacen("numbytes=4096", "numbytes=4097", 1),
            [_, version] if version.ends_with("0.1") => text.replacen("map=8192,4096,", "map=8192,4097,", 1),
            [_, _] => text.replacen("\n8192\n4096\n", "\n8192\n4097\n", 1),
            _ => continue,
        };
        assert!(wrong != text && wrong.len() == whole.len(), "{form:?}");
        let found = read(wrong.as_bytes());
        assert_eq!(found.keys().collect::<Vec<_>>(), ["a.dll!", "b.dll"], "{form:?}");
    }
}
