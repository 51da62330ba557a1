//! Tests of types, in one binary: one file for each subject.

mod leaf_types;
