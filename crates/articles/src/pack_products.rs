//! The product of a service pack: the one that the sentence names with its number, else the article's own.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex::bytes::RegexBuilder;
use regex::{Regex, bytes};
use regex_automata::util::syntax;
use regex_automata::{Input, meta};

use super::model::ServicePack;
use super::pack_source::is_pack_itself;
use super::vocabulary::{byte_pattern, pattern};

/// Products with service packs, as a text table; its first lines describe the columns.
pub const SERVICE_PACKS: &str = include_str!("../data/service-packs.tsv");

/// A product that has service packs, from `crates/articles/data/service-packs.tsv`.
pub(crate) struct Product {
    pub name: &'static str,
    /// The pattern of its name, with the context that may surround it.
    pattern: String,
    /// The same pattern, used to locate the name itself; compiled for the products that texts name.
    own: OnceLock<bytes::Regex>,
    pub keywords: Vec<&'static str>,
}

pub(crate) static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    SERVICE_PACKS
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let (name, pattern, keywords) = (fields.next()?, fields.next()?, fields.next()?);
            let pattern = format!(r"\b(?:microsoft )?({pattern})(?:[^\w.]|\.\W|\.?$)");
            Some(Product { name, pattern, own: OnceLock::new(), keywords: keywords.split_whitespace().collect() })
        })
        .collect()
});

impl Product {
    /// The range of its name in a text that names it at this position.
    fn name_at(&self, text: &str, at: usize) -> Option<Range<usize>> {
        let compile = || {
            let built = RegexBuilder::new(&self.pattern).unicode(false).build();
            built.unwrap_or_else(|e| unreachable!("a pattern of a file that is part of the program: {e}"))
        };
        Some(self.own.get_or_init(compile).captures_at(text.as_bytes(), at)?.get(1)?.range())
    }
}

/// Every product name, one pattern per product. The first match wins, so longer names come first. One automaton finds
/// the matching pattern: groups within one pattern would need a slower engine for each name.
static NAMES: LazyLock<meta::Regex> = LazyLock::new(|| {
    let patterns: Vec<&str> = PRODUCTS.iter().map(|p| p.pattern.as_str()).collect();
    meta::Regex::builder()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(meta::Regex::config().utf8_empty(false))
        .build_many(&patterns)
        .unwrap_or_else(|e| unreachable!("patterns of a file that is part of the program: {e}"))
});

/// `service pack 4.0`, `service packs 1, 2`, `service release 1`, `sp4`, `sr-1`.
pub(crate) static NUMBER: LazyLock<Regex> = pattern!(
    r"\b(?:(service packs?|sp)(?:,? service pack)?(?: \(sp\))?[ -]?|(service releases?|sr)[ -]?)(?:([0-9]{1,2})(?:\.0)?([a-z])?|(one|two|three|four|five|six|ii|iii|iv))\b"
);

/// `u.s. service pack` without a number.
pub(crate) static PACK: LazyLock<bytes::Regex> = byte_pattern!(r"\bservice packs?\b|\bservice releases?\b");

/// `… [product] service pack [for product or product]`, without a number.
pub(crate) fn latest(rest: &str, own: &OwnProduct<'_>, found: &mut Vec<ServicePack>) {
    let Some(pack) = PACK.find(rest.as_bytes()) else { return };
    // "The latest update rollup for Windows 2000 Service Pack 4" is not a service pack.
    if pack.start() > 80 || COMES_AFTER.is_match(&rest.as_bytes()[..pack.start()]) {
        return;
    }
    let mut names = product_names(&rest[..whole_products(rest, pack.start(), pack.end())]);
    if names.is_empty() {
        names.extend(own.name());
    }
    // "The latest Exchange Service Pack" in an article about Exchange Server 4.0 is that version's.
    let version = |name| own.name().filter(|own: &&str| is_generic(name) && own.starts_with(name)).unwrap_or(name);
    found.extend(
        names.into_iter().map(|name| ServicePack { product: version(name).into(), sp: ServicePack::LATEST.into() }),
    );
}

/// Where a product is named that has the correction without a pack: "the latest service pack for Windows NT 3.51, or upgrade to
/// Windows NT 4.0" (Q136334), "the latest Windows NT 3.51 Service Pack and Windows NT 4.0" (Q136935).
fn whole_products(rest: &str, pack_start: usize, pack_end: usize) -> usize {
    const UPGRADES: [&str; 4] = [" or upgrade ", " or by upgrading ", " or update to ", " or in windows "];
    let upgrades = UPGRADES.iter().filter_map(|words| rest.find(words)).min().unwrap_or(rest.len());
    let after = &rest[pack_end..];
    let is_named = || !products_in(&rest[..pack_start]).is_empty();
    let joins = after.starts_with(" and ") && !PACK.is_match(after.as_bytes()) && is_named();
    if joins { pack_end } else { upgrades }
}

