//! Several statements of one article -> one article: the translations of a bulletin, and bulletins that name the same
//! update.
//!
//! Versions are the same in every language; sizes and dates are those of the build that a page lists. A row is
//! therefore identified by file, version, processor, branch and the products that its heading names. It takes its size
//! and date from the English build if a page has that build. If pages differ in a version, the version of most pages is
//! kept, then that of the English build. The other version is listed among the rejected lines, and the row that is kept
//! has a note. If neither rule decides, both rows are kept: a file between them is neither fixed nor missing.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::english::in_english;
use super::fix::{Fix, Text};
use super::language_builds::{is_built_separately, language_of};
use super::model::{Article, Rejected};
use super::processor_slips;
use super::rating_tables;
use super::row_identity::{Headings, Subject, Version, differ_in_the_build, family, likeness, version, with_zero};
use super::slipped_columns::mend_slips;
use hotfixcheck_types::{FileVersion, Machine, Restart, Severity};

/// Why a row of one translation is left out.
pub const TRANSLATIONS_DIFFER: &str = "translations of the page differ in the version";

/// How many numbers a row's version has.
fn numbers(fix: &Fix) -> usize {
    let version = fix.version.as_deref().and_then(|text| text.parse::<FileVersion>().ok());
    version.map_or(0, |version| version.components().len())
}

/// The service pack of a branch: `SP1GDR` and `SP1QFE` have the same.
fn pack(branch: &str) -> &str {
    ["GDR", "QFE", "LDR"].iter().find_map(|end| branch.strip_suffix(end)).unwrap_or(branch)
}

/// How likely a row's size and date are those of the English build; a lower value is more likely.
fn rank(fix: &Fix) -> u8 {
    match fix.build_language.as_deref() {
        Some("English") => 0,
        None => 1,
        Some(_) => 2,
    }
}

/// True for a version of one or two numbers: `4.00`, which some Japanese pages have for 4.0.1381.7286 (MS04-037), is the
/// version of the product.
fn is_of_product(version: &Version) -> bool {
    matches!(version, Some(Ok(numbers)) if numbers.len() < 3)
}

/// The note of a row that another translation of its page has with another version: that version follows.
const OTHER_TRANSLATION: &str = "another translation has ";

/// The version in a row's note that another translation of its page has.
pub fn other_translation(note: &str) -> Option<&str> {
    note.split("; ").find_map(|part| part.strip_prefix(OTHER_TRANSLATION))
}

/// The rejected line of a version that another translation contradicts.
fn rejected(fix: &Fix) -> Rejected {
    let text = format!("{} {}", fix.file, fix.version.as_deref().unwrap_or("without a version"));
    Rejected { line: fix.line, text: Rejected::kept(&text), reason: TRANSLATIONS_DIFFER.to_owned() }
}

/// Rows of builds of one language with a different version are for files of that language, of products that were built
/// separately for each: `wins.exe` of Windows NT 4.0 is 4.0.1381.7332 in Japanese, else 7329 (MS04-045).
fn mark_builds_of_a_language(statements: &mut [Article], headings: &Headings) {
    let is_separate = |fix: &&Fix| is_built_separately(&fix.section);
    let others: BTreeSet<(Subject, Version)> = statements
        .iter()
        .flat_map(|article| article.fixes.iter().filter(is_separate))
        .filter(|fix| rank(fix) < 2)
        .map(|fix| (headings.subject(fix), version(fix)))
        .collect();
    // Leave out rows of another release (`nntpsvc.dll` 5.0, not 5.5) and versions of two numbers (`4.00`): they do not
    // name a build.
    let line = |version: &Version| version.as_ref()?.as_ref().ok().filter(|v| v.len() > 2).map(|v| (v[0], v[1]));
    let lines: BTreeSet<_> = others.iter().map(|(subject, version)| (subject.clone(), line(version))).collect();
    for fix in statements.iter_mut().flat_map(|article| &mut article.fixes) {
        let (own, version) = (headings.subject(fix), version(fix));
        let is_build = is_separate(&&*fix) && rank(fix) == 2 && line(&version).is_some();
        if is_build && lines.contains(&(own.clone(), line(&version))) && !others.contains(&(own, version)) {
            fix.language = fix.build_language.clone();
        }
        let numbers = fix.version.as_deref().and_then(|text| text.parse::<FileVersion>().ok());
        if let Some(language) = numbers.and_then(|numbers| language_of(&fix.section, &numbers)) {
            fix.language.get_or_insert_with(|| language.to_owned().into());
        }
    }
}

