//! Tests of articles, in one binary: one file for each subject.

mod announced_products;
mod article_golden;
mod article_invariance;
mod article_mutations;
mod article_properties;
mod article_seeds;
mod bulletin_pages;
mod collapsed_tables;
mod file_sentences;
mod folders;
mod ids;
mod merge;
mod names;
mod names_as_headings;
mod no_fix_headings;
mod pack_doubts;
mod pack_lists;
mod pack_names;
mod pack_sources;
mod processor_headings;
mod prose_sentences;
mod rating_tables;
mod required_packs;
mod service_pack_sentences;
mod service_packs;
mod version_cells;
