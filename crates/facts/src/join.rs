//! Which articles bring a bulletin's update, by the bulletin's title: the definitions of WES-NG have it for each article, with the
//! day, and a table of bulletins has it for each number.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::ids::BulletinId;
use crate::model::Facts;

/// The year and the words of a title: sources differ in punctuation.
type Key = (i16, String);

impl Facts {
    /// Adds to the articles of this source the bulletins of a table whose title they have. A title that several bulletins of a year
    /// have ("Cumulative Security Update for Internet Explorer") names the one whose number lies between those of the days before and
    /// after; where that leaves more than one day, or none, the bulletin is not joined. Returns how many were joined.
    pub fn join_bulletins(&mut self, table: &Facts) -> usize {
        let mut numbers: BTreeMap<Key, BTreeSet<BulletinId>> = BTreeMap::new();
        for article in table.articles.values() {
            for (bulletin, title) in article.bulletins.iter().filter_map(|id| Some((id, article.title.as_ref()?))) {
                numbers.entry((bulletin.year(), words(title))).or_default().insert(*bulletin);
            }
        }
        let mut days: BTreeMap<Key, BTreeSet<Date>> = BTreeMap::new();
        for (day, title) in self.titles.keys() {
            days.entry((day.year(), title.clone())).or_default().insert(*day);
        }
        let pairs = || numbers.iter().filter_map(|(key, bulletins)| Some((&key.1, bulletins, days.get(key)?)));
        let mut joined: BTreeMap<BulletinId, (Date, &String)> = BTreeMap::new();
        for (title, bulletins, days) in pairs() {
            if let (1, 1, Some(bulletin), Some(day)) = (bulletins.len(), days.len(), bulletins.first(), days.first()) {
                joined.insert(*bulletin, (*day, title));
            }
        }
        let sure = joined.clone();
        for (title, bulletins, days) in pairs() {
            let of_order = |bulletin: &BulletinId| {
                // Of as many days as bulletins, the first is that of the first.
                let place = bulletins.iter().position(|own| own == bulletin)?;
                days.iter().nth(place).filter(|_| bulletins.len() == days.len())
            };
            for bulletin in bulletins.iter().filter(|bulletin| !sure.contains_key(bulletin)) {
                let same_year = |other: &BulletinId| other.year() == bulletin.year();
                let before = sure.range(..bulletin).filter(|(other, _)| same_year(other)).map(|(_, of)| of.0).max();
                let after = sure.range(bulletin..).filter(|(other, _)| same_year(other)).map(|(_, of)| of.0).min();
                let is_between =
                    |day: &&Date| before.is_none_or(|first| first <= **day) && after.is_none_or(|last| **day <= last);
                let mut own = days.iter().filter(is_between);
                if let (Some(day), None) = (own.next(), own.next())
                    && of_order(bulletin).is_none_or(|of_order| of_order == day)
                {
                    joined.insert(*bulletin, (*day, title));
                }
            }
        }
        for (bulletin, (day, title)) in &joined {
            for id in self.titles.get(&(*day, (*title).clone())).into_iter().flatten() {
                if let Some(article) = self.articles.get_mut(id) {
                    article.bulletins.insert(*bulletin);
                }
            }
        }
        joined.len()
    }
}

/// The words of a title in lower case.
pub(crate) fn words(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
