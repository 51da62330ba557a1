//! Files that went through a text-mode transfer, which turned every LF into CR LF.

/// What a piece of a file shows of such a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LineEnds {
    /// No LF in it: it shows nothing.
    None,
    /// An LF without a CR before it: the file was not converted.
    Untouched,
    /// Each LF follows a CR. Here is the piece with the conversion undone.
    Converted(Vec<u8>),
}

/// Looks at every LF of a piece.
pub(super) fn line_ends(bytes: &[u8]) -> LineEnds {
    let mut restored = Vec::with_capacity(bytes.len());
    let mut converted = false;
    for &byte in bytes {
        if byte == b'\n' {
            if restored.pop() != Some(b'\r') {
                return LineEnds::Untouched;
            }
            converted = true;
        }
        restored.push(byte);
    }
    if converted { LineEnds::Converted(restored) } else { LineEnds::None }
}
