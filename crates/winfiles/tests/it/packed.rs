//! Files packed by COMPRESS.EXE: each format and method, each part of the header, each limit.

use std::io;

use hotfixcheck_winfiles::binary::{self, VersionOutcome};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::packed::{
    self, HEAD_BYTES, MAX_UNPACKED, NameHint, Packed, PackedError, Unpacked, original_names, recognise, unpack,
};

use hotfixcheck_testkit::packed_builder::{KwajBuilder, lz_huffman, ms_zip, sample, szdd, szdd_qbasic};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::thorough::is_for_ci;

/// Files of every kind: empty, short, long runs, longer than every window.
fn contents() -> Vec<Vec<u8>> {
    vec![
        Vec::new(),
        b"x".to_vec(),
        b"abcabcabcabcabcabcabcabcabc".to_vec(),
        vec![b' '; 100],
        vec![0; 70_000],
        (0..=255).cycle().take(5000).collect(),
        sample(100_000),
        PeBuilder::new().build(),
    ]
}

#[track_caller]
fn bytes(file: &[u8]) -> Vec<u8> {
    unpack(file).unwrap().bytes
}

#[test]
fn signatures_are_recognised_and_nothing_else() {
    let szdd = szdd(b"x", 0);
    assert_eq!(recognise(&szdd), Some(Packed::Szdd));
    assert_eq!(recognise(&szdd_qbasic(b"x")[..HEAD_BYTES]), Some(Packed::SzddQbasic));
    assert_eq!(recognise(&KwajBuilder::new(0, b"x").build()), Some(Packed::Kwaj));
    for other in [b"".as_slice(), b"SZDD", b"SZDD\x88\xf0\x27\x34", b"MZ\x90\0\x03\0\0\0\x04", &szdd[..HEAD_BYTES - 1]]
    {
        assert_eq!(recognise(other), None);
        assert_eq!(unpack(other), Err(PackedError::NotPacked));
    }
}

#[test]
fn every_format_gives_back_what_was_packed() {
    for data in contents() {
        let file = szdd(&data, 0);
        assert!(file.len() <= 14 + data.len() * 9 / 8 + 1);
        assert_eq!(unpack(&file).unwrap().packing, Packed::Szdd);
        assert!(bytes(&file) == data);
        assert!(bytes(&szdd_qbasic(&data)) == data);
        for method in 0..=4 {
            let kwaj = KwajBuilder::new(method, &data);
            assert!(bytes(&kwaj.clone().size(data.len() as u32).build()) == data, "method {method}");
            if method != 3 {
                assert!(bytes(&kwaj.build()) == data, "method {method} without a size");
            }
        }
    }
}

#[test]
fn huffman_tables_stored_in_every_way() {
    let data = sample(20_000);
    for ways in [[1; 5], [2; 5], [3; 5], [0, 1, 2, 3, 0], [3, 2, 1, 0, 3]] {
        let file = KwajBuilder::raw(3, lz_huffman(&data, ways)).size(data.len() as u32).build();
        assert!(bytes(&file) == data, "{ways:?}");
    }
}

#[test]
fn without_a_size_huffman_data_ends_with_the_file() {
    let data = sample(5000);
    // The bits that fill the last byte can be a symbol, so there may be one byte too many, never one too few.
    let unpacked = bytes(&KwajBuilder::new(3, &data).build());
    assert!(unpacked.starts_with(&data) && unpacked.len() <= data.len() + 7);
}

#[test]
fn the_ring_begins_where_each_variant_has_it() {
    // Literals a, b, c, then a match of three bytes from position 0xff0: the first of them, or the last.
    let packed = b"\x07abc\xf0\xf0";
    let szdd = [b"SZDD\x88\xf0\x27\x33A\0\x06\0\0\0".as_slice(), packed].concat();
    assert_eq!(bytes(&szdd), b"abcabc");
    let qbasic = [b"SZ \x88\xf0\x27\x33\xd1\x06\0\0\0".as_slice(), packed].concat();
    assert_eq!(bytes(&qbasic), b"abcccc");
    assert_eq!(bytes(&KwajBuilder::raw(2, packed.to_vec()).build()), b"abcccc");
    // A position of the ring that was never written is a space.
    let spaces = [b"SZDD\x88\xf0\x27\x33A\0\x04\0\0\0".as_slice(), b"\x00\x00\x01"].concat();
    assert_eq!(bytes(&spaces), b"    ");
}

