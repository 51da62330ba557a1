//! How fast article text becomes facts: the golden articles, and one with a long table.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hotfixcheck::article;

fn golden() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|case| fs::read_dir(case.path()).ok())
        .flat_map(|files| files.flatten().map(|f| f.path()))
        .filter(|p| p.file_stem().is_some_and(|s| s == "article"))
        .collect();
    paths.sort();
    paths.iter().filter_map(|p| fs::read(p).ok()).map(|bytes| article::decode(&bytes).into_owned()).collect()
}

fn long_table(rows: usize) -> String {
    let mut text = String::from(
        "DOCUMENT:Q100001  30-AUG-2000  [winnt]\nTITLE   :A Long Table\n\n======\nRESOLUTION\n==========\n\n\
         The English version of this fix should have the following file attributes or later:\n\n\
         Date         Time   Version        Size     File name     Platform\n\
         ------------------------------------------------------------------\n",
    );
    for i in 0..rows {
        text.push_str(&format!("16-Oct-2001  19:23  4.0.1381.{i:<6}  150,800  File{i}.dll  Intel\n"));
    }
    text
}

fn extraction(c: &mut Criterion) {
    let articles = golden();
    let bytes: usize = articles.iter().map(String::len).sum();
    let mut group = c.benchmark_group("extraction");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("golden articles", |b| {
        b.iter(|| articles.iter().filter_map(|text| article::parse(black_box(text), None).ok()).count());
    });
    for rows in [1_000, 10_000] {
        let text = long_table(rows);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("table of {rows} rows"), |b| {
            b.iter(|| article::parse(black_box(&text), None).map(|a| a.fixes.len()));
        });
    }
    group.finish();
}

criterion_group!(benches, extraction);
criterion_main!(benches);