/// Merges several statements of one id into one article. The first gives the title. `None` for no statements.
pub fn merge(mut statements: Vec<Article>) -> Option<Article> {
    statements.iter_mut().filter(|article| article.is_of_bulletin()).for_each(in_english);
    let headings = Headings::of(&statements);
    mark_builds_of_a_language(&mut statements, &headings);
    mend_slips(&mut statements, &headings);
    let rows = statements.iter().flat_map(|article| &article.fixes);
    let printed: BTreeSet<(Subject, Version)> = rows.map(|fix| (headings.subject(fix), version(fix))).collect();
    let key = |fix: &Fix| {
        let (subject, version) = (headings.subject(fix), version(fix));
        let longer = with_zero(&version).map(|longer| (subject.clone(), Some(longer)));
        longer.filter(|longer| printed.contains(longer)).unwrap_or((subject, version))
    };
    let mut kept: BTreeMap<(Subject, Version), Fix> = BTreeMap::new();
    // The versions of each subject, and which statements have each.
    let mut said: BTreeMap<Subject, BTreeMap<Version, BTreeSet<usize>>> = BTreeMap::new();
    for (place, article) in statements.iter().enumerate() {
        for fix in &article.fixes {
            let (subject, version) = key(fix);
            said.entry(subject.clone()).or_default().entry(version.clone()).or_default().insert(place);
            let known = kept.entry((subject, version)).or_insert_with(|| fix.clone());
            let other = if rank(fix) < rank(known) { std::mem::replace(known, fix.clone()) } else { fix.clone() };
            if numbers(known) < numbers(&other) {
                known.version = other.version;
            }
        }
    }
    let english = |place: &usize| statements[*place].fixes.iter().any(|fix| rank(fix) == 0);
    // `winetcomm.dll` of SP1 with the version of RTM, in three of four pages (MS06-016): copied from another row.
    let is_copied = |subject: &Subject, version: &Version| {
        let Some(own) = &subject.2 else { return false };
        let others = said.iter().filter(|(other, _)| {
            let same = (&other.0, other.1, other.3, &other.4) == (&subject.0, subject.1, subject.3, &subject.4);
            same && (&other.5, other.6) == (&subject.5, subject.6)
                && other.2.as_ref().is_some_and(|branch| pack(branch) != pack(own))
        });
        others.into_iter().any(|(_, versions)| versions.contains_key(version))
    };
    let mut lost: Vec<Rejected> = Vec::new();
    for (subject, versions) in said.iter().filter(|(_, versions)| versions.len() > 1) {
        let speakers: BTreeSet<usize> = versions.values().flatten().copied().collect();
        let copied: Vec<&Version> = versions.keys().filter(|version| is_copied(subject, version)).collect();
        let one_is_own = copied.len() < versions.len();
        let one_is_whole = versions.keys().any(|version| matches!(version, Some(Ok(_))) && !is_of_product(version));
        let loses = |version: &Version, places: &BTreeSet<usize>| {
            if one_is_whole && is_of_product(version) {
                return true;
            }
            let others = versions.iter().filter(|(other, _)| !one_is_whole || !is_of_product(other));
            let speakers: BTreeSet<usize> = others.flat_map(|(_, places)| places).copied().collect();
            let silent: Vec<&usize> = speakers.difference(places).collect();
            let by_english = places.iter().any(english);
            let against_english = silent.iter().any(|place| english(place));
            // If equally many pages have either version, and both sides include pages of the English build, it stays
            // undecided and both are kept. So are rows of two lines, which cannot be misprints of each other:
            // Browseui.dll 6.0.2737 and 6.0.2800 (MS04-025).
            // But one number alone is a misprint: `sxs.dll` 5.1.3102.1363 for 5.1.2600.1363 (MS04-028 ja-jp).
            let of_another_line = versions
                .keys()
                .filter(|other| *other != version)
                .all(|other| family(other) != family(version) && !differ_in_the_build(other, version));
            let outvoted = match places.len().cmp(&silent.len()) {
                Ordering::Less => true,
                Ordering::Equal => !by_english && against_english && !of_another_line,
                Ordering::Greater => false,
            };
            if copied.is_empty() || !one_is_own { outvoted } else { !silent.is_empty() && copied.contains(&version) }
        };
        let mut losers: Vec<&Version> =
            versions.iter().filter(|(v, places)| loses(v, places)).map(|(v, _)| v).collect();
        if losers.len() == versions.len() {
            // Every version would be outvoted: those that most pages have are kept.
            let most = versions.values().map(BTreeSet::len).max();
            losers.retain(|version| versions.get(*version).map(BTreeSet::len) < most);
        }
        let open = versions.iter().filter(|(v, places)| places.len() < speakers.len() && !losers.contains(v));
        let open: Vec<&Version> = open.map(|(version, _)| version).collect();
        let mut others: Vec<(&Version, Option<Text>)> = Vec::new();
        for version in losers.iter().chain(if open.len() > 1 { &open[..] } else { &[] }) {
            let key = (subject.clone(), (*version).clone());
            let fix = if losers.contains(version) { kept.remove(&key) } else { kept.get(&key).cloned() };
            let Some(fix) = fix else { continue };
            if losers.contains(version) {
                lost.push(rejected(&fix));
            }
            others.push((version, fix.version));
        }
        for version in versions.keys() {
            let Some(row) = kept.get_mut(&(subject.clone(), version.clone())) else { continue };
            // The note has the highest of those that are the most like the row's own: of its line.
            let others = others.iter().filter(|(other, _)| *other != version);
            let Some((_, text)) = others.max_by_key(|(other, _)| (likeness(version, other), *other)) else { continue };
            let text = text.as_deref().unwrap_or("no version");
            let note = format!("{OTHER_TRANSLATION}{text}");
            row.note = Some(row.note.take().map_or_else(|| note.clone(), |own| format!("{own}; {note}")).into());
        }
    }
    leave_out_vaguer_rows(&mut kept, &headings);
    let places = |subject: &Subject, version: &Version| said.get(subject).and_then(|versions| versions.get(version));
    let together = |one: &Subject, other: &Subject, version: &Version| {
        let (one, other) = (places(one, version), places(other, version));
        one.zip(other).is_some_and(|(one, other)| !one.is_disjoint(other))
    };
    lost.extend(processor_slips::leave_out(&mut kept, together));
    // A page's unreadable cell is listed at the line of the row that was kept. A lost row is not listed if another
    // translation of the page lost none.
    let whole: BTreeSet<_> =
        statements.iter().filter(|s| lost_lines(s).next().is_none()).map(|s| s.bulletins.first().cloned()).collect();
    for statement in &mut statements {
        let lines: BTreeSet<u32> = lost_lines(statement).collect();
        let is_whole = statement.is_of_bulletin() && whole.contains(&statement.bulletins.first().cloned());
        let rows: BTreeMap<u32, (Subject, Version)> = statement.fixes.iter().map(|fix| (fix.line, key(fix))).collect();
        statement.rejected.retain_mut(|rejected| match rows.get(&rejected.line) {
            Some(row) => kept.get(row).map(|fix| rejected.line = fix.line).is_some(),
            None => !(is_whole && lines.contains(&rejected.line)),
        });
    }
    let mut pages: BTreeMap<Text, usize> = BTreeMap::new();
    statements.iter().flat_map(|statement| &statement.cves).for_each(|cve| *pages.entry(cve.clone()).or_default() += 1);
    let count = statements.len();
    let severity = severity(&statements);
    let restart = restart(&statements);
    let rated: Vec<Article> = statements.iter().map(ratings_of).collect();
    let mut statements = statements.into_iter();
    let mut article = statements.next()?;
    for other in statements {
        union(&mut article.products, other.products);
        union(&mut article.bulletins, other.bulletins);
        union(&mut article.cves, other.cves);
        union(&mut article.exploited, other.exploited);
        union(&mut article.replaced_bulletins, other.replaced_bulletins);
        union(&mut article.replaced_articles, other.replaced_articles);
        union(&mut article.service_packs, other.service_packs);
        union(&mut article.builds, other.builds);
        union(&mut article.rejected, other.rejected);
        for package in other.packages {
            if !article.packages.iter().any(|known| known.file.eq_ignore_ascii_case(&package.file)) {
                article.packages.push(package);
            }
        }
        article.last_modified = article.last_modified.max(other.last_modified);
    }
    article.severity = severity;
    article.restart = restart;
    article.cves.sort();
    without_slips(&mut article.cves, &pages, count, latest_year(&article.bulletins));
    article.releases = rating_tables::merged(&rated, &article.cves, severity);
    article.exploited.sort();
    article.replaced_bulletins.sort();
    article.fixes = kept.into_values().collect();
    article.fixes.sort_by_key(|fix| fix.line);
    article.rejected.extend(lost);
    article.rejected.sort_by_key(|rejected| rejected.line);
    Some(article)
}

