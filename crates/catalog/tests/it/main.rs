//! The compiled form: everything that was written is found and read; hostile bytes give an error.

use std::collections::BTreeSet;

use hotfixcheck_catalog::{Compiled, HEADER, OpenError, Source, compile, split};
use proptest::prelude::*;

const VERSION: &str = "1.2.3";

fn lines(catalogue: &Compiled, article: u32) -> Vec<(usize, Vec<String>)> {
    let (mut lines, mut fields, mut all) = (catalogue.lines(article).unwrap(), Vec::new(), Vec::new());
    while let Some(line) = lines.next_line(&mut fields).unwrap() {
        all.push((line.source, fields.iter().map(ToString::to_string).collect()));
    }
    all
}

fn open(texts: &[&str]) -> Compiled {
    let sources: Vec<Source<'_>> = texts.iter().map(|text| Source::new("x.tsv", text)).collect();
    Compiled::open(compile(&sources, &[], VERSION).unwrap(), VERSION).unwrap()
}

#[test]
fn several_sources_of_one_article_stand_in_their_order() {
    let first = format!("{HEADER}\nA\tQ100001\t2001-01-01\tOne\nF\t1\ttable\ta.dll\n");
    let second = format!("{HEADER}\n# a comment\nA\tKB100001\t\tTwo\nC\tCVE-2001-0001\nA\tKB500000\t\tThree\n");
    let catalogue = open(&[&first, &second]);
    assert_eq!((catalogue.len(), catalogue.stating_fix()), (2, 1));
    let of: Vec<usize> = lines(&catalogue, 0).iter().map(|(source, _)| *source).collect();
    assert_eq!(of, [0, 0, 1, 1]);
    assert_eq!(catalogue.of_file("a.dll"), [0]);
    assert_eq!(catalogue.naming("cve-2001-0001"), [0]);
    assert_eq!(catalogue.coverage(), Some(("2001-01-01", "2001-01-01")));
    assert_eq!(catalogue.number("Q500000".parse().unwrap()), Some(1));
}

#[test]
fn what_cannot_be_compiled_is_named_with_its_line() {
    let cases = [
        ("", "x.tsv: line 1: expected 'hotfixcheck-catalog 1', found ''"),
        ("nonsense\n", "x.tsv: line 1: expected 'hotfixcheck-catalog 1', found 'nonsense'"),
        (
            "hotfixcheck-catalog\t1\nF\t1\ttable\ta.dll\n",
            "x.tsv: line 2: expected a line of kind A: nothing stands before the first article",
        ),
        ("hotfixcheck-catalog\t1\nA\tQ100001\nA\tQ100001\n", "x.tsv: line 3: the article Q100001 is there twice"),
    ];
    for (text, what) in cases {
        assert_eq!(compile(&[Source::new("x.tsv", text)], &[], VERSION).unwrap_err().to_string(), what);
    }
    let id = compile(&[Source::new("x.tsv", "hotfixcheck-catalog\t1\nA\tQx\n")], &[], VERSION).unwrap_err();
    assert_eq!((id.line, id.source.as_str()), (2, "x.tsv"));
}

#[test]
fn builds_of_a_system_count_only_where_the_source_is_trusted() {
    let text = format!("{HEADER}\nA\tKB500000\nD\tWindows 10\t19045.1\nD\tSQL Server\t2019.150.1\tSqlservr.exe\n");
    let source = Source { system_builds: false, ..Source::new("x.tsv", &text) };
    let catalogue = Compiled::open(compile(&[source], &[], VERSION).unwrap(), VERSION).unwrap();
    assert_eq!(catalogue.of_build("", "19045."), [0u32; 0]);
    assert_eq!(catalogue.of_build("sqlservr.exe", "2019.150."), [0]);
    assert_eq!(catalogue.sources(), [("x.tsv", false)]);
}

