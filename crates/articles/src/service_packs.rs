//! Service packs that correct the problem: sentences ("first corrected in Windows NT 4.0 Service Pack 4", "obtain
//! the latest service pack for …") and keywords (`kbWinNT400sp4fix`, `kbWinNT400PreSP7Fix`).

use std::cell::OnceCell;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use memchr::memchr_iter;
use memchr::memmem::Finder;
use regex::{Regex, bytes};

use super::document::Document;
use super::model::ServicePack;
use super::paragraphs::{Paragraph, paragraphs};
use super::vocabulary::{byte_pattern, pattern};

/// Products with service packs, as a table of text; its first lines say what the columns are.
pub const SERVICE_PACKS: &str = include_str!("../data/service-packs.tsv");

/// A product that has service packs, from `crates/articles/data/service-packs.tsv`.
struct Product {
    name: &'static str,
    pattern: &'static str,
    keywords: Vec<&'static str>,
}

static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    SERVICE_PACKS
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let (name, pattern, keywords) = (fields.next()?, fields.next()?, fields.next()?);
            Some(Product { name, pattern, keywords: keywords.split_whitespace().collect() })
        })
        .collect()
});

/// Every product name, one group a product; the first alternative that fits wins, so longer names stand first.
static NAMES: LazyLock<bytes::Regex> = byte_pattern!(&{
    let names: Vec<String> = PRODUCTS.iter().map(|p| format!("({})", p.pattern)).collect();
    format!(r"\b(?:microsoft )?(?:{})(?:[^\w.]|\.\W|\.?$)", names.join("|"))
});

/// "This problem was corrected in": the pack follows.
static CORRECTED: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:was|were|been|is|are|be|first|also|problem|bug|now|and) (?:first |also |now |then )?(?:corrected|fixed|resolved|addressed|solved|eliminated)(?: by microsoft)? (?:in|by|with|starting with|as of|beginning with)\b|\b(?:this|the) (?:hot)?(?:fix|update|correction) (?:is|was)(?: also)?(?: first)? (?:included|contained|available) (?:in|with)\b|\b(?:this|these|the updated|the corrected) files? (?:is|are) (?:also )?included in\b|\b(?:updated|corrected) version of \S+ is (?:also )?(?:included|available|contained) in\b"
);

/// The sentence so far is about the problem of the article itself: "this problem has been", "it was".
static OWN_PROBLEM: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?:\b(?:this|these|the) (?:problem|bug|issue|behavior|error|symptom|limitation|vulnerability|condition)s?|(?:^|[:;]) ?it)(?: (?:has|have|had|was|were|is|are|been|also|first|now))* ?$"
);

/// The next sentence says that the fix brought the problem: "This fix introduced the symptom" (Q236949), "This fix caused
/// this problem" (Q241840).
static BROUGHT_BEFORE: LazyLock<bytes::Regex> = byte_pattern!(
    r"^\W*(?:however,? |but |unfortunately,? |in turn,? )?(?:this|that|the) (?:(?:new|same) )?(?:hot)?(?:fix|correction|change|update|modification|service pack)(?: [a-z]+){0,3}? (?:introduced|introduces|caused|causes|created|creates|broke|breaks|resulted in|results in|led to|leads to)\b"
);

/// The pack that the sentence itself names as the cause: "was fixed in Service Pack 4, which introduced this problem".
static BROUGHT: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:which|but|and|however,?) (?:(?:this|that|the) )?(?:(?:hot)?(?:fix|correction|change|update) )?(?:introduced|introduces|caused|causes|broke|breaks) (?:this|the|these|a new|another|new)\b"
);

/// The sentence so far points to a list of other problems.
static ABOUT_OTHERS: LazyLock<bytes::Regex> =
    byte_pattern!(r"\binformation (?:about|on|regarding) [^.]*\b(?:bugs|issues|problems|fixes|hotfixes)\b[^.]*$");

/// "This problem was introduced in", and the text after it.
static INTRODUCED: LazyLock<bytes::Regex> =
    byte_pattern!(r"\b[Ii]ntroduced (?:in|by|with|by installing|when you (?:install|apply))\b");

/// The number of "the latest service pack".
const LATEST_SP: &str = "latest";

/// "Obtain the latest service pack for": the product follows.
static OBTAIN: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?:^|[.:,;] |\b(?:resolution|problem|issue|this|behavior|either|please|you (?:must|should|can)) )(?:obtain|download and install|install|apply|upgrade to|update to|update your \S+ \S+ to|get|use|download)(?: and (?:apply|install))? the (?:latest|most recent|current)\b"
);

