//! One row and the file that it is compared with, and the limits that the row's article, heading and columns set.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::claims::{Claim, Windows};
use super::context::Context;
use super::elsewhere::Place;
use super::listed_row::Row;
use crate::catalog::Listed;
use crate::inventory::Entry;
use crate::knowledge::{Pack, Release, Scope, names_pack};
use crate::name::key_of;
use hotfixcheck_articles::Text;
use hotfixcheck_winfiles::binary::Binary;

/// The systems that an article's product list and headings name; each is computed when it is first needed.
#[derive(Default)]
pub(super) struct Names {
    scope: OnceCell<Arc<Scope>>,
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

impl Names {
    /// The service packs that the columns of the rows of a file below a heading name.
    fn columns(&self, case: &Case, context: &Context) -> Option<&BTreeSet<(Family, String)>> {
        let all = || {
            let mut columns: HashMap<Text, PacksByFile> = HashMap::new();
            for row in Row::all(case.article, &context.headings).filter(|row| !row.text().packs.is_empty()) {
                let of_heading = columns.entry(row.section.clone()).or_default();
                let below = of_heading.entry(key_of(&row.file).into_owned()).or_default();
                below.extend(row.text().packs.iter().map(|pack| (row.text().family().to_vec(), pack.clone())));
            }
            columns
        };
        self.columns.get_or_init(all).get(&case.row.section)?.get(case.key)
    }
}

/// An article and a file with which its rows are compared.
pub(super) struct Cases<'a> {
    pub article: &'a Listed,
    pub names: &'a Names,
    pub entry: &'a Entry,
    pub claims: &'a [Claim],
    /// Whether texts for `explain` are made.
    pub explain: bool,
}

impl<'a> Cases<'a> {
    /// One of the rows; `key` is that of its file.
    pub(super) fn of<'c>(&self, row: Row<'c>, key: &'c str) -> Case<'c>
    where
        'a: 'c,
    {
        let &Self { article, names, entry, claims, explain } = self;
        let binary = entry.binary.as_ref().ok();
        let (for_system, of_own_line) = Default::default();
        Case { row, article, key, names, entry, binary, claims, explain, for_system, of_own_line }
    }
}

