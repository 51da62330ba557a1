//! JUnit XML: one test case per article, for the test reports of CI servers.

use std::io;

use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::gravity::Gravity;
use super::limits;
use super::text::count;
use super::view::{ArticleView, FindingView, RequirementView, View, WarningView};
use super::{RenderError, selection, systems, visible, warnings, wording};
use crate::assess::{ArticleStatus, FailOn, Outcome, RequiredState, Verdict};
use crate::knowledge::pack_title;

type Xml = Writer<Vec<u8>>;

/// The result of a test case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Failure,
    Error,
    Skipped,
    Passed,
}

/// A test case: its class, its name, its result, and the reason.
struct Case {
    class: &'static str,
    name: String,
    end: End,
    kind: String,
    message: String,
    detail: String,
}

/// One test suite. It contains no times: a report does not depend on when it is made.
pub(super) fn render(view: &View) -> Result<Vec<u8>, RenderError> {
    let mut articles: Vec<&ArticleView> = view.articles.iter().collect();
    let total = articles.len();
    if total > view.limits.results {
        articles.sort_by_key(|article| (end(article), Gravity::of_article(article)));
        articles.truncate(view.limits.results);
    }
    let mut cases: Vec<Case> = articles.into_iter().map(|article| of_article(view, article)).collect();
    let left_out = limits::left_out(total, view.limits);
    cases.extend(left_out.map(|text| case("hotfixcheck.scan", "left out".to_owned(), End::Skipped, "left-out", text)));
    cases.extend(view.required.iter().flat_map(|required| &required.fixes).map(required));
    let waivers = view.warnings.iter().filter(|warning| warning.waiver.is_some());
    cases.extend(waivers.map(|warning| of_warning(view, warning)));
    cases.extend(view.unreadable.iter().map(|item| {
        let path = wording::unreadable_place(view, item);
        case("hotfixcheck.unreadable", path, End::Error, "unreadable", item.error.clone())
    }));
    cases.extend(selection::unrated(&view.summary).map(|text| unrated(view, text)));
    if view.summary.outcome == Outcome::NothingRecognised {
        // Without a test case, the suite would look like one that passes.
        let name = "files".to_owned();
        cases.push(case("hotfixcheck.scan", name, End::Error, view.summary.outcome.name(), wording::result(view)));
    }
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.get_mut().extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    suites(&mut writer, view, &cases).map_err(RenderError::Xml)?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn case(class: &'static str, name: String, end: End, kind: &str, message: String) -> Case {
    Case { class, name, end, kind: kind.to_owned(), message, detail: String::new() }
}

fn of_article(view: &View, article: &ArticleView) -> Case {
    let end = end(article);
    // Rows that are fixed or do not apply are left out of a failed test case.
    let telling: Vec<&FindingView> = article.findings.iter().filter(|f| tells(f.verdict)).collect();
    let excuse = telling.iter().filter(|_| end == End::Skipped).find_map(|finding| wording::excuse(finding));
    let message = match telling.as_slice() {
        [] => format!("{}: {}", article.id, article.status.name()),
        [only] => wording::sentence(article, only),
        [first, others @ ..] => {
            let more = count(others.len() as u64, "more file", "more files");
            format!("{} And {more}.", wording::sentence(article, first))
        }
    };
    let pack = wording::needs_pack_first(article.needs_service_pack.as_ref());
    let notes: Vec<String> =
        excuse.into_iter().chain(wording::superseded(article)).chain(pack).chain(wording::update(article)).collect();
    let message = if notes.is_empty() { message } else { format!("{message} ({})", notes.join("; ")) };
    let line = |f: &&FindingView| {
        let evidence = if f.evidence.is_empty() { String::new() } else { format!(" [{}]", f.evidence) };
        format!("{}: {} ({}){evidence}", wording::place(view, f), f.verdict.name(), f.reason.code())
    };
    let detail: Vec<String> = telling.iter().map(line).map(|text| printable(&text)).collect();
    Case {
        class: "hotfixcheck.article",
        name: match &article.system {
            Some(system) => format!("{} {} on {system}", article.id, article.title),
            None => format!("{} {}", article.id, article.title).trim_end().to_owned(),
        },
        end,
        kind: article.status.name().to_owned(),
        message,
        detail: detail.join("\n"),
    }
}

/// Missing fixes that are not listed because they have no rating: an error, like the exit code, unless `--fail-on
/// never` is set.
fn unrated(view: &View, text: String) -> Case {
    let end = if view.options.fail_on == FailOn::Never { End::Skipped } else { End::Error };
    case("hotfixcheck.scan", "fixes without a rating".to_owned(), end, selection::UNRATED, text)
}

/// A required fix that is not installed fails, whatever the status of its article.
fn required(fix: &RequirementView) -> Case {
    let end = match fix.state {
        RequiredState::In => End::Passed,
        RequiredState::NotIn => End::Failure,
        RequiredState::Waived | RequiredState::Known => End::Skipped,
    };
    let name = format!("{} {}", fix.id, fix.title.as_deref().unwrap_or_default()).trim_end().to_owned();
    let message = format!("{}: {}", wording::requirement(fix), fix.reason);
    case("hotfixcheck.required", name, end, fix.state.name(), message)
}

/// A waiver that has expired or matches nothing is skipped, which every server shows, unless it counts for the exit
/// code.
fn of_warning(view: &View, warning: &WarningView) -> Case {
    let fails = view.options.strict_waivers && view.options.fail_on != FailOn::Never;
    let end = if fails { End::Failure } else { End::Skipped };
    let about = warning.article.map(|id| format!("{id}: ")).unwrap_or_default();
    let places = warnings::places(view, warning).join("; ");
    let message = format!("{about}{} {places}", warning.description);
    case("hotfixcheck.warning", format!("{about}{}: {places}", warning.code), end, warning.code, message)
}

fn tells(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Missing | Verdict::LikelyMissing | Verdict::Unknown)
}