/// A product's name without its version.
fn is_generic(name: &str) -> bool {
    !name.contains(|c: char| c.is_ascii_digit())
}

/// Text that may be between a product and its pack, or before a pack of the article's own product. It names no other
/// thing ("was corrected in MDAC 2.5 and later, and in Windows NT 4.0 Service Pack 6a", Q274569; "Internet Explorer 5
/// and SP5", Q234543; "in a hotfix for Visual SourceSafe 6.0 Service Pack 5", Q238345).
static FILLER: LazyLock<Regex> = pattern!(
    r"^[\s,(/]*(?:(?:u\.s\.|the|microsoft|for|windows?|version|versions|edition|server|general release|standard|enterprise|professional|and later|installing|applying|using|with|by|in|of|from|nt|sms|also|either|both|&|and|or|\d\.\d\d?|[a-z0-9_]+\.(?:sys|dll|exe)|hal|following)[\s,)/]*)*$"
);

/// Text between two products that share a pack: "Windows NT 4.0 and Windows NT Server 4.0, Terminal Server Edition
/// Service Pack 6".
static JOINED: LazyLock<Regex> = pattern!(r"^[\s,]*(?:(?:and|or|both|microsoft|/|&)[\s,]*)*$");

/// Text before a pack that names something for it, something that needs it, or something after it: "An update rollup
/// for SP4", "a hotfix that requires SP4".
static COMES_AFTER: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:roll-?ups?|hot ?fix(?:es)?|(?:security|critical|recommended|cumulative) (?:updates?|patch(?:es)?)|patch(?:es)?|updates? (?:for|to|on)|qfes?|requires?|after|later than|newer than|subsequent to|(?:that|which) (?:follows?|came after)|(?:beta|checked build|release candidate)s? (?:version )?(?:of|for))\b"
);

/// Text after a pack that names something later, or a pre-release: "SP4 Update Rollup 1", "SP4 with hotfix Q123456",
/// "SP4 beta".
static GOES_BEYOND: LazyLock<bytes::Regex> = byte_pattern!(
    r"^[\s,]*(?:\([^()]*\) ?)?(?:(?:security |update |hot ?fix |post-?sp )?roll-?up|hot ?fix|\(?hrp\b|cd\b|beta\b|release candidate|rc ?[0-9]|checked build|security update|plus\b|(?:with|and) (?:the )?(?:[a-z0-9-]+ ){0,2}(?:hot ?fix|update|patch|q[0-9]{5,6}\b|kb ?[0-9]{6})|(?:and|with) the (?:latest )?(?:hot ?fix|update|patch))"
);

/// Words before a further source of the fix in a sentence: the text before them does not apply to what follows.
const ALSO_IN: [&str; 8] =
    [" and is included in ", " and in ", " and also in ", " or in ", " and by ", " and with ", "; ", ", in "];

/// The text before a pack, from the last source of the fix on.
fn own_place(before: &str) -> &str {
    let starts = ALSO_IN.iter().filter_map(|words| before.rfind(words).map(|at| at + words.len()));
    &before[starts.max().unwrap_or(0)..]
}

/// "Internet Explorer 6 for Windows 2000", "Services for UNIX 3.0 on Windows 2000": another product, on the system
/// whose pack follows.
fn is_for_product(before: &str) -> bool {
    let words = own_place(before).trim_end();
    let thing = ["on", "for", "running on", "running"].iter().find_map(|word| words.strip_suffix(word));
    thing.is_some_and(|thing| thing.ends_with(' ') && thing.contains(|c: char| c.is_ascii_digit()))
}

/// `product service pack 4 and product service pack 5`, `service pack 3 for product`. `beyond` receives the packs for
/// which the text says that something later has the fix.
pub(crate) fn numbered(rest: &str, own: &OwnProduct<'_>, found: &mut Vec<ServicePack>, beyond: &mut Vec<ServicePack>) {
    named_where(rest, own, found, beyond, |_| true);
}

/// As [`numbered`], for packs that correct the problem: not those of which only a part or a pre-release does.
pub(crate) fn correcting(
    rest: &str,
    own: &OwnProduct<'_>,
    found: &mut Vec<ServicePack>,
    beyond: &mut Vec<ServicePack>,
) {
    named_where(rest, own, found, beyond, |before| is_pack_itself(own_place(before)));
}