static LATEST: LazyLock<bytes::Regex> = byte_pattern!(r"^ ?(?:the )?(?:latest|most recent|current)\b");

/// `service pack 4.0`, `service packs 1, 2`, `service release 1`, `sp4`, `sr-1`.
static NUMBER: LazyLock<Regex> = pattern!(
    r"\b(?:(service packs?|sp)(?:,? service pack)?(?: \(sp\))?[ -]?|(service releases?|sr)[ -]?)(?:([0-9]{1,2})(?:\.0)?([a-z])?|(one|two|three|four|five))\b"
);

/// `u.s. service pack` without a number.
static PACK: LazyLock<bytes::Regex> = byte_pattern!(r"\bservice packs?\b|\bservice releases?\b");

/// "Service" and "service" without their first letter.
static SERVICE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("ervice"));

/// The places of "Service" before "Pack" or "Release", or "SP4"; over the end of a line, too, and before `<BR>` there.
/// Without its first letter, the word in capitals is looked for by that one, as is "SP": in capitals only.
fn places_of_packs(text: &str) -> impl Iterator<Item = usize> {
    let behind = move |at: usize| text[at..].trim_start();
    let before_pack = move |at: &usize| behind(at + "ervice".len()).starts_with(['p', 'P', 'r', 'R', '-', '<']);
    let numbered = move |at: usize| behind(at).starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let in_capitals = move |at: usize| match &text.as_bytes()[at + 1..] {
        [b'P', ..] => numbered(at + 2).then_some(at),
        [b'R', b'-', ..] => numbered(at + 3).then_some(at),
        rest if rest.starts_with(b"ERVICE") => Some(at + 1).filter(before_pack),
        _ => None,
    };
    let words = SERVICE.find_iter(text.as_bytes()).filter(before_pack);
    words.chain(memchr_iter(b'S', text.as_bytes()).filter_map(in_capitals))
}

/// The lines that may name a service pack, as indices, in order.
fn lines_with_packs(document: &Document<'_>, text: &str) -> Vec<usize> {
    let lines = &document.lines;
    if !document.verbatim {
        let may_name_pack = |i: &usize| {
            let next = lines.get(i + 1).map_or("", |l| l.trimmed());
            places_of_packs(&format!("{} {next}", lines[*i].text)).next().is_some()
        };
        return (0..lines.len()).filter(may_name_pack).collect();
    }
    let mut places: Vec<usize> = places_of_packs(text).collect();
    places.sort_unstable();
    let (mut counted, mut number) = (0, 1);
    let mut found: Vec<usize> = Vec::new();
    for place in places {
        number += memchr_iter(b'\n', &text.as_bytes()[counted..place]).count() as u32;
        counted = place;
        let index = lines.partition_point(|line| line.number < number);
        if lines.get(index).is_some_and(|line| line.number == number) && found.last() != Some(&index) {
            found.push(index);
        }
    }
    found
}

/// What a paragraph holds that names one: without it the sentences need not be looked at.
static IN_A_PARAGRAPH: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let numbered: Vec<String> =
        ["sp", "sp ", "sp-", "sr", "sr-"].iter().flat_map(|p| (0..10).map(move |n| format!("{p}{n}"))).collect();
    let mut all: Vec<&str> = numbered.iter().map(String::as_str).collect();
    all.extend(["service pack", "service release"]);
    needles(&all, true)
});

fn needles(words: &[&str], any_case: bool) -> AhoCorasick {
    AhoCorasick::builder().ascii_case_insensitive(any_case).build(words).unwrap_or_else(|e| unreachable!("{e}"))
}

/// Words of which one stands in every statement ([`CORRECTED`], [`OBTAIN`], [`INTRODUCED`]).
static STATES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    needles(
        &[
            "corrected",
            "fixed",
            "resolved",
            "addressed",
            "solved",
            "eliminated",
            "included",
            "contained",
            "available",
            "latest",
            "most recent",
            "current",
            "introduced",
        ],
        true,
    )
});

/// What the sentences of an article state.
#[derive(Default)]
struct Stated {
    /// The service packs that correct the problem, with whether the sentence is about the article's own problem.
    corrected: Vec<(ServicePack, bool)>,
    /// The service packs that brought the problem.
    brought: Vec<ServicePack>,
}