/// What most statements say of a restart; the strictest of those that equally many say.
fn restart(statements: &[Article]) -> Option<Restart> {
    let said = || statements.iter().filter_map(|statement| statement.restart);
    said().max_by_key(|restart| (said().filter(|other| other == restart).count(), *restart))
}

/// What an article says of its vulnerabilities, without its rows.
fn ratings_of(article: &Article) -> Article {
    Article {
        bulletins: article.bulletins.clone(),
        cves: article.cves.clone(),
        severity: article.severity,
        releases: article.releases.clone(),
        ..Article::new(article.id, "")
    }
}

/// The lines of an article's rejected rows that are not among its fixes.
fn lost_lines(article: &Article) -> impl Iterator<Item = u32> {
    let rows: BTreeSet<u32> = article.fixes.iter().map(|fix| fix.line).collect();
    article.rejected.iter().map(|rejected| rejected.line).filter(move |line| !rows.contains(line))
}

/// Leaves out rows of a page without a column for branches or processors, if the same row of another page has them
/// (MS07-027).
fn leave_out_vaguer_rows(kept: &mut BTreeMap<(Subject, Version), Fix>, headings: &Headings) {
    type Twins = BTreeMap<(String, Version, bool, Vec<String>), Vec<(Subject, Version)>>;
    let mut twins: Twins = BTreeMap::new();
    for ((subject, version), fix) in kept.iter() {
        let names = headings.names(fix);
        let key = (subject.0.clone(), version.clone(), subject.3, names);
        twins.entry(key).or_default().push((subject.clone(), version.clone()));
    }
    for group in twins.into_values().filter(|group| group.len() > 1) {
        for own in &group {
            let (_, machine, branch, ..) = &own.0;
            let fuller = |other: &&(Subject, Version)| {
                let (_, other_machine, other_branch, ..) = &other.0;
                let same_machine =
                    machine == other_machine || machine.is_none() && *other_machine == Some(Machine::I386);
                let same_branch = branch == other_branch || branch.is_none() && other_branch.is_some();
                let same_branch = same_branch && own.0.5 == other.0.5;
                let says_more = (machine, branch) != (other_machine, other_branch);
                says_more && same_machine && same_branch
            };
            let machines = || group.iter().filter_map(|other| other.0.1);
            let is_clear = machine.is_some() || machines().all(|other| other == Machine::I386);
            let fuller: Vec<&(Subject, Version)> = group.iter().filter(fuller).collect();
            let Some(first) = fuller.first().filter(|_| is_clear) else { continue };
            let Some(vague) = kept.remove(own) else { continue };
            if fuller.len() == 1
                && let Some(row) = kept.get_mut(*first)
                && rank(&vague) < rank(row)
            {
                let (size, date, time) = (vague.size, vague.date, vague.time);
                *row = Fix { size, date, time, ..row.clone() };
                row.utc = vague.utc;
                row.build_language.clone_from(&vague.build_language);
            }
        }
    }
}

