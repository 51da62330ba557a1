//! Cabinets: each method, each part of the header, each limit; damaged ones and noise; cabextract and gcab as oracles.

use std::fs;

use hotfixcheck_winfiles::cabinet::{Cabinet, CabinetError, MAX_MEMBER_BYTES, MAX_UNPACKED_BYTES};
use proptest::prelude::*;

use hotfixcheck_testkit::cab_builder::{CabBuilder, MODIFIED, Method, cab};
use hotfixcheck_testkit::packed_builder::sample;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::soon::soon;
use hotfixcheck_testkit::thorough::{is_for_ci, one_of};
use hotfixcheck_testkit::tools::run;

type Unpacked = Vec<(String, Result<Vec<u8>, CabinetError>)>;

fn unpack(file: &[u8]) -> Result<Unpacked, CabinetError> {
    let cabinet = Cabinet::open(file)?;
    let mut members = Vec::new();
    cabinet.unpack(|_| true, |member, bytes| members.push((member.name.clone(), bytes)));
    assert_eq!(members.len(), cabinet.members().len(), "each member has one answer");
    Ok(members)
}

#[track_caller]
fn contents(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    unpack(file).unwrap().into_iter().map(|(name, bytes)| (name, bytes.unwrap())).collect()
}

fn owned(members: &[(&str, &[u8])]) -> Vec<(String, Vec<u8>)> {
    members.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect()
}

const METHODS: [Method; 3] = [Method::Stored, Method::Mszip, Method::Lzx];

#[test]
fn every_method_gives_back_what_was_packed() {
    let (large, pe) = (sample(100_001), PeBuilder::new().build());
    let members: [(&str, &[u8]); 6] =
        [("a.txt", b"a"), ("empty", b""), ("large", &large), ("x.dll", &pe), ("zeros", &[0; 70_000]), ("end", b"")];
    for method in METHODS {
        for builder in [
            CabBuilder::new(),
            CabBuilder::new().reserve(20, 3, 0),
            CabBuilder::new().reserve(0, 0, 5),
            CabBuilder::new().neighbours(Some("a.cab"), Some("c.cab")),
            CabBuilder::new().no_checksums(),
        ] {
            let file = builder.folder(method, &members).build();
            assert!(contents(&file) == owned(&members), "{method:?}");
        }
    }
}

#[test]
fn a_member_says_its_name_size_and_date() {
    let file = cab(&[(r"branches\SP2QFE\a.dll", b"abc"), (r"..\..\C:\b.dll", b"b")]);
    let cabinet = Cabinet::open(file.as_slice()).unwrap();
    let [one, two] = cabinet.members() else { panic!() };
    assert_eq!((one.name.as_str(), one.size, one.modified), ("branches/SP2QFE/a.dll", 3, Some(MODIFIED)));
    assert_eq!(two.name, "b.dll", "no name leads out of its folder");
}

#[test]
fn folders_are_told_apart_and_only_what_is_wanted_is_unpacked() {
    let file = CabBuilder::new()
        .folder(Method::Mszip, &[("a", b"first"), ("b", b"second")])
        .folder(Method::Quantum, &[("c", b"third")])
        .folder(Method::Lzx, &[("d", b"fourth")])
        .build();
    let answers = unpack(&file).unwrap();
    assert_eq!(answers[1], ("b".to_owned(), Ok(b"second".to_vec())));
    assert_eq!(
        answers[2].1.clone().unwrap_err().to_string(),
        "packed by Quantum, which cannot be unpacked: unpack the cabinet first (cabextract, expand)"
    );
    assert_eq!(answers[3], ("d".to_owned(), Ok(b"fourth".to_vec())));
    let cabinet = Cabinet::open(file.as_slice()).unwrap();
    let mut names = Vec::new();
    cabinet.unpack(|member| member.name == "b", |member, _| names.push(member.name.clone()));
    assert_eq!(names, ["b"]);
}

#[test]
fn what_lies_in_other_cabinets_of_a_set_is_named() {
    let set = || CabBuilder::new().neighbours(Some("disk1.cab"), Some("disk3.cab"));
    let file = set()
        .folder(Method::Mszip, &[("whole", b"x")])
        .member("begun", 3, 0, Some(0xfffd))
        .folder(Method::Mszip, &[("z", b"z")])
        .member("to come", 3, 1, Some(0xfffe))
        .build();
    let answers = unpack(&file).unwrap();
    let said = |name: &str| match &answers.iter().find(|(n, _)| n == name).unwrap().1 {
        Ok(_) => "whole".to_owned(),
        Err(error) => error.to_string(),
    };
    // The first folder's data begin in the previous cabinet: none of it can be read here.
    assert_eq!(
        said("whole"),
        "continues in another cabinet of its set (disk1.cab): unpack the set first (cabextract, expand)"
    );
    assert_eq!(
        said("begun"),
        "continues in another cabinet of its set (disk1.cab): unpack the set first (cabextract, expand)"
    );
    assert_eq!(
        said("to come"),
        "continues in another cabinet of its set (disk3.cab): unpack the set first (cabextract, expand)"
    );
    assert_eq!(said("z"), "whole");
}

