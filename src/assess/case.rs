//! One row and the file that it is compared with, and the limits that the row's article, heading and columns set.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::claims::{Claim, Windows};
use super::context::Context;
use super::elsewhere::Place;
use crate::FileVersion;
use crate::inventory::Entry;
use crate::knowledge::{Pack, Scope, packs_of_heading};
use crate::name::file_key;
use hotfixcheck_articles::{Article, Fix, Text};
use hotfixcheck_winfiles::binary::Binary;

/// The systems that an article's product list and headings name; each is computed when it is first needed.
#[derive(Default)]
pub(super) struct Names {
    scope: OnceCell<Scope>,
    headed: OnceCell<BTreeSet<String>>,
    /// The rows under headings for the system's edition: the keys of their files, with their families.
    of_edition: OnceCell<BTreeSet<(String, Family)>>,
    /// Whether rows are for the 32-bit files of 64-bit packages for the system.
    pub has_32_bit: OnceCell<bool>,
    /// The release line, service pack and branch of each of its rows.
    pub places: OnceCell<Vec<Place>>,
    /// The service packs that its rows' columns name, by heading and by the key of the file, each with the family of
    /// the row.
    columns: OnceCell<HashMap<Text, PacksByFile>>,
}

/// The first three numbers of a row's version.
type Family = Vec<u32>;

/// Service packs by the key of a file.
type PacksByFile = HashMap<String, BTreeSet<(Family, String)>>;

fn family(row: &Fix) -> Family {
    let version = row.version.as_deref().and_then(FileVersion::from_resource_string);
    version.map(|version| version.components().iter().take(3).copied().collect()).unwrap_or_default()
}

impl Names {
    /// The service packs that the columns of the rows of a file below a heading name.
    fn columns(&self, article: &Article, row: &Fix, key: &str) -> Option<&BTreeSet<(Family, String)>> {
        let all = || {
            let mut columns: HashMap<Text, PacksByFile> = HashMap::new();
            for row in &article.fixes {
                let packs = packs_of_row(row);
                if !packs.is_empty() {
                    let below = columns.entry(row.section.clone()).or_default().entry(file_key(&row.file)).or_default();
                    below.extend(packs.into_iter().map(|pack| (family(row), pack)));
                }
            }
            columns
        };
        self.columns.get_or_init(all).get(&row.section)?.get(key)
    }
}

/// An article and a file with which its rows are compared.
pub(super) struct Cases<'a> {
    pub article: &'a Article,
    pub names: &'a Names,
    pub entry: &'a Entry,
    pub claims: &'a [Claim],
    /// Whether texts for `explain` are made.
    pub explain: bool,
}

impl<'a> Cases<'a> {
    /// One of the rows; `key` is that of its file.
    pub(super) fn of<'c>(&self, row: &'c Fix, key: &'c str) -> Case<'c>
    where
        'a: 'c,
    {
        let &Self { article, names, entry, claims, explain } = self;
        let binary = entry.binary.as_ref().ok();
        Case { row, article, key, names, entry, binary, claims, explain, of_own_line: OnceCell::default() }
    }
}

/// One row and the file that it is compared with.
pub(super) struct Case<'a> {
    pub row: &'a Fix,
    pub article: &'a Article,
    /// The key of the row's file.
    pub key: &'a str,
    pub names: &'a Names,
    pub entry: &'a Entry,
    pub binary: Option<&'a Binary>,
    pub claims: &'a [Claim],
    /// Whether texts for `explain` are made.
    pub explain: bool,
    /// Whether the row's version is of the system's own line: see [`Case::is_of_own_line`].
    pub of_own_line: OnceCell<bool>,
}

