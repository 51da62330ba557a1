//! Typical 16-bit executables, built and read.

use hotfixcheck_types::{FileVersion, Machine};
use hotfixcheck_winfiles::binary::{self, Binary, BinaryError, Format, StringTable, VersionInfo, VersionOutcome};

use hotfixcheck_testkit::ne_builder::{Ident, NeBuilder, VERSION};
use hotfixcheck_testkit::old_version::OldVersion;

const STRINGS: [(&str, &[u8]); 6] = [
    ("CompanyName", b"Microsoft Corporation"),
    ("FileDescription", b"Telephony Server"),
    ("FileVersion", b"4.00"),
    ("OriginalFilename", b"TAPI.DLL"),
    ("ProductName", b"Microsoft\xae Windows(TM) Operating System"),
    ("ProductVersion", b"4.00.950"),
];

fn tapi() -> NeBuilder {
    NeBuilder::new(OldVersion::new().fixed([4, 0, 0, 951], [4, 0, 0, 950]).table("040904E4", &STRINGS).build())
}

fn version(text: &str) -> FileVersion {
    text.parse().unwrap()
}

fn read(bytes: &[u8]) -> Binary {
    binary::read(bytes).unwrap()
}

#[track_caller]
fn info(bytes: &[u8]) -> VersionInfo {
    match read(bytes).version {
        VersionOutcome::Found(info) => info,
        other => panic!("no version: {other:?}"),
    }
}

#[track_caller]
fn corrupt(bytes: &[u8]) -> String {
    match read(bytes).version {
        VersionOutcome::Corrupt { detail } => detail,
        other => panic!("not corrupt: {other:?}"),
    }
}

fn patched(
    builder: &NeBuilder,
    offset: impl Fn(&hotfixcheck_testkit::ne_builder::NeImage) -> usize,
    bytes: &[u8],
) -> Vec<u8> {
    let image = builder.image();
    let at = offset(&image);
    let mut patched = image.bytes;
    patched[at..at + bytes.len()].copy_from_slice(bytes);
    patched
}

#[track_caller]
fn assert_tapi(builder: &NeBuilder) {
    let info = info(&builder.build());
    let table = StringTable {
        key: "040904E4".to_owned(),
        file_version: Some("4.00".to_owned()),
        product_version: Some("4.00.950".to_owned()),
        original_filename: Some("TAPI.DLL".to_owned()),
        product_name: Some("Microsoft\u{ae} Windows(TM) Operating System".to_owned()),
        company_name: Some("Microsoft Corporation".to_owned()),
        ..StringTable::default()
    };
    let expected = VersionInfo {
        fixed_file: Some(version("4.0.0.951")),
        fixed_product: Some(version("4.0.0.950")),
        tables: vec![table],
        damage: None,
    };
    assert_eq!(info, expected);
}

#[test]
fn each_field_is_read() {
    assert_tapi(&tapi());
    let binary = read(&tapi().build());
    assert_eq!((binary.format, binary.machine, binary.machine_raw), (Format::Ne, Some(Machine::I386), 0));
    assert_eq!((binary.time_stamp, binary.checksum), (None, None));
}

#[test]
fn any_alignment_shift_that_the_loader_takes() {
    for shift in 0..=12 {
        assert_tapi(&tapi().shift(shift));
    }
}

#[test]
fn wherever_header_and_table_lie() {
    for offset in [0x80, 0x400, 4090, 9000] {
        assert_tapi(&tapi().header_offset(offset));
    }
    for others in [0, 2, 100] {
        assert_tapi(&tapi().other_types(others));
    }
}

#[test]
fn id_one_comes_first_then_the_first_of_all() {
    let text = || Ident::Text("INFO".to_owned());
    assert_tapi(&tapi().ids(&[Ident::Number(101)]));
    assert_tapi(&tapi().ids(&[text()]));
    assert_tapi(&tapi().ids(&[Ident::Number(7), text(), Ident::Number(1)]));
    let detail = corrupt(&tapi().ids(&[Ident::Number(7), Ident::Number(8)]).build());
    assert!(detail.contains("version block at offset"), "{detail}");
}

#[test]
fn a_type_by_name_where_the_compiler_did_not_know_it() {
    for name in ["VERSIONINFO", "VersionInfo"] {
        assert_tapi(&tapi().kind(Ident::Text(name.to_owned())));
    }
    for name in ["VERSIONINF", "VERSIONINFOS", "TYPELIB"] {
        let bytes = tapi().kind(Ident::Text(name.to_owned())).build();
        assert_eq!(read(&bytes).version, VersionOutcome::Absent, "{name}");
    }
}

#[test]
fn files_without_a_version_resource() {
    let no_version = tapi().kind(Ident::Number(3));
    for builder in [tapi().without_resources(), no_version, tapi().target_system(1)] {
        let binary = read(&builder.build());
        assert_eq!((binary.format, binary.version), (Format::Ne, VersionOutcome::Absent));
    }
    let no_table = patched(&tapi(), |image| image.header + 0x24, &[0, 0]);
    assert_eq!(read(&no_table).version, VersionOutcome::Absent);
}

