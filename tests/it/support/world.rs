//! A working folder with trees of small files and a catalogue, and the program run in it.

#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck_articles::Article;
use serde_json::Value;
use tempfile::TempDir;

use hotfixcheck_testkit::pe_builder::PeBuilder;

/// The folder; it is deleted with the value.
pub(crate) struct World(TempDir);

impl World {
    /// A folder with a catalogue of these articles.
    pub(crate) fn new(articles: Vec<Article>) -> Self {
        let world = Self(TempDir::new().unwrap());
        let catalog: Catalog = articles.into_iter().collect();
        world.write("catalog.tsv", catalog::write(&catalog).as_bytes());
        world
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    /// A file of Windows NT 4.0 with this revision.
    pub(crate) fn pe(&self, name: &str, revision: u16) {
        let version = [4, 0, 1381, revision];
        self.write(name, &PeBuilder::new().fixed(version, version).build());
    }

    /// Exit code, standard output, standard error of a run in the folder.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck")).args(args).current_dir(self.0.path()).output();
        let output = output.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// A scan with the folder's catalogue.
    pub(crate) fn scan(&self, args: &[&str]) -> (i32, String, String) {
        self.run(&[&["scan", "--catalog", "catalog.tsv", "--today", "2026-06-15"], args].concat())
    }

    /// A scan's JSON report, which is also written to this file.
    pub(crate) fn report(&self, name: &str, args: &[&str]) -> Value {
        let (code, _, err) = self.scan(&[args, &["--format", "json", "-o", name]].concat());
        assert!([0, 1, 3].contains(&code), "{code}: {err}");
        serde_json::from_slice(&fs::read(self.path(name)).unwrap()).unwrap()
    }
}
