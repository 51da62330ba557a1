//! Versions of Windows 10 and 11 whose kernel files bear the number of an earlier version.

/// The build, the build of its kernel files, and the enablement package that changes the one into the other.
const TABLE: &str = include_str!("../../data/enablement-packages.tsv");

/// True if a system of the build `own` has kernel files of the build `kernel`, because of an enablement package.
pub(crate) fn has_kernel_of(own: &str, kernel: &str) -> bool {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| line.split('\t')).any(|mut row| row.next() == Some(own) && row.next() == Some(kernel))
}
