//! Sentences about the service pack that corrects a problem, in other words and languages, as the usual English one
//! says it: "Service Pack 2 contains a fix for this problem", "wurde erstmals in … behoben".

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::vocabulary::pattern;

/// Sentences of other languages, in lower case: language, pattern with the group `pack`, verbs, words that deny it, source.
const TABLE: &str = include_str!("../data/pack-sentences.tsv");

/// A service pack with its number, and the product before or after it.
const PACK: &str = r"(?:(?:[a-z]+ )?(?:microsoft|windows|office|internet|explorer|exchange|sql|server|nt|xp|vista|professional|workstation|outlook|word|excel|access|visual|studio|basic|sna|proxy|systems|management|terminal|edition|version|versión|versione|versão|версии|[0-9][0-9.a-z]*|®|™|,) ?)*(?:[a-zа-яà-ÿ]{1,4} ){0,2}(?:microsoft )?\bservice pack [0-9]{1,2}[a-z]?(?: \(sp ?[0-9][a-z]?\))?(?: (?:for|pour|für|para|per|de|von|di|voor) (?:microsoft )?(?:windows|internet|office|sql|exchange)[a-z0-9. ]{0,24}[a-z0-9])?";

/// The words of these languages before the product of a pack, in English.
const BEFORE_PRODUCT: [(&str, &str); 7] = [
    (" pour ", " for "),
    (" für ", " for "),
    (" para ", " for "),
    (" per ", " for "),
    (" de ", " of "),
    (" von ", " of "),
    (" di ", " of "),
];

struct Abroad {
    /// The pattern, and its compiled form: most articles have no sentence with a verb of it.
    pattern: String,
    sentence: OnceLock<Regex>,
    denied: Vec<&'static str>,
    doubted: Vec<&'static str>,
}

impl Abroad {
    fn sentence(&self) -> &Regex {
        self.sentence.get_or_init(|| Regex::new(&self.pattern).unwrap_or_else(|e| unreachable!("{e}")))
    }
}

/// The sentences of the table, and their verbs, each with the place of its sentence.
struct Table {
    sentences: Vec<Abroad>,
    verbs: Vec<(&'static str, usize)>,
    finder: AhoCorasick,
}

static ABROAD: LazyLock<Table> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<Vec<&str>> = rows.map(|line| line.split('\t').collect()).collect();
    let words = |cell: &'static str| cell.split(';').filter(|word| !word.is_empty());
    let sentence = |row: &Vec<&'static str>| Abroad {
        pattern: row[1].replace("PACK", &format!("(?P<pack>{PACK})")).replace(r"\b", r"(?-u:\b)"),
        sentence: OnceLock::new(),
        denied: words(row[3]).collect(),
        doubted: words(row[4]).collect(),
    };
    let verbs: Vec<(&str, usize)> =
        rows.iter().enumerate().flat_map(|(at, row)| words(row[2]).map(move |verb| (verb, at))).collect();
    let finder = AhoCorasick::new(verbs.iter().map(|(verb, _)| verb)).unwrap_or_else(|e| unreachable!("{e}"));
    Table { sentences: rows.iter().map(sentence).collect(), verbs, finder }
});

impl Table {
    /// The first sentence that a text in lower case is.
    fn sentence_of(&self, text: &str) -> Option<&Abroad> {
        let found = self.finder.find_overlapping_iter(text).map(|verb| self.verbs[verb.pattern().as_usize()].1);
        let may_be: BTreeSet<usize> = found.collect();
        may_be.into_iter().map(|at| &self.sentences[at]).find(|abroad| abroad.sentence().is_match(text))
    }
}

/// "The fifth service pack".
static ORDINAL: LazyLock<Regex> = pattern!(r"(?-u:\b)(?:the )?(first|second|third|fourth|fifth|sixth) service pack\b");

/// "Service Pack 2 contains a fix for this problem", "Service Pack 2 corrects this problem".
static HAS_FIX: LazyLock<Regex> = pattern!(
    r"^[^a-z0-9]*(?P<pack>(?:[a-z0-9.]+ ){0,6}?service pack [0-9]{1,2}[a-z]?(?: \(sp ?[0-9][a-z]?\))?(?: for [a-z0-9. ]{2,40}?)?) (?:also )?(?:(?:(?:contains|includes|provides|incorporates) (?:a|the) (?:fix|hotfix|correction) (?:for|to) (?:this|the)|(?:corrects|fixes|resolves|eliminates|solves) this) (?:problem|issue|behavior|error|bug)|(?:corrects|fixes|resolves|eliminates|solves) it)[^a-z0-9]*$"
);

