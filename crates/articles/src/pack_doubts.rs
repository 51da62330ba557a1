//! Whether a sentence says without doubt that a service pack corrects the article's own problem. In: a sentence in lower
//! case and the position of its verb ("was corrected in"), or the sentences after it. Out: sure, about another problem, or
//! doubtful. Only known subjects count: with any other, the sentence states no correction.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::AhoCorasick;
use regex::{Regex, bytes};

use super::exception::{find_word, is_whole_word};
use super::pack_products::NUMBER;
use super::restated;
use super::vocabulary::{byte_pattern, pattern};

const WORDS: &str = include_str!("../data/pack-doubts.tsv");

/// What a sentence says about a service pack and the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// The pack corrects the article's problem.
    Sure,
    /// The sentence is about something else that the pack corrects.
    OfAnother,
    /// The pack may not correct the problem, or not all of it.
    Doubtful,
}

/// The words and phrases of a kind.
struct Words {
    all: HashSet<&'static str>,
    /// Finds all of them in one pass; built when a text is first searched for them.
    finder: OnceLock<AhoCorasick>,
}

static TABLE: LazyLock<HashMap<&'static str, Words>> = LazyLock::new(|| {
    let rows = WORDS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    rows.map(|(kind, words)| (kind, Words { all: words.split(';').collect(), finder: OnceLock::new() })).collect()
});

fn is_any(kind: &str, word: &str) -> bool {
    TABLE.get(kind).is_some_and(|words| words.all.contains(word))
}

/// True if a text has a word or phrase of this kind.
fn has_any(kind: &str, text: &str) -> bool {
    let Some(words) = TABLE.get(kind) else { return false };
    let build = || AhoCorasick::new(&words.all).unwrap_or_else(|e| unreachable!("words of a file of the program: {e}"));
    // One word may begin inside another, which is part of a longer one: all are looked at.
    words.finder.get_or_init(build).find_overlapping_iter(text).any(|found| is_whole_word(text, found.range()))
}

/// The word of a verb after which nothing belongs to its subject.
static PARTICIPLE: LazyLock<bytes::Regex> =
    byte_pattern!(r"\b(?:corrected|fixed|resolved|addressed|solved|eliminated) |\bintroduced ");

/// Verbs that contain their subject: "this fix is included in", "to obtain this file, apply".
static WITH_SUBJECT: LazyLock<bytes::Regex> = byte_pattern!(
    r"^(?:this|the|these|to|wait|obtain|there|released|fix|updated|corrected [^ ]+ (?:file|version)|corrected version|fixed version|fixed [^ ]+ file|(?:complete|full|final|permanent) )"
);

/// The beginning of a clause that names the problem before it says where it was corrected: "Microsoft has confirmed this to
/// be a problem in Windows NT 4.0 and", "this was a problem in the original release, but" (Q161935, Q269330).
static CONFIRMED: LazyLock<Regex> = pattern!(
    r"^(?:microsoft (?:has confirmed|acknowledges)|this (?:was|is) an? (?:problem|bug|error|issue)|the problem was with|(?:this|the following) (?:problem|bug|issue|error) was (?:first )?introduced|there (?:is|was) an? )\b"
);

/// A list of what a pack corrects: "This article is a current listing of the article numbers for bugs that" (Q165458), and the advice of
/// such articles (Q164075).
static LISTS: LazyLock<Regex> = pattern!(
    r"^\W*(?:this article (?:is|contains|lists|provides)(?: [^,;:]*)? (?:bugs|problems|issues|fixes)|it may not be necessary to update [^,;:]* unless you are experiencing an? (?:client )?problem)(?: (?:that|which))?$"
);

/// What may stand before the subject of a sentence.
static LEAD: LazyLock<Regex> = pattern!(
    r"^\W*(?:(?:note|important|status|resolution|fix|bug|prb|update)(?: that)?[,:]? )?(?:(?:however|also|therefore|fortunately|finally|in addition|additionally|furthermore|now),? )?"
);

