//! The catalogue's text form: everything written is read back, and each kind of broken line gives its error.

use hotfixcheck::catalog::{self, Catalog, CatalogError, CompiledCatalog, HEADER};
use hotfixcheck::{KbId, Machine};
use hotfixcheck_articles::{
    Article, Build, Edition, EditionFacts, Fix, FixKind, PackageFile, ReleaseFacts, Restart, ServicePack, Severity,
};
use hotfixcheck_testkit::thorough::one_of;
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
    let new = (option::of(text()), any::<bool>());
    (file, rest, more, new).prop_map(|(first, (size, platform, section, utc), more, (build, wow))| {
        let (line, kind, file, version, date, time) = first;
        let (language, branch, sp_requirement, note) = more;
        Fix {
            version: version.map(Into::into),
            date,
            time: time.map(|time| time.parse().unwrap()),
            size,
            ..Fix::new(kind, file, line)
        }
        .with(|cells| {
            cells.section = section.unwrap_or_default().into();
            cells.language = language.map(Into::into);
            cells.machine = platform.as_deref().and_then(Machine::from_platform_text);
            cells.platform = platform.map(Into::into);
            cells.branch = branch.map(Into::into);
            cells.sp_requirement = sp_requirement.map(Into::into);
            cells.utc = utc;
            cells.note = note.map(Into::into);
            cells.build_language = build.map(Into::into);
            cells.wow = wow;
        })
    })
}

fn packs() -> impl Strategy<Value = ServicePack> {
    (text(), text()).prop_map(|(product, sp)| ServicePack { product: product.into(), sp: sp.into() })
}

fn ids() -> impl Strategy<Value = KbId> {
    (1_000u32..100_000_000).prop_map(|number| KbId::new(number).unwrap())
}

fn texts() -> impl Strategy<Value = Vec<hotfixcheck_articles::Text>> {
    prop::collection::vec(text().prop_map(Into::into), 0..3)
}

fn packages() -> impl Strategy<Value = PackageFile> {
    let machines = option::of(prop::sample::select(Machine::ALL.to_vec()));
    (text(), option::of(ids()), option::of(text()), machines, option::of(text())).prop_map(
        |(file, kb, system, machine, language)| PackageFile {
            file: file.into(),
            kb,
            system: system.map(Into::into),
            machine,
            language: language.map(Into::into),
        },
    )
}

fn builds() -> impl Strategy<Value = Build> {
    (text(), text(), option::of(text())).prop_map(|(product, version, file)| Build {
        product: product.into(),
        version: version.into(),
        file: file.map(Into::into),
    })
}

/// The first vulnerability is of servers alone, and clients have a lower rating.
fn editions(cves: &[hotfixcheck_articles::Text], severity: Option<Severity>) -> Vec<EditionFacts> {
    let lower = severity.filter(|severity| *severity > Severity::Low).map(|_| Severity::Low);
    let client = EditionFacts { edition: Edition::Client, severity: lower, cves: Vec::new() };
    let server =
        EditionFacts { edition: Edition::Server, severity: None, cves: cves.iter().take(1).cloned().collect() };
    [client, server].into_iter().filter(|facts| facts.severity.is_some() || !facts.cves.is_empty()).collect()
}

/// The last vulnerability is of one of two releases, and the other has a lower rating.
fn releases(cves: &[hotfixcheck_articles::Text], severity: Option<Severity>) -> Vec<ReleaseFacts> {
    let lower = severity.filter(|severity| *severity > Severity::Low).map(|_| Severity::Low);
    let of = |names: &[&'static str], severity, cves: Vec<_>| ReleaseFacts {
        releases: names.iter().map(|name| (*name).into()).collect(),
        severity,
        cves,
    };
    let (one, other) = ("Windows 10 2004", "Windows Server 20H2");
    let all = of(&[one, other], None, Vec::new());
    vec![all, of(&[one], None, cves.last().cloned().into_iter().collect()), of(&[other], lower, Vec::new())]
}

/// The facts about an article's update, in an article that states nothing else.
fn updates() -> impl Strategy<Value = Article> {
    let severities = option::of(prop::sample::select(Severity::ALL.to_vec()));
    let restarts = option::of(prop::sample::select(Restart::ALL.to_vec()));
    let replaced = (texts(), prop::collection::vec(ids(), 0..3));
    let lists = (prop::collection::vec(packages(), 0..3), prop::collection::vec(builds(), 0..3));
    (texts(), texts(), texts(), severities, restarts, replaced, lists).prop_map(
        |(bulletins, cves, exploited, severity, restart, (replaced_bulletins, replaced_articles), lists)| Article {
            bulletins,
            editions: editions(&cves, severity),
            releases: releases(&cves, severity),
            cves,
            exploited,
            severity,
            restart,
            replaced_bulletins,
            replaced_articles,
            packages: lists.0,
            builds: lists.1,
            ..Article::new(KbId::new(1_000).unwrap(), "")
        },
    )
}

