//! Pages that browsers save as one file (`.mhtml`, `.mht`) and mails with a page (`.eml`): MIME messages (RFC 2045, 2046, 2557). In goes the
//! message, out comes the page in it. Pictures, styles and attachments are passed over.

use std::borrow::Cow;

use encoding_rs::Encoding;
use memchr::memmem;

/// How deep parts may stand in parts.
const MAX_DEPTH: usize = 4;
/// How many parts of a message are looked at.
const MAX_PARTS: usize = 1_000;
/// How long the headers of a message may be, in bytes.
const MAX_HEADERS: usize = 64 << 10;

/// The first page of a message, else its first plain text, with the encoding that the message names; `None` for what is not a message.
pub(super) fn page(bytes: &[u8]) -> Option<(Cow<'_, [u8]>, Option<&'static Encoding>)> {
    // The first line may be the whole text.
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace()).filter(|start| is_of_name(&bytes[*start]))?;
    let headers = Headers::of(&bytes[start..])?;
    headers.value("mime-version")?;
    let part = find(&headers, MAX_DEPTH, true).or_else(|| find(&headers, MAX_DEPTH, false))?;
    let content = part.content();
    let encoding = part.parameter("charset").and_then(|label| Encoding::for_label(label.as_bytes()));
    let has_mark = Encoding::for_bom(&content).is_some();
    Some((content, encoding.filter(|_| !has_mark)))
}

/// The first part with a page, or with plain text.
fn find<'a>(part: &Headers<'a>, depth: usize, page: bool) -> Option<Headers<'a>> {
    let kind = part.value("content-type")?.to_ascii_lowercase();
    if kind.starts_with("multipart/") {
        let mark = format!("--{}", part.parameter("boundary")?);
        let ends = memmem::find_iter(part.body, mark.as_bytes());
        let starts_line = |at: &usize| *at == 0 || part.body[at - 1] == b'\n';
        let places: Vec<usize> = ends.filter(starts_line).take(MAX_PARTS).collect();
        let next = |place: usize| places.get(place + 1).copied().unwrap_or(part.body.len());
        let parts = places.iter().enumerate().filter_map(|(i, at)| {
            let inside = part.body.get(at + mark.len()..next(i))?;
            Headers::of(&inside[memchr::memchr(b'\n', inside)? + 1..])
        });
        let depth = depth.checked_sub(1)?;
        return parts.filter_map(|part| find(&part, depth, page)).next();
    }
    let wanted = if page { "text/html" } else { "text/plain" };
    kind.starts_with(wanted).then_some(*part)
}

/// The headers of a message or part, and what stands below them.
#[derive(Clone, Copy)]
struct Headers<'a> {
    head: &'a [u8],
    body: &'a [u8],
}

impl<'a> Headers<'a> {
    /// Headers are lines `Name: value`, up to an empty line; `None` for a text that begins otherwise.
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let mut at = 0;
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let blank = line.iter().all(u8::is_ascii_whitespace);
            if blank || at > MAX_HEADERS {
                let (head, body) = bytes.split_at(at);
                return blank.then(|| Self { head, body: &body[line.len()..] });
            }
            let name = line.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'-'));
            let is_header = name.is_some_and(|end| end > 0 && line[end] == b':');
            if !is_header && (at == 0 || !line.starts_with(b" ") && !line.starts_with(b"\t")) {
                return None;
            }
            at += line.len();
        }
        None
    }

    /// The value of a header, with the lines that continue it.
    fn value(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(self.head);
        let mut lines =
            head.lines().skip_while(|line| line.split_once(':').is_none_or(|(own, _)| !own.eq_ignore_ascii_case(name)));
        let mut value = lines.next()?.split_once(':')?.1.trim().to_owned();
        for more in lines.take_while(|line| line.starts_with([' ', '\t'])) {
            value.push(' ');
            value.push_str(more.trim());
        }
        Some(value)
    }

    /// A parameter of the content's type: `boundary="x"`, `charset=utf-8`.
    fn parameter(&self, name: &str) -> Option<String> {
        let kind = self.value("content-type")?;
        let value = kind.split(';').skip(1).find_map(|parameter| {
            let (own, value) = parameter.split_once('=')?;
            own.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
        });
        value.filter(|value| !value.is_empty())
    }

    fn content(&self) -> Cow<'a, [u8]> {
        match self.value("content-transfer-encoding").map(|value| value.to_ascii_lowercase()).as_deref() {
            Some("quoted-printable") => Cow::Owned(quoted_printable(self.body)),
            Some("base64") => Cow::Owned(base64(self.body)),
            _ => Cow::Borrowed(self.body),
        }
    }
}

/// `=3D` is `=`, `=` at the end of a line joins it with the next. What is neither stays as it is.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some((high, low)) = digit(rest.first()).zip(digit(rest.get(1))) {
            out.extend(u8::try_from(high * 16 + low));
            rest = &rest[2..];
        } else if let Some(next) = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")) {
            rest = next;
        } else {
            out.push(b'=');
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Line ends and other characters between the digits are passed over.
fn base64(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'a'..=b'z' => Some(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for value in bytes.iter().take_while(|byte| **byte != b'=').filter_map(digit) {
        bits = bits << 6 & 0xffff | value;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.extend(u8::try_from(bits >> count & 0xff));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::page;

    fn text(bytes: &[u8]) -> Option<String> {
        let (content, encoding) = page(bytes)?;
        Some(encoding.unwrap_or(encoding_rs::UTF_8).decode_without_bom_handling(&content).0.into_owned())
    }

    /// Issue 14: pages that Chrome, Edge and Internet Explorer save, and mails, were one line of text without a row.
    #[test]
    fn pages_of_messages_are_read() {
        let quoted = "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\t\
                      boundary=\"----x--\"\r\n\r\n\r\n------x--\r\nContent-Type: text/css\r\n\r\np {}\r\n------x--\r\n\
                      Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p class=3D\"a\">B=C3=BCro =\r\n= x\
                      </p>\r\n------x----\r\n";
        assert_eq!(text(quoted.as_bytes()).unwrap().trim(), "<p class=\"a\">Büro = x</p>");
        let base64 = "From: \"Saved by Windows Internet Explorer 8\"\nMIME-Version: 1.0\nContent-Type: text/html;\n\tcharset=\"unicode\"\n\
                      Content-Transfer-Encoding: base64\n\nPABwAD4A\nQgD8AA==\n";
        assert_eq!(text(base64.as_bytes()).unwrap(), "<p>Bü");
        let mail = "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nplain\n\
                    --b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html; charset=utf-8\n\n<p>ü</p>\n--c--\n--b--\n";
        assert_eq!(text(mail.as_bytes()).unwrap(), "<p>ü</p>\n");
        let plain = "MIME-Version: 1.0\nContent-Type: text/plain\n\nArticle ID: 1";
        assert_eq!(text(plain.as_bytes()).unwrap(), "Article ID: 1");
    }

    #[test]
    fn other_texts_are_no_messages() {
        for other in [
            "",
            "# A lamp stays dark",
            "DOCUMENT:Q123456\nTITLE: x\n\nMIME-Version: 1.0",
            "Title: x\nContent-Type: text/html\n\n<p>",
            "MIME-Version: 1.0\nContent-Type: multipart/related\n\n--\nx",
            "MIME-Version: 1.0\nContent-Type: application/zip\n\nx",
        ] {
            assert_eq!(text(other.as_bytes()), None, "{other}");
        }
    }
}
