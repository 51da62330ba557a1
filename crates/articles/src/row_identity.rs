//! What identifies a row among the translations of a page: its subject, and its version.

use super::model::{Fix, Text};
use super::names::named;
use hotfixcheck_types::{FileVersion, Machine};

/// The identity of a row, without its version.
pub(crate) type Subject = (String, Option<Machine>, Option<String>, bool, Vec<String>, Option<Text>, bool);

pub(crate) fn subject(fix: &Fix) -> Subject {
    let branch = fix.branch.as_deref().map(str::to_uppercase);
    // Languages write processors in different ways ("32 位元" in MS07-045): the row's own field is enough.
    let named = named(&fix.section);
    // But a 32-bit file of the package for Itanium is not that of the package for x64: oleaut32.dll of KB943055
    // (MS08-008). For x64, some pages name the processor for each system of a list, others only for the first.
    let is_32_bit = fix.wow || fix.machine == Some(Machine::I386);
    let of_itanium = is_32_bit && named.machine().is_some_and(|(_, machine)| machine == Machine::Ia64);
    let names = named.names(fix.machine.is_none());
    (fix.file.to_lowercase(), fix.machine, branch, fix.wow, names, fix.language.clone(), of_itanium)
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
