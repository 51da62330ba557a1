//! Lists of the problems that a service pack corrects (issue 13, point 5).

use hotfixcheck_articles::{Article, ServicePack, after_listed_packs, numbered_by_lists, parse};

/// An article in the layout of the text archive.
fn article(id: &str, title: &str, body: &str) -> Article {
    let text = format!(
        "DOCUMENT:{id}  14-DEC-1999  [winnt]\nTITLE   :{title}\nPRODUCT :Microsoft Windows NT\nPROD/VER::4.0\nKEYWORDS:\n\n\
         ======================================================================\n\n{body}\n"
    );
    parse(&text, None).unwrap().remove(0)
}

fn list(title: &str, body: &str) -> Vec<(String, String, String)> {
    let article = article("Q900001", title, &format!("MORE INFORMATION\n================\n\n{body}"));
    let entry = |entry: &hotfixcheck_articles::ListedPack| {
        (entry.article.to_string(), entry.pack.product.to_string(), entry.pack.sp.to_string())
    };
    article.lists.iter().map(entry).collect()
}

#[test]
fn a_list_names_its_articles_by_pack() {
    let entry = |id: &str, product: &str, sp: &str| (id.to_owned(), product.to_owned(), sp.to_owned());
    assert_eq!(
        list(
            "List of Bugs Fixed in Windows NT 4.0 Service Pack 1, 2, and 3",
            "Service Pack 3\n--------------\n\n   Q900010 Lamps Go Out\n   Q900011 A Long Title That Needs a\n   Second Line\n\n\
             Service Pack 2\n--------------\n\n   Q900012 - Oil Leaks\n   Q900013 List of Bugs Fixed in Windows NT 4.0 Service Pack 5\n"
        ),
        [
            entry("KB900010", "Windows NT 4.0", "3"),
            entry("KB900011", "Windows NT 4.0", "3"),
            entry("KB900012", "Windows NT 4.0", "2"),
        ]
    );
    let one = "   Q900010 Lamps Go Out\n";
    for (title, product, sp) in [
        ("List of Bugs Fixed in Windows NT 4.0 Service Pack 6/6a (Part 1)", "Windows NT 4.0", "6"),
        ("List of Bugs Fixed in Terminal Server Edition Service Pack 5", "Windows NT 4.0 Terminal Server Edition", "5"),
        ("XGEN: Bugs Fixed in Exchange Server 5.5 Service Pack 4 (Part 2)", "Exchange Server 5.5", "4"),
        ("SMS: List of Bugs Fixed in Systems Management Server 2.0 SP2", "Systems Management Server 2.0", "2"),
    ] {
        assert_eq!(list(title, one), [entry("KB900010", product, sp)], "{title}");
    }
    // None of these is read: a rollup, several packs without a heading for each, other lists.
    for title in [
        "SMS: List of Bugs Fixed in Systems Management Server 2.0 SP4 HRP",
        "List of Bugs Fixed in SNA Server 4.0 Service Packs 1 and 2",
        "List of Documentation Errors in Windows NT 4.0 Service Pack 5",
        "Deferred Delivery Issues in Exchange Server 5.5 SP3",
    ] {
        assert_eq!(list(title, one), [], "{title}");
    }
}

#[test]
fn the_latest_pack_of_an_article_gets_its_number_from_the_list() {
    let listing = || {
        article(
            "Q900001",
            "List of Bugs Fixed in Windows NT 4.0 Service Pack 3",
            "MORE INFORMATION\n================\n\n   Q900010 Lamps Go Out\n   Q900011 Oil Leaks\n   Q900012 Wicks Burn\n",
        )
    };
    let pack = |sp: &str| ServicePack { product: "Windows NT 4.0".into(), sp: sp.to_owned().into() };
    let with = |id: &str, packs: &[&str]| Article {
        service_packs: packs.iter().copied().map(pack).collect(),
        ..article(id, "Lamps Go Out", "Lamps go out.")
    };
    let articles = vec![
        with("Q900010", &["latest"]),
        listing(),
        with("Q900011", &["4"]),
        with("Q900012", &[]),
        with("Q900013", &["latest"]),
    ];
    let packs: Vec<Vec<ServicePack>> =
        numbered_by_lists(articles).into_iter().map(|article| article.service_packs).collect();
    // What an article says by a number stays; one that names no pack gets none; one that is not listed keeps "latest".
    assert_eq!(packs, [vec![pack("3")], vec![], vec![pack("4")], vec![], vec![pack("latest")]]);
}

/// Issue 13: the product list of Q240969 names SP4, so the latest pack with the correction came after it.
#[test]
fn the_latest_pack_is_one_after_those_of_the_product_list() {
    let judged = |products: &[&str], product: &str, sp: &str| {
        let pack = ServicePack { product: product.to_owned().into(), sp: sp.to_owned().into() };
        let products = products.iter().map(|&product| product.to_owned().into()).collect();
        let article = Article { products, service_packs: vec![pack], ..article("Q900010", "Lamps", "Lamps go out.") };
        after_listed_packs(vec![article]).remove(0).service_packs.remove(0).sp.into_owned()
    };
    let nt4 = "Windows NT 4.0";
    let cases: [(&[&str], &str, &str, &str); 9] = [
        (&["Windows NT Server 4.0 SP4", "Windows NT Server, Enterprise Edition 4.0 SP4"], nt4, "latest", "after 4"),
        (
            &["Windows NT Server 4.0 SP3", "Windows NT Workstation 4.0 SP5", "Windows NT Server 4.0"],
            nt4,
            "latest",
            "after 5",
        ),
        (&["Windows NT Workstation 4.0 SP6", "Windows NT Workstation 4.0 SP6a"], nt4, "latest", "after 6a"),
        (&["Windows NT Server 4.0 SP4"], nt4, "5", "5"),
        (&["Windows NT Server 4.0"], nt4, "latest", "latest"),
        (&["Windows NT Server 3.51 SP5"], nt4, "latest", "latest"),
        (&["Internet Explorer 4.01 SP2"], nt4, "latest", "latest"),
        (&["Windows NT Server 4.0 SP5, Terminal Server Edition"], nt4, "latest", "latest"),
        (
            &["Windows NT Server 4.0 SP5, Terminal Server Edition"],
            "Windows NT 4.0 Terminal Server Edition",
            "latest",
            "after 5",
        ),
    ];
    for (products, product, sp, expected) in cases {
        assert_eq!(judged(products, product, sp), expected, "{products:?} {product} {sp}");
    }
}
