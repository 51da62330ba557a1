//! Releases of Windows 10 and later in a heading: "Windows 10 version 1607", "Windows 10 versions 1703 through 1809",
//! "Windows Server 2019".

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hotfixcheck_facts::builds::windows_products;

use super::mention::words;
use super::pack_words::Bound;
use hotfixcheck_articles::SCOPE_WORDS;

/// The first build of Windows 10. Windows before it has service packs.
const FIRST_BUILD: u32 = 10_240;

/// The builds of Windows 10 and all later releases.
static BUILDS: LazyLock<BTreeSet<u32>> =
    LazyLock::new(|| windows_products().map(|(build, _)| build).filter(|build| *build >= FIRST_BUILD).collect());

/// True for a build of Windows 10 or later. Other products have numbers of this size, too: the malware engine is
/// 1.1.13701.
pub(super) fn is_build(number: u32) -> bool {
    number >= FIRST_BUILD && BUILDS.contains(&number)
}

/// Other names of the releases.
const NAMES: &str = include_str!("../../data/windows-release-names.tsv");

/// A name of a release of Windows 10 or later.
struct ReleaseName {
    build: u32,
    /// Words in lower case; the last one distinguishes it from other releases.
    has: Vec<String>,
    has_not: Vec<String>,
}

impl ReleaseName {
    fn fits(&self, words: &[&str]) -> bool {
        let has = |word: &String| words.contains(&word.as_str());
        self.has.iter().rev().all(has) && !self.has_not.iter().any(has)
    }
}

static RELEASES: LazyLock<Vec<ReleaseName>> = LazyLock::new(|| {
    let words = |text: &str| text.split(' ').filter(|word| *word != "-").map(str::to_lowercase).collect();
    let products = windows_products().filter(|(build, _)| *build >= FIRST_BUILD);
    let own = products.map(|(build, product)| ReleaseName { build, has: words(product), has_not: Vec::new() });
    let others = NAMES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        let build = columns.next()?.parse().ok()?;
        Some(ReleaseName { build, has: words(columns.next()?), has_not: words(columns.next()?) })
    });
    own.chain(others).collect()
});

/// Builds of Windows 10 and later.
pub(super) type Builds = BTreeSet<u32>;

/// The builds of the releases that a name in lower-case words contains: "version 1607", "v1607". None for "windows 10"
/// alone.
pub(super) fn builds_named(words: &[&str]) -> Builds {
    let bare = |word: &&str| word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let words: Vec<&str> = words.iter().map(|word| if bare(word) { &word[1..] } else { word }).collect();
    let words = words.as_slice();
    let named: Vec<&ReleaseName> = RELEASES.iter().filter(|name| name.fits(words)).collect();
    let number = |at: usize| -> Option<u32> {
        let number = words.get(at)?.trim_start_matches("10.0.").split('.').next()?;
        number.parse().ok().filter(|build| is_build(*build))
    };
    let is_through = |at: usize| words.get(at).is_some_and(|word| SCOPE_WORDS.through.contains(word));
    // "19041-19045" is read as "19041 through 19045".
    let is_of_range = |at: usize| {
        is_through(at + 1) && number(at + 2).is_some() || at > 1 && is_through(at - 1) && number(at - 2).is_some()
    };
    let is_build_word = |at: usize| {
        at > 0 && matches!(words[at - 1], "build" | "builds") || words[at].contains("10.0.") || is_of_range(at)
    };
    let mut builds = Builds::new();
    let (mut last, mut through) = (None, false);
    for (at, word) in words.iter().enumerate() {
        through |= SCOPE_WORDS.through.contains(word) || *word == "to";
        let by_name = named.iter().filter(|name| name.has.last().is_some_and(|own| own == word));
        let by_number = number(at).filter(|_| is_build_word(at));
        let own: Builds = by_name.map(|name| name.build).chain(by_number).collect();
        let Some((&first, &highest)) = own.first().zip(own.last()) else { continue };
        if let Some(from) = last.filter(|_| through) {
            builds.extend(between(from, first));
        }
        builds.extend(own);
        (last, through) = (Some(highest), false);
    }
    if builds.is_empty() && words.contains(&"11") {
        builds.extend(of_windows_11());
    }
    builds
}