#[test]
fn declared_and_real_sizes_are_told_apart() {
    // Larger than the folder; after its end; across its end.
    for (size, offset, unpacked) in [(4000, 0, 5), (1, 9, 0), (u32::MAX >> 8, 2, 3)] {
        let file = CabBuilder::new().folder(Method::Stored, &[("a", b"12345")]).member("m", size, offset, None).build();
        let answers = unpack(&file).unwrap();
        let (_, m) = answers.iter().find(|(name, _)| name == "m").unwrap();
        assert_eq!(m, &Err(CabinetError::EndsEarly { unpacked, declared: size }), "{size} at {offset}");
    }
    for size in [MAX_MEMBER_BYTES + 1, u32::MAX] {
        let file = CabBuilder::new().folder(Method::Stored, &[("a", b"1")]).member("m", size, 0, None).build();
        let answers = unpack(&file).unwrap();
        assert!(answers.iter().any(|(_, bytes)| matches!(bytes, Err(CabinetError::TooLarge { .. }))));
        assert!(answers.iter().any(|(_, bytes)| bytes.is_ok()), "the other member is read");
    }
    // Overlapping members take no more memory than one.
    let data = sample(3 << 20);
    let file = CabBuilder::new()
        .folder(Method::Mszip, &[("a", &data)])
        .member("m", 2 << 20, 1, None)
        .member("n", (3 << 20) - 1, 1, None)
        .build();
    for (name, bytes) in contents(&file) {
        let start = usize::from(name != "a");
        assert!(bytes == data[start..start + bytes.len()] && bytes.len() >= 2 << 20, "{name}");
    }
}

#[test]
fn folders_that_share_their_data_do_not_unpack_without_end() {
    // The tests of the budget show its limits in every run.
    if is_for_ci("a cabinet whose folders unpack to more than a gigabyte") {
        return;
    }
    let block = vec![7; 32 << 10];
    let first = CabBuilder::new().folder(Method::Stored, &[("m", &block)]);
    let cabinet = (0..20_000).fold(first, |cabinet, _| cabinet.shared("m")).build();
    assert!(cabinet.len() < 1 << 20);
    let cabinet = Cabinet::open(cabinet.as_slice()).unwrap();
    let (mut whole, mut refused) = (0, 0);
    cabinet.unpack(
        |_| true,
        |_, bytes| match bytes {
            Ok(_) => whole += 1,
            Err(CabinetError::TooLarge { .. }) => refused += 1,
            Err(other) => panic!("{other}"),
        },
    );
    assert!(whole > 10_000 && refused > 1000, "{whole} whole, {refused} refused");
}

