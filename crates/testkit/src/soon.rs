//! A time limit for reading a damaged file.

use std::time::{Duration, Instant};

/// The most time for any small file, however it is damaged.
const SOON: Duration = Duration::from_millis(50);
/// How often a slow run is repeated, because the machine may be busy.
const TRIES: usize = 10;

/// The result of `work`.
///
/// # Panics
/// If it takes more than 50 ms in every run. If the system reports the processor's time, that counts, so that a busy
/// machine fails no test.
#[track_caller]
pub fn soon<T>(mut work: impl FnMut() -> T) -> T {
    let begun = Instant::now();
    let result = work();
    let mut taken = vec![begun.elapsed()];
    if taken[0] <= SOON {
        return result;
    }
    while taken.len() < TRIES {
        let (begun, before) = (Instant::now(), on_processor());
        let result = work();
        let on_processor = on_processor().zip(before).map(|(after, before)| after.saturating_sub(before));
        let own = on_processor.unwrap_or_else(|| begun.elapsed());
        if own <= SOON {
            return result;
        }
        taken.push(own);
    }
    panic!("{taken:?}");
}

/// How long this thread has run on a processor: the first number of its schedule statistics on Linux.
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
