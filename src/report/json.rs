//! JSON: the view without changes.

use std::io::Write;

use super::{RenderError, View};

/// Indented JSON with a final newline.
pub(super) fn write(view: &View, out: &mut dyn Write) -> Result<(), RenderError> {
    serde_json::to_writer_pretty(&mut *out, view)?;
    out.write_all(b"\n").map_err(RenderError::Write)
}
