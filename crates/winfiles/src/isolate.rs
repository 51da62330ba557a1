//! Runs third-party parsers so that a panic becomes an error of the file being read and does not end the run.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// Whether panics of this thread are caught.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// The result of `work`, or the message of its panic. What `work` changed before it panicked must not be used again.
pub fn isolate<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = CAUGHT.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        format!("internal error while reading: {}", text.unwrap_or("no reason given"))
    })
}

/// Does not print the panics that this library catches; others are printed as usual.
///
/// A panic of a third-party parser becomes the error of the file that it read. The standard library would print it on
/// standard error, too, with no further information. Programs call this once, at their start.
pub fn hush_caught_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !CAUGHT.get() {
            print(panic);
        }
    }));
}
