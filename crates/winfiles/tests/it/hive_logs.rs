//! Transaction logs beside a hive whose last write was not finished (issue 16, point 2).

use hotfixcheck_testkit::hive_builder::{get, put, seal};
use hotfixcheck_testkit::registry::{NT, software};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::hive::{Data, Hive, Replay, replay};

/// A hive as it lies there, unfinished, and as it was to become. Both have the same cells.
fn before_and_after() -> (Vec<u8>, Vec<u8>) {
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
fn sectors(before: &[u8], after: &[u8]) -> Vec<u8> {
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
    assert!(matches!(outcome, Replay::Applied { pages: 1.. }), "{outcome:?}");
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
