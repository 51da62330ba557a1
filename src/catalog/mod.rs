//! The facts of many articles: a [`Catalog`], kept as text that can be reviewed, and searched by id and by file name.
//!
//! The catalogue that ships with the program is compiled by the build: [`OpenCatalog`] reads only the requested
//! articles of it.

mod articles;
mod compiled;
mod complete;
mod gather;
mod import;
mod index;
mod line;
mod lint;
mod listed;
mod numbers;
mod open;
mod origins;
mod reference;
mod stats;
mod text;
mod wanted;
mod write;

pub use articles::{Catalog, Coverage, left_out, lost_rows};
pub use compiled::CompiledCatalog;
pub use complete::{Replaced, complete};
pub use gather::{ARTICLE_EXTENSIONS, GatherError, Gathered, MAX_ARTICLE_BYTES, Problem};
pub use hotfixcheck_catalog::OpenError;
pub use import::of_facts;
pub(crate) use import::{is_title_of_build, title_of_build};
pub use index::{FixIndex, RowRef};
pub use lint::{Code, Finding, lint};
pub use listed::{FileRows, Files, Listed};
pub use open::OpenCatalog;
pub use origins::{Origins, WithOrigins};
pub use reference::{ArticleRef, UnknownArticle, find_all, named_by_cves};
pub use stats::Stats;
pub use text::{CatalogError, HEADER, read};
pub use wanted::{BuildsOf, Wanted};
pub use write::write;