/// One row and the file that it is compared with.
pub(super) struct Case<'a> {
    pub row: Row<'a>,
    pub article: &'a Listed,
    /// The key of the row's file.
    pub key: &'a str,
    pub names: &'a Names,
    pub entry: &'a Entry,
    pub binary: Option<&'a Binary>,
    pub claims: &'a [Claim],
    /// Whether texts for `explain` are made.
    pub explain: bool,
    /// See [`Case::is_for_system`].
    pub for_system: OnceCell<bool>,
    /// See [`Case::is_of_own_line`].
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
        let of_article = || &**self.names.scope.get_or_init(|| context.scope_of(self.article));
        self.heading(context).unwrap_or_else(of_article)
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
        let own = context.line();
        let is_own = |scope: &Scope| own.is_some_and(|own| scope.lines.contains(own)) && context.is_of_edition(scope);
        let of_edition = || {
            let rows = Row::all(self.article, &context.headings);
            let own = rows.filter(|row| context.headings.scope(&row.section).is_some_and(is_own));
            own.map(|row| (key_of(&row.file).into_owned(), row.text().family().to_vec())).collect()
        };
        let of_edition = self.names.of_edition.get_or_init(of_edition);
        heading.only_windows && of_edition.contains(&(self.key.to_owned(), self.row.text().family().to_vec()))
    }

    /// True if the row's heading names the server of the system's line alone while the system is a client, or the other way round, the
    /// row's version shows nothing of Windows, and the article's product list does not name the system's, too: many packages are for
    /// both (KB951376 is for Windows Vista alone).
    pub(super) fn is_headed_for_other_edition(&self, context: &Context) -> bool {
        let Some((own, line)) = context.known_edition().zip(context.line()) else { return false };
        let is_other = |heading: &&Scope| {
            heading.only_windows && heading.lines.contains(line) && !heading.editions_of(line).has(own)
        };
        let of_list = || self.names.scope.get_or_init(|| context.scope_of(self.article));
        let is_listed = || of_list().lines.contains(line) && of_list().editions_of(line).has(own);
        self.heading(context).filter(is_other).is_some() && !self.is_of_own_line(context) && !is_listed()
    }

    /// True if the row is for the system: its heading names it or none, or its version is of the system's own line and no row
    /// of the article is under the system's heading.
    pub(super) fn is_for_system(&self, context: &Context) -> bool {
        *self.for_system.get_or_init(|| self.may_be_for_system(context))
    }

    fn may_be_for_system(&self, context: &Context) -> bool {
        let Some(own) = context.line() else { return false };
        let Some(heading) = self.heading(context).filter(|scope| !scope.lines.is_empty() || scope.others) else {
            return true;
        };
        if heading.lines.contains(own) {
            // "Windows 10" above 10.0.22621: of Windows 11 by its number.
            if !context.is_of_builds(heading) {
                return self.is_of_own_line(context) && !self.has_row_of_builds(own, context);
            }
            return !self.is_of_other_edition(context) && !self.is_headed_for_other_edition(context);
        }
        // A component on another Windows is not for this one, whatever its number: KB958469 (MS09-044) brings 6.0.6000 to Server 2003.
        let is_on_another = self.row.section.contains(" on Windows");
        !is_on_another && self.is_of_own_line(context) && !context.headings.has_row_under(own, self.article)
    }

    /// True if the row is used although its heading names another Windows: its version is of the system's own line.
    pub(super) fn is_used_by_its_number(&self, context: &Context) -> bool {
        let Some(own) = context.line() else { return false };
        let is_other = |scope: &Scope| !scope.lines.is_empty() && !scope.lines.contains(own);
        self.heading(context).is_some_and(is_other) && self.is_for_system(context)
    }

    /// True if the row's version is of the system's own line.
    pub(super) fn is_of_own_line(&self, context: &Context) -> bool {
        let Some(system) = &context.profile else { return false };
        let release = || self.row.release(self.key, || context.windows.as_deref(), &context.knowledge.releases);
        let is_it = || self.row.required().is_some() && release().is_some_and(|release| release.line == system.line);
        *self.of_own_line.get_or_init(is_it)
    }

    /// Where the row's version belongs on the Windows that the row is for: the system, or else that of the heading.
    pub(super) fn release(&self, context: &Context) -> Option<Release> {
        self.row.release(self.key, || self.windows(context), &context.knowledge.releases)
    }

    /// The Windows that the row is for: the system, or else that of the heading.
    pub(super) fn windows(&self, context: &Context) -> Windows {
        if self.is_for_system(context) {
            return context.windows.clone();
        }
        let heading = self.heading(context).filter(|scope| !scope.lines.is_empty());
        heading.map(|scope| Arc::new(scope.lines.clone())).or_else(|| context.windows.clone())
    }

    /// The service packs of Windows that the row's columns or heading name: `RTM`, `2`.
    pub(super) fn packs<'s>(&'s self, context: &'s Context) -> Option<&'s BTreeSet<String>> {
        let of_columns = &*self.row.text().packs;
        if !of_columns.is_empty() && self.column_binds(of_columns, context) {
            return Some(of_columns);
        }
        let Some(heading) = self.heading(context) else {
            return context.headings.packs(&self.row.section);
        };
        let line = match context.line() {
            Some(own) => own,
            None if heading.lines.len() == 1 => heading.lines.first()?,
            None => return None,
        };
        heading.packs_of(line)
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
        let columns = self.names.columns(self, context);
        columns.is_some_and(|packs| {
            packs.contains(&(self.row.text().family().to_vec(), own.to_owned()))
                || packs.iter().any(|(_, pack)| pack == own) && self.has_row_of_line(own, context)
        })
    }

    /// True if the file has, under the same heading, a row of this service pack in the line of this row, whose numbers begin
    /// otherwise: cdosys.dll is 6.5.6749 in RTMGDR and 6.5.6756 in SP1GDR (MS05-048).
    fn has_row_of_line(&self, pack: &str, context: &Context) -> bool {
        let Some(line) = self.release(context).map(|release| release.line) else { return false };
        let releases = &context.knowledge.releases;
        Row::all(self.article, &context.headings).any(|row| {
            row.section == self.row.section
                && row.text().packs.contains(pack)
                && key_of(&row.file) == self.key
                && row.release(self.key, || self.windows(context), releases).is_some_and(|of| of.line == line)
        })
    }
}
