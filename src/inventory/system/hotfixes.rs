//! The lists of installed updates in the SOFTWARE hive.

use std::collections::HashSet;

use super::model::{Hotfix, HotfixFile, HotfixList, HotfixState, MAX_HOTFIX_FILES, MAX_HOTFIXES, System};
use super::registry::RegistryKey;
use crate::KbId;
use hotfixcheck_winfiles::hive::Data;

/// 32-bit programs on 64-bit systems have separate lists.
const VIEWS: [&str; 2] = ["", r"Wow6432Node\"];
const HOTFIX: &str = r"Microsoft\Windows NT\CurrentVersion\HotFix";
const UPDATES: &str = r"Microsoft\Updates";
const PACKAGES: &str = r"Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages";
/// The path `Updates\product\service pack\update`; one more level is accepted.
const MAX_UPDATE_DEPTH: usize = 4;

/// The updates of the SOFTWARE hive.
pub(super) fn software<K: RegistryKey>(hive: &K, found: &mut System) {
    for view in VIEWS {
        let list = Lister { hive, found: &mut *found };
        list.windows_nt(&format!("{view}{HOTFIX}"));
        let mut list = Lister { hive, found: &mut *found };
        let updates = format!("{view}{UPDATES}");
        if let Some((key, source)) = list.open(&updates) {
            list.updates(&key, &source, 1);
        }
    }
    Lister { hive, found }.servicing();
}

struct Lister<'a, 'h, K> {
    hive: &'h K,
    found: &'a mut System,
}

impl<K: RegistryKey> Lister<'_, '_, K> {
    /// A list, which may be missing.
    fn open(&mut self, path: &str) -> Option<(K, String)> {
        let source = format!(r"SOFTWARE\{path}");
        let key = self.found.tried(&source, self.hive.key(path))??;
        Some((key, source))
    }

    /// The subkeys that can be read; the others are problems.
    fn subkeys(&mut self, key: &K, source: &str) -> Vec<K> {
        let Some(subkeys) = self.found.tried(source, key.subkeys()) else { return Vec::new() };
        subkeys.into_iter().filter_map(|subkey| self.found.tried(source, subkey)).collect()
    }

    fn push(&mut self, hotfix: Hotfix) {
        if self.found.hotfixes.len() < MAX_HOTFIXES {
            self.found.hotfixes.push(hotfix);
        } else {
            self.found.problem(&hotfix.source, format!("more than {MAX_HOTFIXES} updates: not listed"));
        }
    }

    /// The value's data, if the value exists; the outer `None` where it cannot be read, which is a problem.
    fn data(&mut self, key: &K, source: &str, name: &str) -> Option<Option<Data>> {
        self.found.tried(&format!(r"{source}\{name}"), key.data(name))
    }

    /// The state from a number.
    fn state(&mut self, key: &K, source: &str, name: &str, tell: fn(u32) -> HotfixState) -> HotfixState {
        match self.data(key, source, name) {
            None => HotfixState::Unreadable,
            Some(data) => data.and_then(|data| number(&data)).map_or(HotfixState::Listed, tell),
        }
    }

    /// The first of these values that is a text and is not blank.
    fn text(&mut self, key: &K, source: &str, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| match self.data(key, source, name)?? {
            Data::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        })
    }

    fn windows_nt(mut self, path: &str) {
        let Some((list, path)) = self.open(path) else { return };
        for key in self.subkeys(&list, &path) {
            let source = format!(r"{path}\{}", key.name());
            let state = self.state(&key, &source, "Installed", |number| match number {
                0 => HotfixState::NotInstalled,
                1 => HotfixState::Installed,
                other => HotfixState::Other(other),
            });
            let description = self.text(&key, &source, &["Fix Description", "Comments", "Description"]);
            let installed_on = self.text(&key, &source, &["Installed On", "InstalledDate"]);
            let files = self.files(&key, &source);
            let name = key.name().to_owned();
            let id = kb_id(&name);
            let list = HotfixList::WindowsNt;
            self.push(Hotfix { id, name, source, list, state, description, installed_on, files });
        }
    }

    /// Descends through products and service packs to the updates.
    fn updates(&mut self, folder: &K, path: &str, depth: usize) {
        for key in self.subkeys(folder, path) {
            let source = format!(r"{path}\{}", key.name());
            // A product may have values itself, but is not an update.
            if kb_id(key.name()).is_none() && !(depth > 1 && self.is_update(&key, &source)) {
                if depth < MAX_UPDATE_DEPTH {
                    self.updates(&key, &source, depth + 1);
                }
                continue;
            }
            let state = match self.text(&key, &source, &["ThisVersionInstalled"]).as_deref() {
                Some("Y" | "y") => HotfixState::Installed,
                Some("N" | "n") => HotfixState::NotInstalled,
                _ => HotfixState::Listed,
            };
            let description = self.text(&key, &source, &["Description", "PackageName"]);
            let installed_on = self.text(&key, &source, &["InstalledDate"]);
            let files = self.files(&key, &source);
            let name = key.name().to_owned();
            let id = kb_id(&name);
            let list = HotfixList::Updates;
            self.push(Hotfix { id, name, source, list, state, description, installed_on, files });
        }
    }

    /// True for a key with an unknown name that has values, as updates do: `S867460`, `M886903`.
    fn is_update(&mut self, key: &K, source: &str) -> bool {
        self.found.tried(source, key.has_values()).unwrap_or(false)
    }

    fn servicing(mut self) {
        let Some((list, path)) = self.open(PACKAGES) else { return };
        // Other packages belong to components of Windows and to languages. `Package_3_for_KB976902~…` is a part of an
        // update.
        let (whole, parts): (Vec<_>, Vec<_>) = self
            .subkeys(&list, &path)
            .into_iter()
            .filter(|key| package(key.name()).is_some())
            .partition(|key| package(key.name()).is_some_and(|(part, _)| !part));
        let known: HashSet<KbId> = whole.iter().filter_map(|key| package_id(key.name())).collect();
        let alone = parts.into_iter().filter(|part| package_id(part.name()).is_none_or(|id| !known.contains(&id)));
        for key in whole.into_iter().chain(alone) {
            let source = format!(r"{path}\{}", key.name());
            // The states according to Microsoft's chart.
            let state = self.state(&key, &source, "CurrentState", |state| match state {
                0x70 | 0x80 => HotfixState::Installed,
                0x50 => HotfixState::Superseded,
                // Absent, uninstall pending, resolving, resolved, staging, staged, install pending, partially
                // installed.
                0x00 | 0x05 | 0x10 | 0x20 | 0x30 | 0x40 | 0x60 | 0x65 => HotfixState::NotInstalled,
                other => HotfixState::Other(other),
            });
            let name = key.name().to_owned();
            let id = package_id(&name);
            let (list, files) = (HotfixList::Servicing, Vec::new());
            self.push(Hotfix { id, name, source, list, state, description: None, installed_on: None, files });
        }
    }

    /// The keys `File 1`, `File 2` … of the older list, and `Filelist\0`, `Filelist\1` … of the later one.
    fn files(&mut self, key: &K, source: &str) -> Vec<HotfixFile> {
        let mut files = Vec::new();
        for subkey in self.subkeys(key, source) {
            let path = format!(r"{source}\{}", subkey.name());
            if subkey.name().eq_ignore_ascii_case("Filelist") {
                for file in self.subkeys(&subkey, &path) {
                    let path = format!(r"{path}\{}", file.name());
                    self.file(&file, &path, &mut files);
                }
            } else if subkey.name().get(..4).is_some_and(|start| start.eq_ignore_ascii_case("File")) {
                self.file(&subkey, &path, &mut files);
            }
        }
        files
    }

    fn file(&mut self, key: &K, source: &str, files: &mut Vec<HotfixFile>) {
        // It is blank for many updates of Windows 2000 and XP.
        let Some(name) = self.text(key, source, &["FileName", "File Name", "New File"]) else { return };
        if files.len() == MAX_HOTFIX_FILES {
            return self.found.problem(source, format!("more than {MAX_HOTFIX_FILES} files: not listed"));
        }
        let version = self.text(key, source, &["Version", "File Version"]);
        let location = self.text(key, source, &["Location"]);
        files.push(HotfixFile { name, version, location });
    }
}

