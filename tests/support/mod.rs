//! What the tests share.

pub mod attack;
pub mod cab_builder;
pub mod chromium;
pub mod files;
pub mod hive_builder;
pub mod kit;
pub mod le_builder;
pub mod media;
pub mod ne_builder;
pub mod ntfs_builder;
pub mod old_version;
pub mod packed_builder;
pub mod pe_builder;
pub mod registry;
pub mod sample;
pub mod soon;
pub mod tools;
pub mod versions;
pub mod world;
