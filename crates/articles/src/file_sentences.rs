//! Lines above a table that say for which products or processor its files are, and are no headings: "The following
//! files are for Windows XP only:", "If you are running Windows XP:", "- Windows XP", "Alpha files".

use std::sync::LazyLock;

use regex::bytes;

use super::heading::{heading_text, machine_word, names_products_only};
use super::vocabulary::byte_pattern;
use hotfixcheck_types::Machine;

/// The longest such line, in bytes.
const MAX_SENTENCE: usize = 160;

/// The sentence around the names of the products.
static OF_FILES: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)^(?:(?:the following|these|the) (?:(?:updated|corrected) )?(?:files?|file attributes|versions?)(?: (?:that (?:are|is) listed )?below)? (?:(?:are|is)(?: (?:available|intended|provided|only))? for|appl(?:y|ies)(?: only)? to)|(?:the )?(?:following )?files? (?:that (?:are|is) )?(?:only )?for|if you (?:are (?:running|using)|run|use|have))(?: use (?:with|on))?(?: (?:systems|computers)(?: that are)? running)? (?P<of>(?:[^.;?!,]|\.[0-9]){2,120}?)(?: only)?(?:, (?:install|use|obtain|apply|download) the following (?:[a-z]+ )?(?:hot ?)?(?:fix|file|files|update|patch))?:?$"
);

/// Marks before a name: `-`, `*`, `1.`, `*** … ***`, `[…]`.
static MARK: LazyLock<bytes::Regex> =
    byte_pattern!(r"^(?:[-+]|\*+|=+|(?u:[\x{2022}\x{b7}])|[0-9]{1,2}[.)]|\([0-9a-z]\)|\[) *");

/// The products that a line right above a table names as those of its files.
pub(crate) fn products(text: &str) -> Option<&str> {
    let text = text.trim();
    if text.len() > MAX_SENTENCE {
        return None;
    }
    let named = match OF_FILES.captures(text.as_bytes()).and_then(|found| found.name("of")) {
        Some(of) => text.get(of.range())?,
        None => {
            let text = text.get(MARK.find(text.as_bytes())?.end()..)?;
            heading_text(text.trim_end_matches(['*', '=', ']', ' ']))
        }
    };
    let named = named.strip_prefix("Microsoft ").unwrap_or(named);
    let named = named.strip_suffix(" only").unwrap_or(named);
    (names_products_only(named) || only_machine(named).is_some()).then_some(named)
}

/// The processor of a heading that names nothing else: `Alpha version`, `For Alpha-based computers`, `Alpha files`.
pub(crate) fn only_machine(heading: &str) -> Option<&str> {
    const PARTS: [&str; 20] = [
        "for",
        "the",
        "all",
        "only",
        "version",
        "versions",
        "file",
        "files",
        "computer",
        "computers",
        "system",
        "systems",
        "based",
        "platform",
        "platforms",
        "processor",
        "processors",
        "machines",
        "edition",
        "build",
    ];
    if heading.len() > MAX_SENTENCE {
        return None;
    }
    let machine = machine_word(heading)?;
    let is_part = |word: &str| {
        let bare = word.strip_suffix("-based").unwrap_or(word);
        Machine::from_platform_word(bare).is_some() || PARTS.iter().any(|part| word.eq_ignore_ascii_case(part))
    };
    let mut words = heading.split([' ', '(', ')', ':', '*']).filter(|word| !word.is_empty());
    words.all(is_part).then_some(machine)
}
