//! The progress bar: on standard error, only if that is a terminal.

use hotfixcheck::inventory::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output;

/// How often the listing shows its number: each file would cost more than reading it.
const EVERY: u64 = 256;

/// A progress bar, or nothing.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar; hidden if it is not wanted or standard error is no terminal.
    pub(super) fn new(wanted: bool) -> Self {
        let target = if wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {pos}/{len} {wide_bar}") {
            // Its own characters are no ASCII.
            let ascii = |style: ProgressStyle| style.progress_chars("#>-").tick_chars("-\\|/ ");
            bar.set_style(if output::is_ascii() { ascii(style) } else { style });
        }
        // What is drawn first has the style already.
        bar.set_message("listing files");
        Self(bar)
    }

    /// Shows how far the walk is.
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
