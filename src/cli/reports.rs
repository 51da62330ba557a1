//! The reports of a run: their formats and outputs. One scan is used for all of them.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use hotfixcheck::inventory::RelativePath;
use hotfixcheck::report::{Look, RenderError, ReportFormat};

use super::args::ReportFormatArg;
use super::error::CliError;
use super::output::{Output, Stream, is_device, whole};
use super::warning::warn;

/// So much of a report is written at once.
const BUFFER_BYTES: usize = 1 << 16;

/// Formats with their opened outputs, in the order given.
#[derive(Debug, Default)]
pub(super) struct Reports(Vec<(ReportFormat, Output)>);

impl Reports {
    /// Pairs the formats with the outputs, in order, and opens every output, so that a run that cannot write does not
    /// scan.
    ///
    /// # Errors
    /// Formats and outputs that cannot be paired, an output that is named twice, or one that cannot be opened.
    pub(super) fn open(formats: &[ReportFormatArg], places: &[PathBuf], quiet: bool) -> Result<Self, CliError> {
        let is_asked = !formats.is_empty();
        // Without --format, the extension of each -o decides.
        let formats = match formats {
            [] if places.is_empty() => vec![ReportFormatArg(ReportFormat::default())],
            [] => places.iter().map(|place| by_extension(place).map(ReportFormatArg)).collect::<Result<_, _>>()?,
            given => given.to_vec(),
        };
        let opened: Vec<Option<&Path>> = match (formats.len(), places) {
            (1, []) => vec![None],
            (_, given) => given.iter().map(|path| Some(path.as_path())).collect(),
        };
        if formats.len() != opened.len() {
            return Err(CliError::Usage(format!(
                "{} --format but {} -o: give each --format its own -o ('-' is standard output)",
                formats.len(),
                opened.len()
            )));
        }
        if let Some(twice) = twice(places) {
            return Err(CliError::Usage(format!(
                "'{}' is given for two reports: use different files",
                twice.display()
            )));
        }
        for (ReportFormatArg(format), place) in formats.iter().zip(places) {
            let name = place.file_name().unwrap_or_default().to_string_lossy();
            if !format.fits(&name) {
                warn(&format!("'{}' gets the format {}, which its name does not tell", place.display(), format.name()));
            }
        }
        if quiet && !opened.iter().any(|place| place.is_some_and(|place| place.as_os_str() != "-")) && is_asked {
            warn(&"--quiet: the report is not printed; -o FILE writes it to a file");
        }
        let open = |(format, place): (ReportFormatArg, Option<&Path>)| {
            Output::open(place, quiet).map(|output| (format.0, output))
        };
        formats.into_iter().zip(opened).map(open).collect::<Result<_, _>>().map(Self)
    }

    /// Refuses an output that is one of the files that are read.
    ///
    /// # Errors
    /// There is one.
    pub(super) fn refuse_inputs(&self, inputs: &[&Path]) -> Result<(), CliError> {
        self.0.iter().try_for_each(|(_, output)| output.refuse_inputs(inputs))
    }

    /// The existing reports below a folder: files that a run writes are not files of the tree.
    pub(super) fn below(&self, root: &Path) -> Vec<RelativePath> {
        self.0.iter().filter_map(|(_, output)| output.below(root)).collect()
    }

    /// The report files; empty if a report also goes elsewhere.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let files: Option<Vec<PathBuf>> = self.0.iter().map(|(_, output)| output.file().map(Path::to_owned)).collect();
        files.unwrap_or_default()
    }

    /// The formats, in the order given.
    pub(super) fn formats(&self) -> impl Iterator<Item = ReportFormat> {
        self.0.iter().map(|(format, _)| *format)
    }

    /// Begins the reports of a format that is written as a stream; the other formats stay.
    ///
    /// # Errors
    /// A file that cannot be created.
    pub(super) fn begin(&mut self, format: ReportFormat) -> Result<Vec<Stream>, CliError> {
        let (streams, others) = std::mem::take(&mut self.0).into_iter().partition(|(other, _)| *other == format);
        self.0 = others;
        Vec::into_iter(streams).map(|(_, output)| Output::stream(output)).collect()
    }

    /// Renders and writes each report. Files appear when all are written: a report that fails leaves every file as it was.
    ///
    /// # Errors
    /// The first report that cannot be rendered or written.
    pub(super) fn write(
        self,
        render: impl Fn(ReportFormat, Look, &mut dyn Write) -> Result<(), RenderError>,
    ) -> Result<(), CliError> {
        // What cannot be taken back comes last.
        let (files, others): (Vec<_>, Vec<_>) = self.0.into_iter().partition(|(_, output)| output.file().is_some());
        let mut written = Vec::new();
        for (format, output) in files.into_iter().chain(others) {
            let look = output.look();
            let mut stream = output.stream()?;
            let mut buffer = BufWriter::with_capacity(BUFFER_BYTES, &mut stream);
            let rendered = render(format, look, &mut buffer);
            let flushed = rendered.and_then(|()| buffer.flush().map_err(RenderError::Write));
            drop(buffer.into_parts());
            stream.rendered(flushed)?;
            written.push(stream);
        }
        written.into_iter().try_for_each(Stream::finish)
    }
}

/// The format of the file's extension; a table for a file without one.
fn by_extension(place: &Path) -> Result<ReportFormat, CliError> {
    if place.extension().is_none() {
        return Ok(ReportFormat::default());
    }
    let name = place.file_name().and_then(|name| name.to_str());
    name.and_then(ReportFormat::of_file_name).ok_or_else(|| {
        CliError::Usage(format!(
            "the extension of '{}' is not that of a report format: give it with --format, or use .txt, .html, .json, .jsonl, .csv, .md, .sarif or .xml",
            place.display()
        ))
    })
}

/// The file that is named twice, in any spelling. A device may be named twice: `/dev/null` accepts everything.
fn twice(places: &[PathBuf]) -> Option<&Path> {
    let mut seen: Vec<PathBuf> = Vec::new();
    let file = |path: &&Path| !is_device(path) && path.metadata().map_or(true, |there| there.is_file());
    for place in places.iter().map(PathBuf::as_path).filter(file) {
        let whole = whole(place);
        if seen.contains(&whole) {
            return Some(place);
        }
        seen.push(whole);
    }
    None
}