/// An article that states a fix or describes an update; other articles, keywords and rejected lines are not stored.
fn articles() -> impl Strategy<Value = Article> {
    let facts = (prop::collection::vec(fixes(), 0..5), prop::collection::vec(packs(), 0..3), updates()).prop_filter(
        "a fact",
        |(fixes, packs, update)| {
            !fixes.is_empty() || !packs.is_empty() || update.states_fix() || update.describes_update()
        },
    );
    let products = prop::collection::vec(text(), 0..4);
    (ids(), option::of(text()), option::of(dates()), products, facts).prop_map(
        |(id, title, last_modified, products, (fixes, service_packs, update))| Article {
            id,
            title: title.unwrap_or_default().into(),
            products: products.into_iter().map(Into::into).collect(),
            last_modified,
            fixes,
            service_packs,
            ..update
        },
    )
}

/// The compiled form of a catalogue text.
fn compiled(text: &str) -> CompiledCatalog {
    CompiledCatalog::open(CompiledCatalog::compile("test.tsv", text, &[]).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256 / one_of(4) as u32))]

    #[test]
    fn what_is_written_is_read_back(articles in prop::collection::vec(articles(), 0..6)) {
        let catalog: Catalog = articles.into_iter().collect();
        let text = catalog::write(&catalog);
        prop_assert_eq!(&catalog::read(&text).unwrap(), &catalog);
        let compiled = compiled(&text);
        for article in catalog.articles() {
            prop_assert_eq!(compiled.article(article.id), Ok(Some(Article::clone(article))));
        }
    }

    #[test]
    fn line_breaks_and_tabs_inside_a_field_become_blanks(title in "[ab\t\r\n]{0,9}c", file in "d[ab\t\r\n]{0,9}e") {
        let (mut article, mut fix) = (Article::clone(&sample().articles()[0]), sample().articles()[0].fixes[0].clone());
        (article.title, fix.file) = (title.into(), file.into());
        article.fixes = vec![fix];
        let read = catalog::read(&catalog::write(&[article.clone()].into_iter().collect())).unwrap();
        let plain = |text: &str| text.replace(['\t', '\r', '\n'], " ");
        prop_assert_eq!(&read.articles()[0].title, &plain(&article.title));
        prop_assert_eq!(&read.articles()[0].fixes[0].file, &plain(&article.fixes[0].file));
    }

    #[test]
    fn any_text_is_a_catalogue_or_an_error_within_it(body in "([APSFBCXVERUKD#]?\t?[^\r]{0,20}\n){0,8}") {
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
    assert_eq!((fix.version.as_deref(), fix.time), (Some("4.0.1381.300"), "19:23".parse().ok()));
    assert_eq!((fix.size, fix.machine), (Some(15_800), Some(Machine::I386)));
    assert_eq!((&*fix.section, fix.language.as_deref()), ("Part", Some("German")));
    assert_eq!((fix.branch.as_deref(), fix.sp_requirement.as_deref()), (Some("SP2QFE"), Some("SP1")));
    assert_eq!((fix.utc, fix.note.as_deref()), (true, Some("day-first date")));
    assert_eq!(
        second.service_packs,
        [ServicePack { product: "Windows 2000".to_owned().into(), sp: "latest".to_owned().into() }]
    );
    assert_eq!(compiled(SAMPLE).article(second.id), Ok(Some(Article::clone(second))), "without date and title");
    let plain: String = SAMPLE.split_inclusive('\n').filter(|l| !l.starts_with('#') && *l != "\n").collect();
    assert_eq!(catalog::write(&catalog), plain);
}

const BULLETIN: &str = "hotfixcheck-catalog\t1
A\tKB900001\t\tLamp Stays Lit
B\tMS05-940
C\tCVE-2005-9058\tCVE-2005-9059
X\tCVE-2005-9059
V\timportant\trequired
E\tclient\tmoderate
E\tserver\t\tCVE-2005-9059
R\tMS03-926
U\tKB900980
K\tWindowsServer2003.WindowsXP-KB900001-x64-ENU.exe\tKB900001\tWindowsServer2003.WindowsXP\tx64\tENU
D\tWindows 10 22H2\t19045.3930
D\tSQL Server 2019 RTM CU\t2019.150.4298.1\tsqlservr.exe
F\t3\ttable\tlamp.dll\t5.2.3790.366\t2005-07-01\t03:20\t15800\tx86\tWindows XP x64\t\tSP1QFE\t\tutc\t\tEnglish\twow
";

