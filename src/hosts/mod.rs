//! Hosts, one after another: a catalogue and a policy are opened once, then each inventory, tree or line of JSON gives a
//! [`View`](crate::report::View) or a [`JudgedLine`](crate::report::JudgedLine).
//!
//! - `judge`: what is asked of every host; `line`: a line of JSON that names one; `open`: the file that it names;
//! - `system`: a Windows by its name and service pack.
//!
//! Nothing is printed: what is to be said of a host comes with its answer. Many hosts are judged side by side by whoever calls.

mod judge;
mod line;
mod open;
mod system;

pub use judge::{HostError, HostJudge, Judged};
pub use line::{Answer, Defaults, format_of};
pub use open::is_snapshot;
pub use system::{UnknownSystem, system_named};
