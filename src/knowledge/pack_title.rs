//! The usual name of a service pack.

/// The name of a service pack after that of its product: `Service Pack 6a`, for Office `SR-2` (service release), and
/// `RTM` for the product as it was first released.
pub fn pack_title(pack: &str) -> String {
    match pack {
        "latest" => "latest service pack".to_owned(),
        "RTM" => pack.to_owned(),
        _ if pack.starts_with("CU") => format!("Cumulative Update {}", &pack[2..]),
        _ if pack.starts_with("SR-") => pack.to_owned(),
        _ => format!("Service Pack {pack}"),
    }
}