#[test]
fn every_part_of_a_kwaj_header_in_every_combination() {
    for flags in 0..64 {
        let mut kwaj = KwajBuilder::new(0, b"contents");
        if flags & 1 != 0 {
            kwaj = kwaj.size(8);
        }
        if flags & 2 != 0 {
            kwaj = kwaj.unknown();
        }
        if flags & 4 != 0 {
            kwaj = kwaj.block(b"of no known purpose");
        }
        if flags & 8 != 0 {
            kwaj = kwaj.stem(b"LONGNAME");
        }
        if flags & 16 != 0 {
            kwaj = kwaj.extension(b"DLL");
        }
        if flags & 32 != 0 {
            kwaj = kwaj.text(b"text\0text");
        }
        let unpacked = unpack(&kwaj.build()).unwrap();
        assert_eq!(unpacked.bytes, b"contents", "flags {flags:#x}");
        let stem = (flags & 8 != 0).then(|| "LONGNAME".to_owned());
        let extension = (flags & 16 != 0).then(|| "DLL".to_owned());
        let expected = if flags & 24 == 0 { NameHint::None } else { NameHint::Parts { stem, extension } };
        assert_eq!(unpacked.name_hint, expected);
    }
}

#[test]
fn the_declared_size_bounds_the_output() {
    let data = sample(3000);
    for size in [0, 1, 7, 2999] {
        let mut file = szdd(&data, 0);
        file[10..14].copy_from_slice(&(size as u32).to_le_bytes());
        assert!(bytes(&file) == data[..size]);
        for method in 0..=4 {
            assert!(bytes(&KwajBuilder::new(method, &data).size(size as u32).build()) == data[..size], "{method}");
        }
    }
    let mut file = szdd(&data, 0);
    file[10..14].copy_from_slice(&3001_u32.to_le_bytes());
    assert_eq!(unpack(&file), Err(PackedError::EndsEarly { unpacked: 3000, declared: 3001 }));
    for method in [0, 1, 2, 4] {
        let file = KwajBuilder::new(method, &data).size(3001).build();
        assert_eq!(unpack(&file), Err(PackedError::EndsEarly { unpacked: 3000, declared: 3001 }), "{method}");
    }
}

/// A file whose bytes repeat endlessly after a head.
struct Endless {
    head: Vec<u8>,
    /// Many repetitions of the unit, so that a read needs few copies.
    units: Vec<u8>,
}

impl Endless {
    fn new(head: Vec<u8>, unit: &[u8]) -> Self {
        Self { head, units: unit.repeat((1 << 16) / unit.len() + 1) }
    }
}

impl ReadAt for Endless {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut at = offset as usize;
        let mut rest = &mut buffer[..];
        while !rest.is_empty() {
            let from = match at.checked_sub(self.head.len()) {
                None => &self.head[at..],
                Some(after) => &self.units[after % self.units.len()..],
            };
            let count = from.len().min(rest.len());
            rest[..count].copy_from_slice(&from[..count]);
            rest = &mut rest[count..];
            at += count;
        }
        Ok(buffer.len())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(1 << 40)
    }
}

#[test]
fn a_size_above_the_cap_is_refused_before_unpacking() {
    let mut file = szdd(b"x", 0);
    file[10..14].copy_from_slice(&(MAX_UNPACKED as u32 + 1).to_le_bytes());
    assert_eq!(unpack(&file), Err(PackedError::TooLarge));
    file[10..14].copy_from_slice(&(MAX_UNPACKED as u32).to_le_bytes());
    assert_eq!(unpack(&file), Err(PackedError::EndsEarly { unpacked: 1, declared: MAX_UNPACKED }));
}