impl Case<'_> {
    /// The text, if texts are made.
    pub(super) fn said(&self, text: impl FnOnce() -> String) -> Option<String> {
        self.explain.then(text)
    }

    /// The systems that the row's heading names, if it names one.
    pub(super) fn heading<'c>(&self, context: &'c Context) -> Option<&'c Scope> {
        context.headings.scope(&self.row.section)
    }

    /// The systems that the row applies to: those of its heading, or else those of its article's product list.
    pub(super) fn scope<'s>(&'s self, context: &'s Context) -> &'s Scope {
        let of_article = || self.names.scope.get_or_init(|| context.scope_of(self.article));
        self.heading(context).unwrap_or_else(of_article)
    }

    /// True if a row of the article is under a heading for this line of Windows.
    pub(super) fn has_row_headed(&self, line: &str, context: &Context) -> bool {
        let headed = || {
            let mut sections: Vec<&str> = self.article.fixes.iter().map(|fix| &*fix.section).collect();
            sections.sort_unstable();
            sections.dedup();
            let scopes = sections.into_iter().filter_map(|section| context.headings.scope(section));
            scopes.flat_map(|scope| scope.lines.iter().cloned()).collect()
        };
        self.names.headed.get_or_init(headed).contains(line)
    }

    /// True if a row of the article is under a heading for the system's own build of this line.
    fn has_row_of_builds(&self, line: &str, context: &Context) -> bool {
        let scopes = self.article.fixes.iter().filter_map(|fix| context.headings.scope(&fix.section));
        scopes.filter(|scope| scope.lines.contains(line)).any(|scope| context.is_of_builds(scope))
    }

    /// True if the row's heading names the server of the system's kernel, which is a client, or the other way round, and the article has
    /// a row of the same file and family under the system's own: Windows XP x64 and Windows Server 2003. Where the own heading has rows of
    /// another service pack only, those of the other are the nearest.
    pub(super) fn is_of_other_edition(&self, context: &Context) -> bool {
        let Some(heading) = self.heading(context).filter(|heading| !context.is_of_edition(heading)) else {
            return false;
        };
        let own = context.profile.as_ref().map(|profile| profile.line.windows());
        let is_own = |scope: &Scope| own.is_some_and(|own| scope.lines.contains(own)) && context.is_of_edition(scope);
        let of_edition = || {
            let own = self.article.fixes.iter().filter(|fix| context.headings.scope(&fix.section).is_some_and(is_own));
            own.map(|fix| (file_key(&fix.file), family(fix))).collect()
        };
        let of_edition = self.names.of_edition.get_or_init(of_edition);
        heading.only_windows && of_edition.contains(&(self.key.to_owned(), family(self.row)))
    }

    /// True if the row is for the system. Either its heading names the system with its build and edition, or names no
    /// system; or its version is of the system's own line, and no row of the article is under the system's heading.
    pub(super) fn is_for_system(&self, required: Option<&FileVersion>, key: &str, context: &Context) -> bool {
        let Some(system) = &context.profile else { return false };
        let Some(heading) = self.heading(context).filter(|scope| !scope.lines.is_empty() || scope.others) else {
            return true;
        };
        // A component for another Windows does not apply, whatever its version: KB958469 (MS09-044) brings 6.0.6000 to
        // Server 2003.
        if self.row.section.contains(" on Windows") && !heading.lines.contains(system.line.windows()) {
            return false;
        }
        let own = system.line.windows();
        let of_own_line = || required.is_some_and(|version| self.is_of_own_line(version, key, context));
        match heading.lines.contains(own) {
            // "Windows 10" above 10.0.22621: of Windows 11 by its number.
            true if !context.is_of_builds(heading) => of_own_line() && !self.has_row_of_builds(own, context),
            true => !self.is_of_other_edition(context),
            false => of_own_line() && !self.has_row_headed(own, context),
        }
    }

    /// True if the row's version is of the system's own line; `key` is that of its file.
    pub(super) fn is_of_own_line(&self, required: &FileVersion, key: &str, context: &Context) -> bool {
        let Some(system) = &context.profile else { return false };
        let windows = || context.windows.as_deref();
        let release = || context.knowledge.releases.of(required, self.row.version.as_deref(), key, windows);
        *self.of_own_line.get_or_init(|| release().line == system.line)
    }

    /// The Windows that the row is for: the system, or else that of the heading.
    pub(super) fn windows(&self, required: &FileVersion, key: &str, context: &Context) -> Windows {
        if self.is_for_system(Some(required), key, context) {
            return context.windows.clone();
        }
        let heading = self.heading(context).filter(|scope| !scope.lines.is_empty());
        heading.map(|scope| Arc::new(scope.lines.clone())).or_else(|| context.windows.clone())
    }

    /// The service packs of Windows that the row's columns name (`SP2GDR`, `SP1`, `SP1 or SP2`). The folder takes
    /// precedence over the version.
    pub(super) fn packs_of_columns(&self) -> BTreeSet<String> {
        packs_of_row(self.row)
    }

    /// The service packs of Windows that the row's columns or heading name: `RTM`, `2`.
    pub(super) fn packs<'s>(&self, context: &'s Context) -> Option<Cow<'s, BTreeSet<String>>> {
        let of_columns = self.packs_of_columns();
        if !of_columns.is_empty() && self.column_binds(&of_columns, context) {
            return Some(Cow::Owned(of_columns));
        }
        let Some(heading) = self.heading(context) else {
            return context.headings.packs(&self.row.section).map(Cow::Borrowed);
        };
        let line = match &context.profile {
            Some(profile) => profile.line.windows(),
            None if heading.lines.len() == 1 => heading.lines.first()?,
            None => return None,
        };
        heading.packs_of(line).map(Cow::Borrowed)
    }
}

