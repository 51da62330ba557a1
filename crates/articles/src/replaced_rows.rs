//! The bulletins that the rows of a bulletin's list of affected software give as replaced: each is for the row's update alone (MS11-013,
//! MS07-068).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::updates::ids_in;
use super::vocabulary::{self, Kind};
use hotfixcheck_types::KbId;

/// What the rows say.
#[derive(Debug, Default)]
pub(crate) struct ReplacedRows {
    of_updates: BTreeMap<KbId, BTreeSet<String>>,
    /// The updates of rows whose cell is not found: it spans several rows.
    unclear: HashSet<KbId>,
}

/// The most cells of a row that are read.
const MAX_CELLS: usize = 40;

/// The longest rest of a title after its words, in bytes.
const MAX_REST: usize = 60;

impl ReplacedRows {
    /// The rows of a page's text. `named` gives the bulletins that a cell names.
    pub(crate) fn of(text: &str, named: impl Fn(&str) -> Vec<String>) -> Self {
        let mut found = Self::default();
        // The number of cells in the titles above, and the place of the one for replaced bulletins.
        let mut titles: Option<(usize, usize)> = None;
        // True in a table below its first row.
        let mut inside = false;
        let mut row = String::new();
        for line in text.lines().map(str::trim) {
            let is_piped = line.starts_with('|');
            if row.is_empty() && !is_piped && !line.contains("<tr") {
                // A row of HTML may have blank lines between its cells; a table with bars ends with one.
                if line.contains("table") || !line.starts_with('<') {
                    (titles, inside) = (None, false);
                }
                continue;
            }
            if is_piped && row.is_empty() {
                row.push_str(line.trim_matches('|'));
            } else {
                row.push_str(line);
                if !line.contains("</tr>") && row.len() < MAX_ROW {
                    row.push(' ');
                    continue;
                }
            }
            let row = std::mem::take(&mut row);
            let may_be_titles = !std::mem::replace(&mut inside, true) || row.contains("<th");
            // Most tables are of other things, and their rows are not cut into cells.
            if !may_be_titles && titles.is_none() {
                continue;
            }
            let cells: Vec<&str> = if is_piped { row.split('|').take(MAX_CELLS).collect() } else { cells(&row) };
            let is_title = |cell: &&str| {
                let lower = vocabulary::lower(&bare(cell));
                vocabulary::find(Kind::Replaces, &lower).is_some_and(|(place, _)| lower.len() < place.end + MAX_REST)
            };
            if may_be_titles
                && cells.len() > 2
                && named(&row).is_empty()
                && let Some(place) = cells.iter().position(is_title)
            {
                titles = Some((cells.len(), place));
                continue;
            }
            let Some((count, place)) = titles else { continue };
            for id in ids_in(&row) {
                match cells.get(place).filter(|_| cells.len() == count) {
                    Some(cell) => found.of_updates.entry(id).or_default().extend(named(cell)),
                    None => drop(found.unclear.insert(id)),
                }
            }
        }
        found
    }

    /// The bulletins of an update's rows, unless it has none with such a column.
    pub(crate) fn get(&self, id: KbId) -> Option<&BTreeSet<String>> {
        self.of_updates.get(&id).filter(|_| !self.unclear.contains(&id))
    }
}

/// The longest row, in bytes.
const MAX_ROW: usize = 20_000;

/// The cells of a row in HTML, with their tags.
fn cells(row: &str) -> Vec<&str> {
    let is_cell = |at: &usize| matches!(row.as_bytes().get(at + 2), Some(b'd' | b'h'));
    let starts: Vec<usize> = row.match_indices("<t").map(|(at, _)| at).filter(is_cell).take(MAX_CELLS).collect();
    let ends = starts.iter().skip(1).copied().chain([row.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| &row[start..end]).collect()
}

/// A cell's words, without tags.
fn bare(cell: &str) -> String {
    let mut words = String::new();
    for part in cell.split('<') {
        words.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    words.trim().to_owned()
}
