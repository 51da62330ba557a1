//! The service pack of a product on a system, by the version of its main file: store.exe 5.5.2448.8 is of Exchange Server 5.5 SP2. What
//! follows from it is only likely, as what follows from the kernel of Windows.

use super::claims::Claim;
use super::context::Context;
use crate::knowledge::{Line, Pack, main_files};

/// A service pack of a product on the system.
pub(super) struct InstalledPack {
    /// The release line of the product.
    pub line: Line,
    /// Its service pack.
    pub pack: Pack,
    /// The file that shows it: an index of the inventory.
    pub entry: usize,
}

/// The service pack of a product; `None` where no main file of it is there, or where they do not show one service pack.
pub(super) fn installed(product: &str, context: &Context) -> Option<InstalledPack> {
    let files = main_files(product).filter_map(|key| context.copies.get(key));
    let mut found: Option<InstalledPack> = None;
    for entry in files.flat_map(|of| of.active.iter().copied()) {
        let of_product = |claim: &&Claim| claim.release.line.name().eq_ignore_ascii_case(product);
        let Some(claim) = context.claims[entry].iter().find(of_product) else { continue };
        let pack = claim.release.service_pack.clone()?;
        if found.as_ref().is_some_and(|other| other.pack != pack) {
            return None;
        }
        found.get_or_insert(InstalledPack { line: claim.release.line.clone(), pack, entry });
    }
    found
}