/// The builds of the releases that a user's name of a system says: one of "Windows 10 22H2", those of Windows 10 where no release is
/// named. None for the whole line, "Windows 10 and later".
pub(crate) fn builds_of_system(name: &str) -> BTreeSet<u32> {
    let text = name.to_lowercase();
    let own: Vec<&str> =
        words(&text).map(|word| word.strip_prefix("win").filter(|rest| is_ten(rest)).unwrap_or(word)).collect();
    if own.contains(&"later") {
        return Builds::new();
    }
    let own: Vec<&str> = std::iter::once("windows").chain(own).collect();
    let builds = builds_named(&own);
    let clients =
        || all_builds().filter(|build| own.contains(&"10") && of_windows_11().min().is_none_or(|end| *build < end));
    if builds.is_empty() { clients().collect() } else { builds }
}

fn is_ten(word: &str) -> bool {
    matches!(word, "10" | "11")
}

fn of_windows_11() -> impl Iterator<Item = u32> {
    RELEASES.iter().filter(|release| release.has.iter().any(|word| word == "11")).map(|release| release.build)
}

/// The builds that "windows 10" means where no release is named: a heading of Windows 10 is not for Windows 11.
pub(super) fn builds_of_10(words: &[&str]) -> Builds {
    let end = of_windows_11().min().filter(|_| words.contains(&"10"));
    end.map(|end| all_builds().filter(|build| *build < end).collect()).unwrap_or_default()
}

/// The builds of all releases.
pub(super) fn all_builds() -> impl Iterator<Item = u32> {
    BUILDS.iter().copied()
}

/// The builds of the releases from one to another, both included.
pub(super) fn between(first: u32, last: u32) -> impl Iterator<Item = u32> {
    all_builds().filter(move |build| (first..=last).contains(build))
}

/// The builds that a bound includes: "version 1703 and earlier".
pub(super) fn bounded(bound: Bound, named: &Builds) -> Builds {
    let (Some(&first), Some(&last)) = (named.first(), named.last()) else { return Builds::new() };
    let is_meant = |build: &u32| match bound {
        Bound::From => *build >= first,
        Bound::Above => *build > last,
        Bound::UpTo => *build <= last,
        Bound::Below => *build < first,
    };
    all_builds().filter(is_meant).collect()
}

/// Builds, written as service packs are.
pub(super) fn names_of(builds: &Builds) -> BTreeSet<String> {
    builds.iter().map(u32::to_string).collect()
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
        let named = |text: &str| builds_named(&text.split(' ').collect::<Vec<_>>()).into_iter().collect::<Vec<_>>();
        assert_eq!(named("windows 10 version 1607"), [14393]);
        assert_eq!(named("windows 10 1607 1703 1803"), [14393, 15063, 17134]);
        assert_eq!(named("windows server 2019 datacenter"), [17763]);
        assert_eq!(named("windows 11 version 23h2"), [22631]);
        assert_eq!(named("windows server version 1709"), [16299]);
        assert!(named("windows 10").is_empty() && named("windows server 2012 r2").is_empty());
    }

    /// Issue 13: a range includes the releases between its ends.
    #[test]
    fn releases_have_ranges_and_other_names() {
        let named = |text: &str| builds_named(&text.split(' ').collect::<Vec<_>>()).into_iter().collect::<Vec<_>>();
        assert_eq!(named("windows 10 versions 1703 through 1809"), [15063, 16299, 17134, 17763]);
        assert_eq!(named("windows 10 1507 1511 and 1703 to 1803"), [10240, 10586, 15063, 16299, 17134]);
        assert_eq!(named("windows 10 anniversary update"), [14393]);
        assert_eq!(named("windows 10 fall creators update"), [16299]);
        assert_eq!(named("windows 10 creators update"), [15063]);
        assert_eq!(named("windows 10 enterprise 2016 ltsb"), [14393]);
        assert_eq!(named("windows 10 os build 14393"), [14393]);
        assert_eq!(named("windows 10 build 10.0.14393.2"), [14393]);
        assert_eq!(named("windows 10 rtm"), [10240]);
        assert_eq!(named("windows 11").first(), Some(&22000));
        assert!(named("windows 10 64-bit 14393").is_empty(), "a number alone is no build");
    }

    #[test]
    fn the_names_are_of_releases_that_exist() {
        for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line.split('\t').count(), 4, "{line}");
        }
        let products: BTreeSet<u32> = windows_products().map(|(build, _)| build).collect();
        for name in RELEASES.iter() {
            assert!(products.contains(&name.build) && name.has.len() > 1, "{} {:?}", name.build, name.has);
        }
    }
}
