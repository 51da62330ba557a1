//! A choice among the articles of a compiled catalogue, which have numbers.

use hotfixcheck_catalog::Compiled;

/// Some articles of a compiled catalogue.
pub(super) struct Numbers {
    /// For each number whether it is one of them.
    are_in: Vec<bool>,
    /// A number that no article has: whoever reads it finds that the catalogue is damaged.
    beyond: Option<u32>,
}

impl Numbers {
    pub(super) fn none_of(form: &Compiled) -> Self {
        Self { are_in: vec![false; form.len()], beyond: None }
    }

    pub(super) fn add(&mut self, numbers: impl IntoIterator<Item = u32>) {
        for number in numbers {
            match self.are_in.get_mut(number as usize) {
                Some(is_in) => *is_in = true,
                None => self.beyond = Some(number),
            }
        }
    }

    pub(super) fn has(&self, number: u32) -> bool {
        self.are_in.get(number as usize).copied().unwrap_or_default()
    }

    pub(super) fn ascending(&self) -> Vec<u32> {
        let numbers = (0..).zip(&self.are_in).filter(|(_, is_in)| **is_in).map(|(number, _)| number);
        numbers.chain(self.beyond).collect()
    }
}
