//! Version blocks: files of one build share a block, except for the name.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::form::text;

use crate::FileVersion;
use hotfixcheck_winfiles::binary::{StringTable, VersionInfo};

/// A version resource without the original names of its tables.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct VersionForm<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fixed_file: Option<FileVersion>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fixed_product: Option<FileVersion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", borrow)]
    tables: Vec<TableForm<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    damage: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct TableForm<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow, deserialize_with = "text")]
    file_version: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow, deserialize_with = "text")]
    product_version: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow, deserialize_with = "text")]
    internal_name: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow, deserialize_with = "text")]
    product_name: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow, deserialize_with = "text")]
    company_name: Option<Cow<'a, str>>,
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
pub(super) struct Versions<'a> {
    places: HashMap<VersionForm<'a>, usize>,
    pub blocks: Vec<VersionForm<'a>>,
}

impl<'a> Versions<'a> {
    /// The index of a file's block, and its original names.
    pub(super) fn place(&mut self, info: &'a VersionInfo) -> (usize, Originals) {
        let block = VersionForm::of(info);
        let place = *self.places.entry(block).or_insert_with_key(|block| {
            self.blocks.push(block.clone());
            self.blocks.len() - 1
        });
        (place, Originals::of(&info.tables))
    }
}

impl<'a> VersionForm<'a> {
    fn of(info: &'a VersionInfo) -> Self {
        let text = |text: &'a Option<String>| text.as_deref().map(Cow::Borrowed);
        let table = |table: &'a StringTable| TableForm {
            key: table.key.as_str().into(),
            file_version: text(&table.file_version),
            product_version: text(&table.product_version),
            internal_name: text(&table.internal_name),
            product_name: text(&table.product_name),
            company_name: text(&table.company_name),
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
        let text = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
        let table = |(table, original_filename): (&TableForm<'_>, Option<String>)| StringTable {
            key: table.key.clone().into_owned(),
            file_version: text(&table.file_version),
            product_version: text(&table.product_version),
            original_filename,
            internal_name: text(&table.internal_name),
            product_name: text(&table.product_name),
            company_name: text(&table.company_name),
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
