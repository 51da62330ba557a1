//! The walk: what is read, what is not, in which order, and how errors are handled.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use hotfixcheck::inventory::{CopyKind, Entry, Inventory, InventoryError, Progress, Unread, Wanted, walk};
use hotfixcheck_testkit::packed_builder::{KwajBuilder, szdd};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_winfiles::binary::{BinaryError, VersionOutcome};
use tempfile::TempDir;

fn pe() -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, 7097], [4, 0, 1381, 7097]).build()
}

fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn walk_dlls(roots: &[PathBuf]) -> Result<Inventory, InventoryError> {
    walk(roots, &Wanted::named(|name| name.ends_with(".dll")), &|_| {})
}

fn paths(inventory: &Inventory) -> Vec<String> {
    inventory.entries.iter().map(|e| format!("{}:{}", e.root, e.path)).collect()
}

#[test]
fn wanted_files_are_read_in_byte_order_and_names_have_no_case() {
    let tree = TempDir::new().unwrap();
    for path in ["b/Z.DLL", "b/a.Dll", "a.dll", "C/x.dll", "b.txt", "dllcache/a.dll"] {
        put(tree.path(), path, &pe());
    }
    let inventory = walk_dlls(&[tree.path().to_owned()]).unwrap();
    assert_eq!(paths(&inventory), ["0:C/x.dll", "0:a.dll", "0:b/Z.DLL", "0:b/a.Dll", "0:dllcache/a.dll"]);
    assert_eq!(inventory.files_seen, 6);
    assert!(inventory.entries.iter().all(|e| e.binary.is_ok() && e.size == Some(pe().len() as u64)));
    assert_eq!(inventory.entries[4].copy, Some(CopyKind::DllCache));
    assert_eq!(inventory.problems, []);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let tree = TempDir::new().unwrap();
    for n in 0..60 {
        put(tree.path(), &format!("d{}/f{n}.dll", n % 7), if n % 5 == 0 { b"text" } else { b"" });
        put(tree.path(), &format!("e{}/f{n}.dll", n % 3), &pe());
    }
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| walk_dlls(&[tree.path().to_owned()])).unwrap()
    };
    let one = with(1);
    assert_eq!(one.entries.len(), 120);
    assert_eq!(one, with(8));
}

/// Issue 6: the files of a folder are opened in groups, on every core, relative to the folder.
#[test]
fn a_folder_of_many_files_is_read_whole_and_in_order() {
    let tree = TempDir::new().unwrap();
    let mut expected: Vec<String> = (0..300).map(|n| format!("many/f{n:03}.dll")).collect();
    expected.extend(["many.dll", "many-more/a.dll", "many/f100/x.dll", "many/f100/temp/x.dll"].map(str::to_owned));
    for path in &expected {
        put(tree.path(), path, &pe());
    }
    expected.sort();
    let inventory = walk_dlls(&[tree.path().to_owned()]).unwrap();
    assert_eq!(inventory.entries.iter().map(|e| e.path.to_string()).collect::<Vec<_>>(), expected);
    for entry in &inventory.entries {
        let metadata = fs::metadata(tree.path().join(entry.path.to_string())).unwrap();
        let modified = metadata.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
        assert_eq!((entry.size, entry.modified), (Some(metadata.len()), Some(modified.as_secs() as i64)));
        let in_temp = entry.path.to_string().contains("/temp/");
        assert_eq!(entry.copy, in_temp.then_some(CopyKind::Temporary), "{}", entry.path);
    }
}

#[test]
fn every_kind_of_bad_file_has_its_own_name() {
    let tree = TempDir::new().unwrap();
    put(tree.path(), "0.dll", b"");
    put(tree.path(), "1.dll", b"just text");
    put(tree.path(), "2.dll", &pe()[..0x90]);
    let inventory = walk_dlls(&[tree.path().to_owned()]).unwrap();
    let errors: Vec<&Unread> = inventory.entries.iter().map(|e| e.binary.as_ref().unwrap_err()).collect();
    assert!(
        matches!(
            errors[..],
            [
                Unread::Binary(BinaryError::Empty),
                Unread::Binary(BinaryError::NotExecutable),
                Unread::Binary(BinaryError::Truncated { .. })
            ]
        ),
        "{errors:?}"
    );
}

#[test]
fn a_file_can_be_a_root_and_roots_keep_their_order() {
    let tree = TempDir::new().unwrap();
    put(tree.path(), "z/a.dll", &pe());
    put(tree.path(), "a/b.dll", &pe());
    let roots = [tree.path().join("z"), tree.path().join("a/b.dll")];
    assert_eq!(paths(&walk_dlls(&roots).unwrap()), ["0:a.dll", "1:b.dll"]);
}

