//! Articles that name only "the latest service pack", and in their list of products those that have the problem: the correction
//! came after them (Q240969: "Windows NT Server 4.0 SP4").

use super::model::{Article, ServicePack};
use super::pack_products::{NUMBER, product_names};

/// Writes `after 4` for `latest` where the list of products names Service Pack 4 of the same product as the highest.
pub fn after_listed_packs(mut articles: Vec<Article>) -> Vec<Article> {
    for article in &mut articles {
        let open = |pack: &&mut ServicePack| pack.sp == ServicePack::LATEST;
        for pack in article.service_packs.iter_mut().filter(open) {
            let listed = article.products.iter().filter_map(|product| listed_pack(product, &pack.product));
            if let Some((number, letter)) = listed.max() {
                pack.sp = format!("{}{number}{letter}", ServicePack::AFTER).into();
            }
        }
    }
    articles
}

/// The service pack of `wanted` in the name of a product, with the letter of `6a`: "Windows NT Server 4.0 SP5, Terminal Server
/// Edition".
pub(crate) fn listed_pack(product: &str, wanted: &str) -> Option<(u32, String)> {
    let text = product.to_lowercase();
    let found = NUMBER.captures(&text)?;
    let (whole, digits) = found.get(0).zip(found.get(3))?;
    let is_pack = found.get(1).is_some();
    let name = format!("{}{}", text[..whole.start()].trim_end(), &text[whole.end()..]);
    let is_wanted = is_pack && product_names(&name) == [wanted];
    let letter = found.get(4).map_or("", |letter| letter.as_str());
    is_wanted.then(|| Some((digits.as_str().parse().ok()?, letter.to_owned())))?
}
