//! Service packs that correct the problem: sentences ("first corrected in Windows NT 4.0 Service Pack 4", "obtain
//! the latest service pack for …") and keywords (`kbWinNT400sp4fix`, `kbWinNT400PreSP7Fix`).

use std::cell::LazyCell;
use std::ops::{Deref, Range};
use std::sync::LazyLock;

use regex::bytes;

use super::document::Document;
use super::keyword_doubts;
use super::model::ServicePack;
use super::pack_against::{BROUGHT, BROUGHT_BEFORE, INSTEAD, INTRODUCED, NOT_BY, UNDONE, against, instead};
use super::pack_doubts::{self, Said};
use super::pack_keywords::from_keyword;
use super::pack_places::{IN_A_PARAGRAPH, STATES, lines_with_packs, until_next_statement};
use super::pack_products::{NUMBER, OwnProduct, PACK, PRODUCTS, correcting, latest, numbered};
use super::pack_sentences;
use super::paragraphs::{Paragraph, next_sentence, paragraphs};
use super::vocabulary::byte_pattern;

/// "This problem was corrected in": the pack follows.
static CORRECTED: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:was|were|been|is|are|be|first|also|problem|bug|now|and) (?:first |also |now |then )?(?:corrected|fixed|resolved|addressed|solved|eliminated)(?: again| by microsoft)? (?:in|by|with|starting with|as of|beginning with)\b|\b(?:this|the) (?:hot)?(?:fix|update|correction) (?:is|was)(?: also)?(?: now)?(?: first)? (?:included|contained|available) (?:in|with)\b|\b(?:complete|full|final|permanent) (?:hot)?(?:fix|correction|update) (?:is|was)(?: also)?(?: now)?(?: first)? (?:included|contained|available) (?:in|with)\b|\b(?:this|these|the updated|the corrected) files? (?:is|are) (?:also )?(?:included|available) in\b|\b(?:fixed|corrected|resolved) and is (?:now )?(?:included|available) in\b|\bfix that (?:corrects|fixes|resolves) this problem is (?:now )?available from microsoft and is included in\b|\bfix for this (?:issue|problem) (?:(?:is|was) (?:now |also )?)?(?:included|available|contained) in\b|\b(?:updated|corrected|fixed) (?:version of \S+|\S+ file)(?:, which fixes [^,]{3,40},)? is (?:also )?(?:included|available|contained) in\b|\bthere is an? (?:updated|corrected|fixed) version of \S+ available (?:in|on|with)\b|\breleased (?:this|the) (?:update|fix|hotfix|file) as part of\b|\b(?:this|the) (?:update|fix|hotfix|file) (?:is|was)(?: also)? released as part of\b|\bwait for and (?:apply|install)\b|\bto (?:obtain|get) (?:this|the (?:updated|corrected)) (?:file|files|fix|update), (?:apply|install)\b|\bobtain the (?:alternate|updated|corrected|fixed|new|newer) \S+ files? from\b"
);

/// "This feature was first included in": the pack follows. It counts if the article states the files of the feature
/// (Q218439); other articles only describe what a pack brings (Q236847).
static FEATURE: LazyLock<bytes::Regex> =
    byte_pattern!(r"\bthis feature (?:is|was) (?:first |also )?(?:included|available) in\b");
const FILES_OF_FEATURE: &str = "of this feature should have";

/// The text before it is about the problem of the article itself: "this problem has been", "it was".
static OWN_PROBLEM: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?:\b(?:this|these|the) (?:problem|bug|issue|behavior|error|symptom|limitation|vulnerability|condition)s?|(?:^|[:;]) ?it)(?: (?:has|have|had|was|were|is|are|been|also|first|now))* ?$"
);

/// The text before it refers to other problems than the article's: to a list of them, or to a similar one.
static ABOUT_OTHERS: LazyLock<bytes::Regex> = byte_pattern!(
    r"^\W*for (?:a|an|another|other|some|more|additional|further) (?:[a-z]+ )?(?:problem|bug|issue|error)s? (?:that|which) ?$|\binformation (?:about|on|regarding) [^.]*\b(?:bugs|issues|problems|fixes|hotfixes)\b[^.]*$|\b(?:a|an|another|the|this) (?:similar|related|different|separate|unrelated|other|earlier|previous|second|further) (?:(?:but|and) [a-z]+ )?(?:problem|bug|issue|error|behavior|symptom|condition|vulnerability|leak|deadlock)\b[^.;:]*$|\banother (?:problem|bug|issue|error|leak|deadlock)\b[^.;:]*$|\b(?:problem|bug|issue|error|behavior)s? (?:that (?:is|are|was|were) )?(?:described|documented|discussed) in (?:(?:the )?(?:(?:microsoft )?knowledge base )?article )?(?:kb|q)? ?\d{5,7}\b[^.;:]*$"
);