#[test]
fn missing_roots_and_empty_ones_are_told_apart() {
    let tree = TempDir::new().unwrap();
    let missing = walk_dlls(&[tree.path().join("nowhere")]).unwrap_err();
    assert!(matches!(missing, InventoryError::Missing { .. }), "{missing:?}");
    let empty = walk_dlls(&[tree.path().to_owned()]).unwrap();
    assert_eq!((empty.files_seen, empty.entries.len()), (0, 0));
}

#[test]
fn progress_counts_what_is_listed_and_read() {
    let tree = TempDir::new().unwrap();
    put(tree.path(), "a.dll", &pe());
    put(tree.path(), "b.dll", &pe());
    put(tree.path(), "c.txt", &pe());
    let (listed, to_read, read) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let progress = |p| match p {
        Progress::Listed(seen) => listed.store(seen, Ordering::Relaxed),
        Progress::ToRead(files) => to_read.store(files, Ordering::Relaxed),
        Progress::Read => {
            read.fetch_add(1, Ordering::Relaxed);
        }
    };
    walk(&[tree.path().to_owned()], &Wanted::named(|name| name.ends_with(".dll")), &progress).unwrap();
    let numbers = [&listed, &to_read, &read].map(|n| n.load(Ordering::Relaxed));
    assert_eq!(numbers, [3, 2, 2]);
}

fn version_of(entry: &Entry) -> String {
    match &entry.binary.as_ref().unwrap().version {
        VersionOutcome::Found(info) => info.fixed_file.unwrap().to_string(),
        other => panic!("{}: {other:?}", entry.path),
    }
}

#[test]
fn packed_files_answer_with_the_contents_and_the_name_they_had() {
    let tree = TempDir::new().unwrap();
    put(tree.path(), "1/TAPI.DL_", &szdd(&pe(), b'L'));
    put(tree.path(), "2/tapi.dl_", &KwajBuilder::new(3, &pe()).size(pe().len() as u32).build());
    put(tree.path(), "3/TAPI.DL$", &szdd(&pe(), 0));
    put(tree.path(), "4/TAPI.DLL", &szdd(&pe(), b'L'));
    let inventory = walk_dlls(&[tree.path().to_owned()]).unwrap();
    assert_eq!(paths(&inventory), ["0:1/TAPI.DL_", "0:2/tapi.dl_", "0:3/TAPI.DL$", "0:4/TAPI.DLL"]);
    let names: Vec<_> = inventory.entries.iter().map(|entry| entry.packed_name.as_deref().unwrap()).collect();
    assert_eq!(names, ["TAPI.DLL", "tapi.dll", "TAPI.DLL", "TAPI.DLL"]);
    for entry in &inventory.entries {
        assert_eq!((version_of(entry).as_str(), entry.size), ("4.0.1381.7097", Some(pe().len() as u64)));
        assert_eq!(entry.name(), entry.packed_name.as_deref());
    }
}

#[test]
fn the_last_letter_comes_from_the_header_then_the_version_resource_then_the_catalogue() {
    let wanted = |name: &str| ["a.exa", "a.exb", "a.exe"].contains(&name);
    let name = |file: &[u8]| {
        let tree = TempDir::new().unwrap();
        put(tree.path(), "A.EX_", file);
        let inventory = walk(&[tree.path().to_owned()], &Wanted::named(wanted), &|_| {}).unwrap();
        inventory.entries.first().map(|entry| entry.packed_name.clone().unwrap())
    };
    let told = PeBuilder::new().table("040904B0", &[("OriginalFilename", "a.exb")]).build();
    assert_eq!(name(&szdd(&told, b'A')).as_deref(), Some("A.EXA"));
    assert_eq!(name(&szdd(&told, 0)).as_deref(), Some("A.EXB"));
    assert_eq!(name(&szdd(&pe(), 0)).as_deref(), Some("A.EXE"));
    // The header shows that it was a file that is not needed.
    assert_eq!(name(&szdd(&told, b'C')), None);
    // Only the name looks like that of a packed file.
    assert_eq!(name(b"PK\x03\x04\0\0\0\0"), None);
    // A cabinet that is cut is not an absent file.
    assert_eq!(name(b"MSCF\0\0\0\0").as_deref(), Some("a.exe"));
    assert_eq!(name(b""), None);
}

