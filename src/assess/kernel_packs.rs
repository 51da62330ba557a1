//! The service pack of a system without a registry whose kernel files show only bounds of it: Windows NT 4.0, of which 1,619
//! articles with only a service pack were not judged. The answers are only likely.

use std::fmt;

use super::claims::Claim;
use super::profile::{KERNEL_FILES, KERNELS, Profile, ProfileSource};
use super::reason::Reason;
use crate::inventory::Inventory;
use crate::knowledge::{Pack, PackBounds, Releases, packs_of_kernel};
use crate::name::key_of;

/// How the names of its releases begin, all of which have a kernel of their own.
const WINDOWS_NT: &str = "Windows NT";

/// The least and the most service pack that the kernel files stand for.
pub(super) struct KernelPacks(PackBounds);

impl KernelPacks {
    /// What all active kernel files of the system stand for, the kernel itself among them. `own` are the inventory's entries that
    /// belong to it, `claims` the versions of each entry. `None` where the profile has a service pack or is not of the kernel.
    pub(super) fn of(
        profile: Option<&Profile>,
        own: &[usize],
        inventory: &Inventory,
        claims: &[Vec<Claim>],
        releases: &Releases,
    ) -> Option<Self> {
        let is_open = |profile: &&Profile| profile.pack.is_none() && matches!(profile.source, ProfileSource::Kernel(_));
        let line = &profile.filter(is_open)?.line;
        let mut bounds: Option<PackBounds> = None;
        let mut has_kernel = false;
        for &place in own.iter().filter(|&&place| inventory.entries[place].copy.is_none()) {
            let Some(key) = inventory.entries[place].name().map(key_of) else { continue };
            let Some(nth) = KERNEL_FILES.iter().position(|name| *name == key) else { continue };
            let Some(claim) = claims[place].iter().find(|claim| claim.release.line == *line) else { continue };
            let found = packs_of_kernel(line, *claim.version.components().last()?, releases)?;
            // Windows 9x has no other of these files than kernel32.dll.
            has_kernel |= nth < KERNELS || !line.name().starts_with(WINDOWS_NT);
            bounds = Some(match bounds {
                // A fix after SP6a shows more than the files that SP6 has, too.
                Some(PackBounds { least, most }) if most == found.most && most.is_some() => {
                    PackBounds { least: least.max(found.least), most }
                }
                Some(known) if known != found => return None,
                _ => found,
            });
        }
        bounds.filter(|_| has_kernel).map(Self)
    }

    /// The answer for an article that names `highest` as the service pack with the correction, and perhaps an earlier one, too; `None`
    /// where the kernel does not show it. "The latest" of an old text may be any service pack: a system before it may have it, unless
    /// it has one up to `listed`, the last one that has the problem.
    pub(super) fn reason(
        &self,
        highest: &Pack,
        lowest: Option<&Pack>,
        is_latest: bool,
        listed: Option<&Pack>,
    ) -> Option<Reason> {
        let PackBounds { least, most } = &self.0;
        let lowest = lowest.unwrap_or(highest).min(highest);
        match () {
            () if least.as_ref().is_some_and(|least| least >= highest) => Some(Reason::KernelOfServicePack),
            () if listed.is_some_and(|listed| most.as_ref().is_some_and(|most| most <= listed)) => {
                Some(Reason::KernelOlder)
            }
            () if !is_latest && most.as_ref().is_some_and(|most| most < lowest) => Some(Reason::KernelOlder),
            () => None,
        }
    }
}

impl fmt::Display for KernelPacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