/// Articles that count for the exit code fail. Missing fixes fail in any case, because they are certain, unless they
/// are waived or known.
fn end(article: &ArticleView) -> End {
    let excused = article.waived || article.known == Some(true);
    match article.status {
        ArticleStatus::Unknown if article.findings.iter().any(is_incomplete) => End::Error,
        _ if article.fails => End::Failure,
        ArticleStatus::Missing | ArticleStatus::Partial if !excused => End::Failure,
        ArticleStatus::Missing | ArticleStatus::Partial => End::Skipped,
        ArticleStatus::LikelyMissing | ArticleStatus::Unknown | ArticleStatus::NotApplicable => End::Skipped,
        ArticleStatus::LikelyFixed | ArticleStatus::Fixed => End::Passed,
    }
}

fn is_incomplete(finding: &FindingView) -> bool {
    finding.reason.is_incomplete()
}

fn suites(writer: &mut Xml, view: &View, cases: &[Case]) -> io::Result<()> {
    let number = |end: End| cases.iter().filter(|case| case.end == end).count().to_string();
    let counts = [
        ("tests", cases.len().to_string()),
        ("failures", number(End::Failure)),
        ("errors", number(End::Error)),
        ("skipped", number(End::Skipped)),
    ];
    let counts = || counts.iter().map(|(name, count)| (*name, count.as_str()));
    let suites = writer.create_element("testsuites").with_attribute(("name", view.tool.name));
    // The common schema allows the number of skipped tests only in `testsuite`.
    suites.with_attributes(counts().take(3)).write_inner_content(|writer| {
        let suite = writer.create_element("testsuite").with_attribute(("name", view.tool.name));
        suite.with_attributes(counts()).write_inner_content(|writer| {
            properties(writer, view)?;
            cases.iter().try_for_each(|case| test_case(writer, case))?;
            out(writer, view)
        })?;
        Ok(())
    })?;
    Ok(())
}

