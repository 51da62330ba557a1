//! The catalogue's text form: what is written is read back, and each kind of broken line gives its error.

use hotfixcheck::catalog::{self, Catalog, CatalogError, HEADER};
use hotfixcheck::{KbId, Machine};
use hotfixcheck_articles::{Article, Fix, FixKind, ServicePack};
use jiff::civil::Date;
use proptest::option;
use proptest::prelude::*;

/// A field: anything but what ends a field or a line.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z0-9_. ()-]{1,20}", "[^\t\r\n]{1,8}", Just("#".to_owned()), Just("A".to_owned())]
}

fn dates() -> impl Strategy<Value = Date> {
    (0i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap())
}

fn times() -> impl Strategy<Value = String> {
    (0u8..24, 0u8..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"))
}

fn platforms() -> impl Strategy<Value = String> {
    prop_oneof![Just("Intel".to_owned()), Just("Alpha".to_owned()), Just("NT x86 40bit".to_owned()), text()]
}

fn fixes() -> impl Strategy<Value = Fix> {
    let kinds = prop::sample::select(vec![FixKind::Table, FixKind::List, FixKind::Prose]);
    let file = (any::<u32>(), kinds, text(), option::of(text()), option::of(dates()), option::of(times()));
    let rest = (option::of(any::<u64>()), option::of(platforms()), option::of(text()), any::<bool>());
    let more = (option::of(text()), option::of(text()), option::of(text()), option::of(text()));
    (file, rest, more).prop_map(|((line, kind, file, version, date, time), (size, platform, section, utc), more)| {
        let (language, branch, sp_requirement, note) = more;
        Fix {
            kind,
            section: section.unwrap_or_default().into(),
            language: language.map(Into::into),
            file: file.into(),
            version: version.map(Into::into),
            date,
            time: time.map(Into::into),
            size,
            machine: platform.as_deref().and_then(Machine::from_platform_text),
            platform: platform.map(Into::into),
            line,
            branch: branch.map(Into::into),
            sp_requirement: sp_requirement.map(Into::into),
            utc,
            note: note.map(Into::into),
        }
    })
}

fn packs() -> impl Strategy<Value = ServicePack> {
    (text(), text()).prop_map(|(product, sp)| ServicePack { product: product.into(), sp: sp.into() })
}

/// An article with a fix or a service pack: others are not kept. Keywords and rejected lines are not kept either.
fn articles() -> impl Strategy<Value = Article> {
    let facts = (prop::collection::vec(fixes(), 0..5), prop::collection::vec(packs(), 0..3))
        .prop_filter("a fact", |(fixes, packs)| !fixes.is_empty() || !packs.is_empty());
    let products = prop::collection::vec(text(), 0..4);
    let ids = (1_000u32..100_000_000).prop_map(|number| KbId::new(number).unwrap());
    (ids, option::of(text()), option::of(dates()), products, facts).prop_map(
        |(id, title, last_modified, products, (fixes, service_packs))| Article {
            id,
            title: title.unwrap_or_default().into(),
            products: products.into_iter().map(Into::into).collect(),
            last_modified,
            keywords: Vec::new(),
            fixes,
            service_packs,
            rejected: Vec::new(),
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(articles in prop::collection::vec(articles(), 0..6)) {
        let catalog: Catalog = articles.into_iter().collect();
        let text = catalog::write(&catalog);
        prop_assert_eq!(&catalog::read(&text).unwrap(), &catalog);
        for article in catalog.articles() {
            prop_assert_eq!(catalog::read_article(&text, article.id), Ok(Some(article.clone())));
        }
    }

    #[test]
    fn line_breaks_and_tabs_inside_a_field_become_blanks(title in "[ab\t\r\n]{0,9}c", file in "d[ab\t\r\n]{0,9}e") {
        let (mut article, mut fix) = (sample().articles()[0].clone(), sample().articles()[0].fixes[0].clone());
        (article.title, fix.file) = (title.into(), file.into());
        article.fixes = vec![fix];
        let read = catalog::read(&catalog::write(&[article.clone()].into_iter().collect())).unwrap();
        let plain = |text: &str| text.replace(['\t', '\r', '\n'], " ");
        prop_assert_eq!(&read.articles()[0].title, &plain(&article.title));
        prop_assert_eq!(&read.articles()[0].fixes[0].file, &plain(&article.fixes[0].file));
    }

    #[test]
    fn any_text_is_a_catalogue_or_an_error_within_it(body in "([APSF#]?\t?[^\r]{0,20}\n){0,8}") {
        let text = format!("{HEADER}\n{body}");
        match catalog::read(&text) {
            Ok(catalog) => prop_assert_eq!(catalog::read(&catalog::write(&catalog)).is_ok(), true),
            Err(error) => prop_assert!((2..=text.lines().count()).contains(&error.line), "{error}"),
        }
    }
}

const SAMPLE: &str = "hotfixcheck-catalog\t1
# a comment, and a blank line

A\tQ100001\t2000-08-30\tLamp Stays Lit
P\tWindows NT Server 4.0\tWindows NT Workstation 4.0
S\tWindows NT 4.0\t6a
F\t12\ttable\tLamp.dll\t4.0.1381.300\t2001-10-16\t19:23\t15800\tIntel\tPart\tGerman\tSP2QFE\tSP1\tutc\tday-first date
F\t13\tprose\tLamp.exe
A\tQ100002
S\tWindows 2000\tlatest
";

fn sample() -> Catalog {
    catalog::read(SAMPLE).expect("the sample")
}

#[test]
fn every_field_has_its_place() {
    let catalog = sample();
    let [first, second] = catalog.articles() else { panic!("{catalog:?}") };
    let fix = &first.fixes[0];
    assert_eq!((first.id.to_string().as_str(), &*first.title), ("Q100001", "Lamp Stays Lit"));
    assert_eq!(first.products, ["Windows NT Server 4.0", "Windows NT Workstation 4.0"]);
    assert_eq!((fix.line, fix.kind, &*fix.file), (12, FixKind::Table, "Lamp.dll"));
    assert_eq!((fix.version.as_deref(), fix.time.as_deref()), (Some("4.0.1381.300"), Some("19:23")));
    assert_eq!((fix.size, fix.machine), (Some(15_800), Some(Machine::I386)));
    assert_eq!((&*fix.section, fix.language.as_deref()), ("Part", Some("German")));
    assert_eq!((fix.branch.as_deref(), fix.sp_requirement.as_deref()), (Some("SP2QFE"), Some("SP1")));
    assert_eq!((fix.utc, fix.note.as_deref()), (true, Some("day-first date")));
    assert_eq!(
        second.service_packs,
        [ServicePack { product: "Windows 2000".to_owned().into(), sp: "latest".to_owned().into() }]
    );
    assert_eq!(catalog::read_article(SAMPLE, second.id), Ok(Some(second.clone())), "without date and title");
    let plain: String = SAMPLE.split_inclusive('\n').filter(|l| !l.starts_with('#') && *l != "\n").collect();
    assert_eq!(catalog::write(&catalog), plain);
}

/// Line 9 of the sample replaced by a broken one: the error names the line, what was expected and what stands there.
#[test]
fn a_broken_line_is_named() {
    let cases = [
        ("X\tQ100002", "expected 'A', 'P', 'S' or 'F', found 'X'"),
        ("no tab at all", "expected 'A', 'P', 'S' or 'F', found 'no tab at all'"),
        ("A", "expected an article id, found nothing"),
        ("A\tQ12", "expected an article id, found 'Q12'"),
        ("A\tQ100002\t30.08.2000", "expected a date as YYYY-MM-DD, found '30.08.2000'"),
        ("A\tQ100002\t2000-02-30", "expected a date as YYYY-MM-DD, found '2000-02-30'"),
        ("A\tQ100002\t+200-02-03", "expected a date as YYYY-MM-DD, found '+200-02-03'"),
        ("A\tQ100002\t2000-02-03\tTitle\tmore", "expected the end of the line, found 'more'"),
        ("S", "expected a product, found nothing"),
        ("S\tWindows 2000", "expected a service pack number, found nothing"),
        ("S\tWindows 2000\t4\tmore", "expected the end of the line, found 'more'"),
        ("F", "expected a line number, found nothing"),
        ("F\t-1\ttable\tA.dll", "expected a line number, found '-1'"),
        ("F\t1\tpicture\tA.dll", "expected 'table', 'list', 'prose' or 'package', found 'picture'"),
        ("F\t1\ttable", "expected a file name, found nothing"),
        ("F\t1\ttable\tA.dll\t1.0\t16-Oct-2001", "expected a date as YYYY-MM-DD, found '16-Oct-2001'"),
        ("F\t1\ttable\tA.dll\t1.0\t2001-10-16\t7:23p", "expected a time as HH:MM, found '7:23p'"),
        ("F\t1\ttable\tA.dll\t1.0\t2001-10-16\t24:00", "expected a time as HH:MM, found '24:00'"),
        ("F\t1\ttable\tA.dll\t1.0\t\t\t15,800", "expected a size in bytes, found '15,800'"),
        ("F\t1\ttable\tA.dll\t1.0\t\t\t+5", "expected a size in bytes, found '+5'"),
        ("F\t1\ttable\tA.dll\t1.0\t\t\t\t\t\t\t\t\tlocal", "expected 'utc' or nothing, found 'local'"),
        ("F\t1\ttable\tA.dll\t1.0\t\t\t\t\t\t\t\t\tutc\tnote\tmore", "expected the end of the line, found 'more'"),
    ];
    for (broken, what) in cases {
        let text = SAMPLE.replace("A\tQ100002", broken);
        let expected = CatalogError { line: 9, what: what.to_owned() };
        assert_eq!(catalog::read(&text), Err(expected.clone()), "{broken:?}");
        assert_eq!(expected.to_string(), format!("line 9: {what}"));
        // Reading the one article that holds the line tells the same.
        let id = KbId::new(if broken.starts_with("A\tQ100002\t") { 100_002 } else { 100_001 }).expect("an id");
        if !broken.starts_with('A') || broken.contains("Q100002\t") {
            assert_eq!(catalog::read_article(&text, id), Err(expected), "{broken:?}");
        }
    }
}

#[test]
fn what_is_no_catalogue_is_told_by_its_first_line() {
    let foreign = "expected 'hotfixcheck-catalog 1', found 'DOCUMENT:Q100001': this is no catalogue";
    let later = "expected 'hotfixcheck-catalog 1', found 'hotfixcheck-catalog\t2': this is no catalogue";
    let cases = [
        ("", 1, "the file is empty"),
        ("DOCUMENT:Q100001\n", 1, foreign),
        ("hotfixcheck-catalog\t2\n", 1, later),
        ("hotfixcheck-catalog\t1\nF\t1\ttable\tA.dll\n", 2, "'F' before the first article: expected 'A'"),
        ("hotfixcheck-catalog\t1\n\n# note\nP\tWindows 2000\n", 4, "'P' before the first article: expected 'A'"),
    ];
    for (text, line, what) in cases {
        let expected = CatalogError { line, what: what.to_owned() };
        assert_eq!(catalog::read(text), Err(expected), "{text:?}");
    }
    assert_eq!(catalog::read(HEADER).map(|c| c.articles().len()), Ok(0));
}

/// Windows editors end lines with `\r\n`.
#[test]
fn a_catalogue_saved_on_windows_is_the_same() {
    let text = SAMPLE.replace('\n', "\r\n");
    assert_eq!(catalog::read(&text), Ok(sample()));
    let id = KbId::new(100_001).expect("an id");
    assert_eq!(catalog::read_article(&text, id), Ok(sample().article(id).cloned()));
}
