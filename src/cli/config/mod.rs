//! `hotfixcheck.toml`: the settings for every scan of a tree. Options on the command line override them.

mod section;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use hotfixcheck::assess::Waiver;
use hotfixcheck::catalog::{ArticleRef, OpenCatalog};
use hotfixcheck::inventory::{PathFilter, PathGlob};
use jiff::civil::Date;
use toml::de::DeTable;

pub(super) use section::ConfigError;
use section::{Section, Source, Value, line_ends};

use super::args::{FailOn, PolicyArgs, ReportFormatArg, SeverityArg};
use super::error::CliError;

/// The file's name.
pub(super) const NAME: &str = "hotfixcheck.toml";

const KEYS: [&str; 18] = [
    "paths",
    "sniff",
    "include",
    "exclude",
    "fail-on",
    "kb",
    "cve",
    "severity",
    "plan",
    "catalog",
    "add-catalog",
    "system",
    "report",
    "require",
    "only-required",
    "baseline",
    "waiver",
    "strict-waivers",
];
const SYSTEM_KEYS: [&str; 3] = ["os", "service-pack", "path"];
const REPORT_KEYS: [&str; 2] = ["format", "output"];
const WAIVER_KEYS: [&str; 4] = ["kb", "path", "reason", "expires"];

/// The settings of a configuration file. Paths are relative to its folder in the file, and to the working folder here.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// The file, as found or given.
    pub name: String,
    /// What to scan.
    pub paths: Vec<PathBuf>,
    /// Whether every file is examined, whatever its name.
    pub sniff: bool,
    /// Which files below the paths are included.
    pub filter: PathFilter,
    /// What counts as a finding.
    pub fail_on: Option<FailOn>,
    /// The systems, in the format of `--os`.
    pub systems: Vec<String>,
    /// Their service packs, in the format of `--service-pack`.
    pub service_packs: Vec<String>,
    /// The reports and their output files.
    pub reports: Vec<(ReportFormatArg, PathBuf)>,
    /// The list of required fixes.
    pub require: Option<PathBuf>,
    /// Whether to judge only these.
    pub only_required: bool,
    /// The earlier report whose findings are not new.
    pub baseline: Option<PathBuf>,
    /// The articles that are judged, if they are named.
    pub only: Vec<ArticleRef>,
    /// The lowest rating that is judged.
    pub severity: Option<SeverityArg>,
    /// Whether the smallest set of fixes to install is shown.
    pub plan: bool,
    /// The catalogue instead of the built-in one.
    pub catalog: Option<PathBuf>,
    /// The catalogues that are added.
    pub add_catalog: Vec<PathBuf>,
    /// The waivers.
    pub waivers: Vec<NamedWaiver>,
    /// Whether a waiver that has expired or matches nothing is a finding.
    pub strict_waivers: bool,
}

/// A waiver, for the articles that it names by an id, a bulletin or a vulnerability.
#[derive(Clone, Debug)]
pub(super) struct NamedWaiver {
    named: ArticleRef,
    path: Option<PathGlob>,
    reason: String,
    expires: Date,
    /// Where it is defined: `hotfixcheck.toml:12`.
    source: String,
}

impl NamedWaiver {
    /// A waiver for each of the articles. `name` is the catalogue's name in messages.
    ///
    /// # Errors
    /// A bulletin or vulnerability that the catalogue does not have.
    pub(super) fn each(&self, catalog: &OpenCatalog, name: &str) -> Result<Vec<Waiver>, CliError> {
        let ids = match &self.named {
            ArticleRef::Id { id, .. } => vec![*id],
            named => {
                let unknown = |error| CliError::Usage(format!("{}: [[waiver]]: {error}", self.source));
                named.find(catalog, name).map_err(unknown)?
            }
        };
        let one = |kb| Waiver {
            kb,
            path: self.path.clone(),
            reason: self.reason.clone(),
            expires: self.expires,
            source: self.source.clone(),
        };
        Ok(ids.into_iter().map(one).collect())
    }
}

