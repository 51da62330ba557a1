//! Markdown inside a line: the text that a reader of the page sees.

use std::borrow::Cow;

use crate::cells;

/// The longest name or tag between `&` and `;`, `<` and `>`, in bytes.
const MAX_ENTITY: usize = 32;
const MAX_TAG: usize = 200;
/// The longest `<br />`, in bytes.
const MAX_BREAK: usize = 8;
/// Tags that begin or end a line.
const BREAKS: [&str; 6] = ["br", "p", "li", "ul", "ol", "div"];
/// Tags that are not visible by themselves.
const TAGS: [&str; 14] =
    ["a", "b", "i", "u", "em", "strong", "span", "sup", "sub", "code", "summary", "details", "p", "font"];

/// The text of a cell or heading: without code spans, escapes, links, tags and entities, and without emphasis of the
/// whole text.
pub(super) fn cell(text: &str) -> String {
    // Most cells have no tag.
    if !text.contains('<') {
        return plain(without_emphasis(text.trim())).trim().to_owned();
    }
    let text = without_notes(text.trim());
    let text = without_emphasis(text.trim());
    if breaks(text).nth(1).is_none() {
        return plain(text).trim().to_owned();
    }
    let parts = breaks(text).map(|part| plain(part).trim().to_owned());
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 {
        return parts.into_iter().next().unwrap_or_default();
    }
    // A long name is broken after one of its marks, and only its last part looks like a name.
    let joined = parts.concat();
    let inside = |pair: &[String]| {
        pair[0].ends_with(['_', '-', '.', '~', '\\']) || pair[1].starts_with(['_', '-', '.', '~', '\\'])
    };
    let one_name = cells::is_file_name(&joined)
        && (parts.windows(2).all(inside) || !parts[..parts.len() - 1].iter().any(|p| cells::is_file_name(p)));
    if one_name || cells::is_version(&joined) && parts.windows(2).all(inside) {
        joined
    } else {
        parts.join(" ").trim().to_owned()
    }
}

/// The text without the numbers of footnotes: `abd.dll<sup>1</sup>`.
fn without_notes(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    // `abd.dll<a href="#note1">1</a>`
    let mut from = 0;
    while let Some(start) = out[from..].find("<a href=\"#").map(|at| from + at)
        && let Some(open) = out[start..].find('>').map(|at| start + at + 1)
        && let Some(close) = out[open..].find("</a>").map(|at| open + at)
    {
        if is_note_mark(&out[open..close]) {
            out.to_mut().replace_range(start..close + "</a>".len(), "");
            from = start;
        } else {
            from = close;
        }
    }
    while let Some(start) = out.find("<sup>")
        && let Some(length) = out[start..].find("</sup>")
    {
        out.to_mut().replace_range(start..start + length + "</sup>".len(), "");
    }
    out
}

/// True for the text of a link to a footnote: `1`, `[1]`, `a`.
pub(super) fn is_note_mark(text: &str) -> bool {
    let text = text.trim().trim_matches(['[', ']', '(', ')', '^', '*']);
    text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit())
        || text.len() == 1 && text.bytes().all(|b| b.is_ascii_lowercase())
}

/// The parts of a text between `<br>`, `<br/>` and `<br />`, and those of paragraphs and lists.
fn breaks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let tag = text.match_indices('<').find_map(|(at, _)| {
            let end = text.bytes().skip(at).take(MAX_BREAK).position(|b| b == b'>')? + at;
            let name = text.get(at + 1..end)?.trim_matches('/').trim_end();
            BREAKS.iter().any(|tag| name.eq_ignore_ascii_case(tag)).then_some((at, end + 1))
        });
        match tag {
            Some((start, end)) => {
                rest = Some(&text[end..]);
                Some(&text[..start])
            }
            None => {
                rest = None;
                Some(text)
            }
        }
    })
}

/// `**Aaa.dll**`, `_Aaa.dll_` -> `Aaa.dll`. The names of packed files (`_setup.dl_`) are not emphasis.
fn without_emphasis(mut text: &str) -> &str {
    for mark in ["**", "__", "*", "_"] {
        let inner = text.strip_prefix(mark).and_then(|t| t.strip_suffix(mark)).filter(|inner| {
            let one = !inner.contains([' ', '\\']) || !inner.contains(&mark[..1]);
            !inner.is_empty() && !inner.starts_with(' ') && !inner.ends_with([' ', '\\']) && one
        });
        let packed =
            |inner: &str| mark == "_" && inner.rsplit_once('.').is_some_and(|(_, extension)| extension.len() == 2);
        if let Some(inner) = inner.filter(|inner| !packed(inner)) {
            text = inner;
        }
    }
    text
}

