//! What is not known of the systems, by system: updates that the catalogue cannot have, products without a row.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::context::Context;
use super::judge::Judge;
use super::known_builds::later_than_files;
use super::{later_products, later_rollups};

impl Judge<'_> {
    /// Warnings, by system, where updates of a Windows before 10 are not known: it has no rollup in the catalogue and was
    /// released or built after `last`, the catalogue's last day for files; or it may lack later rollups.
    pub fn not_known(&self, last: Option<Date>) -> Vec<(usize, String)> {
        let has_rollups = |context: &Context| {
            let builds = || context.catalog.articles().iter().flat_map(|article| article.builds());
            context.older.as_ref().is_some_and(|older| builds().any(|build| older.may_be_of(build)))
        };
        let without: BTreeSet<usize> =
            self.contexts.iter().filter(|context| !has_rollups(context)).map(|context| context.system).collect();
        let older = |system: &usize| Some((*system, self.contexts[*system].older.as_ref()?.not_known()?));
        let released: Vec<(usize, String)> = without.iter().filter_map(older).filter(|_| last.is_some()).collect();
        let built = later_than_files(self.inventory, last, |system| without.contains(&system));
        let of_rollups = self.contexts.iter().flat_map(|context| {
            let warnings = later_rollups::warnings(context).into_iter();
            warnings.map(|text| (context.system, text)).collect::<Vec<_>>()
        });
        released.into_iter().chain(built).chain(of_rollups).collect()
    }

    /// Warnings, by system, about products of which the catalogue has no row, although it knows the names of their files.
    pub fn later_products(&self) -> Vec<(usize, String)> {
        let of = |context: &Context| {
            later_products::without_rows(context).into_iter().map(|text| (context.system, text)).collect::<Vec<_>>()
        };
        self.contexts.iter().flat_map(of).collect()
    }
}