/// As [`numbered`], for packs of which `counts` accepts the text before the product.
fn named_where(
    rest: &str,
    own: &OwnProduct<'_>,
    found: &mut Vec<ServicePack>,
    beyond: &mut Vec<ServicePack>,
    counts: impl Fn(&str) -> bool,
) {
    let names = products_in(rest);
    let mut from = 0;
    let mut is_rejected = false;
    let mut carried: Vec<&'static str> = Vec::new();
    for number in NUMBER.captures_iter(rest) {
        let Some(whole) = number.get(0) else { continue };
        let digits = match (number.get(3), number.get(5)) {
            (Some(digits), _) => digits.as_str(),
            (None, Some(word)) => match word.as_str() {
                "one" => "1",
                "two" | "ii" => "2",
                "three" | "iii" => "3",
                "four" | "iv" => "4",
                "six" => "6",
                _ => "5",
            },
            _ => continue,
        };
        let listed = if number.get(2).is_none() { listed_numbers(&rest[whole.end()..]) } else { Vec::new() };
        let end = whole.end() + listed.last().map_or(0, |listed| listed.end);
        let after = rest[end..].trim_start();
        let letter = number.get(4).map_or("", |m| m.as_str());
        let before = &rest[from..whole.start()];
        // A rollup for a service pack (Q310127) or a folder on its disc (Q252718) is not that service pack.
        if GOES_BEYOND.is_match(after.as_bytes()) || COMES_AFTER.is_match(own_place(before).as_bytes()) {
            let bound = bound_before(rest, &names, from, whole.start());
            let pack = |name: &&'static str| ServicePack {
                product: own.version_of(name).into(),
                sp: format!("{digits}{letter}").into(),
            };
            beyond.extend(bound.iter().map(pack));
            continue;
        }
        // An OEM Service Release of Windows 95 is a separate product (Q172652); "fixed in SP4, not SP5" (Q191828); a
        // fix that came after a pack is not in it ("a post-SP2 fix").
        if ["oem ", " not ", " not in ", "post-", "post ", "pre-"].iter().any(|word| before.ends_with(word)) {
            continue;
        }
        let sp = match number.get(2) {
            Some(_) => format!("SR-{digits}{letter}"),
            None => format!("{digits}{letter}"),
        };
        let mut bound = bound_before(rest, &names, from, whole.start());
        if bound.is_empty() && ["for ", "of "].iter().any(|word| after.starts_with(word)) {
            let near = end..end + 90;
            bound = names.iter().filter(|name| near.contains(&name.start)).map(|name| name.product).collect();
            // "Service Pack 1 for Microsoft Open Database Connectivity": a product that is not in the table.
            if bound.is_empty() {
                from = end;
                continue;
            }
        }
        if bound.is_empty() && is_filler(before, own) {
            bound = if carried.is_empty() { own.name().into_iter().collect() } else { carried.clone() };
        }
        let is_bound = |name: &&Name| (from..whole.start()).contains(&name.start) && bound.contains(&name.product);
        let start = names.iter().find(is_bound).map_or(whole.start(), |name| name.start);
        // "In a fix that was released between Service Pack 4 and Service Pack 5"
        let goes_on = is_rejected && own_place(before) == before;
        is_rejected = !bound.is_empty() && (goes_on || !counts(&rest[from..start]));
        if is_rejected {
            from = end;
            continue;
        }
        let more = listed.iter().map(|listed| &rest[whole.end()..][listed.clone()]);
        for sp in std::iter::once(sp.as_str()).chain(more) {
            found.extend(
                bound.iter().map(|name| ServicePack { product: own.version_of(name).into(), sp: sp.to_owned().into() }),
            );
        }
        carried = bound;
        from = end;
    }
}

/// The ranges of the further numbers of a list in the text after its first one: `Service Packs 1, 2, and 3` (Q224792).
/// `Service Pack 3 and 4.0 files` has none.
fn listed_numbers(after: &str) -> Vec<Range<usize>> {
    const JOINS: [&str; 10] = [", and ", ", or ", " and ", " or ", " through ", " to ", ", ", "/", "-", " & "];
    const NEXT: [&str; 14] =
        ["and", "or", "for", "of", "to", "through", "with", "in", "on", "as", "but", "are", "is", "have"];
    let mut numbers: Vec<Range<usize>> = Vec::new();
    loop {
        let from = numbers.last().map_or(0, |last| last.end);
        let Some(join) = JOINS.iter().find(|join| after[from..].starts_with(**join)) else { return numbers };
        let start = from + join.len();
        let rest = &after[start..];
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let is_number = matches!(rest.as_bytes()[..length], [b'1'..=b'9'] | [b'1'..=b'9', b'a'..=b'z']);
        let behind = &rest[length..];
        let word = behind.trim_start_matches([' ', ',', '&']).split(' ').next().unwrap_or_default();
        let goes_on =
            behind.starts_with(' ') && !word.starts_with(['(', '&']) && !NEXT.contains(&word) && !word.is_empty();
        let is_version = behind.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if !is_number || goes_on || is_version {
            return numbers;
        }
        numbers.push(start..start + length);
    }
}

