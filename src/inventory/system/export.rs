//! Reads the updates from the text of `reg export` or `reg query KEY /s`.

use std::collections::{BTreeSet, HashMap};

use super::hotfixes;
use super::model::{Hotfix, RegistryProblem, System};
use super::registry::RegistryKey;
use hotfixcheck_winfiles::hive::{Data, HiveError};

/// The first line of an export: of Windows 9x and NT 4.0, and of Windows 2000 and later.
const HEADS: [&str; 2] = ["REGEDIT4", "Windows Registry Editor Version 5.00"];
/// Keys of the `SOFTWARE` hive, in lower case.
const OF_SOFTWARE: [&str; 3] =
    [r"\microsoft\windows nt\currentversion", r"\microsoft\updates", r"\microsoft\windows\currentversion"];

/// The keys that list updates, as the ends of their paths, in lower case.
const LISTS: [&str; 3] =
    [r"\windows nt\currentversion\hotfix", r"\microsoft\updates", r"\component based servicing\packages"];

/// True for the beginning of an export, or of the output of `reg query`: a key, and values with registry types.
pub(in crate::inventory) fn is_export(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default().trim();
    let is_query = is_queried_key(first) || first.starts_with("! REG.EXE VERSION");
    HEADS.contains(&first) || is_query && text.lines().any(|line| queried(line.trim()).is_some())
}

/// `HKEY_LOCAL_MACHINE\SOFTWARE\…`, as `reg query` prints a key.
fn is_queried_key(line: &str) -> bool {
    line.starts_with("HKEY_") && line.contains('\\') && queried(line).is_none()
}

/// The updates in an export, and the parts that could not be read; `None` where none of its keys lists updates. It
/// gives no other facts about the system: whether a key that was not exported exists is not known.
pub(in crate::inventory) fn exported(text: &str) -> Option<(Vec<Hotfix>, Vec<RegistryProblem>)> {
    let tree = Tree::of(text);
    let mut found = System::default();
    for path in tree.hives() {
        hotfixes::software(&Exported { tree: &tree, path }, &mut found);
    }
    let is_list = |path: &String| LISTS.iter().any(|list| path.ends_with(list));
    let has_found = !found.hotfixes.is_empty() || !found.problems.is_empty();
    (has_found || tree.0.keys().any(is_list)).then_some((found.hotfixes, found.problems))
}

/// The keys by their paths in lower case.
#[derive(Default)]
struct Tree(HashMap<String, Node>);

#[derive(Default)]
struct Node {
    /// The name as written.
    name: String,
    /// The paths of its subkeys, in the order of the export.
    subkeys: Vec<String>,
    /// The values by their names in lower case.
    values: HashMap<String, Data>,
}

impl Tree {
    fn of(text: &str) -> Self {
        let mut tree = Self::default();
        let mut current: Option<String> = None;
        let mut lines = text.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if let Some(path) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                // `[-HKEY_…` deletes a key.
                current = (!path.starts_with('-')).then(|| tree.add(path));
                continue;
            }
            if is_queried_key(line) {
                current = Some(tree.add(line));
                continue;
            }
            let mut line = line.to_owned();
            // Long values continue on the next line.
            while line.ends_with('\\')
                && !line.ends_with("\\\\")
                && let Some(next) = lines.next()
            {
                line.pop();
                line.push_str(next);
            }
            if let (Some(path), Some((name, data))) = (&current, value(&line).or_else(|| queried(&line)))
                && let Some(node) = tree.0.get_mut(path)
            {
                node.values.insert(name.to_lowercase(), data);
            }
        }
        tree
    }

    /// The paths of the `SOFTWARE` hives: of the running Windows, or of another one that was loaded under any name
    /// (`reg load HKLM\CASE17`).
    fn hives(&self) -> BTreeSet<String> {
        let of = |path: &String| OF_SOFTWARE.iter().find_map(|key| path.strip_suffix(key)).map(str::to_owned);
        // The 32-bit view is read together with its hive.
        self.0.keys().filter_map(of).filter(|path| !path.ends_with("wow6432node")).collect()
    }

    /// Adds a key and its parents.
    fn add(&mut self, written: &str) -> String {
        let path = written.to_lowercase();
        let mut below: Option<String> = None;
        let mut rest = written;
        loop {
            let here = rest.to_lowercase();
            let is_new = !self.0.contains_key(&here);
            let node = self.0.entry(here.clone()).or_default();
            if is_new {
                node.name = rest.rsplit('\\').next().unwrap_or(rest).to_owned();
            }
            node.subkeys.extend(below.take());
            match rest.rsplit_once('\\') {
                Some((above, _)) if is_new => {
                    below = Some(here);
                    rest = above;
                }
                _ => return path,
            }
        }
    }
}

