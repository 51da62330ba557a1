//! Articles -> [`Catalog`]: the facts of many articles, kept as text that can be reviewed, found by id and by file name.

mod articles;
mod embedded;
mod gather;
mod import;
mod index;
mod lint;
mod stats;
mod text;
mod updates;

pub use articles::{Catalog, lost_rows};
pub use embedded::EMBEDDED;
pub use gather::{ARTICLE_EXTENSIONS, GatherError, Gathered, MAX_ARTICLE_BYTES, Problem};
pub use import::of_facts;
pub use index::{FixIndex, RowRef};
pub use lint::{Code, Finding, lint};
pub use stats::Stats;
pub use text::{CatalogError, HEADER, read, read_article, read_static, write};
pub use updates::{BuildsOf, UPDATES, complete, update, updates_naming, updates_of};
