//! Hives in trees: where they are found, and how a scan uses them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::kit::{article, file, inventory, knowledge, row};
use assert_cmd::Command;
use hotfixcheck::assess::{Policy, RegistryFinding, assess, registry_findings};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::{Entry, Inventory, System, Wanted, walk};
use hotfixcheck_testkit::registry::{NT, hotfix, software, system};
use tempfile::TempDir;

fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn found(root: &Path) -> Vec<System> {
    walk(&[root.to_owned()], &Wanted::named(|_| false), &|_| {}).unwrap().systems
}

/// A volume with Windows 2000, Service Pack 2.
fn volume(config: &str) -> TempDir {
    let tree = TempDir::new().unwrap();
    put(tree.path(), &format!("{config}/software"), &software("5.0", "2195", "Service Pack 2").build());
    put(tree.path(), &format!("{config}/SYSTEM"), &system("WinNT", &[], 0x200).build());
    tree
}

#[test]
fn hives_are_found_in_any_case_from_any_root() {
    let tree = volume("WINNT/System32/Config");
    for (root, folder) in [
        ("", "WINNT/System32/Config"),
        ("WINNT", "System32/Config"),
        ("WINNT/System32", "Config"),
        ("WINNT/System32/Config", ""),
    ] {
        let systems = found(&tree.path().join(root));
        assert_eq!(systems.len(), 1, "{root}");
        assert_eq!(systems[0].folder.as_str(), Some(folder));
        assert_eq!(systems[0].hives.len(), 2);
        assert_eq!(systems[0].problems, []);
        assert_eq!(systems[0].facts.csd_version.as_ref().unwrap().value, "Service Pack 2");
    }
}

#[test]
fn copies_and_files_of_other_programs_are_no_systems() {
    let hive = software("5.0", "2195", "").build();
    let tree = TempDir::new().unwrap();
    for path in ["WINNT/repair/software", "WINNT/System32/config/RegBack/SOFTWARE", "app/config/software", "software"] {
        put(tree.path(), path, &hive);
    }
    put(tree.path(), "config/system", b"some program's settings");
    assert_eq!(found(tree.path()), []);
    assert_eq!(found(&tree.path().join("WINNT/repair")), []);
}

#[test]
fn a_system32_of_another_name_is_found_at_its_root() {
    let tree = volume("config");
    assert_eq!(found(tree.path()).len(), 1);
    assert_eq!(found(tree.path())[0].folder.as_str(), Some("config"));
}

#[test]
fn a_damaged_hive_is_a_problem_of_its_system() {
    let tree = volume("WINNT/system32/config");
    put(tree.path(), "WINNT/system32/config/SYSTEM", b"");
    let systems = found(tree.path());
    assert_eq!(systems[0].hives.len(), 1);
    assert_eq!(systems[0].problems[0].source, "SYSTEM");
    assert_eq!(systems[0].facts.current_version.as_ref().unwrap().value, "5.0");
}

#[test]
fn two_systems_are_kept_apart() {
    let tree = volume("a/system32/config");
    put(tree.path(), "b/system32/config/software", &software("5.0", "2195", "Service Pack 4").build());
    let systems = found(tree.path());
    let folders: Vec<_> = systems.iter().map(|system| system.folder.as_str().unwrap().to_owned()).collect();
    assert_eq!(folders, ["a/system32/config", "b/system32/config"]);

    let profile = |systems: &[System]| {
        let inventory = Inventory { roots: vec!["tree".into()], systems: systems.to_vec(), ..Inventory::default() };
        let catalog = Catalog::default();
        let assessment = hotfixcheck::assess::assess(&catalog, &inventory, knowledge(), &Policy::default());
        assessment.profile.and_then(|profile| profile.pack).map(|pack| pack.to_string())
    };
    assert_eq!(profile(&systems[..1]).as_deref(), Some("SP2"));
    assert_eq!(profile(&systems[1..]).as_deref(), Some("SP4"));
    assert_eq!(profile(&systems), None);
    assert_eq!(profile(&[systems[0].clone(), systems[0].clone()]).as_deref(), Some("SP2"));
    assert_eq!(profile(&[]), None);
}

fn sample_pe() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample/nt4/WINNT/System32/TAPISRV.EXE")
}

