//! Many hosts: lines are taken from a Python iterator as slots become free, judged by threads without the interpreter,
//! and answered in their order.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use hotfixcheck::hosts::{Defaults, HostJudge};
use hotfixcheck::message_of;
use hotfixcheck::report::JudgedLine;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator};

use crate::alone::{be_alone, error, isolate};

/// How many lines for each thread are in memory at once.
const ON_THE_WAY: usize = 8;

/// A line of output, or an internal error: an error in the input is part of the line.
type Answer = Result<Vec<u8>, String>;

/// An iterator of answers.
#[pyclass(module = "hotfixcheck._native")]
pub(crate) struct Answers {
    /// The source of the lines; `None` after the last one.
    lines: Option<Py<PyIterator>>,
    /// The number of the last line; empty lines are counted, too.
    line: u64,
    given: u64,
    answered: u64,
    most: u64,
    work: Sender<(u64, u64, Vec<u8>)>,
    answers: Mutex<Receiver<(u64, Answer)>>,
    /// Answers that arrived before their turn.
    early: BTreeMap<u64, Answer>,
}

impl Answers {
    pub(crate) fn new(
        lines: Py<PyIterator>,
        judge: Arc<HostJudge>,
        defaults: Defaults,
        threads: usize,
    ) -> PyResult<Self> {
        let (work, to_do) = mpsc::channel::<(u64, u64, Vec<u8>)>();
        let (answer, answers) = mpsc::channel();
        let to_do = Arc::new(Mutex::new(to_do));
        let mut started = 0_usize;
        for _ in 0..threads {
            let (judge, to_do, answer) = (Arc::clone(&judge), Arc::clone(&to_do), answer.clone());
            // The threads end when the senders and receivers of lines are gone.
            let spawned = thread::Builder::new().spawn(move || {
                be_alone();
                while let Some((place, line, bytes)) = to_do.lock().ok().and_then(|to_do| to_do.recv().ok()) {
                    if answer.send((place, judged(&judge, defaults, line, &bytes))).is_err() {
                        return;
                    }
                }
            });
            match spawned {
                Ok(_) => started += 1,
                Err(reason) if started == 0 => return Err(error(format!("cannot start a thread: {reason}"))),
                // The system cannot start more threads; those that started do the work.
                Err(_) => break,
            }
        }
        let most = started.saturating_mul(ON_THE_WAY) as u64;
        Ok(Self {
            lines: Some(lines),
            line: 0,
            given: 0,
            answered: 0,
            most,
            work,
            answers: Mutex::new(answers),
            early: BTreeMap::new(),
        })
    }

    /// Gives the threads as many lines as there are free slots.
    fn give(&mut self, py: Python<'_>) -> PyResult<()> {
        while self.given - self.answered < self.most {
            let Some(lines) = &self.lines else { return Ok(()) };
            let Some(line) = lines.bind(py).clone().next() else {
                self.lines = None;
                return Ok(());
            };
            self.line += 1;
            let bytes = line?.cast::<PyBytes>()?.as_bytes().to_vec();
            if bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            self.given += 1;
            if self.work.send((self.given, self.line, bytes)).is_err() {
                return Err(error("internal error: no thread judges any more"));
            }
        }
        Ok(())
    }

    /// The next answer in order, if it has arrived.
    fn next_in_order(&mut self) -> Option<Answer> {
        let answer = self.early.remove(&(self.answered + 1))?;
        self.answered += 1;
        Some(answer)
    }
}

#[pymethods]
impl Answers {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        self.give(py)?;
        if self.answered == self.given {
            return Ok(None);
        }
        loop {
            if let Some(answer) = self.next_in_order() {
                return answer.map(|bytes| Some(PyBytes::new(py, &bytes))).map_err(error);
            }
            // Wait only briefly, so that an interrupt is noticed.
            let answers = &self.answers;
            let came = py.detach(|| {
                let answers = answers.lock().map_err(|_| RecvTimeoutError::Disconnected)?;
                answers.recv_timeout(Duration::from_millis(100))
            });
            match came {
                Ok((place, answer)) => drop(self.early.insert(place, answer)),
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(error("internal error: no thread judges any more"));
                }
            }
        }
    }
}

/// The answer to a line; an error in the line, or a panic, is part of it.
fn judged(judge: &HostJudge, defaults: Defaults, line: u64, bytes: &[u8]) -> Answer {
    let render = |line: JudgedLine| line.render().map_err(|error| message_of(&error));
    isolate(|| render(judge.judge_line(defaults, line, bytes)))
        .or_else(|error| render(JudgedLine { line, host: None, judged: Err(error) }))
}