/// Reads sentences and keywords; each service pack once, in order of product and number. `text` is what the document was
/// read from.
///
/// The sentences decide: of several that name a number for one product those about "this problem" ("first corrected in"),
/// without the pack that brought it (Q236949: "was fixed in Service Pack 4. This fix introduced the symptom"). Keywords count
/// only for products of which the sentences name no number (Q239447: the keyword says 6, the text 6a).
pub(crate) fn extract(document: &Document<'_>, text: &str) -> Vec<ServicePack> {
    let own = OwnProduct { listed: &document.products, names: OnceCell::new() };
    let mut stated = Stated::default();
    for paragraph in paragraphs(&document.lines, lines_with_packs(document, text)) {
        if IN_A_PARAGRAPH.is_match(&paragraph.text) && STATES.is_match(&paragraph.text) {
            from_text(&paragraph, &own, &mut stated);
        }
    }
    let Stated { corrected, brought } = stated;
    let is_number = |pack: &ServicePack| pack.sp != LATEST_SP;
    let of_own_problem =
        |product: &str| corrected.iter().any(|(pack, own)| *own && is_number(pack) && pack.product == product);
    let counts = |pack: &ServicePack, own: bool| {
        !is_number(pack) || own || (!of_own_problem(&pack.product) && !brought.contains(pack))
    };
    let mut found: Vec<ServicePack> =
        corrected.iter().filter(|(pack, own)| counts(pack, *own)).map(|(pack, _)| pack.clone()).collect();
    let told = |product: &str| found.iter().any(|pack| is_number(pack) && pack.product == product);
    let keywords = document.keywords.iter().filter_map(|k| from_keyword(k));
    let keywords: Vec<ServicePack> = keywords.filter(|pack| !told(&pack.product) && !brought.contains(pack)).collect();
    found.extend(keywords);
    // A name without keywords only tells that another product is meant ("the latest Visual Studio service pack", Q271612).
    let is_kept = |pack: &ServicePack| PRODUCTS.iter().any(|p| p.name == pack.product && !p.keywords.is_empty());
    found.retain(is_kept);
    found.sort();
    found.dedup();
    found
}

/// `kbWinNT400sp4fix` -> Windows NT 4.0 SP 4; `PreSP7`: the fix that the next service pack was to contain.
fn from_keyword(keyword: &str) -> Option<ServicePack> {
    let (_, end) = keyword.split_at_checked(keyword.len().checked_sub(3)?)?;
    if !end.eq_ignore_ascii_case("fix") {
        return None;
    }
    let lower = keyword.to_ascii_lowercase();
    let name = lower.strip_suffix("fix").filter(|name| name.is_ascii())?;
    let digits = name.rfind(|c: char| !c.is_ascii_alphanumeric() || c == 'p' || c == 'r')?;
    let (name, number) = name.split_at(digits + 1);
    let (name, release) = match name.strip_suffix("sp") {
        Some(name) => (name, false),
        None => (name.strip_suffix("sr")?, true),
    };
    let name = name.strip_suffix("pre").unwrap_or(name);
    let name = name.strip_prefix("kb").unwrap_or(name);
    let product = PRODUCTS.iter().find(|p| p.keywords.contains(&name))?;
    let valid = number.starts_with(|c: char| c.is_ascii_digit()) && number.len() <= 3;
    valid.then(|| ServicePack {
        product: product.name.to_owned().into(),
        sp: if release { format!("SR-{number}").into() } else { number.to_owned().into() },
    })
}

