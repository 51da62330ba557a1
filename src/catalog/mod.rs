//! Articles -> [`Catalog`]: the facts of many articles, kept as text that can be reviewed, found by id and by file name.

mod articles;
mod embedded;
mod gather;
mod index;
mod lint;
mod stats;
mod text;

pub use articles::{Catalog, lost_rows};
pub use embedded::EMBEDDED;
pub use gather::{ARTICLE_EXTENSIONS, GatherError, Gathered, MAX_ARTICLE_BYTES, Problem};
pub use index::{FixIndex, RowRef};
pub use lint::{Code, Finding, lint};
pub use stats::Stats;
pub use text::{CatalogError, HEADER, read, read_article, read_static, write};