/// The parts that are not test cases: the plan, and the warnings that are not about waivers.
fn out(writer: &mut Xml, view: &View) -> io::Result<()> {
    let mut lines = Vec::new();
    if let Some(plan) = &view.plan {
        lines.push("Smallest set of fixes to install:".to_owned());
        lines.extend(plan.service_packs.iter().map(|p| format!("  {} {}", p.product, pack_title(&p.service_pack))));
        lines.extend(plan.articles.iter().map(|article| {
            let pack = wording::needs_pack_first(article.needs_service_pack.as_ref());
            let pack = pack.map(|text| format!(" ({text})")).unwrap_or_default();
            format!("  {} {}{pack}", article.id, article.title)
        }));
    }
    for warning in warnings::shown(view).filter(|warning| warning.waiver.is_none()) {
        let about = warning.article.map(|id| format!("{id}: ")).unwrap_or_default();
        let places = warnings::places(view, warning).join("; ");
        lines.push(format!("Warning {}: {about}{} {places}", warning.code, warning.description));
    }
    if lines.is_empty() {
        return Ok(());
    }
    let text: Vec<String> = lines.iter().map(|line| printable(line)).collect();
    writer.create_element("system-out").write_text_content(BytesText::new(&text.join("\n"))).map(drop)
}

fn properties(writer: &mut Xml, view: &View) -> io::Result<()> {
    let mut known = vec![
        ("version", view.tool.version.to_owned()),
        ("catalogue", view.catalogue.name.clone()),
        ("fail-on", view.options.fail_on.name().to_owned()),
        ("outcome", view.summary.outcome.name().to_owned()),
        ("exit-code", view.summary.exit_code.to_string()),
        ("superseded", view.summary.superseded.to_string()),
    ];
    if let (Some(from), Some(to)) = (view.catalogue.from, view.catalogue.to) {
        known.push(("coverage", format!("{from} to {to}")));
    }
    if let (Some(from), Some(to)) = (view.catalogue.builds_from, view.catalogue.builds_to) {
        known.push(("coverage-of-builds", format!("{from} to {to}")));
    }
    known.extend(view.trees.iter().map(|tree| ("tree", tree.path.clone())));
    known.extend(systems::listed(view).into_iter().map(|system| ("system", system)));
    known.extend(
        wording::unjudged(view).filter(|_| !view.summary.not_judged.is_empty()).map(|text| ("not-judged", text)),
    );
    writer.create_element("properties").write_inner_content(|writer| {
        known.iter().try_for_each(|(name, value)| {
            let property = writer.create_element("property").with_attribute(("name", *name));
            property.with_attribute(("value", printable(value).as_str())).write_empty().map(drop)
        })
    })?;
    Ok(())
}

fn test_case(writer: &mut Xml, case: &Case) -> io::Result<()> {
    let (name, message) = (printable(&case.name), printable(&case.message));
    let element = writer.create_element("testcase").with_attribute(("classname", case.class));
    let element = element.with_attribute(("name", name.as_str()));
    let end = match case.end {
        End::Passed => return element.write_empty().map(drop),
        End::Failure => "failure",
        End::Error => "error",
        End::Skipped => "skipped",
    };
    element.write_inner_content(|writer| {
        let mut inner = writer.create_element(end);
        // The common schema allows only a message for a skipped test.
        if case.end != End::Skipped {
            inner = inner.with_attribute(("type", case.kind.as_str()));
        }
        inner = inner.with_attribute(("message", message.as_str()));
        if case.detail.is_empty() || case.end == End::Skipped {
            inner.write_empty().map(drop)
        } else {
            inner.write_text_content(BytesText::new(&case.detail)).map(drop)
        }
    })?;
    Ok(())
}

/// Text that is valid in XML 1.0: control characters are made visible, and the two forbidden code points are replaced.
fn printable(text: &str) -> String {
    visible(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
