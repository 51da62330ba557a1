//! The properties of a file, one a line below its name: `Size: 131,344 bytes` and `Version: 1.00.224.0` below
//! `Cluadmex.dll:` (Q174641) or below "The newer version of X has the following properties:" (Q159504).

use super::any_order;
use super::cells;
use super::document::Line;
use super::row::Row;

/// How many properties of a file are read.
const MAX_PROPERTIES: usize = 6;

/// The file of a line with its properties below, the index of the last of them, and whether the line itself calls the
/// file the new one.
pub(crate) fn below(lines: &[Line<'_>], i: usize) -> Option<(usize, Row, bool)> {
    let text = lines[i].trimmed().strip_suffix(':')?;
    let sentence = ["properties", "attributes"].iter().find_map(|word| text.strip_suffix(word));
    let (name, is_new) = match sentence {
        None => (text, false),
        Some(sentence) => {
            let sentence = sentence.trim_end_matches(" file").trim_end().strip_suffix(" has the following")?;
            let (_, name) = ["The newer version of ", "The updated version of ", "The corrected version of "]
                .iter()
                .find_map(|words| Some(((), sentence.strip_prefix(words)?)))?;
            (name.strip_prefix("the ").unwrap_or(name).trim_end_matches(" file"), true)
        }
    };
    if !cells::is_file_name(name) {
        return None;
    }
    let mut row = name.to_owned();
    let (mut count, mut last) = (0, i);
    for (at, line) in lines.iter().enumerate().skip(i + 1) {
        let text = line.trimmed();
        if text.is_empty() && count == 0 && at == i + 1 {
            continue;
        }
        let text = text.strip_prefix("- ").unwrap_or(text);
        let Some((title, value)) = text.split_once(':').filter(|_| count < MAX_PROPERTIES) else { break };
        let word = match title.to_ascii_lowercase().as_str() {
            "size" | "file size" | "time" => "",
            "version" | "file version" => "version",
            "date" | "file date" | "modified" => "dated",
            _ => break,
        };
        row = format!("{row} {word} {}", value.trim());
        (count, last) = (count + 1, at);
    }
    let row = (count > 1).then(|| any_order::by_kind(&row)).flatten()?;
    (row.version.is_some() || row.date.is_some()).then_some((last, row, is_new))
}