/// A row says which fields are not those of the row before, and which file it is about (issue 15, point 8).
#[test]
fn a_row_tells_what_it_repeats_and_its_file() {
    let rows = "F\t1\ttable\tb.dll\t1.0\nF\t2\ttable\tA.dll\t1.0\nF\t3\ttable\ta.dll\nF\t3\ttable\ta.dll\n";
    let catalogue = open(&[&format!("{HEADER}\nA\tQ100001\n{rows}A\tQ100002\nF\t3\ttable\ta.dll\n")]);
    let told = |article: u32| {
        let (mut lines, mut fields, mut told) = (catalogue.lines(article).unwrap(), Vec::new(), Vec::new());
        while let Some(line) = lines.next_line(&mut fields).unwrap() {
            told.push((line.changed, line.file));
        }
        told
    };
    let all = u32::MAX;
    assert_eq!(told(0), [(all, None), (all, Some(1)), (0b1010, Some(0)), (all, Some(0)), (0, Some(0))]);
    assert_eq!(told(1), [(all, None), (all, Some(0))]);
    assert_eq!(catalogue.file_keys().collect::<Vec<_>>(), ["a.dll", "b.dll"]);
    assert_eq!(catalogue.blocks().file_key(1), Ok("b.dll"));
    assert!(catalogue.blocks().file_key(2).is_err());
}

/// Articles that state nothing but service packs are known as such without being read.
#[test]
fn articles_of_service_packs_are_grouped() {
    let of = |id: u32, lines: &str| format!("A\t{id}\t\ttitle\n{lines}");
    let pack = "S\tWindows NT 4.0\t4\n";
    let lines = [
        of(100_001, pack),
        of(100_002, &format!("P\tWindows NT\n{pack}")),
        of(100_003, &format!("B\tMS02-001\n{pack}")),
        of(100_004, &format!("{pack}S\tWindows 2000\t1\n")),
        of(100_005, &format!("{pack}F\t1\ttable\ta.dll\n")),
        of(100_006, "S\tWindows NT 4.0\t4\tmore\n"),
        of(100_007, "S\tWindows NT 4.0\t\n"),
    ];
    let text = format!("{HEADER}\n{}", lines.concat());
    let found = |catalogue: &Compiled| {
        let groups = catalogue.of_service_packs();
        let mut found: Vec<_> =
            groups.map(|of| (format!("{:?}", of.packs), of.is_plain, of.has_files, of.articles)).collect();
        found.sort();
        found
    };
    let (nt, both) = ("[(\"Windows NT 4.0\", \"4\")]", "[(\"Windows NT 4.0\", \"4\"), (\"Windows 2000\", \"1\")]");
    let expected = [
        (both.to_owned(), true, false, vec![3]),
        ("[(\"Windows NT 4.0\", \"\")]".to_owned(), false, false, vec![6]),
        (nt.to_owned(), false, false, vec![2, 5]),
        (nt.to_owned(), true, false, vec![0, 1]),
        (nt.to_owned(), false, true, vec![4]),
    ];
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(found(&open(&[&text])), expected);
    // What a second source adds has to be read.
    let second = format!("{HEADER}\n{}", of(100_001, "C\tCVE-2001-0001\n"));
    let twice = found(&open(&[&text, &second]));
    assert!(twice.contains(&(nt.to_owned(), false, false, vec![0, 2, 5])), "{twice:?}");
}

#[test]
fn a_compiled_catalogue_opens_in_two_parts() {
    let text = format!("{HEADER}\nA\tQ100001\t\tÜ\nF\t1\tlist\ta.dll\n");
    let bytes = compile(&[Source::new("x.tsv", &text)], &[], VERSION).unwrap();
    let (before, strings) = split(&bytes).unwrap();
    let (before, strings): (&'static [u8], &'static str) =
        (Box::leak(Box::from(before)), Box::leak(Box::from(strings)));
    let catalogue = Compiled::open_static(before, strings, VERSION).unwrap();
    assert_eq!(lines(&catalogue, 0), lines(&open(&[&text]), 0));
    assert!(catalogue.static_blocks().is_some() && catalogue.knows_file("a.dll"));
    let whole: &'static [u8] = Box::leak(Box::from(&*bytes));
    let catalogue = Compiled::open_for_good(whole, VERSION).unwrap();
    assert_eq!(lines(&catalogue, 0), lines(&open(&[&text]), 0));
    assert!(catalogue.static_blocks().is_some());
    for length in 0..whole.len() {
        assert!(Compiled::open_for_good(&whole[..length], VERSION).is_err(), "{length}");
    }
    assert_eq!(Compiled::open_static(before, &strings[..1], VERSION).unwrap_err(), OpenError::Damaged);
    assert_eq!(Compiled::open_static(&before[..before.len() - 1], strings, VERSION).unwrap_err(), OpenError::Damaged);
    assert!(split(&bytes[..60]).is_none() && split(b"").is_none());
}

