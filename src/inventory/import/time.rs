//! Times in lists.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// Seconds since 1970 UTC: from `2004-08-04T12:00:00Z`, from another zone, without a zone (UTC), or from a date (its
/// beginning).
pub(super) fn seconds(text: &str) -> Option<i64> {
    let utc = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp().as_second());
    let zoned = || text.parse::<Timestamp>().ok().map(Timestamp::as_second);
    let plain = || text.parse::<DateTime>().ok().and_then(utc);
    let day = || text.parse::<Date>().ok().and_then(|day| utc(day.to_datetime(Time::midnight())));
    zoned().or_else(plain).or_else(day)
}
