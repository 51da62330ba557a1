//! The words of a row; words of one date, time, size or version are joined.

use super::cells;

/// The most words of a row; a longer line is a sentence.
pub(crate) const MAX_WORDS: usize = 40;

/// A word, or a few words that belong together, with the position in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
}

/// The words of a line; parts of one date, time or size are joined (`7:54 pm`, `Oct 16, 2001`, `39, 424 bytes`). The
/// iterator is lazy, because the first word shows that most lines are not rows.
pub(crate) fn words(line: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let word = plain_word(line, at)?;
        let second = plain_word(line, word.end);
        let third = || plain_word(line, second?.end);
        let last = match second {
            Some(second) => last_of(line, &word, &second, third),
            None => word,
        };
        at = last.end;
        Some(Word { text: &line[word.start..last.end], start: word.start, end: last.end })
    })
}

/// The starts of words after a blank, a bar or a bracket. Eight bytes are examined at once.
pub(crate) fn starts_of_words(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let separates = |b: u8| matches!(b, b' ' | b'|' | b'(');
    let (eights, rest) = bytes.as_chunks::<8>();
    let after = bytes.len() - rest.len();
    let inside = eights.iter().enumerate().flat_map(move |(i, eight)| {
        let mut found = marks_among(*eight, [b' ', b'|', b'(']);
        std::iter::from_fn(move || {
            let at = found.trailing_zeros() as usize / 8;
            (found != 0).then(|| {
                found &= found - 1;
                i * 8 + at
            })
        })
    });
    let last = rest.iter().enumerate().filter(move |(_, b)| separates(**b)).map(move |(i, _)| after + i);
    inside.chain(last).map(|at| at + 1).filter(move |start| bytes.get(*start).is_some_and(|b| !separates(*b)))
}

/// The highest bit of each byte among eight that is one of these marks.
#[inline]
fn marks_among(eight: [u8; 8], marks: [u8; 3]) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
    // A byte differs from the mark if one of its low bits differs, which a carry moves to the highest bit, or if the
    // highest bit itself does.
    let differs = |mark: u8| {
        let bits = u64::from_le_bytes(eight) ^ u64::from_ne_bytes([mark; 8]);
        ((bits & LOW) + LOW) | bits
    };
    !(differs(marks[0]) & differs(marks[1]) & differs(marks[2])) & !LOW
}

/// The first word after a position in the line.
fn plain_word(line: &str, at: usize) -> Option<Word<'_>> {
    let start = at + line[at..].find(|c: char| c != ' ' && c != '\u{a0}')?;
    let end = line[start..].find([' ', '\u{a0}']).map_or(line.len(), |n| start + n);
    Some(Word { text: &line[start..end], start, end })
}

/// The last word of the fact that begins with `word`.
fn last_of<'a>(line: &str, word: &Word<'a>, next: &Word<'a>, third: impl Fn() -> Option<Word<'a>>) -> Word<'a> {
    if (cells::month(word.text).is_some() || cells::month(next.text).is_some())
        && let Some(third) = third()
        && cells::date(&line[word.start..third.end]).is_some()
    {
        third
    } else if is_half_day(word.text, next.text)
        || is_unit(word.text, next.text)
        || is_version_tail(word.text, next.text)
    {
        *next
    } else if is_first_group(word.text) && next.text.len() >= 3 && next.text.bytes().take(3).all(|b| b.is_ascii_digit())
    {
        // `39, 424 bytes` (Q131304).
        third().filter(|unit| starts_with(unit.text, "byte")).unwrap_or(*next)
    } else {
        *word
    }
}

/// The first digits of a number with a blank after its comma: `39,`.
fn is_first_group(text: &str) -> bool {
    text.len() <= 4 && text.strip_suffix(',').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

/// `7:54` before `pm`, `12:00` before `midnight` (Q313688).
fn is_half_day(word: &str, next: &str) -> bool {
    const HALVES: [&str; 10] = ["a", "p", "am", "pm", "a.m.", "p.m.", "a.m", "p.m", "midnight", "noon"];
    word.contains(':') && HALVES.iter().any(|half| next.eq_ignore_ascii_case(half))
}

/// `1.2(build` before `786)` (Q230242), `5.0.2195.4555` before `shp` (Q309562).
fn is_version_tail(word: &str, next: &str) -> bool {
    let build = word.len().checked_sub("(build".len()).and_then(|at| word.get(at..));
    next.ends_with(')') && build.is_some_and(|end| end.eq_ignore_ascii_case("(build"))
        || next.eq_ignore_ascii_case("shp") && cells::is_version(word)
}

/// `106,768` before `bytes`, `249` before `KB`.
fn is_unit(word: &str, next: &str) -> bool {
    const UNITS: [&str; 5] = ["bytes", "byte", "kb", "k", "mb"];
    word.starts_with(|c: char| c.is_ascii_digit())
        && !word.contains(['/', ':'])
        && UNITS.iter().any(|unit| next.trim_end_matches([',', ')']).eq_ignore_ascii_case(unit))
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|t| t.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::starts_of_words;

    #[test]
    fn words_begin_where_a_look_at_each_byte_finds_them() {
        let separates = |b: u8| matches!(b, b' ' | b'|' | b'(');
        for line in [
            "",
            " ",
            "Date",
            "   Date      Time    Version        Size     File name   Platform",
            "| File name|Version |(Size)| ((x",
            "Datum  Größe\u{a0}(Bytes) ｂ.dll   ",
            "12345678 1234567 123456 ",
        ] {
            let bytes = line.as_bytes();
            let naive: Vec<usize> =
                (1..bytes.len()).filter(|at| separates(bytes[at - 1]) && !separates(bytes[*at])).collect();
            assert_eq!(starts_of_words(bytes).collect::<Vec<usize>>(), naive, "{line:?}");
        }
    }
}
