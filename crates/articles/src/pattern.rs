//! How the extractor's regular expressions are compiled. None backtracks: the `regex` crate runs automata.

/// Compiles a pattern over text. Classes are spelled out in ASCII (`[0-9]`, not `\d`): those of Unicode make automata that
/// are many times as large.
macro_rules! pattern {
    ($text:expr) => {
        std::sync::LazyLock::new(|| regex::Regex::new($text).unwrap_or_else(|e| unreachable!("{e}")))
    };
}

/// Compiles a pattern over the bytes of a text, where bounded gaps (`[^.]{0,60}`) count bytes. One that begins and ends
/// with ASCII matches at character boundaries only.
macro_rules! byte_pattern {
    ($text:expr) => {
        std::sync::LazyLock::new(|| {
            regex::bytes::RegexBuilder::new($text).unicode(false).build().unwrap_or_else(|e| unreachable!("{e}"))
        })
    };
}

pub(crate) use {byte_pattern, pattern};
