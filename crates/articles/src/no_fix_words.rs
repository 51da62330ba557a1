//! The words that distinguish files from before a fix from those of the fix, in every language:
//! `data/no-fix-words.tsv`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::blanks::push_words;
use super::vocabulary;

const WORDS: &str = include_str!("../data/no-fix-words.tsv");

/// What a heading says about the files below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// They are not a fix.
    NoFix,
    /// They are not a fix unless the text below announces one: `Cause`, `Workaround`.
    OtherPart,
}

/// The files that a column, or a remark on a version, refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Time {
    /// Before the fix: `Old version`.
    Older,
    /// Those of the fix: `Updated version`.
    Newer,
    /// Either, depending on the other columns: `Current version`.
    Either,
}

struct Words {
    /// The nouns of all languages, and the languages of each.
    nouns: AhoCorasick,
    languages_of: Vec<Vec<usize>>,
    languages: Vec<Language>,
    /// Words that mean "not a fix" anywhere in a heading.
    headings: AhoCorasick,
    /// Words of updated files: "not a fix" words after one of them do not count.
    fixed: AhoCorasick,
    whole: HashMap<&'static str, Said>,
    /// Cells of a row whose file the fix does not change.
    cells: HashSet<&'static str>,
    times: HashMap<&'static str, Time>,
    /// The first words of `times`: a text without them names no time.
    of_times: AhoCorasick,
}

/// Words next to the nouns of a language, with the blank between them.
#[derive(Default)]
struct Language {
    adjectives: Vec<String>,
    predicates: Vec<String>,
}

static TABLE: LazyLock<Words> = LazyLock::new(|| {
    let mut names: Vec<&str> = Vec::new();
    let mut languages: Vec<Language> = Vec::new();
    let mut nouns: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let (mut headings, mut fixed) = (Vec::new(), Vec::new());
    let (mut whole, mut times, mut cells) = (HashMap::new(), HashMap::new(), HashSet::new());
    for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(kind), Some(name), Some(words)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let language = names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            languages.push(Language::default());
            names.len() - 1
        });
        let of_language = &mut languages[language];
        let blank = if matches!(name, "ja" | "zh-cn" | "zh-tw") { "" } else { " " };
        match kind {
            "noun" => nouns.entry(words).or_default().push(language),
            "adjective" => of_language.adjectives.push(format!("{words}{blank}")),
            "predicate" if words.starts_with(',') => of_language.predicates.push(words.to_owned()),
            "predicate" => of_language.predicates.push(format!("{blank}{words}")),
            "heading" => headings.push(words),
            "whole" => drop(whole.insert(words, Said::NoFix)),
            "part" => drop(whole.insert(words, Said::OtherPart)),
            "fixed" => fixed.push(words),
            "cell" => drop(cells.insert(words)),
            "older" => drop(times.insert(words, Time::Older)),
            "newer" => drop(times.insert(words, Time::Newer)),
            "either" => drop(times.insert(words, Time::Either)),
            other => unreachable!("no kind of words: {other}"),
        }
    }
    let first = |words: &'static str| words.split([' ', '-']).next().unwrap_or(words);
    let of_times = AhoCorasick::builder().ascii_case_insensitive(true).build(times.keys().map(|words| first(words)));
    let of_times = of_times.unwrap_or_else(|e| unreachable!("words of a file that is part of the program: {e}"));
    let languages_of = nouns.values().cloned().collect();
    let nouns = AhoCorasick::new(nouns.keys());
    let nouns = nouns.unwrap_or_else(|e| unreachable!("words of a file that is part of the program: {e}"));
    let (headings, fixed) = (finder(headings), finder(fixed));
    Words { nouns, languages_of, languages, headings, fixed, whole, cells, times, of_times }
});

fn finder<T: AsRef<[u8]>>(words: impl IntoIterator<Item = T>) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .unwrap_or_else(|e| unreachable!("words of a file that is part of the program: {e}"))
}

/// What a heading says about the files below it; `None` if it says nothing about them.
pub(crate) fn said(heading: &str) -> Option<Said> {
    let lower = plain(heading);
    let bare = lower.split_once(['(', '\u{ff08}']).map_or(lower.as_str(), |(bare, _)| bare.trim_end());
    if let Some(said) = TABLE.whole.get(lower.as_str()).or_else(|| TABLE.whole.get(bare)) {
        return Some(*said);
    }
    let start = first_place(&lower)?;
    let corrected = TABLE.fixed.find_iter(&lower[..start]).any(|fixed| is_word(&lower, fixed.range()));
    (!corrected).then_some(Said::NoFix)
}