fn endless(method: u16, unit: &[u8]) -> Result<Unpacked, PackedError> {
    unpack(&Endless::new(KwajBuilder::raw(method, Vec::new()).build(), unit))
}

#[test]
fn endless_stored_and_xored_files_are_refused_at_the_cap() {
    // All methods share the output that counts: outside of CI one of them shows its limit.
    let methods = if is_for_ci("an endless file of method 1") { 0..=0 } else { 0..=1 };
    for method in methods {
        assert_eq!(endless(method, &[0]), Err(PackedError::TooLarge), "method {method}");
    }
}

#[test]
fn an_endless_lz_file_is_refused_at_the_cap() {
    if is_for_ci("an endless LZ file") {
        return;
    }
    // Eight matches of 18 bytes after each control byte.
    let group = [vec![0], [0, 0x0f].repeat(8)].concat();
    assert_eq!(endless(2, &group), Err(PackedError::TooLarge));
}

#[test]
fn an_endless_lz_huffman_file_is_refused_at_the_cap() {
    if is_for_ci("an endless LZ+Huffman file") {
        return;
    }
    // Even tables; then endless matches of 17 bytes, or a number of them after which a literal exceeds the limit.
    let matches = [0xff; 2];
    let at_cap = [vec![0; 3], matches.repeat(MAX_UNPACKED / 17)].concat();
    for (head, unit) in [(vec![0; 3], 0xff), (at_cap, 0)] {
        let file = KwajBuilder::raw(3, head).build();
        assert_eq!(unpack(&Endless::new(file, &[unit])), Err(PackedError::TooLarge), "{unit:#x}");
    }
}

#[test]
fn endless_mszip_blocks_are_refused_at_the_cap() {
    if !is_for_ci("endless MSZIP blocks with data") {
        let zip = ms_zip(&[b'z'; 32768]);
        assert_eq!(endless(4, &zip[..zip.len() - 2]), Err(PackedError::TooLarge));
    }
    // Empty blocks.
    let error = endless(4, b"\x04\0CK\x03\0").unwrap_err();
    assert!(error.to_string().contains("more than 4096 MSZIP blocks"), "{error}");
}

#[test]
fn methods_that_are_not_known_are_named() {
    let mut file = szdd(b"x", 0);
    file[8] = b'B';
    assert_eq!(unpack(&file), Err(PackedError::UnsupportedMethod { method: 0x42 }));
    let error = unpack(&KwajBuilder::raw(5, vec![0; 100]).build()).unwrap_err();
    assert_eq!(error.to_string(), "packed by method 5, which cannot be unpacked");
}

