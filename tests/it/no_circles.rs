//! The house stays free of circles (issue 12): no two files of a crate import each other, directly or by way of others, and
//! no two folders of the root crate do.
//!
//! Reads `use` lines and paths such as `crate::name::file_key` as text. A `mod.rs` is the front of its folder: what it re-exports
//! counts for the file that defines it, and its own view of its folder is no import.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Who imports whom.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// The source files of a crate by their module path: `["image", "ntfs"]` -> text without comments and strings.
struct Modules(BTreeMap<Vec<String>, Module>);

struct Module {
    file: String,
    /// Every path that the text names from `crate`, `self` or `super`, with `true` for those of a `pub use` line.
    paths: Vec<(Vec<String>, bool)>,
}

impl Modules {
    fn read(root: &Path) -> Self {
        let mut modules = BTreeMap::new();
        for entry in WalkDir::new(root).sort_by_file_name() {
            let entry = entry.unwrap();
            if entry.path().extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let file = entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            let module = module_path(&file);
            let text = without_comments_and_texts(&fs::read_to_string(entry.path()).unwrap());
            let children = children(&text);
            modules.insert(module, Module { paths: paths(&text, &children), file });
        }
        Self(modules)
    }

    /// The module that defines what `path` names, seen from `from`.
    fn target(&self, from: &[String], path: &[String], depth: usize) -> Option<&Vec<String>> {
        let mut at: Vec<String> = from.to_vec();
        let mut rest = path;
        while let [first, more @ ..] = rest {
            match first.as_str() {
                "crate" => at.clear(),
                "super" => drop(at.pop()?),
                "self" => {}
                _ => break,
            }
            rest = more;
        }
        while let [first, more @ ..] = rest {
            at.push(first.clone());
            if !self.0.contains_key(&at) {
                at.pop();
                break;
            }
            rest = more;
        }
        let (module, found) = self.0.get_key_value(&at)?;
        let Some(item) = rest.first() else { return Some(module) };
        // What a front re-exports belongs to the file behind it.
        let exported =
            found.paths.iter().filter(|(_, public)| *public).find(|(path, _)| {
                path.last().is_some_and(|last| last == item) && path.iter().all(|part| part != "super")
            });
        match exported {
            Some((path, _)) if depth < 8 => self.target(&at, path, depth + 1).or(Some(module)),
            _ => Some(module),
        }
    }

    fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        for (from, module) in &self.0 {
            for (path, _) in &module.paths {
                let Some(target) = self.target(from, path, 0) else { continue };
                let is_front = target.len() > from.len() && target.starts_with(from);
                if target != from && !is_front {
                    imports.entry(module.file.clone()).or_default().insert(self.0[target].file.clone());
                }
            }
        }
        imports
    }
}

