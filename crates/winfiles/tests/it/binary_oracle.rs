//! Compares our reader with pelite on files that pelite reads well.

use std::collections::BTreeMap;

use hotfixcheck_winfiles::binary::{self, StringTable, VersionOutcome};
use pelite::PeFile;
use proptest::prelude::*;

use hotfixcheck_testkit::pe_builder::{ALPHA, I386, PeBuilder, Placement, X64};

type Strings = BTreeMap<&'static str, String>;

const NAMES: [&str; 5] = ["FileVersion", "ProductVersion", "OriginalFilename", "ProductName", "CompanyName"];

fn ours(table: &StringTable) -> Strings {
    let fields = [
        &table.file_version,
        &table.product_version,
        &table.original_filename,
        &table.product_name,
        &table.company_name,
    ];
    NAMES.into_iter().zip(fields).filter_map(|(name, value)| Some((name, value.clone()?))).collect()
}

fn compare(bytes: &[u8]) {
    let file = PeFile::from_bytes(bytes).unwrap();
    let theirs = file.resources().unwrap().version_info().unwrap();
    let binary = binary::read(bytes).unwrap();
    let VersionOutcome::Found(info) = binary.version else { panic!("not found") };

    assert_eq!(binary.machine_raw, file.file_header().Machine);
    assert_eq!(binary.time_stamp, Some(file.file_header().TimeDateStamp));
    let fixed = theirs.fixed().unwrap();
    assert_eq!(info.fixed_file.unwrap().to_string(), fixed.dwFileVersion.to_string());
    assert_eq!(info.fixed_product.unwrap().to_string(), fixed.dwProductVersion.to_string());

    let theirs: BTreeMap<String, Strings> = theirs
        .file_info()
        .strings
        .into_iter()
        .map(|(language, mut strings)| {
            let kept = NAMES.into_iter().filter_map(|name| Some((name, strings.remove(name)?))).collect();
            (language.to_string(), kept)
        })
        .collect();
    let ours: BTreeMap<String, Strings> =
        info.tables.iter().map(|table| (table.key.to_uppercase(), ours(table))).collect();
    assert_eq!(ours, theirs);
}

fn text() -> impl Strategy<Value = String> {
    // pelite keeps text after a NUL, and drops only one NUL at the end.
    proptest::string::string_regex("[^\u{0}]{0,40}").unwrap()
}

proptest! {
    #[test]
    fn pelite_reads_the_same(
        plus in any::<bool>(),
        machine in prop::sample::select(vec![I386, ALPHA, X64]),
        in_text in any::<bool>(),
        time_stamp in 1_u32..,
        file in any::<[u16; 4]>(),
        product in any::<[u16; 4]>(),
        tables in prop::collection::btree_map("[0-9A-F]{8}", prop::collection::vec(text(), 5), 0..4),
    ) {
        let mut builder = PeBuilder::new().machine(machine).time_stamp(time_stamp).fixed(file, product);
        if plus {
            builder = builder.pe32_plus();
        }
        if in_text {
            builder = builder.placement(Placement::InText);
        }
        for (key, texts) in &tables {
            let strings: Vec<_> = NAMES.into_iter().zip(texts.iter().map(String::as_str)).collect();
            builder = builder.table(key, &strings);
        }
        compare(&builder.build());
    }
}