/// A forged checksum makes any content possible: no panic, no endless loop.
fn forged(mut bytes: Vec<u8>) -> Result<Compiled, OpenError> {
    let (checksum, body) = (44, 48);
    if bytes.len() > body {
        let sum = crc32(&bytes[body..]);
        bytes[checksum..body].copy_from_slice(&sum.to_le_bytes());
    }
    Compiled::open(bytes, VERSION)
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

fn ask_everything(catalogue: &Compiled) {
    let _ = (catalogue.knows_file("a.dll"), catalogue.of_file("b.dll"), catalogue.naming("MS02-018"));
    let _ = (catalogue.of_build("", "19045"), catalogue.coverage(), catalogue.sources());
    let _ = (catalogue.of_service_packs().count(), catalogue.unordered().count(), catalogue.file_keys().count());
    for article in 0..catalogue.len().min(100) as u32 {
        if let Ok(mut lines) = catalogue.lines(article) {
            let mut fields = Vec::new();
            while let Ok(Some(_)) = lines.next_line(&mut fields) {}
        }
    }
}

fn articles() -> impl Strategy<Value = Vec<(u32, Vec<Vec<String>>)>> {
    let line = prop::collection::vec("[A-Za-z0-9. ]{0,6}", 1..6).prop_map(|mut fields| {
        fields.insert(0, "F".to_owned());
        fields
    });
    prop::collection::btree_map(1_000u32..99_999_999, prop::collection::vec(line, 0..5), 0..20)
        .prop_map(|map| map.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_written_is_read(articles in articles()) {
        let mut text = format!("{HEADER}\n");
        for (id, lines) in &articles {
            text += &format!("A\t{id}\t\ttitle\n");
            lines.iter().for_each(|line| text += &format!("{}\n", line.join("\t")));
        }
        let catalogue = open(&[&text]);
        prop_assert_eq!(catalogue.len(), articles.len());
        let mut keys = BTreeSet::new();
        for (place, (id, written)) in articles.iter().enumerate() {
            prop_assert_eq!(catalogue.id(place as u32).map(|id| id.number()), Some(*id));
            let read = lines(&catalogue, place as u32);
            prop_assert_eq!(read.len(), written.len() + 1);
            for ((_, read), written) in read.iter().skip(1).zip(written) {
                prop_assert_eq!(read, written);
                let key = hotfixcheck_types::file_key(written.get(3).map_or("", String::as_str));
                prop_assert!(catalogue.of_file(&key).contains(&(place as u32)));
                keys.insert(key);
            }
        }
        prop_assert_eq!(catalogue.file_keys().map(str::to_owned).collect::<BTreeSet<_>>(), keys);
    }

    #[test]
    fn forged_bytes_are_an_error_or_an_answer(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let text = format!("{HEADER}\nA\tQ100001\t\tMS02-018: x\nF\t1\tlist\ta.dll\nA\tQ100002\nS\tWindows NT 4.0\t4\nD\tW\t19045.1\n");
        let mut bytes = compile(&[Source::new("x.tsv", &text)], &[], VERSION).unwrap();
        for (place, byte) in flips {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(catalogue) = forged(bytes) {
            ask_everything(&catalogue);
        }
    }

    #[test]
    fn any_bytes_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Compiled::open(bytes, VERSION).is_err());
    }
}
