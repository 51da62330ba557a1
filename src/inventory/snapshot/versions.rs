//! Version blocks: files of one build share a block, except for the name.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::FileVersion;
use hotfixcheck_winfiles::binary::{StringTable, VersionInfo};

/// A version resource without the original names of its tables.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct VersionForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fixed_file: Option<FileVersion>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fixed_product: Option<FileVersion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tables: Vec<TableForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    damage: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct TableForm {
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    internal_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
}

/// The original names of a resource's tables.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Originals {
    /// The name, if all tables have the same.
    pub all: Option<String>,
    /// The name of each table, if they differ.
    pub each: Option<Vec<Option<String>>>,
}

/// Each distinct version block once, in the order of the files.
#[derive(Default)]
pub(super) struct Versions {
    places: HashMap<VersionForm, usize>,
    pub blocks: Vec<VersionForm>,
}

impl Versions {
    /// The index of a file's block, and its original names.
    pub(super) fn place(&mut self, info: &VersionInfo) -> (usize, Originals) {
        let block = VersionForm::of(info);
        let place = *self.places.entry(block).or_insert_with_key(|block| {
            self.blocks.push(block.clone());
            self.blocks.len() - 1
        });
        (place, Originals::of(&info.tables))
    }
}

impl VersionForm {
    fn of(info: &VersionInfo) -> Self {
        let table = |table: &StringTable| TableForm {
            key: table.key.clone(),
            file_version: table.file_version.clone(),
            product_version: table.product_version.clone(),
            internal_name: table.internal_name.clone(),
            product_name: table.product_name.clone(),
            company_name: table.company_name.clone(),
        };
        Self {
            fixed_file: info.fixed_file,
            fixed_product: info.fixed_product,
            tables: info.tables.iter().map(table).collect(),
            damage: info.damage.clone(),
        }
    }

    /// The resource of a file with these original names; `None` if the number of names differs from that of tables.
    pub(super) fn info(&self, originals: Originals) -> Option<VersionInfo> {
        let names = match (originals.all, originals.each) {
            (all, None) => vec![all; self.tables.len()],
            (_, Some(each)) => each,
        };
        if names.len() != self.tables.len() {
            return None;
        }
        let table = |(table, original_filename): (&TableForm, Option<String>)| StringTable {
            key: table.key.clone(),
            file_version: table.file_version.clone(),
            product_version: table.product_version.clone(),
            original_filename,
            internal_name: table.internal_name.clone(),
            product_name: table.product_name.clone(),
            company_name: table.company_name.clone(),
        };
        Some(VersionInfo {
            fixed_file: self.fixed_file,
            fixed_product: self.fixed_product,
            tables: self.tables.iter().zip(names).map(table).collect(),
            damage: self.damage.clone(),
        })
    }
}

impl Originals {
    fn of(tables: &[StringTable]) -> Self {
        let mut names = tables.iter().map(|table| &table.original_filename);
        let first = names.next().cloned().flatten();
        if names.all(|name| *name == first) {
            return Self { all: first, each: None };
        }
        Self { all: None, each: Some(tables.iter().map(|table| table.original_filename.clone()).collect()) }
    }
}
