//! Why a command could not run; the exit code is always 2.

use std::io;
use std::path::PathBuf;

use hotfixcheck::catalog::{CatalogError, GatherError, OpenError, UnknownArticle};
use hotfixcheck::hosts::HostError;
use hotfixcheck::inventory::InventoryError;
use hotfixcheck::knowledge::KnowledgeError;
use hotfixcheck::report::{ReadError, RenderError};

use super::config::ConfigError;
use super::require::RequireError;

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The options are inconsistent, or name something unknown.
    #[error("{0}")]
    Usage(String),
    /// The catalogue has nothing with this name.
    #[error(transparent)]
    Article(#[from] UnknownArticle),
    /// A host could not be judged.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A root could not be scanned.
    #[error(transparent)]
    Inventory(#[from] InventoryError),
    /// A path with articles could not be read.
    #[error(transparent)]
    Articles(#[from] GatherError),
    /// A catalogue file could not be read.
    #[error("cannot read catalogue '{}'", path.display())]
    CatalogueFile {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A compiled catalogue cannot be used.
    #[error("cannot use catalogue '{}'", path.display())]
    CompiledCatalogue {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: OpenError,
    },
    /// A file of the policy could not be read.
    #[error("cannot read '{}'", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// An earlier report could not be read.
    #[error("cannot read report '{}'", path.display())]
    Report {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: ReadError,
    },
    /// The configuration file is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The list of required fixes is invalid.
    #[error(transparent)]
    Require(#[from] RequireError),
    /// A catalogue's text is invalid.
    #[error("cannot read catalogue '{name}'")]
    Catalogue {
        /// The file, or `built-in`.
        name: String,
        /// The problem and its position.
        source: CatalogError,
    },
    /// The program's own tables are invalid: a bug.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// The report could not be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The report could not be written.
    #[error("cannot write '{}'", path.display())]
    Output {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
}
