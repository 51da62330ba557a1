//! The mentions of Windows in a text, each with its service packs: "Windows XP SP2 and later".

use std::collections::BTreeSet;

use super::pack_words::{Bound, PackWords};
use hotfixcheck_articles::{Clauses, SCOPE_WORDS, find_word};

/// Words after which numbers and service packs belong to another product: "Windows 2000 with Internet Explorer 6 SP1".
const OTHER_PRODUCTS: [&str; 15] = [
    "internet",
    "explorer",
    "ie",
    "ie6",
    ".net",
    "net",
    "framework",
    "media",
    "exchange",
    "sql",
    "office",
    "outlook",
    "mdac",
    "messenger",
    "small",
];

/// One mention of Windows.
#[derive(Debug, Default)]
pub(super) struct Mention<'a> {
    /// The words of its name, without the numbers of service packs: "Windows NT 3.51 Service Pack 4" does not name
    /// Windows NT 4.
    pub words: Vec<&'a str>,
    /// The word after `windows`, also where the name is left out because it stands before: "Windows NT, 2000".
    pub second: Option<&'a str>,
    /// The service packs that it names: `RTM`, `2`.
    pub packs: BTreeSet<String>,
    /// The bound before or after the name, such as "and later". If service packs are named, they already include it.
    pub bound: Option<Bound>,
    /// It begins a range that includes everything up to the next mention.
    pub through: bool,
    /// It is a bundle that contains the product named before it: "ISA Server 2000, Windows Small Business Server 2003"
    /// (MS05-034).
    pub is_bundle: bool,
}

impl<'a> Mention<'a> {
    /// `before`: the words between the previous mention and this one.
    fn of(words: &[&'a str], second: Option<&'a str>, before: &[&str], is_first: bool) -> Self {
        // Words after another product's name belong to that product: "Windows XP with Internet Explorer 7", "Windows XP
        // and SQL Server 2000". The second word may belong to Windows itself: "Windows .NET Server 2003".
        // "Windows XP Media Center Edition 2005 SP3" is a Windows.
        let is_other = |(at, word): (usize, &&str)| {
            OTHER_PRODUCTS.contains(word)
                && (at > 1 || !(word.ends_with("net") || *word == "small"))
                && !(*word == "media" && words.get(at + 1) == Some(&"center"))
        };
        let own = &words[..words.iter().enumerate().position(is_other).unwrap_or(words.len())];
        // "prior to Windows Vista", "Windows before Vista"
        let bound_at = |at: usize| Bound::at(&own[at..]).map(|(bound, _)| bound);
        let bound = Bound::at_end(before, own).or_else(|| (own.len() > 1).then(|| bound_at(1)).flatten());
        let mut read = PackWords::read(own, bound);
        if is_first && is_plain(before) {
            read.packs.extend(PackWords::read(before, None).packs);
        }
        let name = own.iter().enumerate().filter(|(at, _)| !read.numbers.contains(at)).map(|(_, word)| *word);
        Self {
            words: name.collect(),
            second,
            is_bundle: is_first && words.get(1) == Some(&"small") && !is_plain(before),
            packs: read.packs,
            // "Windows 10 prior to version 1809"
            bound: bound.or(Bound::behind(own)).or_else(|| (1..own.len()).find_map(bound_at)),
            through: own.last().is_some_and(|word| SCOPE_WORDS.through.contains(word)),
        }
    }
}

/// True for words that name nothing but service packs.
fn is_plain(words: &[&str]) -> bool {
    let is_number = |word: &str| word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit() || b == b'a');
    words.iter().all(|word| {
        SCOPE_WORDS.uses(word).is_plain() || is_number(word) || word.strip_prefix("sp").is_some_and(is_number)
    })
}

/// The service packs in a heading that names nothing else: "SP2 and up". Empty if the heading names anything else.
pub(crate) fn packs_of_heading(heading: &str) -> BTreeSet<String> {
    packs_of(&Clauses::of(&heading.to_lowercase()))
}

