//! Members of cabinets and packed files are read while they are unpacked: the result is that of the whole file,
//! wherever its parts are.

use hotfixcheck_winfiles::binary::{self, Binary, BinaryError};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::cabinet::{Cabinet, CabinetError};
use hotfixcheck_winfiles::packed::PackedFile;

use hotfixcheck_testkit::cab_builder::{CabBuilder, Method};
use hotfixcheck_testkit::le_builder::LeBuilder;
use hotfixcheck_testkit::ne_builder::NeBuilder;
use hotfixcheck_testkit::old_version::OldVersion;
use hotfixcheck_testkit::packed_builder::{KwajBuilder, sample, szdd};
use hotfixcheck_testkit::pe_builder::{PeBuilder, Placement};
use hotfixcheck_testkit::thorough::one_of;

/// Farther than the part of a file that is kept.
const FAR: usize = 3 << 20;

fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn pe() -> PeBuilder {
    PeBuilder::new().table("040904B0", &[("FileVersion", "5.00"), ("OriginalFilename", "a.dll")])
}

/// The directories at the end, the version block far before them.
fn pe_in_two_places() -> Vec<u8> {
    let image = pe().code_size(FAR).image();
    let mut bytes = image.bytes;
    let table = image.pe_header + 24 + 224;
    let (text, rsrc) = (table, table + 40);
    let from = image.blocks[0];
    let address = number(&bytes, rsrc + 12) + (from - image.resources) as u32;
    let entry = (image.resources..from).find(|&at| number(&bytes, at) == address).unwrap();
    let size = number(&bytes, entry + 4) as usize;
    let to = number(&bytes, text + 20) as usize + 0x100;
    bytes.copy_within(from..from + size, to);
    bytes[from..from + size].fill(0);
    let text_address = number(&bytes, text + 12);
    put(&mut bytes, entry, text_address + 0x100);
    bytes
}

/// The section of the resources precedes the code in the file.
fn pe_resources_first() -> Vec<u8> {
    let mut bytes = pe().image().bytes;
    bytes.resize(FAR, 7);
    bytes
}

fn old_block() -> Vec<u8> {
    OldVersion::new().fixed([4, 0, 0, 951], [4, 0, 0, 950]).table("040904E4", &[("FileVersion", b"4.00")]).build()
}

/// Header and resource table at the end, the version block far before them.
fn ne_in_two_places() -> Vec<u8> {
    const SHIFT: usize = 9;
    let image = NeBuilder::new(old_block()).shift(SHIFT as u16).header_offset(FAR).image();
    let mut bytes = image.bytes;
    let block = bytes[image.block..].to_vec();
    let to = 4 << SHIFT;
    let end = block.len().min(1 << 12);
    bytes[to..to + end].copy_from_slice(&block[..end]);
    bytes[image.version_type + 8..image.version_type + 10].copy_from_slice(&4_u16.to_le_bytes());
    bytes
}

/// The resources far after the header.
fn le_resources_last() -> Vec<u8> {
    let image = LeBuilder::new(old_block()).image();
    let mut bytes = image.bytes;
    let resources = bytes[image.resources..].to_vec();
    bytes.resize(FAR, 0);
    bytes.extend(resources);
    put(&mut bytes, image.header + 0xb8, FAR as u32);
    bytes
}

/// Every layout, with the version that it must show; `None` if there must be none.
fn layouts() -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    let last = pe().code_size(FAR).build();
    let cut = |from_end: usize| last[..last.len() - from_end].to_vec();
    vec![
        ("small", pe().build(), Some("1.2.3.4")),
        ("64-bit", pe().pe32_plus().build(), Some("1.2.3.4")),
        ("in the header", pe().placement(Placement::InHeader).build(), Some("1.2.3.4")),
        ("in .text", pe().placement(Placement::InText).code_size(FAR).build(), Some("1.2.3.4")),
        ("last", last.clone(), Some("1.2.3.4")),
        ("first", pe_resources_first(), Some("1.2.3.4")),
        ("in two places", pe_in_two_places(), Some("1.2.3.4")),
        ("two languages", pe().language(0x407).code_size(FAR).build(), Some("1.2.3.4")),
        ("header far behind", pe().header_offset(FAR).build(), Some("1.2.3.4")),
        ("no resources", pe().without_resources().code_size(FAR).build(), None),
        ("cut in the version", cut(600), None),
        ("cut before the resources", cut(1 << 20), None),
        ("cut in the headers", last[..0x90].to_vec(), None),
        ("NE", NeBuilder::new(old_block()).build(), Some("4.0.0.951")),
        ("NE, header far behind", NeBuilder::new(old_block()).shift(9).header_offset(FAR).build(), Some("4.0.0.951")),
        ("NE in two places", ne_in_two_places(), Some("4.0.0.951")),
        ("LE", LeBuilder::new(old_block()).build(), Some("4.0.0.951")),
        ("LE, last", le_resources_last(), Some("4.0.0.951")),
        ("no binary", vec![b'x'; FAR], None),
        (
            "text-mode",
            pe().build().iter().flat_map(|&b| if b == b'\n' { vec![13, 10] } else { vec![b] }).collect(),
            None,
        ),
        ("empty", Vec::new(), None),
        ("one byte", b"M".to_vec(), None),
    ]
}

fn version(read: &Result<Binary, BinaryError>) -> Option<String> {
    match &read.as_ref().ok()?.version {
        binary::VersionOutcome::Found(info) => info.fixed_file.map(|version| version.to_string()),
        _ => None,
    }
}

