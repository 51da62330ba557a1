//! Files of computers that are not of the PC/AT kind: NEC PC-98, which has its own Windows NT 4.0 and 2000.

use super::evidence::Evidence;
use super::listed_row::Row;
use super::reason::Reason;
use super::verdict::Verdict;
use hotfixcheck_articles::{SCOPE_WORDS, find_word};

/// A file with exactly the version of a row for such a computer may be from one, with the fix installed: nothing shows which
/// computer it is. Win32k.sys of MS03-045 is 4.0.1381.7216 on NEC PC-98, 7217 on all others.
pub(super) fn doubt(rows: &[Row], mut answers: Vec<(Reason, Evidence)>) -> Vec<(Reason, Evidence)> {
    let is_missing = |(reason, _): &(Reason, Evidence)| reason.verdict() == Verdict::Missing;
    // Few files have a row for another product beside one that is missing.
    if !answers.iter().any(is_missing) || !answers.iter().any(|(reason, _)| *reason == Reason::OtherProduct) {
        return answers;
    }
    let is_of_board = |row: &Row| {
        let texts = [row.section.to_lowercase(), row.platform.as_deref().unwrap_or_default().to_lowercase()];
        SCOPE_WORDS.board.iter().any(|board| texts.iter().any(|text| find_word(text, board).is_some()))
    };
    let of_boards: Vec<_> =
        rows.iter().zip(&answers).filter(|(_, (reason, _))| *reason == Reason::OtherProduct).collect();
    let versions: Vec<_> =
        of_boards.into_iter().filter(|(row, _)| is_of_board(row)).filter_map(|(row, _)| row.required()).collect();
    for answer in answers.iter_mut().filter(|answer| is_missing(answer)) {
        if answer.1.comparison.as_ref().is_some_and(|comparison| versions.contains(&comparison.found)) {
            answer.0 = Reason::RowsDiffer;
        }
    }
    answers
}
