//! Damaged and hostile hives: never a panic, never an endless walk, never an invented fact.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use hotfixcheck_testkit::hive_builder::{HiveBuilder, Image, Index, get, put};
use hotfixcheck_testkit::soon::soon;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_winfiles::hive::{Hive, HiveError, Key, MAX_DEPTH, MAX_SUBKEYS, MAX_VALUES};
use proptest::prelude::*;

/// A small hive with every kind of cell.
fn fixture(minor: u32) -> Image {
    let mut hive = HiveBuilder::new(minor);
    hive.key(r"Microsoft\Windows NT\CurrentVersion").sz("CurrentVersion", "4.0").dword("InstallDate", 1);
    for number in 0..5 {
        let path = format!(r"Microsoft\Windows NT\CurrentVersion\HotFix\Q24600{number}");
        hive.key(&path).dword("Installed", 1).sz("Comments", "Windows NT 4.0 Hotfix");
    }
    hive.key(r"Microsoft\Windows NT\CurrentVersion\HotFix").index(Index::Ri(2));
    hive.key("Имя").multi_sz("Имя", &["один", "", "два"]);
    hive.key("li").index(Index::Li).key("a").qword("q", 7);
    hive.image()
}

/// The same with data in several cells.
fn large_fixture(minor: u32) -> Vec<u8> {
    let mut hive = HiveBuilder::new(minor);
    hive.key("big").binary("big", &[7; 16_345]).sz("small", "text");
    hive.key("big").key("below");
    hive.build()
}

/// Everything that can be read from a hive, one line for each key and value, without damaged parts.
fn facts(bytes: &[u8]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Ok(hive) = Hive::open(bytes)
        && let Ok(root) = hive.root()
    {
        walk(&root, "", &mut found);
    }
    found
}

fn walk(key: &Key<'_, &[u8]>, path: &str, found: &mut BTreeSet<String>) {
    found.insert(format!("{path} {}", key.name()));
    for value in key.values().into_iter().flatten().flatten() {
        if let Ok(data) = value.data() {
            found.insert(format!("{path} {} {data:?}", value.name()));
        }
    }
    for subkey in key.subkeys().into_iter().flatten().flatten() {
        walk(&subkey, &format!("{path}\\{}", subkey.name()), found);
    }
}

#[test]
fn truncation_at_every_length_is_named_and_invents_nothing() {
    let small = [1, 3, 5].map(|minor| fixture(minor).bytes);
    for bytes in small.into_iter().chain([large_fixture(5)]) {
        let whole = facts(&bytes);
        assert!(whole.len() > 4);
        for size in (0..bytes.len()).step_by(one_of(5)) {
            let cut = &bytes[..size];
            match Hive::open(cut) {
                Err(HiveError::NotAHive) => assert!(size < 4, "{size}"),
                Err(HiveError::Truncated { .. }) => assert!(size < 4096 + 32, "{size}"),
                Err(error) => panic!("{size}: {error}"),
                Ok(hive) => {
                    assert!(hive.condition().truncated, "{size}");
                    assert!(facts(cut).is_subset(&whole), "{size}");
                    if let Err(error) = hive.key("big") {
                        assert!(matches!(error, HiveError::Truncated { .. }), "{size}: {error}");
                    }
                }
            }
        }
    }
}

