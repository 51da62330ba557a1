//! Lists of the problems that a service pack corrects: `List of Bugs Fixed in Windows NT 4.0 Service Pack 1, 2, and 3`
//! (Q224792). They tell which pack "the latest service pack" of an article was when the article was written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::Regex;

use super::document::Document;
use super::heading::is_top_heading;
use super::model::{Article, ListedPack, ServicePack};
use super::pack_products::{OwnProduct, PACK, numbered, product_names};
use super::vocabulary::pattern;
use hotfixcheck_types::KbId;

/// The title of such a list, and what it is about.
static TITLE: LazyLock<Regex> =
    pattern!(r"\b(?:bugs|problems|issues) (?:that (?:are|were) )?(?:fixed|corrected|resolved) in (.*)");
/// An entry: `Q135707 Programs Run at …`, `Q223492 - Registry Size …`.
static ENTRY: LazyLock<Regex> = pattern!(r"^ *(?:\* |- )?(Q[0-9]{5,6})(?: +-?|:) ?([A-Z].*)");

/// The entries of a list of corrected problems; nothing for any other article.
pub(crate) fn extract(document: &Document<'_>) -> Vec<ListedPack> {
    static FIXED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" in "));
    let none = Vec::new;
    if FIXED.find(document.title.as_bytes()).is_none() {
        return none();
    }
    let title = document.title.to_lowercase();
    let Some(titled) = TITLE.captures(&title).and_then(|found| found.get(1)) else { return none() };
    let titled = titled.as_str();
    // "SMS 2.0 SP4 HRP" is a rollup of hotfixes that came after SP4, not SP4 itself.
    let products = product_names(titled);
    if products.is_empty() || titled.contains("hrp") || titled.contains("rollup") {
        return none();
    }
    // "6/6a": the lower one has what the list names, unless the list says otherwise.
    let of_title = packs(titled.split('/').next().unwrap_or_default(), products[0]);
    let mut current = of_title.first().filter(|_| of_title.len() == 1).cloned();
    let lines = &document.lines;
    let Some(start) = (0..lines.len()).find(|&at| lines[at].trimmed().eq_ignore_ascii_case("more information")) else {
        return none();
    };
    let mut listed = none();
    for at in start + 1..lines.len() {
        let text = lines[at].trimmed();
        if is_top_heading(lines, at) && at > start + 1 {
            break;
        }
        let is_underlined = lines.get(at + 1).is_some_and(|next| is_ruler(next.trimmed()));
        if is_underlined && PACK.is_match(text.to_lowercase().as_bytes()) {
            let of_heading = packs(&text.to_lowercase(), products[0]);
            if let [pack] = &of_heading[..] {
                current = Some(pack.clone());
            }
        }
        let Some((entry, pack)) = ENTRY.captures(&lines[at].text).zip(current.as_ref()) else { continue };
        let (Some(id), Some(about)) = (entry.get(1), entry.get(2)) else { continue };
        let about = about.as_str().to_lowercase();
        let Ok(article) = id.as_str().parse::<KbId>() else { continue };
        // Other lists, and what the pack is or how it is obtained.
        if TITLE.is_match(&about) || about.contains("service pack") && about.contains("available") {
            continue;
        }
        for &product in &products {
            let pack = ServicePack { product: product.into(), sp: pack.clone().into() };
            listed.push(ListedPack { article, pack });
        }
    }
    listed
}

fn is_ruler(text: &str) -> bool {
    text.len() >= 4 && text.bytes().all(|byte| byte == b'-')
}

/// The numbers of the service packs that a text in lower case names.
fn packs(text: &str, product: &str) -> Vec<String> {
    let (mut found, mut beyond) = (Vec::new(), Vec::new());
    numbered(text, &OwnProduct::only(product), &mut found, &mut beyond);
    let numbers: BTreeSet<String> = found.into_iter().map(|pack| pack.sp.into_owned()).collect();
    numbers.into_iter().collect()
}

/// Gives the articles that require only "the latest service pack" the pack under which a list of corrected problems names
/// them. An article that states a pack by its number keeps it.
pub fn numbered_by_lists(mut articles: Vec<Article>) -> Vec<Article> {
    let mut lists: BTreeMap<KbId, BTreeSet<ServicePack>> = BTreeMap::new();
    for article in &mut articles {
        for listed in std::mem::take(&mut article.lists) {
            lists.entry(listed.article).or_default().insert(listed.pack);
        }
    }
    for article in &mut articles {
        let Some(listed) = lists.get(&article.id) else { continue };
        let packs = &article.service_packs;
        let is_open = |listed: &&ServicePack| {
            let mut own = packs.iter().filter(|own| own.product == listed.product).peekable();
            own.peek().is_some() && own.all(ServicePack::is_latest)
        };
        let known: Vec<ServicePack> = listed.iter().filter(is_open).cloned().collect();
        article.service_packs.retain(|pack| known.iter().all(|known| known.product != pack.product));
        article.service_packs.extend(known);
        article.service_packs.sort();
    }
    articles
}
