//! Limits on how much is unpacked of one cabinet, so that a small file cannot cause endless work.

use std::cell::Cell;
use std::rc::Rc;

use super::{CabinetError, MAX_REPEATED_BYTES, MAX_UNPACKED_BYTES};

/// A counter of how much may still be unpacked.
#[derive(Debug)]
pub struct Allowance(Cell<u64>);

impl Allowance {
    /// A counter that begins with this number.
    pub fn new(count: u64) -> Self {
        Self(Cell::new(count))
    }

    /// Subtracts `count`. Returns false and leaves 0 if fewer are left.
    pub fn take(&self, count: u64) -> bool {
        let left = self.0.get().checked_sub(count);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// How much may still be unpacked of one cabinet.
#[derive(Debug)]
pub(super) struct Budget {
    once: Allowance,
    again: Allowance,
    /// For the members, which may overlap.
    members: Allowance,
    /// Shared by several cabinets.
    shared: Option<Rc<Allowance>>,
}

impl Budget {
    pub(super) fn new(shared: Option<Rc<Allowance>>) -> Self {
        Self {
            once: Allowance::new(MAX_UNPACKED_BYTES),
            again: Allowance::new(MAX_REPEATED_BYTES),
            members: Allowance::new(MAX_UNPACKED_BYTES),
            shared,
        }
    }

    /// Subtracts the cost of a block; `again` if the block was unpacked before.
    ///
    /// # Errors
    /// `TooLarge`, if less than that is left.
    pub(super) fn block(&self, cost: u64, again: bool) -> Result<(), CabinetError> {
        let what = if again && !self.again.take(cost) {
            format!("its members lie in an order that asks for more than {MAX_REPEATED_BYTES} bytes once more")
        } else if !again && !self.once.take(cost) {
            format!("the cabinet's folders have more than {MAX_UNPACKED_BYTES} bytes")
        } else if self.shared.as_ref().is_some_and(|shared| !shared.take(cost)) {
            "its package has more than is unpacked of one".to_owned()
        } else {
            return Ok(());
        };
        Err(CabinetError::TooLarge { what })
    }

    /// Subtracts a member of this size.
    ///
    /// # Errors
    /// `TooLarge`, if less than that is left.
    pub(super) fn member(&self, size: u32) -> Result<(), CabinetError> {
        if self.members.take(size.into()) {
            return Ok(());
        }
        let what = format!("the cabinet's members have more than {MAX_UNPACKED_BYTES} bytes altogether");
        Err(CabinetError::TooLarge { what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(answer: Result<(), CabinetError>) -> String {
        answer.map_or_else(|error| error.to_string(), |()| "enough".to_owned())
    }

    #[test]
    fn each_limit_is_reached_to_the_byte_and_named() {
        let budget = Budget::new(None);
        for (again, limit) in
            [(false, "the cabinet's folders have more than 1073741824 bytes"), (true, "1073741824 bytes once more")]
        {
            assert_eq!(said(budget.block((1 << 30) - 5, again)), "enough");
            assert_eq!(said(budget.block(5, again)), "enough");
            assert!(said(budget.block(1, again)).ends_with(limit), "{}", said(budget.block(1, again)));
        }
        // Members of a gigabyte altogether are given, and no byte more.
        for _ in 0..1024 {
            assert_eq!(said(budget.member(1 << 20)), "enough");
        }
        assert!(said(budget.member(1)).ends_with("the cabinet's members have more than 1073741824 bytes altogether"));
    }

    #[test]
    fn cabinets_of_a_package_share_what_is_unpacked_of_it() {
        let shared = Rc::new(Allowance::new(10));
        let (one, other) = (Budget::new(Some(Rc::clone(&shared))), Budget::new(Some(shared)));
        assert_eq!((said(one.block(6, false)), said(other.block(4, true))), ("enough".to_owned(), "enough".to_owned()));
        assert!(said(other.block(1, false)).ends_with("its package has more than is unpacked of one"));
    }
}
