//! A Windows by its name and service pack, in the usual spellings.

use crate::assess::{Profile, ProfileSource};
use crate::knowledge::Knowledge;

/// Its releases after the service pack are named by letters or by "OEM Service Release": nobody names a service pack.
const WITHOUT_PACK: &str = "Windows 95";

/// Why no system was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownSystem {
    /// No system has this name.
    #[error(
        "unknown system '{os}'; use one of: {known}; a service pack or release may follow: 'Windows XP SP3', 'Windows 10 \
         22H2'"
    )]
    Name {
        /// The name.
        os: String,
        /// The names that are known.
        known: String,
    },
    /// The system has several service packs, and none is given.
    #[error("'{os}' needs a service pack; {line} has: {known}")]
    NeedsPack {
        /// The name of the system.
        os: String,
        /// The system.
        line: String,
        /// Its service packs.
        known: String,
    },
    /// The name has a service pack, and another one is given.
    #[error("'{os}' is of service pack {own}, but '{pack}' is given")]
    TwoPacks {
        /// The name of the system.
        os: String,
        /// The service pack in the name.
        own: String,
        /// The service pack that is given.
        pack: String,
    },
    /// The system has no such service pack.
    #[error("{line} has no service pack '{pack}'; {known}")]
    Pack {
        /// The system.
        line: String,
        /// The service pack.
        pack: String,
        /// The service packs that it has, in words.
        known: String,
    },
}

/// The system with this name and service pack.
///
/// # Errors
/// An unknown name, a service pack that the system does not have, two different ones, or none for a system with several.
pub fn system_named(
    os: &str,
    pack: Option<&str>,
    Knowledge { releases, products, .. }: &Knowledge,
) -> Result<Profile, UnknownSystem> {
    let own = releases.line(os).map(|line| (line, None));
    let named = || {
        let named = products.system_named(os)?;
        Some((releases.line(named.line)?, named.pack))
    };
    let Some((line, own_pack)) = own.or_else(named) else {
        let known = releases.line_names().collect::<Vec<_>>().join(", ");
        return Err(UnknownSystem::Name { os: os.to_owned(), known });
    };
    if let Some((own, pack)) =
        own_pack.as_deref().zip(pack).filter(|(own, pack)| !own.eq_ignore_ascii_case(plain_pack(pack)))
    {
        return Err(UnknownSystem::TwoPacks { os: os.to_owned(), own: own.to_owned(), pack: pack.to_owned() });
    }
    let pack = pack.or(own_pack.as_deref());
    let names: Vec<&str> = releases.pack_names(line).collect();
    let known = names.join(", ");
    let given = Profile { line: line.clone(), pack: None, source: ProfileSource::Given };
    let Some(pack) = pack else {
        return match names.as_slice() {
            // Only the release itself can be installed.
            [] => Ok(given),
            [only] => Ok(Profile { pack: releases.pack(line, only), ..given }),
            _ if line.name() == WITHOUT_PACK => Ok(given),
            _ => Err(UnknownSystem::NeedsPack { os: os.to_owned(), line: line.to_string(), known }),
        };
    };
    let pack = plain_pack(pack);
    if names.is_empty() && matches!(pack.to_ascii_lowercase().as_str(), "rtm" | "none" | "latest") {
        return Ok(given);
    }
    let last = if pack.eq_ignore_ascii_case("latest") { products.last_pack(line.name()) } else { None };
    let is_release = |pack: &str| ["0", "none", "gold"].iter().any(|name| pack.eq_ignore_ascii_case(name));
    let pack = if is_release(pack) { "RTM" } else { pack };
    let Some(found) = releases.pack(line, last.unwrap_or(pack)).filter(|pack| names.contains(&pack.name())) else {
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("known are: {known}") };
        return Err(UnknownSystem::Pack { line: line.to_string(), pack: pack.to_owned(), known });
    };
    Ok(Profile { pack: Some(found), ..given })
}

/// `SP6a`, `Service Pack 6a`, `sp 3` -> `6a`, `3`.
fn plain_pack(text: &str) -> &str {
    let text = text.trim();
    let without = ["service pack", "sp"].iter().find_map(|prefix| {
        let (head, rest) = text.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| rest.trim())
    });
    without.unwrap_or(text)
}
