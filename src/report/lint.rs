//! The findings of a catalogue's check as text for a terminal: the output of `hotfixcheck catalog lint`.

use super::facts::width_of;
use super::text::{grouped, hanging};
use super::{Look, visible};
use crate::catalog::{Code, Finding};

/// The findings by kind, at most this many of each, then the number of each kind.
pub fn render(findings: &[Finding], most: usize, look: Look) -> Vec<u8> {
    let width = width_of(look);
    let say = |lead: &str, indent, text: &str| hanging(lead, indent, text.split(' '), width);
    let mut out = String::new();
    for code in Code::ALL.into_iter().filter(|_| most > 0) {
        let of_kind = || findings.iter().filter(|finding| finding.code == code);
        for finding in of_kind().take(most) {
            out.push_str(&say("", 4, &visible(&finding.to_string())));
        }
        let rest = of_kind().count().saturating_sub(most);
        if rest > 0 {
            out.push_str(&say("", 4, &format!("… {rest} more of {} (--all shows them)", code.name())));
        }
        if of_kind().next().is_some() {
            out.push('\n');
        }
    }
    let number = if findings.is_empty() { "nothing".to_owned() } else { grouped(findings.len() as u64) };
    out.push_str(&format!("{number} to look at:\n"));
    for code in Code::ALL {
        let count = findings.iter().filter(|f| f.code == code).count();
        let lead = format!("{count:>7} {:<21} ", code.name());
        out.push_str(&say(&lead, lead.chars().count(), code.description()));
    }
    look.shown(out.into_bytes())
}