/// "The problem that was fixed in Service Pack 5 is described in": the verb of the sentence follows the pack.
static GOES_ON: LazyLock<Regex> = pattern!(
    r"^(?:\.0)?(?: ?\([^()]*\))?(?:,? (?:or|and) (?:later|higher|newer))?,? (?:(?:also|now|then) )?(?:is|was|are|were|has|have|had|does|do|did|can|will|must|should|causes?|caused|makes?|made|leads?|led|breaks?|broke|introduces?|introduced|results?|requires?|affects?)\b"
);

/// What the sentence says with the verb at `verb`, in an article with this title. `chained`: a verb before it in the sentence was sure.
pub(crate) fn said(sentence: &str, verb: Range<usize>, chained: bool, title: &str) -> Said {
    let (before, after) = (&sentence[..verb.start], &sentence[verb.end..]);
    if sentence.trim_end().ends_with('?') {
        return Said::OfAnother;
    }
    let doubt = has_any("doubt", before);
    let own = &sentence[verb.clone()];
    let is_own = if WITH_SUBJECT.is_match(own.as_bytes()) {
        const BEGINS: [&str; 9] =
            ["if", "whether", "unless", "because", "since", "when", "after", "before", "although"];
        let last = before.trim_end().rsplit(' ').next().unwrap_or_default();
        !BEGINS.contains(&last) && find_word(before, "no").is_none()
    } else {
        let end = PARTICIPLE.find(own.as_bytes()).map_or(verb.start, |word| verb.start + word.start());
        let clause = &sentence[..end];
        chained && goes_on(clause)
            || LISTS.is_match(without_auxiliaries(clause_of(clause)))
            || is_subject(clause_of(clause), own.contains("first ") || clause.ends_with("first "))
            || restated::is_own_problem(without_auxiliaries(clause_of(clause)), title)
    };
    let limited = || is_limited(after);
    match (doubt, is_own) {
        (true, _) => Said::Doubtful,
        // The plan alone says nothing; what was left out is not in the pack (Q178514).
        _ if has_any("plan", before) => {
            if limited() {
                Said::Doubtful
            } else {
                Said::OfAnother
            }
        }
        (false, false) => Said::OfAnother,
        (false, true) if limited() => Said::Doubtful,
        (false, true) => {
            let pack = NUMBER.find(after).map(|pack| pack.end());
            let is_relative = pack.is_some_and(|end| GOES_ON.is_match(&after[end..]));
            if is_relative { Said::OfAnother } else { Said::Sure }
        }
    }
}

/// True if what stands before or after an advice to install a pack doubts that it helps.
pub(crate) fn is_doubted_advice(before: &str, after: &str) -> bool {
    static NOT: LazyLock<Regex> = pattern!(
        r"\b(?:does|do|did|will|may|might|can|could) ?not (?:always |fully |completely )?(?:help|work|correct|fix|resolve|solve)|\bnot (?:fully|completely|always|sufficient|enough|necessary|required|possible|recommended)\b|\bno need\b"
    );
    const WORDS: [&str; 10] =
        ["but", "however", "partially", "partly", "still", "may", "might", "some of", "part of", "unless"];
    has_any("doubt", before)
        || find_word(before, "unless").is_some()
        || NOT.is_match(before)
        || NOT.is_match(after)
        || WORDS.iter().any(|word| find_word(after, word).is_some())
}

/// True if the text after the verb limits or denies what it says.
fn is_limited(after: &str) -> bool {
    // What follows as another sentence, and that a list leaves the problem out (Q276242, Q176768), limits nothing.
    static OTHER: LazyLock<Regex> = pattern!(
        r"\.note:|,? (?:al)?though (?:it |this problem )?(?:was|is) not (?:listed|documented|mentioned|included) in"
    );
    let after = &after[..OTHER.find(after).map_or(after.len(), |other| other.start())];
    if has_any("tail", after) {
        return true;
    }
    // "Fixed in Service Pack 4, not Service Pack 5" names one that does not count (Q191828).
    let mut nots = after.match_indices(" not ").map(|(at, word)| &after[at + word.len()..]);
    if nots.any(|rest| {
        let rest = rest.strip_prefix("in ").unwrap_or(rest);
        !rest.starts_with("sp") && !rest.starts_with("service pack")
    }) {
        return true;
    }
    // "On single-processor computers", "for Alpha".
    static SOME: LazyLock<Regex> =
        pattern!(r"\bon (?:[a-z0-9-]+ ){0,4}(?:computers?|machines?|processors?|systems?|platforms?|hardware)\b");
    let pack = NUMBER.find(after).map(|pack| &after[pack.end()..]);
    pack.is_some_and(|rest| has_any("edition", rest) || SOME.is_match(rest))
}

