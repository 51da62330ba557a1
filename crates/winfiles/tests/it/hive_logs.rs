//! Transaction logs beside a hive whose last write was not finished (issue 16, point 2).

use hotfixcheck_testkit::hive_builder::{get, put, seal};
use hotfixcheck_testkit::registry::{NT, software};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::hive::{Data, Hive, Replay, replay};

/// A hive as stored, with an unfinished write, and with its pending changes. Both have the same cells.
pub(crate) fn before_and_after() -> (Vec<u8>, Vec<u8>) {
    let mut before = software("5.1", "2600", "Service Pack 1").build();
    let after = software("5.1", "2600", "Service Pack 3").build();
    put(&mut before, 4, 8);
    put(&mut before, 8, 7);
    seal(&mut before);
    (before, after)
}

fn service_pack(hive: impl ReadAt) -> String {
    let hive = Hive::open(hive).unwrap();
    let key = hive.key(NT).unwrap().unwrap();
    let Data::Text(text) = key.value("CSDVersion").unwrap().unwrap().data().unwrap() else { panic!("no text") };
    assert!(hive.condition().is_sound() || hive.condition().unfinished);
    text
}

/// The log of Windows NT 3.1 to 8: the sectors that differ.
pub(crate) fn sectors(before: &[u8], after: &[u8]) -> Vec<u8> {
    let mut log = before[..512].to_vec();
    put(&mut log, 4, 8);
    put(&mut log, 8, 8);
    put(&mut log, 28, 1);
    seal(&mut log);
    let bins = get(before, 40) as usize;
    let mut map = vec![0_u8; bins / 4096];
    let mut dirty = Vec::new();
    for number in 0..bins / 512 {
        let sector = 4096 + number * 512..4096 + number * 512 + 512;
        if before[sector.clone()] != after[sector.clone()] {
            map[number / 8] |= 1 << (number % 8);
            dirty.extend_from_slice(&after[sector]);
        }
    }
    log.extend_from_slice(b"DIRT");
    log.extend(map);
    log.resize(log.len().next_multiple_of(512), 0);
    log.extend(dirty);
    log
}

#[test]
fn the_sectors_of_an_older_log_are_applied() {
    let (before, after) = before_and_after();
    assert_eq!(service_pack(&before), "Service Pack 1");
    let logs = [("software.log".to_owned(), sectors(&before, &after))];
    let (hive, outcome) = replay(&before, &logs).unwrap();
    assert!(matches!(outcome, Replay::Applied { pages: 1.., lost: None }), "{outcome:?}");
    assert_eq!(service_pack(hive), "Service Pack 3");
}

#[test]
fn a_log_that_does_not_fit_is_refused_and_named() {
    let (before, after) = before_and_after();
    let sound = sectors(&before, &after);
    let other = |at: usize, number: u32| {
        let mut log = sound.clone();
        put(&mut log, at, number);
        seal(&mut log);
        log
    };
    let cut = sound[..sound.len() - 1].to_vec();
    for (log, expected) in [
        (Vec::new(), "it is empty"),
        (other(4, 9), "it was not written to its end itself"),
        (other(12, 77), "another state of the hive"),
        (cut, "it ends before its last sector"),
        (vec![0; 1024], "it does not begin as a log does"),
    ] {
        let (hive, outcome) = replay(&before, &[("software.log".to_owned(), log)]).unwrap();
        let Replay::Refused { why } = outcome else { panic!("{expected}: {outcome:?}") };
        assert!(why.contains("software.log") && why.contains(expected), "{why}");
        assert_eq!(service_pack(hive), "Service Pack 1");
    }
    let (_, outcome) = replay(&before, &[] as &[(String, Vec<u8>)]).unwrap();
    assert!(matches!(outcome, Replay::Refused { why } if why == "there is no log beside it"));
}

#[test]
fn a_hive_that_was_written_to_its_end_needs_no_log() {
    let (before, after) = before_and_after();
    let logs = [("software.log".to_owned(), sectors(&before, &after))];
    let (hive, outcome) = replay(&after, &logs).unwrap();
    assert_eq!((service_pack(hive), outcome), ("Service Pack 3".to_owned(), Replay::NotNeeded));
}

/// The Marvin32 hash of a log's entries, with the seed of the registry: the words, then the rest with a bit after it,
/// then a word of zeros.
fn marvin(bytes: &[u8]) -> u64 {
    let (mut a, mut b) = (0x7a4e_55c5_u32, 0x82ef_4d88_u32);
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(4) + 4, 0);
    for word in padded.chunks(4) {
        a = a.wrapping_add(u32::from_le_bytes(word.try_into().unwrap()));
        b ^= a;
        a = a.rotate_left(20).wrapping_add(b);
        b = b.rotate_left(9) ^ a;
        a = a.rotate_left(27).wrapping_add(b);
        b = b.rotate_left(19);
    }
    u64::from(b) << 32 | u64::from(a)
}

