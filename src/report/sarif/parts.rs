//! Parts of SARIF that results, rules and notifications share.

use super::super::install;
use super::super::markdown::escape;
use super::super::view::View;
use super::super::visible;
use super::model::{ArtifactLocation, Level, Message};
use crate::KbId;
use crate::assess::Verdict;

pub(super) fn help_uri(id: KbId) -> String {
    install::article_link(id)
}

/// Text in Markdown, without any markup.
pub(super) fn rich(text: &str) -> String {
    placeholders(&escape(text))
}

pub(super) fn baseline_state(known: Option<bool>) -> Option<&'static str> {
    known.map(|known| if known { "unchanged" } else { "new" })
}

pub(super) fn level(verdict: Verdict) -> Option<Level> {
    match verdict {
        Verdict::Missing => Some(Level::Error),
        Verdict::LikelyMissing => Some(Level::Warning),
        Verdict::Unknown => Some(Level::Note),
        Verdict::LikelyFixed | Verdict::Fixed | Verdict::NotApplicable => None,
    }
}

pub(super) fn artifact(view: &View, tree: usize, uri: String) -> ArtifactLocation {
    ArtifactLocation { uri, uri_base_id: (view.trees.len() > 1).then(|| base(tree)) }
}

/// The name of a tree, with a number from 1.
pub(super) fn base(tree: usize) -> String {
    format!("TREE{}", tree + 1)
}

/// A plain text message. In SARIF, braces and `[text](target)` have a meaning, which they must not have in a file name.
pub(super) fn message(text: &str) -> Message {
    Message { text: placeholders(&visible(text)).replace("](", "] (") }
}

pub(super) fn placeholders(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
