//! The stable names of the judgement's enums, written as JSON texts.

use serde::Serializer;

use crate::assess::{FailOn, Outcome, ProfileSource, Reason, RequiredState, Rule, VersionSource};

/// A value with a stable name in reports.
pub(in crate::report) trait Named {
    /// The name.
    fn named(&self) -> &'static str;
}

macro_rules! named {
    ($($kind:ty: $name:ident;)+) => {
        $(impl Named for $kind {
            fn named(&self) -> &'static str {
                self.$name()
            }
        })+
    };
}

named! {
    FailOn: name;
    Outcome: name;
    ProfileSource: name;
    Reason: code;
    RequiredState: name;
    Rule: name;
    VersionSource: name;
}

/// For `#[serde(serialize_with)]`: the value's name.
pub(super) fn name<T: Named, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.named())
}

/// As [`name`], for an optional value: `null` if it is absent.
#[allow(clippy::ref_option)] // serde lends what it serializes.
pub(in crate::report) fn name_or_null<T: Named, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => name(value, serializer),
        None => serializer.serialize_none(),
    }
}