/// The position at which a heading in lower case first says that its files are not a fix: a noun with an adjective or a
/// predicate, or other words.
fn first_place(lower: &str) -> Option<usize> {
    let of_headings =
        TABLE.headings.find_iter(lower).map(|found| found.range()).find(|place| is_word(lower, place.clone()));
    let of_noun = |noun: Range<usize>, language: &Language| {
        let (before, after) = (&lower[..noun.start], &lower[noun.end..]);
        let described =
            |adjective: &String| before.ends_with(adjective.as_str()).then(|| noun.start - adjective.len()..noun.end);
        let said =
            |predicate: &String| after.starts_with(predicate.as_str()).then(|| noun.start..noun.end + predicate.len());
        let places = language.adjectives.iter().filter_map(described);
        let mut places = places.chain(language.predicates.iter().filter_map(said));
        places.find(|place| is_word(lower, place.clone())).map(|place| place.start)
    };
    let nouns = TABLE.nouns.find_overlapping_iter(lower);
    let of_nouns = nouns.flat_map(|found| {
        let languages = TABLE.languages_of[found.pattern().as_usize()].iter();
        languages.filter_map(move |&language| of_noun(found.range(), &TABLE.languages[language]))
    });
    of_headings.map(|place| place.start).into_iter().chain(of_nouns).min()
}

/// True for a cell that says that the fix does not change the file of its row: "unchanged" in a column "Status".
pub(crate) fn says_unchanged(cell: &str) -> bool {
    // Most cells hold facts, and no such word has a digit.
    let may_be = (3..=MAX_CELL).contains(&cell.len()) && !cell.bytes().any(|b| b.is_ascii_digit());
    may_be && TABLE.cells.contains(plain(cell).as_str())
}

/// The longest cell of this kind, in bytes.
const MAX_CELL: usize = 24;

/// True for a text about updated, corrected or new files.
pub(crate) fn says_fixed(text: &str) -> bool {
    let lower = plain(text);
    TABLE.fixed.find_iter(&lower).any(|fixed| is_word(&lower, fixed.range()))
}

/// The longest title that names a time, in bytes.
const MAX_TITLE: usize = 80;

/// The time that a title or remark names at its beginning or end, and the rest of it: `Old version`, `Version
/// (before)`, `Before`.
pub(crate) fn time_of(text: &str) -> Option<(Time, String)> {
    // Most cells checked here hold facts: such a title is short, and has no digit and no letter right after a dot.
    let dotted = |pair: &[u8]| pair[0] == b'.' && pair[1].is_ascii_alphabetic();
    if text.len() > MAX_TITLE || text.bytes().any(|b| b.is_ascii_digit()) || text.as_bytes().windows(2).any(dotted) {
        return None;
    }
    // Non-ASCII letters have two cases, too: such texts are always read.
    if text.is_ascii() && !TABLE.of_times.is_match(text) {
        return None;
    }
    let lower = plain(text).replace(['(', ')', '\u{ff08}', '\u{ff09}', '-'], " ");
    let mut title = String::with_capacity(lower.len());
    push_words(&mut title, &lower);
    // `pre-hotfix` was changed to have a blank.
    let known =
        |part: &str| TABLE.times.get(part).or_else(|| TABLE.times.get(part.replacen(' ', "-", 1).as_str())).copied();
    let cuts = title.char_indices().map(|(at, _)| at).chain([title.len()]);
    let ends_word = |at: usize| at == 0 || at == title.len() || is_word(&title, at..at);
    let named = cuts.filter(|&at| ends_word(at)).filter_map(|at| {
        let (before, after) = title.split_at(at);
        if let Some(time) = known(before.trim()).filter(|_| !before.is_empty()) {
            return Some((time, before.trim().len(), after.trim().to_owned()));
        }
        known(after.trim())
            .filter(|_| !after.is_empty())
            .map(|time| (time, after.trim().len(), before.trim().to_owned()))
    });
    named.max_by_key(|(_, length, _)| *length).map(|(time, _, rest)| (time, rest))
}

/// A text in lower case, with single blanks, without the marks around it.
fn plain(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    push_words(&mut words, text);
    let lower = vocabulary::lower(&words);
    lower.trim_matches(['*', '_', ':', '\u{ff1a}', '-', '.', '\u{3002}', ' ', '#']).to_owned()
}