#[test]
fn single_bit_flips_never_panic_nor_take_long() {
    for mut bytes in [fixture(3).bytes, fixture(5).bytes] {
        let end = bytes.len();
        for bit in (0..512 * 8).chain(4096 * 8..end * 8).step_by(one_of(5)) {
            bytes[bit / 8] ^= 1 << (bit % 8);
            soon(|| facts(&bytes));
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

/// The cell to which this word of the hive points: its content's offset in the file.
fn pointed(hive: &[u8], at: usize) -> usize {
    4096 + get(hive, at) as usize + 4
}

fn place(image: &Image, path: &str) -> u32 {
    (image.keys[path] - 4096 - 4) as u32
}

#[test]
fn a_key_below_itself_is_no_subkey() {
    for target in ["", "a", r"a\b"] {
        let mut hive = HiveBuilder::new(5);
        hive.key(r"a\b\c").dword("v", 1);
        let image = hive.image();
        let mut bytes = image.bytes.clone();
        // The list of `a\b` names another key than `c`.
        let list = pointed(&bytes, image.keys[r"a\b"] + 28);
        put(&mut bytes, list + 4, place(&image, target));
        // The root may state any parent.
        put(&mut bytes, image.keys[""] + 16, place(&image, r"a\b"));
        let hive = Hive::open(bytes.as_slice()).unwrap();
        let error = hive.key(r"a\b\a").unwrap_err();
        assert!(matches!(error, HiveError::Corrupt { what: "key that has another parent", .. }), "{target}: {error}");
        assert_eq!(facts(&bytes).len(), 3, "{target}");
    }
}

#[test]
fn a_key_listed_twice_is_read_once() {
    let mut hive = HiveBuilder::new(5);
    hive.key("a");
    hive.key("b");
    let image = hive.image();
    let mut bytes = image.bytes.clone();
    let list = pointed(&bytes, image.keys[""] + 28);
    put(&mut bytes, list + 4 + 8, place(&image, "a"));
    let hive = Hive::open(bytes).unwrap();
    let read: Vec<bool> = hive.root().unwrap().subkeys().unwrap().map(|key| key.is_ok()).collect();
    assert_eq!(read, [true, false]);
}

#[test]
fn depth_is_bounded() {
    let path = |depth: u16| (0..depth).map(|_| "k").collect::<Vec<_>>().join(r"\");
    let mut hive = HiveBuilder::new(5);
    hive.key(&path(MAX_DEPTH + 1));
    let bytes = hive.build();
    let hive = Hive::open(bytes).unwrap();
    assert!(hive.key(&path(MAX_DEPTH)).unwrap().is_some());
    let error = hive.key(&path(MAX_DEPTH + 1)).unwrap_err();
    assert!(matches!(error, HiveError::TooMuch { what: "nested keys", .. }), "{error}");
}

#[test]
fn a_list_of_lists_of_lists_is_refused() {
    let mut hive = HiveBuilder::new(5);
    hive.key("a");
    hive.key("").index(Index::Ri(1));
    let image = hive.image();
    let mut bytes = image.bytes.clone();
    let root_list = get(&bytes, image.keys[""] + 28);
    let list = pointed(&bytes, image.keys[""] + 28);
    put(&mut bytes, list + 4, root_list);
    let hive = Hive::open(bytes).unwrap();
    let error = hive.key("a").unwrap_err();
    assert_eq!(error, HiveError::Corrupt { what: "signature of a list of subkeys", offset: list as u64 });
}

#[test]
fn counts_beyond_the_limits_are_refused() {
    let mut hive = HiveBuilder::new(5);
    hive.key("k").dword("v", 1);
    let image = hive.image();
    let mut bytes = image.bytes.clone();
    put(&mut bytes, image.keys["k"] + 36, u32::MAX);
    let hive = Hive::open(bytes).unwrap();
    let error = hive.key("k").unwrap().unwrap().values().unwrap_err();
    assert!(matches!(error, HiveError::TooMuch { count: 0xffff_ffff, limit: MAX_VALUES, .. }), "{error}");

    // A list of 60 leaves, all of which are the same leaf with 5,000 keys.
    let mut hive = HiveBuilder::new(5);
    for number in 0..5000 {
        hive.key("many").key(&format!("{number:04}"));
    }
    for number in 0..60 {
        hive.key("few").key(&format!("{number:02}"));
    }
    hive.key("few").index(Index::Ri(1));
    let image = hive.image();
    let mut bytes = image.bytes.clone();
    let many = get(&bytes, image.keys["many"] + 28);
    let few = pointed(&bytes, image.keys["few"] + 28);
    (0..60).for_each(|leaf| put(&mut bytes, few + 4 + leaf * 4, many));
    let hive = Hive::open(bytes).unwrap();
    let listed: Vec<_> = hive.key("few").unwrap().unwrap().subkeys().unwrap().collect();
    assert!(listed.len() <= MAX_SUBKEYS + 1);
    let last = listed.last().unwrap();
    assert!(matches!(last, Err(HiveError::TooMuch { what: "subkeys", limit: MAX_SUBKEYS, .. })), "{last:?}");
}

#[test]
fn keys_that_share_their_lists_exhaust_the_reader_not_the_user() {
    // 5,000 keys, each of which claims the 5,000 values of one of them: 25 million values in a hive of 2 MB.
    let mut hive = HiveBuilder::new(5);
    for number in 0..5000 {
        hive.key(&format!("{number:04}"));
    }
    let first = hive.key("0000");
    for number in 0..5000 {
        first.dword(&format!("{number:04}"), number);
    }
    let image = hive.image();
    let mut bytes = image.bytes.clone();
    let list = get(&bytes, image.keys["0000"] + 40);
    for (path, at) in &image.keys {
        if !path.is_empty() {
            put(&mut bytes, at + 36, 5000);
            put(&mut bytes, at + 40, list);
        }
    }
    let hive = Hive::open(bytes).unwrap();
    let begun = Instant::now();
    let mut exhausted = false;
    let mut read = 0_u64;
    for key in hive.root().unwrap().subkeys().unwrap() {
        match key.and_then(|key| key.values()) {
            Ok(values) => read += values.filter(|value| value.is_ok()).count() as u64,
            Err(error) => exhausted |= error == HiveError::Exhausted,
        }
    }
    assert!(exhausted);
    assert!(read < 10_000_000, "{read}");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(
        noise in prop::collection::vec(any::<u8>(), 1..400),
        at in any::<prop::sample::Index>(),
        minor in 1_u32..=6,
    ) {
        let mut bytes = fixture(minor).bytes;
        let start = 4096 + at.index(bytes.len() - 4096);
        for (byte, noise) in bytes[start..].iter_mut().zip(&noise) {
            *byte = *noise;
        }
        facts(&bytes);
        facts(&noise);
    }
}
