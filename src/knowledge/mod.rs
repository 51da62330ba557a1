//! Facts about Windows that are not from articles but from the tables in `data/`: release lines with their service
//! packs and branches, the products that articles name, the languages of version resources.

mod builds;
mod edition;
mod enablement;
mod file_name;
mod heading;
mod kernel_packs;
mod language;
mod mention;
mod office_packs;
mod pack_title;
mod pack_words;
mod printed;
mod processors;
mod product;
mod product_files;
mod product_table;
mod product_windows;
mod products_without_rows;
mod range;
mod range_index;
mod redistributables;
mod release;
mod release_numbers;
mod release_table;
mod release_text;
mod releases;
mod row_text;
mod scope;
mod support;
mod system_name;

use hotfixcheck_articles::Fix;
use hotfixcheck_types::{FileVersion, Machine};
use jiff::civil::{Date, date};

pub(crate) use builds::builds_of_system;
pub(crate) use edition::{Edition, edition_named, edition_of_registry};
pub(crate) use enablement::has_kernel_of;
pub use file_name::{
    has_extension, installed_name, installed_names, is_executable_name, is_executable_with_version, is_installed_name,
};
pub(crate) use file_name::{is_installer_file, is_name_of_package};
pub use heading::Headings;
pub(crate) use heading::PackLine;
pub(crate) use kernel_packs::{PackBounds, packs_of_kernel};
pub use language::{LanguageText, Languages, LanguagesError};
pub(crate) use office_packs::{VersionOfPack, is_before_office_pack, office_pack_of};
pub use pack_title::pack_title;
pub(crate) use printed::{meant, version_of_row};
pub(crate) use processors::Processors;
pub(crate) use product_files::{is_main_file, main_files};
pub use product_table::{Products, ProductsError, Unreleased};
pub(crate) use products_without_rows::{is_of_line, product_of_file, product_of_line};
pub(crate) use redistributables::Redistributable;
pub use release::{Branch, Line, Order, Pack, Release};
pub(crate) use release_numbers::{is_of_component_release, is_of_release, is_vista_or_later, lines_released_on};
pub(crate) use releases::Fitting;
pub use releases::{Releases, ReleasesError};
pub use row_text::RowText;
pub(crate) use row_text::names_pack;
pub use scope::Scope;
pub use support::end_of_support;
pub use system_name::SystemName;

/// All tables. Most functions of [`assess`](crate::assess) need them.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Release lines, service packs, branches.
    pub releases: Releases,
    /// Language names and ids.
    pub languages: Languages,
    /// Names of Windows and last service packs.
    pub products: Products,
}

impl Knowledge {
    /// The release line, service pack and branch of a row's version, on the Windows that the row's heading names.
    /// `file` is the key of the row's file.
    pub fn release_of_row(&self, version: &FileVersion, row: &Fix, file: &str) -> Release {
        self.releases.of(version, row.version.as_deref(), file, || {
            self.products.scope_of_heading(&row.section).map(|scope| scope.lines).filter(|lines| !lines.is_empty())
        })
    }

    /// What ships with the program.
    ///
    /// # Errors
    /// Never for a released program: tests parse the embedded tables.
    pub fn embedded() -> Result<Self, KnowledgeError> {
        Ok(Self { releases: Releases::embedded()?, languages: Languages::embedded()?, products: Products::embedded()? })
    }
}

/// An embedded table is invalid: a bug of the program.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
#[non_exhaustive]
pub enum KnowledgeError {
    /// The table of releases.
    Releases(#[from] ReleasesError),
    /// The table of languages.
    Languages(#[from] LanguagesError),
    /// The table of products.
    Products(#[from] ProductsError),
}

/// The day on which the first Windows for this processor was finished; `None` for the processors of the first releases
/// of NT.
///
/// IA-64: Windows XP 64-Bit Edition; x64: Server 2003 SP1 and XP x64; ARM: Windows RT; ARM64: Windows 10 1709.
pub fn windows_since(machine: Machine) -> Option<Date> {
    match machine {
        Machine::I386 | Machine::Alpha | Machine::Mips | Machine::Ppc => None,
        Machine::Ia64 => Some(date(2001, 8, 24)),
        Machine::X64 => Some(date(2005, 3, 24)),
        Machine::Arm => Some(date(2012, 8, 1)),
        Machine::Arm64 => Some(date(2017, 9, 26)),
    }
}
