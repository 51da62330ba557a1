//! Which edition of Windows a product of an advisory is for.

use hotfixcheck_types::Edition;

/// The edition of Windows in a product's name: "Internet Explorer 11 on Windows Server 2019", "Windows 10 Version 1809 for
/// x64-based Systems". `None` for a product of both, or without a Windows.
pub fn edition_of_product(product: &str) -> Option<Edition> {
    const CLIENTS: [&str; 7] =
        ["windows xp", "windows vista", "windows 7", "windows 8", "windows rt", "windows 10", "windows 11"];
    let name = product.to_lowercase();
    if name.contains("windows server") {
        return Some(Edition::Server);
    }
    CLIENTS.iter().any(|client| name.contains(client)).then_some(Edition::Client)
}
