//! Judges hosts one after another: a catalogue and a policy are opened once, then each inventory, tree or line of JSON
//! gives a [`View`](crate::report::View) or a [`JudgedLine`](crate::report::JudgedLine).
//!
//! - `judge`: the settings for all hosts; `line`: a line of JSON with a host; `split`: finds its inventory; `open`: the file that it
//!   names;
//! - `system`: a Windows by its name and service pack.
//!
//! Nothing is printed: messages about a host are part of its result. The caller decides how many hosts are judged in
//! parallel.

mod judge;
mod line;
mod open;
mod split;
mod system;

pub use judge::{HostError, HostJudge, Judged};
pub use line::{Answer, Defaults, format_of};
pub use open::is_snapshot;
pub use system::{UnknownSystem, system_named};
