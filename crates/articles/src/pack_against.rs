//! What speaks against a service pack: it brought the problem, lacks the fix, or has the problem again. In: sentences in lower case. Out:
//! patterns for such statements, and the packs that they name.

use std::sync::LazyLock;

use regex::bytes;

use super::model::ServicePack;
use super::pack_places::until_next_statement;
use super::pack_products::{NUMBER, OwnProduct, numbered};
use super::vocabulary::byte_pattern;

/// The next sentence says that the fix caused the problem: "This fix introduced the symptom" (Q236949), "This fix
/// caused this problem" (Q241840).
pub(crate) static BROUGHT_BEFORE: LazyLock<bytes::Regex> = byte_pattern!(
    r"^\W*(?:however,? |but |unfortunately,? |in turn,? )?(?:(?:this|that|the) (?:(?:new|same) )?(?:hot)?(?:fix|correction|change|update|modification|service pack)(?: [a-z]+){0,3}? (?:introduced|introduces|caused|causes|created|creates|broke|breaks|brought|brings|triggered|triggers|resulted in|results in|led to|leads to|(?:is|was|(?:also )?became|may be|can be) (?:also )?(?:the|a|one) (?:cause|reason|source)|(?:is|was) (?:responsible|to blame))\b|(?:as a (?:result|consequence|side effect) of|because of|due to|after|with|since) (?:this|that|the|these|those) (?:(?:new|same) )?(?:hot)?(?:fix|correction|change|update|modification|service pack)(?:es|s)?\b|since (?:then|that time)\b|(?:it|this) (?:is|was) not (?:this|the (?:present|same))\b|(?:the|this) (?:present|new) (?:problem|symptom|behavior|issue) (?:is|was) (?:a |the )?(?:result|consequence|side effect|caused)\b)"
);

/// The sentence itself names the pack as the cause: "was fixed in Service Pack 4, which introduced this problem".
pub(crate) static BROUGHT: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:which|but|and|however,?|;) (?:(?:this|that|the) )?(?:(?:hot)?(?:fix|correction|change|update) )?(?:introduced|introduces|caused|causes|broke|breaks|brought|brings|triggered|triggers|created|creates) (?:this|the|these|a new|another|new)\b|^\W*(?:after|since|once|when|because(?: of)?|due to|as a result of) (?:a|an|the|another|some) [^,]*\b(?:was|were|has been|had been|is) (?:corrected|fixed|resolved|addressed)\b"
);

/// "was reintroduced in", "the correction was removed in": the pack that follows has the problem again.
pub(crate) static UNDONE: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:re-?introduced|reappear(?:s|ed)|recur(?:s|red)|returned|came back|occurs again|regressed|broken again) (?:again )?(?:in|by|with|after)\b|\b(?:fix|hotfix|correction|change|update|modification) (?:is|was|has been|had been) (?:later |then |again )?(?:removed|undone|reverted|withdrawn|backed out|lost|overwritten) (?:again )?(?:in|by|with|from)\b|\b(?:this|the) (?:fix|hotfix|correction|change|update|modification) (?:is|was) not (?:yet )?(?:included |contained |available |present )?(?:in|part of)\b|\b(?:this|the) (?:problem|bug|issue|behavior|error|fix|hotfix|correction) (?:is|was|has) not (?:been )?(?:corrected|fixed|resolved|included) (?:in|by|with)\b"
);

/// After a pack that does not have the fix: "It is included in Service Pack 4", ", but is included in".
pub(crate) static INSTEAD: LazyLock<bytes::Regex> = byte_pattern!(
    r"^\W*(?:(?:however|instead|rather|but),? )*(?:(?:it|they|this|the fix|this fix|the hotfix|this hotfix|the correction|the update|this update) )?(?:is|was|are|were|will be|has been) (?:first |instead |rather |now |however |only )?(?:included|contained|available|corrected|fixed) (?:in|with|as part of)\b"
);

/// After a pack: it does not correct the problem, or the problem returns with it.
pub(crate) static NOT_BY: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:does|did) not (?:yet )?(?:(?:correct|fix|resolve|solve|address|eliminate) (?:this|the|it)\b|(?:contain|include) (?:this|the) (?:fix|hotfix|correction)\b)|\b(?:problem|bug|issue|behavior|error|symptom|it) (?:then )?(?:returns|recurs|reappears|comes back|occurs again|is back)\b|\b(?:problem|update|fix|correction|change) in [^.;]{2,40} only (?:corrects|fixes|resolves|addresses) (?:a |one )?parts?\b"
);

/// "This problem was introduced in": the pack follows.
pub(crate) static INTRODUCED: LazyLock<bytes::Regex> =
    byte_pattern!(r"\b[Ii]ntroduced (?:in|by|with|by installing|when you (?:install|apply))\b");

/// Adds the packs of a text that speaks against them, or their numbers where it names no product.
pub(crate) fn against(text: &str, own: &OwnProduct<'_>, into: &mut Vec<ServicePack>, vague: &mut Vec<u32>) {
    let before = into.len();
    numbered(text, own, into, &mut Vec::new());
    if into.len() == before {
        // "A post-SP2 hotfix" is not SP2 (Q192349).
        let is_pack = |number: &regex::Captures<'_>| {
            let before = text[..number.get(0).map_or(0, |all| all.start())].trim_end_matches([' ', '-']);
            !before.ends_with("post") && !before.ends_with("pre")
        };
        let numbers = NUMBER.captures_iter(text).filter(is_pack);
        vague.extend(numbers.filter_map(|number| number.get(3)?.as_str().parse::<u32>().ok()));
    }
}

/// The packs of "it is included in Service Pack 4" after packs that lack the fix; a pack without a product is theirs.
pub(crate) fn instead(text: &str, lacking: &[ServicePack]) -> Vec<ServicePack> {
    let mut found = Vec::new();
    let Some((verb, before)) = INSTEAD.find(text.as_bytes()).zip(lacking.last()) else { return found };
    let rest = until_next_statement(&text[verb.end()..]);
    numbered(rest, &OwnProduct::only(&before.product), &mut found, &mut Vec::new());
    found.retain(|pack| !lacking.contains(pack));
    found
}
