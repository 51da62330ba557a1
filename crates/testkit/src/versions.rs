//! Compares version resources of undamaged and of damaged files.

use hotfixcheck_winfiles::binary::{Binary, StringTable, VersionInfo, VersionOutcome};

/// The resource of a file that must have one.
#[track_caller]
pub fn found(binary: Binary) -> VersionInfo {
    match binary.version {
        VersionOutcome::Found(info) => info,
        other => panic!("{other:?}"),
    }
}

/// Whether every value of `part` is also in `whole`.
pub fn within(part: &VersionInfo, whole: &VersionInfo) -> bool {
    let fields =
        |table: &StringTable| [table.file_version.clone(), table.product_version.clone(), table.company_name.clone()];
    (part.fixed_file.is_none() || part.fixed_file == whole.fixed_file)
        && (part.fixed_product.is_none() || part.fixed_product == whole.fixed_product)
        && part.tables.len() <= whole.tables.len()
        && part.tables.iter().zip(&whole.tables).all(|(part, whole)| {
            fields(part).into_iter().zip(fields(whole)).all(|(part, whole)| part.is_none() || part == whole)
        })
}
