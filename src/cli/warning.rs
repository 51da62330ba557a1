//! Messages on standard error.

use std::fmt::Display;
use std::io::Write as _;

use hotfixcheck::report::visible;

pub(super) use hotfixcheck::message_of as chain;

/// Writes a message to standard error. A closed standard error must not turn the exit code into a panic.
pub(super) fn warn(message: &dyn Display) {
    let _ = writeln!(std::io::stderr(), "hotfixcheck: {}", visible(&message.to_string()));
}
