//! Releases of Windows 10 and later in a heading: "Windows 10 version 1607", "Windows Server 2019".

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::pack_words::Bound;
use hotfixcheck_articles::SCOPE_WORDS;
use hotfixcheck_facts::builds::windows_products;

/// The first build of Windows 10. Windows before it has service packs.
pub(super) const FIRST_BUILD: u32 = 10_240;

/// Its builds and those of all later ones.
static BUILDS: LazyLock<BTreeSet<u32>> =
    LazyLock::new(|| windows_products().map(|(build, _)| build).filter(|build| *build >= FIRST_BUILD).collect());

/// True for a build of Windows 10 or later. Other products have numbers of that size, too: the malware engine is 1.1.13701.
pub(super) fn is_build(number: u32) -> bool {
    number >= FIRST_BUILD && BUILDS.contains(&number)
}

/// The releases of Windows 10 and later: the build, and the words of the name in lower case.
static RELEASES: LazyLock<Vec<(String, Vec<String>)>> = LazyLock::new(|| {
    let releases = windows_products().filter(|(build, _)| *build >= FIRST_BUILD);
    let words = |product: &str| product.split(' ').map(str::to_lowercase).collect();
    releases.map(|(build, product)| (build.to_string(), words(product))).collect()
});

/// Other names of the releases of Windows 10, and the phrase that each has, in lower case; longer ones stand first.
/// Source: Microsoft's release information and lifecycle pages of Windows 10.
const OTHER_NAMES: [(&str, &str); 19] = [
    ("16299", "fall creators update"),
    ("14393", "anniversary update"),
    ("10586", "november update"),
    ("15063", "creators update"),
    ("17134", "april 2018 update"),
    ("17763", "october 2018 update"),
    ("18362", "may 2019 update"),
    ("18363", "november 2019 update"),
    ("19041", "may 2020 update"),
    ("10240", "2015 ltsb"),
    ("14393", "2016 ltsb"),
    ("17763", "ltsc 2019"),
    ("17763", "2019 ltsc"),
    ("19044", "ltsc 2021"),
    ("19044", "2021 ltsc"),
    ("10240", "initial version"),
    ("10586", "th2"),
    ("14393", "rs1"),
    ("15063", "rs2"),
];

/// The builds of the releases of Windows 10 and later that the words of a name, in lower case, have: `14393`; with those that are meant
/// between two ("1703 through 1809") or by a bound ("1703 and earlier"). None for "windows 10" alone.
pub(super) fn builds_named(words: &[&str], bound: Option<Bound>) -> BTreeSet<String> {
    // What sets releases apart stands last.
    let is_named = |name: &[String]| name.iter().rev().all(|word| words.contains(&word.as_str()));
    let place = |word: &str| words.iter().position(|own| *own == word).unwrap_or_default();
    let of = |(build, name): &(String, Vec<String>)| (place(name.last().map_or("", |word| word)), build.clone());
    let mut named: Vec<(usize, String)> = RELEASES.iter().filter(|(_, name)| is_named(name)).map(of).collect();
    if words.contains(&"10") {
        named.extend(other_names(words));
    }
    named.sort();
    let product = if words.contains(&"11") {
        "11"
    } else if words.contains(&"10") {
        "10"
    } else {
        "server"
    };
    let of_product = |wanted: &dyn Fn(u32) -> bool, any: bool| -> Vec<String> {
        let is_own = |name: &[String]| any || name.get(1).is_some_and(|word| word == product);
        let is_wanted = |build: &str| build.parse().is_ok_and(wanted);
        RELEASES
            .iter()
            .filter(|(build, name)| is_own(name) && is_wanted(build))
            .map(|(build, _)| build.clone())
            .collect()
    };
    let number = |build: &str| build.parse::<u32>().unwrap_or_default();
    let mut builds: BTreeSet<String> = named.iter().map(|(_, build)| build.clone()).collect();
    for pair in named.windows(2) {
        let is_through = |word: &&str| *word == "to" || SCOPE_WORDS.through.contains(word);
        if words[pair[0].0..pair[1].0].iter().any(is_through) {
            let (from, to) = (number(&pair[0].1), number(&pair[1].1));
            builds.extend(of_product(&|build| (from..=to).contains(&build), false));
        }
    }
    let numbers: Vec<u32> = builds.iter().map(|build| number(build)).collect();
    let (Some(&first), Some(&last)) = (numbers.iter().min(), numbers.iter().max()) else { return builds };
    match bound {
        None => {}
        Some(Bound::From) => builds.extend(of_product(&|build| build >= first, true)),
        Some(Bound::UpTo) => builds.extend(of_product(&|build| build <= last, false)),
        Some(Bound::Above) => builds = of_product(&|build| build > last, true).into_iter().collect(),
        Some(Bound::Below) => builds = of_product(&|build| build < first, false).into_iter().collect(),
    }
    builds
}