/// "Obtain the latest service pack for": the product follows.
static OBTAIN: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?:^|[.:,;] |\b(?:resolution|problem|issue|this|behavior|either|please|you (?:must|should|can)) )(?:obtain|download and install|install|apply|upgrade to|update to|update your \S+ \S+ to|get|use|download)(?: and (?:apply|install))? the (?:latest|most recent|current)\b"
);

/// "To resolve this problem, install": the pack follows. "The latest" is [`OBTAIN`]'s.
static RESOLVES: LazyLock<bytes::Regex> = byte_pattern!(
    r"\bto (?:resolve|correct|fix|solve|eliminate) (?:this|the) (?:problem|issue|behavior|error)s?,? (?:please )?(?:(?:obtain|download) and )?(?:install|apply|upgrade to|update to|obtain)\b"
);

/// Text before the pack which says that it is not the pack that resolves: "install the fix", "before installing",
/// "install the driver that is included with" (Q169126), "install (or reapply, if it is already installed)" (Q319884).
static NOT_THE_PACK: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:fix|before|prior to|after|from|without|then|drivers?|files?|that|which|included|re-?appl(?:y|ied)|re-?install(?:ed)?)\b"
);

/// Text after the pack which says that a part of it is meant ("Service Pack 6 Terminal Edition fix", Q246729), or that to
/// have it is not enough ("Service Pack 4 again").
static PART_OF_THE_PACK: LazyLock<bytes::Regex> =
    byte_pattern!(r"^ ?(?:\([^()]*\) ?)?(?:[a-z]+ ){0,2}(?:fix|drivers?|files?|again)\b");

/// The sentence after "install Service Pack 3" that asks for more ("Then apply the hotfix") or says that the pack is
/// not enough ("If you are already running SP 3 …", Q262982).
static THEN_MORE: LazyLock<bytes::Regex> = byte_pattern!(
    r"^\W*(?:\d\W+)?(?:then|next|after|afterwards|once|when|in addition|also|additionally)\b[^.]*\b(?:hot ?fix|fix|patch|update)\b|^\W*if you (?:are |have )?(?:already|still)\b"
);

/// Text after "the latest service pack" that says that the pack alone is not enough: "… and then apply the hotfix".
static THEN_HOTFIX: LazyLock<bytes::Regex> = byte_pattern!(
    r"\bservice pack\b[^;]*\b(?:and then|then|and) (?:apply|install|obtain|use|download|request) (?:this|the|that|a) (?:following |latest |[a-z]+ )?(?:hot ?fix|fix|patch|update)\b"
);

static LATEST: LazyLock<bytes::Regex> = byte_pattern!(r"^ ?(?:the )?(?:latest|most recent|current)\b");

/// The service packs that the sentences of an article state.
#[derive(Default)]
struct Stated {
    /// The service packs that correct the problem, and whether the sentence is about the article's own problem.
    corrected: Vec<(ServicePack, bool)>,
    /// The service packs that caused the problem.
    brought: Vec<ServicePack>,
    /// The service packs that brought the problem back, so that no earlier one corrects it.
    undone: Vec<ServicePack>,
    /// The service packs with which the problem does not occur.
    absent: Vec<ServicePack>,
    /// The numbers of packs, of which the text does not say of which of the article's products, that brought the problem or do not
    /// correct it (Q226487).
    vague: Vec<u32>,
    /// The service packs for which the text says that something later corrects the problem: a rollup, a hotfix.
    beyond: Vec<ServicePack>,
}

