//! How much may be unpacked of one cabinet, so that a small file is no endless work.

use std::cell::Cell;

use super::{CabinetError, MAX_REPEATED_BYTES, MAX_UNPACKED_BYTES};

/// What is left.
#[derive(Debug)]
pub(super) struct Budget {
    once: Cell<u64>,
    again: Cell<u64>,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { once: Cell::new(MAX_UNPACKED_BYTES), again: Cell::new(MAX_REPEATED_BYTES) }
    }

    /// Takes what a block costs, of which it is known whether it was unpacked before.
    ///
    /// # Errors
    /// `TooLarge`, where not so much is left.
    pub(super) fn take(&self, cost: u64, again: bool) -> Result<(), CabinetError> {
        let (left, what) = if again {
            let what = "its members lie in an order that asks for more than";
            (&self.again, (what, MAX_REPEATED_BYTES, "bytes once more"))
        } else {
            (&self.once, ("the cabinet's folders have more than", MAX_UNPACKED_BYTES, "bytes"))
        };
        let (before, limit, behind) = what;
        let rest = left.get().checked_sub(cost);
        left.set(rest.ok_or_else(|| CabinetError::TooLarge { what: format!("{before} {limit} {behind}") })?);
        Ok(())
    }
}
