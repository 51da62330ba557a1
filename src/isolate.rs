//! Third-party parsers, kept apart: a panic in one of them is an error of the file that it read, not of the run.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// The result, or what a panic said. What `work` changed before it panicked must not be used again.
pub(crate) fn isolate<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        format!("its reader gave up: {}", text.unwrap_or("no reason given"))
    })
}