/// Reads sentences and keywords; each service pack once, ordered by product and number. `text` is the text that the
/// document was read from.
///
/// The sentences decide. Of several that name a number for one product, those about "this problem" ("first corrected
/// in") count, without the pack that caused it (Q236949: "was fixed in Service Pack 4. This fix introduced the
/// symptom"). Keywords count only for products for which the sentences name no number (Q239447: the keyword says 6, the
/// text 6a).
pub(crate) fn extract(document: &Document<'_>, text: &str) -> Vec<ServicePack> {
    let own = OwnProduct::of(&document.products);
    let mut stated = Stated::default();
    for paragraph in paragraphs(&document.lines, lines_with_packs(document, text)) {
        if IN_A_PARAGRAPH.is_match(&paragraph.text) && STATES.is_match(&paragraph.text) {
            from_text(&paragraph, document, &own, &mut stated);
            if paragraph.text.contains("his feature ") && text.contains(FILES_OF_FEATURE) {
                from_feature(&paragraph, &own, &mut stated);
            }
        }
    }
    let Stated { mut corrected, brought, undone, beyond, absent, vague } = stated;
    if !absent.is_empty() {
        // "Does not occur in Service Pack 3" may also mean that a later pack brought the problem.
        let highest = highest_named(document, text);
        let cures = |pack: &ServicePack| {
            !brought.iter().any(|other| other.product == pack.product)
                && !corrected.iter().any(|(other, _)| other.product == pack.product)
                && highest.is_none_or(|highest| pack.number().is_some_and(|own| own >= highest))
        };
        let cured: Vec<(ServicePack, bool)> = absent.into_iter().filter(cures).map(|pack| (pack, false)).collect();
        corrected.extend(cured);
    }
    let cures = |pack: &ServicePack| !undone.iter().any(|later| is_before(pack, later) || pack == later);
    corrected.retain(|(pack, _)| cures(pack));
    let is_number = |pack: &ServicePack| !pack.is_latest();
    let of_own_problem =
        |product: &str| corrected.iter().any(|(pack, own)| *own && is_number(pack) && pack.product == product);
    let is_vague = |pack: &ServicePack| pack.number().is_some_and(|own| vague.contains(&own));
    let counts = |pack: &ServicePack, own: bool| {
        !is_number(pack) || own || (!of_own_problem(&pack.product) && !brought.contains(pack) && !is_vague(pack))
    };
    let mut found: Vec<ServicePack> =
        corrected.iter().filter(|(pack, own)| counts(pack, *own)).map(|(pack, _)| pack.clone()).collect();
    let told = |product: &str| found.iter().any(|pack| is_number(pack) && pack.product == product);
    // kbWinNT4sp6fix stands in most articles that are on Terminal Server Edition alone (Q231616): of a Windows that the product list
    // leaves out, only the text says something.
    let is_listed = |pack: &ServicePack| !own.leaves_out(&pack.product);
    let keywords = document.keywords.iter().filter_map(|k| from_keyword(k)).filter(cures).filter(is_listed);
    // "First corrected in the SP4 Hotfix Rollup Package": SP4 is not a fix, even if a keyword says so.
    let is_beyond = |pack: &ServicePack| beyond.iter().any(|had| is_before(pack, had) || pack == had);
    let mut keywords: Vec<ServicePack> = keywords
        .filter(|pack| !told(&pack.product) && !brought.contains(pack) && !is_beyond(pack) && !is_vague(pack))
        .collect();
    if !keywords.is_empty() {
        let (doubted, vague) = keyword_doubts::doubted(document, text, &own);
        keywords.retain(|pack| {
            let is_vague = pack.number().is_some_and(|own| vague.contains(&own));
            !doubted.contains(pack) && !is_vague && !keyword_doubts::is_about(pack, &document.products)
        });
    }
    found.extend(keywords);
    // A name without keywords only shows that another product is meant ("the latest Visual Studio service pack",
    // Q271612).
    let is_kept = |pack: &ServicePack| PRODUCTS.iter().any(|p| p.name == pack.product && !p.keywords.is_empty());
    found.retain(is_kept);
    found.sort();
    found.dedup();
    found
}

/// The highest number of a service pack that an article names, of whatever product.
fn highest_named(document: &Document<'_>, text: &str) -> Option<u32> {
    let paragraphs = paragraphs(&document.lines, lines_with_packs(document, text));
    let highest = |paragraph: Paragraph| {
        let lower = paragraph.text.to_lowercase();
        NUMBER.captures_iter(&lower).filter_map(|number| number.get(3)?.as_str().parse::<u32>().ok()).max()
    };
    paragraphs.filter_map(highest).max()
}

/// True for an earlier service pack of the same product.
fn is_before(pack: &ServicePack, other: &ServicePack) -> bool {
    pack.product == other.product && pack.number().zip(other.number()).is_some_and(|(own, later)| own < later)
}

fn from_feature(paragraph: &Paragraph, own: &OwnProduct<'_>, stated: &mut Stated) {
    for sentence in paragraph.sentences() {
        let text = paragraph.text[sentence].to_lowercase();
        let Some(verb) = FEATURE.find(text.as_bytes()) else { continue };
        let rest = until_next_statement(&text[verb.end()..]);
        let mut found = Vec::new();
        if LATEST.is_match(rest.as_bytes()) {
            latest(rest, own, &mut found);
        } else {
            numbered(rest, own, &mut found, &mut Vec::new());
        }
        stated.corrected.extend(found.into_iter().map(|pack| (pack, false)));
    }
}

