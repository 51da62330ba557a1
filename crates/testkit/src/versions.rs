//! What version resources of sound and of damaged files have in common.

use hotfixcheck_winfiles::binary::{Binary, StringTable, VersionInfo, VersionOutcome};

/// The resource of a file that has one.
#[track_caller]
pub fn found(binary: Binary) -> VersionInfo {
    match binary.version {
        VersionOutcome::Found(info) => info,
        other => panic!("{other:?}"),
    }
}

/// Whether `part` has no value that `whole` has not.
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
