//! The properties of a file, one a line below its name: `Size: 131,344 bytes` and `Version: 1.00.224.0` below
//! `Cluadmex.dll:` (Q174641), below `Name: Cluadmex.dll`, or below "The newer version of X has the following
//! properties:" (Q159504).

use super::any_order;
use super::cells;
use super::document::Line;
use super::row::Row;

/// How many properties of a file are read.
const MAX_PROPERTIES: usize = 6;

/// A file with its properties.
pub(crate) struct Described {
    pub row: Row,
    /// The index of the last line.
    pub last: usize,
    /// True if the line itself calls the file the new one.
    pub is_new: bool,
}

/// The file of a line with its properties below.
pub(crate) fn below(lines: &[Line<'_>], i: usize) -> Option<Described> {
    let alone = || name_alone(lines, i).map(|name| (name, false));
    let (name, is_new) =
        titled_name(lines[i].trimmed()).map(|name| (name, false)).or_else(|| named(&lines[i])).or_else(alone)?;
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
        let Some((title, value)) = property(text).filter(|_| count < MAX_PROPERTIES) else { break };
        let word = match title.to_ascii_lowercase().as_str() {
            "size" | "file size" | "time" | "file time" | "platform" | "processor" => "",
            "version" | "file version" => "version",
            "date" | "file date" | "modified" => "dated",
            _ => break,
        };
        row = format!("{row} {word} {value}");
        (count, last) = (count + 1, at);
    }
    let row = (count > 1).then(|| any_order::by_kind(&row)).flatten()?;
    (row.version.is_some() || row.date.is_some()).then_some(Described { row, last, is_new })
}

/// The name in `Cluadmex.dll:` or in a sentence that announces its properties, and whether the words call it new.
fn named<'l>(line: &'l Line<'_>) -> Option<(&'l str, bool)> {
    let text = line.trimmed().strip_suffix(':')?;
    let Some(sentence) = ["properties", "attributes"].iter().find_map(|word| text.strip_suffix(word)) else {
        return Some((text, false));
    };
    let sentence = sentence.trim_end_matches(" file").trim_end().strip_suffix(" has the following")?;
    let name = ["The newer version of ", "The updated version of ", "The corrected version of "]
        .iter()
        .find_map(|words| sentence.strip_prefix(words))?;
    Some((name.strip_prefix("the ").unwrap_or(name).trim_end_matches(" file"), true))
}

/// The name that is alone in its line, with its properties indented below.
fn name_alone<'l>(lines: &'l [Line<'_>], i: usize) -> Option<&'l str> {
    let indent = |line: &Line<'_>| line.text.len() - line.trimmed().len();
    let name = lines[i].trimmed();
    let below =
        lines.get(i + 1).filter(|below| indent(below) > indent(&lines[i]) && property(below.trimmed()).is_some());
    below.map(|_| name).filter(|name| cells::is_file_name(name))
}

/// The name in a line with the title of a name: `Name: Rpcss.exe`, `Filename.......: Winspool.drv`.
fn titled_name(text: &str) -> Option<&str> {
    let (title, value) = property(text)?;
    ["name", "file name", "filename", "file"].iter().any(|name| title.eq_ignore_ascii_case(name)).then_some(value)
}

/// The title and the value of a property; dots may lead from one to the other.
fn property(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")).unwrap_or(text);
    let (title, value) = text.split_once(':')?;
    Some((title.trim_end_matches(['.', ' ']), value.trim()))
}
