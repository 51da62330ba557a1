//! Files that went through a text-mode transfer, which turned every LF into CR LF.

/// Undoes the conversion; `None` for bytes that did not go through it: no LF at all, or one without a CR before it.
pub(super) fn undo(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut restored = Vec::with_capacity(bytes.len());
    let mut converted = false;
    for &byte in bytes {
        if byte == b'\n' {
            if restored.pop() != Some(b'\r') {
                return None;
            }
            converted = true;
        }
        restored.push(byte);
    }
    converted.then_some(restored)
}
