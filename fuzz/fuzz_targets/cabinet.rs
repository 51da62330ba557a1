//! Cabinets, and packages of them. The first byte selects the input: an unchanged cabinet, data after a valid header
//! with a folder of some method, or a package, as a cabinet or self-extracting.
#![no_main]

use std::fs;
use std::path::PathBuf;

use hotfixcheck::package::Package;
use hotfixcheck::winfiles::cabinet::{Cabinet, MAX_MEMBER_BYTES, MAX_UNPACKED_BYTES};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&form, rest)) = input.split_first() else { return };
    match form % 8 {
        0 | 1 => unpack(rest),
        // Blocks without checksums; LZX with windows of 32 KB and 2 MB.
        method @ 2..=5 => unpack(&one_folder([0, 1, 0x0f03, 0x1503][usize::from(method) - 2], rest)),
        6 => package(rest),
        _ => package(&[b"MZ".as_slice(), rest].concat()),
    }
});

fn unpack(bytes: &[u8]) {
    let Ok(cabinet) = Cabinet::open(bytes) else { return };
    let (mut answers, mut total) = (0, 0);
    cabinet.unpack(
        |_| true,
        |member, unpacked| {
            answers += 1;
            assert!(!member.name.split('/').any(|name| matches!(name, "." | "..")), "{:?}", member.name);
            if let Ok(unpacked) = unpacked {
                assert!(unpacked.len() == member.size as usize && member.size <= MAX_MEMBER_BYTES);
                total += unpacked.len() as u64;
            }
        },
    );
    assert_eq!(answers, cabinet.members().len());
    assert!(total <= MAX_UNPACKED_BYTES, "{total}");
}

/// A cabinet with one folder of these blocks: the first byte is their number, followed by their contents, each after
/// its packed and unpacked size.
fn one_folder(method: u16, rest: &[u8]) -> Vec<u8> {
    let Some((&count, mut rest)) = rest.split_first() else { return Vec::new() };
    let mut file = b"MSCF".to_vec();
    file.resize(36, 0);
    file[24..26].copy_from_slice(&[3, 1]);
    (file[26], file[28]) = (1, 2);
    file[16] = 44;
    file.extend([84, 0, 0, 0, count, 0]);
    file.extend(method.to_le_bytes());
    for (size, name) in [(5_u32, b"ab\0"), (60_000, b"cd\0")] {
        file.extend(size.to_le_bytes());
        file.extend([0; 12]);
        file.extend(name);
        file.push(0);
    }
    file.resize(84, 0);
    for _ in 0..count {
        let Some((sizes, behind)) = rest.split_first_chunk::<4>() else { break };
        let size = usize::from(u16::from_le_bytes([sizes[0], sizes[1]])).min(behind.len());
        file.extend([0; 4]);
        file.extend((size as u16).to_le_bytes());
        file.extend(&sizes[2..]);
        file.extend(&behind[..size]);
        rest = &behind[size..];
    }
    file
}

fn package(bytes: &[u8]) {
    // In memory, if there is such a folder.
    let folder = if PathBuf::from("/dev/shm").is_dir() { PathBuf::from("/dev/shm") } else { std::env::temp_dir() };
    let path = folder.join(format!("hotfixcheck-fuzz-{}", std::process::id()));
    fs::write(&path, bytes).unwrap();
    let read = Package::read(&path);
    assert_eq!(read, Package::read(&path));
    fs::remove_file(&path).unwrap();
}