/// The status that `scan` gives to an article that names only Service Pack 4, with these further options.
fn scanned(tree: &Path, more: &[&str]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
    let output = command
        .arg("scan")
        .arg(tree)
        .args(["--kb", "Q171996", "--format", "json", "--all"])
        .args(more)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    (report["articles"][0]["status"].as_str().unwrap().to_owned(), report["options"]["profile"].to_string())
}

#[test]
fn a_scan_takes_the_service_pack_from_the_registry_unless_it_is_told() {
    let tree = TempDir::new().unwrap();
    put(tree.path(), "WINNT/System32/tapisrv.exe", &fs::read(sample_pe()).unwrap());
    put(tree.path(), "WINNT/System32/config/software", &software("4.0", "1381", "Service Pack 3").build());
    // The hive that states the edition is missing.
    assert_eq!(scanned(tree.path(), &[]), ("unknown".to_owned(), "null".to_owned()));

    let nt4 = |pack: &str, source: &str| {
        format!(r#"{{"kernel":null,"os":"Windows NT 4.0","service_pack":"{pack}","source":"{source}"}}"#)
    };
    put(tree.path(), "WINNT/System32/config/system", &system("WinNT", &[], 0x300).build());
    assert_eq!(scanned(tree.path(), &[]), ("missing".to_owned(), nt4("3", "registry")));
    let told = scanned(tree.path(), &["--os", "Windows NT 4.0", "--service-pack", "4"]);
    assert_eq!(told, ("fixed".to_owned(), nt4("4", "given")));

    let (_, profile) = scanned(tree.path(), &["--os", "Windows 2000", "--service-pack", "4"]);
    assert_eq!(profile, r#"{"kernel":null,"os":"Windows 2000","service_pack":"4","source":"given"}"#);
}

#[test]
fn a_damaged_hive_makes_the_answer_incomplete() {
    let tree = TempDir::new().unwrap();
    put(tree.path(), "WINNT/System32/tapisrv.exe", &fs::read(sample_pe()).unwrap());
    put(tree.path(), "WINNT/System32/config/software", &software("4.0", "1381", "Service Pack 3").build()[..4100]);
    put(tree.path(), "WINNT/System32/config/system", b"regf");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
    let output = command.arg("scan").arg(tree.path()).args(["--kb", "Q171996", "--format", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let unreadable = report["unreadable"].as_array().unwrap();
    for hive in ["SOFTWARE", "SYSTEM"] {
        let named = |item: &&serde_json::Value| {
            item["path"] == "WINNT/System32/config" && item["error"].as_str().unwrap().contains(hive)
        };
        assert!(unreadable.iter().any(|item| named(&item)), "{hive}: {unreadable:?}");
    }
}

/// The findings for a catalogue of three articles, by id, with files for each and these updates listed.
fn findings(listed: &[(&str, u32)]) -> Vec<(String, &'static str)> {
    let articles = [
        article("Q200001", vec![row("missing.dll", "5.0.2195.100")]),
        article("Q200002", vec![row("exact.dll", "5.0.2195.100")]),
        article("Q200003", vec![row("newer.dll", "5.0.2195.100")]),
        article("Q200004", vec![row("half.dll", "5.0.2195.100"), row("exact.dll", "5.0.2195.100")]),
    ];
    let catalog: Catalog = articles.into_iter().collect();
    let files = vec![
        file("missing.dll", "5.0.2195.99"),
        file("exact.dll", "5.0.2195.100"),
        file("newer.dll", "5.0.2195.101"),
        file("half.dll", "5.0.2195.99"),
    ];
    let mut hive = software("5.0", "2195", "");
    for (name, installed) in listed {
        hotfix(&mut hive, name).replace_dword("Installed", *installed);
    }
    let systems = vec![System::from_hives(Some(hive.build()), None)];
    let inventory = Inventory { systems, ..inventory(files) };
    let assessment = assess(&catalog, &inventory, knowledge(), &Policy::default());
    let id = |article: usize| assessment.articles[article].id.to_string();
    let found = registry_findings(&assessment, &inventory).into_iter().map(|finding| match finding {
        RegistryFinding::ClaimsInstalled { article, hotfix, .. } => {
            let source = &inventory.systems[0].hotfixes[hotfix].source;
            assert_eq!(*source, format!(r"SOFTWARE\{NT}\HotFix\{}", id(article)));
            (id(article), finding.code())
        }
        RegistryFinding::DoesNotList { article } => (id(article), finding.code()),
        other => panic!("{other:?}"),
    });
    found.collect()
}

#[test]
fn the_registry_is_held_against_the_files() {
    let exact = |id: &str| (id.to_owned(), "registry-does-not-list");
    let claimed = |id: &str| (id.to_owned(), "registry-claims-installed");
    assert_eq!(findings(&[]), [exact("Q200002")]);
    assert_eq!(findings(&[("Q200002", 1), ("Q200003", 1)]), []);
    assert_eq!(findings(&[("Q200001", 1), ("Q200002", 1)]), [claimed("Q200001")]);
    assert_eq!(findings(&[("Q200002", 1), ("Q200004", 1)]), [claimed("Q200004")]);
    assert_eq!(findings(&[("Q200001", 0), ("Q200002", 0)]), [exact("Q200002")]);
}

/// The registry of one system is never compared with the files of another (issue 13, point 6).
#[test]
fn the_registry_of_one_system_says_nothing_about_another() {
    let articles = || {
        [
            article("Q200001", vec![row("old.dll", "5.0.2195.100")]),
            article("Q200002", vec![row("exact.dll", "5.0.2195.100")]),
        ]
    };
    let listing = |name: &str, root: usize, windows: &str| {
        let mut hive = software("5.0", "2195", "");
        hotfix(&mut hive, name);
        let folder = format!("{windows}/System32/config").as_str().into();
        System { root, folder, ..System::from_hives(Some(hive.build()), None) }
    };
    let found = |systems: Vec<System>, files: &[(usize, &str, &str)]| {
        let entries = files.iter().map(|&(root, path, version)| Entry { root, ..file(path, version) }).collect();
        let roots = vec!["one".into(), "two".into()];
        let inventory = Inventory { systems, roots, ..inventory(entries) };
        let catalog: Catalog = articles().into_iter().collect();
        let assessment = assess(&catalog, &inventory, knowledge(), &Policy::default());
        let told = registry_findings(&assessment, &inventory).into_iter().map(|finding| match finding {
            RegistryFinding::ClaimsInstalled { article, system, .. } => {
                (assessment.articles[article].id.to_string(), Some(system), finding.code())
            }
            RegistryFinding::DoesNotList { article } => {
                (assessment.articles[article].id.to_string(), None, finding.code())
            }
            other => panic!("{other:?}"),
        });
        told.collect::<Vec<_>>()
    };
    let claims = |system| vec![("Q200001".to_owned(), Some(system), "registry-claims-installed")];
    let unlisted = vec![("Q200002".to_owned(), None, "registry-does-not-list")];

    // Two trees: the first lists Q200001 and lacks it, the second has the files of Q200002 and does not list it.
    let files = [(0, "WINNT/System32/old.dll", "5.0.2195.99"), (1, "WINNT/System32/exact.dll", "5.0.2195.100")];
    let systems = || vec![listing("Q200001", 0, "WINNT"), listing("Q200001", 1, "WINNT")];
    assert_eq!(found(systems(), &files), [claims(0), unlisted].concat());
    // The other way round each registry agrees with the files of its own tree.
    let agree = vec![listing("Q200009", 0, "WINNT"), listing("Q200002", 1, "WINNT")];
    assert_eq!(found(agree, &files), []);
    // Two registries for the files of one folder cannot be distinguished: neither is used.
    let shared = vec![listing("Q200001", 0, "WINNT"), listing("Q200001", 0, "WINNT")];
    assert_eq!(found(shared, &files[..1]), []);
    // With two Windows folders in one tree, each registry applies only to its own folder.
    let nested = vec![listing("Q200009", 0, "WINNT"), listing("Q200001", 0, "WINNT.old")];
    let files = [(0, "WINNT/System32/kernel32.dll", "5.0.2195.1"), (0, "WINNT.old/System32/old.dll", "5.0.2195.99")];
    assert_eq!(found(nested, &files), claims(1));
}
