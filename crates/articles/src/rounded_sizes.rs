//! Sizes that a table prints in thousands of bytes without saying so.

use hotfixcheck_types::Extension;

use super::row::{NOT_IN_BYTES, Row};

/// No executable with a version is smaller: it has a header and a section of 512 bytes each.
const SMALLEST: u64 = 1_000;
/// A larger number cannot be one of thousands of bytes: the largest file of the archives has some 30 MB.
const LARGEST_ROUNDED: u64 = 30_000;

/// A size of an executable that can only be in bytes.
const USUAL: u64 = 100_000;

/// Takes such sizes back, and lists them: `135` for a library that another page gives 137,824 bytes (MS03-051 it-it).
/// Two executables with fewer bytes than any has, beside one with a usual size, show that the small numbers are not bytes; so do
/// three such executables.
pub(crate) fn settle(rows: &mut [&mut Row]) {
    let is_impossible = |row: &Row| {
        row.version.is_some()
            && row.size.is_some_and(|size| size < SMALLEST)
            && Extension::of(&row.file).is_executable()
    };
    let is_usual = |row: &Row| row.size.is_some_and(|size| size >= USUAL);
    let impossible = rows.iter().filter(|row| is_impossible(row)).count();
    if impossible < 2 || impossible == 2 && !rows.iter().any(|row| is_usual(row)) {
        return;
    }
    for row in rows.iter_mut() {
        if let Some(size) = row.size.take_if(|size| *size < LARGEST_ROUNDED) {
            row.unread.push(format!("'{size}'{NOT_IN_BYTES}"));
        }
    }
}
