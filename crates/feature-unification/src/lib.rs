//! Empty: only the dependencies of this crate count (`Cargo.toml` says why).
