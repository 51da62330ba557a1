//! Measures reading one file's version: from memory (parsing alone) and from an open file (with its system calls).

use std::hint::black_box;
use std::io::Write;

use criterion::{Criterion, criterion_group, criterion_main};
use hotfixcheck_winfiles::binary::{Reader, VersionOutcome};

use hotfixcheck_testkit::pe_builder::{PeBuilder, Placement};

fn tapisrv() -> PeBuilder {
    PeBuilder::new().fixed([4, 0, 1381, 7097], [4, 0, 1381, 7097]).table(
        "040904B0",
        &[
            ("CompanyName", "Microsoft Corporation"),
            ("FileDescription", "Microsoft Windows(TM) Telephony Server"),
            ("FileVersion", "4.00"),
            ("InternalName", "Telephony Service"),
            ("LegalCopyright", "Copyright (C) Microsoft Corp. 1981-1996"),
            ("OriginalFilename", "TAPISRV.EXE"),
            ("ProductName", "Microsoft(R) Windows NT(TM) Operating System"),
            ("ProductVersion", "4.00"),
        ],
    )
}

fn languages(count: u16) -> PeBuilder {
    (1..count).fold(tapisrv(), |builder, language| {
        builder.language(0x400 + language).table("040004E4", &[("FileVersion", "4.00"), ("ProductVersion", "4.00")])
    })
}

fn version_reading(c: &mut Criterion) {
    let fixtures = [
        ("own section", tapisrv().build()),
        ("pe32+ in text", tapisrv().pe32_plus().placement(Placement::InText).build()),
        ("behind 4 KiB", tapisrv().header_offset(0x3000).build()),
        ("36 languages", languages(36).build()),
        ("no resources", tapisrv().without_resources().build()),
    ];
    let mut reader = Reader::new();
    for (name, bytes) in &fixtures {
        let expects_version = *name != "no resources";
        let binary = reader.read(bytes).expect("a sound fixture");
        assert_eq!(matches!(binary.version, VersionOutcome::Found(_)), expects_version, "{name}");
    }

    let mut group = c.benchmark_group("memory");
    for (name, bytes) in &fixtures {
        group.bench_function(*name, |b| b.iter(|| reader.read(black_box(bytes))));
    }
    group.finish();

    let mut group = c.benchmark_group("file");
    for (name, bytes) in &fixtures {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(bytes).expect("room for a few kilobytes");
        group.bench_function(*name, |b| b.iter(|| reader.read(black_box(&file))));
    }
    group.finish();
}

criterion_group!(benches, version_reading);
criterion_main!(benches);
