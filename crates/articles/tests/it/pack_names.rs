//! Products of service packs in other spellings than the usual one (issue 14).

use super::service_packs::packs_of;

/// Packs of products in shorter names, and service releases with which the problem does not occur (Q236119,
/// Q164238, Q172590, issue 14).
#[test]
fn packs_of_products_in_shorter_names_are_read() {
    for (text, product, sp) in [
        ("This bug was corrected in Visual Studio 6 Service Pack 4.", "Visual Studio 6.0", "4"),
        ("This problem no longer occurs in Microsoft Access 97 Service Release 1.", "Access 97", "SR-1"),
        ("This behavior does not occur in Microsoft Word 97 Service Release 1 (SR-1).", "Word 97", "SR-1"),
        (
            "This problem was corrected in NT Server 4.0, Terminal Server Edition Service Pack 4.",
            "Windows NT 4.0 Terminal Server Edition",
            "4",
        ),
    ] {
        assert_eq!(packs_of(&["Lamp 1.0"], "", text), [(product.to_owned(), sp.to_owned())], "{text}");
    }
    for text in [
        "This problem does not occur with Windows 95 OEM Service Release 2.",
        "This problem does not occur in Microsoft Word 97 Service Release 1 (SR-1) or earlier.",
    ] {
        assert_eq!(packs_of(&["Lamp 1.0"], "", text), [], "{text}");
    }
}
