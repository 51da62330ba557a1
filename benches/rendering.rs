//! Measures the time for a report of 5,000 findings in each format.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use hotfixcheck::assess::{Judge, Policy, Relevant};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::report::{Look, ReportFormat, RunInfo, View, render};
use hotfixcheck_articles::Article;

#[path = "../tests/it/support/kit.rs"]
mod kit;

use kit::{article, file, inventory, knowledge, row};

const FINDINGS: usize = 5_000;

/// 5,000 articles with one row each, on a hundred files: some fixed, most missing.
fn view() -> View {
    let one = |n: usize| {
        let fix = row(&format!("File{}.dll", n % 100), &format!("4.0.1381.{}", n % 7_000));
        Article {
            title: format!("A Problem of Some Length in Component {n}").into(),
            ..article(&format!("Q{}", 200_000 + n), vec![fix])
        }
    };
    let catalog: Catalog = (0..FINDINGS).map(one).collect();
    let files = (0..100).map(|n| file(&format!("WINNT/System32/FILE{n}.DLL"), "4.0.1381.1381")).collect();
    let (inventory, knowledge, policy) = (inventory(files), knowledge(), Policy::default());
    let relevant = Relevant::whole(&catalog);
    let judge = Judge::new(&relevant, &inventory, knowledge, &policy);
    let run = RunInfo { catalogue: "bench".to_owned(), all: true, plan: true, inactive: true, ..RunInfo::default() };
    View::new(&judge, &run)
}

fn rendering(c: &mut Criterion) {
    let view = view();
    assert_eq!(view.articles.iter().map(|article| article.findings.len()).sum::<usize>(), FINDINGS);
    let formats = [
        ("table", ReportFormat::Table),
        ("json", ReportFormat::Json),
        ("jsonl", ReportFormat::Jsonl),
        ("csv", ReportFormat::Csv),
        ("markdown", ReportFormat::Markdown),
        ("html", ReportFormat::Html),
        ("codequality", ReportFormat::Codequality),
        ("junit", ReportFormat::Junit),
        ("sarif", ReportFormat::Sarif),
    ];
    let mut group = c.benchmark_group("5000 findings");
    group.sample_size(20);
    for (name, format) in formats {
        group.bench_function(name, |b| b.iter(|| render(black_box(&view), format, Look::PLAIN).expect("a report")));
    }
    group.finish();
}

criterion_group!(benches, rendering);
criterion_main!(benches);
