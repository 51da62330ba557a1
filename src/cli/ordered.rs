//! Reader, workers, writer: many hosts are judged in parallel and answered in their order, and only a few are in
//! memory.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::sync::{Arc, Mutex};
use std::thread;

/// How many items for each thread are in memory at once.
const ON_THE_WAY: usize = 8;

/// The input of the writer.
pub(super) enum Next<U> {
    /// The result of the next item, in the order of the items.
    Result(U),
    /// No result is ready: the results so far can be flushed.
    Idle,
}

/// Gives each item of `items` to one of `threads` workers, and their results to `write` in the order of the items. It
/// ends when the items end, or when `write` stops or fails.
///
/// Each worker has its own pool with one thread: a host with ten files need not be divided.
pub(super) fn judge<T: Send, U: Send, E>(
    threads: usize,
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(T) -> U + Sync,
    mut write: impl FnMut(Next<U>) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let (give, take) = mpsc::channel::<(u64, T)>();
    let (answer, answers) = mpsc::channel::<(u64, U)>();
    // An item takes a slot, which is free again when its result is written.
    let (free, places) = mpsc::channel::<()>();
    for _ in 0..threads.saturating_mul(ON_THE_WAY) {
        let _ = free.send(());
    }
    let (take, work) = (Arc::new(Mutex::new(take)), &work);
    thread::scope(|scope| {
        scope.spawn(move || give_all(items, &give, &places));
        for _ in 0..threads {
            let (take, answer) = (Arc::clone(&take), answer.clone());
            scope.spawn(move || work_until_end(work, &take, &answer));
        }
        drop((answer, take));
        let written = write_in_order(&answers, &free, &mut write);
        // When the writer ends, no slot becomes free, so the reader ends, too.
        drop((answers, free));
        written
    })
}

fn give_all<T>(items: impl Iterator<Item = T>, give: &Sender<(u64, T)>, places: &Receiver<()>) {
    for (place, item) in (0..).zip(items) {
        if places.recv().is_err() || give.send((place, item)).is_err() {
            return;
        }
    }
}

fn work_until_end<T: Send, U: Send>(
    work: &(impl Fn(T) -> U + Sync),
    take: &Mutex<Receiver<(u64, T)>>,
    answer: &Sender<(u64, U)>,
) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok();
    loop {
        let next = take.lock().ok().and_then(|take| take.recv().ok());
        let Some((place, item)) = next else { return };
        let work = || work(item);
        let result = match &pool {
            Some(pool) => pool.install(work),
            None => work(),
        };
        if answer.send((place, result)).is_err() {
            return;
        }
    }
}

fn write_in_order<U, E>(
    answers: &Receiver<(u64, U)>,
    free: &Sender<()>,
    write: &mut impl FnMut(Next<U>) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let mut early: BTreeMap<u64, U> = BTreeMap::new();
    let mut next = 0;
    loop {
        let (place, result) = match answers.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => {
                if write(Next::Idle)?.is_break() {
                    return Ok(());
                }
                let Ok(answer) = answers.recv() else { break };
                answer
            }
            Err(TryRecvError::Disconnected) => break,
        };
        early.insert(place, result);
        while let Some(result) = early.remove(&next) {
            next += 1;
            let _ = free.send(());
            if write(Next::Result(result))?.is_break() {
                return Ok(());
            }
        }
    }
    write(Next::Idle).map(drop)
}