#[test]
fn a_packed_file_that_cannot_be_unpacked_is_no_absent_one() {
    let tree = TempDir::new().unwrap();
    let sound = szdd(&pe(), b'L');
    put(tree.path(), "tapi.dl_", &sound[..sound.len() / 2]);
    put(tree.path(), "tapi2.dl_", &KwajBuilder::raw(9, Vec::new()).build());
    let inventory = walk_dlls(&[tree.path().to_owned()]).unwrap();
    let errors: Vec<String> =
        inventory.entries.iter().map(|entry| entry.binary.as_ref().unwrap_err().to_string()).collect();
    assert!(errors[0].starts_with("packed file: truncated: "), "{errors:?}");
    assert_eq!(errors[1], "packed file: packed by method 9, which cannot be unpacked");
    assert_eq!(inventory.entries[0].name(), Some("tapi.dll"));
    assert_eq!(inventory.entries[0].size, None);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    #[test]
    fn links_are_not_followed_but_a_root_may_be_one() {
        let tree = TempDir::new().unwrap();
        put(tree.path(), "real/a.dll", &pe());
        symlink(tree.path(), tree.path().join("real/loop")).unwrap();
        symlink(tree.path().join("real/a.dll"), tree.path().join("real/b.dll")).unwrap();
        symlink(tree.path().join("real"), tree.path().join("link")).unwrap();
        let expected = ["0:a.dll"];
        assert_eq!(paths(&walk_dlls(&[tree.path().join("real")]).unwrap()), expected);
        assert_eq!(paths(&walk_dlls(&[tree.path().join("link")]).unwrap()), expected);
        let file = walk_dlls(&[tree.path().join("real/b.dll")]).unwrap();
        assert_eq!(paths(&file), ["0:b.dll"]);
        assert!(file.entries[0].binary.is_ok());
    }

    #[test]
    fn pipes_are_not_opened() {
        let tree = TempDir::new().unwrap();
        let pipe = tree.path().join("a.dll");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        // Opening it would block forever.
        assert_eq!(walk_dlls(&[tree.path().to_owned()]).unwrap().files_seen, 0);
        assert!(matches!(walk_dlls(&[pipe]).unwrap_err(), InventoryError::NotAFileOrFolder { .. }));
    }

    /// Issue 16, point 4: only exactly the names by which Windows would load a file.
    #[test]
    fn names_with_blanks_around_them_are_other_names() {
        let tree = TempDir::new().unwrap();
        put(tree.path(), "a.dll", &pe());
        for blank in [" ", "\u{a0}", "\t", "\u{2003}", "\u{3000}", "\u{85}", "."] {
            put(tree.path(), &format!("b{}/a.dll{blank}", blank.escape_unicode()), &pe());
            if blank != "." {
                put(tree.path(), &format!("c{}/{blank}a.dll", blank.escape_unicode()), &pe());
            }
        }
        let wanted = Wanted::named(|name| name.trim() == "a.dll" || name == "a.dll.");
        let walked = walk(&[tree.path().to_owned()], &wanted, &|_| {}).unwrap();
        assert_eq!(paths(&walked), ["0:a.dll"]);
    }

    #[test]
    fn names_that_are_not_utf8_survive() {
        let tree = TempDir::new().unwrap();
        let folder = tree.path().join(OsStr::from_bytes(b"caf\xe9"));
        // Some file systems refuse such names; there is nothing to test there.
        if fs::create_dir(&folder).is_err() {
            return;
        }
        fs::write(folder.join("a.dll"), pe()).unwrap();
        let inventory = walk_dlls(&[tree.path().to_owned()]).unwrap();
        assert_eq!(inventory.entries[0].path.as_bytes(), b"caf\xe9/a.dll");
        assert_eq!(inventory.entries[0].path.to_string(), "caf\u{fffd}/a.dll");
        assert_eq!(inventory.entries[0].path.as_str(), None);
    }

    #[test]
    fn a_folder_that_cannot_be_listed_is_a_problem_with_a_name() {
        use std::os::unix::fs::PermissionsExt;
        let tree = TempDir::new().unwrap();
        put(tree.path(), "locked/a.dll", &pe());
        put(tree.path(), "open/a.dll", &pe());
        let locked = tree.path().join("locked");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
        let refused = fs::read_dir(&locked).is_err();
        let inventory = walk_dlls(&[tree.path().to_owned()]);
        let root = walk_dlls(std::slice::from_ref(&locked));
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
        if !refused {
            eprintln!("skipped: this user reads every folder");
            return;
        }
        let inventory = inventory.unwrap();
        assert_eq!(paths(&inventory), ["0:open/a.dll"]);
        assert_eq!(inventory.problems.len(), 1);
        assert_eq!(inventory.problems[0].path.as_str(), Some("locked"));
        assert!(matches!(root.unwrap_err(), InventoryError::Unreadable { .. }));
    }
}
