//! Whether an article's text speaks against a service pack that only its keywords name. In: the document. Out: the packs of
//! sentences about trouble with a pack: it brought the problem, still has it, or is to be removed. A keyword
//! counts only where the text is silent (issue 13): here a word of trouble beside the pack is enough.

use std::sync::LazyLock;

use regex::bytes;

use super::document::Document;
use super::model::ServicePack;
use super::pack_after::listed_pack;
use super::pack_against::against;
use super::pack_places::{IN_A_PARAGRAPH, lines_with_packs};
use super::pack_products::{OwnProduct, product_names};
use super::paragraphs::paragraphs;
use super::vocabulary::byte_pattern;

/// Words that say that a pack brought the problem, still has it, or is to be removed.
static TROUBLE: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:introduc\w+|caus(?:e|es|ed|ing)\b|regress\w*|br(?:oke|oken|eaks?|ings?|ought)\b|creat(?:es|ed)\b|trigger\w*|result(?:s|ed|ing)? (?:of|from|in)\b|side effects?\b|consequence|responsible|to blame|due to|because of|since\b|still\b|also (?:occurs?|happens?|exists?|affects?|appears?|has|have)|continu\w+|persist\w*|remain\w*|recur\w*|return\w*|(?:re-?)?appear\w*|occurs?\b|occurred|happen\w*|exists?\b|existed|began|begins?\b|beg[au]n\b|starts? (?:in|with|after)|started|affect\w*|present in|new (?:in|to|with)|seen (?:in|with|on|after)|noticed|surfaced|encounter\w*|experience\w*|not (?:yet )?(?:been )?(?:corrected|fixed|resolved|addressed|solved|included|contained|available|part)|(?:does|did|do) not|fails?\b|failed|(?:problem|bug|issue|error|defect|fault|flaw|behavior|incompatib\w+) (?:in|of|with)\b|(?:after|when|once|if) (?:you |you have |having )?(?:install|appl|upgrad|updat)\w*)"
);

/// A pack that is to be removed, or that is said to be the origin, whatever else the sentence says.
static REMOVED: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:(?:remov|uninstall|de-?install|revert|downgrad)\w*|(?:roll|go|chang)(?:ed|ing|s|es)? ?back|back(?:ed|ing)? out|(?:introduced|caused|brought|created|broken|triggered) (?:in|by|with) )"
);

/// Words that turn such a sentence: with the pack, the problem is gone.
static GONE: LazyLock<bytes::Regex> = byte_pattern!(
    r"\bno longer\b|\b(?:does|will|do) not (?:occur|happen|appear|exist)\b|\b(?:prior to|before|earlier than|older than|previous to|preceding)\b|\bto (?:resolve|correct|fix|solve|eliminate|work around|avoid|prevent)\b|\b(?:includes|contains|has) (?:also )?(?:a|the|this) (?:fix|correction|change)\b|\bfirst included\b|\bstill available\b|\bif you do not (?:install|apply|have)\b|\b(?:perform|use|follow) (?:the|these) (?:following )?steps\b"
);

/// The title of another article: `Q171550 FIX: Recompiling with SP2 Breaks Binary Compatibility` (Q175450).
static OTHERS_TITLE: LazyLock<bytes::Regex> = byte_pattern!(r"^\W*q[0-9]{5,6} |\bq[0-9]{5,6} .*\bq[0-9]{5,6} ");

/// The packs that sentences of trouble name, and the numbers of those whose product they do not name.
pub(crate) fn doubted(document: &Document<'_>, text: &str, own: &OwnProduct<'_>) -> (Vec<ServicePack>, Vec<u32>) {
    let (mut packs, mut vague) = (Vec::new(), Vec::new());
    for paragraph in paragraphs(&document.lines, lines_with_packs(document, text)) {
        if !IN_A_PARAGRAPH.is_match(&paragraph.text) {
            continue;
        }
        for sentence in paragraph.sentences() {
            let sentence = paragraph.text[sentence].to_lowercase();
            let is_so = |pattern: &bytes::Regex| pattern.is_match(sentence.as_bytes());
            if (is_so(&REMOVED) || is_so(&TROUBLE) && !is_so(&GONE)) && !is_so(&OTHERS_TITLE) {
                against(&sentence, own, &mut packs, &mut vague);
            }
        }
    }
    (packs, vague)
}

/// True if the article is only about the product with this pack or later ones: the problem is one of the pack (Q262677, on
/// Systems Management Server 2.0 SP2 alone).
pub(crate) fn is_about(pack: &ServicePack, products: &[String]) -> bool {
    // A product without a pack is the original release.
    let number = |listed: &String| match listed_pack(listed, &pack.product) {
        Some((number, _)) => Some(number),
        None => product_names(&listed.to_lowercase()).contains(&&*pack.product).then_some(0),
    };
    products.iter().filter_map(number).min().zip(pack.number()).is_some_and(|(least, own)| least >= own)
}
