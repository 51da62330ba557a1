//! Files of other vendors: a setup.exe in the folder of the company that its version resource names is not Microsoft's.

use super::evidence::Evidence;
use super::reason::Reason;
use super::verdict::Verdict;
use super::windows_folder::may_be_of_windows;
use crate::inventory::Entry;
use crate::name::lower_case;
use hotfixcheck_winfiles::binary::Binary;

/// Microsoft in the languages in which its version resources write it.
const MICROSOFT: [&str; 6] = ["microsoft", "майкрософт", "マイクロソフト", "마이크로소프트", "微软", "微軟"];
/// Shorter words at the beginning of a company's name stand in too many folders.
const MIN_WORD: usize = 4;

/// Takes a file in its vendor's own folder out of the rows: setup.exe 1.0.0.1, the number that compilers propose, was MS04-028.
pub(super) fn set_aside(
    entry: &Entry,
    binary: &Binary,
    explain: bool,
    answers: Vec<(Reason, Evidence)>,
) -> Vec<(Reason, Evidence)> {
    let Some(vendor) = vendor_of(entry, binary) else { return answers };
    let aside = |(reason, evidence): (Reason, Evidence)| {
        if reason.verdict() == Verdict::NotApplicable {
            return (reason, evidence);
        }
        let detail = explain.then(|| format!("the file is of {vendor}, in its own folder"));
        (Reason::OtherProduct, Evidence { machine: evidence.machine, detail, ..Evidence::default() })
    };
    answers.into_iter().map(aside).collect()
}

/// The company of the file, if it is not Microsoft and the file lies in a folder with its name outside of Windows.
fn vendor_of<'b>(entry: &Entry, binary: &'b Binary) -> Option<&'b str> {
    let tables = &binary.version_info()?.tables;
    let company = tables.iter().find_map(|table| table.company_name.as_deref())?.trim();
    let is_microsoft = |name: &str| MICROSOFT.iter().any(|word| name.contains(word));
    let named = lower_case(company);
    let first = named.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())?;
    if is_microsoft(&named) || first.chars().count() < MIN_WORD || may_be_of_windows(entry) {
        return None;
    }
    let folders: Vec<String> =
        entry.path.parent().components().map(|folder| lower_case(&folder).into_owned()).collect();
    let is_own =
        folders.iter().any(|folder| folder.contains(first)) && !folders.iter().any(|folder| is_microsoft(folder));
    is_own.then_some(company)
}
