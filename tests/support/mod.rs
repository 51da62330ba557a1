//! What the tests share.

pub mod hive_builder;
pub mod kit;
pub mod pe_builder;
pub mod registry;
pub mod sample;
