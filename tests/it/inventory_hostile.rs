//! Deliberately difficult trees: deep, large, sparse, shrinking, full of entries that are not files.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use hotfixcheck::inventory::{Inventory, Wanted, walk};
use hotfixcheck_testkit::cab_builder::cab;
use hotfixcheck_testkit::packed_builder::szdd;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_winfiles::binary::{self, BinaryError, VersionOutcome};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::cabinet::Cabinet;
use hotfixcheck_winfiles::packed;
use tempfile::TempDir;

fn pe() -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, 7097], [4, 0, 1381, 7097]).code_size(20_000).build()
}

fn walk_dlls(root: &Path) -> Inventory {
    walk(&[root.to_owned()], &Wanted::named(|name| name.ends_with(".dll")), &|_| {}).unwrap()
}

#[test]
fn paths_of_any_length_are_walked() {
    let tree = TempDir::new().unwrap();
    let mut folder = tree.path().to_owned();
    while folder.as_os_str().len() < 1000 {
        folder.push("a folder with a name of forty characters");
    }
    // Windows refuses such paths without a prefix.
    if fs::create_dir_all(&folder).is_err() {
        eprintln!("skipped: this system makes no paths of 1,000 characters");
        return;
    }
    fs::write(folder.join("a.dll"), pe()).unwrap();
    let inventory = walk_dlls(tree.path());
    assert_eq!((inventory.files_seen, inventory.entries.len(), inventory.problems.len()), (1, 1, 0));
    assert!(inventory.entries[0].path.as_bytes().len() > 800 && inventory.entries[0].binary.is_ok());
}

#[test]
fn deep_trees_need_no_deep_stack() {
    let tree = TempDir::new().unwrap();
    // For each folder that it opens, Wine checks every folder above: 1,500 levels take it many minutes.
    let levels = if cfg!(windows) { 300 } else { 1500 };
    let folder: PathBuf = (0..levels).map(|_| "d").collect();
    if fs::create_dir_all(tree.path().join(&folder)).is_err() {
        eprintln!("skipped: this system makes no tree of {levels} levels");
        return;
    }
    fs::write(tree.path().join(&folder).join("a.dll"), pe()).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).stack_size(256 << 10).build().unwrap();
    assert_eq!(pool.install(|| walk_dlls(tree.path())).entries.len(), 1);
}

#[test]
fn names_that_differ_only_in_case_are_files_of_their_own() {
    let tree = TempDir::new().unwrap();
    for name in ["a.dll", "A.dll", "a.DLL", "A.DLL"] {
        fs::write(tree.path().join(name), pe()).unwrap();
    }
    // On a case-insensitive file system there is one.
    let there = fs::read_dir(tree.path()).unwrap().count();
    assert_eq!(walk_dlls(tree.path()).entries.len(), there);
}

#[test]
fn a_sparse_file_of_a_terabyte_costs_a_few_reads() {
    let tree = TempDir::new().unwrap();
    let mut file = File::create(tree.path().join("a.dll")).unwrap();
    file.write_all(&pe()).unwrap();
    if file.set_len(1 << 40).is_err() {
        eprintln!("skipped: this file system makes no file of a terabyte");
        return;
    }
    File::create(tree.path().join("zeros.dll")).unwrap().set_len(1 << 40).unwrap();
    let inventory = walk_dlls(tree.path());
    assert_eq!(inventory.entries[0].size, Some(1 << 40));
    assert!(matches!(&inventory.entries[0].binary.as_ref().unwrap().version, VersionOutcome::Found(_)));
    assert_eq!(inventory.entries[1].binary, Err(BinaryError::NotExecutable.into()));
}

/// A file that loses its end after this many reads.
struct Shrinking {
    bytes: Vec<u8>,
    reads: Cell<usize>,
    cut_after: usize,
    left: usize,
}