/// "Install Windows NT 4.0 Service Pack 5 or later."
static INSTALL: LazyLock<Regex> = pattern!(
    r"^[^a-z0-9]*(?:install|apply|upgrade to|obtain|obtain and install) (?:the |microsoft )*(?P<pack>(?:[a-z0-9.]+ ){0,4}?service pack [0-9]{1,2}[a-z]?(?: \(sp ?[0-9][a-z]?\))?(?: for [a-z0-9. ]{2,40}?)?) or (?:a )?(?:later|higher|newer|greater)(?: service pack)?(?: to (?:fix|correct|resolve) (?:this|the|this problem|the problem|this issue))?[^a-z0-9]*$"
);

/// "Microsoft has included the fix for this problem in the release of Service Pack 2 for …" (Q159051), "apply Service Pack
/// 2 to the computer, and the error will no longer occur" (Q155299).
static BRINGS: LazyLock<Regex> = pattern!(
    r"^[^a-z0-9]*(?:microsoft has included (?:the|a) fix for this (?:problem|issue|behavior|error|bug) in (?:the release of )?(?P<pack>(?:[a-z0-9.]+ ){0,6}?service pack [0-9]{1,2}[a-z]?(?: \(sp ?[0-9][a-z]?\))?(?: for [a-z0-9. ]{2,70})?)|(?:install|apply|upgrade to) (?:the |microsoft )*(?P<applied>(?:[a-z0-9.]+ ){0,4}?service pack [0-9]{1,2}[a-z]?(?: \(sp ?[0-9][a-z]?\))?)(?: (?:to|on) the [a-z0-9. ]{2,60})?,? and (?:this|the) (?:problem|issue|behavior|error|bug) (?:will|does) (?:no longer|not) (?:occur|happen|appear))[^a-z0-9]*$"
);

/// "This problem was corrected in all service packs after Windows 2000 Service Pack 2": the next one is the first.
static ALL_AFTER: LazyLock<Regex> = pattern!(
    r"(?-u:\b)(?:all|any|every) (?:later )?service packs? (?:released |issued )?(?:after|since|later than) (?P<product>(?:[a-z0-9.]+ ){0,4}?)service pack (?P<number>[0-9])[a-z]?(?-u:\b)"
);

/// "Service Pack 2 SRP1", "Service Pack 6a Security Rollup": a rollup after the service pack is none.
static ROLLUP: LazyLock<Regex> = pattern!(
    r"(?-u:\b)service pack [0-9]{1,2}[a-z]? (?:\(sp ?[0-9][a-z]?\) )?(?:srp ?[0-9]?|(?:security )?(?:rollup|roll-up)(?: package)?)(?-u:\b)"
);

/// "Starting with Windows XP Service Pack 2, this problem no longer occurs".
static SINCE: LazyLock<Regex> = pattern!(
    r"^[^a-z0-9]*(?:(?:starting|beginning) with|as of|since) (?P<pack>(?:[a-z0-9.]+ ){0,6}?service pack [0-9]{1,2}[a-z]?(?: \(sp ?[0-9][a-z]?\))?),? (?:this|the) (?:problem|issue|behavior|error|bug) (?:no longer occurs|does not occur|is corrected|is fixed)[^a-z0-9]*$"
);

/// "This problem does not occur in Windows NT 4.0 Service Pack 5", "… no longer occurs in Access 97 Service Release 1" (Q164238).
static ABSENT: LazyLock<Regex> = pattern!(
    r"^[^a-z0-9]*(?:this|the) (?:problem|issue|behavior|error|bug) (?:does not|no longer) (?:occurs?|exists?|happens?) (?:in|with|on|under) (?P<pack>(?:[a-z0-9.]+ ){0,6}?service (?:pack|release) [0-9]{1,2}[a-z]?(?: \((?:sp|sr)[ -]?[0-9][a-z]?\))?)(?: (?:or|and) (?:later|higher|newer))?[^a-z0-9]*$"
);

/// "If you have already installed Windows 2000 Service Pack 3, you do not need this fix": it is in that pack.
static HAS_IT: LazyLock<Regex> = pattern!(
    r"^[^a-z0-9]*if you (?:have |are |have already |already have |are already )?(?:installed|applied|upgraded to|running|using|run|use|have) (?:the |microsoft )*(?P<pack>(?:[a-z0-9.]+ ){0,6}?service pack [0-9]{1,2}[a-z]?(?: \(sp ?[0-9][a-z]?\))?(?: for [a-z0-9. ]{2,40}?)?)(?: or (?:a )?(?:later|higher|newer)(?: service pack)?)?(?: installed)?,? (?:then )?you (?:do not|don't) (?:need|have) (?:to (?:install|apply|use|obtain) )?(?:this|the|these) (?:hot)?(?:fix|fixes|patch|update|file|files)[^a-z0-9]*$"
);