fn module_path(file: &str) -> Vec<String> {
    let mut parts: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

fn without_comments_and_texts(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines() {
        let mut in_text = false;
        let mut escaped = false;
        let mut kept = String::new();
        for (at, c) in line.char_indices() {
            match c {
                _ if in_text && escaped => escaped = false,
                '\\' if in_text => escaped = true,
                '"' => in_text = !in_text,
                _ if in_text => {}
                '/' if line[at..].starts_with("//") => break,
                _ => kept.push(c),
            }
        }
        code.push_str(&kept);
        code.push('\n');
    }
    code
}

/// The modules that a text declares.
fn children(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let declared = words.windows(2).filter(|pair| pair[0] == "mod");
    declared.filter_map(|pair| pair[1].strip_suffix(';')).map(str::to_owned).collect()
}

/// Every path from `crate`, `self`, `super` or a declared module, braces expanded.
fn paths(text: &str, children: &BTreeSet<String>) -> Vec<(Vec<String>, bool)> {
    let mut found = Vec::new();
    for statement in text.split(';') {
        let statement = statement.trim();
        let start = statement.rfind("\nuse ").map_or(0, |at| at + 1);
        let start = ["\npub use ", "\npub(crate) use ", "\npub(super) use "]
            .iter()
            .filter_map(|word| statement.rfind(word))
            .map(|at| at + 1)
            .max()
            .unwrap_or(start)
            .max(start);
        let line = &statement[start..];
        let tree = ["use ", "pub use ", "pub(crate) use ", "pub(super) use "]
            .iter()
            .find_map(|word| line.strip_prefix(word).map(|tree| (tree, word.starts_with("pub"))));
        if let Some((tree, public)) = tree {
            for path in expand(tree) {
                if starts_here(&path, children) {
                    found.push((path, public));
                }
            }
        }
    }
    // Paths in the code itself.
    let mut rest = text;
    while let Some(at) = rest.find("::") {
        let head = &rest[..at];
        let first = head.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        let before = head[..head.len() - first.len()].chars().next_back();
        if before != Some(':') && (starts_here(&[first.to_owned()], children)) {
            let tail: String =
                rest[at..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
            let mut path = vec![first.to_owned()];
            path.extend(tail.split("::").filter(|part| !part.is_empty()).map(str::to_owned));
            found.push((path, false));
        }
        rest = &rest[at + 2..];
    }
    found
}

fn starts_here(path: &[String], children: &BTreeSet<String>) -> bool {
    path.first().is_some_and(|first| matches!(first.as_str(), "crate" | "self" | "super") || children.contains(first))
}

/// `a::{b, c::d}` -> `a::b`, `a::c::d`.
fn expand(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let name = tree.split(" as ").next().unwrap_or_default();
        return vec![name.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()];
    };
    let prefix: Vec<String> =
        tree[..open].split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    let inner = tree[open + 1..].trim_end();
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    let branches = parts.into_iter().filter(|part| !part.trim().is_empty()).flat_map(expand);
    branches
        .map(|branch| {
            let branch = branch.into_iter().filter(|part| part != "self");
            prefix.iter().cloned().chain(branch).collect()
        })
        .collect()
}

/// Two names that import each other, directly or by way of others, with the way there and back.
fn circle(imports: &Imports) -> Option<String> {
    let way = |from: &str, to: &str| -> Option<Vec<String>> {
        let mut seen = BTreeMap::from([(from.to_owned(), String::new())]);
        let mut next = vec![from.to_owned()];
        while let Some(at) = next.pop() {
            for target in imports.get(&at).into_iter().flatten() {
                if !seen.contains_key(target) {
                    seen.insert(target.clone(), at.clone());
                    next.push(target.clone());
                }
            }
        }
        let mut path = vec![to.to_owned()];
        while path.last()? != from {
            path.push(seen.get(path.last()?)?.clone());
        }
        path.reverse();
        Some(path)
    };
    let pairs = imports.iter().flat_map(|(from, targets)| targets.iter().map(move |target| (from, target)));
    pairs.into_iter().find_map(|(from, target)| {
        let back = way(target, from)?;
        Some(format!("{from} and {target} import each other: {from} -> {}", back.join(" -> ")))
    })
}

fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = ["articles", "types", "winfiles"].map(|name| root.join("crates").join(name).join("src"));
    crates.into_iter().chain([root.join("src")]).collect()
}

#[test]
fn no_two_files_of_a_crate_import_each_other() {
    let circles: Vec<String> = sources().iter().filter_map(|source| circle(&Modules::read(source).imports())).collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn no_two_folders_import_each_other() {
    for source in sources() {
        let mut folders = Imports::new();
        let room = |file: &str| file.split_once('/').map_or(file, |(room, _)| room).trim_end_matches(".rs").to_owned();
        for (from, targets) in Modules::read(&source).imports() {
            let others = targets.iter().map(|target| room(target)).filter(|target| *target != room(&from));
            folders.entry(room(&from)).or_default().extend(others.filter(|name| name != "lib"));
        }
        assert_eq!(circle(&folders), None, "{}", source.display());
    }
}

#[test]
fn a_circle_is_found_and_both_files_are_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        fs::write(folder.path().join(name), text).unwrap();
    };
    write("lib.rs", "mod a;\nmod b;\npub use b::Two;\n");
    write("a.rs", "use std::fmt;\n\nuse crate::{Two, b::{self}};\npub struct One;\n");
    write("b/mod.rs", "//! crate::a is only named here.\nmod c;\npub use c::Two;\n");
    write("b/c.rs", "use super::*;\npub struct Two;\n");
    assert_eq!(circle(&Modules::read(folder.path()).imports()), None);

    write("b/c.rs", "pub struct Two;\nfn one() -> Option<crate::a::One> { None }\n");
    let found = circle(&Modules::read(folder.path()).imports()).unwrap();
    assert!(found.contains("a.rs") && found.contains("b/c.rs"), "{found}");
}