/// A number, also one that is stored as text.
fn number(data: &Data) -> Option<u32> {
    match data {
        Data::Dword(number) => Some(*number),
        Data::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The article at the beginning of a name: `Q246009`, `KB823980-v2`, `KB842773_WXP`.
fn kb_id(name: &str) -> Option<KbId> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (prefix, rest) = name.split_at(letters);
    if !prefix.eq_ignore_ascii_case("Q") && !prefix.eq_ignore_ascii_case("KB") {
        return None;
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let follows = rest[digits..].chars().next();
    // `KB931125x` is not a known form.
    if follows.is_some_and(char::is_alphanumeric) {
        return None;
    }
    rest[..digits].parse().ok()
}

/// For the package of an update: whether it is only a part of it, and the text after `_for_`.
fn package(name: &str) -> Option<(bool, &str)> {
    let lower = name.to_ascii_lowercase();
    let rest = lower.strip_prefix("package_")?;
    let (number, _) = if rest.starts_with("for_") { ("", rest) } else { rest.split_once("_for_")? };
    let number_only = number.bytes().all(|byte| byte.is_ascii_digit());
    let at = lower.find("_for_")? + "_for_".len();
    number_only.then(|| (!number.is_empty(), &name[at..]))
}

fn package_id(name: &str) -> Option<KbId> {
    package(name).and_then(|(_, rest)| kb_id(rest))
}
