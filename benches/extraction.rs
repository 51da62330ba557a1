//! Measures how fast article text becomes facts: each kind of article at its usual length and at ten times that. Bytes
//! per second must be the same for both lengths, because extraction is linear.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Lines of a body of usual length.
const LINES: usize = 100;

const HEAD: &str = "DOCUMENT:Q100001  30-AUG-2000  [winnt]\nTITLE   :A Long Article\nKEYWORDS:kbWinNT400sp4fix\n\n\
======================================================================\n\
The information in this article applies to:\n\n - Microsoft Windows NT Server versions 4.0, 4.0 SP1\n\n\
======================================================================\n\nRESOLUTION\n==========\n\n";

/// The kinds of articles: the text above the lines, and the lines.
const KINDS: [(&str, &str, &str); 6] = [
    ("no facts", "", "The lamp may stay lit after you have left the room. To turn it off, leave it alone\n"),
    ("steps with paths", "", "2. Click Open, type C:\\Winnt\\System32\\Lamp.exe /v 4.0, and then press ENTER.\n\n"),
    (
        "table",
        "The English version of this fix should have the following file attributes or later:\n\n\
         Date         Time   Version        Size     File name     Platform\n\
         ------------------------------------------------------------------\n",
        "16-Oct-2001  19:23  4.0.1381.7097  150,800  Lampbulb.dll  Intel\n",
    ),
    (
        "list",
        "The fix has the following time stamps:\n\n",
        "06/22/98  5:34p              249,232 LAMPBULB.DLL (Intel)\n",
    ),
    ("sentences", "", "This problem was corrected in Lamp.dll version 4.0.1381.7097 and later.\n\n"),
    ("service packs", "", "This problem was first corrected in Windows NT 4.0 Service Pack 4.\n\n"),
];

/// The golden articles, which cover every layout with a few lines each.
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
    paths
        .iter()
        .filter_map(|p| fs::read(p).ok())
        .map(|bytes| hotfixcheck_articles::decode(&bytes).into_owned())
        .collect()
}

fn extraction(c: &mut Criterion) {
    let articles = golden();
    let bytes: usize = articles.iter().map(String::len).sum();
    let mut group = c.benchmark_group("extraction");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("golden articles", |b| {
        b.iter(|| articles.iter().filter_map(|text| hotfixcheck_articles::parse(black_box(text), None).ok()).count());
    });
    for (kind, above, line) in KINDS {
        for times in [1, 10] {
            let text = [HEAD, above, &line.repeat(LINES * times)].concat();
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new(kind, format!("{times}x")), |b| {
                b.iter(|| {
                    hotfixcheck_articles::parse(black_box(&text), None)
                        .map(|a| a.iter().map(|a| a.fixes.len()).sum::<usize>())
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, extraction);
criterion_main!(benches);
