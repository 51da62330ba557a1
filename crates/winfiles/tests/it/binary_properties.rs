//! Damaged and random bytes: never a panic, never a value that the undamaged file does not have.

use hotfixcheck_winfiles::binary::{self, BinaryError, Reader, VersionOutcome};
use proptest::prelude::*;

use hotfixcheck_testkit::pe_builder::{Image, Lengths, Name, PeBuilder, Placement, X64};
use hotfixcheck_testkit::soon::soon;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::versions::{found, within};

const STRINGS: [(&str, &str); 3] =
    [("CompanyName", "Microsoft Corporation"), ("FileVersion", "5.00.2195.2100"), ("ProductVersion", "5.00.2195.2100")];

/// One file of every layout that the reader distinguishes.
fn fixtures() -> Vec<Image> {
    let builder = || PeBuilder::new().fixed([5, 0, 2195, 2100], [5, 0, 2195, 2099]).table("040904B0", &STRINGS);
    [
        builder(),
        builder().pe32_plus().machine(X64).placement(Placement::InText),
        builder().placement(Placement::InHeader).lengths(Lengths::Bytes),
        builder().low_alignment().misaligned_by(3),
        builder().language(0x407).table("040704E4", &STRINGS).table("000004E4", &STRINGS),
        builder().name(Name::Text("INFO".to_owned())),
    ]
    .iter()
    .map(PeBuilder::image)
    .collect()
}

#[test]
fn truncation_at_every_length_is_named_and_invents_nothing() {
    let mut reader = Reader::new();
    for image in fixtures() {
        let whole = found(binary::read(&image.bytes).unwrap());
        assert_eq!(whole.damage, None);
        let last_byte = image.bytes.iter().rposition(|&byte| byte != 0).unwrap();
        for size in 0..=last_byte {
            match soon(|| reader.read(&image.bytes[..size])) {
                Err(BinaryError::Empty) => assert_eq!(size, 0),
                Err(BinaryError::NotExecutable) => assert_eq!(size, 1),
                Err(BinaryError::Truncated { .. }) => assert!(size < image.pe_header + 24 + 68, "{size}"),
                Err(error) => panic!("{size}: {error}"),
                Ok(binary) => match binary.version {
                    VersionOutcome::Corrupt { detail } => assert!(detail.contains("truncated"), "{size}: {detail}"),
                    VersionOutcome::Found(info) => assert!(within(&info, &whole), "{size}: {info:?}"),
                    VersionOutcome::Absent => panic!("{size}: damage reported as absence"),
                },
            }
        }
    }
}

#[test]
fn single_bit_flips_never_panic() {
    let mut reader = Reader::new();
    for image in fixtures() {
        let mut bytes = image.bytes;
        for bit in (0..bytes.len() * 8).step_by(one_of(5)) {
            bytes[bit / 8] ^= 1 << (bit % 8);
            // Any answer is allowed, but a fresh reader must give the same.
            assert_eq!(soon(|| reader.read(&bytes)), binary::read(&bytes));
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn what_a_hostile_file_can_make_the_reader_keep_is_bounded() {
    let mut languages = PeBuilder::new();
    for id in 0..2000 {
        languages = languages.language(id).table("040904B0", &STRINGS);
    }
    assert_eq!(
        found(binary::read(&languages.build()).unwrap()).tables.len(),
        63,
        "the first of the 64 languages that are read has no table"
    );

    let tables = |count| {
        let builder = (0..count).fold(PeBuilder::new(), |builder, _| builder.table("040904B0", &[]));
        found(binary::read(&builder.build()).unwrap())
    };
    assert_eq!(tables(200).tables.len(), 200);
    assert_eq!(tables(1000).tables.len(), 256);

    let image = PeBuilder::new().table(&"k".repeat(20_000), &[]).image();
    let mut bytes = image.bytes;
    // A key without an end, up to the block's last byte.
    bytes[image.blocks[0] + 6..][..30_000].fill(b'k');
    let VersionOutcome::Corrupt { detail } = binary::read(&bytes).unwrap().version else { panic!("not corrupt") };
    assert!(detail.len() < 300, "{} bytes of message", detail.len());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..6000), executable in any::<bool>()) {
        if executable && bytes.len() >= 2 {
            bytes[..2].copy_from_slice(b"MZ");
        }
        let _ = binary::read(&bytes);
    }

    #[test]
    fn arbitrary_bytes_behind_the_headers_leave_machine_and_stamp(
        noise in prop::collection::vec(any::<u8>(), 1..600),
        at in any::<prop::sample::Index>(),
        fixture in 0_usize..6,
    ) {
        let image = fixtures().swap_remove(fixture);
        let sound = binary::read(&image.bytes).unwrap();
        let mut bytes = image.bytes;
        let start = image.resources + at.index(bytes.len() - image.resources);
        for (byte, noise) in bytes[start..].iter_mut().zip(noise) {
            *byte = noise;
        }
        let damaged = binary::read(&bytes).unwrap();
        prop_assert_eq!(damaged.machine_raw, sound.machine_raw);
        prop_assert_eq!(damaged.time_stamp, sound.time_stamp);
        prop_assert_eq!(damaged.checksum, sound.checksum);
    }
}
