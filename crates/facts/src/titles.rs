//! A table of security bulletins: bulletin, article, title, with a header line.

use std::io::BufRead;

use crate::error::{FactsError, OTHER_FORM, Place, quoted};
use crate::ids::BulletinId;
use crate::model::{Facts, SourceKind};
use crate::text;
use crate::windows::table;
use crate::words;

/// Reads the table.
///
/// # Errors
/// The header or a line is not in this format.
pub fn read(name: &str, input: impl BufRead) -> Result<Facts, FactsError> {
    let mut facts = Facts::new(SourceKind::BulletinTitles, name);
    let mut headed = false;
    table(name, text::open(name, input)?, 3, |fields, place| {
        let wrong = |expected: &str, found: &str| FactsError::new(name, place.clone(), expected, quoted(found));
        let &[bulletin, kb, title] = fields else { return Ok(()) };
        if !headed {
            headed = true;
            if fields != ["bulletin", "kb", "title"] {
                return Err(wrong("the header 'bulletin kb title'", bulletin).advise(OTHER_FORM));
            }
            return Ok(());
        }
        let bulletin: BulletinId = bulletin.parse().map_err(|_| wrong("a bulletin, as in MS05-040", bulletin))?;
        let id = words::article_id(kb).ok_or_else(|| wrong("an article, as in KB893756", kb))?;
        let article = facts.article(id);
        article.bulletins.insert(bulletin);
        article.title.get_or_insert_with(|| title.trim().to_owned());
        Ok(())
    })?;
    if !headed {
        return Err(FactsError::new(name, Place::Whole, "a table of bulletins", "an empty file").advise(OTHER_FORM));
    }
    Ok(facts)
}
