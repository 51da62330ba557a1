//! Rows whose processor one translation misprints: the 64-bit file, printed as the 32-bit one (MS07-068: `wmsserver.dll`).

use std::collections::BTreeMap;

use super::fix::Fix;
use super::model::Rejected;
use super::names::named;
use super::row_identity::{Subject, Version};
use hotfixcheck_types::Machine;

/// Why a row of one translation is left out.
const PROCESSORS_DIFFER: &str = "translations of the page differ in the processor";

/// Leaves out rows for x86 of which another translation has x64, with the same version, size and branch. Two processors have no
/// build of one size: that the 32-bit file has another one shows which of them is right. A page that prints both has files without code
/// (`msxml6r.dll` of KB954459).
pub(crate) fn leave_out(
    kept: &mut BTreeMap<(Subject, Version), Fix>,
    printed_together: impl Fn(&Subject, &Subject, &Version) -> bool,
) -> Vec<Rejected> {
    let same = |own: &Subject, other: &Subject| (&own.0, &own.2, &own.5) == (&other.0, &other.2, &other.5);
    let is_64_bit = |fix: &Fix| named(&fix.section).machine().is_some_and(|(_, machine)| machine.is_64_bit());
    let is_slip = |(own, version): &(Subject, Version), fix: &Fix| {
        if own.1 != Some(Machine::I386) || fix.size.is_none() || !is_64_bit(fix) {
            return false;
        }
        let others = || kept.iter().filter(move |((other, v), _)| v == version && same(own, other));
        let twin = others().any(|((other, _), twin)| {
            other.1 == Some(Machine::X64)
                && other.4 == own.4
                && twin.size == fix.size
                && !printed_together(own, other, version)
        });
        let of_32_bit = || others().filter(|(_, other)| other.machine == Some(Machine::I386) && !is_64_bit(other));
        twin && of_32_bit().any(|(_, other)| other.size.is_some())
            && of_32_bit().all(|(_, other)| other.size != fix.size)
    };
    let slips: Vec<(Subject, Version)> =
        kept.iter().filter(|(key, fix)| is_slip(key, fix)).map(|(key, _)| key.clone()).collect();
    let lost = slips.iter().filter_map(|key| kept.remove(key));
    lost.map(|fix| {
        let text = format!("{} {} x86", fix.file, fix.version.as_deref().unwrap_or_default());
        Rejected { line: fix.line, text: Rejected::kept(&text), reason: PROCESSORS_DIFFER.to_owned() }
    })
    .collect()
}
