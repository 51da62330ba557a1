//! The mentions of Windows in a text, each with its service packs: "Windows XP SP2 and later".

use std::collections::BTreeSet;

use hotfixcheck_articles::{SCOPE_WORDS, find_word};

/// The service packs of Windows by name: `RTM`, `1` and so on.
pub(super) fn all_packs() -> impl Iterator<Item = String> {
    std::iter::once("RTM".to_owned()).chain((1..=LAST_PACK).map(|pack| pack.to_string()))
}

/// The highest number of a service pack of any Windows.
const LAST_PACK: u32 = 6;

/// Words that show that numbers and service packs after them are not those of Windows: "Windows 2000 with Internet Explorer 6 SP1".
const OTHER_PRODUCTS: [&str; 14] = [
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
];

/// One mention of Windows.
#[derive(Debug, Default)]
pub(super) struct Mention<'a> {
    /// The words of its name, without the numbers of service packs: "Windows NT 3.51 Service Pack 4" does not name Windows NT 4.
    pub words: Vec<&'a str>,
    /// The word after `windows`.
    pub second: Option<&'a str>,
    /// The service packs that it names: `RTM`, `2`.
    pub packs: BTreeSet<String>,
    /// It names what comes later, too: of a mention with service packs, those.
    pub later: bool,
    /// It names what came earlier, too.
    pub earlier: bool,
    /// All between it and the next mention is meant.
    pub through: bool,
}

impl<'a> Mention<'a> {
    fn of(words: &[&'a str]) -> Self {
        // What follows another product's name is of that one: "Windows XP with Internet Explorer 7", "Windows XP and SQL Server
        // 2000". The second word may be of Windows itself: "Windows .NET Server 2003".
        let is_other = |(at, word): (usize, &&str)| OTHER_PRODUCTS.contains(word) && (at > 1 || !word.ends_with("net"));
        let own = &words[..words.iter().enumerate().position(is_other).unwrap_or(words.len())];
        let tables = &*SCOPE_WORDS;
        let later = is_joined(own, &tables.later) || own.iter().any(|word| tables.more.contains(word));
        let earlier = is_joined(own, &tables.earlier) || own.iter().any(|word| tables.less.contains(word));
        let (packs, numbers) = packs(own, later, earlier);
        let name = own.iter().enumerate().filter(|(at, _)| !numbers.contains(at)).map(|(_, word)| *word);
        Self {
            words: name.collect(),
            second: words.get(1).copied(),
            packs,
            later,
            earlier,
            through: own.last().is_some_and(|word| tables.through.contains(word)),
        }
    }
}

/// True for a heading that names a product with release lines of its own, and no Windows: "Exchange Server 5.5".
pub(super) fn is_of_other_product(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    mentions(&heading).is_empty() && SCOPE_WORDS.product.iter().any(|product| find_word(&heading, product).is_some())
}

/// The mentions of Windows in a text in lower case: from one `windows` or `winnt` to the next.
pub(super) fn mentions(text: &str) -> Vec<Mention<'_>> {
    let mut mentions: Vec<Vec<&str>> = Vec::new();
    for word in words(text) {
        let alone = mentions.last().is_some_and(|m| m.len() == 1 && m[0] == "windows");
        match (word, mentions.last_mut()) {
            ("nt", Some(mention)) if alone => mention[0] = "winnt",
            ("nt", _) => mentions.push(vec!["winnt"]),
            ("windows", _) => mentions.push(vec!["windows"]),
            (_, Some(mention)) => mention.push(word),
            (_, None) => {}
        }
    }
    mentions.iter().map(|words| Mention::of(words)).collect()
}

/// The service packs in a text that names no Windows: "(except SP1)".
pub(super) fn packs_alone(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = words(text).collect();
    Mention::of(&words).packs
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '&').map(|w| w.trim_matches('.'));
    words.filter(|word| !word.is_empty())
}

/// True if one of the words stands behind a joining word: "and later", "and all later versions"; not "and up to".
fn is_joined(mention: &[&str], of: &[&str]) -> bool {
    let tables = &*SCOPE_WORDS;
    let is_it = |at: usize| {
        let before = mention[..at].iter().rev().find(|word| !tables.filling.contains(word));
        of.contains(&mention[at])
            && before.is_some_and(|word| tables.joining.contains(word))
            && mention.get(at + 1).is_none_or(|next| *next != "to")
    };
    (0..mention.len()).any(is_it)
}

/// The service packs in the words of one mention (`service pack 2`, `sp2`, `sp1 and sp2`, `sp2 through sp4`, `rtm`), and the places of
/// their numbers.
fn packs(words: &[&str], later: bool, earlier: bool) -> (BTreeSet<String>, BTreeSet<usize>) {
    let tables = &*SCOPE_WORDS;
    let number = |word: &str| {
        let digits = word.strip_suffix('a').unwrap_or(word);
        (!digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| word.to_owned())
    };
    let mut packs = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    let mut last: Option<u32> = None;
    let mut through = false;
    let mut add = |pack: String, through: &mut bool| {
        let own = pack.trim_end_matches('a').parse::<u32>().ok();
        if let (true, Some(first), Some(own)) = (std::mem::take(through), last, own) {
            packs.extend((first..own).map(|pack| pack.to_string()));
        }
        last = own;
        packs.insert(pack);
    };
    let mut at = 0;
    while let Some(word) = words.get(at).copied() {
        let next = |offset: usize| words.get(at + offset).copied().unwrap_or_default();
        let is_title = word == "sp" || (word == "service" && matches!(next(1), "pack" | "packs"));
        let before = &words[..at];
        let is_without = || {
            let phrase = before.iter().rev().take(2).rev().copied().collect::<Vec<_>>().join(" ");
            tables.without.iter().any(|own| phrase == *own || phrase.ends_with(&format!(" {own}")))
        };
        if matches!(word, "rtm" | "gold") {
            add("RTM".to_owned(), &mut through);
        } else if let Some(pack) = word.strip_prefix("sp").and_then(number) {
            add(pack, &mut through);
        } else if is_title {
            at += if word == "sp" { 0 } else { 1 };
            // `service pack 2 and 3`, `service packs 2 through 4`
            let is_between = |word: &str| matches!(word, "and" | "or") || tables.through.contains(&word);
            let first = at + 1;
            if words.get(first).is_none_or(|word| number(word).is_none()) && is_without() {
                add("RTM".to_owned(), &mut through);
            }
            while let Some(word) = words.get(at + 1).filter(|w| number(w).is_some() || is_between(w)) {
                at += 1;
                through |= tables.through.contains(word);
                if let Some(pack) = number(word) {
                    numbers.insert(at);
                    add(pack, &mut through);
                }
            }
        } else {
            through |= tables.through.contains(&word);
        }
        at += 1;
    }
    let told = || packs.iter().filter_map(|pack: &String| pack.trim_end_matches('a').parse::<u32>().ok());
    let (lowest, highest) = (told().min(), told().max());
    if later {
        // All are later than the release without a service pack.
        let lowest = if packs.contains("RTM") { Some(0) } else { lowest };
        packs.extend(lowest.into_iter().flat_map(|lowest| lowest + 1..=LAST_PACK).map(|pack| pack.to_string()));
    }
    if earlier && let Some(highest) = highest {
        packs.extend(all_packs().take(highest as usize));
    }
    (packs, numbers)
}