/// An entry of such a log: its number, the size of the hive's bins, its pages by their offset.
fn entry(sequence: u32, bins: u32, pages: &[(u32, &[u8])]) -> Vec<u8> {
    let mut entry = b"HvLE".to_vec();
    let bytes: usize = pages.iter().map(|(_, page)| 8 + page.len()).sum();
    let size = (40 + bytes).next_multiple_of(512);
    for number in [size as u32, 0, sequence, bins, pages.len() as u32] {
        entry.extend(number.to_le_bytes());
    }
    entry.resize(40, 0);
    for (at, page) in pages {
        entry.extend([*at, page.len() as u32].map(u32::to_le_bytes).concat());
    }
    pages.iter().for_each(|(_, page)| entry.extend(*page));
    entry.resize(size, 0);
    let hash = marvin(&entry[40..]);
    entry[24..32].copy_from_slice(&hash.to_le_bytes());
    let hash = marvin(&entry[..32]);
    entry[32..40].copy_from_slice(&hash.to_le_bytes());
    entry
}

/// The log of Windows 8.1 and later: the pages that differ, each in one entry.
pub(crate) fn entries(before: &[u8], after: &[u8]) -> Vec<u8> {
    let mut log = before[..512].to_vec();
    put(&mut log, 28, 6);
    seal(&mut log);
    let mut sequence = get(before, 8);
    for at in (4096..before.len()).step_by(4096) {
        let page = at..(at + 4096).min(before.len());
        if before[page.clone()] == after[page.clone()] {
            continue;
        }
        let entry = entry(sequence, get(before, 40), &[((at - 4096) as u32, &after[page])]);
        log.extend(entry);
        sequence += 1;
    }
    log
}

#[test]
fn the_entries_of_a_newer_log_are_applied_up_to_the_first_damaged_one() {
    let (before, after) = before_and_after();
    let log = entries(&before, &after);
    let (hive, outcome) = replay(&before, &[("SOFTWARE.LOG1".to_owned(), log.clone())]).unwrap();
    assert!(matches!(outcome, Replay::Applied { pages: 1.., lost: None }), "{outcome:?}");
    assert_eq!(service_pack(hive), "Service Pack 3");
    for at in [512 + 13, 512 + 24, 512 + 33, 512 + 48, log.len() - 1] {
        let mut log = log.clone();
        log[at] ^= 1;
        let (hive, _) = replay(&before, &[("SOFTWARE.LOG1".to_owned(), log)]).unwrap();
        let found = service_pack(hive);
        // The last byte belongs to the last entry; all others to the first.
        assert!(found == "Service Pack 1" || at > 4096, "{at}: {found}");
    }
}

/// Issue 16, point 13: wherever a log is cut, and whatever bit of it is flipped, the hive is either unchanged or has
/// the pending changes.
#[test]
fn a_log_that_is_cut_or_flipped_anywhere_invents_nothing() {
    let (before, after) = before_and_after();
    for (name, log) in [("software.log", sectors(&before, &after)), ("SOFTWARE.LOG1", entries(&before, &after))] {
        let read = |log: &[u8]| {
            let (hive, outcome) = replay(&before, &[(name.to_owned(), log)]).unwrap();
            let mut whole = vec![0; hive.size().unwrap() as usize];
            assert_eq!(hive.read_at(&mut whole, 0).unwrap(), whole.len());
            (whole[4096..].to_vec(), outcome)
        };
        let applied = read(&log).0;
        assert_eq!(applied, after[4096..]);
        for length in 0..log.len() {
            let (found, outcome) = read(&log[..length]);
            let is_whole = matches!(outcome, Replay::Applied { .. });
            assert!(found == before[4096..] || (is_whole && name.ends_with('1')), "{name}: {length}");
        }
        // The older log has only the checksum of its base block.
        let checked = if name.ends_with('1') { log.len() } else { 512 };
        for at in 0..checked {
            let mut log = log.clone();
            log[at] ^= 1 << (at % 8);
            let (found, _) = read(&log);
            let pages = found.chunks(4096).zip(before[4096..].chunks(4096)).zip(after[4096..].chunks(4096));
            for (page, ((found, before), after)) in pages.enumerate() {
                assert!(found == before || found == after, "{name}: byte {at}, page {page}");
            }
        }
    }
}

