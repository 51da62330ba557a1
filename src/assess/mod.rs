//! `(Catalog, Inventory, Policy)` -> [`Assessment`]: which fixes are installed, and why. Reads no file, no clock and no
//! global state: the same input gives the same answer.
//!
//! [`Judge`] does the whole judgement; [`Reason`] lists every reason code, described in `docs/verdicts.md`.

mod applies;
mod article;
mod assessment;
mod baseline;
mod belongs;
mod build_series;
mod builds;
mod case;
mod claims;
mod conclude;
mod context;
mod copies;
mod doubt;
mod edition;
mod elsewhere;
mod evidence;
mod exact_build;
mod finding;
mod fingerprint;
mod hotpatch;
pub mod identify;
mod judge;
mod known_builds;
mod ladder;
mod link_day;
mod listed_row;
mod many;
mod needed_pack;
pub mod neighbours;
mod older_build;
mod original;
mod pack;
mod policy;
mod processor;
mod profile;
mod reason;
mod registry;
mod relevant;
mod required;
mod row;
mod select;
mod siblings;
mod supersede;
mod system_build;
mod systems;
mod unlisted;
mod unstated_exchange;
mod verdict;
mod waiver;
mod wow;

pub use assessment::{Assessment, Counts, Outcome, Unreadable};
pub use baseline::Baseline;
pub(crate) use baseline::same_tree;
pub use copies::{CopyWarning, copy_warnings};
pub use evidence::{Comparison, Evidence, VersionSource};
pub use finding::{ArticleVerdict, Demand, Finding, NeededPack, Subject};
pub use fingerprint::fingerprints;
pub(crate) use fingerprint::uri;
pub use judge::{Judge, assess};
pub use known_builds::{BUILD_FILES, beyond, builds_of, ended};
pub use many::{ManyCopies, tells_apart};
pub use policy::{FailOn, Policy};
pub use profile::{JudgedSystem, KERNEL_FILES, Profile, ProfileSource};
pub use reason::{Reason, Rule};
pub use registry::{RegistryFinding, registry_findings};
pub use relevant::Relevant;
pub use required::{RequiredFix, RequiredState};
pub use supersede::{InstallPlan, PlannedArticle, plan, to_install};
pub(crate) use systems::path_of;
pub use verdict::{ArticleStatus, Verdict};
pub use waiver::{Waiver, WaiverState, Waivers};

pub use crate::knowledge::Knowledge;
