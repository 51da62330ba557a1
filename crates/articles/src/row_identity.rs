//! What identifies a row among the translations of a page: its subject, and its version.

use std::collections::HashMap;

use super::fix::{Fix, Text};
use super::model::Article;
use super::names::named;
use hotfixcheck_types::{FileVersion, Machine};

/// The identity of a row, without its version.
pub(crate) type Subject = (String, Option<Machine>, Option<String>, bool, Vec<String>, Option<Text>, bool);

/// What the headings of rows name. A heading is the same for a whole table, and reading its names costs more than everything
/// else about a row.
pub(crate) struct Headings(HashMap<Text, Heading>);

struct Heading {
    /// The names of its products, and the same with their processors.
    names: Vec<String>,
    with_machines: Vec<String>,
    of_itanium: bool,
}

impl Headings {
    /// The headings of all rows of these articles.
    pub(crate) fn of(articles: &[Article]) -> Self {
        let mut headings: HashMap<Text, Heading> = HashMap::new();
        for fix in articles.iter().flat_map(|article| &article.fixes) {
            if !headings.contains_key(&fix.section) {
                let named = named(&fix.section);
                let of_itanium = named.machine().is_some_and(|(_, machine)| machine == Machine::Ia64);
                let heading = Heading { names: named.names(false), with_machines: named.names(true), of_itanium };
                headings.insert(fix.section.clone(), heading);
            }
        }
        Self(headings)
    }

    /// The names of the products of a row's heading, without processors.
    pub(crate) fn names(&self, fix: &Fix) -> Vec<String> {
        self.0.get(&fix.section).map(|heading| heading.names.clone()).unwrap_or_default()
    }

    /// The subject of a row.
    pub(crate) fn subject(&self, fix: &Fix) -> Subject {
        let branch = fix.branch.as_deref().map(str::to_uppercase);
        let heading = self.0.get(&fix.section);
        // Languages write processors in different ways ("32 位元" in MS07-045): the row's own field is enough.
        let names = |heading: &Heading| match fix.machine {
            None => heading.with_machines.clone(),
            Some(_) => heading.names.clone(),
        };
        let names = heading.map(names).unwrap_or_default();
        // But a 32-bit file of the package for Itanium is not that of the package for x64: oleaut32.dll of KB943055
        // (MS08-008). For x64, some pages name the processor for each system of a list, others only for the first.
        let is_32_bit = fix.wow || fix.machine == Some(Machine::I386);
        let of_itanium = is_32_bit && heading.is_some_and(|heading| heading.of_itanium);
        (fix.file.to_lowercase(), fix.machine, branch, fix.wow, names, fix.language.clone(), of_itanium)
    }
}

/// A version: its numbers, or its text if it is not numeric.
pub(crate) type Version = Option<Result<Vec<u32>, String>>;

pub(crate) fn version(fix: &Fix) -> Version {
    let text = fix.version.as_deref()?;
    let numbers = |version: FileVersion| {
        let mut numbers = version.components().to_vec();
        // `11.0.8142` is 11.0.8142.0 in other translations (MS07-036).
        if numbers.len() == 4 && numbers[3] == 0 {
            numbers.pop();
        }
        numbers
    };
    Some(text.parse::<FileVersion>().map(numbers).map_err(|_| text.to_lowercase()))
}

/// The same version with a zero before its third number: `5.01.1044` is 5.1.0.1044 in other translations (MS05-017).
pub(crate) fn with_zero(version: &Version) -> Version {
    let [major, minor, build] = version.as_ref()?.as_ref().ok()?[..] else { return None };
    Some(Ok(vec![major, minor, 0, build]))
}

/// The numbers that identify a release line.
pub(crate) fn family(version: &Version) -> Option<&[u32]> {
    version.as_ref()?.as_ref().ok()?.get(..3)
}

/// How many of their first three numbers two versions share; versions of one release line share two or three.
pub(crate) fn likeness(one: &Version, other: &Version) -> usize {
    let numbers = |version: &Version| version.as_ref()?.as_ref().ok().cloned();
    let Some((one, other)) = numbers(one).zip(numbers(other)) else { return 0 };
    one.iter().zip(&other).take(3).take_while(|(one, other)| one == other).count()
}

/// True for two versions that differ in their third number alone.
pub(crate) fn differ_in_the_build(one: &Version, other: &Version) -> bool {
    let numbers =
        |version: &Version| -> Option<[u32; 4]> { version.as_ref()?.as_ref().ok()?.as_slice().try_into().ok() };
    matches!((numbers(one), numbers(other)), (Some([a, b, c, d]), Some([e, f, g, h])) if (a, b, d) == (e, f, h) && c != g)
}
