//! Dates and times as FAT and cabinets store them: two 16-bit numbers, two-second steps, local time of no known zone.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Seconds since 1970, taking the local time for UTC; `None` for what is no date.
pub(crate) fn unix_seconds(date: u16, time: u16) -> Option<i64> {
    let field = |word: u16, shift: u32, bits: u32| i8::try_from((word >> shift) & ((1 << bits) - 1)).unwrap_or(0);
    let year = 1980 + i16::from(field(date, 9, 7));
    let day = Date::new(year, field(date, 5, 4), field(date, 0, 5)).ok()?;
    let moment = DateTime::new(
        day.year(),
        day.month(),
        day.day(),
        field(time, 11, 5),
        field(time, 5, 6),
        field(time, 0, 5).checked_mul(2)?,
        0,
    );
    Some(moment.ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}
