//! Reading hives: each kind of cell, list and value; names; damage that leaves the rest readable.

use hotfixcheck_testkit::hive_builder::{HiveBuilder, Image, Index, get, put, seal, utf16};
use hotfixcheck_winfiles::hive::{Condition, Data, Hive, HiveError, MAX_DATA_BYTES, MAX_KEY_NAME_BYTES};

const NT: &str = r"Microsoft\Windows NT\CurrentVersion";

fn software(minor: u32) -> HiveBuilder {
    let mut hive = HiveBuilder::new(minor);
    hive.key(NT).sz("CurrentVersion", "4.0").sz("CSDVersion", "Service Pack 6").dword("InstallDate", 0x3b00_0000);
    hive.key(r"Microsoft\Updates");
    hive.key("Description");
    hive
}

fn data(hive: &[u8], path: &str, name: &str) -> Data {
    Hive::open(hive).unwrap().key(path).unwrap().unwrap().value(name).unwrap().unwrap().data().unwrap()
}

fn text(text: &str) -> Data {
    Data::Text(text.to_owned())
}

fn names(hive: &[u8], path: &str) -> Vec<String> {
    let hive = Hive::open(hive).unwrap();
    let key = hive.key(path).unwrap().unwrap();
    key.subkeys().unwrap().map(|key| key.unwrap().name().to_owned()).collect()
}

/// The cell to which this word of the hive points: its content's offset in the file.
fn pointed(hive: &[u8], at: usize) -> usize {
    4096 + get(hive, at) as usize + 4
}

#[test]
fn every_version_reads_the_same() {
    for minor in 1..=6 {
        let bytes = software(minor).build();
        let hive = Hive::open(bytes.as_slice()).unwrap();
        assert_eq!(hive.minor_version(), minor);
        assert_eq!(hive.condition(), Condition::default());
        assert_eq!(data(&bytes, NT, "CSDVersion"), text("Service Pack 6"));
        assert_eq!(data(&bytes, NT, "InstallDate"), Data::Dword(0x3b00_0000));
        assert_eq!(names(&bytes, ""), ["Description", "Microsoft"]);
        assert_eq!(names(&bytes, "Microsoft"), ["Updates", "Windows NT"]);
    }
}

#[test]
fn unknown_versions_are_refused() {
    for (major, minor) in [(1, 0), (1, 7), (0, 3), (2, 3)] {
        let mut bytes = software(3).build();
        put(&mut bytes, 20, major);
        put(&mut bytes, 24, minor);
        assert_eq!(Hive::open(bytes).err(), Some(HiveError::UnknownVersion { major, minor }));
    }
}

#[test]
fn every_kind_of_value_is_read() {
    for minor in [3, 5] {
        let mut hive = HiveBuilder::new(minor);
        hive.key("Values")
            .sz("", "the default value")
            .sz("sz", "Q246009")
            .expand_sz("expand", r"%SystemRoot%\System32")
            .multi_sz("multi", &["Terminal Server", "Enterprise"])
            .multi_sz("renames", &[r"\??\C:\a", "", r"\??\C:\b", r"!\??\C:\c"])
            .multi_sz("renames, the last a deletion", &[r"\??\C:\a", ""])
            .raw("no texts", 7, &[0, 0, 0, 0])
            .raw("texts without their end", 7, &utf16("one\0two"))
            .dword("dword", 0x600)
            .raw("big-endian", 5, &[0, 0, 6, 0])
            .qword("qword", 1 << 40)
            .binary("binary", b"\x01\x02\x03\x04\x05")
            .binary("inline", b"\x01\x02\x03")
            .raw("nothing", 3, &[])
            .raw("dword of the wrong size", 4, &[1, 2])
            .raw("of no known type", 0x1234_5678, b"bytes that are not text")
            .raw("sz without NUL", 1, &utf16("text"))
            .raw("sz with an odd byte", 1, &[b't', 0, b'x', 0, b'y'])
            .raw("sz with more behind it", 1, &utf16("text\0more\0"))
            .raw("sz of half a pair", 1, &[b'a', 0, 0x00, 0xd8]);
        let bytes = hive.build();
        let value = |name: &str| data(&bytes, "values", name);
        let texts = |texts: &[&str]| Data::Texts(texts.iter().map(|text| (*text).to_owned()).collect());
        assert_eq!(value(""), text("the default value"));
        assert_eq!(value("SZ"), text("Q246009"));
        assert_eq!(value("expand"), text(r"%SystemRoot%\System32"));
        assert_eq!(value("multi"), texts(&["Terminal Server", "Enterprise"]));
        assert_eq!(value("renames"), texts(&[r"\??\C:\a", "", r"\??\C:\b", r"!\??\C:\c"]));
        assert_eq!(value("renames, the last a deletion"), texts(&[r"\??\C:\a", ""]));
        assert_eq!(value("no texts"), texts(&[]));
        assert_eq!(value("texts without their end"), texts(&["one", "two"]));
        assert_eq!(value("dword"), Data::Dword(0x600));
        assert_eq!(value("big-endian"), Data::Dword(0x600));
        assert_eq!(value("qword"), Data::Qword(1 << 40));
        assert_eq!(value("binary"), Data::Bytes(vec![1, 2, 3, 4, 5]));
        assert_eq!(value("inline"), Data::Bytes(vec![1, 2, 3]));
        assert_eq!(value("nothing"), Data::Bytes(Vec::new()));
        assert_eq!(value("dword of the wrong size"), Data::Bytes(vec![1, 2]));
        assert_eq!(value("of no known type"), Data::Bytes(b"bytes that are not text".to_vec()));
        assert_eq!(value("sz without NUL"), text("text"));
        assert_eq!(value("sz with an odd byte"), text("tx"));
        assert_eq!(value("sz with more behind it"), text("text"));
        assert_eq!(value("sz of half a pair"), text("a\u{fffd}"));
    }
}