/// As [`packs_of_heading`], for the clauses of a heading in lower case.
pub(super) fn packs_of(heading: &Clauses) -> BTreeSet<String> {
    let words: Vec<&str> = words(&heading.named).collect();
    if is_plain(&words) { PackWords::read(&words, None).packs } else { BTreeSet::new() }
}

/// The short name of Windows at the beginning of a text, and the service packs after it: `xp` of "XP SP2". `is_name`
/// recognises the names.
pub(super) fn short_name(text: &str, is_name: impl Fn(&str) -> bool) -> Option<(String, BTreeSet<String>)> {
    let words: Vec<&str> = words(text).take(MOST_WORDS).collect();
    let name = |count: &usize| Some((words[..*count].concat(), *count)).filter(|(name, _)| is_name(name));
    let (name, count) = (1..=words.len()).rev().find_map(|count| name(&count))?;
    let rest: Vec<&str> = self::words(text).skip(count).collect();
    name.contains(char::is_alphabetic).then(|| (name, PackWords::read(&rest, None).packs))
}

/// The most words of a short name: `nt server 4.0 terminal`.
const MOST_WORDS: usize = 4;

/// True for a heading in lower case that names a product with its own release lines, and no Windows: "Exchange Server 5.5".
pub(super) fn is_of_other_product(heading: &str) -> bool {
    let is_windows = words(heading).flat_map(expanded).any(begins_mention);
    !is_windows && SCOPE_WORDS.product.iter().any(|product| find_word(heading, product).is_some())
}

/// True for a word with which a mention of Windows begins.
fn begins_mention(word: &str) -> bool {
    matches!(word, "nt" | "windows")
}

/// The mentions of Windows in a text in lower case: from one `windows` or `winnt` to the next.
pub(super) fn mentions(text: &str) -> Vec<Mention<'_>> {
    let mut lead: Vec<&str> = Vec::new();
    let mut mentions: Vec<Vec<&str>> = Vec::new();
    // For each mention the one in which "Windows" stands.
    let mut named_in: Vec<usize> = Vec::new();
    for word in words(text).flat_map(expanded) {
        let alone = mentions.last().is_some_and(|m| m.len() == 1 && m[0] == "windows");
        match (word, mentions.last_mut()) {
            ("nt", Some(mention)) if alone => mention[0] = "winnt",
            ("nt", _) => mentions.push(vec!["winnt"]),
            ("windows", _) => mentions.push(vec!["windows"]),
            // "Windows Server 2016/2019"
            (_, Some(mention)) if begins_next(mention, word) && OF_SERVERS.contains(&word) => {
                mentions.push(vec!["windows", "server", word]);
            }
            (_, Some(mention)) if begins_next(mention, word) => mentions.push(vec!["windows", word]),
            (_, Some(mention)) => mention.push(word),
            (_, None) => lead.push(word),
        }
        let last =
            if matches!(word, "nt" | "windows") { mentions.len() } else { named_in.last().map_or(0, |of| of + 1) };
        named_in.resize(mentions.len(), last.saturating_sub(1));
    }
    let before = std::iter::once(&lead).chain(&mentions);
    let all = mentions.iter().zip(before).enumerate();
    let second = |place: usize| mentions[named_in[place]].get(1).copied();
    all.map(|(place, (words, before))| Mention::of(words, second(place), before, place == 0)).collect()
}

/// Words that name a release of Windows, alone or with others.
const RELEASES: [&str; 18] = [
    "95", "98", "2000", "xp", "2003", "vista", "2008", "7", "8", "8.1", "2012", "10", "11", "2016", "2019", "2022",
    "2025", "winnt",
];

/// Releases that are servers alone.
const OF_SERVERS: [&str; 6] = ["2008", "2012", "2016", "2019", "2022", "2025"];