/// "…, and was corrected again in": the subject is that of the verb before.
fn goes_on(clause: &str) -> bool {
    let rest = without_auxiliaries(clause);
    ["and", "or", ","].iter().any(|word| rest.ends_with(word))
}

/// The clause of a verb: the text after the last mark of punctuation that ends one.
fn clause_of(text: &str) -> &str {
    static ENDS: LazyLock<Regex> = pattern!(r"[;:] |[.?!]\x22? |\.(this|microsoft|it)\b| - |https?://\S+ ");
    let mut start = 0;
    for end in ENDS.captures_iter(text) {
        start = end.get(1).map(|word| word.start()).or(end.get(0).map(|end| end.end())).unwrap_or(start);
    }
    let text = &text[start..];
    match text.rfind('(') {
        Some(open) if !text[open..].contains(')') => &text[open + 1..],
        _ => text,
    }
}

/// A text without the auxiliary verbs and adverbs at its end.
fn without_auxiliaries(text: &str) -> &str {
    let mut rest = text.trim_end();
    loop {
        let word = rest.rsplit(' ').next().unwrap_or_default();
        if word.is_empty() || !is_any("auxiliary", word.trim_matches(',')) {
            return rest;
        }
        rest = rest[..rest.len() - word.len()].trim_end();
    }
}

/// True if a clause is the subject of "was corrected": the article's problem, or a file of it. `first`: it was "first corrected", which is
/// seldom said of anything else.
fn is_subject(clause: &str, first: bool) -> bool {
    let added = clause.trim_start().strip_prefix("in addition to ");
    let clause = added.and_then(|rest| Some(&rest[rest.find(", the ")? + 2..])).unwrap_or(clause);
    let clause = &clause[LEAD.find(clause).map_or(0, |lead| lead.end())..];
    let mut rest = without_auxiliaries(clause);
    if CONFIRMED.is_match(rest) {
        if ["and", "but", "which", "that"].iter().any(|word| rest.ends_with(&format!(" {word}"))) {
            return true;
        }
        let begins = [" this ", " these ", " the "].iter().filter_map(|word| rest.rfind(word)).max();
        rest = begins.map_or("", |at| &rest[at + 1..]);
    }
    // "For Schedule+ 7.5, this problem": the words before the comma are checked, too.
    let comma = [", this ", ", these ", ", the ", ", it"].iter().filter_map(|word| rest.find(word)).min();
    if let Some(at) = comma {
        let (lead, subject) = rest.split_at(at);
        let first = lead.split(' ').next().unwrap_or_default();
        if !["for", "in", "on", "with", "under"].contains(&first) || names(lead).any(|word| is_any("stop", word)) {
            return false;
        }
        rest = &subject[2..];
    }
    is_problem(rest, first)
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').map(|word| word.trim_matches([',', '(', ')', '"', '.', '\''])).filter(|word| !word.is_empty())
}

