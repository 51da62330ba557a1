//! Reads public sources about Microsoft updates into one model: articles with their vulnerabilities, ratings, builds
//! and the updates that they replace.
//!
//! Each reader takes bytes and the name for errors and provenance, and returns [`Facts`] or a [`FactsError`], never a
//! part of a source. [`merge`] combines the statements of several sources about an article, and lists the
//! contradictions.
//!
//! ```
//! use hotfixcheck_facts::{buildref, merge};
//!
//! let text = br#"{"Data": [{"Name": "2019", "Version": "15.0.2000", "SP": "RTM"},
//!                          {"Version": "15.0.4298", "CU": "CU19", "KBList": "5023049"}]}"#;
//! let facts = buildref::read("buildref.json", &text[..])?;
//! let merged = merge(&[facts]);
//! let build = merged.articles.values().flat_map(|a| &a.builds).next().unwrap();
//! assert_eq!((build.product.as_str(), build.version.0.to_string()), ("SQL Server 2019 RTM CU", "2019.150.4298".to_owned()));
//! # Ok::<(), hotfixcheck_facts::FactsError>(())
//! ```

#![forbid(unsafe_code)]

mod advisories;
mod bounded;
pub mod buildref;
pub mod builds;
mod by_windows;
pub mod cvrf;
mod edition;
mod error;
mod ids;
mod join;
mod merge;
mod model;
pub mod mssecure;
pub mod spelling;
mod tables;
mod text;
pub mod titles;
pub mod wesng;
pub mod windows;
mod words;
mod xml;

pub use edition::edition_of_product;
pub use error::{FactsError, Place};
pub use ids::{BulletinId, CveId, IdError};
pub use merge::{Conflict, Merged, Statement, merge};
pub use model::{
    CveFact, FactArticle, Facts, OnEdition, OnReleases, RequiredBuild, ShownBy, SkipReason, Skipped, Source,
    SourceKind, Version,
};
