//! The native half of the Python package `hotfixcheck`: JSON bytes in, JSON bytes out. Python users see
//! `python/hotfixcheck/__init__.py`, which makes dictionaries of them.
//!
//! - `judge`: a judge of hosts; `many`: many hosts, in parallel and in order;
//! - `facts`: articles, versions of files, snapshots;
//! - `alone`: the pools of threads, and panics as exceptions.
//!
//! The interpreter's lock is released while anything is read or judged. Nothing is printed.
#![cfg(feature = "extension")]
#![forbid(unsafe_code)]

mod alone;
mod facts;
mod judge;
mod many;

use pyo3::prelude::*;

/// The native half of hotfixcheck.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::facts::{article, articles, extract, inventory, versions};
    #[pymodule_export]
    use crate::judge::Judge;
    #[pymodule_export]
    use crate::many::Answers;

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        hotfixcheck::hush_caught_panics();
        module.add("HotfixcheckError", module.py().get_type::<crate::alone::HotfixcheckError>())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