#[test]
fn members_are_read_as_whole_files_are() {
    for (name, bytes, shown) in layouts() {
        let whole = binary::read(&bytes);
        assert_eq!(version(&whole).as_deref(), shown, "{name}");
        for method in [Method::Stored, Method::Mszip, Method::Lzx] {
            let members: [(&str, &[u8]); 3] = [("before", &[1; 70_000]), ("x.dll", &bytes), ("behind.dll", b"MZ")];
            let file = CabBuilder::new().folder(method, &members).build();
            let cabinet = Cabinet::open(file.as_slice()).unwrap();
            let mut open = cabinet.read(|member| member.name.ends_with("dll"));
            let member = open.advance().unwrap();
            assert!(binary::read(&member) == whole, "{name}, {method:?}");
            assert_eq!(member.finish(), Ok(()), "{name}, {method:?}");
            // The next member is read correctly, however the previous one was read.
            let behind = open.advance().unwrap();
            assert_eq!(behind.bytes(), Ok(b"MZ".to_vec()), "{name}, {method:?}");
            assert!(open.advance().is_none());
        }
    }
}

#[test]
fn packed_files_are_read_as_whole_files_are() {
    for (name, bytes, _) in layouts().into_iter().step_by(one_of(2)) {
        let whole = binary::read(&bytes);
        let size = bytes.len() as u32;
        let mut files = vec![
            KwajBuilder::new(0, &bytes).build(),
            KwajBuilder::new(1, &bytes).size(size).build(),
            KwajBuilder::new(4, &bytes).size(size).build(),
        ];
        if bytes.len() < 100_000 {
            files.extend([szdd(&bytes, b'L'), KwajBuilder::new(2, &bytes).size(size).build()]);
            files.push(KwajBuilder::new(3, &bytes).size(size).build());
        }
        for (place, file) in files.iter().enumerate() {
            let packed = PackedFile::open(file).unwrap();
            assert!(binary::read(&packed) == whole, "{name}, {place}");
            assert_eq!(packed.finish(), Ok(bytes.len() as u64), "{name}, {place}");
        }
    }
}

#[test]
fn any_order_of_reads_gives_the_same_bytes() {
    let data = sample(FAR + 12_345);
    let file = CabBuilder::new().folder(Method::Mszip, &[("a", &data[..99]), ("b", &data)]).build();
    let cabinet = Cabinet::open(file.as_slice()).unwrap();
    let mut members = cabinet.read(|member| member.name == "b");
    let member = members.advance().unwrap();
    let packed_file = KwajBuilder::new(4, &data).build();
    let packed = PackedFile::open(&packed_file).unwrap();
    let sources: [&dyn ReadAt; 2] = [&member, &packed];
    for source in sources {
        let mut buffer = vec![0; 200_000];
        for (offset, size) in
            [(0, 1), (FAR, 200_000), (FAR - 5, 10), (5, 70_000), (1 << 20, 200_000), (0, 4096), (data.len(), 9)]
        {
            let count = source.read_at(&mut buffer[..size], offset as u64).unwrap();
            let end = (offset + size).min(data.len());
            assert!(buffer[..count] == data[offset..end], "{size} at {offset}");
        }
        assert_eq!(source.size().unwrap(), data.len() as u64);
    }
}

#[test]
fn damage_behind_the_version_still_counts() {
    let mut bytes = pe_resources_first();
    // The next member is in the same block, which is the damaged one.
    bytes.truncate(FAR - 5);
    let mut file = CabBuilder::new().folder(Method::Stored, &[("x.dll", &bytes), ("y.dll", b"MZ")]).build();
    *file.last_mut().unwrap() ^= 1;
    let cabinet = Cabinet::open(file.as_slice()).unwrap();
    let mut members = cabinet.read(|_| true);
    let member = members.advance().unwrap();
    assert!(binary::read(&member).is_ok(), "its version is in front");
    assert!(matches!(member.finish(), Err(CabinetError::Corrupt(_))));
    assert!(matches!(members.advance().unwrap().finish(), Err(CabinetError::Corrupt(_))));
    let packed = KwajBuilder::new(0, &bytes).size(bytes.len() as u32 + 1).build();
    let packed = PackedFile::open(&packed).unwrap();
    assert!(binary::read(&packed).is_ok());
    assert!(packed.finish().unwrap_err().to_string().contains("unpacks to 3145723 bytes of the 3145724"));
}

#[test]
fn going_back_again_and_again_ends_with_an_error() {
    let data = vec![0; FAR];
    let file = CabBuilder::new().no_checksums().folder(Method::Stored, &[("a", &data)]).build();
    let cabinet = Cabinet::open(file.as_slice()).unwrap();
    let mut members = cabinet.read(|_| true);
    let member = members.advance().unwrap();
    let packed_file = KwajBuilder::new(0, &data).build();
    let packed = PackedFile::open(&packed_file).unwrap();
    let sources: [(&dyn ReadAt, &str); 2] = [(&member, "bytes once more"), (&packed, "16 passes")];
    for (source, said) in sources {
        let mut back_and_forth = (0..1000).map(|turn| source.read_at(&mut [0], (turn % 2) * (FAR as u64 - 1)));
        let error = back_and_forth.find_map(Result::err).unwrap().to_string();
        assert!(error.contains(said), "{error}");
    }
    assert!(matches!(member.finish(), Err(CabinetError::TooLarge { .. })));
}
