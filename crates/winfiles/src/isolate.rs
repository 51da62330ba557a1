//! Third-party parsers run so that a panic in one of them is an error of the file that it read, not of the run.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// Whether a panic of this thread is caught.
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
/// A panic of a third-party parser becomes the error of the file that it read. The standard library prints it on standard
/// error all the same, which says nothing that the error does not. Programs call this once, at their start.
pub fn hush_caught_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !CAUGHT.get() {
            print(panic);
        }
    }));
}