/// The highest rating of the bulletins; of each the one that the most translations state (MS06-064), the higher of two.
fn severity(statements: &[Article]) -> Option<Severity> {
    let mut pages: BTreeMap<Option<&Text>, BTreeMap<Severity, usize>> = BTreeMap::new();
    for (statement, rating) in statements.iter().filter_map(|statement| Some((statement, statement.severity?))) {
        *pages.entry(statement.bulletins.first()).or_default().entry(rating).or_default() += 1;
    }
    pages
        .values()
        .filter_map(|ratings| ratings.iter().max_by_key(|(rating, pages)| (**pages, **rating)))
        .map(|(rating, _)| *rating)
        .max()
}

/// The year of the latest bulletin: `MS09-029` is of 2009.
fn latest_year(bulletins: &[Text]) -> Option<u16> {
    bulletins.iter().filter_map(|id| id.get(2..4)?.parse::<u16>().ok()).max().map(|year| 2000 + year)
}

/// Leaves out ids of vulnerabilities that are slips of another one of the article: of the year (`CVE-2004-0058` beside
/// `CVE-2005-0058` in the Japanese page of MS05-040) or of the length (`CVE-2006-00026` beside `CVE-2006-0002` in MS06-003: until
/// 2013 all numbers had four digits). Of two years, the one after the bulletin's is the slip (MS09-029), else that which fewer pages
/// name, else the earlier. An id of one page of several is a slip of one that all pages name where a digit differs or two are swapped
/// (`CVE-2004-1350` beside `CVE-2004-1305` in the Japanese page of MS05-002).
fn without_slips(cves: &mut Vec<Text>, pages: &BTreeMap<Text, usize>, count: usize, year: Option<u16>) {
    fn parts(cve: &str) -> Option<(u16, &str)> {
        let (year, number) = cve.strip_prefix("CVE-")?.split_once('-')?;
        Some((year.parse().ok()?, number))
    }
    let is_longer = |cve: &str, other: &str| {
        let (Some((year, number)), Some((other_year, other))) = (parts(cve), parts(other)) else { return false };
        let shorter = |at: usize| [number.get(..at), number.get(at + 1..)].into_iter().flatten().collect::<String>();
        (year, number.len(), other.len()) == (other_year, 5, 4) && year < 2014 && (0..5).any(|at| shorter(at) == other)
    };
    let named = |cve: &str| pages.get(cve).copied().unwrap_or_default();
    let is_slip = |cve: &str, other: &str| {
        let (Some((year, number)), Some((other_year, twin))) = (parts(cve), parts(other)) else { return false };
        let differing: Vec<(u8, u8)> = number.bytes().zip(twin.bytes()).filter(|(a, b)| a != b).collect();
        // Neighbours in a list of ids differ in their last digit.
        let is_misprint = match differing.as_slice() {
            [_] => number.as_bytes().last() == twin.as_bytes().last(),
            [(a, b), (c, d)] => (a, b) == (d, c),
            _ => false,
        };
        count > 2
            && (named(cve), named(other)) == (1, count)
            && (year, number.len()) == (other_year, twin.len())
            && is_misprint
    };
    let number = |cve: &str| cve.rsplit('-').next().map(str::to_owned);
    let is_early = |cve: &str| year.is_none_or(|latest| parts(cve).is_none_or(|(year, _)| year <= latest));
    let weight = |cve: &Text| (is_early(cve), pages.get(cve).copied().unwrap_or_default(), cve.clone());
    let all = cves.clone();
    cves.retain(|cve| {
        let twins = || all.iter().filter(|other| number(other) == number(cve));
        twins().all(|other| weight(other) <= weight(cve))
            && !all.iter().any(|other| is_longer(cve, other) || is_slip(cve, other))
    });
}

/// Adds the items that are not in the list yet.
fn union<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}