/// `"Installed"=dword:00000001`, `"Comments"="Windows 2000 Hotfix"`; `None` for the default value and for a line
/// without a value.
fn value(line: &str) -> Option<(String, Data)> {
    let (name, rest) = quoted(line)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    if let Some((text, _)) = quoted(rest) {
        return Some((name, Data::Text(text)));
    }
    let data = match rest.split_once(':')? {
        ("dword", digits) => u32::from_str_radix(digits.trim(), 16).map_or(Data::Bytes(Vec::new()), Data::Dword),
        (_, bytes) => Data::Bytes(bytes.split(',').filter_map(|b| u8::from_str_radix(b.trim(), 16).ok()).collect()),
    };
    Some((name, data))
}

/// `Installed    REG_DWORD    0x1`, with tabs before Windows Vista; `None` for a line without a value.
fn queried(line: &str) -> Option<(String, Data)> {
    let at = line.find("\tREG_").or_else(|| line.find("  REG_"))?;
    let (name, rest) = line.split_at(at);
    let rest = rest.trim_start();
    let (kind, text) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let text = text.trim();
    let data = match kind {
        "REG_DWORD" => text.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok()).map(Data::Dword),
        "REG_SZ" | "REG_EXPAND_SZ" => Some(Data::Text(text.to_owned())),
        _ => None,
    };
    Some((name.trim().to_owned(), data.unwrap_or(Data::Bytes(Vec::new()))))
}

/// A text in quotation marks, and the rest after it; `\` escapes a quotation mark or itself.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut unescaped = String::new();
    let mut characters = inner.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((unescaped, &inner[at + 1..])),
            '\\' => unescaped.push(characters.next()?.1),
            other => unescaped.push(other),
        }
    }
    None
}

struct Exported<'t> {
    tree: &'t Tree,
    path: String,
}

impl Exported<'_> {
    fn node(&self) -> Option<&Node> {
        self.tree.0.get(&self.path)
    }
}

impl RegistryKey for Exported<'_> {
    fn name(&self) -> &str {
        self.node().map_or("", |node| &node.name)
    }

    fn key(&self, path: &str) -> Result<Option<Self>, HiveError> {
        let path = format!(r"{}\{}", self.path, path.to_lowercase());
        Ok(self.tree.0.contains_key(&path).then_some(Self { tree: self.tree, path }))
    }

    fn subkeys(&self) -> Result<Vec<Result<Self, HiveError>>, HiveError> {
        let paths = self.node().map(|node| node.subkeys.as_slice()).unwrap_or_default();
        Ok(paths.iter().map(|path| Ok(Self { tree: self.tree, path: path.clone() })).collect())
    }

    fn data(&self, name: &str) -> Result<Option<Data>, HiveError> {
        Ok(self.node().and_then(|node| node.values.get(&name.to_lowercase())).cloned())
    }

    fn has_values(&self) -> Result<bool, HiveError> {
        Ok(self.node().is_some_and(|node| !node.values.is_empty()))
    }
}
