//! What is known of Windows apart from any article, from the tables in `data/`: release lines with their service packs and
//! branches, the products that articles name, the languages of version resources.

mod language;
mod machine;
mod product;
mod release;

pub use language::{Languages, LanguagesError};
pub use machine::windows_since;
pub use product::{Products, ProductsError, Scope};
pub use release::*;