/// True for the name of a problem: "this problem", "the crash of the spooler described above", "Ntfs.sys".
fn is_problem(text: &str, is_first: bool) -> bool {
    const SHORT: usize = 6;
    const TEXTS: [&str; 12] = [
        "documentation",
        "article",
        "readme",
        "help",
        "list",
        "statement",
        "notes",
        "text",
        "workaround",
        "book",
        "topic",
        "wording",
    ];
    const PRONOUNS: [&str; 6] = ["this", "it", "these", "they", "that", "those"];
    const MOST: usize = 24;
    let mut own: Vec<&str> = names(text).collect();
    // "That are described in this article" is about the article's own problem.
    while let Some(at) = own.windows(3).position(|part| {
        matches!(part[0], "that" | "which") && matches!(part[1], "is" | "are") && is_any("described", part[2])
    }) {
        own.drain(at..at + 2);
    }
    let Some(first) = own.first() else { return false };
    let noun = |word: &&str| {
        is_any("noun", word)
            || word.strip_suffix('s').is_some_and(|word| is_any("noun", word))
            || word.strip_suffix("es").is_some_and(|word| is_any("noun", word))
            || word.strip_suffix("ies").is_some_and(|word| is_any("noun", &format!("{word}y")))
    };
    // A file or a product with its version: "Ntfs.sys", "SNA Server version 4.0" (Q159137, Q196037).
    let named = |word: &&str| word.contains('.') && word.len() > 2;
    let determiner =
        matches!(*first, "this" | "the" | "these" | "that" | "those" | "both" | "all" | "a" | "an" | "each" | "such");
    let alone = own.len() == 1 && (PRONOUNS.contains(first) || noun(first));
    let of_all = matches!(own.as_slice(), ["all" | "both" | "each", "of", "these" | "this" | "those" | "them"]);
    let later = |(at, word): (usize, &&str)| {
        at > 0 && (PRONOUNS.contains(word) || matches!(*word, "the" | "a" | "an")) && !is_joined(own[at - 1])
    };
    let adverb = |word: &&str| word.ends_with("ly") && !is_any("auxiliary", word) && *word != "only" && word.len() > 3;
    let stopped = |(at, word): (usize, &&str)| is_any("stop", word) && !(at == 0 && PRONOUNS.contains(word));
    // "The crash that is described in Q123456" is another article's.
    let is_id = |word: &&str| {
        let number = word.strip_prefix("kb").or_else(|| word.strip_prefix('q')).unwrap_or_default();
        number.len() > 4 && number.bytes().all(|b| b.is_ascii_digit())
    };
    if own.len() > MOST
        || own.iter().any(is_id)
        || own.iter().enumerate().any(stopped)
        || own.iter().enumerate().any(later)
        || own.iter().any(adverb)
    {
        return false;
    }
    let most = if is_first { SHORT } else { SHORT - 2 };
    // "The documentation of this problem was corrected."
    let mut head = own.iter().take_while(|word| !is_any("preposition", word));
    if head.clone().any(|word| TEXTS.contains(word)) && !head.any(noun) {
        return false;
    }
    // "The server side of this problem" is a part of it, its cause is all.
    const WHOLE: [&str; 8] = ["cause", "source", "reason", "root", "origin", "all", "both", "each"];
    let is_whole = |word: &&str| WHOLE.contains(word) || noun(word) && !word.starts_with("symptom");
    let of =
        own.windows(2).position(|pair| pair[0] == "of" && matches!(pair[1], "this" | "these" | "the" | "it" | "them"));
    let of_problem = of.filter(|&at| own[at + 1..].iter().any(|word| noun(word) || PRONOUNS.contains(word)));
    if of_problem.is_some_and(|at| !own[..at].iter().any(is_whole)) && !of_all {
        return false;
    }
    // "Problem 1" of several.
    if matches!(own.as_slice(), [_, number] if number.bytes().all(|b| b.is_ascii_digit())) {
        return false;
    }
    let plain = determiner && own.len() <= most;
    alone || of_all || plain || (determiner || noun(first)) && own.iter().any(noun) || own.iter().any(named)
}

/// True for a word after which a name goes on: a preposition, or "described".
fn is_joined(word: &str) -> bool {
    is_any("preposition", word) || is_any("described", word)
}

