//! Moments as PowerShell writes them.

use jiff::Timestamp;

/// Seconds since 1970 UTC of `/Date(1091577600000)/` (milliseconds; an offset behind them changes nothing) or
/// `2004-08-04T00:00:00Z`. `None` for anything else: other forms depend on the culture, and without a zone the moment is
/// not known.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        let sign = usize::from(inner.starts_with('-'));
        let end = inner[sign..].find(['+', '-']).map_or(inner.len(), |at| at + sign);
        return inner[..end].parse::<i64>().ok().map(|milliseconds| milliseconds.div_euclid(1000));
    }
    // Rounded down, as for files.
    text.parse::<Timestamp>().ok().map(|moment| moment.as_nanosecond().div_euclid(1_000_000_000) as i64)
}
