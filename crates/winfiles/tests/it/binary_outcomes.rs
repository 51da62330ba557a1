//! Every outcome has its own name, and damage is never reported as absence.

use std::io;

use hotfixcheck_types::Machine;
use hotfixcheck_winfiles::binary::{self, Binary, BinaryError, Reader, VersionOutcome};
use hotfixcheck_winfiles::bytes::ReadAt;

use hotfixcheck_testkit::pe_builder::PeBuilder;

fn builder() -> PeBuilder {
    // 10 is LF: versions and addresses that a text-mode transfer damages.
    PeBuilder::new().fixed([10, 0, 1381, 10], [10, 0, 0, 0]).table("040904B0", &[("FileVersion", "10.0")])
}

#[track_caller]
fn corrupt_version(bytes: &[u8]) -> (Binary, String) {
    let binary = binary::read(bytes).unwrap();
    match binary.version.clone() {
        VersionOutcome::Corrupt { detail } => (binary, detail),
        other => panic!("not corrupt: {other:?}"),
    }
}

fn mz(relocations: u16, new_header: u32, size: usize) -> Vec<u8> {
    let mut bytes = vec![0; size];
    bytes[..2].copy_from_slice(b"MZ");
    // One page: a program of length zero is damaged.
    bytes[4] = 1;
    bytes[0x18..0x1a].copy_from_slice(&relocations.to_le_bytes());
    bytes[0x3c..0x40].copy_from_slice(&new_header.to_le_bytes());
    bytes
}

#[test]
fn empty_and_other_files() {
    assert_eq!(binary::read(b"".as_slice()), Err(BinaryError::Empty));
    for bytes in [b"M".as_slice(), b"text in a file called x.dll", b"\x7fELF", &[0; 5000]] {
        assert_eq!(binary::read(bytes), Err(BinaryError::NotExecutable));
    }
}

#[test]
fn executables_of_other_kinds_are_named() {
    let kind = |bytes: &[u8]| match binary::read(bytes) {
        Err(BinaryError::NotPe { kind }) => kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind(&mz(0x40, 0, 100)), "DOS program");
    assert_eq!(kind(&mz(0x1e, 0xb409_cd21, 100)), "DOS program", "code where the pointer would be");
    assert_eq!(kind(&mz(0x1e, 0x50, 100)), "DOS program");
    for signature in [b"W3", b"W4"] {
        let mut bytes = mz(0x40, 0x80, 0x200);
        bytes[0x80..0x82].copy_from_slice(signature);
        assert_eq!(kind(&bytes), "library of virtual device drivers");
    }
}

#[test]
fn a_file_that_ends_before_its_headers_is_truncated() {
    let image = builder().image();
    let what = |size: usize| match binary::read(&image.bytes[..size]) {
        Err(BinaryError::Truncated { what, offset, size: reported }) => {
            assert_eq!(reported, size as u64);
            (what.into_owned(), offset)
        }
        other => panic!("{size}: {other:?}"),
    };
    assert_eq!(what(63), ("DOS header".to_owned(), 0));
    assert_eq!(what(image.pe_header + 3), ("PE header".to_owned(), image.pe_header as u64));
    assert_eq!(what(image.pe_header + 23), ("PE header".to_owned(), image.pe_header as u64));
    assert_eq!(what(image.pe_header + 24 + 67), ("optional header".to_owned(), image.pe_header as u64 + 24));
}

#[test]
fn a_file_that_ends_before_its_version_still_tells_its_machine() {
    let image = builder().image();
    for size in [image.pe_header + 200, image.resources, image.resources + 20, image.blocks[0], image.blocks[0] + 60] {
        let (binary, detail) = corrupt_version(&image.bytes[..size]);
        assert_eq!(binary.machine, Some(Machine::I386));
        assert_eq!((binary.time_stamp, binary.checksum), (Some(0x3bcc_8f00), Some(0x0002_5a3c)));
        assert!(detail.contains("truncated"), "{size}: {detail}");
    }
}

#[test]
fn no_resources_and_no_version_among_them_are_absent() {
    for builder in [builder().without_resources(), builder().without_version(), builder().pe32_plus().without_version()]
    {
        assert_eq!(binary::read(&builder.build()).unwrap().version, VersionOutcome::Absent);
    }
}

