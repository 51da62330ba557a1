//! Work without the interpreter: without its lock, in separate threads, and never with a panic.
//!
//! rayon's global pool is not used. Its threads would not exist in a process that is forked later, as `multiprocessing`
//! and Spark do, and code that waits for them would wait for ever.

use std::fmt::Display;

use hotfixcheck::winfiles;
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    hotfixcheck,
    HotfixcheckError,
    PyException,
    "What hotfixcheck has to say against a request: the message is that of the program."
);

/// An exception with this message.
pub(crate) fn error(message: impl Display) -> PyErr {
    PyErr::new::<HotfixcheckError, _>(message.to_string())
}

/// Runs `work` in this thread alone, without the interpreter's lock.
pub(crate) fn alone<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, String> + Send) -> PyResult<T> {
    py.detach(|| {
        be_alone();
        isolate(work)
    })
    .map_err(error)
}

/// Runs `work` on every processor, in threads that end with it, without the interpreter's lock.
pub(crate) fn on_all<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, String> + Send) -> PyResult<T> {
    py.detach(|| {
        let pool = rayon::ThreadPoolBuilder::new().build().map_err(|error| error.to_string())?;
        pool.install(|| isolate(work))
    })
    .map_err(error)
}

/// Turns a panic into an error.
pub(crate) fn isolate<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    winfiles::isolate(work).and_then(|result| result)
}

/// Makes this thread its own pool from now on: it does all parallel work alone.
pub(crate) fn be_alone() {
    thread_local! {
        static POOL: () = {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
            // It must last as long as the thread.
            std::mem::forget(pool);
        };
    }
    POOL.with(|()| ());
}
