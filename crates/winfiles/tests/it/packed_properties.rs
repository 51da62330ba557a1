//! Packed files of random contents, damaged ones and noise: always an answer, within limits.

use hotfixcheck_winfiles::packed::{NameHint, original_names, unpack};
use proptest::prelude::*;

use hotfixcheck_testkit::packed_builder::{KwajBuilder, lz_huffman, sample, szdd, szdd_qbasic};
use hotfixcheck_testkit::soon::soon;
use hotfixcheck_testkit::thorough::one_of;

/// The same contents in every format, with the size declared.
fn packings(data: &[u8]) -> Vec<Vec<u8>> {
    let size = data.len() as u32;
    let mut files = vec![szdd(data, b'L'), szdd_qbasic(data)];
    files.extend((0..=4).map(|method| KwajBuilder::new(method, data).size(size).stem(b"NAME").build()));
    files.push(KwajBuilder::raw(3, lz_huffman(data, [1, 2, 3, 1, 2])).size(size).build());
    files
}

#[test]
fn truncation_at_every_length_gives_an_error_never_a_part() {
    let data = sample(700);
    for file in packings(&data) {
        for size in (0..file.len()).step_by(one_of(5)) {
            if let Ok(unpacked) = soon(|| unpack(&file[..size])) {
                // Only the filling of the last byte, or the end mark, was cut.
                assert!(unpacked.bytes == data && size + 2 >= file.len(), "{size} of {}", file.len());
            }
        }
    }
}

#[test]
fn single_bit_flips_stay_within_the_declared_size() {
    let data = sample(500);
    for mut file in packings(&data) {
        // Every third bit: every bit of a byte gets its turn, also if only one of five of them is tried.
        for bit in (0..file.len() * 8).step_by(3 * one_of(9)) {
            file[bit / 8] ^= 1 << (bit % 8);
            if let Ok(unpacked) = soon(|| unpack(&file))
                && bit / 8 >= 32
            {
                assert_eq!(unpacked.bytes.len(), data.len());
            }
            file[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

proptest! {
    // Each case is packed in every way.
    #![proptest_config(ProptestConfig::with_cases(256 / one_of(4) as u32))]

    #[test]
    fn what_was_packed_comes_back(
        words in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..8), 1..8),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..400),
    ) {
        let data: Vec<u8> = order.iter().flat_map(|index| index.get(&words).clone()).collect();
        for file in packings(&data) {
            prop_assert!(unpack(&file).unwrap().bytes == data);
        }
    }

    #[test]
    fn noise_behind_a_signature_has_an_answer(
        method in 0_u16..6,
        noise in prop::collection::vec(any::<u8>(), 0..2000),
        size in prop::option::of(0_u32..100_000),
    ) {
        let mut kwaj = KwajBuilder::raw(method, noise.clone());
        if let Some(size) = size {
            kwaj = kwaj.size(size);
        }
        if let (Ok(unpacked), Some(size)) = (unpack(&kwaj.build()), size) {
            prop_assert_eq!(unpacked.bytes.len(), size as usize);
        }
        for signature in [b"SZDD\x88\xf0\x27\x33A", b"SZ \x88\xf0\x27\x33\xd1\0", b"KWAJ\x88\xf0\x27\xd1\0"] {
            let file = [signature.as_slice(), &noise].concat();
            prop_assert_eq!(unpack(&file), unpack(file.as_slice()));
        }
    }

    #[test]
    fn names_are_distinct_and_never_missing(stored in "\\PC{0,12}", letter in prop::option::of(any::<char>())) {
        let hint = letter.map_or(NameHint::None, NameHint::LastLetter);
        let names = original_names(&stored, &hint);
        prop_assert!(!names.is_empty());
        let distinct: std::collections::HashSet<_> = names.iter().collect();
        prop_assert_eq!(distinct.len(), names.len());
    }
}
