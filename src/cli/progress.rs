//! The progress bar: on standard error, and only if that is a terminal.

use hotfixcheck::inventory::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output;

/// How often the listing updates its number: an update for each file would take longer than reading it.
const EVERY: u64 = 256;

/// A progress bar, or none.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar; hidden if it is not wanted or standard error is not a terminal.
    pub(super) fn new(wanted: bool) -> Self {
        let target = if wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {pos}/{len} {wide_bar}") {
            // The default characters are not ASCII.
            let ascii = |style: ProgressStyle| style.progress_chars("#>-").tick_chars("-\\|/ ");
            bar.set_style(if output::is_ascii() { ascii(style) } else { style });
        }
        // The style must be set before anything is drawn.
        bar.set_message("listing files");
        Self(bar)
    }

    /// Shows the progress of the walk.
    pub(super) fn show(&self, progress: Progress) {
        match progress {
            Progress::Listed(seen) if seen % EVERY == 0 => self.0.set_position(seen),
            Progress::Listed(_) => {}
            Progress::ToRead(files) => {
                self.0.set_message("reading files");
                self.0.set_position(0);
                self.0.set_length(files);
            }
            Progress::Read => self.0.inc(1),
        }
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