#[test]
fn damage_is_named() {
    let corrupt = |file: &[u8], expected: &str| match unpack(file) {
        Err(PackedError::Corrupt(detail)) => assert!(detail.contains(expected), "{detail:?} lacks {expected:?}"),
        other => panic!("{other:?}, expected {expected:?}"),
    };
    let mut within = KwajBuilder::new(0, b"x").build();
    within[10] = 13;
    corrupt(&within, "within the header");
    corrupt(&KwajBuilder::new(0, b"x").stem(b"NINECHARS").build(), "more than 8 characters");
    corrupt(&KwajBuilder::new(0, b"x").extension(b"FOUR").build(), "more than 3 characters");
    // Tables stored in format 4; one of sixteen codes of length 1; lengths that step below 0 and beyond 15.
    corrupt(&KwajBuilder::raw(3, vec![0x40, 0, 0, 0]).build(), "in way 4");
    corrupt(&KwajBuilder::raw(3, [&[0x30, 0, 0], [0x11; 8].as_slice()].concat()).build(), "too many codes");
    corrupt(&KwajBuilder::raw(3, vec![0x20, 0, 0, 0, 0]).build(), "below 0 or beyond 15");
    corrupt(&KwajBuilder::raw(3, vec![0x20, 0, 0, 0xfa, 0xaa]).build(), "below 0 or beyond 15");
    corrupt(&KwajBuilder::raw(3, vec![0x10, 0, 0, 0xfa, 0xaa]).build(), "below 0 or beyond 15");
    // A table without codes.
    corrupt(&KwajBuilder::raw(3, vec![0x10, 0, 0, 0, 0, 0, 0, 0, 0]).build(), "no symbol");
    corrupt(&KwajBuilder::raw(4, b"\x04\0XX\x03\0\0\0".to_vec()).build(), "no MSZIP block at offset 0xe");
    corrupt(&KwajBuilder::raw(4, b"\x01\0C".to_vec()).build(), "no MSZIP block");
    corrupt(&KwajBuilder::raw(4, b"\x03\0CK\x07\0\0".to_vec()).build(), "is damaged");
    corrupt(&KwajBuilder::raw(4, b"\x03\0CK\x03\0\0".to_vec()).build(), "has no end");
    let one_block = [ms_zip(&[b'z'; 32768]), ms_zip(b"z")].concat();
    assert_eq!(bytes(&KwajBuilder::raw(4, one_block).build()).len(), 32768, "the first end counts");
    // A stored DEFLATE block of more than 32 KiB.
    let mut large = b"\x08\x80CK\x01\x01\x80\xfe\x7f".to_vec();
    large.resize(large.len() + 0x8001, b'z');
    corrupt(&KwajBuilder::raw(4, large).build(), "more than 32 KiB");
}

#[test]
fn truncated_structures_are_named() {
    let what = |file: &[u8]| match unpack(file) {
        Err(PackedError::Truncated { what, offset }) => (what.into_owned(), offset),
        other => panic!("{other:?}"),
    };
    let file = szdd(&sample(100), b'E');
    assert_eq!(what(&file[..13]), ("SZDD header".to_owned(), 8));
    assert_eq!(what(&szdd_qbasic(b"x")[..11]), ("SZDD header".to_owned(), 8));
    assert_eq!(what(&szdd(b"abcabc", 0)[..19]), ("match".to_owned(), 19));
    let kwaj = KwajBuilder::new(0, b"x").size(1).block(b"block").stem(b"STEM").build();
    assert_eq!(what(&kwaj[..13]), ("KWAJ header".to_owned(), 8));
    assert_eq!(what(&kwaj[..20]), ("packed data".to_owned(), 30));
    let mut no_data = KwajBuilder::new(0, b"").build();
    no_data[12] = 1;
    assert_eq!(what(&no_data), ("KWAJ header".to_owned(), 14));
    assert_eq!(what(&KwajBuilder::raw(3, vec![0x30, 0, 0, 1]).build()), ("Huffman table".to_owned(), 18));
    assert_eq!(what(&KwajBuilder::raw(4, ms_zip(b"x")[..3].to_vec()).build()), ("MSZIP block".to_owned(), 17));
}

struct BadSector;

impl ReadAt for BadSector {
    fn read_at(&self, _: &mut [u8], _: u64) -> io::Result<usize> {
        Err(io::Error::other("bad sector"))
    }

    fn size(&self) -> io::Result<u64> {
        Ok(100)
    }
}

#[test]
fn a_failing_read_is_unreadable() {
    assert_eq!(unpack(&BadSector), Err(PackedError::Io("bad sector".to_owned())));
}

#[test]
fn an_unpacked_binary_tells_its_version() {
    let file = szdd(&PeBuilder::new().fixed([4, 0, 1381, 7097], [4, 0, 1381, 7095]).build(), b'E');
    assert_eq!(binary::read(&file), Err(binary::BinaryError::NotExecutable));
    let unpacked = packed::unpack(&file).unwrap();
    let VersionOutcome::Found(info) = binary::read(&unpacked.bytes).unwrap().version else { panic!("not found") };
    assert_eq!(info.fixed_file.unwrap().to_string(), "4.0.1381.7097");
    assert_eq!(original_names("TAPISRV.EX_", &unpacked.name_hint), ["TAPISRV.EXE"]);
}

