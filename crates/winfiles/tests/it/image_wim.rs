//! WIM images as wimlib makes them (issue 16, point 6): the files in them are those of the folder.

use std::fs;
use std::path::{Path, PathBuf};

use hotfixcheck_testkit::files::{Files, files, of_folder};
use hotfixcheck_testkit::media::contents;
use hotfixcheck_testkit::packed_builder::sample;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_winfiles::bytes::ReadAt as _;
use hotfixcheck_winfiles::image::{self, Item};
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

/// Captures the tree with these arguments, and opens the image; `None` if there is no wimlib.
fn capture(folder: &Path, name: &str, packing: &[&str]) -> Option<PathBuf> {
    let arguments = [&["capture", "tree", name, "First & only", "--no-acls"], packing].concat();
    run("wimlib-imagex", "wimtools", &arguments, folder).map(|_| folder.join(name))
}

/// The files of the only image, by their paths in it.
fn of_first(path: &Path) -> Files {
    let image = image::open(path).unwrap().unwrap();
    assert_eq!(image.volumes[0].title.as_deref(), Some("First & only"));
    files(&image).into_iter().map(|(path, file)| (path.trim_start_matches("1/").to_owned(), file)).collect()
}

#[test]
fn every_image_in_the_file_is_a_volume_whatever_it_is_packed_by() {
    let folder = TempDir::new().unwrap();
    let expected = tree(folder.path());
    let packings: &[&[&str]] = &[
        &["--compress=none"],
        &["--compress=XPRESS"],
        &["--compress=LZX"],
        &["--compress=LZMS"],
        &["--compress=LZMS:20", "--chunk-size=32K"],
        &["--compress=LZMS:100", "--chunk-size=1M"],
        // The format of `.esd`.
        &["--solid"],
        &["--solid", "--solid-chunk-size=128K"],
        &["--solid", "--solid-compress=XPRESS", "--solid-chunk-size=8K"],
        &["--solid", "--solid-compress=LZX", "--solid-chunk-size=64K", "--compress=LZMS"],
    ];
    for packing in packings {
        let Some(path) = capture(folder.path(), "image.wim", packing) else { return };
        let found = of_first(&path);
        let differ: Vec<&String> = expected.keys().filter(|path| found.get(*path) != expected.get(*path)).collect();
        assert!(differ.is_empty() && found.len() == expected.len(), "{packing:?}: {differ:?}, {:?}", found.keys());
    }
}

/// Issue 16, point 1: entries with a file name that are not files are reported, and a file whose contents are elsewhere
/// is a problem.
#[cfg(unix)]
#[test]
fn links_and_placeholders_in_an_image_are_named() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("tree")).unwrap();
    fs::write(folder.path().join("tree/a.dll"), "a").unwrap();
    std::os::unix::fs::symlink("a.dll", folder.path().join("tree/link.dll")).unwrap();
    let Some(path) = capture(folder.path(), "image.wim", &["--compress=none"]) else { return };
    let found = of_first(&path);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["a.dll", "link.dll@"]);
    // The metadata are stored unpacked, but their checksum must match the changed ones: the check is turned off.
    let mut bytes = fs::read(&path).unwrap();
    let tag = bytes.windows(4).position(|tag| tag == 0xa000_000c_u32.to_le_bytes()).unwrap();
    bytes[tag..tag + 4].copy_from_slice(&0x9000_001a_u32.to_le_bytes());
    let table = u64::from_le_bytes(bytes[56..64].try_into().unwrap()) as usize;
    let size = u64::from_le_bytes(bytes[64..72].try_into().unwrap()) as usize;
    let metadata = (table..table + size).step_by(50).find(|&at| bytes[at + 7] & 2 != 0).unwrap();
    bytes[metadata + 30..metadata + 50].fill(0);
    fs::write(&path, bytes).unwrap();
    let found = of_first(&path);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["!", "a.dll"]);
    let said = found["!"].as_ref().unwrap_err();
    assert!(said.starts_with("link.dll is a placeholder of kind 0x9000001a"), "{said}");
}

/// The random numbers of this file: the same in every run.
fn noise(seed: u32) -> impl Iterator<Item = u32> {
    let next = |last: &u32| Some(last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(seed), next).skip(1).map(|number| number >> 8)
}

/// Data for every mode of LZMS: code, rising numbers of each width, sequences from near and far, noise.
fn many_kinds() -> Vec<(String, Vec<u8>)> {
    // Real code, with calls and instructions with relative addresses.
    let code = fs::read(std::env::current_exe().unwrap()).unwrap();
    let middle = code.len() / 2;
    let mut kinds = vec![("code.bin".to_owned(), code[middle..code.len().min(middle + 3_000_000)].to_vec())];
    for width in [1_usize, 2, 3, 4, 8, 16, 32, 64, 128] {
        let mut random = noise(width as u32);
        let rising = (0..400_000 / width as u64).flat_map(|number| {
            let step = number.wrapping_mul(if number % 37 == 0 { 1009 } else { 3 });
            let mut value = vec![(random.next().unwrap() % 2) as u8; width];
            value.iter_mut().zip(step.to_le_bytes()).for_each(|(byte, new)| *byte = new);
            value
        });
        kinds.push((format!("rising{width}.bin"), rising.collect()));
    }
    let mut random = noise(7);
    let mut copied: Vec<u8> = sample(50_000);
    while copied.len() < 2_000_000 {
        let number = random.next().unwrap() as usize;
        let start = (number * 31) % copied.len();
        let length = 1 + random.next().unwrap() as usize % if number.is_multiple_of(50) { 60_000 } else { 40 };
        let end = (start + length).min(copied.len());
        copied.extend_from_within(start..end);
        copied.extend((0..number % 3).map(|more| (number >> (8 + more)) as u8));
    }
    kinds.push(("copied.bin".to_owned(), copied));
    kinds.push(("one.bin".to_owned(), vec![7; 1_000_001]));
    // A chunk's last bytes, and chunks of very few bytes.
    kinds.extend((1..40).map(|size| (format!("small{size}.bin"), sample(size))));
    kinds
}