/// Sentences of which only the whole form says that a pack corrects the problem: "This problem was not corrected until Service
/// Pack 5", "The first service pack that corrects this problem is …", "You can resolve this problem by installing …", "Only …
/// and later correct this problem", "SP4 did not correct this problem; SP5 did".
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    const PACK: &str = r"(?:the |microsoft )*(?P<packN>(?:[a-z0-9.]+ ){0,6}?(?:service pack |sp ?)[0-9]{1,2}[a-z]?(?: \(sp ?[0-9][a-z]?\))?(?: for [a-z0-9. ]{2,40}?)?)";
    const PROBLEM: &str = r"(?:this|the) (?:problem|issue|behavior|error|bug|symptom)";
    const LATER: &str = r"(?: (?:or|and) (?:a )?(?:later|higher|newer)(?: service packs?)?)?";
    const CORRECT: &str = r"(?:corrected|fixed|resolved|solved|eliminated|addressed)";
    let forms = [
        format!(
            r"{PROBLEM} (?:was|has|is) not (?:been )?(?:fully |completely )?{CORRECT} until (?:the release of )?{PACK}{LATER}"
        ),
        format!(
            r"(?:the )?first service pack (?:that|which|to) (?:corrects?|fix(?:es)?|resolves?|contains (?:a|the) (?:fix|correction) for) {PROBLEM} (?:is|was) {PACK}"
        ),
        format!(
            r"(?:you can |to )?(?:resolve|correct|fix|solve|eliminate) {PROBLEM} by (?:installing|applying|upgrading to|obtaining and installing) {PACK}{LATER}"
        ),
        format!(r"(?:install|apply|upgrade to) {PACK}{LATER} to (?:correct|fix|resolve|solve|eliminate) {PROBLEM}"),
        format!(r"microsoft (?:has )?(?:first )?{CORRECT} {PROBLEM} in {PACK}{LATER}"),
        format!(
            r"(?:this|the) (?:fix|hotfix|correction)(?: for {PROBLEM})? (?:is (?:first )?(?:in|part of|available in)|ships with|shipped with) {PACK}{LATER}"
        ),
        format!(r"{PACK} (?:contains|includes) the (?:fix|correction)"),
        format!(
            r"{PROBLEM} (?:no longer occurs|does not occur|will not occur) (?:after|when|once|if) you (?:have )?(?:install|installed|apply|applied|upgrade to|upgraded to) {PACK}{LATER}"
        ),
        format!(r"only {PACK}{LATER} (?:corrects?|fix(?:es)?|resolves?|eliminates?) {PROBLEM}"),
        format!(
            r"(?:[a-z0-9.]+ ){{0,6}}?(?:service pack |sp ?)[0-9]{{1,2}}[a-z]? (?:does|did) not (?:fully |completely )?(?:correct|fix|resolve|solve|eliminate) {PROBLEM}[;,] (?:but )?{PACK} (?:does|did)"
        ),
    ];
    let numbered = forms.iter().enumerate().map(|(n, form)| form.replace("packN", &format!("pack{n}")));
    let all: Vec<String> = numbered.collect();
    Regex::new(&format!("^[^a-z0-9]*(?:{})[^a-z0-9]*$", all.join("|"))).unwrap_or_else(|e| unreachable!("{e}"))
});

/// "After you install Service Pack 4, programs may stop": the pack brought the problem (Q178398, Q305332).
static CAUSE: LazyLock<Regex> = pattern!(
    r"^[^a-z0-9]*(?:after|when|once) (?:you )?(?:have )?(?:install(?:ed|ing)?|appl(?:y|ied|ying)|upgrad(?:e|ed|ing) to) (?P<pack>[^,;:]*(?:service pack|\bsp) ?[0-9][^,;:]*), [^;]*\b(?:may|might|receive|get|error|fails?|stops?|unable|cannot|crash(?:es)?|hangs?|does not|do not|no longer|is not|are not)\b"
);

