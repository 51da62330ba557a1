//! A choice among the articles of a compiled catalogue, which have numbers.

use hotfixcheck_catalog::Compiled;

/// Some articles of a compiled catalogue.
pub(super) struct Numbers {
    /// For each number 1 if it is one of them, else 0: these are found faster in bytes than in truth values.
    are_in: Vec<u8>,
    /// A number that no article has: whoever reads it finds that the catalogue is damaged.
    beyond: Option<u32>,
}

impl Numbers {
    pub(super) fn none_of(form: &Compiled) -> Self {
        Self { are_in: vec![0; form.len()], beyond: None }
    }

    pub(super) fn add(&mut self, numbers: impl IntoIterator<Item = u32>) {
        for number in numbers {
            match self.are_in.get_mut(number as usize) {
                Some(is_in) => *is_in = 1,
                None => self.beyond = Some(number),
            }
        }
    }

    pub(super) fn has(&self, number: u32) -> bool {
        self.are_in.get(number as usize) == Some(&1)
    }

    pub(super) fn ascending(&self) -> Vec<u32> {
        let numbers = memchr::memchr_iter(1, &self.are_in).map(|number| number as u32);
        numbers.chain(self.beyond).collect()
    }
}