/// Issues 14 and 15: the facts of bulletins and later sources about an update.
#[test]
fn what_an_update_is_for_is_read_and_written() {
    let catalog = catalog::read(BULLETIN).unwrap();
    let [article] = catalog.articles() else { panic!("{:?}", catalog.articles()) };
    assert_eq!(
        (&article.bulletins[..], &article.replaced_bulletins[..]),
        (&["MS05-940".into()][..], &["MS03-926".into()][..])
    );
    assert_eq!((&article.cves[1], &article.exploited[..]), (&"CVE-2005-9059".into(), &["CVE-2005-9059".into()][..]));
    assert_eq!((article.severity, article.restart), (Some(Severity::Important), Some(Restart::Required)));
    assert_eq!(article.replaced_articles, [KbId::new(900_980).unwrap()]);
    let (client, server) = (Some(Edition::Client), Some(Edition::Server));
    assert_eq!(article.severity_on(&client.into()), Some(Severity::Moderate));
    assert_eq!([server, None].map(|edition| article.severity_on(&edition.into())), [article.severity; 2]);
    assert_eq!(article.alone_with("CVE-2005-9059"), server);
    assert_eq!([client, server, None].map(|own| article.is_cve_on("CVE-2005-9059", &own.into())), [false, true, true]);
    assert!(article.is_cve_on("CVE-2005-9058", &client.into()));
    let package = &article.packages[0];
    assert_eq!(
        (package.kb, package.machine, package.language.as_deref()),
        (Some(article.id), Some(Machine::X64), Some("ENU"))
    );
    assert_eq!(article.builds.iter().map(|b| b.file.as_deref()).collect::<Vec<_>>(), [None, Some("sqlservr.exe")]);
    let fix = &article.fixes[0];
    assert_eq!((fix.wow, fix.machine, fix.build_language.as_deref()), (true, Some(Machine::I386), Some("English")));
    assert_eq!(catalog::write(&catalog), BULLETIN);
    assert_eq!(compiled(BULLETIN).article(article.id), Ok(Some(Article::clone(article))));
}

/// Line 9 of the sample is replaced by a broken one: the error names the line, what was expected and what was found.
#[test]
fn a_broken_line_is_named() {
    let cases = [
        ("Z\tQ100002", "expected a line of kind A, P, B, C, X, V, E, R, U, K, D, S, F or L, found 'Z'"),
        ("E", "expected client, server, or releases of Windows, found nothing"),
        ("E\tdesktop", "expected client, server, or releases of Windows, found 'desktop'"),
        ("E\tWindows 10 2004, desktop", "expected client, server, or releases of Windows, found 'desktop'"),
        ("E\tserver", "expected a severity or a vulnerability, found nothing"),
        ("E\tserver\tlow", "expected a lower severity than the article's, found 'low'"),
        ("E\tserver\t\tCVE-2020-1350", "expected a vulnerability of the article, found 'CVE-2020-1350'"),
        ("no tab at all", "expected a line of kind A, P, B, C, X, V, E, R, U, K, D, S, F or L, found 'no tab at all'"),
        ("V\tgrave", "expected low, moderate, important or critical, found 'grave'"),
        ("V\tlow\tsoon", "expected no, maybe or required, found 'soon'"),
        ("U\tMS05-040", "expected an article id, found 'MS05-040'"),
        ("K", "expected a package's file name, found nothing"),
        ("K\ta.exe\t\t\tz80", "expected a processor (i386, x64, ia64, …), found 'z80'"),
        ("D\tWindows 10", "expected a build, found nothing"),
        ("C\tCVE-2005-0058\t\tCVE-2005-0059", "expected an id, found nothing"),
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
        (
            "F\t1\ttable\tA.dll\t1.0\t\t\t\t\t\t\t\t\tutc\tnote\tGerman\twow\tmore",
            "expected the end of the line, found 'more'",
        ),
        ("F\t1\ttable\tA.dll\t1.0\t\t\t\t\t\t\t\t\t\t\t\t64", "expected 'wow' or nothing, found '64'"),
    ];
    for (broken, what) in cases {
        let text = SAMPLE.replace("A\tQ100002", broken);
        let expected = CatalogError { line: 9, what: what.to_owned() };
        assert_eq!(catalog::read(&text), Err(expected.clone()), "{broken:?}");
        assert_eq!(expected.to_string(), format!("line 9: {what}"));
    }
}

#[test]
fn what_is_no_catalogue_is_told_by_its_first_line() {
    let foreign = "expected 'hotfixcheck-catalog 1', found 'DOCUMENT:Q100001': this is not a catalogue";
    let later = "expected 'hotfixcheck-catalog 1', found 'hotfixcheck-catalog\t2': this is not a catalogue";
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
    assert_eq!(compiled(&text).article(id), Ok(sample().article(id).cloned()));
}

/// Found by damaged catalogues: a product without a name is ignored, so that the text is written as it was read (issue
/// 16).
#[test]
fn a_product_without_a_name_is_left_out() {
    let text = format!("{HEADER}\nA\tQ265433\t\tTitle\nP\t\nP\tWindows NT 4.0\t\nS\tWindows NT 4.0\t6\n");
    let read = catalog::read(&text).unwrap();
    assert_eq!(read.articles()[0].products, vec![hotfixcheck_articles::Text::from("Windows NT 4.0")]);
    let written = catalog::write(&read);
    assert_eq!(catalog::write(&catalog::read(&written).unwrap()), written);
}

/// Issue 15, point 7: a text that is cut inside a version states a lower one.
#[test]
fn a_text_whose_last_line_has_no_end_is_refused() {
    let whole = format!("{HEADER}\nA\tQ100001\nF\t1\ttable\ta.dll\t5.1.2600.3462\n");
    assert!(catalog::read(&whole).is_ok());
    let error = catalog::read(&whole[..whole.len() - 4]).unwrap_err();
    assert_eq!(error.line, 3);
    assert!(error.what.contains("cut off"), "{error}");
}
