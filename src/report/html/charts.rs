//! The numbers and shares of the charts, which the templates draw.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::assess::{ArticleStatus, Reason, Rule, Verdict};
use crate::report::text::grouped;
use crate::report::view::{ArticleView, FindingView, RequiredView, View};
use crate::report::wording;

/// How many products have their own bar; the others share one.
const MOST_PRODUCTS: usize = 7;
/// The largest number of labels on the time axis, so that they do not touch on a telephone.
const MOST_YEAR_LABELS: usize = 6;
/// The smallest share of a part of a bar, so that one of thousands is still visible.
const LEAST_PART: usize = 80;

/// A share of a whole, in hundredths of a percent. Integers give the same digits on every machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Share(usize);

impl Share {
    fn of(part: usize, whole: usize) -> Self {
        Self((part * 10_000).checked_div(whole).unwrap_or_default())
    }

    /// In whole percent, for people.
    pub(super) fn rounded(self) -> String {
        if self.0 > 0 && self.0 < 100 { "< 1%".to_owned() } else { format!("{}%", (self.0 + 50) / 100) }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

/// The part of a bar that shows a status.
pub(super) struct Part {
    pub status: &'static str,
    pub name: String,
    pub number: String,
    pub start: Share,
    pub length: Share,
    /// The position of its number, if the part is long enough for it.
    pub middle: Option<Share>,
}

/// A bar of parts, with its label.
pub(super) struct Bar {
    pub label: String,
    pub number: String,
    pub parts: Vec<Part>,
    /// The parts in words.
    pub words: String,
}

/// A year of the time axis.
pub(super) struct Column {
    pub year: i16,
    pub labelled: bool,
    pub start: Share,
    pub middle: Share,
    pub width: Share,
    /// The parts from the bottom up; `start` is measured from the top.
    pub parts: Vec<Part>,
    pub words: String,
}

/// How many have each status, in the order of `ArticleStatus::ALL`.
type Numbers = [usize; ArticleStatus::ALL.len()];

/// A status in words.
pub(super) fn words(name: &str) -> String {
    name.replace('-', " ")
}

/// The articles that apply, by status.
pub(super) fn verdicts(view: &View) -> Bar {
    let s = &view.summary;
    // Articles that do not apply are left out: there are thousands, and they say nothing about the files.
    bar("", [s.missing, s.partial, s.likely_missing, s.unknown, s.likely_fixed, s.fixed, 0], None)
}

/// The articles shown, by product; those with most first.
pub(super) fn products(articles: &[&ArticleView]) -> Vec<Bar> {
    let mut by_group: BTreeMap<&str, Numbers> = BTreeMap::new();
    for article in articles {
        by_group.entry(&article.group).or_default()[place(article.status)] += 1;
    }
    let mut groups: Vec<(&str, Numbers)> = by_group.into_iter().collect();
    groups.sort_by_key(|(_, numbers)| std::cmp::Reverse(total(numbers)));
    if groups.len() > MOST_PRODUCTS {
        let others = groups.split_off(MOST_PRODUCTS - 1);
        let sum = |place| others.iter().map(|(_, numbers)| numbers[place]).sum();
        groups.push(("other products", std::array::from_fn(sum)));
    }
    let most = groups.iter().map(|(_, numbers)| total(numbers)).max();
    let label = |group: String| if group.is_empty() { "no product named".to_owned() } else { group };
    groups.into_iter().map(|(group, numbers)| bar(&label(group.to_owned()), numbers, most)).collect()
}

/// The articles shown, by the year of the newest file in each, or of its last change if its files have no dates.
pub(super) fn years(articles: &[&ArticleView]) -> Vec<Column> {
    let mut by_year: BTreeMap<i16, Numbers> = BTreeMap::new();
    for article in articles {
        if let Some(year) = year(article) {
            by_year.entry(year).or_default()[place(article.status)] += 1;
        }
    }
    let (Some(first), Some(last)) = (by_year.keys().next().copied(), by_year.keys().last().copied()) else {
        return Vec::new();
    };
    let most = by_year.values().map(total).max().unwrap_or_default();
    let span = usize::from(first.abs_diff(last)) + 1;
    let step = span.div_ceil(MOST_YEAR_LABELS);
    let column = |(index, year): (usize, i16)| {
        let numbers = by_year.get(&year).copied().unwrap_or_default();
        let mut column = bar(&year.to_string(), numbers, Some(most));
        // Stacked from the bottom up, with the worst status at the bottom.
        for part in &mut column.parts {
            part.start = Share(10_000 - part.start.0 - part.length.0);
        }
        Column {
            year,
            labelled: index.is_multiple_of(step),
            start: Share((index * 10_000 + 1_200) / span),
            middle: Share((index * 10_000 + 5_000) / span),
            width: Share(7_600 / span),
            parts: column.parts,
            words: column.words,
        }
    };
    (first..=last).enumerate().map(column).collect()
}

/// The findings that apply, by kind of evidence; the most frequent first.
pub(super) fn evidence(articles: &[&ArticleView]) -> Vec<(&'static str, String, Share)> {
    let findings = articles.iter().flat_map(|article| &article.findings);
    let mut by_kind: HashMap<&str, usize> = HashMap::new();
    for finding in findings.filter(|finding| finding.verdict != Verdict::NotApplicable) {
        *by_kind.entry(kind(finding)).or_default() += 1;
    }
    let all: usize = by_kind.values().sum();
    let mut kinds: Vec<(&str, usize)> = by_kind.into_iter().collect();
    kinds.sort_by_key(|&(kind, number)| (std::cmp::Reverse(number), kind));
    kinds.into_iter().map(|(kind, number)| (kind, grouped(number as u64), Share::of(number, all))).collect()
}

/// The kind of evidence of a finding.
fn kind(finding: &FindingView) -> &'static str {
    match (finding.verdict, finding.rule, finding.reason) {
        (_, Rule::Reading, _) => "file not readable",
        (Verdict::Unknown, Rule::Profile, _) => "service pack not known",
        (Verdict::Unknown, _, _) => "no usable evidence",
        (_, Rule::Version, _) => "version",
        (_, Rule::ServicePack | Rule::Branch, _) => "service pack of the file",
        (_, Rule::Profile, _) => "service pack of the system",
        (_, _, Reason::SameSizeAndDate) => "size and date",
        (_, _, Reason::BuiltLater | Reason::BuiltEarlier) => "build time",
        (_, _, Reason::DatedEarlier) => "date of the file",
        _ => "builds in other articles",
    }
}

fn year(article: &ArticleView) -> Option<i16> {
    let date = |finding: &FindingView| match &finding.required {
        RequiredView::File(fix) => fix.date,
        RequiredView::ServicePack { .. } | RequiredView::Build { .. } => None,
    };
    let newest = article.findings.all().iter().filter_map(date).max();
    newest.or(article.last_modified).map(|date| date.year())
}

/// A bar with the length of its share of `most`; the full width if `most` is not given.
fn bar(label: &str, numbers: Numbers, most: Option<usize>) -> Bar {
    let all = total(&numbers);
    let length = most.map_or(10_000, |most| Share::of(all, most).0);
    let weight = |number: usize| if number == 0 { 0 } else { Share::of(number, all).0.max(LEAST_PART) };
    let weights: usize = numbers.iter().map(|&number| weight(number)).sum();
    let mut before = 0;
    let mut parts = Vec::new();
    for (status, number) in ArticleStatus::ALL.into_iter().zip(numbers).filter(|&(_, number)| number > 0) {
        let start = before * length / weights;
        before += weight(number);
        let part = Share(before * length / weights - start);
        let text = grouped(number as u64);
        parts.push(Part {
            status: status.name(),
            name: wording::status(status),
            middle: (part.0 > 180 * (text.len() + 1)).then_some(Share(start + part.0 / 2)),
            number: text,
            start: Share(start),
            length: part,
        });
    }
    let words: Vec<String> = parts.iter().map(|part| format!("{} {}", part.number, part.name)).collect();
    Bar { label: label.to_owned(), number: grouped(all as u64), parts, words: words.join(", ") }
}

fn place(status: ArticleStatus) -> usize {
    ArticleStatus::ALL.iter().position(|&one| one == status).unwrap_or_default()
}

fn total(numbers: &Numbers) -> usize {
    numbers.iter().sum()
}
