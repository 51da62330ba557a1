//! Which tags of HTML are headings, and which begin a line.

/// The level of `<h1>` to `<h6>`.
pub(super) fn heading_level(name: &[u8]) -> Option<u8> {
    match name {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

pub(super) fn is_heading(name: &[u8]) -> bool {
    matches!(name, b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"dt" | b"summary" | b"caption")
}

pub(super) fn is_block(name: &[u8]) -> bool {
    is_heading(name)
        || matches!(
            name,
            b"p" | b"div"
                | b"li"
                | b"ul"
                | b"ol"
                | b"dl"
                | b"dd"
                | b"section"
                | b"article"
                | b"body"
                | b"hr"
                | b"blockquote"
                | b"details"
                | b"center"
                | b"header"
                | b"footer"
                | b"nav"
                | b"main"
                | b"form"
        )
}

/// Tags that a browser shows without a blank around them.
pub(super) fn is_inline(name: &[u8]) -> bool {
    matches!(
        name,
        b"wbr"
            | b"b"
            | b"i"
            | b"u"
            | b"s"
            | b"em"
            | b"strong"
            | b"span"
            | b"font"
            | b"a"
            | b"code"
            | b"tt"
            | b"kbd"
            | b"samp"
            | b"var"
            | b"small"
            | b"big"
            | b"mark"
            | b"sub"
            | b"nobr"
            | b"abbr"
            | b"acronym"
    )
}