/// The configuration in the options or near the working folder; `None` where there is none.
///
/// # Errors
/// A file that was given but does not exist, a file that cannot be read, or an unknown setting.
pub(super) fn load(args: &PolicyArgs, roots: &[PathBuf]) -> Result<Option<Config>, CliError> {
    if args.no_config {
        return Ok(None);
    }
    let Some(path) = args.config.clone().or_else(find) else { return Ok(None) };
    let found = args.config.is_none();
    if found && let Some(root) = roots.iter().find(|root| is_below(&path, root)) {
        // The settings must not come from whoever made the tree.
        let (path, root) = (path.display(), root.display());
        super::warning::warn(&format!(
            "ignoring '{path}': it is inside the scanned folder '{root}'; to use it, give --config {path}"
        ));
        return Ok(None);
    }
    let unreadable = |source| CliError::File { path: path.clone(), source };
    let text = std::fs::read_to_string(&path).map_err(unreadable)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let config = read(&path.display().to_string(), folder, &text)?;
    if found && let Some((_, output)) = config.reports.iter().find(|(_, output)| is_elsewhere(output, folder)) {
        let (path, output) = (path.display(), output.display());
        return Err(CliError::Usage(format!(
            "'{path}' writes '{output}', which is outside its own folder; to allow it, give --config {path}"
        )));
    }
    Ok(Some(config))
}

/// Whether a file is in a folder or below it.
fn is_below(path: &Path, folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(path).zip(real(folder)).is_some_and(|(path, folder)| path.starts_with(folder))
}

/// Whether an output would be outside the folder of the configuration file that names it.
fn is_elsewhere(output: &Path, own: &Path) -> bool {
    if output.as_os_str() == "-" {
        return false;
    }
    // A link leads to its target, even if that does not exist yet; any other new file is in its own folder.
    if output.is_symlink() && !output.exists() {
        return true;
    }
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = output.canonicalize().or_else(|_| folder.canonicalize());
    let here = if own.as_os_str().is_empty() { Path::new(".") } else { own }.canonicalize();
    match (real, here) {
        (Ok(real), Ok(here)) => !real.starts_with(here),
        // A path that cannot be resolved is an error when it is opened.
        _ => output.is_symlink(),
    }
}

/// The nearest file of this name, from the working folder upward.
fn find() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let mut up = PathBuf::new();
    for folder in here.ancestors() {
        if folder.join(NAME).is_file() {
            return Some(up.join(NAME));
        }
        up.push("..");
    }
    None
}

/// Reads the text of a file that is in a folder.
fn read(name: &str, folder: &Path, text: &str) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let ends = line_ends(text);
    let source = Source { file: name, ends: &ends };
    let parsed = DeTable::parse(text).map_err(|error| source.error(error.span(), error.message()))?;
    let file = Section::new(source, "", parsed.get_ref(), parsed.span(), &KEYS)?;
    let path = |text: Value<String>| folder.join(text.value);
    let (systems, service_packs) = systems(&file, folder)?;
    let only = only(&file)?;
    let require = file.text("require")?;
    if let Some(require) = require.as_ref().filter(|_| !only.is_empty()) {
        return Err(file.error(&require.span, "'require' cannot be used with 'kb' or 'cve'"));
    }
    Ok(Config {
        name: name.to_owned(),
        paths: file.texts("paths")?.into_iter().map(path).collect(),
        sniff: file.flag("sniff")?.unwrap_or_default(),
        filter: PathFilter { include: globs(&file, "include")?, exclude: globs(&file, "exclude")? },
        fail_on: file.text("fail-on")?.map(|text| word(&file, "fail-on", &text)).transpose()?,
        systems,
        service_packs,
        reports: reports(&file, folder)?,
        require: require.map(path),
        only_required: file.flag("only-required")?.unwrap_or_default(),
        baseline: file.text("baseline")?.map(path),
        only,
        severity: file.text("severity")?.map(|text| word(&file, "severity", &text)).transpose()?,
        plan: file.flag("plan")?.unwrap_or_default(),
        catalog: file.text("catalog")?.map(path),
        add_catalog: file.texts("add-catalog")?.into_iter().map(path).collect(),
        waivers: waivers(&file)?,
        strict_waivers: file.flag("strict-waivers")?.unwrap_or_default(),
    })
}

