//! "The information in this article applies to": product names, one normalised name per version.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::blanks::push_words;
use super::document::Line;

/// The most products that are kept of one article.
const MAX_PRODUCTS: usize = 200;

/// The products of the "applies to" block.
pub(crate) fn applies_to(lines: &[Line<'_>]) -> Vec<String> {
    let Some(start) = lines.iter().position(|l| is_applies_to(l.trimmed())) else {
        return Vec::new();
    };
    let mut items: Vec<String> = Vec::new();
    for line in &lines[start + 1..] {
        let text = line.trimmed();
        if text.starts_with("----") || text.starts_with("====") {
            break;
        }
        if let Some(item) = text.strip_prefix("- ").or_else(|| text.strip_prefix("\u{2022} ")) {
            items.push(item.trim().to_owned());
        } else if !text.is_empty()
            && let Some(last) = items.last_mut()
        {
            last.push(' ');
            last.push_str(text);
        }
    }
    let mut products = Vec::new();
    for name in items.iter().flat_map(|item| normalise(item)) {
        if products.len() < MAX_PRODUCTS && !products.contains(&name) {
            products.push(name);
        }
    }
    products
}

/// The products of a list in one line: `Windows 10, version 1703, Windows Server 2016` names two. A part that begins
/// with a number, with "version" or with an edition continues the name before it.
pub(crate) fn listed(line: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for part in line.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        match items.last_mut().filter(|_| goes_on(part)) {
            Some(last) => {
                last.push_str(", ");
                last.push_str(part);
            }
            None => items.push(part.to_owned()),
        }
    }
    items.iter().flat_map(|item| normalise(item)).collect()
}

/// True for a part of a list that is not a product by itself.
fn goes_on(part: &str) -> bool {
    const WORDS: [&str; 21] = [
        "version",
        "versions",
        "edition",
        "editions",
        "all",
        "datacenter",
        "enterprise",
        "standard",
        "professional",
        "home",
        "ultimate",
        "business",
        "premium",
        "starter",
        "web",
        "advanced",
        "terminal",
        "service",
        "x64",
        "x86",
        "itanium-based",
    ];
    let first = part.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    let is_pack =
        |word: &str| word.strip_prefix("sp").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    // `.NET Framework` and `2007 Microsoft Office system` are products.
    let is_number = first.starts_with(|c: char| c.is_ascii_digit()) && !part.contains("Office");
    is_number || is_pack(&first) || WORDS.contains(&first.as_str())
}

fn is_applies_to(text: &str) -> bool {
    let text = text.trim_end();
    text.eq_ignore_ascii_case("The information in this article applies to:")
        || text.eq_ignore_ascii_case("Applies to:")
        || text.eq_ignore_ascii_case("Applies to")
}

/// `Microsoft Windows NT Server versions 4.0, 4.0 SP1` -> `Windows NT Server 4.0`, `Windows NT Server 4.0 SP1`. Words
/// after the versions apply to each (`…, Terminal Server Edition`; `versions 2000, 2000 SP1 Server`).
pub(crate) fn normalise(item: &str) -> Vec<String> {
    let mut words = String::with_capacity(item.len());
    push_words(&mut words, item);
    let item = words.strip_prefix("the operating system: ").unwrap_or(&words);
    let item = item.strip_prefix("Microsoft ").unwrap_or(item).trim_end_matches([',', ';', ':']);
    static VERSIONS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["versions ", "version "].map(Finder::new));
    let split = VERSIONS.iter().find_map(|word| {
        let at = word.find(item.as_bytes())?;
        (at == 0 || item.as_bytes()[at - 1] == b' ').then(|| (item[..at].trim(), &item[at + word.needle().len()..]))
    });
    let Some((name, rest)) = split else {
        return if item.is_empty() { Vec::new() } else { vec![item.to_owned()] };
    };
    let name = name.trim_end_matches(',').trim_end();
    let mut versions: Vec<&str> = Vec::new();
    let mut tail = "";
    let mut remaining = rest;
    loop {
        let (piece, next) = match remaining.split_once(", ") {
            Some((piece, next)) => (piece, Some(next)),
            None => (remaining, None),
        };
        if !piece.starts_with(|c: char| c.is_ascii_digit()) {
            tail = remaining;
            break;
        }
        versions.push(piece);
        match next {
            Some(next) => remaining = next,
            None => break,
        }
    }
    // `2000, 2000 SP1, 2000 SP2 Server`: the edition follows only the last version.
    let mut edition = "";
    if let Some(last) = versions.last_mut() {
        let end = version_words(last);
        edition = last[end..].trim();
        *last = last[..end].trim_end();
    }
    if versions.is_empty() {
        return vec![item.to_owned()];
    }
    let comma = if tail.is_empty() { "" } else { ", " };
    versions
        .into_iter()
        .map(|version| {
            let (number, pack) = version.split_once(' ').unwrap_or((version, ""));
            let mut product = String::with_capacity(item.len());
            for word in [name, number, edition, pack].into_iter().filter(|w| !w.is_empty()) {
                if !product.is_empty() {
                    product.push(' ');
                }
                product.push_str(word);
            }
            product + comma + tail
        })
        .collect()
}

/// The length of a version with its service pack at the start of a text: `4.0 SP6a`, `2000 SP2`.
fn version_words(text: &str) -> usize {
    let number = text.find(' ').unwrap_or(text.len());
    let rest = text[number..].trim_start();
    let pack = rest.split(' ').next().unwrap_or_default();
    let is_pack = matches!(pack.as_bytes(), [b's' | b'S', b'p' | b'P', b'0'..=b'9', ..])
        || pack.len() > 3 && pack.starts_with("SR-");
    if is_pack { text.len() - rest.len() + pack.len() } else { number }
}

#[cfg(test)]
mod tests {
    use super::listed;

    /// Issue 14: a comma inside a name made two products. One of them was not a Windows, so every Windows was judged.
    #[test]
    fn a_comma_inside_a_name_makes_no_product() {
        for (line, products) in [
            ("Windows 10, version 1703, Windows Server 2016", &["Windows 10 1703", "Windows Server 2016"][..]),
            ("Windows 11, version 22H2", &["Windows 11 22H2"]),
            (
                "Windows NT Server versions 4.0, 4.0 SP1, Windows 2000",
                &["Windows NT Server 4.0", "Windows NT Server 4.0 SP1", "Windows 2000"],
            ),
            (
                "Windows Server 2003, Datacenter Edition, Windows XP",
                &["Windows Server 2003, Datacenter Edition", "Windows XP"],
            ),
            ("Windows Server 2003, Windows XP", &["Windows Server 2003", "Windows XP"]),
        ] {
            assert_eq!(listed(line), products, "{line}");
        }
    }
}