/// The product whose name ends where the pack's number begins, and the products joined to it.
fn bound_before(rest: &str, names: &[Name], from: usize, number: usize) -> Vec<&'static str> {
    let mut bound = Vec::new();
    let mut next = number;
    for name in names.iter().rev().filter(|name| name.start >= from && name.end <= number) {
        let between = &rest[name.end.min(next)..next];
        let fits = if bound.is_empty() { FILLER.is_match(between) } else { JOINED.is_match(between) };
        let before = &rest[from..name.start];
        if !fits || (bound.is_empty() && ends_apart(between)) || is_for_product(before) || before.ends_with("not in ") {
            break;
        }
        bound.insert(0, name.product);
        next = name.start;
    }
    bound
}

/// "Internet Explorer 5 and SP5", "MDAC 2.5, or Service Pack 3": two different things.
fn ends_apart(between: &str) -> bool {
    ["and", "or", "in", "with", "from", "by", "of", "for"]
        .contains(&between.trim().rsplit(' ').next().unwrap_or_default())
}

/// True if no product other than the article's own is named before a pack.
fn is_filler(before: &str, own: &OwnProduct<'_>) -> bool {
    FILLER.is_match(before) || own.name().is_some_and(|own| own.to_lowercase().ends_with(before.trim()))
}

/// A product that a text names.
struct Name {
    product: &'static str,
    start: usize,
    end: usize,
}

/// The products that a text names, in order.
fn products_in(text: &str) -> Vec<Name> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(named) = NAMES.find(Input::new(text).range(at..)) {
        let product = &PRODUCTS[named.pattern().as_usize()];
        let Some(name) = product.name_at(text, named.start()) else { break };
        found.push(Name { product: product.name, start: name.start, end: name.end });
        at = name.end;
    }
    found
}

/// The names of the products with service packs in a text in lower case, each once, in order.
pub(crate) fn product_names(text: &str) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for name in products_in(text) {
        if !names.contains(&name.product) {
            names.push(name.product);
        }
    }
    names
}

/// The products with service packs that an article's own list names, found on first use.
pub(crate) struct OwnProduct<'a> {
    listed: &'a [String],
    names: OnceCell<Vec<&'static str>>,
}

impl<'a> OwnProduct<'a> {
    /// The products of this list.
    pub(crate) fn of(listed: &'a [String]) -> Self {
        Self { listed, names: OnceCell::new() }
    }

    /// One product alone, by its name.
    pub(crate) fn only(product: &str) -> Self {
        let names: Vec<&'static str> =
            PRODUCTS.iter().map(|known| known.name).filter(|name| *name == product).collect();
        Self { listed: &[], names: OnceCell::from(names) }
    }

    fn names(&self) -> &[&'static str] {
        self.names.get_or_init(|| {
            let mut names = Vec::new();
            for listed in self.listed {
                let name = products_in(&listed.to_lowercase()).first().map(|name| name.product);
                names.extend(name.filter(|name| !names.contains(name)));
            }
            names
        })
    }

    /// The product, if there is only one.
    fn name(&self) -> Option<&'static str> {
        if let [only] = self.names() { Some(only) } else { None }
    }

    /// True for a Windows that the list does not name, where it names only others: a product that runs on several leaves out none.
    pub(crate) fn leaves_out(&self, product: &str) -> bool {
        let is_windows = |name: &str| name.starts_with("Windows ");
        let names = self.names();
        is_windows(product)
            && !names.is_empty()
            && names.iter().all(|name| is_windows(name) && !is_generic(name) && *name != product)
            && self.listed.iter().all(|listed| !products_in(&listed.to_lowercase()).is_empty())
    }

    /// The version of a product that the text names without it: the one that is listed, if there is only one.
    fn version_of(&self, name: &'static str) -> &'static str {
        if !is_generic(name) {
            return name;
        }
        let is_version = |own: &&&str| own.strip_prefix(name).is_some_and(|version| version.starts_with(' '));
        let mut versions = self.names().iter().filter(is_version);
        versions.next().filter(|_| versions.next().is_none()).copied().unwrap_or(name)
    }
}
