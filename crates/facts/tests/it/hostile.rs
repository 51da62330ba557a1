//! Broken and hostile sources: a clear error or fewer facts, never a panic and never unbounded work (issue 15).

use std::io::{BufReader, Read};

use proptest::prelude::*;

use hotfixcheck_facts::{Facts, FactsError, buildref, cvrf, mssecure, titles, wesng, windows};

type Reader = fn(&[u8]) -> Result<Facts, FactsError>;

const MONTH: &[u8] = include_bytes!("../sources/month.xml");
const MONTH_JSON: &[u8] = include_bytes!("../sources/month.json");
const MSSECURE: &[u8] = include_bytes!("../sources/mssecure.xml");
const DEFINITIONS: &[u8] = include_bytes!("../sources/definitions.csv");

const READERS: [(&str, Reader, &[u8]); 7] = [
    ("cvrf xml", |bytes| cvrf::read("x", bytes), MONTH),
    ("cvrf json", |bytes| cvrf::read("x", bytes), MONTH_JSON),
    ("mssecure", |bytes| mssecure::read("x", bytes), MSSECURE),
    ("wesng", |bytes| wesng::read("x", bytes), DEFINITIONS),
    ("buildref", |bytes| buildref::read("x", bytes), br#"{"Data": [{"Version": "13.0.5149", "KBList": "4135048"}]}"#),
    (
        "updates",
        |bytes| windows::read_updates("x", bytes),
        b"product\trelease\tkind\torder\trevision\tkb\nWindows 10\t17763\trollup\t1\t55\t4464330\n",
    ),
    ("titles", |bytes| titles::read("x", bytes), b"bulletin\tkb\ttitle\nMS05-040\tKB893756\tA title\n"),
];

/// A document that was cut off is an error. Formats of lines cannot detect a cut at the end of a line.
#[test]
fn cut_off_documents_are_errors() {
    for (name, read, whole) in &READERS[..3] {
        read(whole).unwrap();
        let end = whole.trim_ascii_end().len();
        for cut in (0..end).step_by(7) {
            assert!(read(&whole[..cut]).is_err(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn entities_are_not_expanded() {
    let bomb =
        br#"<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
        <cvrf:cvrfdoc><cvrf:DocumentTitle>&b;</cvrf:DocumentTitle></cvrf:cvrfdoc>"#;
    let error = cvrf::read("bomb.xml", &bomb[..]).unwrap_err().to_string();
    assert!(error.contains("expected a document without a document type"), "{error}");
    let unknown = br"<cvrfdoc><a>&lol;</a></cvrfdoc>";
    let error = cvrf::read("x.xml", &unknown[..]).unwrap_err().to_string();
    assert!(error.contains("expected only the entities of XML itself, found '&lol;'"), "{error}");
}

#[test]
fn long_names_are_errors_that_show_little() {
    let long = "x".repeat(1 << 20);
    let text = String::from_utf8_lossy(MONTH).replace("Microsoft SQL Server 2019 for", &long);
    let error = cvrf::read("long.xml", text.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("expected at most 65536 bytes in 'FullProductName'") && error.len() < 300, "{error}");
    let text = String::from_utf8_lossy(MSSECURE).replace("Windows 2000 Server", &long);
    assert!(mssecure::read("long.xml", text.as_bytes()).unwrap_err().to_string().len() < 300);
    let text = String::from_utf8_lossy(DEFINITIONS).replace("Elevation", &long);
    assert!(wesng::read("long.csv", text.as_bytes()).unwrap_err().to_string().len() < 300);
    let text = String::from_utf8_lossy(MONTH_JSON).replace("5033372", &long);
    assert!(cvrf::read("long.json", text.as_bytes()).unwrap_err().to_string().len() < 300);
    // Of a root element of a megabyte only the beginning is shown.
    assert!(cvrf::read("long.xml", format!("<{long}/>").as_bytes()).unwrap_err().to_string().len() < 300);
}

/// Every how many cases one is run, as in the other crates (`thorough.rs` of the test kit, which reads binaries and which
/// this crate does not depend on).
fn one_of(sample: usize) -> usize {
    if std::env::var_os("HOTFIXCHECK_EVERY_CASE").is_some_and(|value| value == "true") { 1 } else { sample }
}

/// Gigabytes without an end of an item: the reader fails after some megabytes and does not keep them in memory.
#[test]
fn endless_items_are_given_up() {
    let endless = |start: &'static str| BufReader::new(start.as_bytes().chain(std::io::repeat(b'a').take(1 << 32)));
    let starts = ["<cvrfdoc><a>", "{\"Vulnerability\": \"", "<a b='", "{\"a\": \"", "{\"ProductTree\":{\"a\":\""];
    // Each is read for more than half a second: outside of CI one for XML, and one for JSON below.
    for start in starts.into_iter().step_by(one_of(5)) {
        let error = cvrf::read("endless", endless(start)).unwrap_err().to_string();
        assert!(error.contains("an item of more than 16 MB"), "{start}: {error}");
    }
    assert!(wesng::read_csv("endless", endless("\"")).unwrap_err().to_string().contains("16 MB"));
    assert!(titles::read("endless", endless("")).unwrap_err().to_string().contains("16 MB"));
    assert!(buildref::read("endless", endless("{\"a\":\"")).unwrap_err().to_string().contains("16 MB"));
}

#[test]
fn deep_nesting_is_an_error() {
    let xml = format!("<cvrfdoc>{}", "<a>".repeat(100_000));
    let error = cvrf::read("deep.xml", xml.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("at most 64 elements in each other"), "{error}");
    let json = format!("{{\"ProductTree\":{}", "{\"Branch\":[".repeat(100_000));
    cvrf::read("deep.json", json.as_bytes()).unwrap_err();
}

#[test]
fn wrong_types_are_errors() {
    for text in [
        "{\"ProductTree\":3}",
        "{\"Vulnerability\":{}}",
        "{\"ProductTree\":{\"FullProductName\":[{\"ProductID\":1,\"Value\":\"x\"}]}}",
    ] {
        let error = cvrf::read("t.json", text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("line 1, column "), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever byte is changed: facts or an error, in linear time.
    #[test]
    fn damaged_documents_never_panic(which in 0..READERS.len(), at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>()) {
        let (_, read, whole) = READERS[which];
        let mut bytes = whole.to_vec();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        let _ = read(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let _ = read(&bytes);
    }

    #[test]
    fn random_bytes_never_panic(which in 0..READERS.len(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (_, read, _) = READERS[which];
        let _ = read(&bytes);
    }
}

/// Issue 15: what Windows PowerShell writes: a byte order mark, or UTF-16 with one. All kinds read it.
#[test]
fn byte_order_marks_and_utf_16_are_read() {
    for (name, read, whole) in READERS {
        let text = std::str::from_utf8(whole).unwrap();
        let expected = read(whole).unwrap();
        let marked = [b"\xef\xbb\xbf", whole].concat();
        let units = |to: fn(u16) -> [u8; 2]| {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(to).collect::<Vec<u8>>()
        };
        for bytes in [marked, units(u16::to_le_bytes), units(u16::to_be_bytes)] {
            let found = read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(found.articles, expected.articles, "{name}");
            assert!(read(&bytes[..bytes.len() - 1]).is_err() || !bytes.starts_with(b"\xff\xfe"), "{name}: half a unit");
        }
    }
}

/// Issue 15: "found '('" for a packed file, names of the program's types, and a wrong place for another encoding.
#[test]
fn messages_say_what_to_do() {
    for (name, read, _) in READERS {
        for (signature, what) in [(&b"\x28\xb5\x2f\xfd1234"[..], "a Zstandard file"), (b"\x1f\x8b12345", "a gzip file")]
        {
            let error = read(signature).unwrap_err().to_string();
            assert!(error.contains(&format!("found {what}; unpack it first")), "{name}: {error}");
        }
    }
    assert!(cvrf::read("x.zip", &b"PK\x03\x0412345"[..]).unwrap_err().to_string().contains("found a ZIP file; unpack"));
    for text in ["[1]", r#"{"Data": 1}"#, r#"{"Data": [[1]]}"#, r#"{"Data": [{"Version": "13.0.1", "KBList": {}}]}"#] {
        let error = buildref::read("x", text.as_bytes()).unwrap_err().to_string();
        assert!(!error.contains("struct ") && !error.contains("enum ") && !error.contains("OneOrMore"), "{error}");
    }
    let latin = [&b"<?xml version='1.0'?><cvrfdoc><DocumentTitle>caf"[..], b"\xe9</DocumentTitle></cvrfdoc>"].concat();
    let error = cvrf::read("x.xml", &latin[..]).unwrap_err().to_string();
    let place = latin.iter().position(|byte| *byte == 0xe9).unwrap();
    assert!(
        error.contains(&format!("byte {place}: expected UTF-8")) && error.contains("save the file as UTF-8"),
        "{error}"
    );
}
