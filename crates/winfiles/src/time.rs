//! Calendar dates of file systems and cabinets -> seconds since 1970.
//!
//! Our own: cabinets, zip, FAT, ISO 9660 and UDF need this one conversion, and a crate for dates would add two to the
//! some twenty crates of a reader of versions. A property test compares it with `jiff`.

/// Seconds from 1970-01-01 00:00:00 to this moment of the Gregorian calendar; `None` for an invalid one.
pub(crate) fn seconds(year: i64, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 => 28 + u8::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days_in_month).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Years are counted from March, so that the leap day is the last day of a year.
    let (years, months) = if month > 2 { (year, i64::from(month) - 3) } else { (year - 1, i64::from(month) + 9) };
    let leap_days = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
    let days = years * 365 + leap_days + (153 * months + 2) / 5 + i64::from(day) - 1;
    /// Days from March 1 of the year 0 to 1970-01-01.
    const EPOCH_DAYS: i64 = 719_468;
    Some((days - EPOCH_DAYS) * 86_400 + i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second))
}

/// A date and a time as FAT and cabinets store them: two 16-bit numbers, two-second steps. The local time is read as if
/// it were UTC. `None` for an invalid date.
pub(crate) fn dos_seconds(date: u16, time: u16) -> Option<i64> {
    let field = |word: u16, shift: u32, bits: u32| u8::try_from((word >> shift) & ((1 << bits) - 1)).unwrap_or(0);
    seconds(
        1980 + i64::from(field(date, 9, 7)),
        field(date, 5, 4),
        field(date, 0, 5),
        field(time, 11, 5),
        field(time, 5, 6),
        field(time, 0, 5) * 2,
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::DateTime;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    proptest! {
        /// The same moments as `jiff`, and none that `jiff` rejects.
        #[test]
        fn moments_are_those_of_jiff(
            year in 1600_i16..2600, month in 0_u8..14, day in 0_u8..33, hour in 0_u8..25, minute in 0_u8..61, second in 0_u8..61,
        ) {
            let small = |number: u8| number as i8;
            let moment = DateTime::new(
                year, small(month), small(day), small(hour), small(minute), small(second), 0,
            );
            let expected = moment.ok().map(|m| m.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second());
            prop_assert_eq!(super::seconds(year.into(), month, day, hour, minute, second), expected);
        }
    }
}