/// `[system]`, or several `[[system]]`, in the format of the command line: `PATH=NAME` where it is for one path.
fn systems(file: &Section, folder: &Path) -> Result<(Vec<String>, Vec<String>), ConfigError> {
    let (mut systems, mut packs) = (Vec::new(), Vec::new());
    for system in file.one_or_more("system", "[system] or [[system]]", &SYSTEM_KEYS)? {
        let os = system.demand("os", system.text("os")?)?;
        let path = system.text("path")?;
        let own = path.map(|path| folder.join(path.value).to_string_lossy().into_owned());
        let of = |text: String| match (&own, text.rsplit_once('=')) {
            (Some(path), _) => format!("{path}={text}"),
            (None, Some((path, name))) => format!("{}={name}", folder.join(path).to_string_lossy()),
            (None, None) => text,
        };
        systems.push(of(os.value));
        packs.extend(system.id("service-pack")?.map(|pack| of(pack.value)));
    }
    Ok((systems, packs))
}

fn reports(file: &Section, folder: &Path) -> Result<Vec<(ReportFormatArg, PathBuf)>, ConfigError> {
    let one = |report: Section| {
        let format = report.demand("format", report.text("format")?)?;
        let output = report.text("output")?.map_or_else(|| "-".to_owned(), |text| text.value);
        let place = if output == "-" { PathBuf::from(output) } else { folder.join(output) };
        Ok((word(&report, "format", &format)?, place))
    };
    file.sections("report", "[[report]]", &REPORT_KEYS)?.into_iter().map(one).collect()
}

/// The articles of `kb` and `cve`.
fn only(file: &Section) -> Result<Vec<ArticleRef>, ConfigError> {
    let named =
        |text: &Value<String>| text.value.parse().unwrap_or_else(|never: std::convert::Infallible| match never {});
    let mut only: Vec<ArticleRef> = file.texts("kb")?.iter().map(named).collect();
    for cve in file.texts("cve")? {
        only.push(ArticleRef::cve(&cve.value).map_err(|error| file.error(&cve.span, error.to_string()))?);
    }
    Ok(only)
}

fn waivers(file: &Section) -> Result<Vec<NamedWaiver>, ConfigError> {
    let one = |waiver: Section| {
        let kb = waiver.demand("kb", waiver.id("kb")?)?;
        let reason = waiver.demand("reason", waiver.text("reason")?)?;
        let expires = waiver.demand("expires", waiver.day("expires")?)?;
        let named = match kb.value.parse() {
            Ok(named @ (ArticleRef::Bulletin(_) | ArticleRef::Cve(_))) => named,
            _ => {
                let id = kb.value.parse().map_err(|error| waiver.error(&kb.span, format!("{error}")))?;
                ArticleRef::Id { id, text: kb.value }
            }
        };
        Ok(NamedWaiver {
            named,
            path: waiver.text("path")?.map(|path| glob(&waiver, &path)).transpose()?,
            reason: reason.value,
            expires: expires.value,
            source: waiver.place(),
        })
    };
    file.sections("waiver", "[[waiver]]", &WAIVER_KEYS)?.into_iter().map(one).collect()
}

fn globs(file: &Section, key: &str) -> Result<Vec<PathGlob>, ConfigError> {
    file.texts(key)?.iter().map(|text| glob(file, text)).collect()
}

fn glob(section: &Section, text: &Value<String>) -> Result<PathGlob, ConfigError> {
    text.value.parse().map_err(|error| section.error(&text.span, format!("{error}")))
}

/// A word with the same values as on the command line.
fn word<T: ValueEnum>(section: &Section, key: &str, text: &Value<String>) -> Result<T, ConfigError> {
    T::from_str(&text.value, true).map_err(|_| {
        let known: Vec<_> = T::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
        let known: Vec<&str> = known.iter().map(|value| value.get_name()).collect();
        let hint = section::nearest(&text.value, &known).map(|near| format!("; did you mean '{near}'?"));
        let hint = hint.unwrap_or_else(|| format!("; use one of: {}", known.join(", ")));
        section.error(&text.span, format!("invalid {key} '{}'{hint}", text.value))
    })
}
