//! What a damaged file may take.

use std::time::{Duration, Instant};

/// As long as any small file may take, however it is damaged.
const SOON: Duration = Duration::from_millis(50);
/// A machine that has other things to do is asked again so often.
const TRIES: usize = 10;

/// What `work` gives.
///
/// # Panics
/// When it takes more than 50 ms, each time. Where the system tells it, the processor's time counts, so that a machine with
/// other things to do fails no test.
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

/// How long this thread has run on a processor: the first number that Linux tells of its schedule.
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
