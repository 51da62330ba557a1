//! What the tests share.

pub mod kit;
pub mod pe_builder;
pub mod sample;
