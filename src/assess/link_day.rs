//! The day on which a file was linked, by its header's time stamp.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::inventory::Entry;
use hotfixcheck_facts::builds::FIRST_CUMULATIVE;
use hotfixcheck_winfiles::binary::Binary;

/// Articles print local times of an unknown zone: times up to this many hours apart may be the same instant.
pub(super) const ZONE_HOURS: i64 = 14;
/// The constant stamp that some Borland linkers write into every program: not a time.
pub(super) const BORLAND_STAMP: u32 = 0x2a42_5e19;

/// The day on which a file was linked; `None` where the stamp cannot be a time.
pub(super) fn link_day(binary: &Binary, entry: &Entry) -> Option<Date> {
    if is_reproducible(binary) {
        return None;
    }
    let built = moment(binary.time_stamp.filter(|&stamp| stamp != BORLAND_STAMP)?.into())?;
    // A file cannot be linked after it was last written: reproducible builds store a checksum instead of a date. A time of
    // 1970 or 1980 is that of an archive, not of the file.
    let written = entry.modified.and_then(moment).filter(|written| is_plausible(written.date()));
    let before_written = written.is_none_or(|written| seconds(written, built) <= ZONE_HOURS * 3600);
    (is_plausible(built.date()) && before_written).then(|| built.date())
}

/// True for a file of Windows 10 or later, by the third number of its version: its stamp is a checksum of its contents.
fn is_reproducible(binary: &Binary) -> bool {
    let version = binary.version_info().and_then(|info| info.fixed_file);
    version.is_some_and(|version| matches!(version.components(), &[10 | 11, 0, build, _] if build >= FIRST_CUMULATIVE))
}

/// False for the dates that clocks and archives write when the time is not known.
pub(super) fn is_plausible(date: Date) -> bool {
    (1991..2040).contains(&date.year())
}

pub(super) fn moment(seconds: i64) -> Option<DateTime> {
    Some(Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).datetime())
}

/// Seconds from one moment to another.
pub(super) fn seconds(from: DateTime, to: DateTime) -> i64 {
    let second = |t: DateTime| t.to_zoned(TimeZone::UTC).map_or(0, |z| z.timestamp().as_second());
    second(to) - second(from)
}
