//! The usual name of a service pack.

/// The name of a service pack after that of its product: `Service Pack 6a`, for Office `SR-2` (service release), `RTM` for
/// the product as it was first released, `service pack after SP4` for the latest one of an article about Service Pack 4.
pub fn pack_title(pack: &str) -> String {
    if let Some(listed) = pack.strip_prefix("after ") {
        return format!("service pack after SP{listed}");
    }
    match pack {
        "latest" => "latest service pack".to_owned(),
        "RTM" => pack.to_owned(),
        _ if pack.starts_with("CU") => format!("Cumulative Update {}", &pack[2..]),
        _ if pack.starts_with("SR-") => pack.to_owned(),
        _ => format!("Service Pack {pack}"),
    }
}
