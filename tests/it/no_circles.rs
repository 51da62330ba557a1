//! The code stays free of circles (issue 12): no two files of a crate import each other, directly or through others,
//! and no two folders of the root crate do.
//!
//! Reads `use` lines and paths such as `crate::name::file_key` as text. A `mod.rs` is the front of its folder: an item
//! that it re-exports counts for the file that defines it, and declaring and re-exporting is not an import. Using an
//! item of its folder in its own code is an import.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// The imports of each module.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// The source files of a crate by their module path: `["image", "ntfs"]` -> text without comments and strings.
struct Modules(BTreeMap<Vec<String>, Module>);

struct Module {
    file: String,
    /// Every path that the text names from `crate`, `self`, `super` or one of its modules, and how.
    paths: Vec<(Vec<String>, Named)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    InCode,
    InUse,
    /// Only in a `pub use` line: the code of the file does not use the name.
    Shown,
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
            // The program is a separate crate from the library.
            if file == "main.rs" {
                continue;
            }
            let module = module_path(&file);
            let text = without_visibility(&without_comments_and_texts(&fs::read_to_string(entry.path()).unwrap()));
            // The tests within a file see it as `super`.
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let children = children(text);
            modules.insert(module, Module { paths: paths(text, &children), file });
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
        // An item that a front only brings into scope belongs to the file that defines it.
        let brought = found
            .paths
            .iter()
            .find(|(path, named)| *named != Named::InCode && path.last().is_some_and(|last| last == item));
        match brought {
            Some((path, _)) if depth < 8 => self.target(&at, path, depth + 1).or(Some(module)),
            _ => Some(module),
        }
    }

    fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        for (from, module) in &self.0 {
            for (path, named) in &module.paths {
                let Some(target) = self.target(from, path, 0) else { continue };
                let is_front = target.len() > from.len() && target.starts_with(from) && *named == Named::Shown;
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
    if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib")) {
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

/// `pub(in crate::image)` limits the visibility of an item; it imports nothing.
fn without_visibility(text: &str) -> String {
    let mut parts = text.split("pub(in ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |code, part| code + "pub(super)" + part.split_once(')').map_or("", |(_, rest)| rest))
}

/// The modules that a text declares.
fn children(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let declared = words.windows(2).filter(|pair| pair[0] == "mod");
    declared.filter_map(|pair| pair[1].strip_suffix(';')).map(str::to_owned).collect()
}

/// Every path from `crate`, `self`, `super` or a declared module, braces expanded.
fn paths(text: &str, children: &BTreeSet<String>) -> Vec<(Vec<String>, Named)> {
    const WORDS: [&str; 4] = ["use ", "pub use ", "pub(crate) use ", "pub(super) use "];
    let mut found = Vec::new();
    let mut code = String::new();
    for statement in text.split(';') {
        let mut at = 0;
        let mut start = None;
        for line in statement.split_inclusive('\n') {
            let word = WORDS.iter().find(|word| line.trim_start().starts_with(**word));
            start = word.map(|word| (at, at + line.find(word).unwrap_or_default() + word.len(), *word)).or(start);
            at += line.len();
        }
        let Some((end, tree, word)) = start else {
            code.push_str(statement);
            code.push(';');
            continue;
        };
        code.push_str(&statement[..end]);
        let paths = expand(&statement[tree..]).into_iter().filter(|path| starts_here(path, children));
        found.extend(paths.map(|path| (path, if word.starts_with("pub") { Named::Shown } else { Named::InUse })));
    }
    // Names that the code uses, without those that it defines (`fn open`, `mod volume`), and without methods
    // (`.open()`).
    let used = code.replace("fn ", "fn_").replace("mod ", "mod_").replace('.', "._");
    let used: BTreeSet<&str> = used.split(|c| !is_of_name(c)).collect();
    for (path, named) in &mut found {
        if *named == Named::Shown && path.last().is_some_and(|name| used.contains(name.as_str())) {
            *named = Named::InUse;
        }
    }
    // Paths in the code itself.
    let mut rest = code.as_str();
    while let Some(at) = rest.find("::") {
        let head = &rest[..at];
        let first = head.rsplit(|c| !is_of_name(c)).next().unwrap_or_default();
        let before = head[..head.len() - first.len()].chars().next_back();
        if before != Some(':') && starts_here(&[first.to_owned()], children) {
            let tail: String = rest[at..].chars().take_while(|&c| is_of_name(c) || c == ':').collect();
            let mut path = vec![first.to_owned()];
            path.extend(tail.split("::").filter(|part| !part.is_empty()).map(str::to_owned));
            found.push((path, Named::InCode));
        }
        rest = &rest[at + 2..];
    }
    found
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
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

/// Two names that import each other, directly or through others, with the way there and back.
fn circle(imports: &Imports) -> Option<String> {
    circles(imports).into_iter().next()
}

fn circles(imports: &Imports) -> Vec<String> {
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
    pairs
        .into_iter()
        .filter_map(|(from, target)| {
            let back = way(target, from)?;
            Some(format!("{from} and {target} import each other: {from} -> {}", back.join(" -> ")))
        })
        .collect()
}

fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates =
        ["articles", "catalog", "facts", "types", "winfiles"].map(|name| root.join("crates").join(name).join("src"));
    crates.into_iter().chain([root.join("src")]).collect()
}

#[test]
fn no_two_files_of_a_crate_import_each_other() {
    let circles: Vec<String> = sources().iter().flat_map(|source| circles(&Modules::read(source).imports())).collect();
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

/// The circles of a crate with these files.
fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    circles(&Modules::read(folder.path()).imports())
}

#[test]
fn a_circle_is_found_and_both_files_are_named() {
    let others = [
        ("lib.rs", "mod a;\nmod b;\npub use b::Two;\n"),
        ("a.rs", "use std::fmt;\n\nuse crate::{Two, b::{self}};\npub struct One;\n"),
        ("b/mod.rs", "//! crate::a is only named here.\nmod c;\npub use c::Two;\n"),
    ];
    let with = |text| circles_of(&[&others[..], &[("b/c.rs", text)]].concat());
    assert_eq!(with("use super::*;\npub struct Two;\n"), [""; 0]);

    let found = with("pub struct Two;\nfn one() -> Option<crate::a::One> { None }\n");
    assert!(found[0].contains("a.rs") && found[0].contains("b/c.rs"), "{found:?}");
}

#[test]
fn a_front_that_uses_its_folder_and_is_used_there_is_a_circle() {
    let with = |front, file| circles_of(&[("lib.rs", "mod b;\n"), ("b/mod.rs", front), ("b/c.rs", file)]);
    let file = "use super::{LIMIT, Shared};\npub struct Two(Shared);\n";
    let own = "mod c;\nuse c::Two;\nconst LIMIT: u8 = 1;\npub struct Shared;\nstruct One(Two);\n";
    // Imported, named in the code, re-exported and used.
    assert_eq!(with(own, file).len(), 2);
    assert_eq!(with("mod c;\npub struct Shared;\nfn two() { c::two() }\n", file).len(), 2);
    assert_eq!(with("mod c;\npub(super) use c::Two;\npub struct Shared;\nimpl Clone for Two {}\n", file).len(), 2);
    assert_eq!(with(own, "pub(in crate::b) struct Two(crate::b::Shared);\n").len(), 2);

    // A front that only re-exports, a file that uses nothing of it, and its tests.
    assert_eq!(with("mod c;\npub use c::{Two, open};\npub struct Shared;\nfn open() {}\n", file), [""; 0]);
    assert_eq!(with(own, "pub(in crate::b) struct Two;\n"), [""; 0]);
    assert_eq!(
        with(&format!("{own}#[cfg(test)]\nmod tests {{\n    use super::*;\n}}\n"), "pub struct Two;\n"),
        [""; 0]
    );
}

#[test]
fn what_a_front_brings_into_scope_counts_for_the_file_that_defines_it() {
    let with = |shared| {
        circles_of(&[
            ("lib.rs", "mod b;\n"),
            ("b/mod.rs", "mod c;\nmod d;\nuse c::Two;\nuse d::Shared;\nstruct One(Two, Shared);\n"),
            ("b/c.rs", "use super::Shared;\npub struct Two(Shared);\n"),
            ("b/d.rs", shared),
        ])
    };
    assert_eq!(with("pub struct Shared;\n"), [""; 0]);
    assert_eq!(with("use super::c::Two;\npub struct Shared;\n").len(), 2);
    assert!(!with("use super::One;\npub struct Shared;\n").is_empty());
}