/// Issue 16, point 13 (fuzzing): an empty page made a hive of any size, and bytes between the end of the file and a
/// page after it could not be read.
#[test]
fn pages_after_the_end_of_the_hive_leave_zeros_and_empty_ones_nothing() {
    let (before, _) = before_and_after();
    let log = |pages: &[(u32, &[u8])]| {
        let mut log = before[..512].to_vec();
        put(&mut log, 28, 6);
        seal(&mut log);
        log.extend(entry(get(&before, 8), get(&before, 40), pages));
        [("SOFTWARE.LOG1".to_owned(), log)]
    };
    let (hive, _) = replay(&before, &log(&[(1 << 30, &[])])).unwrap();
    assert_eq!(hive.size().unwrap(), before.len() as u64);
    let end = before.len() as u64;
    let far = (before.len() - 4096 + 8192) as u32;
    let (hive, outcome) = replay(&before, &log(&[(far, &[7; 4096])])).unwrap();
    assert_eq!((hive.size().unwrap(), outcome), (end + 12_288, Replay::Applied { pages: 1, lost: None }));
    for (at, expected) in [(end - 2, [before[before.len() - 2], before[before.len() - 1], 0, 0]), (end + 100, [0; 4])] {
        let mut bytes = [9; 4];
        assert_eq!((hive.read_at(&mut bytes, at).unwrap(), bytes), (4, expected));
    }
    let mut bytes = [9; 4];
    assert_eq!((hive.read_at(&mut bytes, end + 8190).unwrap(), bytes), (4, [0, 0, 7, 7]));
    assert_eq!(hive.read_at(&mut bytes, end + 12_287).unwrap(), 1);
}

/// Compares both kinds of logs with the Python package regipy: both restore the same bytes after the base block.
#[test]
fn regipy_restores_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let (before, after) = before_and_after();
    let program = "import sys\nfrom regipy.recovery import apply_transaction_logs as a\na(sys.argv[1], sys.argv[2], None, sys.argv[3])";
    let found = std::process::Command::new("python3").args(["-c", "import regipy"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        println!("without the Python package regipy there is nothing to compare with");
        return;
    }
    for (name, log) in [("SOFTWARE.LOG", sectors(&before, &after)), ("SOFTWARE.LOG1", entries(&before, &after))] {
        std::fs::write(file("SOFTWARE"), &before).unwrap();
        std::fs::write(file(name), &log).unwrap();
        let paths = [file("SOFTWARE"), file(name), file("restored")];
        let output = std::process::Command::new("python3").args(["-c", program]).args(paths).output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let theirs = std::fs::read(file("restored")).unwrap();
        let (hive, _) = replay(&before, &[(name.to_owned(), log)]).unwrap();
        let mut ours = vec![0; theirs.len()];
        assert_eq!(hive.read_at(&mut ours, 0).unwrap(), ours.len(), "{name}");
        assert!(ours[4096..] == theirs[4096..], "{name}");
        assert!(theirs[4096..] != before[4096..], "{name}: nothing was restored");
    }
}

/// Issue 16: complete entries are applied, and the loss of later changes is reported.
#[test]
fn entries_that_are_lost_after_those_that_were_applied_are_named() {
    let (before, after) = before_and_after();
    let page = |bytes: &[u8]| bytes[4096..8192].to_vec();
    let (old, new) = (page(&before), page(&after));
    let bins = get(&before, 40);
    let head = entries(&before, &before);
    let log = |entries: &[Vec<u8>]| [std::slice::from_ref(&head), entries].concat().concat();
    let (first, second, third) =
        (entry(7, bins, &[(0, &old)]), entry(8, bins, &[(0, &new)]), entry(9, bins, &[(0, &new)]));
    let mut flipped = second.clone();
    flipped[200] ^= 1;
    let cut = second[..second.len() - 700].to_vec();
    let lost = |logs: &[Vec<u8>]| {
        let logs: Vec<_> =
            (1..).zip(logs).map(|(number, log)| (format!("SOFTWARE.LOG{number}"), log.clone())).collect();
        match replay(&before, &logs).unwrap().1 {
            Replay::Applied { lost, .. } => lost.unwrap_or_default(),
            other => panic!("{other:?}"),
        }
    };
    for damaged in [
        &[log(&[first.clone(), flipped.clone()])][..],
        &[log(&[first.clone(), cut])],
        &[log(&[first.clone(), third.clone()])],
        &[log(std::slice::from_ref(&first)), log(&[third])],
        &[log(std::slice::from_ref(&first)), log(std::slice::from_ref(&flipped))],
    ] {
        assert_eq!(lost(damaged), "what follows entry 7 of the logs is damaged or missing");
    }
    // Undamaged logs begin with the sequence number of the hive's last write, which is 7.
    assert_eq!(lost(&[log(std::slice::from_ref(&second))]), "what precedes entry 8 of the logs is missing");
    // The other log has the complete entry, and entries of an earlier use follow the last one.
    let stale = entry(3, bins, &[(0, &old)]);
    assert_eq!(lost(&[log(&[first.clone(), flipped]), log(std::slice::from_ref(&second))]), "");
    assert_eq!(lost(&[log(&[first, second, stale])]), "");
}