#[test]
fn values_come_in_their_order_with_their_types() {
    let mut hive = HiveBuilder::new(5);
    hive.key("k").dword("b", 1).sz("A", "x").sz("", "y");
    let bytes = hive.build();
    let hive = Hive::open(bytes).unwrap();
    let values = hive.key("K").unwrap().unwrap().values().unwrap();
    let listed: Vec<(String, u32)> = values.map(|v| v.unwrap()).map(|v| (v.name().to_owned(), v.kind())).collect();
    assert_eq!(listed, [("b".to_owned(), 4), ("A".to_owned(), 1), (String::new(), 1)]);
}

#[test]
fn data_of_every_size_is_read_whole() {
    for minor in [3, 5] {
        for size in [4, 5, 4000, 16_343, 16_344, 16_345, 32_688, 32_689, 100_000, MAX_DATA_BYTES] {
            // Begins like big data, but is not.
            let mut bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            bytes[..2].copy_from_slice(b"db");
            let mut hive = HiveBuilder::new(minor);
            hive.key("k").binary("big", &bytes);
            assert_eq!(data(&hive.build(), "k", "big"), Data::Bytes(bytes), "1.{minor}, {size} bytes");
        }
    }
}

#[test]
fn data_beyond_the_limit_is_refused() {
    let mut hive = HiveBuilder::new(5);
    hive.key("k").binary("big", &vec![1; MAX_DATA_BYTES + 1]).dword("small", 1);
    let bytes = hive.build();
    let hive = Hive::open(bytes.as_slice()).unwrap();
    let key = hive.key("k").unwrap().unwrap();
    let error = key.value("big").unwrap().unwrap().data().unwrap_err();
    assert!(matches!(error, HiveError::TooMuch { count, .. } if count == MAX_DATA_BYTES + 1), "{error}");
    assert_eq!(data(&bytes, "k", "small"), Data::Dword(1));
}

#[test]
fn every_list_of_subkeys_is_read() {
    let expected: Vec<String> = (0..700).map(|number| format!("Q{:06}", 100_000 + number)).collect();
    for minor in [3, 5] {
        for index in [Index::Lf, Index::Lh, Index::Li, Index::Ri(1), Index::Ri(507), Index::Ri(700)] {
            let mut hive = HiveBuilder::new(minor);
            for name in &expected {
                hive.key("HotFix").key(name).dword("Installed", 1);
            }
            hive.key("HotFix").index(index);
            let bytes = hive.build();
            assert_eq!(names(&bytes, "hotfix"), expected, "{index:?}");
            assert_eq!(data(&bytes, r"hotfix\q100699", "installed"), Data::Dword(1));
        }
    }
}

#[test]
fn wrong_hints_hide_no_key() {
    for (minor, index) in [(3, Index::Lf), (5, Index::Lh)] {
        let mut hive = software(minor);
        hive.key("Microsoft").index(index);
        let image = hive.image();
        let mut bytes = image.bytes;
        let list = pointed(&bytes, image.keys["Microsoft"] + 28);
        for entry in 0..2 {
            put(&mut bytes, list + 4 + entry * 8 + 4, 0x5a5a_5a5a);
        }
        assert_eq!(data(&bytes, NT, "CurrentVersion"), text("4.0"));
    }
}

