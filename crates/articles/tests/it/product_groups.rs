//! Titles of columns and groups are no products (issue 14: MS07-036, MS08-018, MS09-044).

use hotfixcheck_articles::parse;

#[test]
fn titles_of_groups_are_no_products() {
    let page = "---\nTOCTitle: 'MS08-948'\nTitle: 'Microsoft Security Bulletin MS08-948'\n---\n\n\
        Microsoft Security Bulletin MS08-948\n====================================\n\n\
        Lamps in programs (900291)\n--------------------------\n\n**Affected Software:**\n\n";
    for title in [
        "Office Suite und andere Software",
        "Office \u{30b9}\u{30a4}\u{30fc}\u{30c8}",
        "\u{305d}\u{306e}\u{4ed6}\u{306e} Office \u{30bd}\u{30d5}\u{30c8}\u{30a6}\u{30a7}\u{30a2}",
        "Office \u{5957}\u{4ef6}\u{53ca}\u{5176}\u{4ed6}\u{8edf}\u{9ad4}",
        "Windows",
    ] {
        let list =
            format!("| {title} | Severity |\n|---|---|\n| Microsoft Office Excel 2003 Service Pack 3 | Important |\n");
        let articles = parse(&format!("{page}{list}"), None).unwrap();
        let products: Vec<&str> = articles[0].products.iter().map(|own| own.as_ref()).collect();
        assert_eq!(products, ["Office Excel 2003 Service Pack 3"], "{title}");
    }
}