fn from_text(paragraph: &Paragraph, document: &Document<'_>, own: &OwnProduct<'_>, stated: &mut Stated) {
    let sentences = paragraph.sentences();
    let alone = sentences.len() == 1;
    // The packs that the sentence before says do not have the fix.
    let mut lacking: Vec<ServicePack> = Vec::new();
    for (at, sentence) in sentences.iter().enumerate() {
        let lacked = std::mem::take(&mut lacking);
        if !STATES.is_match(&paragraph.text[sentence.clone()]) {
            continue;
        }
        let text = paragraph.text[sentence.clone()].to_lowercase();
        if !PACK.is_match(text.as_bytes()) && !NUMBER.is_match(&text) {
            continue;
        }
        let after = || following(paragraph, document, &sentences[at + 1..]);
        let text = pack_sentences::usual(text, alone, after);
        let denied = LazyCell::new(|| is_denied(&text, &after(), own));
        if let Some(pack) = pack_sentences::absent(&text) {
            let into = if *denied { &mut stated.undone } else { &mut stated.absent };
            numbered(pack, own, into, &mut Vec::new());
        }
        // "This problem was introduced in Service Pack 4."
        for verb in INTRODUCED.find_iter(text.as_bytes()) {
            let rest = &text[verb.end()..];
            let end = CORRECTED.find(rest.as_bytes()).map_or(rest.len(), |next| next.start());
            against(until_next_statement(&rest[..end]), own, &mut stated.brought, &mut stated.vague);
        }
        stated.corrected.extend(instead(&text, &lacked).into_iter().map(|pack| (pack, true)));
        for verb in UNDONE.find_iter(text.as_bytes()) {
            let rest = until_next_statement(&text[verb.end()..]);
            let rest = &rest[..CORRECTED.find(rest.as_bytes()).map_or(rest.len(), |next| next.start())];
            let turn = rest.find(" but ").filter(|at| INSTEAD.is_match(&rest.as_bytes()[*at..]));
            let (rest, then) = rest.split_at(turn.unwrap_or(rest.len()));
            against(rest, own, &mut lacking, &mut stated.vague);
            stated.corrected.extend(instead(then, &lacking).into_iter().map(|pack| (pack, true)));
        }
        stated.undone.extend(lacking.iter().cloned());
        if let Some(denied) = NOT_BY.find(text.as_bytes()) {
            const INSTALLED: [&str; 6] =
                ["install ", "installing ", "apply ", "applying ", "upgrade to ", "upgrading to "];
            let before = &text[..denied.start()];
            let installed = INSTALLED.iter().filter_map(|word| Some(before.rfind(word)? + word.len())).max();
            let named = &text[installed.unwrap_or_default()..denied.end()];
            against(named, own, &mut stated.undone, &mut stated.vague);
        }
        for pack in pack_sentences::causes(&text) {
            against(pack, own, &mut stated.brought, &mut stated.vague);
        }
        corrections((&text, &document.title), own, stated, &denied, || {
            let next = sentences.get(at + 1)?;
            Some(paragraph.text[next.clone()].to_lowercase())
        });
    }
}

