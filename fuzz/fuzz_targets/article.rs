//! Article text of any layout: the input is the contents of a file.
#![no_main]

use hotfixcheck::KbId;
use hotfixcheck::articles::{self as article, Article, Rejected};
use hotfixcheck::catalog::{self, Catalog, CompiledCatalog};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = article::decode(input);
    let id = KbId::new(100_999);
    let read = || article::parse(&text, id).expect("with an id given, every text is an article");
    let articles = read();
    assert_eq!(articles, read());
    assert!(!articles.is_empty(), "a page is at least one article");
    for article in articles {
        check(&article, &text);
        survives_the_catalogue(article);
    }
});

/// Checks the properties of every article, whatever was read.
fn check(article: &Article, text: &str) {
    let lines = text.split('\n').count() as u32;
    for fix in &article.fixes {
        assert!((1..=lines).contains(&fix.line), "line {} of {lines}", fix.line);
        assert!(!fix.file.trim().is_empty());
        let words = [&fix.version, &fix.time, &fix.platform, &fix.language, &fix.branch, &fix.sp_requirement];
        for field in [&fix.file, &fix.section].into_iter().chain(words.into_iter().flatten()) {
            assert!(!field.contains(['\n', '\r', '\t']), "{field:?}");
        }
        if let Some(time) = &fix.time {
            let (hour, minute) = time.split_once(':').expect("HH:MM");
            assert!(time.len() == 5 && hour < "24" && minute < "60", "{time}");
        }
        assert!(fix.machine.is_none() || fix.platform.is_some());
    }
    for rejected in &article.rejected {
        assert!((1..=lines).contains(&rejected.line));
        assert!(!rejected.reason.is_empty() && rejected.text.chars().count() <= Rejected::MAX_TEXT);
    }
    assert!(article.fixes.is_sorted_by_key(|fix| fix.line) && article.rejected.is_sorted_by_key(|line| line.line));
    // The amount of kept data is limited by the size of the text.
    assert!(article.fixes.len() + article.rejected.len() <= 2 * lines as usize + text.len() / 8);
}

/// Checks that the catalogue's text format keeps every fact and can be read again, and so does the compiled one.
fn survives_the_catalogue(article: Article) {
    let id = article.id;
    let text = catalog::write(&Catalog::newest([article]));
    let again = catalog::read(&text).expect("a catalogue that this program wrote");
    assert_eq!(catalog::write(&again), text);
    let bytes = CompiledCatalog::compile("a", &text, &[]).expect("a catalogue that can be read");
    let compiled = CompiledCatalog::open(bytes).expect("what this program compiled");
    assert_eq!(compiled.article(id).expect("a sound catalogue").as_ref(), again.article(id));
}
