//! What people call a service pack.

/// The name of a service pack after its product's: `Service Pack 6a`; Office has service releases (`SR-2`), and the product as
/// it was first sold has none (`RTM`).
pub fn pack_title(pack: &str) -> String {
    match pack {
        "latest" => "latest service pack".to_owned(),
        "RTM" => pack.to_owned(),
        _ if pack.starts_with("SR-") => pack.to_owned(),
        _ => format!("Service Pack {pack}"),
    }
}