/// A later sentence that says that the problem is not gone.
static NOT_GONE: LazyLock<bytes::Regex> = byte_pattern!(concat!(
    r"\b(?:problem|issue|bug|behavior|error|symptom|message|leak|crash|failure|condition|vulnerability|it|they|this|these)s?\b[^.;]{0,60}\b(?:still|continues?|continued|persists?|persisted|remains?|remained|recurs?|recurred|re-?appears?|re-?appeared|returns?|returned|comes? back|came back|regressed)\b",
    r"|\b(?:is|was|has|are|were|have) not (?:yet )?(?:been )?(?:[a-z]+ly )?(?:corrected|fixed|resolved|solved|eliminated)\b|\b(?:unresolved|uncorrected|unfixed|re-?introduced|reopened|backed out|reverted)\b",
    r"|\b(?:this|that|the|these) (?:fix|correction|hotfix|change|service pack|update|solution|cure)(?:es|s)?\b[^.;]{0,40}\b(?:(?:is|was|proved to be|proved|turned out to be|are|were) (?:incomplete|insufficient|inadequate|partial|ineffective|incorrect|wrong|faulty|defective|withdrawn|removed|undone|lost|not (?:complete|sufficient|enough|effective|correct|fully|adequate))|(?:does|did|do) not (?:fully |completely |always |entirely )?(?:correct|fix|resolve|solve|address|eliminate|work|help|cover|apply|prevent|cure)|(?:fails|failed) to|only (?:partially|partly|effective|corrects?|fixes|resolves|works|applies|helps|covers|addresses)|[^.;]{0,30}\b(?:omitted|left out|lost|dropped|missing|excluded|overwritten|withdrawn)\b)",
    r"|\b(?:corrects?|fix(?:es)?|resolves?|solves?|eliminates?) (?:it|(?:this|the) [a-z]+) [^.]*\b(?:most|some|many|only|partly|partially)\b",
    r"|\b(?:complete|full|final|permanent) (?:fix|correction|solution)\b[^.]*\bnot\b|\b(?:occurs?|happens?|appears?) again\b|\b(?:nevertheless|nonetheless|withdrawn|withdrew)\b",
    r"|\b(?:it|this|that|problem) (?:is|was|has|does|did) not\W*$|\binformation (?:is|was) (?:out of date|outdated|obsolete|old)\b",
    r"|\b(?:statement|information|claim|this|that)\b[^.;]{0,12} (?:is|was|proved|turned out)(?: to be)? (?:incorrect|wrong|an error|a mistake|not (?:true|correct|the case|so)|untrue|false|inaccurate|premature)\b",
    r"|\b(?:additional|another|further|second|separate) (?:fix|hotfix|patch|update|correction)(?:es|s)? (?:is|are|was|were) (?:also )?(?:required|needed|necessary)\b",
    r"|^\W*(?:(?:however|in addition|additionally|also|but|unfortunately|nevertheless),? )?you (?:must|need to|have to) (?:also )?(?:install|apply|obtain) (?:this|the|a|an|that) (?:[a-z0-9]+ ){0,3}(?:hot ?fix|fix|patch)\b",
    r"|\bstill (?:see|report|experience|encounter|get|receive|fails?|stops?|hangs?|crash(?:es)?|occurs?|happens?|affected)\b|\bno longer (?:true|correct|the case)\b",
    r"|\b(?:tests?|reports?|customers|users)\b[^.;]{0,30}\b(?:show|showed|shown|say|found|prove|proved|revealed|reported?)\b[^.;]{0,60}\b(?:otherwise|opposite|contrary|problem|it|still)\b",
    r"|^\W*(?:also|additionally|in addition),? (?:install|apply|obtain) (?:this|the|a|an|that) (?:[a-z0-9]+ ){0,3}(?:hot ?fix|fix|patch)\b",
    r"|^\W*(?:install|apply|obtain) (?:this|the|a|an|that) (?:[a-z0-9]+ ){0,3}(?:hot ?fix|fix|patch)\b[^.]*\b(?:as well|too|also|in addition)\b",
    r"|^\W*(?:however|but|yet|unfortunately|nevertheless|nonetheless|even so|that said|despite this|in spite of this)\b[^.]*\b(?:problems?|issues?|bugs?|errors?|behavior|symptoms?|fix|correction|it)\b",
));

/// True if a sentence (in lower case) after the statement says that the problem is not gone.
pub(crate) fn is_denied_after(next: &str) -> bool {
    // "If the problem persists, contact …" is said of every cure.
    if next.trim_start().starts_with("if ") && !NUMBER.is_match(next) {
        return false;
    }
    // "For more information about a problem that is not corrected, see Q123456."
    if ["for more information", "for additional information", "for information"]
        .iter()
        .any(|start| next.trim_start().starts_with(start))
    {
        return false;
    }
    NOT_GONE.is_match(next.as_bytes())
}