#[test]
fn the_last_letter_of_the_header_completes_the_name() {
    for (stored, letter, name) in [
        ("TAPISRV.EX_", b'E', "TAPISRV.EXE"),
        ("tapisrv.ex_", b'E', "tapisrv.exe"),
        ("TAPISRV.EX_", b'e', "TAPISRV.EXE"),
        ("Tapisrv.Ex_", b'E', "Tapisrv.Exe"),
        ("IOS.VX$", b'D', "IOS.VXD"),
        ("VGA850.FO_", b'N', "VGA850.FON"),
        ("WIN.38_", b'6', "WIN.386"),
        ("TAPISRV.EXE", b'E', "TAPISRV.EXE"),
    ] {
        let hint = unpack(&szdd(b"x", letter)).unwrap().name_hint;
        assert_eq!(hint, NameHint::LastLetter(letter.into()));
        assert_eq!(original_names(stored, &hint), [name]);
    }
    for unknown in [0, b' ', b'/', b'\\', 0x80, 0xff] {
        assert_eq!(unpack(&szdd(b"x", unknown)).unwrap().name_hint, NameHint::None, "{unknown:#x}");
    }
}

#[test]
fn the_name_of_a_kwaj_header_is_the_name() {
    let names = |kwaj: KwajBuilder, stored| original_names(stored, &unpack(&kwaj.build()).unwrap().name_hint);
    let kwaj = || KwajBuilder::new(0, b"x");
    assert_eq!(names(kwaj().stem(b"TAPISRV").extension(b"EXE"), "1.BIN"), ["TAPISRV.EXE"]);
    assert_eq!(names(kwaj().extension(b"EXE"), "TAPISRV.EX_"), ["TAPISRV.EXE"]);
    assert_eq!(names(kwaj().stem(b"TAPISRV"), "1.EX_")[0], "TAPISRV.EXE");
    assert_eq!(names(kwaj().stem(b"MAKEFILE"), "MAKEFIL_"), ["MAKEFILE"]);
    // No name leads out of its folder.
    assert_eq!(names(kwaj().stem(b"../..").extension(b"DLL"), "A.DL_"), ["A.DLL"]);
    assert_eq!(names(kwaj().stem(b"..\\X").extension(b"C:"), "A.DLL"), ["A.DLL"]);
    assert_eq!(names(kwaj().stem(b"").extension(b""), "A.DLL"), ["A.DLL"]);
}

#[test]
fn without_a_hint_every_name_is_a_candidate_the_likeliest_first() {
    let names = |stored: &str| original_names(stored, &NameHint::None);
    assert_eq!(names("TAPISRV.EX_")[0], "TAPISRV.EXE");
    assert_eq!(names("tapi.dl_")[0], "tapi.dll");
    assert_eq!(names("IOS.VX_")[0], "IOS.VXD");
    assert_eq!(names("WIN.38_")[0], "WIN.386");
    // 26 letters, 10 digits, or an underscore that replaced no character.
    let all = names("SETUP.QQ_");
    assert_eq!(all.len(), 37);
    assert_eq!((all[0].as_str(), all[35].as_str(), all[36].as_str()), ("SETUP.QQA", "SETUP.QQ9", "SETUP.QQ"));
    assert!(names("README._").contains(&"README".to_owned()));
    assert!(names("MAKEFIL_").contains(&"MAKEFILE".to_owned()));
    assert_eq!(names("page.html_")[0], "page.html");
    assert_eq!(names("TAPI.DLL"), ["TAPI.DLL"]);
    assert_eq!(names("")[0], "");
    for odd in ["_", "._", "$", "..._", "é_", "日本.語_"] {
        let names = names(odd);
        let distinct: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        assert!(!names.is_empty() && names.iter().all(|name| !name.is_empty()), "{odd}");
    }
}