#[test]
fn damage_of_each_part_is_corrupt_and_says_where() {
    let image = builder().image();
    let resource_entry = image.pe_header + 24 + 96 + 16;
    let name_directory = image.resources + 24;
    let language_directory = name_directory + 24;
    let leaf = language_directory + 24;
    for (offset, value, expected) in [
        (image.pe_header + 24, vec![0x07, 0x01], "optional header magic 0x107"),
        (image.pe_header + 6, vec![0xff, 0xff], "65535 sections"),
        (resource_entry, vec![0, 0, 0, 0x70], "resource directory's address 0x70000000"),
        (image.resources + 14, vec![0xff, 0xff], "65535 entries"),
        (image.resources + 20, vec![24, 0, 0, 0], "three levels"),
        (image.resources + 20, vec![0, 0, 0xff, 0x80], "truncated"),
        (name_directory + 14, vec![0, 0], "no name"),
        (language_directory + 14, vec![0, 0], "no language"),
        (language_directory + 20, vec![0, 0, 0, 0x80], "directory below its language"),
        (leaf, vec![0, 0, 0, 0x70], "version block's address 0x70000000"),
        (leaf + 4, vec![0, 0, 0, 0], "no node"),
        (image.blocks[0], vec![0, 0], "node of 0 bytes"),
        (image.blocks[0], vec![3, 0], "node of 3 bytes"),
        (image.blocks[0] + 6, vec![b'v', 0, b's', 0, b'?', 0], "vs?VERSION_INFO"),
    ] {
        let mut bytes = image.bytes.clone();
        bytes[offset..offset + value.len()].copy_from_slice(&value);
        let (binary, detail) = corrupt_version(&bytes);
        assert!(detail.contains(expected), "{detail:?} lacks {expected:?}");
        assert_eq!(binary.machine, Some(Machine::I386));
    }
}

#[test]
fn a_wrong_signature_of_the_fixed_information_is_noted() {
    let image = builder().image();
    let mut bytes = image.bytes;
    bytes[image.blocks[0] + 40] ^= 1;
    let VersionOutcome::Found(info) = binary::read(&bytes).unwrap().version else { panic!("not found") };
    assert_eq!(info.fixed_file, None);
    assert_eq!(info.file_version_string(), Some("10.0"));
    assert!(info.damage.unwrap().contains("no fixed information"));
}

#[test]
fn a_missing_pe_signature_is_corrupt() {
    let image = builder().image();
    let mut bytes = image.bytes;
    bytes[image.pe_header] = 0;
    let Err(BinaryError::Corrupt(detail)) = binary::read(&bytes) else { panic!("not corrupt") };
    assert!(detail.contains("0x80"), "{detail}");
}

/// The effect of a text-mode transfer, to or from a system that ends lines with CR LF.
fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((&first, next)) = rest.split_first() {
        if rest.starts_with(from) {
            out.extend_from_slice(to);
            rest = &rest[from.len()..];
        } else {
            out.push(first);
            rest = next;
        }
    }
    out
}

#[test]
fn text_mode_damage_is_named_and_the_header_still_read() {
    // With the usual stub the PE header moves; without a line end in it only the data after it do.
    let stubless = || builder().stub(b"no line end");
    let far = stubless().header_offset(0x1400);
    for builder in [builder(), builder().pe32_plus(), builder().time_stamp(0x0a0a), stubless(), far] {
        let sound = binary::read(&builder.build()).unwrap();
        let (binary, detail) = corrupt_version(&replace(&builder.build(), b"\n", b"\r\n"));
        assert!(detail.contains("text-mode"), "{detail}");
        assert_eq!(
            (binary.machine, binary.time_stamp, binary.checksum),
            (sound.machine, sound.time_stamp, sound.checksum)
        );
    }
}

#[test]
fn lost_carriage_returns_move_the_header_and_that_is_said() {
    let damaged = replace(&builder().build(), b"\r\n", b"\n");
    let Err(BinaryError::Corrupt(detail)) = binary::read(&damaged) else { panic!("not corrupt") };
    assert!(detail.contains("it lies at 0x7f"), "{detail}");
}

/// Fails every read from an offset on, like a bad sector.
struct BadSector<'b>(&'b [u8], u64);

impl ReadAt for BadSector<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset + buffer.len() as u64 > self.1 {
            return Err(io::Error::other("bad sector"));
        }
        self.0.read_at(buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.0.size()
    }
}

