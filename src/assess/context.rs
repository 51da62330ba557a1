//! What every step of the judgement looks at.

use std::collections::HashMap;

use super::claims::Claim;
use super::neighbours::{Build, Neighbours};
use super::profile::Profile;
use crate::KbId;
use crate::catalog::Catalog;
use crate::inventory::Inventory;
use crate::knowledge::Knowledge;

/// The entries of an inventory by file name: the places in [`Inventory::entries`].
#[derive(Debug, Default)]
pub(crate) struct Copies {
    pub active: Vec<usize>,
    pub inactive: Vec<usize>,
}

/// What every step of the judgement looks at.
pub(crate) struct Context<'a> {
    pub catalog: &'a Catalog,
    pub neighbours: Neighbours,
    pub knowledge: &'a Knowledge,
    pub profile: Option<Profile>,
    pub inventory: &'a Inventory,
    pub copies: HashMap<String, Copies>,
    /// What each entry says of its version, by place; nothing for those that do not run.
    pub claims: Vec<Vec<Claim>>,
}

impl Context<'_> {
    /// The article that a build comes from.
    pub(crate) fn id(&self, build: &Build) -> KbId {
        self.catalog.articles()[build.source.article].id
    }
}
