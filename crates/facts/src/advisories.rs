//! What a list of all updates says beyond the vendor's own advisories: WES-NG's definitions of 2016 and 2017 repeat every
//! vulnerability of a bulletin for each of its articles.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::ids::CveId;
use crate::merge::Merged;
use crate::model::{FactArticle, Facts};

/// An advisory that was revised may name only updates of a later month: CVE-2016-0162 those of March 2017. It says nothing of
/// the first ones.
const SAME_MONTH: i32 = 31;

impl Facts {
    /// Leaves articles that the advisories have to them: their rating, and every vulnerability that some advisory has. What
    /// remains is what the advisories lack. KB3114542 for Office 2007 corrects one vulnerability, its bulletin MS16-039 four.
    pub fn leave_to_advisories(&mut self, advisories: &Merged) {
        // For each vulnerability the first day of its updates.
        let mut known: BTreeMap<CveId, Option<Date>> = BTreeMap::new();
        for article in advisories.articles.values() {
            for cve in article.cves.keys() {
                let first = known.entry(*cve).or_insert(article.advised);
                *first = (*first).min(article.advised);
            }
        }
        for article in self.articles.values_mut() {
            let own = advisories.articles.get(&article.id).filter(|own| !own.cves.is_empty());
            let Some(FactArticle { severity, cves: own, .. }) = own else { continue };
            let day = article.advised;
            let is_later = |first: &Option<Date>| {
                let days = |(first, day): (Date, Date)| day.until(first).map_or(0, |span| span.get_days());
                (*first).zip(day).map(days).is_some_and(|days| days > SAME_MONTH)
            };
            article.cves.retain(|cve, _| own.contains_key(cve) || known.get(cve).is_none_or(is_later));
            if severity.is_some() {
                leave_rating(article);
            }
        }
    }
}

fn leave_rating(article: &mut FactArticle) {
    article.severity = None;
    for fact in article.cves.values_mut() {
        fact.severity = None;
    }
}
