//! Waivers and required fixes as text for people.

use super::text::labelled;
use super::view::{RequirementView, RequirementsView, View, WaiverView};
use super::{visible, wording};
use crate::KbId;
use crate::assess::RequiredState;

/// Both lists as text; empty if there are none.
pub(super) fn render(view: &View, width: u16) -> String {
    let mut out = String::new();
    let waived = waived(view);
    if !waived.is_empty() {
        out.push_str("Waived (accepted: neither to install nor findings):\n");
        for (id, waiver) in waived {
            out.push_str(&labelled(&format!("  {id}"), &visible(&wording::waiver(waiver)), width));
        }
        out.push('\n');
    }
    if let Some(required) = &view.required {
        let listed: Vec<_> = listed(view, required).collect();
        let end = if listed.is_empty() { "" } else { ":" };
        out.push_str(&format!("{}{end}\n", wording::required_fixes(required)));
        for fix in listed {
            let text = match fix.status {
                Some(_) => format!("{}: {}", wording::requirement(fix), visible(&fix.reason)),
                None => visible(&fix.reason),
            };
            out.push_str(&labelled(&format!("  {}", fix.id), &text, width));
        }
        out.push('\n');
    }
    out
}

/// The waivers that are used by the findings shown, by article.
pub(super) fn waived(view: &View) -> Vec<(KbId, &WaiverView)> {
    let mut found: Vec<(KbId, &WaiverView)> = Vec::new();
    for article in &view.articles {
        for waiver in article.findings.iter().filter_map(|f| f.waiver.as_ref()) {
            if !found.contains(&(article.id, waiver)) {
                found.push((article.id, waiver));
            }
        }
    }
    found
}

/// The required fixes to list: those that are not installed, or all of them with `--all`.
fn listed<'a>(view: &'a View, required: &'a RequirementsView) -> impl Iterator<Item = &'a RequirementView> {
    required.fixes.iter().filter(|fix| view.options.all || fix.state != RequiredState::In)
}