#[test]
fn a_failing_read_is_unreadable_wherever_it_happens() {
    let image = builder().header_offset(8192).image();
    for good in [0, 4096, image.resources as u64] {
        let error = binary::read(&BadSector(&image.bytes, good)).unwrap_err();
        assert_eq!(error, BinaryError::Io("bad sector".to_owned()));
        assert_eq!(error.to_string(), "unreadable: bad sector");
    }
}

#[test]
fn a_folder_opened_as_a_file_is_unreadable() {
    // Windows refuses to open a folder at all.
    if let Ok(folder) = std::fs::File::open(env!("CARGO_MANIFEST_DIR")) {
        assert!(matches!(binary::read(&folder), Err(BinaryError::Io(_))));
    }
}

#[test]
fn a_reader_forgets_the_file_before() {
    let mut reader = Reader::new();
    let sound = builder().build();
    let expected = binary::read(&sound);
    for other in [builder().header_offset(9000).build(), sound[..700].to_vec(), b"MZ".to_vec(), Vec::new()] {
        assert_eq!(reader.read(&other), binary::read(&other));
        assert_eq!(reader.read(&sound), expected);
    }
}

/// Issue 16: Windows does not load a file whose sections extend beyond its end, even if its version is still there.
#[test]
fn a_file_that_is_cut_after_its_version_is_truncated() {
    let image = builder().image();
    let size_at =
        (image.pe_header..image.bytes.len()).find(|&at| image.bytes[at..].starts_with(b".rsrc")).unwrap() + 16;
    let with = |more: u32| {
        let mut bytes = image.bytes.clone();
        let size = u32::from_le_bytes(bytes[size_at..size_at + 4].try_into().unwrap());
        bytes[size_at..size_at + 4].copy_from_slice(&(size + more).to_le_bytes());
        binary::read(&bytes).unwrap()
    };
    // The end of the last sector may be missing.
    assert!(with(0).version_info().is_some() && with(0x1ff).version_info().is_some());
    let VersionOutcome::Corrupt { detail } = with(0x20000).version else { panic!("not corrupt") };
    assert!(detail.starts_with("truncated: section at offset"), "{detail}");
    assert_eq!(with(0x20000).machine, Some(Machine::I386));
}

/// Issue 13: a file whose clusters are lost, or that ends early, seemed to be a file without a version: size and date then
/// called it likely fixed.
#[test]
fn lost_parts_of_a_file_are_not_the_absence_of_a_version() {
    let with = builder().image();
    let mut zeros = with.bytes.clone();
    zeros[with.resources..].fill(0);
    let (_, detail) = corrupt_version(&zeros);
    assert_eq!(detail, format!("the resource directory at {:#x} is all zeros", with.resources));

    for bare in [builder().without_resources(), builder().without_resources().pe32_plus()] {
        let whole = bare.clone().code_size(0x2000).build();
        assert_eq!(binary::read(&whole).unwrap().version, VersionOutcome::Absent);
        let (binary, detail) = corrupt_version(&whole[..0x1000]);
        assert!(detail.starts_with("truncated: section at offset"), "{detail}");
        assert_eq!(binary.machine, Some(Machine::I386));
        let (_, detail) = corrupt_version(&whole[..0x180]);
        assert!(detail.starts_with("truncated: section table at offset"), "{detail}");
        let mut zeros = whole.clone();
        zeros[0x200..].fill(0);
        let (_, detail) = corrupt_version(&zeros);
        assert_eq!(detail, "every section of the file begins with zeros");
        // Something is left of a section: that is a file without a version.
        zeros[0x3ff] = 1;
        assert_eq!(binary::read(&zeros).unwrap().version, VersionOutcome::Absent);
    }
}

/// An empty resource directory is no damage: the header announces nothing after its head (issue 13).
#[test]
fn an_empty_resource_directory_has_no_version() {
    let image = builder().image();
    let mut bytes = image.bytes;
    bytes[image.resources..].fill(0);
    let size_at = image.pe_header + 24 + 96 + 2 * 8 + 4;
    bytes[size_at..size_at + 4].copy_from_slice(&16_u32.to_le_bytes());
    assert_eq!(binary::read(&bytes).unwrap().version, VersionOutcome::Absent);
}
