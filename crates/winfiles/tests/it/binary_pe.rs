//! Typical PE files: each case that other readers get wrong, built and read.

use hotfixcheck_types::{FileVersion, Machine};
use hotfixcheck_winfiles::binary::{self, Binary, VersionInfo, VersionOutcome};
use hotfixcheck_winfiles::bytes::ReadAt;

use hotfixcheck_testkit::pe_builder::{ALPHA, Lengths, Name, PeBuilder, Placement, X64};

const STRINGS: [(&str, &str); 6] = [
    ("CompanyName", "Microsoft Corporation"),
    ("FileDescription", "Telephony Server"),
    ("FileVersion", "4.00"),
    ("OriginalFilename", "TAPISRV.EXE"),
    ("ProductName", "Microsoft(R) Windows NT(TM) Operating System"),
    ("ProductVersion", "4.00"),
];

fn tapisrv() -> PeBuilder {
    PeBuilder::new().fixed([4, 0, 1381, 7097], [4, 0, 1381, 7095]).table("040904B0", &STRINGS)
}

fn read(builder: &PeBuilder) -> Binary {
    binary::read(&builder.build()).unwrap()
}

#[track_caller]
fn info(builder: &PeBuilder) -> VersionInfo {
    match read(builder).version {
        VersionOutcome::Found(info) => info,
        other => panic!("no version: {other:?}"),
    }
}

/// The result for [`tapisrv`], however the file is built.
#[track_caller]
fn assert_tapisrv(builder: &PeBuilder) {
    let info = info(builder);
    assert_eq!(info.fixed_file, Some(version("4.0.1381.7097")));
    assert_eq!(info.fixed_product, Some(version("4.0.1381.7095")));
    assert_eq!(info.damage, None);
    assert_eq!(info.tables.len(), 1);
    let table = &info.tables[0];
    assert_eq!(table.key, "040904B0");
    assert_eq!(table.company_name.as_deref(), Some("Microsoft Corporation"));
    assert_eq!(table.file_version.as_deref(), Some("4.00"));
    assert_eq!(table.original_filename.as_deref(), Some("TAPISRV.EXE"));
    assert_eq!(table.product_name.as_deref(), Some("Microsoft(R) Windows NT(TM) Operating System"));
    assert_eq!(table.product_version.as_deref(), Some("4.00"));
}

fn version(text: &str) -> FileVersion {
    text.parse().unwrap()
}

#[test]
fn pe32_and_pe32_plus_of_any_machine() {
    for (machine, known) in [
        (0x14c, Some(Machine::I386)),
        (ALPHA, Some(Machine::Alpha)),
        (X64, Some(Machine::X64)),
        (0x200, Some(Machine::Ia64)),
        (0x1234, None),
    ] {
        for builder in [tapisrv().machine(machine), tapisrv().machine(machine).pe32_plus()] {
            let builder = builder.time_stamp(1_003_253_000).checksum(0x25f11);
            assert_tapisrv(&builder);
            let binary = read(&builder);
            assert_eq!((binary.machine, binary.machine_raw), (known, machine));
            assert_eq!((binary.time_stamp, binary.checksum), (Some(1_003_253_000), Some(0x25f11)));
        }
    }
}

#[test]
fn a_zero_time_stamp_or_checksum_is_none() {
    let binary = read(&tapisrv().time_stamp(0).checksum(0));
    assert_eq!((binary.time_stamp, binary.checksum), (None, None));
}

#[test]
fn resources_outside_a_section_of_that_name() {
    for placement in [Placement::InText, Placement::InHeader] {
        assert_tapisrv(&tapisrv().placement(placement));
        assert_tapisrv(&tapisrv().placement(placement).pe32_plus());
    }
}

#[test]
fn drivers_with_sections_aligned_to_32_bytes() {
    for placement in [Placement::OwnSection, Placement::InText, Placement::InHeader] {
        assert_tapisrv(&tapisrv().low_alignment().placement(placement));
    }
}