/// A sentence in lower case as the usual English one; the same text if there is nothing to change. `alone`: it is the
/// only one of its paragraph. `after`: the sentences after it.
pub(crate) fn usual(text: String, alone: bool, after: impl Fn() -> Vec<String>) -> String {
    if let Some(pack) = whole(&text) {
        return format!("this problem was first corrected in {pack}.");
    }
    let text = match ORDINAL.captures(&text).and_then(|found| Some((found.get(0)?.range(), found.get(1)?.as_str()))) {
        Some((place, word)) => {
            let number = ["first", "second", "third", "fourth", "fifth"].iter().position(|known| *known == word);
            format!("{}service pack {}{}", &text[..place.start], number.map_or(6, |n| n + 1), &text[place.end..])
        }
        None => text,
    };
    // Few sentences have these words.
    let text = if text.contains("srp") || text.contains("roll") {
        ROLLUP.replace_all(&text, "security rollup package").into_owned()
    } else {
        text
    };
    let may_be_all = text.contains("service packs ") || text.contains("every ") || text.contains("any ");
    let text = match ALL_AFTER.captures(&text).filter(|_| may_be_all) {
        Some(found) => {
            // Windows NT 4.0 alone has six, and 6a after it.
            let next = match &found["number"] {
                "6" => "6a".to_owned(),
                number => number.parse::<u8>().map_or(1, |number| number + 1).to_string(),
            };
            let next = format!("{}service pack {next}", &found["product"]);
            ALL_AFTER.replace(&text, next.as_str()).into_owned()
        }
        None => text,
    };
    if let Some(pack) = named(&SINCE, &text) {
        return format!("this problem was corrected in {pack}.");
    }
    if let Some(pack) = named(&HAS_FIX, &text).or_else(|| named(&HAS_IT, &text)) {
        return format!("this problem was corrected in {pack}.");
    }
    if let Some(pack) = named(&BRINGS, &text).or_else(|| Some(BRINGS.captures(&text)?.name("applied")?.as_str())) {
        return format!("this problem was corrected in {pack}.");
    }
    if let Some(pack) = named(&INSTALL, &text).filter(|_| alone) {
        return format!("to resolve this problem, install {pack}.");
    }
    match abroad(&text, after) {
        Some(pack) => format!("this problem was first corrected in {pack}."),
        None => text,
    }
}

/// The pack of a sentence in lower case that says that the problem does not occur with it.
pub(crate) fn absent(text: &str) -> Option<&str> {
    named(&ABSENT, text)
}

fn named<'t>(sentence: &Regex, text: &'t str) -> Option<&'t str> {
    Some(sentence.captures(text)?.name("pack")?.as_str())
}

/// The packs of a sentence in lower case that says that they brought the problem.
pub(crate) fn causes(text: &str) -> impl Iterator<Item = &str> {
    // "After you install Service Pack 4, this problem no longer occurs."
    static GONE: LazyLock<Regex> = pattern!(
        r"\b(?:problem|issue|behavior|error|symptom|message|this|it)s? (?:is|are|does|do|will|should|has|have|was)? ?(?:been )?(?:no longer|not|never|corrected|fixed|resolved|gone)\b"
    );
    let gone = GONE.is_match(text);
    named(&CAUSE, text).filter(|_| !gone).into_iter().flat_map(|packs| packs.split(" or "))
}

fn whole(text: &str) -> Option<&str> {
    // Few sentences have these words.
    if ![
        "microsoft ",
        " to ",
        "until",
        "first service pack",
        " by ",
        "only ",
        " did",
        " does",
        "fix",
        "correction",
        " you ",
    ]
    .iter()
    .any(|word| text.contains(word))
    {
        return None;
    }
    let found = WHOLE.captures(text)?;
    let pack = found.iter().skip(1).flatten().next();
    pack.map(|pack| pack.as_str())
}

/// The pack of a sentence in another language than English. A sentence after it with a word of doubt takes it back.
fn abroad(text: &str, after: impl Fn() -> Vec<String>) -> Option<String> {
    // English has these words in nearly every sentence.
    if text.contains(" the ") || text.contains("this ") {
        return None;
    }
    let parts: Vec<&str> = text.split_inclusive('\u{3002}').collect();
    parts.iter().enumerate().find_map(|(n, part)| {
        let abroad = ABROAD.sentence_of(part)?;
        let pack = named(abroad.sentence(), part).filter(|_| !abroad.denied.iter().any(|word| part.contains(word)))?;
        let doubted = |next: &str| abroad.doubted.iter().any(|word| next.contains(word));
        if parts[n + 1..].iter().any(|next| doubted(next)) || after().iter().any(|next| doubted(next)) {
            return None;
        }
        Some(BEFORE_PRODUCT.into_iter().fold(pack.to_owned(), |pack, (word, english)| pack.replace(word, english)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 14: a sentence without a verb of its row is not searched for.
    #[test]
    fn verbs_of_a_sentence_are_in_its_pattern() {
        for (verb, at) in &ABROAD.verbs {
            assert!(ABROAD.sentences[*at].pattern.contains(verb), "{verb}");
        }
        for (at, abroad) in ABROAD.sentences.iter().enumerate() {
            assert!(ABROAD.verbs.iter().any(|(_, of)| *of == at), "no verb: {}", abroad.pattern);
            assert!(abroad.sentence().capture_names().flatten().any(|name| name == "pack"), "{}", abroad.pattern);
        }
    }
}