/// True if no letters of an alphabet are right before or after a range. Japanese, Chinese and Korean need no blanks.
fn is_word(text: &str, place: Range<usize>) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() && c < '\u{2e80}';
    let (before, own, after) = (&text[..place.start], &text[place.clone()], &text[place.end..]);
    let goes_on = |left: &str, right: &str| left.ends_with(is_letter) && right.starts_with(is_letter);
    if own.is_empty() {
        return !goes_on(before, after);
    }
    !goes_on(before, own) && !goes_on(own, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_files_that_are_no_fix() {
        let no_fix = [
            "Affected file versions",
            "Vulnerable file versions",
            "Files that are not changed by this update",
            "Unchanged files",
            "File versions before the update",
            "Versions before you install this hotfix",
            "Original file versions",
            "Known affected files",
            "Files in the original release",
            "Files that this update replaces",
            "Replaced files",
            "Files that are removed by this update",
            "Files that are not updated",
            "Superseded files",
            "Earlier file versions",
            "Files in the previous version of this update",
            "File versions that have the problem",
            "Files that cause this problem",
            "Symptomatic file versions",
            "Default file versions",
            "Files shipped with Service Pack 2",
            "Dependencies",
            "Prerequisite files",
            "Required files",
            "Files that must be present",
            "Example output",
            "Sample output:",
            "Status of the file before installation",
            "Betroffene Dateiversionen",
            "Nicht geänderte Dateien",
            "Versions de fichiers concernées",
            "Versioni di file interessate",
            "影響を受けるファイルのバージョン",
            "受影響的檔案版本",
            "Files that are known to be incompatible",
            "Last known bad versions",
            "Incorrect versions",
            "Old files",
            "Rollback information",
            "Files restored by uninstall",
            "Files that are restored when you uninstall the update",
            "Archivos afectados",
            "Arquivos substituídos",
            "영향을 받는 파일 버전",
            "受影响的文件版本",
            "**Affected files (Windows XP)**",
            "Die folgenden Dateiversionen sind betroffen:",
            "Voraussetzung: Folgende Dateien müssen bereits installiert sein:",
            "Les versions de fichiers suivantes sont concernées :",
            "Las siguientes versiones de archivo están afectadas:",
            "Le seguenti versioni dei file sono interessate:",
            "As seguintes versões de arquivo são afetadas:",
            "次のファイルのバージョンが影響を受けます。",
            "다음 파일 버전이 영향을 받습니다.",
            "필수 구성 요소: 다음 파일이 이미 설치되어 있어야 합니다.",
            "以下文件版本受影响:",
            "下列檔案版本受到影響:",
        ];
        for heading in no_fix {
            assert_eq!(said(heading), Some(Said::NoFix), "{heading}");
        }
        let of_fix = [
            "File information",
            "File attributes",
            "Updated files that replace the affected files",
            "Windows XP Service Pack 2",
            "Affected software",
            "Affected components",
            "File information for earlier versions of Windows",
            "For all supported versions of Windows XP",
            "Windows Server 2003, original release version",
            "New file versions",
            "Corrected versions of the affected files",
            "Files that are updated",
            "Betroffene Software",
            "Dateiinformationen",
            "Earlier versions of Windows",
            "Files for Windows 2000 Service Pack 4 and earlier",
            "Updated modules",
        ];
        for heading in of_fix {
            assert_eq!(said(heading), None, "{heading}");
        }
        assert_eq!(said("Workaround"), Some(Said::OtherPart));
    }

    #[test]
    fn times_of_columns() {
        for (title, time, rest) in [
            ("Old version", Time::Older, "version"),
            ("Version before", Time::Older, "version"),
            ("Version (after)", Time::Newer, "version"),
            ("Version before update", Time::Older, "version"),
            ("Pre-hotfix version", Time::Older, "version"),
            ("Version in this hotfix", Time::Newer, "version"),
            ("Before", Time::Older, ""),
            ("Current version", Time::Either, "version"),
            ("Ancienne version", Time::Older, "version"),
            ("更新前のバージョン", Time::Older, "バージョン"),
            ("舊版本", Time::Older, "版本"),
            ("Last affected version", Time::Older, "version"),
        ] {
            assert_eq!(time_of(title), Some((time, rest.to_owned())), "{title}");
        }
        for title in ["Version", "File version", "Oldversion", "Size", "Folder"] {
            assert_eq!(time_of(title), None, "{title}");
        }
    }
}