#[test]
fn section_pointers_are_rounded_down_to_sectors_as_the_loader_does() {
    let image = tapisrv().image();
    let mut bytes = image.bytes;
    // Second section header: its pointer to raw data, at offset 20.
    let pointer = image.pe_header + 24 + 224 + 40 + 20;
    assert_eq!(u32::from_le_bytes(bytes[pointer..pointer + 4].try_into().unwrap()) as usize, image.resources);
    bytes[pointer] = 0x10;
    let VersionOutcome::Found(info) = binary::read(&bytes).unwrap().version else { panic!("not found") };
    assert_eq!(info.fixed_file, Some(version("4.0.1381.7097")));
}

#[test]
fn a_header_behind_the_first_four_kilobytes() {
    for offset in [4090, 4096, 9000] {
        assert_tapisrv(&tapisrv().header_offset(offset));
    }
}

#[test]
fn value_lengths_in_bytes_as_visual_basic_writes_them() {
    assert_tapisrv(&tapisrv().lengths(Lengths::Bytes));
}

#[test]
fn a_wrong_value_length_of_the_block_itself() {
    for length in [0, 26] {
        let image = tapisrv().image();
        let mut bytes = image.bytes;
        bytes[image.blocks[0] + 2] = length;
        let VersionOutcome::Found(info) = binary::read(&bytes).unwrap().version else { panic!("not found") };
        assert_eq!(info.fixed_file, Some(version("4.0.1381.7097")));
        assert_eq!(info.file_version_string(), Some("4.00"), "value length {length}");
    }
}

#[test]
fn a_leaf_at_any_alignment() {
    for bytes in 1..4 {
        assert_tapisrv(&tapisrv().misaligned_by(bytes));
    }
}

#[test]
fn a_translation_that_names_no_table() {
    assert_tapisrv(&tapisrv().translation(0x407, 1252));
}

#[test]
fn resource_names_other_than_one() {
    assert_tapisrv(&tapisrv().name(Name::Id(101)));
    assert_tapisrv(&tapisrv().name(Name::Text("VERSION_INFO".to_owned())));
}

#[test]
fn name_one_comes_before_other_names_as_windows_asks_for_it() {
    assert_tapisrv(&tapisrv().empty_name());
}

#[test]
fn many_languages_give_all_their_tables_and_the_first_ones_version() {
    let mut builder = tapisrv();
    for language in 1..36_u16 {
        let key = format!("{:04x}04e4", 0x400 + language);
        builder = builder.language(0x400 + language).table(&key, &[("FileVersion", &format!("4.00.{language}"))]);
    }
    let info = info(&builder);
    assert_eq!(info.fixed_file, Some(version("4.0.1381.7097")));
    assert_eq!(info.tables.len(), 36);
    assert_eq!(info.file_version_string(), Some("4.00"));
    assert_eq!(info.tables[35].key, "042304e4");
    assert_eq!(info.tables[35].file_version.as_deref(), Some("4.00.35"));
}

#[test]
fn several_tables_in_one_leaf() {
    let builder = PeBuilder::new()
        .table("040904B0", &[("Comments", "no version here"), ("FileVersion", " ")])
        .table("040704B0", &[("FileVersion", "6.00.8169"), ("FileVersion", "second")]);
    let info = info(&builder);
    let keys: Vec<_> = info.tables.iter().map(|table| table.key.as_str()).collect();
    assert_eq!(keys, ["040904B0", "040704B0"]);
    assert_eq!(info.file_version_string(), Some("6.00.8169"), "blank strings are passed over, the first one counts");
}

#[test]
fn a_fixed_version_of_zeros_is_a_version() {
    let info = info(&PeBuilder::new().fixed([0; 4], [0; 4]).table("040904B0", &STRINGS));
    assert_eq!(info.fixed_file, Some(version("0.0.0.0")));
    assert_eq!(info.file_version_string(), Some("4.00"));
}

