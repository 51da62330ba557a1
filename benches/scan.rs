//! Measures a whole scan in memory: walks, reads and judges a tree with the built-in catalogue, at 1 and at 10 times
//! its size, and with a tenth of the catalogue. The files per second must not fall with the size.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hotfixcheck::assess::{Knowledge, Policy, assess};
use hotfixcheck::catalog::{Catalog, FixIndex};
use hotfixcheck::inventory::{Wanted, walk};
use hotfixcheck::knowledge::Languages;
use hotfixcheck::knowledge::Products;
use hotfixcheck::knowledge::Releases;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use tempfile::TempDir;

/// Every tenth file is a binary, and half of these have names in the catalogue.
fn tree(folder: &Path, files: usize, names: &[&str]) {
    for n in 0..files {
        let place = folder.join(format!("{}", n / 100));
        fs::create_dir_all(&place).unwrap();
        let version = [4, 0, 1381, (n * 7 % 8000) as u16];
        let (name, bytes) = match n % 20 {
            0 => (names[n / 20 % names.len()].to_owned(), PeBuilder::new().fixed(version, version).build()),
            10 => (format!("module{n}.dll"), PeBuilder::new().fixed(version, version).build()),
            _ => (format!("file{n}.txt"), b"text".to_vec()),
        };
        fs::write(place.join(name), bytes).unwrap();
    }
}

fn scan(c: &mut Criterion) {
    let knowledge = Knowledge {
        releases: Releases::embedded().unwrap(),
        languages: Languages::embedded().unwrap(),
        products: Products::embedded().unwrap(),
    };
    let whole = Catalog::embedded().unwrap();
    let tenth: Catalog = whole.articles().iter().step_by(10).cloned().collect();
    let index = FixIndex::new(&whole);
    let names: Vec<&str> = index.names().filter(|name| name.ends_with(".dll") && !name.contains(['/', '\\'])).collect();
    let mut group = c.benchmark_group("scan");
    for files in [2_000, 20_000] {
        let folder = TempDir::new().unwrap();
        tree(folder.path(), files, &names);
        let roots = [folder.path().to_owned()];
        group.throughput(Throughput::Elements(files as u64));
        for (name, catalog) in [("whole catalogue", &whole), ("a tenth of it", &tenth)] {
            let index = FixIndex::new(catalog);
            group.bench_function(BenchmarkId::new(name, files), |bencher| {
                bencher.iter(|| {
                    let inventory = walk(&roots, &Wanted::named(|name| index.knows(name)), &|_| {}).unwrap();
                    black_box(assess(catalog, &inventory, &knowledge, &Policy::default()))
                });
            });
        }
    }
    group.finish();
    c.bench_function("read the built-in catalogue", |bencher| bencher.iter(|| black_box(Catalog::embedded().unwrap())));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = scan
}
criterion_main!(benches);
