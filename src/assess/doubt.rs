//! Doubts about the answers for one file: equal versions of two builds, contradicting rows, missing facts.

use super::applies::{self, Applies};
use super::context::Context;
use super::evidence::Evidence;
use super::ladder::{LINK_DAYS, link_day};
use super::neighbours::days;
use super::reason::Reason;
use super::verdict::Verdict;
use crate::inventory::{Entry, Untold};
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_winfiles::binary::{Binary, VersionInfo};

type Answers = [(Reason, Evidence)];

/// The same version with another size, or linked long before the row's date, is another build: Idq.dll of Q300972 was
/// corrected without a new version.
pub(super) fn ambiguous_versions(
    entry: &Entry,
    binary: &Binary,
    info: Option<&VersionInfo>,
    rows: &[&Fix],
    context: &Context,
    answers: &mut Answers,
) {
    let equal: Vec<usize> = (0..rows.len()).filter(|&place| answers[place].0 == Reason::VersionEqual).collect();
    // Two editions of one version (40-bit and 128-bit) have two rows: the file is one of them.
    let is_there = |place: &usize| rows[*place].size.is_some() && rows[*place].size == entry.size;
    if equal.iter().any(is_there) {
        return;
    }
    let built = link_day(binary, entry);
    for place in equal {
        let row = rows[place];
        // A localised build has another size.
        let comparable =
            row.language.is_some() || info.is_none_or(|info| context.knowledge.languages.may_be_english(info));
        let detail = match (row.size, entry.size, row.date, built) {
            (Some(wanted), Some(found), ..) if comparable && wanted != found => {
                format!("{found} bytes, article says {wanted} bytes")
            }
            (None, _, Some(date), Some(built)) if days(built, date) > LINK_DAYS => {
                format!("built {built}, article says {date}")
            }
            _ => continue,
        };
        answers[place].0 = Reason::AmbiguousVersion;
        answers[place].1.detail = Some(detail);
    }
}

/// Rows without a version that contradict each other, or that contradict the rows with a version, are for different
/// systems: it cannot be decided which one applies to this file.
pub(super) fn contradictions(rows: &[&Fix], answers: &mut Answers) {
    let all = |wanted: [Verdict; 2]| answers.iter().any(|(reason, _)| wanted.contains(&reason.verdict()));
    let present = all([Verdict::Fixed, Verdict::LikelyFixed]);
    let absent = all([Verdict::Missing, Verdict::LikelyMissing]);
    if !(present && absent) {
        return;
    }
    for (row, (reason, _)) in rows.iter().zip(answers) {
        // The same size and date: it is this file, whatever the other rows say.
        let likely = matches!(reason.verdict(), Verdict::LikelyFixed | Verdict::LikelyMissing);
        if row.version.is_none() && likely && *reason != Reason::SameSizeAndDate {
            *reason = Reason::RowsDiffer;
        }
    }
}

/// A list may lack the machine or the language of a file. The answer is then unknown where it depends on them: where the
/// row applies to some of the possible machines only, or where the article has rows for several languages.
pub(super) fn untold(untold: Untold, article: &Article, rows: &[&Fix], answers: &mut Answers) {
    let languages = untold.language && rows.iter().any(|row| row.language.is_some());
    for (row, (reason, evidence)) in rows.iter().zip(answers) {
        let decided = !matches!(reason.verdict(), Verdict::Unknown | Verdict::NotApplicable);
        // A row for one language was not used, because the language of the file is not recorded.
        let passed_over = languages && *reason == Reason::OtherLanguage;
        if !decided && !passed_over && *reason != Reason::RowsDiffer {
            continue;
        }
        let depends = |class| applies::to_class(row, article, class) == Applies::Depends;
        if languages {
            *reason = Reason::LanguageNotTold;
            evidence.detail = Some(format!("row for {}", row.language.as_deref().unwrap_or("English")));
        } else if untold.machine.is_some_and(depends) {
            *reason = Reason::MachineNotTold;
            let wanted = row.machine.map_or_else(|| "row without a platform".to_owned(), |m| format!("row for {m}"));
            evidence.detail = Some(wanted);
        }
    }
}
