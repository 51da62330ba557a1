//! Disk images: container, partitions, file systems, the contents of some files. With a first byte below 128 the rest
//! is the image; otherwise it is pieces of one: the number of a sector in four bytes, a length in two, then that many
//! bytes.
#![no_main]

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use hotfixcheck::winfiles::image;
use hotfixcheck_fuzz::look;
use libfuzzer_sys::fuzz_target;

const SECTOR: u64 = 512;
/// The largest image: holes between pieces need no memory, but are read.
const MAX_BYTES: u64 = 64 << 20;

fuzz_target!(|input: &[u8]| {
    let Some((&form, rest)) = input.split_first() else { return };
    // In memory, if there is such a folder.
    let folder = if PathBuf::from("/dev/shm").is_dir() { PathBuf::from("/dev/shm") } else { std::env::temp_dir() };
    let path = folder.join(format!("hotfixcheck-fuzz-{}", std::process::id()));
    let mut file = File::create(&path).unwrap();
    if form < 128 {
        file.write_all(rest).unwrap();
    } else {
        put_pieces(&file, rest);
    }
    drop(file);
    if let Ok(Some(image)) = image::open(&path) {
        look(&image, 2);
    }
    fs::remove_file(&path).unwrap();
});

fn put_pieces(file: &File, mut rest: &[u8]) {
    while let Some((head, behind)) = rest.split_first_chunk::<6>() {
        let sector = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        let length = usize::from(u16::from_le_bytes([head[4], head[5]])).min(behind.len());
        let place = u64::from(sector) * SECTOR % MAX_BYTES;
        file.write_all_at(&behind[..length], place).unwrap();
        let end = (place + length as u64).next_multiple_of(SECTOR).max(file.metadata().unwrap().len());
        file.set_len(end).unwrap();
        rest = &behind[length..];
    }
}