#[test]
fn strings_that_differ_from_the_fixed_version_are_kept_as_they_are() {
    for (text, fixed) in [
        ("6.01.9846", [6, 1, 98, 46]),
        ("9.24 (DXSDK_FEB10.100204-1435)", [9, 24, 1400, 0]),
        ("1.0.2d", [1, 0, 2, 4]),
        (" 5, 0, 2195, 1 \u{2122}", [5, 0, 2195, 1]),
        ("", [1, 0, 0, 65535]),
    ] {
        let info = info(&PeBuilder::new().fixed(fixed, [9, 9, 9, 9]).table("040904B0", &[("FileVersion", text)]));
        assert_eq!(info.tables[0].file_version.as_deref(), Some(text));
        assert_eq!(info.fixed_file.unwrap().components(), fixed.map(u32::from));
        assert_eq!(info.fixed_product, Some(version("9.9.9.9")));
    }
}

#[test]
fn keys_are_compared_without_letter_case() {
    let info = info(&PeBuilder::new().table("040904B0", &[("fileversion", "4.72.3110.0")]));
    assert_eq!(info.file_version_string(), Some("4.72.3110.0"));
}

#[test]
fn strings_without_fixed_information() {
    let info = info(&PeBuilder::new().without_fixed().table("040904B0", &STRINGS));
    assert_eq!((info.fixed_file, info.fixed_product, info.damage.as_deref()), (None, None, None));
    assert_eq!(info.file_version_string(), Some("4.00"));
}

#[test]
fn a_leaf_cut_short_gives_what_is_whole_and_says_so() {
    let whole = info(&tapisrv());
    for short in 4..200 {
        let info = info(&tapisrv().leaf_short_by(short));
        assert_eq!(info.fixed_file, whole.fixed_file, "short by {short}");
        assert!(info.damage.is_some(), "short by {short}");
        if let Some(table) = info.tables.first() {
            assert!(table.product_version.is_none() || table.product_version == whole.tables[0].product_version);
        }
    }
}

#[test]
fn a_later_language_stands_in_for_a_damaged_first_one() {
    let image = tapisrv().language(0x407).table("040704B0", &[("FileVersion", "4.00 (de)")]).image();
    let mut bytes = image.bytes;
    bytes[image.blocks[0] + 6] = b'X';
    let VersionOutcome::Found(info) = binary::read(&bytes).unwrap().version else { panic!("not found") };
    assert_eq!(info.fixed_file, Some(version("4.0.1381.7097")));
    assert_eq!(info.file_version_string(), Some("4.00 (de)"));
    assert!(info.damage.unwrap().contains("VS_VERSION_INFO"));
}

/// A file of one terabyte in which only the bytes of a small file are set; counts the bytes that are read.
struct Sparse {
    bytes: Vec<u8>,
    reads: std::cell::RefCell<Vec<usize>>,
}

impl ReadAt for Sparse {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        self.reads.borrow_mut().push(buffer.len());
        buffer.fill(0);
        self.bytes.read_at(buffer, offset)?;
        Ok(buffer.len())
    }

    fn size(&self) -> std::io::Result<u64> {
        Ok(1 << 40)
    }
}

#[test]
fn a_file_of_any_size_costs_a_few_small_reads() {
    let source = Sparse { bytes: tapisrv().header_offset(8192).build(), reads: Default::default() };
    assert!(matches!(binary::read(&source).unwrap().version, VersionOutcome::Found(_)));
    let reads = source.reads.into_inner();
    assert!(reads.len() <= 4, "{reads:?}");
    assert!(reads.iter().sum::<usize>() <= 12_288, "{reads:?}");
}

#[test]
fn files_on_disk_read_as_bytes_do() {
    let bytes = tapisrv().build();
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, &bytes).unwrap();
    assert_eq!(binary::read(&file), binary::read(&bytes));
    assert_eq!(binary::read(&file), binary::read(bytes.as_slice()));
}
