//! Finds the inventory in a line, so that it need not be read twice: once to find its end, and once for what it says.

/// A line whose member `inventory` is an object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split<'l> {
    pub inventory: &'l str,
    /// The line with `null` in its place.
    pub rest: String,
}

/// Splits a line; `None` for one without such an inventory. Only brackets and texts are looked at: both parts are JSON if and only
/// if the line is.
pub(super) fn split(line: &str) -> Option<Split<'_>> {
    let bytes = line.as_bytes();
    let mut at = blanks(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    at = blanks(bytes, at + 1);
    while bytes.get(at) == Some(&b'"') {
        let name = at;
        at = text_end(bytes, at)?;
        let is_inventory = &bytes[name..at] == br#""inventory""#;
        at = blanks(bytes, at);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        let start = blanks(bytes, at + 1);
        at = value_end(bytes, start)?;
        if is_inventory {
            let (inventory, after) = (line.get(start..at)?, line.get(at..)?);
            let rest = || [&line[..start], "null", after].concat();
            return inventory.starts_with('{').then(|| Split { inventory, rest: rest() });
        }
        at = blanks(bytes, at);
        if bytes.get(at) != Some(&b',') {
            return None;
        }
        at = blanks(bytes, at + 1);
    }
    None
}

/// The first place from `at` on that is not blank.
fn blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// The place after the text whose opening quotation mark is at `at`.
fn text_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        // Eight bytes at once: most texts are too short for a search.
        if let Some(eight) = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok()) {
            let word = u64::from_le_bytes(eight);
            let found = zeros(word ^ (ONES * u64::from(b'"'))) | zeros(word ^ (ONES * u64::from(b'\\')));
            if found == 0 {
                at += 8;
                continue;
            }
            at += found.trailing_zeros() as usize / 8;
        }
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            // The character after a backslash is part of the text.
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// One in each byte of a word.
const ONES: u64 = u64::MAX / 255;

/// The highest bit of the bytes that are zero; the lowest of them is right, those above it may not be.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & (ONES << 7)
}

/// For each byte whether it begins a text, or begins or ends a list or object.
const IS_MARK: [bool; 256] = {
    let (mut is_mark, marks) = ([false; 256], b"\"{}[]");
    let mut at = 0;
    while at < marks.len() {
        is_mark[marks[at] as usize] = true;
        at += 1;
    }
    is_mark
};

/// The place after the value that begins at `at`.
fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    if !matches!(bytes.get(at)?, b'"' | b'{' | b'[') {
        let is_of_word = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        let count = bytes[at..].iter().take_while(is_of_word).count();
        return (count > 0).then_some(at + count);
    }
    let (mut depth, mut at) = (0usize, at);
    loop {
        at += bytes.get(at..)?.iter().position(|byte| IS_MARK[usize::from(*byte)])?;
        at = match bytes[at] {
            b'"' => text_end(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at + 1
            }
            _ => {
                depth = depth.checked_sub(1)?;
                at + 1
            }
        };
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inventory_is_what_a_reader_of_json_finds() {
        let inventory = r#"{"a":"}]\\\"{","b":[{"c":[]},-1.5e+3,null],"d":{}}"#;
        let before =
            ["{", "{ ", r#"{"host":"a\"b","#, "\t{\n\"host\" : 7 , ", r#"{"x":{"inventory":[1]},"y":[],"z":true,"#];
        let after = ["}", " }", r#","format":null}"#, r#","inventory2":{"a":1}} "#];
        for before in before {
            for after in after {
                let line = format!("{before}\"inventory\": {inventory}{after}");
                let split = split(&line).unwrap_or_else(|| panic!("{line}"));
                assert_eq!(split.inventory, inventory, "{line}");
                assert_eq!(split.rest, format!("{before}\"inventory\": null{after}"));
            }
        }
    }

    /// Marks and backslashes at each place of the eight bytes that are looked at together.
    #[test]
    fn a_text_ends_where_it_does_at_any_length() {
        for length in 0..20 {
            for inside in ["", "\\\\", "\\\"", "\u{e9}\u{a2}", "\u{1f5a5}", "!#[]", "\\\\\\\""] {
                for after in ["", "]", "\u{e9}", "        \""] {
                    let text = format!("\"{}{inside}{}\"", "x".repeat(length), "y".repeat(length % 5));
                    assert_eq!(text_end(format!("{text}{after}").as_bytes(), 0), Some(text.len()), "{text}{after}");
                    assert_eq!(text_end(&text.as_bytes()[..text.len() - 1], 0), None, "{text}");
                }
            }
        }
    }

    #[test]
    fn other_lines_are_not_split() {
        let lines = [
            "",
            "[]",
            "{}",
            r#"{"host":"a"}"#,
            r#"{"inventory":"a list"}"#,
            r#"{"inventory":null,"path":"a"}"#,
            r#"{"inventory":{"#,
            r#"{"inventory":{"a":"}"#,
            r#"{"inventory":{"a":"\"#,
            r#"{"host" "a","inventory":{}}"#,
            r#"{"host":,"inventory":{}}"#,
            r#"{"host":"a" "inventory":{}}"#,
            r#"{"x":],"inventory":{}}"#,
        ];
        lines.iter().for_each(|line| assert_eq!(split(line), None, "{line}"));
    }
}
