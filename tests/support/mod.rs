//! What the tests share.

pub mod pe_builder;