#[test]
fn members_upon_each_other_are_not_given_without_end() {
    if is_for_ci("a cabinet whose members have more than a gigabyte") {
        return;
    }
    // 1,600 members of a megabyte in a folder of 32: at most 64 of them overlap.
    let data = vec![7; 32 << 20];
    let mut file = CabBuilder::new().no_checksums().folder(Method::Stored, &[("m", &data)]);
    for number in 0..1600 {
        file = file.member("n", 1 << 20, number * 20_000, None);
    }
    let file = file.build();
    let (mut given, mut refused) = (0, 0);
    Cabinet::open(file.as_slice()).unwrap().unpack(
        |member| member.name == "n",
        |_, bytes| match bytes {
            Ok(bytes) => given += bytes.len() as u64,
            Err(CabinetError::TooLarge { what }) => {
                assert_eq!(what, "the cabinet's members have more than 1073741824 bytes altogether");
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        },
    );
    assert_eq!((given, refused), (MAX_UNPACKED_BYTES, 1600 - 1024));
}

#[test]
fn empty_blocks_are_no_work() {
    // Each of them would be examined once for each of the members that need more data.
    let mut file = CabBuilder::new().no_checksums().folder(Method::Stored, &[("a", b"1")]);
    for _ in 0..60_000 {
        file = file.member("m", 1000, 0, None);
    }
    let mut file = file.build();
    file[40..42].copy_from_slice(&60_001_u16.to_le_bytes());
    file.resize(file.len() + 60_000 * 8, 0);
    let answers = unpack(&file).unwrap();
    let early = CabinetError::EndsEarly { unpacked: 1, declared: 1000 };
    assert_eq!(answers.iter().filter(|(_, bytes)| bytes.as_ref() == Err(&early)).count(), 60_000);
}

#[test]
fn damage_is_named() {
    let file = CabBuilder::new().folder(Method::Stored, &[("a", b"12345678")]).build();
    let said = |file: &[u8]| match unpack(file) {
        Ok(answers) => answers[0].1.clone().unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    let mut flipped = file.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert!(said(&flipped).contains("does not have the checksum"), "{}", said(&flipped));
    let mut version = file.clone();
    version[24] = 4;
    assert_eq!(said(&version), "cabinet of unknown version 1.4");
    let mut folder = file.clone();
    folder[52] = 9;
    assert!(said(&folder).contains("lies in folder 9 of 1"), "{}", said(&folder));
    let cut = &file[..file.len() - 1];
    assert!(said(cut).starts_with("truncated: data block"), "{}", said(cut));
    let long = cab(&[(&"n".repeat(300), b"x")]);
    assert!(said(&long).contains("has more than 256 bytes"), "{}", said(&long));
    assert_eq!(unpack(b"MSC"), Err(CabinetError::NotACabinet));
    assert_eq!(
        unpack(b"MSCF").unwrap_err().to_string(),
        "truncated: header at offset 0x0 is after the end of the cabinet"
    );
}

#[test]
fn truncation_at_every_length_and_every_bit_flip_has_an_answer() {
    let data = sample(600);
    for method in METHODS {
        let file = CabBuilder::new().folder(method, &[("one.dll", &data[..300]), ("two.dll", &data)]).build();
        for size in (0..file.len()).step_by(one_of(5)) {
            for (name, bytes) in soon(|| unpack(&file[..size])).unwrap_or_default() {
                assert!(bytes.is_err() || name == "one.dll" && size > 400, "{method:?} {size}");
            }
        }
        let mut file = file;
        for bit in (0..file.len() * 8).step_by(one_of(5)) {
            file[bit / 8] ^= 1 << (bit % 8);
            for (_, bytes) in soon(|| unpack(&file)).unwrap_or_default() {
                assert!(bytes.is_err() || bytes.is_ok_and(|bytes| bytes.len() <= 900), "{method:?} {bit}");
            }
            file[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

proptest! {
    #[test]
    fn noise_in_a_folder_has_an_answer(noise in prop::collection::vec(any::<u8>(), 1..3000), method in 0_u16..5) {
        let mut file = CabBuilder::new().no_checksums().folder(Method::Stored, &[("a", &noise)]).build();
        file[42..44].copy_from_slice(&(if method > 2 { 0x1500 | 3 } else { method }).to_le_bytes());
        let [(_, bytes)] = unpack(&file).unwrap().try_into().unwrap();
        prop_assert!(bytes.is_err() || bytes.is_ok_and(|bytes| bytes.len() == noise.len()));
    }
}

#[test]
fn cabextract_finds_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (large, small) = (sample(90_000), b"small".to_vec());
    for method in METHODS {
        let file = CabBuilder::new().folder(method, &[("large.bin", &large), ("small.bin", &small)]).build();
        fs::write(folder.path().join("x.cab"), &file).unwrap();
        let Some(_) = run("cabextract", "cabextract", &["-q", "x.cab"], folder.path()) else { return };
        assert!(fs::read(folder.path().join("large.bin")).unwrap() == large, "{method:?}");
        assert!(contents(&file) == owned(&[("large.bin", &large), ("small.bin", &small)]));
    }
}

#[test]
fn what_gcab_packs_unpacks() {
    let folder = tempfile::tempdir().unwrap();
    let (large, small) = (sample(200_000), b"small".to_vec());
    fs::write(folder.path().join("large.bin"), &large).unwrap();
    fs::write(folder.path().join("small.bin"), &small).unwrap();
    for arguments in [["-c", "-z"], ["-c", "-n"]] {
        let arguments = [&arguments[..], &["x.cab", "large.bin", "small.bin"]].concat();
        let Some(_) = run("gcab", "gcab", &arguments, folder.path()) else { return };
        let file = fs::read(folder.path().join("x.cab")).unwrap();
        assert!(contents(&file) == owned(&[("large.bin", &large), ("small.bin", &small)]), "{arguments:?}");
    }
}
