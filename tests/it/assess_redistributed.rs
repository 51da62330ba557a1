//! Files that programs of every vendor bring do not show that a product is there (issue 13, point 2).

use hotfixcheck::assess::ArticleStatus;
use hotfixcheck_articles::{Article, Fix};

use crate::support::kit::*;

fn of_product(id: &str, rows: Vec<Fix>) -> Article {
    Article { products: Vec::new(), ..article(id, rows) }
}

/// The status of the first article.
fn status(articles: &[Article], files: &[(&str, &str)]) -> ArticleStatus {
    let id = articles[0].id;
    let entries = files.iter().map(|(name, version)| file(name, version)).collect();
    let judged = assess_with(articles.to_vec(), entries, &on("Windows XP", "3"));
    judged.articles.into_iter().find(|article| article.id == id).unwrap().status
}

#[test]
fn files_of_every_vendor_decide_only_beside_files_of_the_product() {
    let visio = "Visio 2002 Service Pack 2";
    let fix = |rows| [of_product("KB2434711", rows)];
    let gdiplus = || under(visio, row("gdiplus.dll", "5.1.3102.1360"));
    // The library of a game is neither fixed nor missing for Visio.
    for version in ["5.1.3102.1355", "5.1.3102.1360", "5.1.3102.2180"] {
        assert_eq!(
            status(&fix(vec![gdiplus()]), &[("Games/gdiplus.dll", version)]),
            ArticleStatus::Unknown,
            "{version}"
        );
    }
    // A file that only Visio brings shows that it is there: in the same article …
    let both = || vec![gdiplus(), under("Visio 2002", row("visio.exe", "10.0.6885.4"))];
    let here = |version| [("Visio10/visio.exe", version), ("Visio10/gdiplus.dll", "5.1.3102.1360")];
    assert_eq!(status(&fix(both()), &here("10.0.6885.4")), ArticleStatus::Fixed);
    assert_eq!(status(&fix(both()), &here("10.0.2701.0")), ArticleStatus::Partial);
    // … and in another one. A file of another Visio does not.
    let other = |version| of_product("KB873362", vec![under("Visio 2002", row("visio.exe", version))]);
    let with_other = |row_of_other| {
        let articles = [of_product("KB2434711", vec![gdiplus()]), other(row_of_other)];
        status(&articles, &[("Visio/visio.exe", "10.0.2701.0"), ("Visio/gdiplus.dll", "5.1.3102.1355")])
    };
    assert_eq!(with_other("10.0.6866.0"), ArticleStatus::Missing);
    assert_eq!(with_other("11.0.8332.0"), ArticleStatus::Unknown);
}

#[test]
fn the_own_product_of_such_a_file_and_windows_decide_as_ever() {
    let alone = |heading: &str, name: &str, version: &str, own: &str| {
        status(&[of_product("KB975337", vec![under(heading, row(name, version))])], &[(name, own)])
    };
    let gdi = "Platform SDK Redistributable: GDI+";
    assert_eq!(alone(gdi, "gdiplus.dll", "5.2.6001.22319", "5.2.6001.22319"), ArticleStatus::Fixed);
    assert_eq!(alone(gdi, "gdiplus.dll", "5.2.6001.22319", "5.2.6001.22170"), ArticleStatus::Missing);
    assert_eq!(alone("XML Core Services 4.0", "msxml4.dll", "4.20.9870.0", "4.20.9818.0"), ArticleStatus::Missing);
    assert_eq!(alone("Visual C++ 2005", "atl80.dll", "8.0.50727.4053", "8.0.50727.42"), ArticleStatus::Missing);
    assert_eq!(alone("Visual Studio 2005", "atl80.dll", "8.0.50727.4053", "8.0.50727.42"), ArticleStatus::Unknown);
    assert_eq!(alone("Windows XP", "oleaut32.dll", "5.1.2600.6058", "5.1.2600.5512"), ArticleStatus::Missing);
    assert_eq!(alone("Project 2003", "mscomct2.ocx", "6.1.98.11", "6.1.97.82"), ArticleStatus::Unknown);
    // Any other file of such a product decides.
    assert_eq!(alone("Project 2003", "winproj.exe", "11.3.2007.1529", "11.1.2005.0"), ArticleStatus::NotApplicable);
    assert_eq!(alone("Project 2003", "winproj.exe", "11.3.2007.1529", "11.3.2005.0"), ArticleStatus::Missing);
    // One mscoree.dll for all releases of .NET Framework: that of 2.0 does not show 1.1 (KB928366).
    assert_eq!(alone(".NET Framework 1.1", "mscoree.dll", "2.0.50727.253", "2.0.50727.42"), ArticleStatus::Unknown);
    assert_eq!(alone(".NET Framework 2.0", "mscoree.dll", "2.0.50727.832", "2.0.50727.42"), ArticleStatus::Missing);
}
