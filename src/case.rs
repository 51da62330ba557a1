//! Lower case, without a new text where there is nothing to change.

use std::borrow::Cow;

/// The text in lower case. Most names that are looked up are so already: they are not copied.
pub(crate) fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}
