//! Releases of Windows 10 and later in a heading: "Windows 10 version 1607", "Windows Server 2019".

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hotfixcheck_facts::builds::windows_products;

/// The first build of Windows 10. Windows before it has service packs.
const FIRST_BUILD: u32 = 10_240;

/// The releases of Windows 10 and later: the build, and the words of the name in lower case.
static RELEASES: LazyLock<Vec<(String, Vec<String>)>> = LazyLock::new(|| {
    let releases = windows_products().filter(|(build, _)| *build >= FIRST_BUILD);
    let words = |product: &str| product.split(' ').map(str::to_lowercase).collect();
    releases.map(|(build, product)| (build.to_string(), words(product))).collect()
});

/// The builds of the releases of Windows 10 and later that the words of a name, in lower case, have: `14393`. None for "windows 10"
/// alone.
pub(super) fn builds_named(words: &[&str]) -> BTreeSet<String> {
    // What sets releases apart stands last.
    let is_named = |name: &[String]| name.iter().rev().all(|word| words.contains(&word.as_str()));
    RELEASES.iter().filter(|(_, name)| is_named(name)).map(|(build, _)| build.clone()).collect()
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
        assert_eq!(named("windows 10 version 1607"), ["14393"]);
        assert_eq!(named("windows 10 1607 1703 1803"), ["14393", "15063", "17134"]);
        assert_eq!(named("windows server 2019 datacenter"), ["17763"]);
        assert_eq!(named("windows 11 version 23h2"), ["22631"]);
        assert_eq!(named("windows server version 1709"), ["16299"]);
        assert!(named("windows 10").is_empty() && named("windows server 2012 r2").is_empty());
    }
}
