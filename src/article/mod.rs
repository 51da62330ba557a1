//! Article text -> [`Article`]: the facts an article states, with the line each was read from.

mod model;

pub use model::{Article, Fix, FixKind, Rejected, ServicePack};