/// A line without code marks, escapes, link targets, tags, entities and strong emphasis, in linear time.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    const IS_MARK: [bool; 256] = {
        let mut marks = [false; 256];
        let mut all: &[u8] = b"\\`[]<&*";
        while let [mark, rest @ ..] = all {
            marks[*mark as usize] = true;
            all = rest;
        }
        marks
    };
    let is_mark = |b: u8| IS_MARK[usize::from(b)];
    if !line.bytes().any(is_mark) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    // Position in `out` at which the text of a link may begin; which code marks and brackets are known to have no end.
    let mut link: Option<usize> = None;
    let mut open_code = [false; 8];
    let mut open_link = false;
    while let Some(at) = rest.bytes().position(is_mark) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let bytes = rest.as_bytes();
        let mut taken = 0;
        match bytes[0] {
            b'\\' if bytes.get(1).is_some_and(u8::is_ascii_punctuation) => {
                out.push(char::from(bytes[1]));
                taken = 2;
            }
            b'`' => {
                let marks = bytes.iter().take_while(|b| **b == b'`').count();
                let known = open_code.get(marks).copied().unwrap_or(true);
                match (!known).then(|| code_end(&rest[marks..], marks)).flatten() {
                    Some(length) => {
                        let code = &rest[marks..marks + length];
                        out.push_str(code.strip_prefix(' ').and_then(|c| c.strip_suffix(' ')).unwrap_or(code));
                        taken = marks + length + marks;
                    }
                    None => {
                        if let Some(open) = open_code.get_mut(marks) {
                            *open = true;
                        }
                        out.push_str(&rest[..marks]);
                        taken = marks;
                    }
                }
            }
            b'[' => link = Some(out.len()),
            b']' if bytes.get(1) == Some(&b'(') && !open_link && link.is_some() => match target_end(&rest[2..]) {
                Some(length) => {
                    if let Some(start) = link.take() {
                        // An image has a mark before the bracket.
                        let image = out[..start].ends_with('!');
                        // `abd.dll[1](#note1)`
                        let to_note = rest[2..].starts_with('#') && is_note_mark(&out[start..]);
                        out.replace_range(start - usize::from(image)..=start, "");
                        if to_note {
                            out.truncate(start - usize::from(image));
                        }
                    }
                    taken = 2 + length;
                }
                None => open_link = true,
            },
            b'<' => taken = tag_length(rest),
            b'&' => {
                let end = bytes.iter().take(MAX_ENTITY).position(|b| *b == b';');
                if let Some(end) = end {
                    let decoded = html_escape::decode_html_entities(&rest[..=end]);
                    out.extend(decoded.chars().map(|c| if c == '\u{a0}' { ' ' } else { c }));
                    taken = end + 1;
                }
            }
            b'*' if bytes.get(1) == Some(&b'*') => taken = 2,
            _ => {}
        }
        if taken == 0 {
            // Every mark is ASCII.
            out.push(char::from(bytes[0]));
            taken = 1;
        }
        rest = &rest[taken..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The length of a code span's text that ends with as many marks as it began with.
fn code_end(text: &str, marks: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'`', &bytes[at..]) {
        let run = bytes[at + next..].iter().take_while(|b| **b == b'`').count();
        if run == marks {
            return Some(at + next);
        }
        at += next + run;
    }
    None
}

/// The length of a link's target with its closing bracket.
fn target_end(text: &str) -> Option<usize> {
    let mut depth = 1;
    text.bytes()
        .position(|b| {
            match b {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            depth == 0
        })
        .map(|at| at + 1)
}

/// The length of an invisible tag; 0 if there is none.
fn tag_length(text: &str) -> usize {
    let Some(end) = text.bytes().take(MAX_TAG).position(|b| b == b'>') else { return 0 };
    let inside = text[1..end].trim_start_matches('/');
    let name = inside.split([' ', '/']).next().unwrap_or_default();
    if TAGS.iter().any(|tag| name.eq_ignore_ascii_case(tag)) { end + 1 } else { 0 }
}
