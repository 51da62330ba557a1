//! A judge of hosts: the catalogue, and the settings for all hosts.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use hotfixcheck::articles::Severity;
use hotfixcheck::assess::{FailOn, Policy};
use hotfixcheck::catalog::{self, ArticleRef, CompiledCatalog, OpenCatalog};
use hotfixcheck::hosts::{self, Answer, Defaults, HostJudge};
use hotfixcheck::inventory::{Document, PathFilter, PathGlob};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{JudgedLine, RunInfo};
use hotfixcheck::{Machine, message_of};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator};

use crate::alone::{alone, on_all};
use crate::many::Answers;

/// The name of the built-in catalogue in reports.
const BUILT_IN: &str = "built-in";

/// A judge of hosts.
#[pyclass(frozen, module = "hotfixcheck._native")]
pub(crate) struct Judge {
    shared: Arc<HostJudge>,
    defaults: Defaults,
}

/// The settings, as given by Python.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Options {
    articles: Vec<String>,
    cves: Vec<String>,
    severity: Option<String>,
    all: bool,
    fail_on: String,
    os: Option<String>,
    service_pack: Option<String>,
    machine: Option<String>,
    format: Option<String>,
    include: Vec<String>,
    exclude: Vec<String>,
}

#[pymethods]
impl Judge {
    #[new]
    fn new(py: Python<'_>, options: Options) -> PyResult<Self> {
        alone(py, move || Self::with(options))
    }

    /// The answer to one inventory.
    #[pyo3(signature = (inventory, host=None, format=None, hotfixes=None))]
    fn document<'py>(
        &self,
        py: Python<'py>,
        inventory: &[u8],
        host: Option<String>,
        format: Option<&str>,
        hotfixes: Option<&str>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = alone(py, || {
            let answer = self.shared.judge_document(self.defaults(format)?, Document::Bytes(inventory), hotfixes);
            rendered(host, answer)
        })?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The answer to the inventory, tree or image at a path.
    #[pyo3(signature = (path, host=None, format=None, hotfixes=None))]
    fn path<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        host: Option<String>,
        format: Option<&str>,
        hotfixes: Option<&str>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = on_all(py, || rendered(host, self.shared.judge_path(self.defaults(format)?, path, hotfixes)))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The answers to an iterator of lines of bytes, in its order.
    fn lines(&self, lines: Bound<'_, PyIterator>, threads: usize) -> PyResult<Answers> {
        Answers::new(lines.unbind(), Arc::clone(&self.shared), self.defaults, threads)
    }
}

impl Judge {
    fn with(options: Options) -> Result<Self, String> {
        let Shared { catalog, knowledge } = shared()?;
        let references = options.articles.iter().map(|text| text.parse::<ArticleRef>().map_err(|never| match never {}));
        let cves = options.cves.iter().map(|text| ArticleRef::cve(text).map_err(|error| message_of(&error)));
        let references: Vec<ArticleRef> = references.chain(cves).collect::<Result<_, String>>()?;
        let asked = catalog::find_all(&references, catalog, BUILT_IN).map_err(|error| message_of(&error))?;
        let profile = match (&options.os, &options.service_pack) {
            (Some(os), pack) => {
                let system = hosts::system_named(os, pack.as_deref(), knowledge);
                Some(system.map_err(|error| message_of(&error))?)
            }
            (None, Some(pack)) => return Err(format!("service pack '{pack}' needs the name of its system (os)")),
            (None, None) => None,
        };
        const FAIL_ON: [FailOn; 4] = [FailOn::Missing, FailOn::LikelyMissing, FailOn::Unknown, FailOn::Never];
        let severity = |name: &String| one_of("severity", name, Severity::ALL, Severity::name);
        let policy = Policy {
            only: (!asked.is_empty()).then(|| asked.into_iter().collect::<BTreeSet<_>>()),
            for_cves: catalog::named_by_cves(&references, catalog),
            severity: options.severity.as_ref().map(severity).transpose()?,
            profile,
            given_names: options.os.iter().map(|os| (String::new(), os.clone())).collect(),
            fail_on: one_of("value of fail_on", &options.fail_on, FAIL_ON, FailOn::name)?,
            ..Policy::default()
        };
        let asked = references.iter().map(|reference| reference.text().to_owned()).collect();
        let run = RunInfo { catalogue: BUILT_IN.to_owned(), all: options.all, asked, ..RunInfo::default() };
        let filter = PathFilter { include: globs(&options.include)?, exclude: globs(&options.exclude)? };
        let machine = |name: &String| one_of("machine", name, Machine::ALL, Machine::name);
        let defaults = Defaults {
            format: options.format.as_deref().map(hosts::format_of).transpose()?,
            machine: options.machine.as_ref().map(machine).transpose()?,
        };
        let (catalog, knowledge) = (Arc::clone(catalog), Arc::clone(knowledge));
        let judge = HostJudge { catalog, knowledge, policy, filter, run, built_in: true };
        Ok(Self { shared: Arc::new(judge), defaults })
    }

    fn defaults(&self, format: Option<&str>) -> Result<Defaults, String> {
        match format {
            Some(name) => Ok(Defaults { format: Some(hosts::format_of(name)?), ..self.defaults }),
            None => Ok(self.defaults),
        }
    }
}

/// A host's line; an error is raised to the caller.
fn rendered(host: Option<String>, answer: Answer) -> Result<Vec<u8>, String> {
    let line = JudgedLine { line: 1, host, judged: Ok(answer?) };
    line.render().map_err(|error| message_of(&error))
}

fn globs(texts: &[String]) -> Result<Vec<PathGlob>, String> {
    texts.iter().map(|text| text.parse().map_err(|error| message_of(&error))).collect()
}

fn one_of<T: Copy, const N: usize>(
    what: &str,
    name: &str,
    all: [T; N],
    name_of: fn(T) -> &'static str,
) -> Result<T, String> {
    all.into_iter().find(|one| name_of(*one) == name).ok_or_else(|| {
        let known = all.map(name_of).join(", ");
        format!("unknown {what} '{name}': use one of {known}")
    })
}

/// The data that all judges of this process share.
pub(crate) struct Shared {
    /// Completely in memory.
    pub(crate) catalog: Arc<OpenCatalog>,
    pub(crate) knowledge: Arc<Knowledge>,
}

/// Opens the catalogue, once for each process. The caller must not hold the interpreter's lock, because another thread
/// may be opening it.
pub(crate) fn shared() -> Result<&'static Shared, String> {
    static SHARED: OnceLock<Result<Shared, String>> = OnceLock::new();
    let open = || -> Result<Shared, String> {
        let knowledge = Knowledge::embedded().map_err(|error| message_of(&error))?;
        let compiled = CompiledCatalog::built_in().map_err(|error| message_of(&error))?;
        let mut catalog = OpenCatalog::of_compiled(compiled);
        catalog.hold(&knowledge.products).map_err(|error| message_of(&error))?;
        Ok(Shared { catalog: Arc::new(catalog), knowledge: Arc::new(knowledge) })
    };
    SHARED.get_or_init(open).as_ref().map_err(Clone::clone)
}
