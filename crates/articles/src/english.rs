//! A bulletin's article in any language -> the same article with English names: catalogues contain no text of a page.

use super::bulletin::english_title;
use super::fix::Text;
use super::model::{Article, Rejected};
use super::names::named;
use hotfixcheck_types::Machine;

/// Replaces the title, the headings, the products and the platforms of a bulletin's article by the English names that
/// they contain. A heading without a known name is left out and listed.
pub(crate) fn in_english(article: &mut Article) {
    let mut products: Vec<Text> = Vec::new();
    for product in article.products.iter().flat_map(|product| named(product).products()).map(Text::from) {
        if !products.contains(&product) {
            products.push(product);
        }
    }
    article.products = products;
    if let Some(title) = article.bulletins.first().and_then(|id| english_title(id, &article.title)) {
        article.title = title.into();
    }
    // A name that the page's translation spoiled is not a file name: `Amd64 _microsoft 視窗-i ..` (MS07-033).
    for lost in article.fixes.extract_if(.., |fix| !fix.file.is_ascii()) {
        let text = Rejected::kept(&lost.file);
        article.rejected.push(Rejected { line: lost.line, text, reason: "no file name".to_owned() });
    }
    // Of `PC/AT 互換機` and `NEC PC-9800 シリーズ` (MS03-045) only the names are kept, without the words in the page's
    // language.
    for fix in article.fixes.iter_mut() {
        if let Some(printed) = fix.platform.take_if(|platform| !platform.is_ascii()) {
            let words: Vec<&str> = printed.split_whitespace().filter(|word| word.is_ascii()).collect();
            fix.platform = Some(words.join(" ").into()).filter(|platform: &Text| !platform.is_empty());
        }
    }
    // Rows below one heading are consecutive.
    struct Heading {
        printed: Text,
        name: Text,
        machine: Option<(&'static str, Machine)>,
    }
    let mut last: Option<Heading> = None;
    let mut unknown: Vec<Rejected> = Vec::new();
    for fix in article.fixes.iter_mut().filter(|fix| !fix.section.is_empty()) {
        if last.as_ref().is_none_or(|last| last.printed != fix.section) {
            let named = named(&fix.section);
            let name = Text::from(named.to_string());
            if name.is_empty() {
                let text = Rejected::kept(&fix.section);
                unknown.push(Rejected { line: fix.line, text, reason: HEADING_WITHOUT_PRODUCT.to_owned() });
            }
            last = Some(Heading { printed: fix.section.clone(), name, machine: named.machine() });
        }
        if let Some(Heading { name, machine, .. }) = &last {
            fix.section.clone_from(name);
            if let Some((word, machine)) = machine.filter(|_| fix.platform.is_none() && !fix.wow) {
                fix.platform = Some(word.into());
                fix.machine = Some(machine);
            }
        }
    }
    article.rejected.extend(unknown);
}

/// Why the heading of a row is left out; the row itself is kept.
pub const HEADING_WITHOUT_PRODUCT: &str = "the heading above the row names no product of data/product-names.tsv";

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 14: the words before the rating are English on German pages, too (MS05-014).
    #[test]
    fn a_title_with_a_rating_of_another_language_is_replaced() {
        let titled = |printed: &str| {
            let mut article = Article::new("KB967282".parse().expect("an id"), printed.to_owned());
            article.bulletins = vec!["MS99-014".into()];
            in_english(&mut article);
            article.title
        };
        for rating in ["Kritisch", "Hoch", "Mittel", "Critique", "緊急"] {
            assert_eq!(
                titled(&format!("Microsoft Security Bulletin MS99-014 - {rating}")),
                "Microsoft Security Bulletin MS99-014"
            );
        }
        let english = "Microsoft Security Bulletin MS99-014 - Critical";
        assert_eq!(titled(english), english);
        assert_eq!(titled("Lamps of the house"), "Microsoft Security Bulletin MS99-014");
    }
}
