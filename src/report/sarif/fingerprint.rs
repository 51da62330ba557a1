//! What makes a result the same one in the next run, on another machine, in another folder.

use std::collections::{BTreeMap, HashMap};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::super::view::{ArticleView, FindingView, PathView, RequiredView};

/// The fingerprint's name; the number grows when its contents change.
const OWN: &str = "hotfixcheck/v1";
/// The only fingerprint that GitHub's code scanning looks at. It would hash the line's text, and a binary has none.
const GITHUB: &str = "primaryLocationLineHash";

/// What stands for itself in a path of a URI.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The path as a relative URI reference; its bytes are what is encoded, UTF-8 or not.
pub(super) fn uri(path: &PathView) -> String {
    let raw = path.path_raw.as_deref().and_then(bytes_of_hexadecimal);
    percent_encode(raw.as_deref().unwrap_or(path.path.as_bytes()), PLAIN).to_string()
}

fn bytes_of_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    text.as_bytes().chunks(2).map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

/// The fingerprints of an article's findings, to be taken in the findings' order.
pub(super) struct Fingerprints {
    article: String,
    taken: HashMap<String, usize>,
}

impl Fingerprints {
    pub(super) fn of(article: &ArticleView) -> Self {
        Self { article: article.id.to_string(), taken: HashMap::new() }
    }

    /// The next finding's: article, path below the tree, machine; and which of the article's rows for this file it is,
    /// where there are several. Never the folder that the tree lies in, and no version: a file that is replaced by
    /// another that is still too old is the same result. The case of letters says nothing on Windows.
    pub(super) fn next(&mut self, finding: &FindingView) -> BTreeMap<&'static str, String> {
        let (subject, machine) = match (&finding.file, &finding.required) {
            (Some(file), _) => {
                // The first tree's results stay what they are when another tree is scanned with it.
                let tree = if file.tree == 0 { String::new() } else { format!("{}:", file.tree + 1) };
                (format!("{tree}{}", uri(&file.path).to_lowercase()), file.machine)
            }
            (None, RequiredView::File(fix)) => (format!("?{}", encode(&fix.file)), fix.machine),
            (None, RequiredView::ServicePack { product, service_pack }) => {
                (format!("?{}/{}", encode(product), encode(service_pack)), None)
            }
        };
        let machine = machine.map(|m| m.to_string()).unwrap_or_default();
        let key = format!("{}|{subject}|{machine}", self.article);
        let taken = self.taken.entry(key.clone()).or_default();
        *taken += 1;
        let text = if *taken == 1 { key } else { format!("{key}|{taken}") };
        BTreeMap::from([(OWN, text.clone()), (GITHUB, text)])
    }
}

fn encode(text: &str) -> String {
    percent_encode(text.to_lowercase().as_bytes(), PLAIN).to_string()
}
