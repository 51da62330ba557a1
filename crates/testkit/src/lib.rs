//! Builds the files that the tests read: executables with version resources, packed files, cabinets, registry hives,
//! disk images and the sample trees. They are byte for byte the same on every run. Not published.

pub mod cab_builder;
pub mod fat_builder;
pub mod files;
pub mod hive_builder;
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
pub mod thorough;
pub mod tools;
pub mod udf_builder;
pub mod version_bytes;
pub mod versions;