#[test]
fn names_are_compared_without_regard_to_case() {
    let mut hive = HiveBuilder::new(5);
    hive.key("Größe").sz("Ünïcode", "latin");
    hive.key("Размер").sz("Имя", "cyrillic");
    hive.key("Straße").sz("v", "sharp s");
    hive.key("STRASSE").sz("v", "two s");
    let bytes = hive.build();
    assert_eq!(data(&bytes, "GRÖßE", "ÜNÏCODE"), text("latin"));
    assert_eq!(data(&bytes, "рАЗМЕР", "имя"), text("cyrillic"));
    assert_eq!(data(&bytes, "straße", "V"), text("sharp s"));
    assert_eq!(data(&bytes, "strasse", "V"), text("two s"));
    assert!(Hive::open(bytes).unwrap().key("STRASE").unwrap().is_none());
}

#[test]
fn paths_tolerate_separators_and_absence_is_no_error() {
    let bytes = software(3).build();
    let hive = Hive::open(bytes).unwrap();
    assert_eq!(hive.key(r"\MICROSOFT\\windows nt\currentversion\").unwrap().unwrap().name(), "CurrentVersion");
    assert_eq!(hive.key("").unwrap().unwrap().name(), hive.root().unwrap().name());
    assert!(hive.key(r"Microsoft\Windows NT\CurrentVersion\HotFix").unwrap().is_none());
    assert!(hive.key(r"Micro").unwrap().is_none());
    let key = hive.key(NT).unwrap().unwrap();
    assert!(key.value("UBR").unwrap().is_none());
    assert_eq!(key.subkeys().unwrap().count(), 0);
    assert_eq!(key.written(), 126_652_896_000_000_000);
}

#[test]
fn unfinished_and_cut_hives_are_noted_and_read() {
    let bytes = software(3).sequences(8, 7).build();
    let noted = |bytes: &[u8]| Hive::open(bytes).unwrap().condition();
    assert_eq!(noted(&bytes), Condition { unfinished: true, ..Condition::default() });
    assert_eq!(data(&bytes, NT, "CurrentVersion"), text("4.0"));

    let mut bytes = software(3).build();
    bytes[60] ^= 1;
    assert_eq!(noted(&bytes), Condition { wrong_checksum: true, ..Condition::default() });
    assert!(!noted(&bytes).is_sound());
    seal(&mut bytes);
    assert!(noted(&bytes).is_sound());
    assert_eq!(data(&bytes, NT, "CurrentVersion"), text("4.0"));

    bytes.pop();
    assert_eq!(noted(&bytes), Condition { truncated: true, ..Condition::default() });
}

#[test]
fn checksums_of_all_zeros_and_ones_are_stored_as_windows_does() {
    for (sum, stored) in [(0, 1), (u32::MAX, u32::MAX - 1)] {
        let mut bytes = software(3).build();
        let current = get(&bytes, 508);
        let word = get(&bytes, 48);
        put(&mut bytes, 48, word ^ current ^ sum);
        put(&mut bytes, 508, stored);
        assert!(!Hive::open(bytes.as_slice()).unwrap().condition().wrong_checksum);
        put(&mut bytes, 508, sum);
        assert!(Hive::open(bytes).unwrap().condition().wrong_checksum);
    }
}

/// The error of a search for `Microsoft\Updates` after one word was damaged.
#[track_caller]
fn damaged(damage: impl FnOnce(&Image) -> (usize, u32)) -> HiveError {
    let image = software(5).image();
    let (at, word) = damage(&image);
    let mut bytes = image.bytes;
    put(&mut bytes, at, word);
    Hive::open(bytes).unwrap().key(r"Microsoft\Updates").unwrap_err()
}

#[test]
fn damage_is_named_with_its_offset_and_never_reported_as_absence() {
    let updates = |image: &Image| image.keys[r"Microsoft\Updates"];
    let list = |image: &Image| pointed(&image.bytes, image.keys["Microsoft"] + 28);
    let image = software(5).image();
    let at = updates(&image) as u64;
    let corrupt = |what, offset| HiveError::Corrupt { what, offset };

    let error = damaged(|image| (updates(image), 0x6b6e_0000));
    assert_eq!(error, corrupt("signature of a key", at));
    assert_eq!(error.to_string(), format!("corrupt: signature of a key at offset {at:#x}"));
    assert_eq!(damaged(|image| (updates(image) + 16, 0x20)), corrupt("key that has another parent", at));
    assert_eq!(damaged(|image| (updates(image) - 4, 0x58)), corrupt("cell that is not in use", at - 4));
    assert_eq!(damaged(|image| (updates(image) - 4, 0)), corrupt("cell that is not in use", at - 4));
    assert_eq!(damaged(|image| (updates(image) - 4, -4_i32 as u32)), corrupt("size of a cell", at - 4));
    assert_eq!(damaged(|image| (updates(image) - 4, i32::MIN as u32)), corrupt("size of a cell", at - 4));
    assert_eq!(
        damaged(|image| (updates(image) - 4, -16_i32 as u32)),
        corrupt("cell that is too small for its content", at)
    );
    let error = damaged(|image| (updates(image) + 72, 0xffff));
    assert!(matches!(error, HiveError::TooMuch { count: 0xffff, limit: MAX_KEY_NAME_BYTES, .. }), "{error}");
    let error = damaged(|image| (updates(image) + 72, 200));
    assert_eq!(error, corrupt("cell that is too small for its content", at));

    let listed = list(&image) as u64;
    let error = damaged(|image| (list(image), 0x0002_7878));
    assert_eq!(error, corrupt("signature of a list of subkeys", listed));
    let error = damaged(|image| (list(image), u32::from_le_bytes(*b"lh\xff\xff")));
    assert_eq!(error, corrupt("cell that is too small for its content", listed));
    for place in [0, 8, 31, 33, 0x7fff_fff8, u32::MAX] {
        let offset = 4096 + u64::from(place);
        assert_eq!(damaged(|image| (list(image) + 4, place)), HiveError::NoCell { what: "key", offset });
        let error = damaged(|image| (image.keys["Microsoft"] + 28, place));
        assert_eq!(error, HiveError::NoCell { what: "list of subkeys", offset });
    }
}

#[test]
fn a_list_that_lost_keys_leaves_the_answer_open() {
    let image = software(5).image();
    let mut bytes = image.bytes;
    let list = pointed(&bytes, image.keys["Microsoft"] + 28);
    put(&mut bytes, list, u32::from_le_bytes(*b"lh\x01\0"));
    let hive = Hive::open(bytes).unwrap();
    assert!(hive.key(r"Microsoft\Updates").unwrap().is_some());
    let what = "list of subkeys that is not as long as its key says";
    assert_eq!(hive.key(NT).unwrap_err(), HiveError::Corrupt { what, offset: list as u64 });
}

#[test]
fn a_damaged_neighbour_hides_nothing() {
    let image = software(5).image();
    let mut bytes = image.bytes;
    put(&mut bytes, image.keys[r"Microsoft\Updates"], 0);
    put(&mut bytes, image.values[&(NT.to_owned(), "CurrentVersion".to_owned())], 0);
    assert_eq!(data(&bytes, NT, "InstallDate"), Data::Dword(0x3b00_0000));
    let hive = Hive::open(bytes).unwrap();
    let read: Vec<bool> = hive.key("Microsoft").unwrap().unwrap().subkeys().unwrap().map(|key| key.is_ok()).collect();
    assert_eq!(read, [false, true]);
    let key = hive.key(NT).unwrap().unwrap();
    let read: Vec<bool> = key.values().unwrap().map(|value| value.is_ok()).collect();
    assert_eq!(read, [false, true, true]);
    assert!(key.value("Csd").is_err(), "the damaged value may be the one");
    assert!(hive.key(r"Microsoft\Updates").is_err());
}

#[test]
fn damaged_values_are_named() {
    let damaged = |field: usize, word: u32| {
        let image = software(5).image();
        let mut bytes = image.bytes;
        put(&mut bytes, image.values[&(NT.to_owned(), "CSDVersion".to_owned())] + field, word);
        let hive = Hive::open(bytes).unwrap();
        let key = hive.key(NT).unwrap().unwrap();
        key.value("CSDVersion").map(|value| value.unwrap().data().unwrap_err())
    };
    assert!(matches!(damaged(0, u32::from_le_bytes(*b"vk\xff\xff")), Err(HiveError::TooMuch { count: 0xffff, .. })));
    let too_large = HiveError::Corrupt { what: "size of a value's data", offset: 0 };
    let kind = |error: HiveError| match error {
        HiveError::Corrupt { what, .. } => HiveError::Corrupt { what, offset: 0 },
        other => other,
    };
    assert_eq!(damaged(4, 0x8000_0005).map(kind), Ok(too_large));
    assert!(matches!(damaged(4, 0x7fff_ffff), Ok(HiveError::TooMuch { count: 0x7fff_ffff, .. })));
    let short = HiveError::Corrupt { what: "cell that is too small for its content", offset: 0 };
    assert_eq!(damaged(4, 2000).map(kind), Ok(short));
    assert_eq!(
        damaged(8, u32::MAX),
        Ok(HiveError::NoCell { what: "data of a value", offset: 4096 + u64::from(u32::MAX) })
    );
}
