//! Virtual device drivers and other linear executables, built and read.

use hotfixcheck_types::Machine;
use hotfixcheck_winfiles::binary::{self, BinaryError, Format, VersionInfo, VersionOutcome};

use hotfixcheck_testkit::le_builder::LeBuilder;
use hotfixcheck_testkit::old_version::OldVersion;
use hotfixcheck_testkit::version_bytes::{Language, Lengths, Table};

fn narrow() -> Vec<u8> {
    let strings: [(&str, &[u8]); 2] = [("FileVersion", b"4.00.954"), ("CompanyName", b"Microsoft\xae")];
    OldVersion::new().fixed([4, 0, 0, 954], [4, 0, 0, 950]).table("040904E4", &strings).build()
}

fn wide() -> Vec<u8> {
    let strings = [("FileVersion", "4.00.954"), ("CompanyName", "Microsoft\u{ae}")];
    let strings = strings.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
    let language = Language { id: 0x409, tables: vec![Table { key: "040904B0".to_owned(), strings }] };
    language.version_block(Some(([4, 0, 0, 954], [4, 0, 0, 950])), None, Lengths::Chars)
}

fn voltrack() -> LeBuilder {
    LeBuilder::new(narrow())
}

#[track_caller]
fn assert_voltrack(bytes: &[u8]) {
    let VersionOutcome::Found(info) = binary::read(bytes).unwrap().version else { panic!("not found") };
    let VersionInfo { fixed_file, fixed_product, tables, damage } = info;
    assert_eq!(fixed_file.unwrap().to_string(), "4.0.0.954");
    assert_eq!(fixed_product.unwrap().to_string(), "4.0.0.950");
    assert_eq!((tables.len(), damage), (1, None));
    assert_eq!(tables[0].file_version.as_deref(), Some("4.00.954"));
    assert_eq!(tables[0].company_name.as_deref(), Some("Microsoft\u{ae}"));
}

#[track_caller]
fn corrupt(bytes: &[u8]) -> String {
    match binary::read(bytes).unwrap().version {
        VersionOutcome::Corrupt { detail } => detail,
        other => panic!("not corrupt: {other:?}"),
    }
}

#[test]
fn blocks_of_both_styles_in_le_and_lx() {
    for block in [narrow(), wide()] {
        assert_voltrack(&LeBuilder::new(block.clone()).build());
        assert_voltrack(&LeBuilder::new(block.clone()).lx().build());
        assert_voltrack(&LeBuilder::new(block).others(3).build());
    }
}

#[test]
fn format_and_machine_are_the_headers() {
    for (cpu, machine) in [
        (1, Some(Machine::I386)),
        (2, Some(Machine::I386)),
        (4, Some(Machine::I386)),
        (0x40, Some(Machine::Mips)),
        (0x20, None),
        (0, None),
    ] {
        let binary = binary::read(&voltrack().cpu(cpu).build()).unwrap();
        assert_eq!((binary.format, binary.machine, binary.machine_raw), (Format::Le, machine, cpu));
        assert_eq!((binary.time_stamp, binary.checksum), (None, None));
    }
    assert_eq!(binary::read(&voltrack().lx().build()).unwrap().format, Format::Lx);
}

#[test]
fn type_and_name_by_number_or_text() {
    assert_voltrack(&voltrack().idents(&[0xff, 16, 0], &[0xff, 7, 0]).build());
    assert_voltrack(&voltrack().idents(&[0xff, 16, 0], b"VS_VERSION_INFO\0").build());
    let other = voltrack().idents(b"VERSION\0", &[0xff, 1, 0]).build();
    assert_eq!(binary::read(&other).unwrap().version, VersionOutcome::Absent);
}

#[test]
fn files_without_a_version_resource() {
    // OS/2 programs and programs of DOS extenders have no Windows fields in their header.
    let os2 = voltrack().lx().system(1);
    let short = voltrack().object_table(0xb0);
    let other = voltrack().idents(&[0xff, 3, 0], &[0xff, 1, 0]);
    for builder in [voltrack().without_resources(), os2, short, other] {
        assert_eq!(binary::read(&builder.build()).unwrap().version, VersionOutcome::Absent);
    }
    assert_voltrack(&voltrack().object_table(0).build());
}

#[test]
fn big_endian_files_are_of_no_windows() {
    let error = binary::read(&voltrack().big_endian().build()).unwrap_err();
    assert_eq!(error, BinaryError::NotPe { kind: "big-endian LE".to_owned() });
}

#[test]
fn counts_and_damage_are_bounded_and_named() {
    let detail = corrupt(&voltrack().others(64).build());
    assert!(detail.contains("more than 64 resources"), "{detail}");
    assert_voltrack(&voltrack().others(63).build());

    let endless = voltrack().idents(&[b'X'; 4000], b"\0").build();
    assert!(corrupt(&endless).contains("no resource header at 0x244"));

    let image = voltrack().image();
    let mut far = image.bytes.clone();
    far[image.header + 0xb8 + 3] = 0x70;
    assert!(corrupt(&far).contains("truncated: resource header at offset 0x70000244"));

    // Longer than the file: the existing bytes are read, and the cut is reported.
    let mut long = image.bytes.clone();
    long[image.block - 2] = 0xff;
    assert_voltrack(&long);
    let mut block_length = image.bytes;
    block_length[image.block + 1] = 0x70;
    let VersionOutcome::Found(info) = binary::read(&block_length).unwrap().version else { panic!("not found") };
    assert!(info.damage.unwrap().contains("is cut"));
}

#[test]
fn a_file_that_ends_within_its_header_is_truncated() {
    let image = voltrack().image();
    for size in image.header + 4..image.header + 0x44 {
        let error = binary::read(&image.bytes[..size]).unwrap_err();
        assert_eq!(
            error,
            BinaryError::Truncated { what: "LE header".into(), offset: image.header as u64, size: size as u64 }
        );
    }
    assert!(corrupt(&image.bytes[..image.header + 0x44]).contains("truncated: LE header"));
}