fn from_text(paragraph: &Paragraph, own: &OwnProduct<'_>, stated: &mut Stated) {
    let mut sentences = paragraph.sentences().into_iter().peekable();
    while let Some(sentence) = sentences.next() {
        if !STATES.is_match(&paragraph.text[sentence.clone()]) {
            continue;
        }
        let text = paragraph.text[sentence].to_lowercase();
        if !PACK.is_match(text.as_bytes()) && !NUMBER.is_match(&text) {
            continue;
        }
        // "This problem was introduced in Service Pack 4."
        for verb in INTRODUCED.find_iter(text.as_bytes()) {
            let rest = &text[verb.end()..];
            let end = CORRECTED.find(rest.as_bytes()).map_or(rest.len(), |next| next.start());
            numbered(until_next_statement(&rest[..end]), own, &mut stated.brought);
        }
        let mut next = || sentences.peek().map(|next| paragraph.text[next.clone()].to_lowercase());
        let brought_before = |next: String| BROUGHT_BEFORE.is_match(next.as_bytes());
        // Most statements are about this problem: the next sentence is not looked at for those.
        let mut brought = None;
        for verb in CORRECTED.find_iter(text.as_bytes()) {
            // "For information about the issues that are resolved in SP6a" (Q278407) is not about the article's problem.
            if ABOUT_OTHERS.is_match(&text.as_bytes()[..verb.start()]) {
                continue;
            }
            let rest = until_next_statement(&text[verb.end()..]);
            if LATEST.is_match(rest.as_bytes()) {
                let mut found = Vec::new();
                latest(rest, own, &mut found);
                stated.corrected.extend(found.into_iter().map(|pack| (pack, false)));
                continue;
            }
            let mut found = Vec::new();
            numbered(rest, own, &mut found);
            let own_problem = verb.as_bytes().starts_with(b"first ")
                || verb.as_bytes().windows(7).any(|part| part == b" first ")
                || OWN_PROBLEM.is_match(&text.as_bytes()[..verb.start()]);
            let mut is_brought = || {
                *brought.get_or_insert_with(|| BROUGHT.is_match(text.as_bytes()) || next().is_some_and(brought_before))
            };
            if !own_problem && is_brought() {
                stated.brought.append(&mut found);
            } else {
                stated.corrected.extend(found.into_iter().map(|pack| (pack, own_problem)));
            }
        }
        for verb in OBTAIN.find_iter(text.as_bytes()) {
            let mut found = Vec::new();
            latest(until_next_statement(&text[verb.end()..]), own, &mut found);
            stated.corrected.extend(found.into_iter().map(|pack| (pack, false)));
        }
    }
}

/// What a statement can bind ends where the sentence turns to something else.
fn until_next_statement(rest: &str) -> &str {
    let mut end = rest.len();
    for mark in [
        "for additional",
        "for more",
        "for information",
        "please see",
        " or contact",
        " see the",
        " that contains",
        "which contains",
        "to resolve",
        " so that ",
        ", the problem",
    ] {
        if let Some(at) = rest.find(mark) {
            end = end.min(at);
        }
    }
    &rest[..end]
}

/// `… [product] service pack [for product or product]`, without a number.
fn latest(rest: &str, own: &OwnProduct<'_>, found: &mut Vec<ServicePack>) {
    let Some(pack) = PACK.find(rest.as_bytes()) else { return };
    if pack.start() > 80 {
        return;
    }
    let mut names: Vec<&'static str> = Vec::new();
    for name in products_in(rest) {
        if !names.contains(&name.product) {
            names.push(name.product);
        }
    }
    if names.is_empty() {
        names.extend(own.name());
    }
    // "The latest Exchange Service Pack" of an article on Exchange Server 4.0 is that version's.
    let version = |name| own.name().filter(|own: &&str| is_generic(name) && own.starts_with(name)).unwrap_or(name);
    found.extend(names.into_iter().map(|name| ServicePack { product: version(name).into(), sp: LATEST_SP.into() }));
}

/// A product's name without its version.
fn is_generic(name: &str) -> bool {
    !name.contains(|c: char| c.is_ascii_digit())
}

/// What may stand between a product and its pack, or before a pack of the article's own product: nothing that names another
/// thing ("was corrected in MDAC 2.5 and later, and in Windows NT 4.0 Service Pack 6a", Q274569; "Internet Explorer 5 and SP5",
/// Q234543; "in a hotfix for Visual SourceSafe 6.0 Service Pack 5", Q238345).
static FILLER: LazyLock<Regex> = pattern!(
    r"^[\s,(/]*(?:(?:u\.s\.|the|microsoft|for|windows?|version|versions|edition|server|general release|standard|enterprise|professional|and later|installing|applying|using|with|by|in|of|from|nt|sms|also|either|both|&|and|or|\d\.\d\d?|[a-z0-9_]+\.(?:sys|dll|exe)|hal|following)[\s,)/]*)*$"
);

/// What joins two products that share a pack: "Windows NT 4.0 and Windows NT Server 4.0, Terminal Server Edition Service Pack 6".
static JOINED: LazyLock<Regex> = pattern!(r"^[\s,]*(?:(?:and|or|both|microsoft|/|&)[\s,]*)*$");