/// True if a word after these words of a mention begins the next one: "Windows NT, 2000, and XP", "Windows Server 2008
/// SP2/2008 R2", "Windows Vista SP2, 7". Not "Windows XP 64-Bit Edition Version 2003", "Windows 10 Enterprise 2016 LTSB".
fn begins_next(mention: &[&str], word: &str) -> bool {
    let is_release = |word: &str| RELEASES.contains(&word);
    let is_joining = |word: &str| {
        let uses = SCOPE_WORDS.uses(word);
        uses.is_joining() || SCOPE_WORDS.through.contains(&word) || word == "to"
    };
    if !is_release(word) || !mention.iter().any(|own| is_release(own)) || mention.iter().any(is_other_product) {
        return false;
    }
    let named: Vec<&str> = mention.iter().copied().filter(|own| *own != "server").collect();
    let last = named.iter().rev().find(|own| !is_joining(own)).copied().unwrap_or_default();
    let is_small = word.parse::<u32>().is_ok_and(|number| number < 95);
    let is_pack = |word: &str| {
        word == "r2"
            || word == "rtm"
            || word.strip_prefix("sp").unwrap_or(word).trim_end_matches('a').parse::<u32>().is_ok_and(|own| own <= 6)
    };
    // Windows NT and 2000 end with SP6a and SP4: a number after these is none of a later Windows.
    let is_of_nt = mention.iter().any(|own| matches!(*own, "winnt" | "2000"));
    is_release(last) || last == "r2" || last == "4.0" || (!is_small || !is_of_nt) && is_pack(last)
}

fn is_other_product(word: &&str) -> bool {
    OTHER_PRODUCTS.contains(word)
}

/// The separate words of a short name that is written as one word: `win7sp1`, `win9x`, `win2k`, `win2k3`, `ws08`.
fn expanded(word: &str) -> impl Iterator<Item = &str> {
    let is_name =
        |name: &&str| name.starts_with(|c: char| c.is_ascii_digit()) || matches!(*name, "xp" | "vista" | "nt");
    let server = word.strip_prefix("ws").and_then(year_of_server);
    let Some(name) = word.strip_prefix("win").filter(is_name) else {
        return match server {
            Some(year) => [Some("windows"), Some("server"), Some(year), None].into_iter().flatten(),
            None => [Some(word), None, None, None].into_iter().flatten(),
        };
    };
    let (name, pack) = name.find("sp").map_or((name, None), |at| (&name[..at], Some(&name[at..])));
    match year_of_server(name) {
        Some(year) => [Some("windows"), Some("server"), Some(year), pack].into_iter().flatten(),
        None => [Some("windows"), Some(if name == "2k" { "2000" } else { name }), pack, None].into_iter().flatten(),
    }
}

/// True for a short name of Windows that is written as one word: `win11`, `ws2016`.
pub(super) fn begins_short(word: &str) -> bool {
    expanded(word).count() > 1
}

/// The year in the short name of a server: `2k3` of `Win2K3`, `08` of `WS08`.
fn year_of_server(short: &str) -> Option<&'static str> {
    Some(match short {
        "2k3" | "03" | "2003" => "2003",
        "2k8" | "08" | "2008" => "2008",
        "2k12" | "12" | "2012" => "2012",
        "2k16" | "16" | "2016" => "2016",
        "2k19" | "19" | "2019" => "2019",
        "2k22" | "22" | "2022" => "2022",
        "2k25" | "25" | "2025" => "2025",
        _ => return None,
    })
}

/// The service packs in a text that names no Windows: "(except SP1)".
pub(super) fn packs_alone(text: &str) -> BTreeSet<String> {
    PackWords::read(&words(text).collect::<Vec<_>>(), None).packs
}

/// The words of a text in lower case.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '&').map(|w| w.trim_matches('.'));
    words.filter(|word| !word.is_empty())
}