impl ReadAt for Shrinking {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let read = self.reads.replace(self.reads.get() + 1);
        let end = if read < self.cut_after { self.bytes.len() } else { self.left };
        self.bytes[..end].read_at(buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.bytes.len() as u64)
    }
}

#[test]
fn a_file_that_shrinks_while_it_is_read_is_damaged_or_whole_never_a_panic() {
    let bytes = pe();
    let whole = binary::read(&bytes).unwrap();
    for cut_after in 0..4 {
        for left in (0..bytes.len()).step_by(97) {
            let file = Shrinking { bytes: bytes.clone(), reads: Cell::new(0), cut_after, left };
            match binary::read(&file) {
                Ok(binary) if binary == whole => {}
                Ok(binary) => assert!(!matches!(binary.version, VersionOutcome::Absent), "{cut_after} {left}"),
                Err(BinaryError::Empty | BinaryError::NotExecutable | BinaryError::NotPe { .. }) => {
                    assert_eq!(cut_after, 0)
                }
                Err(BinaryError::Truncated { .. }) => {}
                Err(other) => panic!("{cut_after} {left}: {other}"),
            }
        }
    }
}

#[test]
fn packed_files_and_cabinets_that_shrink_while_they_are_read_are_whole_or_damaged() {
    let data = [pe(), vec![0x90; 100_000]].concat();
    let (single, cabinet) = (szdd(&data, b'l'), cab(&[("a.dll", &data), ("b.dll", &data)]));
    for cut_after in 0..6 {
        for part in 0..8 {
            let shrinking = |bytes: &[u8]| {
                let left = bytes.len() * part / 8;
                Shrinking { bytes: bytes.to_vec(), reads: Cell::new(0), cut_after, left }
            };
            if let Ok(unpacked) = packed::unpack(&shrinking(&single)) {
                assert!(unpacked.bytes == data, "{cut_after} {part}");
            }
            let Ok(open) = Cabinet::open(shrinking(&cabinet)) else { continue };
            open.unpack(|_| true, |_, bytes| assert!(bytes.is_err() || bytes.is_ok_and(|bytes| bytes == data)));
        }
    }
}

#[cfg(unix)]
#[test]
fn devices_sockets_and_links_to_them_are_not_opened() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    let tree = TempDir::new().unwrap();
    let _socket = UnixListener::bind(tree.path().join("socket.dll")).unwrap();
    for (name, target) in
        [("zero.dll", "/dev/zero"), ("tty.dll", "/dev/tty"), ("gone.dll", "nowhere"), ("self.dll", "self.dll")]
    {
        symlink(target, tree.path().join(name)).unwrap();
    }
    symlink("..", tree.path().join("up")).unwrap();
    symlink("loop2", tree.path().join("loop1")).unwrap();
    symlink("loop1", tree.path().join("loop2")).unwrap();
    // Making a device needs more rights than most users have.
    let device = std::process::Command::new("mknod").arg(tree.path().join("device.dll")).args(["c", "1", "5"]).output();
    if !device.is_ok_and(|output| output.status.success()) {
        eprintln!("not tested: a device in the tree");
    }
    let mut inventory = walk_dlls(tree.path());
    assert_eq!((inventory.files_seen, inventory.entries.len(), inventory.problems.len()), (0, 0, 0));
    // Entries with the name of a relevant file are reported, but the result is not incomplete because of them (issue
    // 16).
    inventory.warnings.retain(|warning| warning.path.to_string() != "device.dll");
    let warnings: Vec<String> = inventory.warnings.iter().map(|w| format!("{}: {:.10}", w.path, w.what)).collect();
    let expected = [
        "gone.dll: a link, wh",
        "self.dll: a link, wh",
        "socket.dll: a pipe, so",
        "tty.dll: a link, wh",
        "zero.dll: a link, wh",
    ];
    assert_eq!(warnings, expected);
    assert!(walk(&["/dev/zero".into()], &Wanted::named(|_| true), &|_| {}).is_err());
}