/// `product service pack 4 and product service pack 5`, `service pack 3 for product`.
fn numbered(rest: &str, own: &OwnProduct<'_>, found: &mut Vec<ServicePack>) {
    let names = products_in(rest);
    let mut from = 0;
    let mut carried: Vec<&'static str> = Vec::new();
    for number in NUMBER.captures_iter(rest) {
        let Some(whole) = number.get(0) else { continue };
        let digits = match (number.get(3), number.get(5)) {
            (Some(digits), _) => digits.as_str(),
            (None, Some(word)) => match word.as_str() {
                "one" => "1",
                "two" => "2",
                "three" => "3",
                "four" => "4",
                _ => "5",
            },
            _ => continue,
        };
        // Neither a rollup for a service pack (Q310127) nor a folder on its disc (Q252718) is that service pack.
        let after = rest[whole.end()..].trim_start();
        if ["hotfix", "rollup", "cd", "(hrp)", "hrp"].iter().any(|word| after.starts_with(word)) {
            continue;
        }
        let letter = number.get(4).map_or("", |m| m.as_str());
        let before = &rest[from..whole.start()];
        // An OEM Service Release of Windows 95 is a product of its own (Q172652); "fixed in SP4, not SP5" (Q191828); a fix
        // that came after a pack is not in it ("a post-SP2 fix").
        if ["oem ", " not ", " not in ", "post-", "post ", "pre-"].iter().any(|word| before.ends_with(word))
            || ["hotfix for ", "hot fix for "].iter().any(|word| before.contains(word))
        {
            continue;
        }
        let sp = match number.get(2) {
            Some(_) => format!("SR-{digits}{letter}"),
            None => format!("{digits}{letter}"),
        };
        let mut bound = bound_before(rest, &names, from, whole.start());
        if bound.is_empty() && ["for ", "of "].iter().any(|word| after.starts_with(word)) {
            let near = whole.end()..whole.end() + 90;
            bound = names.iter().filter(|name| near.contains(&name.start)).map(|name| name.product).collect();
            // "Service Pack 1 for Microsoft Open Database Connectivity": a product that is not known here.
            if bound.is_empty() {
                from = whole.end();
                continue;
            }
        }
        if bound.is_empty() && is_filler(before, own) {
            bound = if carried.is_empty() { own.name().into_iter().collect() } else { carried.clone() };
        }
        found.extend(
            bound.iter().map(|name| ServicePack { product: own.version_of(name).into(), sp: sp.clone().into() }),
        );
        carried = bound;
        from = whole.end();
    }
}

/// The product whose name ends where the pack's number begins, and those that are joined to it.
fn bound_before(rest: &str, names: &[Name], from: usize, number: usize) -> Vec<&'static str> {
    let mut bound = Vec::new();
    let mut next = number;
    for name in names.iter().rev().filter(|name| name.start >= from && name.end <= number) {
        let between = &rest[name.end.min(next)..next];
        let fits = if bound.is_empty() { FILLER.is_match(between) } else { JOINED.is_match(between) };
        if !fits || (bound.is_empty() && ends_apart(between)) {
            break;
        }
        bound.insert(0, name.product);
        next = name.start;
    }
    bound
}

/// "Internet Explorer 5 and SP5", "MDAC 2.5, or Service Pack 3": two things.
fn ends_apart(between: &str) -> bool {
    ["and", "or", "in", "with", "from", "by", "of", "for"]
        .contains(&between.trim().rsplit(' ').next().unwrap_or_default())
}

/// True if nothing before a pack names another product than the article's own.
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
    while let Some(names) = NAMES.captures_at(text.as_bytes(), at) {
        let Some((index, name)) = names.iter().skip(1).enumerate().find_map(|(i, group)| group.map(|g| (i, g))) else {
            break;
        };
        found.push(Name { product: PRODUCTS[index].name, start: name.start(), end: name.end() });
        at = name.end();
    }
    found
}

/// The products with service packs that an article's own list names: looked for when they are asked for.
struct OwnProduct<'a> {
    listed: &'a [String],
    names: OnceCell<Vec<&'static str>>,
}

impl OwnProduct<'_> {
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

    /// The one product, if it is one.
    fn name(&self) -> Option<&'static str> {
        if let [only] = self.names() { Some(only) } else { None }
    }

    /// The version of a product that the text names without it: the one that is listed, if it is one.
    fn version_of(&self, name: &'static str) -> &'static str {
        if !is_generic(name) {
            return name;
        }
        let is_version = |own: &&&str| own.strip_prefix(name).is_some_and(|version| version.starts_with(' '));
        let mut versions = self.names().iter().filter(is_version);
        versions.next().filter(|_| versions.next().is_none()).copied().unwrap_or(name)
    }
}
