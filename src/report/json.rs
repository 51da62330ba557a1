//! JSON: the view without changes.

use super::{RenderError, View};

/// Indented JSON with a final newline.
pub(super) fn render(view: &View) -> Result<Vec<u8>, RenderError> {
    let mut bytes = serde_json::to_vec_pretty(view)?;
    bytes.push(b'\n');
    Ok(bytes)
}