#[test]
fn lzms_unpacks_every_kind_of_data_as_wimlib_does() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("tree")).unwrap();
    for (name, bytes) in many_kinds() {
        fs::write(folder.path().join("tree").join(name), bytes).unwrap();
    }
    let expected = of_folder(&folder.path().join("tree"));
    let packings =
        [&["--compress=LZMS:60", "--chunk-size=512K"][..], &["--solid", "--solid-chunk-size=1M"], &["--solid"]];
    for packing in packings.into_iter().step_by(one_of(3)) {
        let Some(path) = capture(folder.path(), "kinds.wim", packing) else { return };
        let found = of_first(&path);
        let differ: Vec<&String> = expected.keys().filter(|path| found.get(*path) != expected.get(*path)).collect();
        assert!(differ.is_empty() && found.len() == expected.len(), "{packing:?}: {differ:?}");
    }
}

#[test]
fn what_is_not_read_is_named_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    tree(folder.path());
    let refused = |path: &Path| match image::open(path) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("not refused"),
    };
    let Some(large) = capture(folder.path(), "large.esd", &["--solid", "--solid-chunk-size=128M"]) else { return };
    assert!(refused(&large).contains("chunks of 134217728 bytes"), "{}", refused(&large));
    // The download of an upgrade states that it is encrypted in the metadata of the images, whose offset is at 72.
    let esd = capture(folder.path(), "sound.esd", &["--solid"]).unwrap();
    let mut bytes = fs::read(&esd).unwrap();
    let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    let (size, place) = (word(72) & 0xff_ffff, word(80));
    let text = "<WIM><ESD><ENCRYPTED><KEY/></ENCRYPTED></ESD></WIM>";
    let mut xml: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    xml.resize(size, b' ');
    bytes[place..place + size].copy_from_slice(&xml);
    fs::write(&esd, bytes).unwrap();
    assert!(refused(&esd).contains("an encrypted ESD"), "{}", refused(&esd));
}

#[test]
fn a_chunk_of_a_solid_block_is_unpacked_once_for_all_files_in_it() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("tree")).unwrap();
    for number in 0..1500 {
        let text: Vec<u8> = noise(number).take(2000).map(|byte| b'a' + (byte % 9) as u8).collect();
        fs::write(folder.path().join(format!("tree/{number}.dll")), text).unwrap();
    }
    let Some(path) = capture(folder.path(), "many.esd", &["--solid", "--solid-chunk-size=1M"]) else { return };
    let image = image::open(&path).unwrap().unwrap();
    let volume = &image.volumes[0];
    let mut ids = Vec::new();
    volume.files.list(&mut |item| ids.extend(matches!(item, Item::File { .. }).then_some(item)));
    let mut ids: Vec<_> = ids
        .into_iter()
        .map(|item| match item {
            Item::File { id, size, .. } => (volume.files.place(id).unwrap(), id, size),
            _ => unreachable!(),
        })
        .collect();
    ids.sort_unstable();
    assert_eq!(ids.len(), 1500);
    // The files are stored one after another, without a gap: each chunk is needed once.
    for pair in ids.windows(2) {
        assert_eq!(pair[0].0.1 + pair[0].2, pair[1].0.1);
    }
    // Three chunks of some tenths of a second in all; 1,500 unpackings would take minutes.
    let start = std::time::Instant::now();
    for (_, id, size) in ids {
        assert_eq!(volume.files.open(id).unwrap().read_at(&mut vec![0; size as usize], 0).unwrap() as u64, size);
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn damaged_images_are_errors_of_their_files_never_other_contents() {
    let folder = TempDir::new().unwrap();
    let expected = tree(folder.path());
    let packings: &[&[&str]] =
        &[&["--compress=LZX"], &["--compress=XPRESS"], &["--compress=LZMS"], &["--solid", "--solid-chunk-size=128K"]];
    for packing in packings {
        let Some(path) = capture(folder.path(), "a.wim", packing) else { return };
        let sound = fs::read(path).unwrap();
        let path = folder.path().join("damaged.wim");
        let (mut refused, mut read) = (0, 0);
        for step in (0..150).step_by(one_of(13)) {
            let mut bytes = sound.clone();
            let at = (step * 7919) % bytes.len();
            bytes[at] ^= 1 << (step % 8);
            if step % 5 == 0 {
                bytes.truncate(at);
            }
            fs::write(&path, bytes).unwrap();
            let Ok(Some(image)) = image::open(&path) else { continue };
            for (path, contents) in files(&image) {
                match contents {
                    Err(_) => refused += 1,
                    Ok(contents) => {
                        read += 1;
                        let path = path.trim_start_matches("1/");
                        // Damage in the table of the files gives another file's name or time, never its bytes.
                        let known = expected.values().any(|known| known.as_ref() == Ok(&contents));
                        assert!(contents.is_empty() || known, "{packing:?} {step}: {path}: {} bytes", contents.len());
                    }
                }
            }
        }
        let tried = 150 / one_of(13);
        assert!(refused > tried / 8 && read > tried * 3, "{packing:?}: {refused} refused, {read} read");
    }
}
