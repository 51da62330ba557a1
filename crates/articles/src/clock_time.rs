//! A time of day as fix tables print it: hours and minutes.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A time of day to the minute. Its text is 24-hour `HH:MM`.
///
/// ```
/// use hotfixcheck_articles::ClockTime;
///
/// let time: ClockTime = "19:23".parse()?;
/// assert_eq!((time.hour(), time.minute()), (19, 23));
/// assert_eq!(time.to_string(), "19:23");
/// assert!("7:54".parse::<ClockTime>().is_err() && "24:00".parse::<ClockTime>().is_err());
/// # Ok::<(), hotfixcheck_articles::ClockTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime {
    hour: u8,
    minute: u8,
}

/// A text is not a time as `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a time as HH:MM")]
pub struct ClockTimeError;

impl ClockTime {
    /// The time of an hour of the day and a minute of it; `None` if there is no such.
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    /// The hour, 0 to 23.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub fn minute(self) -> u8 {
        self.minute
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl FromStr for ClockTime {
    type Err = ClockTimeError;

    fn from_str(text: &str) -> Result<Self, ClockTimeError> {
        let &[h1, h2, b':', m1, m2] = text.as_bytes() else { return Err(ClockTimeError) };
        let number = |tens: u8, ones: u8| {
            let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
            digits.then(|| (tens - b'0') * 10 + (ones - b'0')).ok_or(ClockTimeError)
        };
        Self::new(number(h1, h2)?, number(m1, m2)?).ok_or(ClockTimeError)
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl From<ClockTime> for Time {
    fn from(ClockTime { hour, minute }: ClockTime) -> Self {
        // Both are small enough.
        Time::constant(hour as i8, minute as i8, 0, 0)
    }
}