impl Case<'_> {
    /// True if the service pack in the row's columns is one of Windows, as far as can be determined. It is if the same
    /// file has, under the same heading, a row of the system's own service pack and of the same family. The folders of
    /// a component's package may follow another scheme: RTMGDR of Internet Explorer 6 SP1 is for Windows 2000 SP4
    /// (MS07-027), SP2GDR of Internet Explorer 7 also for Windows XP SP3 (MS09-002).
    fn column_binds(&self, packs: &BTreeSet<String>, context: &Context) -> bool {
        // "SP requirement" always names a service pack of Windows.
        if self.row.sp_requirement.as_deref().is_some_and(names_pack) {
            return true;
        }
        let system = context.profile.as_ref().and_then(|profile| profile.pack.as_ref());
        let Some(own) = system.map(Pack::name).filter(|own| !packs.contains(*own)) else { return true };
        self.names
            .columns(self.article, self.row, self.key)
            .is_some_and(|packs| packs.contains(&(family(self.row), own.to_owned())))
    }
}

/// The service packs of Windows that a row's columns name; the first column that names one decides.
fn packs_of_row(row: &Fix) -> BTreeSet<String> {
    let columns = [&row.branch, &row.sp_requirement].into_iter().flatten();
    columns.map(|text| packs_of(text)).find(|packs| !packs.is_empty()).unwrap_or_default()
}

/// True for a cell that names a service pack.
pub(super) fn names_pack(cell: &str) -> bool {
    !packs_of(cell).is_empty()
}

/// The service packs in a cell of an article: `SP2GDR`, `SP1, SP2`, `RTMGDR; SP1GDR`, `SP1 or later`.
fn packs_of(cell: &str) -> BTreeSet<String> {
    // Most cells are one word.
    if cell.trim().bytes().all(|b| b.is_ascii_alphanumeric()) {
        return pack_of(cell).into_iter().collect();
    }
    let of_words = cell.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(pack_of);
    of_words.chain(packs_of_heading(cell)).collect()
}

/// The service pack in a column of an article: `SP2GDR`, `RTMQFE`, `SP1`.
fn pack_of(word: &str) -> Option<String> {
    let word = word.trim().to_ascii_uppercase();
    if word.starts_with("RTM") {
        return Some("RTM".to_owned());
    }
    let rest = word.strip_prefix("SP")?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits).then(|| rest[..digits].to_owned())
}
