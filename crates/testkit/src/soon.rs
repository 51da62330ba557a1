//! What a damaged file may take.

use std::time::{Duration, Instant};

/// As long as any small file may take, however it is damaged.
const SOON: Duration = Duration::from_millis(50);
/// A machine that has other things to do is asked again so often.
const TRIES: usize = 10;

/// What `work` gives.
///
/// # Panics
/// When it takes more than 50 ms, each time.
#[track_caller]
pub fn soon<T>(mut work: impl FnMut() -> T) -> T {
    let mut taken = Vec::new();
    loop {
        let begun = Instant::now();
        let result = work();
        taken.push(begun.elapsed());
        if taken.last().is_some_and(|taken| *taken <= SOON) {
            return result;
        }
        assert!(taken.len() < TRIES, "{taken:?}");
    }
}