/// The releases that are named by another name, and where it ends.
fn other_names(words: &[&str]) -> Vec<(usize, String)> {
    let mut taken: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for (build, phrase) in OTHER_NAMES {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        let at = words.windows(phrase.len()).position(|window| window == phrase);
        if let Some(last) = at.map(|at| at + phrase.len() - 1).filter(|last| !taken.contains(last)) {
            taken.push(last);
            found.push((last, build.to_owned()));
        }
    }
    found
}

/// A text in lower case in which a dash between two releases is a word: "1703-1809".
pub(super) fn with_ranges(text: &str) -> Cow<'_, str> {
    let is_release =
        |word: &str| word.len() == 4 && RELEASES.iter().any(|(_, name)| name.last().is_some_and(|own| own == word));
    let mut out = Cow::Borrowed(text);
    let dashes = ['-', '\u{2013}', '\u{2014}'];
    if !text.contains("10") && !text.contains("11") {
        return out;
    }
    for (at, dash) in text.match_indices(dashes).collect::<Vec<_>>().into_iter().rev() {
        let before = text[..at].trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let after =
            text[at + dash.len()..].trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if is_release(before) && is_release(after) {
            out.to_mut().replace_range(at..at + dash.len(), " through ");
        }
    }
    out
}

/// Every build of Windows 10 and later.
pub(super) fn all_builds() -> BTreeSet<String> {
    BUILDS.iter().map(u32::to_string).collect()
}

/// True for builds, not service packs.
pub(super) fn are_builds(names: &BTreeSet<String>) -> bool {
    names.iter().all(|name| name.parse().is_ok_and(|build: u32| build >= FIRST_BUILD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_a_build() {
        let bound = |text: &str, bound| {
            let text = with_ranges(text);
            builds_named(&text.split(' ').collect::<Vec<_>>(), bound).into_iter().collect::<Vec<_>>()
        };
        let named = |text: &str| bound(text, None);
        assert_eq!(named("windows 10 version 1607"), ["14393"]);
        assert_eq!(named("windows 10 1607 1703 1803"), ["14393", "15063", "17134"]);
        assert_eq!(named("windows server 2019 datacenter"), ["17763"]);
        assert_eq!(named("windows 11 version 23h2"), ["22631"]);
        assert_eq!(named("windows server version 1709"), ["16299"]);
        // Issue 13: ranges, and the names that Microsoft gives its releases.
        assert_eq!(named("windows 10 version 1703 through 1809"), ["15063", "16299", "17134", "17763"]);
        assert_eq!(named("windows 10 1703-1709"), ["15063", "16299"]);
        assert_eq!(named("windows 10 version 1703 to version 1709"), ["15063", "16299"]);
        assert_eq!(bound("windows 10 version 1511 and earlier", Some(Bound::UpTo)), ["10240", "10586"]);
        assert_eq!(bound("windows 10 version 1511", Some(Bound::Below)), ["10240"]);
        assert!(bound("windows 10 version 22h2", Some(Bound::From)).contains(&"26100".to_owned()));
        assert_eq!(named("windows 10 fall creators update"), ["16299"]);
        assert_eq!(named("windows 10 anniversary update"), ["14393"]);
        assert_eq!(named("windows 10 enterprise 2016 ltsb"), ["14393"]);
        assert!(named("windows 10").is_empty() && named("windows server 2012 r2").is_empty());
    }
}
