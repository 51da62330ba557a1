//! Tests of files of Windows, in one binary: a file for each subject.

mod archive;
mod archive_hostile;
mod binary_le;
mod binary_ne;
mod binary_old_properties;
mod binary_oracle;
mod binary_outcomes;
mod binary_pe;
mod binary_properties;
mod cabinet;
mod fuzz_seeds;
mod hive_hostile;
mod hive_logs;
mod hive_oracle;
mod hive_read;
mod image_hostile;
mod image_limits;
mod image_lost;
mod image_ntfs;
mod image_oracle;
mod image_silence;
mod image_wim;
mod old_formats_oracle;
mod packed;
mod packed_properties;
mod unpacked_reads;
