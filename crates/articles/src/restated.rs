//! The article's own problem in other words: "The hang that occurs when you unplug the cable was corrected in". In: the subject of the
//! sentence and the article's title. Out: whether both are about the same.

use std::sync::LazyLock;

use regex::Regex;

use super::vocabulary::pattern;

/// A problem with a clause that says which one.
static CLAUSE: LazyLock<Regex> = pattern!(
    r"^\W*(?:the|this) (?:[a-z0-9-]+ ){0,3}(?:problem|bug|issue|behavior|error|error message|symptom|leak|failure|crash|deadlock|hang|stop|exception|trap|message|corruption|delay|loss|overflow|vulnerability|violation)s? (?:(?:that|which) (?:occurs?|occurred|happens?|happened|appears?|appeared|is caused|was caused|you (?:may )?(?:see|receive|get)|causes?|caused)|in which|where|when|with|of) (?P<rest>.+)$"
);

/// Words that make it another problem, or a part of this one.
static OTHER: LazyLock<Regex> = pattern!(
    r"\b(?:not|another|similar|other|different|some|most|many|part|only|first|second|last|former|latter|previous|earlier|related|described|documented|discussed|article|q[0-9]{5,6}|kb ?[0-9]{5,7}|fix|hotfix|service pack|sp[0-9])\b"
);

/// Words that many titles have.
const COMMON: [&str; 34] = [
    "when",
    "with",
    "that",
    "this",
    "from",
    "after",
    "problem",
    "error",
    "message",
    "occurs",
    "windows",
    "server",
    "microsoft",
    "does",
    "cannot",
    "causes",
    "cause",
    "using",
    "have",
    "into",
    "computer",
    "which",
    "your",
    "service",
    "pack",
    "will",
    "fails",
    "occur",
    "bug",
    "xadm",
    "may",
    "you",
    "receive",
    "before",
];

/// True if a subject in lower case is the problem of an article with this title.
pub(crate) fn is_own_problem(subject: &str, title: &str) -> bool {
    let Some(found) = CLAUSE.captures(subject).filter(|_| !OTHER.is_match(subject)) else { return false };
    if found["rest"].contains([';', ':', '?', '!']) {
        return false;
    }
    let title = title.to_lowercase();
    let (own, of_title) = (content(subject), content(&title));
    let matching = own.iter().filter(|word| of_title.iter().any(|other| is_alike(word, other))).count();
    matching >= 2 && matching * 2 >= own.len().min(of_title.len())
}

fn content(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.').map(|word| word.trim_matches('.'));
    let mut words: Vec<&str> = words.filter(|word| word.len() >= 4 && !COMMON.contains(word)).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// True for forms of one word: "print" and "printing".
fn is_alike(one: &str, other: &str) -> bool {
    const STEM: usize = 5;
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    common >= STEM || common == one.chars().count().min(other.chars().count())
}

#[cfg(test)]
mod tests {
    use super::is_own_problem;

    #[test]
    fn the_own_problem_has_the_words_of_the_title() {
        let title = "Spooler Hangs When You Print from Word to a Network Printer";
        for own in [
            "the hang that occurs when you print from word to a network printer",
            "the problem in which the spooler hangs when you print",
            "the hang of the spooler when you are printing over the network",
        ] {
            assert!(is_own_problem(own, title), "{own}");
        }
        for other in [
            "the leak that occurs when you dial out",
            "the similar hang that occurs when you print from word",
            "the hang that occurs when you print only from word",
            "the problem that is described in q123456",
            "the problem when you print",
            "a hang that occurs when you print from word to a network printer",
        ] {
            assert!(!is_own_problem(other, title), "{other}");
        }
    }
}
