//! Properties of the leaf types: article ids, file versions, machines.

use std::cmp::Ordering;

use hotfixcheck_types::{FileVersion, KbId, MAX_COMPONENTS, Machine};
use proptest::prelude::*;

fn id() -> impl Strategy<Value = KbId> {
    prop_oneof![1_000u32..500_000, 399_990u32..400_010, 1_000u32..100_000_000]
        .prop_map(|number| KbId::new(number).unwrap())
}

fn components() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(prop_oneof![0u32..20, 0u32..70_000, any::<u32>()], 1..=MAX_COMPONENTS)
}

fn version() -> impl Strategy<Value = FileVersion> {
    components().prop_map(|parts| FileVersion::new(&parts).unwrap())
}

fn read(text: &str) -> Option<FileVersion> {
    FileVersion::from_resource_string(text)
}

fn v(text: &str) -> FileVersion {
    text.parse().unwrap()
}

proptest! {
    #[test]
    fn every_spelling_of_an_id_is_that_id(id in id(), prefix in "(Q|q|KB|kb|Kb|kB)?[ \u{a0}-]{0,2}", blank in " {0,2}") {
        let text = format!("{blank}{prefix}{}{blank}", id.number());
        prop_assert_eq!(text.parse::<KbId>(), Ok(id), "{:?}", text);
    }

    #[test]
    fn an_id_is_printed_as_the_articles_of_its_time_print_it(id in id()) {
        let text = id.to_string();
        let prefix = if id.number() < 400_000 { "Q" } else { "KB" };
        prop_assert_eq!(&text, &format!("{prefix}{}", id.number()));
        prop_assert_eq!(text.parse::<KbId>(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        prop_assert_eq!(&json, &format!("\"{text}\""));
        prop_assert_eq!(serde_json::from_str::<KbId>(&json).unwrap(), id);
    }

    #[test]
    fn ids_are_ordered_by_their_number(a in id(), b in id()) {
        prop_assert_eq!(a.cmp(&b), a.number().cmp(&b.number()));
    }

    #[test]
    fn no_text_makes_the_id_parser_panic(text in ".{0,20}") {
        if let Ok(id) = text.parse::<KbId>() {
            prop_assert!(KbId::new(id.number()).is_some());
        }
    }

    #[test]
    fn a_version_comes_back_from_its_text(version in version()) {
        prop_assert_eq!(version.to_string().parse::<FileVersion>(), Ok(version));
        prop_assert_eq!(read(&version.to_string()), Some(version));
        let json = serde_json::to_string(&version).unwrap();
        prop_assert_eq!(serde_json::from_str::<FileVersion>(&json).unwrap(), version);
    }

    #[test]
    fn leading_zeros_mean_nothing(parts in components(), zeros in prop::collection::vec(0usize..4, MAX_COMPONENTS)) {
        let padded: Vec<String> = parts.iter().zip(&zeros).map(|(p, z)| format!("{}{p}", "0".repeat(*z))).collect();
        prop_assert_eq!(padded.join(".").parse::<FileVersion>().ok(), FileVersion::new(&parts));
    }

    #[test]
    fn versions_of_one_shape_are_ordered_as_their_numbers(
        (a, b) in (1..=MAX_COMPONENTS).prop_flat_map(|n| {
            let parts = || prop::collection::vec(prop_oneof![0u32..3, any::<u32>()], n);
            (parts(), parts())
        }),
    ) {
        let (x, y) = (FileVersion::new(&a).unwrap(), FileVersion::new(&b).unwrap());
        prop_assert_eq!(x.partial_cmp(&y), Some(a.cmp(&b)));
        prop_assert_eq!(y.partial_cmp(&x), x.partial_cmp(&y).map(Ordering::reverse));
        prop_assert_eq!(x == y, x.partial_cmp(&y) == Some(Ordering::Equal));
    }

    #[test]
    fn the_order_is_transitive(mut three in prop::collection::vec(prop::collection::vec(0u32..3, 2..4), 3)) {
        let versions: Vec<FileVersion> = three.drain(..).map(|p| FileVersion::new(&p).unwrap()).collect();
        let [a, b, c] = versions[..] else { unreachable!() };
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
        prop_assert_eq!(a.partial_cmp(&a), Some(Ordering::Equal));
    }

    #[test]
    fn versions_of_different_shape_are_neither_equal_nor_ordered(a in version(), b in version()) {
        if a.components().len() != b.components().len() {
            prop_assert_eq!(a.partial_cmp(&b), None);
            prop_assert_ne!(a, b);
        }
    }

    #[test]
    fn a_fixed_version_has_its_four_numbers(a: u16, b: u16, c: u16, d: u16) {
        let fixed = FileVersion::fixed(a, b, c, d);
        prop_assert_eq!(fixed, v(&format!("{a}.{b}.{c}.{d}")));
        prop_assert_eq!(fixed.components().len(), 4);
    }

    #[test]
    fn a_resource_string_of_any_separators_is_read(
        parts in components(),
        separator in prop::sample::select(vec![".", ",", ", ", " . ", " , "]),
        tail in prop::sample::select(vec!["", " ", "\0", " (xpsp.080413-2111)", "(main)", " built by: lab", "\0\0junk"]),
    ) {
        let numbers: Vec<String> = parts.iter().map(u32::to_string).collect();
        let text = format!(" {}{tail}", numbers.join(separator));
        prop_assert_eq!(read(&text), FileVersion::new(&parts), "{:?}", text);
    }

    #[test]
    fn no_text_makes_the_version_parsers_panic(text in "[0-9., ()a-z\u{0}-\u{ff}]{0,30}") {
        let _ = read(&text);
        if let Ok(version) = text.parse::<FileVersion>() {
            prop_assert!(!version.components().is_empty());
        }
    }

    #[test]
    fn marks_and_case_of_a_platform_word_mean_nothing(machine in prop::sample::select(Machine::ALL.to_vec())) {
        let upper = machine.name().to_uppercase();
        prop_assert_eq!(Machine::from_platform_word(&upper), Some(machine));
        prop_assert_eq!(Machine::from_platform_word(&format!("({upper}):")), Some(machine));
        prop_assert_eq!(machine.to_string(), machine.name());
        prop_assert_eq!(serde_json::to_value(machine).unwrap(), machine.name());
    }
}

#[test]
fn what_is_no_id_is_refused_with_a_message() {
    for text in
        ["", "Q", "KB", "Q 12", "999", "100000000", "123456789", "Q12a45", "QQ265433", "Q265433.txt", "-265433x"]
    {
        let error = text.parse::<KbId>().unwrap_err();
        assert!(error.to_string().contains(&format!("'{text}'")), "{error}");
        assert!(error.to_string().contains("Q265433"), "{error}");
    }
    assert_eq!(KbId::new(999), None);
    assert_eq!(KbId::new(1_000).map(KbId::number), Some(1_000));
    assert_eq!(KbId::new(100_000_000), None);
}

#[test]
fn the_prefix_changes_at_400000() {
    for (number, text) in [(399_999, "Q399999"), (400_000, "KB400000"), (400_001, "KB400001"), (10_022, "Q10022")] {
        assert_eq!(KbId::new(number).unwrap().to_string(), text);
    }
    assert_eq!(format!("[{:>9}]", KbId::new(265_433).unwrap()), "[  Q265433]");
}

#[test]
fn resource_strings_as_files_have_them() {
    for (text, expected) in [
        ("5, 0, 2195, 1", Some("5.0.2195.1")),
        ("6.00.8169", Some("6.0.8169")),
        ("5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)", Some("5.1.2600.2180")),
        ("5.2.3790.1830 (srv03_sp1_rtm.050324-1447)", Some("5.2.3790.1830")),
        ("4.10.1998", Some("4.10.1998")),
        ("4.00", Some("4.0")),
        ("2000.080.0534.00", Some("2000.80.534.0")),
        ("8,0,0,3210", Some("8.0.0.3210")),
        ("3.2.14", Some("3.2.14")),
        (" 5.50.4807.2300\0", Some("5.50.4807.2300")),
        ("12", Some("12")),
        ("1.0.2d", None),
        ("1.0.2.d", None),
        ("v1.0", None),
        ("", None),
        ("Version 5.0", None),
        ("5.0.2195.1.2.3", None),
        ("99999999999.0", None),
    ] {
        assert_eq!(read(text), expected.map(v), "{text:?}");
    }
}

#[test]
fn numbers_are_compared_as_numbers() {
    for (older, newer) in [
        ("1913.1", "1913.10"),
        ("4.0.1381.336", "4.0.1381.7097"),
        ("5.00.2195.2100", "5.0.2195.2101"),
        ("4.02.0748", "4.2.749"),
        ("3.2.9", "3.2.14"),
    ] {
        assert!(v(older) < v(newer), "{older} < {newer}");
    }
    assert_eq!(v("7.05.1462.0007"), v("7.5.1462.7"));
    assert_eq!(v("4.10.1998").partial_cmp(&v("4.10.0.1998")), None);
    assert_ne!(v("4.0"), v("4.0.0"));
}

#[test]
fn what_is_no_version_is_refused_with_a_message() {
    for text in
        ["", ".", "1.", ".1", "1..2", "1.2.3.4.5.6", "4294967296", "1,2", "1.a", "-1.0", "+1.0", "1. 0", "\u{661}.0"]
    {
        let error = text.parse::<FileVersion>().unwrap_err();
        assert!(error.to_string().contains(&format!("'{text}'")), "{error}");
    }
    assert_eq!(FileVersion::new(&[]), None);
    assert_eq!(FileVersion::new(&[1; MAX_COMPONENTS + 1]), None);
    assert_eq!(v("4294967295").components(), [u32::MAX]);
}

#[test]
fn every_machine_constant_of_the_pe_format_is_known() {
    for (value, machine) in [
        (0x14c, Machine::I386),
        (0x184, Machine::Alpha),
        (0x284, Machine::Alpha),
        (0x162, Machine::Mips),
        (0x166, Machine::Mips),
        (0x168, Machine::Mips),
        (0x169, Machine::Mips),
        (0x1f0, Machine::Ppc),
        (0x1f1, Machine::Ppc),
        (0x200, Machine::Ia64),
        (0x8664, Machine::X64),
        (0x1c0, Machine::Arm),
        (0x1c2, Machine::Arm),
        (0x1c4, Machine::Arm),
        (0xaa64, Machine::Arm64),
    ] {
        assert_eq!(Machine::from_pe(value), Some(machine), "{value:#x}");
    }
    let known = (0..=u16::MAX).filter_map(Machine::from_pe).count();
    assert_eq!(known, 15, "a constant that this test does not name");
}

#[test]
fn every_platform_word_of_the_articles_names_its_machine() {
    for (words, machine) in [
        (
            &["Intel", "INTEL", "x86", "X86", "i386", "I386", "ix86", "x86-based", "386", "32-bit", "(Intel)"][..],
            Machine::I386,
        ),
        (&["Alpha", "ALPHA", "AXP", "DEC Alpha", "Alpha-based"], Machine::Alpha),
        (&["MIPS", "Mips"], Machine::Mips),
        (&["PPC", "PowerPC"], Machine::Ppc),
        (&["IA-64", "IA64", "ia64", "Itanium", "Itanium-based"], Machine::Ia64),
        (&["x64", "AMD64", "x64-based", "x86-64"], Machine::X64),
        (&["ARM"], Machine::Arm),
        (&["ARM64", "arm64-based"], Machine::Arm64),
    ] {
        for word in words {
            assert_eq!(Machine::from_platform_word(word), Some(machine), "{word}");
        }
    }
    for word in ["", "All", "Intel/Alpha", "x86 and Alpha", "Windows", "64-bit", "English", "SP4"] {
        assert_eq!(Machine::from_platform_word(word), None, "{word}");
    }
}

#[test]
fn every_machine_is_listed_once_and_has_its_own_name() {
    for value in 0..=u16::MAX {
        if let Some(machine) = Machine::from_pe(value) {
            assert!(Machine::ALL.contains(&machine), "{machine}");
        }
    }
    let mut names: Vec<&str> = Machine::ALL.iter().map(|m| m.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Machine::ALL.len());
}
