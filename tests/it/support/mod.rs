//! Shared by the tests: a catalogue and files without a disk (`kit`), strings that attack every format (`attack`), a
//! folder and the program run in it (`world`), a browser (`chromium`).

pub(crate) mod attack;
pub(crate) mod chromium;
pub(crate) mod kit;
pub(crate) mod world;
