//! `catalog add`: rows from self-extracting hotfixes, cabinets and MSU files, and scans with them.

use std::fs;
use std::path::Path;

use crate::support::kit::{article, row};
use assert_cmd::Command;
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck::package::{MAX_PROBLEMS, Package, PackageError};
use hotfixcheck_articles::{Article, FixKind};
use hotfixcheck_testkit::cab_builder::{CabBuilder, Method, cab};
use hotfixcheck_testkit::packed_builder::szdd;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::soon::soon;
use tempfile::TempDir;

fn pe(revision: u16) -> Vec<u8> {
    PeBuilder::new().fixed([5, 0, 2195, revision], [5, 0, 2195, revision]).build()
}

const INF: &[u8] = b"; setup information\r\n[Version]\r\nSignature=\"$Windows NT$\"\r\n[Strings]\r\n\
    HOTFIX_NUMBER = Q299444 ; the article\r\nSP_TITLE=\"Windows 2000 Hotfix; Pre-SP4\"\r\nSP_TITLE=\"again\"\r\n";

/// A cabinet at the end of an executable.
fn self_extracting(members: &[(&str, &[u8])]) -> Vec<u8> {
    // Bytes that look like a cabinet and are not one are skipped.
    let mut file =
        [PeBuilder::new().build(), b"MSCF\0\0\0\0 and so on, no cabinet at all, just text".to_vec()].concat();
    file.resize(file.len() + (1 << 20), 0x90);
    [file, CabBuilder::new().folder(Method::Lzx, members).build(), vec![0; 77]].concat()
}

fn hotfix() -> Vec<u8> {
    self_extracting(&[
        (r"update\update.inf", INF),
        (r"update\update.exe", &pe(1)),
        ("spmsg.dll", &pe(1)),
        ("readme.txt", b"text"),
        ("tapisrv.dll", &pe(3649)),
        ("locale.nls", b"a table"),
        (r"uniproc\rpcss.ex_", &cab(&[("rpcss.exe", &pe(4000))])),
        (r"old\lprmon.dl_", &szdd(&pe(4001), 0)),
    ])
}

struct World(TempDir);

