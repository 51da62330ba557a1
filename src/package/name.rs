//! Article ids in names: `Q299444i.exe`, `WindowsXP-KB835732-x86-ENU.exe`.

use crate::KbId;

/// Ids in names have so many digits.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=7;

/// The first id in a text: `Q` or `KB`, not within a word, and digits behind it.
pub(super) fn id(text: &str) -> Option<KbId> {
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let within = at > 0 && bytes[at - 1].is_ascii_alphanumeric();
        let rest = lower.get(at..)?;
        let rest = rest.strip_prefix("kb").or_else(|| rest.strip_prefix('q')).filter(|_| !within)?;
        let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        if !DIGITS.contains(&end) {
            return None;
        }
        rest[..end].parse().ok()
    })
}
