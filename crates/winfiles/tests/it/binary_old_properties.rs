//! Damaged 16-bit executables and drivers: never a panic, never a value that the undamaged file does not have.

use hotfixcheck_winfiles::binary::{self, BinaryError, Reader, VersionOutcome};
use proptest::prelude::*;

use hotfixcheck_testkit::le_builder::LeBuilder;
use hotfixcheck_testkit::ne_builder::{Ident, NeBuilder};
use hotfixcheck_testkit::old_version::OldVersion;
use hotfixcheck_testkit::soon::soon;
use hotfixcheck_testkit::version_bytes::{Language, Lengths, Table};
use hotfixcheck_testkit::versions::{found, within};

fn narrow(key: &str) -> Vec<u8> {
    let strings: [(&str, &[u8]); 3] =
        [("CompanyName", b"Microsoft\xae"), ("FileVersion", b"4.10.1998"), ("ProductVersion", b"4.10.1999")];
    OldVersion::new().fixed([4, 10, 0, 1998], [4, 10, 0, 1999]).table(key, &strings).build()
}

fn wide() -> Vec<u8> {
    let strings = vec![("FileVersion".to_owned(), "4.10.1998".to_owned())];
    let language = Language { id: 0x409, tables: vec![Table { key: "040904B0".to_owned(), strings }] };
    language.version_block(Some(([4, 10, 0, 1998], [4, 10, 0, 1999])), None, Lengths::Chars)
}

/// One file of every layout that the reader distinguishes.
fn fixtures() -> Vec<Vec<u8>> {
    vec![
        NeBuilder::new(narrow("040904E4")).build(),
        NeBuilder::new(narrow("041103A4")).shift(9).ids(&[Ident::Text("INFO".to_owned())]).build(),
        NeBuilder::new(wide()).kind(Ident::Text("VERSIONINFO".to_owned())).build(),
        LeBuilder::new(narrow("040904E4")).build(),
        LeBuilder::new(wide()).lx().others(2).build(),
    ]
}

#[test]
fn truncation_at_every_length_is_named_and_invents_nothing() {
    let mut reader = Reader::new();
    for bytes in fixtures() {
        let sound = reader.read(&bytes).unwrap();
        let whole = found(sound.clone());
        assert_eq!(whole.damage, None);
        let last_byte = bytes.iter().rposition(|&byte| byte != 0).unwrap();
        for size in 0..=last_byte {
            match soon(|| reader.read(&bytes[..size])) {
                Err(BinaryError::Empty) => assert_eq!(size, 0),
                Err(BinaryError::NotExecutable) => assert_eq!(size, 1),
                Err(BinaryError::Truncated { .. }) => assert!(size < 0x80 + 0x44, "{size}"),
                Err(error) => panic!("{size}: {error}"),
                Ok(binary) => {
                    assert_eq!((binary.format, binary.machine), (sound.format, sound.machine));
                    match binary.version {
                        VersionOutcome::Corrupt { detail } => assert!(detail.contains("truncated"), "{size}: {detail}"),
                        VersionOutcome::Found(info) => assert!(within(&info, &whole), "{size}: {info:?}"),
                        VersionOutcome::Absent => panic!("{size}: damage reported as absence"),
                    }
                }
            }
        }
    }
}

#[test]
fn single_bit_flips_never_panic() {
    let mut reader = Reader::new();
    for mut bytes in fixtures() {
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            // Any answer is allowed, but a fresh reader must give the same.
            assert_eq!(soon(|| reader.read(&bytes)), binary::read(&bytes));
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_behind_a_signature_never_panic(
        noise in prop::collection::vec(any::<u8>(), 0..3000),
        signature in prop::sample::select(vec![*b"NE", *b"LE", *b"LX", *b"W3", *b"PE"]),
    ) {
        let mut bytes = NeBuilder::new(Vec::new()).build();
        bytes.truncate(0x80);
        bytes.extend(signature);
        bytes.extend(noise);
        let answer = binary::read(&bytes);
        prop_assert_eq!(answer, Reader::new().read(&bytes));
    }

    #[test]
    fn arbitrary_bytes_in_a_fixture_never_panic(
        noise in prop::collection::vec(any::<u8>(), 1..200),
        at in any::<prop::sample::Index>(),
        fixture in 0_usize..5,
    ) {
        let mut bytes = fixtures().swap_remove(fixture);
        let start = 0x80 + at.index(bytes.len() - 0x80);
        for (byte, noise) in bytes[start..].iter_mut().zip(noise) {
            *byte = noise;
        }
        let answer = binary::read(&bytes);
        prop_assert_eq!(answer, Reader::new().read(&bytes));
    }
}
