//! The files of a package's own installer, which some tables of bulletins list among those that it installs.

use super::found::Placed;

/// Why a row is left out: the file only unpacks and installs the others.
pub(crate) const INSTALLER_FILE: &str = "a file of the package's installer, which it does not install";

/// What every package has that IExpress makes. Only a table with all three lists the package: an update of Internet Explorer
/// brings Advpack.dll alone (MS04-028: tables of Picture It!; MS10-031).
const IEXPRESS: [&str; 3] = ["advpack.dll", "w95inf16.dll", "w95inf32.dll"];

/// Takes such rows out of a table, and returns their lines.
pub(crate) fn leave_out(rows: &mut Vec<Placed>) -> Vec<u32> {
    let is_of = |placed: &Placed, name: &str| placed.row.file.eq_ignore_ascii_case(name);
    if !IEXPRESS.iter().all(|name| rows.iter().any(|placed| is_of(placed, name))) {
        return Vec::new();
    }
    let own = |placed: &mut Placed| IEXPRESS.iter().any(|name| is_of(placed, name));
    rows.extract_if(.., own).map(|placed| placed.line).collect()
}