#[test]
fn texts_are_of_the_code_page_that_the_table_names() {
    for (key, bytes, text) in [
        ("041904E3", b"\xca\xee\xf0\xef\xee\xf0\xe0\xf6\xe8\xff".as_slice(), "Корпорация"),
        ("040503E2", b"x", "x"),
        ("041F04E6", b"\xfe\xf0", "şğ"),
        ("041103A4", b"\x83\x7d\x83\x43\x83\x4e\x83\x8d", "マイクロ"),
        ("041203B5", b"\xc7\xd1\xb1\xdb", "한글"),
        ("080403A8", b"\xce\xa2\xc8\xed", "微软"),
        ("040403B6", b"\xb7\x4c\xb3\x6e", "微軟"),
        ("04090000", b"\x99", "™"),
        ("040904B0", b"\xe9", "é"),
        ("garbage", b"\xe9", "é"),
        ("", b"\xe9", "é"),
    ] {
        let block = OldVersion::new().table(key, &[("CompanyName", bytes), ("FileVersion", b"3.10.103")]).build();
        let info = info(&NeBuilder::new(block).build());
        assert_eq!(info.tables[0].key, key);
        assert_eq!(info.tables[0].company_name.as_deref(), Some(text), "{key}");
        assert_eq!(info.file_version_string(), Some("3.10.103"));
    }
}

#[test]
fn several_tables_and_no_fixed_information() {
    let block = OldVersion::new()
        .table("040904E4", &[("Comments", b"none"), ("FileVersion", b" ")])
        .table("040704E4", &[("fileversion", b"3.10.103"), ("FileVersion", b"second")])
        .build();
    let info = info(&NeBuilder::new(block).build());
    assert_eq!((info.fixed_file, info.damage.as_deref()), (None, None));
    assert_eq!(info.tables.len(), 2);
    assert_eq!(info.file_version_string(), Some("3.10.103"));
}

#[test]
fn a_block_of_the_32_bit_style_is_read_too() {
    use hotfixcheck_testkit::version_bytes::{Language, Lengths, Table};
    let strings = vec![("FileVersion".to_owned(), "4.10.1998".to_owned())];
    let table = Table { key: "040904B0".to_owned(), strings };
    let block = Language { id: 0x409, tables: vec![table] }.version_block(
        Some(([4, 10, 0, 1998], [4, 10, 0, 1998])),
        None,
        Lengths::Chars,
    );
    let info = info(&NeBuilder::new(block).build());
    assert_eq!(info.fixed_file, Some(version("4.10.0.1998")));
    assert_eq!(info.file_version_string(), Some("4.10.1998"));
}

#[test]
fn damage_of_each_part_says_where() {
    let table = |image: &hotfixcheck_testkit::ne_builder::NeImage| image.table;
    let detail = corrupt(&patched(&tapi(), table, &[16, 0]));
    assert!(detail.contains("alignment shift of 16"), "{detail}");
    let detail = corrupt(&patched(&tapi(), |image| image.table + 4, &[0xff, 0xff]));
    assert!(detail.contains("announces 65535 resources"), "{detail}");
    let detail = corrupt(&patched(&tapi(), |image| image.version_type + 2, &[0, 0]));
    assert!(detail.contains("no resource"), "{detail}");
    let detail = corrupt(&tapi().other_types(256).build());
    assert!(detail.contains("more than 256 types"), "{detail}");
    assert_tapi(&tapi().other_types(255));
    let detail = corrupt(&patched(&tapi(), |image| image.header + 0x24, &[0xff, 0xff]));
    assert!(detail.contains("truncated: resource table"), "{detail}");
    let detail = corrupt(&patched(&tapi(), |image| image.version_type + 8, &[0xff, 0xff]));
    assert!(detail.contains("truncated"), "{detail}");
}

#[test]
fn a_file_that_ends_within_its_header_is_truncated() {
    let image = tapi().image();
    for size in image.header + 4..image.header + 0x40 {
        let error = binary::read(&image.bytes[..size]).unwrap_err();
        let expected =
            BinaryError::Truncated { what: "NE header".into(), offset: image.header as u64, size: size as u64 };
        assert_eq!(error, expected);
    }
}

#[test]
fn text_mode_damage_is_named() {
    // A stub without a line end, so that only the data after the header move; the version contains LF.
    let block = OldVersion::new().fixed([10, 10, 10, 10], [10, 10, 10, 10]).table("040904E4", &STRINGS).build();
    let sound = NeBuilder::new(block).ids(&[Ident::Number(10), Ident::Number(1)]).build();
    assert_eq!(info(&sound).fixed_file, Some(version("10.10.10.10")));
    let damaged: Vec<u8> = sound.iter().flat_map(|&b| if b == b'\n' { vec![b'\r', b'\n'] } else { vec![b] }).collect();
    let binary = binary::read(&damaged).unwrap();
    let VersionOutcome::Corrupt { detail } = binary.version else { panic!("not corrupt") };
    assert_eq!(binary.format, Format::Ne);
    assert!(detail.contains("text-mode"), "{detail}");
}

#[test]
fn the_numbered_type_is_the_usual_one() {
    assert_eq!(VERSION, Ident::Number(16));
    let image = tapi().image();
    assert_eq!(image.bytes[image.version_type..image.version_type + 2], [0x10, 0x80]);
}

#[test]
fn the_format_has_a_name_and_defaults_to_pe() {
    let mut json = serde_json::to_value(read(&tapi().build())).unwrap();
    assert_eq!(json["format"], "ne");
    json.as_object_mut().unwrap().remove("format");
    let binary: Binary = serde_json::from_value(json).unwrap();
    assert_eq!(binary.format, Format::Pe);
}