impl World {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = TempDir::new().unwrap();
        for (path, bytes) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        let output = command.args(arguments).current_dir(self.path()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn catalog(&self, name: &str) -> Catalog {
        catalog::read(&fs::read_to_string(self.path().join(name)).unwrap()).unwrap()
    }
}

/// File, version, branch and note of each row.
fn rows(article: &Article) -> Vec<(String, String, String, String)> {
    let text = |field: &Option<hotfixcheck_articles::Text>| field.as_deref().unwrap_or_default().to_owned();
    let rows = article.fixes.iter().map(|f| (f.file.to_string(), text(&f.version), text(&f.branch), text(&f.note)));
    rows.collect()
}

fn owned(rows: &[[&str; 4]]) -> Vec<(String, String, String, String)> {
    rows.iter().map(|[a, b, c, d]| ((*a).into(), (*b).into(), (*c).into(), (*d).into())).collect()
}

#[test]
fn a_self_extracting_hotfix_gives_its_files() {
    let world = World::new(&[("w2k.exe", &hotfix())]);
    assert_eq!(world.run(&["catalog", "add", "w2k.exe", "-o", "mine.tsv"]), (0, String::new(), String::new()));
    let catalog = world.catalog("mine.tsv");
    let [article] = catalog.articles() else { panic!("{} articles", catalog.articles().len()) };
    assert_eq!((article.id.to_string().as_str(), &*article.title), ("Q299444", "Windows 2000 Hotfix; Pre-SP4"));
    assert_eq!(article.products, ["Windows 2000"]);
    assert_eq!(
        rows(article),
        owned(&[
            ["lprmon.dll", "5.0.2195.4001", "", r"package w2k.exe: old/lprmon.dl_"],
            ["tapisrv.dll", "5.0.2195.3649", "", "package w2k.exe: tapisrv.dll"],
            ["rpcss.exe", "5.0.2195.4000", "", "package w2k.exe: uniproc/rpcss.ex_"],
        ])
    );
    let row = &article.fixes[1];
    assert_eq!((row.kind, row.machine.unwrap().name(), row.size), (FixKind::Package, "i386", Some(pe(1).len() as u64)));
    assert_eq!((row.date.unwrap().to_string().as_str(), row.time), ("2002-05-08", "19:54".parse().ok()));
    // Adding the same again changes nothing, not even the order.
    let first = fs::read(world.path().join("mine.tsv")).unwrap();
    world.run(&["catalog", "add", "w2k.exe", "-o", "mine.tsv"]);
    assert_eq!(fs::read(world.path().join("mine.tsv")).unwrap(), first);
    let (code, out, _) = world.run(&["catalog", "add", "w2k.exe"]);
    assert_eq!((code, out.as_bytes()), (0, first.as_slice()));
}

#[test]
fn branches_are_those_of_the_folders() {
    let members: [(&str, &[u8]); 5] = [
        (r"SP1QFE\a.dll", &pe(10)),
        (r"sp2gdr\a.dll", &pe(20)),
        (r"SP2QFE\wow\wa.dll", &pe(21)),
        (r"rtmgdr\a.dll", &pe(5)),
        (r"spare\a.dll", &pe(6)),
    ];
    let world = World::new(&[("WindowsXP-KB835732-x86-ENU.exe", &self_extracting(&members))]);
    world.run(&["catalog", "add", "WindowsXP-KB835732-x86-ENU.exe", "-o", "mine.tsv"]);
    let catalog = world.catalog("mine.tsv");
    let article = &catalog.articles()[0];
    assert_eq!(article.id.to_string(), "KB835732");
    let mut found: Vec<_> = rows(article).into_iter().map(|(file, _, branch, _)| (file, branch)).collect();
    found.sort();
    let expected = [("a.dll", ""), ("a.dll", "RTMGDR"), ("a.dll", "SP1QFE"), ("a.dll", "SP2GDR"), ("wa.dll", "SP2QFE")];
    assert_eq!(found, expected.map(|(file, branch)| (file.to_owned(), branch.to_owned())));
}

#[test]
fn a_package_as_path_is_named() {
    let world = World::new(&[("sp.exe", &hotfix()), ("plain.exe", &pe(1)), ("text.exe", b"text")]);
    let (code, _, err) = world.run(&["scan", "sp.exe", "plain.exe", "text.exe"]);
    let said = "hotfixcheck: 'sp.exe' is an update package; use 'catalog add' to add its files to a catalogue\n";
    assert!(code == 4 && err.contains(said), "{err}");
    // The kinds of the other files are reported, too (issue 18).
    assert!(err.contains("'plain.exe' is a program or library") && err.contains("'text.exe' is a text"), "{err}");
}

#[test]
fn what_belongs_to_the_installer_is_no_row() {
    let inf = b"[Strings]\r\nSP_SHORT_TITLE=\"KB873339\"\r\nSP_TITLE=\"Windows XP Hotfix - KB873339\"\r\n";
    let branches: [(&str, &[u8]); 6] = [
        (r"SP2GDR\hypertrm.dll", &pe(10)),
        (r"SP2QFE\hypertrm.dll", &pe(11)),
        (r"UPDATE\update_SP2GDR.inf", inf),
        (r"UPDATE\update_sp2qfe.inf", inf),
        (r"update\arpidfix.exe", &pe(1)),
        (r"update\other.dl_", &cab(&[("other.dll", &pe(2))])),
    ];
    let old: [(&str, &[u8]); 3] = [("advpack.dll", &pe(1)), ("W95INF32.DLL", &pe(2)), ("mshtml.dll", &pe(3))];
    let alone: [(&str, &[u8]); 1] = [("advpack.dll", &pe(1))];
    let world = World::new(&[
        ("xp.exe", &self_extracting(&branches)),
        ("q313675.exe", &self_extracting(&old)),
        ("q316059.exe", &self_extracting(&alone)),
    ]);
    let (code, _, err) = world.run(&["catalog", "add", "xp.exe", "q313675.exe", "q316059.exe", "-o", "mine.tsv"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let catalog = world.catalog("mine.tsv");
    let files = |article: &Article| article.fixes.iter().map(|fix| fix.file.to_string()).collect::<Vec<_>>();
    let found: Vec<_> = catalog.articles().iter().map(|a| (a.id.to_string(), &*a.title, files(a))).collect();
    assert_eq!(found[0], ("Q313675".to_owned(), "Update package q313675.exe", vec!["mshtml.dll".to_owned()]));
    assert_eq!(found[1].2, ["advpack.dll"], "there it is the update");
    let title = "Windows XP Hotfix - KB873339";
    assert_eq!(found[2], ("KB873339".to_owned(), title, vec!["hypertrm.dll".to_owned(); 2]));
}

#[test]
fn an_msu_is_a_cabinet_of_cabinets() {
    let inner = cab(&[
        ("update.mum", br#"<assembly><package identifier="KB976932" release="x"/></assembly>"#),
        (r"x86_tcpip_6.1.7601.17514_none\tcpip.sys", &pe(7)),
        (r"amd64_delta\tcpip.sys", b"PA30 a delta, which is no executable"),
    ]);
    let msu = cab(&[("Windows6.1-KB976932-x86.xml", b"<unattend/>"), ("WSUSSCAN.cab", &cab(&[])), ("k.cab", &inner)]);
    let world = World::new(&[("renamed.msu", &msu)]);
    let (code, _, err) = world.run(&["catalog", "add", "renamed.msu", "-o", "mine.tsv"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let catalog = world.catalog("mine.tsv");
    assert_eq!(catalog.articles()[0].id.to_string(), "KB976932");
    let note = "package renamed.msu: k.cab:/x86_tcpip_6.1.7601.17514_none/tcpip.sys";
    assert_eq!(rows(&catalog.articles()[0]), owned(&[["tcpip.sys", "5.0.2195.7", "", note]]));
}

#[test]
fn the_article_must_be_clear() {
    let world = World::new(&[
        ("Q111111.exe", &hotfix()),
        ("unnamed.cab", &cab(&[("a.dll", &pe(1))])),
        ("text.txt", b"Q299444"),
        ("q299444.exe", &pe(1)),
    ]);
    let (code, _, err) = world.run(&["catalog", "add", "Q111111.exe", "-o", "x"]);
    assert_eq!(code, 3);
    assert!(err.contains("its name says Q111111, update/update.inf says Q299444"), "{err}");
    let (code, _, err) = world.run(&["catalog", "add", "unnamed.cab", "-o", "x"]);
    assert!(code == 3 && err.contains("give its id with --kb"), "{err}");
    assert!(!world.path().join("x").exists());
    assert_eq!(world.run(&["catalog", "add", "unnamed.cab", "--kb", "Q5000", "-o", "x"]).0, 0);
    assert_eq!(world.catalog("x").articles()[0].id.to_string(), "Q5000");
    for (name, error) in [("text.txt", PackageError::NotAPackage), ("q299444.exe", PackageError::NoCabinet)] {
        assert_eq!(Package::read(&world.path().join(name)), Err(error));
    }
    let (code, _, err) = world.run(&["catalog", "add", "no-such-file", "-o", "x"]);
    assert!(code == 2 && err.contains("no-such-file"), "{err}");
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_taken() {
    let broken = cab(&[("rpcss.exe", &pe(4000))]);
    let members: [(&str, &[u8]); 3] =
        [("a.dll", &pe(9)), ("rpcss.ex_", &broken[..broken.len() - 9]), ("cut.dll", &pe(3)[..70])];
    let world = World::new(&[("q299444.exe", &self_extracting(&members))]);
    let (code, _, err) = world.run(&["catalog", "add", "q299444.exe", "-o", "mine.tsv"]);
    assert_eq!(code, 3);
    assert!(err.contains("rpcss.ex_: truncated") && err.contains("cut.dll: truncated"), "{err}");
    assert_eq!(world.catalog("mine.tsv").articles()[0].fixes.len(), 1);
    let world = World::new(&[("q299444.cab", &cab(&[("readme.txt", b"text")]))]);
    assert_eq!(world.run(&["catalog", "add", "q299444.cab", "-o", "mine.tsv"]).0, 4);
}

#[test]
fn rows_of_packages_complete_an_article() {
    let stated = Article {
        products: vec!["Windows 2000".to_owned().into()],
        ..article("Q299444", vec![row("TAPISRV.DLL", "5.0.2195.3649")])
    };
    let base: Catalog = [stated.clone()].into_iter().collect();
    let world = World::new(&[("w2k.exe", &hotfix()), ("base.tsv", catalog::write(&base).as_bytes())]);
    fs::create_dir_all(world.path().join("tree")).unwrap();
    fs::write(world.path().join("tree/rpcss.exe"), pe(3999)).unwrap();
    fs::write(world.path().join("tree/tapisrv.dll"), pe(3649)).unwrap();
    assert_eq!(world.run(&["scan", "tree", "--catalog", "base.tsv"]).0, 0);
    world.run(&["catalog", "add", "w2k.exe", "-o", "mine.tsv"]);
    let both = ["--catalog", "base.tsv", "--add-catalog", "mine.tsv"];
    let (code, out, _) = world.run(&[&["scan", "tree"], &both[..]].concat());
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("half-installed") && out.contains("rpcss.exe") && out.contains("5.0.2195.4000"), "{out}");
    let (_, out, _) = world.run(&[&["explain", "Q299444", "tree"], &both[..]].concat());
    assert!(out.contains("package w2k.exe: uniproc/rpcss.ex_"), "{out}");
    let (_, out, _) = world.run(&[&["article", "Q299444"], &both[..]].concat());
    assert!(out.contains(&*stated.title) && out.contains("package w2k.exe"), "{out}");
    // A row that the article already states is listed once.
    assert_eq!(out.to_lowercase().matches("tapisrv.dll").count(), 1, "{out}");
    let merged = base.with(world.catalog("mine.tsv"));
    assert_eq!(merged.articles()[0].fixes.len(), 3);
    // Rows of an article replace; fields that it does not state are kept (issue 15).
    let mine = Article { products: Vec::new(), ..article("Q299444", vec![row("X.DLL", "1.2.3.4")]) };
    let other: Catalog = [mine].into_iter().collect();
    let replaced = merged.with(other.clone());
    assert_eq!(replaced.articles()[0].fixes, other.articles()[0].fixes);
    assert_eq!(replaced.articles()[0].products, stated.products);
}

#[test]
fn files_of_other_languages_say_so() {
    let german = PeBuilder::new().fixed([5, 0, 2195, 9], [5, 0, 2195, 9]).table("040704B0", &[("FileVersion", "5.00")]);
    let world = World::new(&[("q299444.cab", &cab(&[("a.dll", &german.build()), ("b.dll", &pe(9))]))]);
    world.run(&["catalog", "add", "q299444.cab", "-o", "mine.tsv"]);
    let languages: Vec<_> =
        world.catalog("mine.tsv").articles()[0].fixes.iter().map(|fix| fix.language.clone()).collect();
    assert_eq!(languages, [Some("German".into()), None]);
}

#[test]
fn damaged_packages_have_an_answer() {
    let world = World::new(&[]);
    let path = world.path().join("Q299444.exe");
    let whole = cab(&[("update.inf", INF), ("a.dll", &pe(9)), ("b.ex_", &cab(&[("b.exe", &pe(8))]))]);
    for size in 0..whole.len() {
        fs::write(&path, &whole[..size]).unwrap();
        let _ = soon(|| Package::read(&path));
    }
    let mut file = whole;
    for place in 0..file.len() {
        file[place] ^= 1 << (place % 8);
        fs::write(&path, &file).unwrap();
        let _ = soon(|| Package::read(&path));
        file[place] ^= 1 << (place % 8);
    }
}

#[test]
fn packages_in_packages_are_not_unpacked_without_end() {
    // Two cabinets of 40,000 files each: no real package has so many.
    let many =
        (0..40_000).fold(CabBuilder::new().folder(Method::Stored, &[]), |cab, _| cab.member("n.dll", 0, 0, None));
    let world = World::new(&[("q299444.cab", &cab(&[("a.cab", &many.build()), ("b.cab", &many.build())]))]);
    let package = Package::read(&world.path().join("q299444.cab")).unwrap();
    assert_eq!(package.problems, ["b.cab:/: more than 65536 files are not looked at"]);
    // A package with more errors than can be listed.
    let wrong = (0..2000).fold(CabBuilder::new().folder(Method::Stored, &[]), |cab, _| cab.member("n.dll", 1, 0, None));
    let world = World::new(&[("q299444.cab", &wrong.build())]);
    let package = Package::read(&world.path().join("q299444.cab")).unwrap();
    assert_eq!(package.problems.len(), MAX_PROBLEMS + 1);
    assert_eq!(package.problems[MAX_PROBLEMS], "more than 1024 problems, which are not named");
    // Five cabinets of half a gigabyte each, read and written, in ten megabytes.
    let data = vec![7; 2 << 20];
    let shared = CabBuilder::new().no_checksums().folder(Method::Stored, &[("m.dll", &data)]);
    let shared = (0..240).fold(shared, |cab, _| cab.shared("m.dll")).build();
    let world = World::new(&[("q299444.exe", &[b"MZ".as_slice(), &shared.repeat(5)].concat())]);
    let package = Package::read(&world.path().join("q299444.exe")).unwrap();
    let spent = "unpacks to too much: its package has more than is unpacked of one";
    assert!(package.problems.iter().all(|what| what.ends_with(spent)), "{:?}", package.problems.first());
    assert!((150..250).contains(&package.problems.len()) && package.others > 900, "{}", package.problems.len());
}
