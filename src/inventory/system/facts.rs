//! Product, version, service pack, architecture and pending renames.

use super::model::{Fact, Facts, HiveKind, MAX_PENDING_RENAMES, PendingRename, System};
use super::registry::RegistryKey;
use hotfixcheck_winfiles::hive::Data;

const NT: &str = r"Microsoft\Windows NT\CurrentVersion";

/// The facts of the SOFTWARE hive.
pub(super) fn software<K: RegistryKey>(hive: &K, found: &mut System) {
    let Some(mut key) = Place::open(hive, HiveKind::Software, NT, found) else {
        return found.problem("SOFTWARE", format!("there is no {NT}"));
    };
    let facts = Facts {
        product_name: key.text("ProductName"),
        current_version: key.text("CurrentVersion"),
        version_numbers: key.version_numbers(),
        build: key.build(),
        revision: key.number("UBR"),
        release_id: key.text("DisplayVersion").or_else(|| key.text("ReleaseId")),
        current_type: key.text("CurrentType"),
        install_date: key.number("InstallDate"),
        csd_version: key.looked_up("CSDVersion", |data| match data {
            None => Some(String::new()),
            Some(Data::Text(text)) => Some(text),
            Some(_) => None,
        }),
        ..Facts::default()
    };
    found.facts = facts;
}

/// The facts of the SYSTEM hive.
pub(super) fn system<K: RegistryKey>(hive: &K, found: &mut System) {
    let current = Place::open(hive, HiveKind::System, "Select", found).and_then(|mut select| select.number("Current"));
    let Some(current) = current else {
        return found.problem("SYSTEM", r"there is no Select\Current: the control set is not known");
    };
    let control = format!(r"ControlSet{:03}\Control", current.value);
    if let Some(mut key) = Place::open(hive, HiveKind::System, &format!(r"{control}\ProductOptions"), found) {
        let product_type = key.text("ProductType");
        let product_suite = key.looked_up("ProductSuite", |data| match data {
            None => Some(Vec::new()),
            // Some versions store a single suite as plain text.
            Some(Data::Text(suite)) => Some(vec![suite]),
            Some(Data::Texts(suites)) => Some(suites),
            Some(_) => None,
        });
        found.facts.product_type = product_type;
        found.facts.product_suite = product_suite;
    }
    if let Some(mut key) = Place::open(hive, HiveKind::System, &format!(r"{control}\Windows"), found) {
        let version = key.number("CSDVersion");
        found.facts.control_csd_version = version;
    }
    if let Some(mut key) = Place::open(hive, HiveKind::System, &format!(r"{control}\Session Manager"), found) {
        let pending = key.pending_renames();
        found.facts.pending_renames = pending;
    }
    let environment = format!(r"{control}\Session Manager\Environment");
    if let Some(mut key) = Place::open(hive, HiveKind::System, &environment, found) {
        let architecture = key.text("PROCESSOR_ARCHITECTURE");
        found.facts.processor_architecture = architecture;
    }
}

/// A key, its path, and the system that receives facts and problems.
struct Place<'a, K> {
    key: K,
    path: String,
    found: &'a mut System,
}

impl<'a, K: RegistryKey> Place<'a, K> {
    fn open(hive: &K, kind: HiveKind, path: &str, found: &'a mut System) -> Option<Self> {
        let source = format!(r"{}\{path}", kind.name());
        let key = found.tried(&source, hive.key(path))??;
        Some(Self { key, path: source, found })
    }

    /// The result of `understand` for the value's data, or for a missing value; if it returns `None` for data, that is
    /// a problem.
    fn looked_up<T>(&mut self, name: &str, understand: impl FnOnce(Option<Data>) -> Option<T>) -> Option<Fact<T>> {
        let source = format!(r"{}\{name}", self.path);
        let data = self.found.tried(&source, self.key.data(name))?;
        let there = data.is_some();
        let understood = understand(data);
        if there && understood.is_none() {
            self.found.problem(&source, "its data is not of the expected type");
        }
        understood.map(|value| Fact { value, source })
    }

    fn text(&mut self, name: &str) -> Option<Fact<String>> {
        self.looked_up(name, |data| match data? {
            Data::Text(text) => Some(text),
            _ => None,
        })
    }

    fn number(&mut self, name: &str) -> Option<Fact<u32>> {
        self.looked_up(name, |data| match data? {
            Data::Dword(number) => Some(number),
            _ => None,
        })
    }

    fn version_numbers(&mut self) -> Option<Fact<(u32, u32)>> {
        let major = self.number("CurrentMajorVersionNumber")?;
        let minor = self.number("CurrentMinorVersionNumber")?;
        Some(Fact { value: (major.value, minor.value), source: major.source })
    }

    fn build(&mut self) -> Option<Fact<u32>> {
        ["CurrentBuildNumber", "CurrentBuild"].into_iter().find_map(|name| {
            let Fact { value, source } = self.text(name)?;
            value.trim().parse().ok().map(|value| Fact { value, source })
        })
    }

    fn pending_renames(&mut self) -> Option<Fact<Vec<PendingRename>>> {
        let texts = self.looked_up("PendingFileRenameOperations", |data| match data? {
            Data::Texts(texts) => Some(texts),
            _ => None,
        })?;
        let count = texts.value.len().div_ceil(2);
        if count > MAX_PENDING_RENAMES {
            self.found.problem(&texts.source, format!("{count} renames: only {MAX_PENDING_RENAMES} are listed"));
        }
        let pairs = texts.value.chunks(2).take(MAX_PENDING_RENAMES);
        Some(Fact { value: pairs.filter_map(pending_rename).collect(), source: texts.source })
    }
}

/// A pair of paths in the format of the session manager: `\??\` before each, `!` before a new name that may already
/// exist.
fn pending_rename(pair: &[String]) -> Option<PendingRename> {
    let plain = |path: &str| path.strip_prefix(r"\??\").unwrap_or(path).to_owned();
    let from = pair.first().filter(|from| !from.is_empty())?;
    let to = pair.get(1).filter(|to| !to.is_empty());
    let replace = to.is_some_and(|to| to.starts_with('!'));
    let to = to.map(|to| plain(to.strip_prefix('!').unwrap_or(to)));
    Some(PendingRename { from: plain(from), to, replace })
}
