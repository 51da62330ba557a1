//! Keywords that name the service pack with the fix: `kbWinNT400sp4fix`, `kbWinNT400PreSP7Fix`.

use super::model::ServicePack;
use super::pack_products::PRODUCTS;

/// `kbWinNT400sp4fix` -> Windows NT 4.0 SP 4; `PreSP7`: the fix that the next service pack was to contain.
pub(crate) fn from_keyword(keyword: &str) -> Option<ServicePack> {
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