/// Adds the packs of a sentence in lower case, in an article with this title. `denied`: what follows says that the problem is not gone.
fn corrections(
    (text, title): (&str, &str),
    own: &OwnProduct<'_>,
    stated: &mut Stated,
    denied: &dyn Deref<Target = bool>,
    next: impl Fn() -> Option<String>,
) {
    let brought_before = |next: String| BROUGHT_BEFORE.is_match(next.as_bytes());
    // Most statements are about this problem; the next sentence is not checked for those.
    let mut brought = None;
    // Whether a statement before in the sentence has a subject that the next one may share, and is about the article's own problem.
    let mut before = (false, false);
    for verb in CORRECTED.find_iter(text.as_bytes()) {
        // "For information about the issues that are resolved in SP6a" (Q278407) is not about the article's problem.
        if ABOUT_OTHERS.is_match(&text.as_bytes()[..verb.start()]) {
            continue;
        }
        let said = match pack_doubts::said(text, verb.range(), before.0, title) {
            Said::Sure if **denied => Said::Doubtful,
            said => said,
        };
        let rest = until_next_statement(&text[verb.end()..]);
        let rest = &rest[..UNDONE.find(rest.as_bytes()).map_or(rest.len(), |undone| undone.start())];
        let (mut found, mut beyond) = (Vec::new(), Vec::new());
        if let Some(word) = LATEST.find(rest.as_bytes()) {
            latest(rest, own, &mut found);
            // "In the latest service pack (SP3)" (Q263365).
            if rest.contains("service pack (sp") {
                let pack = rest[word.end()..].replace("service pack (sp", "service pack ");
                correcting(&pack, own, &mut found, &mut beyond);
            }
            if said == Said::Sure {
                stated.beyond.append(&mut beyond);
                stated.corrected.extend(found.into_iter().map(|pack| (pack, false)));
            }
            continue;
        }
        correcting(rest, own, &mut found, &mut beyond);
        let own_problem = verb.as_bytes().starts_with(b"first ")
            || verb.as_bytes().windows(7).any(|part| part == b" first ")
            || OWN_PROBLEM.is_match(&text.as_bytes()[..verb.start()])
            || before.1;
        let mut is_brought =
            || *brought.get_or_insert_with(|| BROUGHT.is_match(text.as_bytes()) || next().is_some_and(brought_before));
        if (!own_problem || said == Said::OfAnother) && is_brought() {
            stated.brought.append(&mut found);
            continue;
        }
        before = (said != Said::OfAnother, own_problem);
        match said {
            Said::OfAnother => {}
            Said::Doubtful => stated.undone.append(&mut found),
            Said::Sure => {
                stated.beyond.append(&mut beyond);
                stated.corrected.extend(found.into_iter().map(|pack| (pack, own_problem)));
            }
        }
    }
    for verb in RESOLVES.find_iter(text.as_bytes()) {
        let rest = until_next_statement(&text[verb.end()..]);
        let pack = NUMBER.find(rest).map_or(rest.len()..rest.len(), |number| number.range());
        let whole = !THEN_HOTFIX.is_match(rest.as_bytes())
            && !NOT_THE_PACK.is_match(&rest.as_bytes()[..pack.start])
            && !PART_OF_THE_PACK.is_match(&rest.as_bytes()[pack.end..])
            && !next().is_some_and(|next| THEN_MORE.is_match(next.as_bytes()))
            && !pack_doubts::is_doubted_advice(&text[..verb.start()], &text[verb.end()..]);
        if whole && !LATEST.is_match(rest.as_bytes()) {
            let mut found = Vec::new();
            correcting(rest, own, &mut found, &mut stated.beyond);
            if **denied {
                stated.undone.append(&mut found);
            }
            stated.corrected.extend(found.into_iter().map(|pack| (pack, false)));
        }
    }
    for verb in OBTAIN.find_iter(text.as_bytes()) {
        let (before, after) = (&text[..verb.start()], &text[verb.end()..]);
        if THEN_HOTFIX.is_match(after.as_bytes()) || pack_doubts::is_doubted_advice(before, after) || **denied {
            continue;
        }
        let mut found = Vec::new();
        latest(until_next_statement(after), own, &mut found);
        stated.corrected.extend(found.into_iter().map(|pack| (pack, false)));
    }
}

/// The sentences after a statement, in lower case: the rest of its paragraph, and the first one of the next paragraph of
/// the same part.
fn following(paragraph: &Paragraph, document: &Document<'_>, rest: &[Range<usize>]) -> Vec<String> {
    let own = rest.iter().map(|sentence| paragraph.text[sentence.clone()].to_lowercase());
    own.chain(next_sentence(&document.lines, paragraph.end())).collect()
}

/// True if one of the sentences after a statement says that the problem is not gone, before the next one that names a pack
/// that corrects it.
fn is_denied(text: &str, following: &[String], product: &OwnProduct<'_>) -> bool {
    let packs = |text: &str| -> Vec<ServicePack> {
        let mut found = Vec::new();
        numbered(text, product, &mut found, &mut Vec::new());
        found
    };
    let numbers = |text: &str| -> Vec<String> {
        NUMBER.captures_iter(text).filter_map(|number| Some(number.get(3)?.as_str().to_owned())).collect()
    };
    let own = numbers(text);
    let states = |next: &&String| CORRECTED.is_match(next.as_bytes()) && NUMBER.is_match(next);
    following.iter().take_while(|next| !states(next)).any(|next| {
        let named = numbers(next);
        // "The update in Service Pack 4 only corrects part of the problem" does not deny Service Pack 5.
        let is_of_other = || {
            let (named, own) = (packs(next), packs(text));
            // "This problem was not corrected in Windows NT Server 4.0, Terminal Server Edition Service Pack 5": another product.
            !named.is_empty()
                && !own.is_empty()
                && named.iter().all(|one| own.iter().all(|of| of.product != one.product))
        };
        (named.is_empty() || own.is_empty() || named.iter().any(|number| own.contains(number)))
            && pack_doubts::is_denied_after(next)
            && !is_of_other()
    })
}
