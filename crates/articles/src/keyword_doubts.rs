//! Whether an article's text may speak against a service pack that only its keywords name. A keyword counts only where the text
//! is silent (issue 13). In: the document. Out: the packs of all sentences but those that are known to say nothing
//! against a pack: there are more words for trouble than can be listed.

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

/// A pack that is to be removed, that is said to be the origin, or that does not have the fix, whatever else the sentence says.
static AGAINST: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:(?:remov|uninstall|de-?install|revert|downgrad)\w*|(?:roll|go|chang)(?:ed|ing|s|es)? ?back|back(?:ed|ing)? out|(?:introduced|caused|brought|created|broken|triggered) (?:in|by|with)|not (?:yet |been |fully |completely |always )*(?:corrected|fixed|resolved|eliminated|solved|addressed)|still|again)\b"
);

/// Sentences that name a pack and say nothing against it: the problem is gone with it, it is to be installed against the
/// problem, or it is described elsewhere.
static NOT_AGAINST: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:problem|issue|behavior|error|symptom|bug)s? [^.]{0,40}?(?:no longer|(?:does|do|will) not) (?:occur|happen|appear|exist)s?\b|\bto (?:resolve|correct|fix|solve|eliminate|avoid|prevent) (?:this|the|these) (?:problem|issue|behavior|error|symptom)s?,? (?:please )?(?:obtain|download|install|apply|upgrade to)\b|\b(?:includes|contains|has) (?:also )?(?:a|the|this) (?:fix|correction)\b|\b(?:corrects|fixes|resolves|eliminates|solves) (?:this|the|these) (?:problem|issue|behavior|error|bug)s?\b|\b(?:corrected|fixed|resolved|eliminated|solved|addressed) (?:in|by|with)\b|\b(?:fix(?:es)?|hotfix(?:es)?|patch(?:es)?|corrections?) (?:is|are|was|were) (?:also )?(?:included|contained|available) (?:in|with)\b|\bfirst included\b|^\W*(?:for (?:more|additional|further) information|for (?:a|the) (?:[a-z]+ )?list|see|how to obtain|click|(?:please )?upgrade to) "
);

/// The title of another article: `Q171550 FIX: Recompiling with SP2 Breaks Binary Compatibility` (Q175450).
static OTHERS_TITLE: LazyLock<bytes::Regex> = byte_pattern!(r"^\W*q[0-9]{5,6} |\bq[0-9]{5,6} .*\bq[0-9]{5,6} ");

/// Paragraphs that state for which products the article is: its head, the list, and the properties at its end.
static PROPERTIES: LazyLock<bytes::Regex> = byte_pattern!(
    r"^\W*(?i:document ?:|the information in this article applies to|keywords ?:)|^\W*[-*] ?(?i:microsoft )"
);

/// The packs that sentences name which may speak against them, and the numbers of those whose product they do not name.
pub(crate) fn doubted(document: &Document<'_>, text: &str, own: &OwnProduct<'_>) -> (Vec<ServicePack>, Vec<u32>) {
    let (mut packs, mut vague) = (Vec::new(), Vec::new());
    for paragraph in paragraphs(&document.lines, lines_with_packs(document, text)) {
        if PROPERTIES.is_match(paragraph.text.as_bytes()) || !IN_A_PARAGRAPH.is_match(&paragraph.text) {
            continue;
        }
        for sentence in paragraph.sentences() {
            let sentence = paragraph.text[sentence].to_lowercase();
            let is_so = |pattern: &bytes::Regex| pattern.is_match(sentence.as_bytes());
            if is_so(&AGAINST) || !is_so(&NOT_AGAINST) && !is_so(&OTHERS_TITLE) {
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
