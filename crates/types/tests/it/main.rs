//! Tests of types, in one binary: a file for each subject.

mod leaf_types;
