//! Rows of update packages joined to what an article states itself.

use hotfixcheck_articles::{Article, Fix, FixKind};

use crate::name::file_key;

/// True for an article that packages made: it says nothing but their files.
pub(super) fn is_of_packages(article: &Article) -> bool {
    !article.fixes.is_empty() && article.fixes.iter().all(|fix| fix.kind == FixKind::Package)
}

/// An article with the rows of packages for it. Those that it states itself, with file, version, machine, language and
/// branch, are left out; those of the same packages are replaced.
pub(super) fn complete(mut article: Article, packages: Article) -> Article {
    let from = |fix: &Fix| {
        fix.note.as_deref().and_then(|note| note.strip_prefix("package ")?.split(": ").next().map(str::to_owned))
    };
    let again: Vec<String> = packages.fixes.iter().filter_map(from).collect();
    article.fixes.retain(|fix| fix.kind != FixKind::Package || from(fix).is_none_or(|name| !again.contains(&name)));
    let mut line = article.fixes.iter().map(|fix| fix.line).max().unwrap_or(0);
    for fix in packages.fixes {
        let stated = article.fixes.iter().any(|own| own.kind != FixKind::Package && states(own, &fix));
        if !stated {
            line += 1;
            article.fixes.push(Fix { line, ..fix });
        }
    }
    article
}

fn states(own: &Fix, fix: &Fix) -> bool {
    let version = |fix: &Fix| fix.version.as_deref().and_then(|v| v.parse::<crate::FileVersion>().ok());
    let branch = |fix: &Fix| fix.branch.as_deref().map(str::to_uppercase);
    file_key(&own.file) == file_key(&fix.file)
        && version(own).is_some()
        && version(own) == version(fix)
        && own.machine.is_none_or(|machine| Some(machine) == fix.machine)
        && own.language.as_deref().map(str::to_lowercase) == fix.language.as_deref().map(str::to_lowercase)
        && (own.branch.is_none() || branch(own) == branch(fix))
}
