//! The program on malicious input: what it opens and writes, its messages about a reader that panics, about folders
//! without read permission, and about files far larger than the disk. (Issue 6.)

#[cfg(unix)]
use std::fs;
use std::fs::File;

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::thorough::one_of;

fn pe(revision: u16) -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, revision], [4, 0, 1381, revision]).build()
}

/// A catalogue with rows for a.dll to d.dll and e.exe.
fn world() -> World {
    let rows = ["a.dll", "b.dll", "c.dll", "d.dll", "e.exe"].map(|file| row(file, "4.0.1381.100"));
    World::new(vec![article("Q310626", rows.to_vec())])
}

/// A panic of the VMDK reader needs checked arithmetic in it. With it, reading an extent far beyond every end panics;
/// without it, other bytes are read.
#[cfg(debug_assertions)]
#[test]
fn a_reader_that_panics_is_an_error_of_the_file_that_it_read() {
    let world = world();
    let file = |volume: NtfsBuilder, name: &str| volume.file(name, &pe(99), Stored::Plain);
    let image = ["a.dll", "b.dll", "c.dll", "d.dll"].into_iter().fold(NtfsBuilder::new(), file).build();
    let sectors = image.len() / 512;
    // The clusters of c.dll are in a separate extent, from the second of its sectors on.
    let clusters = pe(99).len().div_ceil(512);
    let start = sectors - 1 - 2 * clusters;
    assert_eq!(image[start * 512..][..2], image[(sectors - 1 - clusters) * 512..][..2], "two files of a kind");
    world.write("disk-flat.img", &image);
    let text = format!(
        "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n\
         RW {} FLAT \"disk-flat.img\" 0\nRW {} FLAT \"disk-flat.img\" 1152921504606846976\n\
         RW {} FLAT \"disk-flat.img\" {}\n",
        start - 1,
        clusters + 1,
        sectors - start - clusters,
        start + clusters
    );
    world.write("disk.vmdk", text.as_bytes());
    let (code, out, err) = world.scan(&["disk.vmdk"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("c.dll") && out.contains("internal error while reading"), "{out}");
    assert_eq!(out.matches("internal error while reading").count(), 1, "{out}");
    assert!(out.contains("d.dll"), "the files behind are read: {out}");
    assert!(!err.contains("panicked") && !err.contains("RUST_BACKTRACE"), "{err}");
}

#[test]
fn sparse_files_of_a_terabyte_are_not_read_through() {
    let world = world();
    let cab = hotfixcheck_testkit::cab_builder::cab(&[("d.dll", &pe(99))]);
    let szdd = hotfixcheck_testkit::packed_builder::szdd(&pe(99), b'l');
    let hive = hotfixcheck_testkit::hive_builder::HiveBuilder::new(3).build();
    let volume = NtfsBuilder::new().file("WINNT/a.dll", &pe(99), Stored::Plain).build();
    for (name, bytes) in [
        ("tree/a.dll", pe(99).as_slice()),
        ("tree/b.dll", b""),
        ("tree/c.dl_", &szdd),
        ("tree/x.cab", &cab),
        ("tree/sniffed", &pe(99)),
        ("tree/system32/config/software", &hive),
        ("tree/system32/config/system", b"regf"),
        ("disk.img", &volume),
        ("articles/Q100000.txt", b"Article ID: Q100000"),
        ("hosts/one.json", b"{"),
        ("Q299444.exe", &pe(1)),
        ("Q299444.cab", &cab),
    ] {
        world.write(name, bytes);
        if File::options().write(true).open(world.path(name)).unwrap().set_len(1 << 40).is_err() {
            eprintln!("SKIPPED: this file system makes no file of a terabyte");
            return;
        }
    }
    for arguments in [&["tree"][..], &["--sniff", "tree"], &["tree/a.dll"], &["disk.img"]] {
        let (code, out, err) = world.scan(&[&["--format", "csv"], arguments].concat());
        assert_eq!(code & !2, 1, "{arguments:?}: {out}{err}");
        assert!(out.contains("4.0.1381.99"), "{arguments:?}: {out}{err}");
    }
    // The members of a cabinet and packed files, whatever follows.
    let (_, out, err) = world.scan(&["--include-inactive", "--format", "csv", "tree"]);
    assert!(out.contains("c.dl_") && out.contains("x.cab:/d.dll"), "{out}{err}");
    for (arguments, said) in [
        (&["extract", "articles"][..], "larger than"),
        // Streams have no largest size: the beginning shows that it is not an inventory.
        (&["scan", "--inventory", "hosts"], "cannot detect the inventory format"),
        (&["catalog", "add", "Q299444.exe"], "no cabinet in it"),
    ] {
        let (_, out, err) = world.run(arguments);
        assert!(out.contains(said) || err.contains(said), "{arguments:?}: {out}{err}");
    }
    assert_eq!(world.run(&["catalog", "add", "Q299444.cab"]).0, 0);
}

#[cfg(unix)]
mod unix {
    use std::collections::BTreeMap;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::os::unix::process::CommandExt as _;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use super::*;

    /// A user who owns no files.
    const NOBODY: u32 = 65_534;

    #[test]
    fn folders_and_files_that_may_not_be_read_make_the_result_incomplete() {
        let world = world();
        for name in ["tree/open/a.dll", "tree/locked/b.dll", "tree/open/c.dll"] {
            world.pe(name, 100);
        }
        let mode = |name: &str, mode: u32| {
            fs::set_permissions(world.path(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        mode("", 0o755);
        mode("tree/locked", 0);
        mode("tree/open/c.dll", 0);
        // A user who may read everything runs this part as an unprivileged user, if that user can reach the program.
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        if File::open(world.path("tree/open/c.dll")).is_ok() {
            command.uid(NOBODY).gid(NOBODY);
        }
        let scan = ["scan", "--catalog", "catalog.tsv", "--today", "2026-06-15", "tree"];
        let output = command.args(scan).current_dir(world.path("")).output();
        mode("tree/locked", 0o755);
        let Ok(output) = output else {
            eprintln!("SKIPPED: this user reads every folder, and no other can run the program");
            return;
        };
        let out = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(3), "{out}{}", String::from_utf8_lossy(&output.stderr));
        assert!(out.contains("locked") && out.contains("c.dll") && out.contains("ermission denied"), "{out}");
    }

    #[test]
    fn what_lies_deeper_than_a_system_names_it_is_a_problem() {
        let world = world();
        let deep: PathBuf = (0..25).map(|_| "n".repeat(100)).collect();
        world.write(&format!("one/{}/a.dll", deep.display()), &pe(100));
        fs::create_dir_all(world.path("two").join(&deep)).unwrap();
        // Each half can be named; both together have more than 4,096 bytes.
        if fs::rename(world.path("one"), world.path("two").join(&deep).join("one")).is_err() {
            eprintln!("SKIPPED: this system makes no such path");
            return;
        }
        world.pe("two/b.dll", 100);
        let (code, out, err) = world.scan(&["two"]);
        fs::rename(world.path("two").join(&deep).join("one"), world.path("one")).unwrap();
        assert_eq!(code, 3, "{out}{err}");
        assert!(out.contains("name too long"), "{out}");
    }

    /// The state of every file below a folder: its type, its modification time, its contents.
    fn state(folder: &Path) -> BTreeMap<PathBuf, (String, Vec<u8>)> {
        let items = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
        let of = |item: walkdir::DirEntry| {
            let metadata = item.metadata().unwrap();
            let text = format!("{:?} {:?} {:?}", metadata.file_type(), metadata.permissions(), metadata.modified());
            let bytes = if metadata.is_file() { fs::read(item.path()).unwrap() } else { Vec::new() };
            (item.path().to_owned(), (text, bytes))
        };
        items.map(of).collect()
    }

    /// A tree with a file of every kind that is opened, and links out of it.
    fn tree(world: &World) {
        world.pe("tree/WINNT/a.dll", 99);
        world.write("tree/WINNT/b.dl_", &hotfixcheck_testkit::packed_builder::szdd(&pe(99), b'l'));
        world.write("tree/x.cab", &hotfixcheck_testkit::cab_builder::cab(&[(r"..\..\outside\c.dll", &pe(99))]));
        world.write(
            "tree/WINNT/system32/config/software",
            &hotfixcheck_testkit::hive_builder::HiveBuilder::new(3).build(),
        );
        world.write("disk.img", &NtfsBuilder::new().file("WINNT/a.dll", &pe(99), Stored::Compressed).build());
        for name in ["outside/a.dll", "outside/WINNT/d.dll"] {
            world.pe(name, 1);
        }
        symlink("../../outside/a.dll", world.path("tree/WINNT/c.dll")).unwrap();
        symlink(world.path("outside"), world.path("tree/out")).unwrap();
        symlink("..", world.path("tree/up")).unwrap();
        symlink("/etc/passwd", world.path("tree/d.dll")).unwrap();
    }

    const COMMANDS: [&[&str]; 6] = [
        &["scan", "--catalog", "catalog.tsv", "--sniff", "--include-inactive", "tree", "-o", "reports/a.json"],
        &["scan", "--catalog", "catalog.tsv", "disk.img", "-o", "reports/b.html"],
        &["inventory", "--sniff", "tree", "-o", "reports/c.json"],
        &["explain", "Q310626", "--catalog", "catalog.tsv", "tree"],
        &["identify", "--catalog", "catalog.tsv", "tree/WINNT/a.dll"],
        &["extract", "tree"],
    ];

    #[test]
    fn nothing_is_written_but_the_named_output() {
        let world = world();
        tree(&world);
        fs::create_dir(world.path("reports")).unwrap();
        let before = state(&world.path(""));
        for arguments in COMMANDS {
            let (code, out, err) = world.run(arguments);
            assert_ne!(code, 2, "{arguments:?}: {out}{err}");
            assert!(!out.contains("4.0.1381.1\""), "{out}");
        }
        let written: Vec<_> =
            fs::read_dir(world.path("reports")).unwrap().map(|item| item.unwrap().file_name()).collect();
        assert_eq!(written.len(), 3, "{written:?}");
        for name in written {
            fs::remove_file(world.path("reports").join(name)).unwrap();
        }
        let mut after = state(&world.path(""));
        // The folder of the reports was written to.
        after.insert(world.path("reports"), before[&world.path("reports")].clone());
        assert!(before == after, "{:?}", after.keys().collect::<Vec<_>>());
    }

    /// System calls, traced by strace: nothing outside the tree is opened, and only the report is opened for writing.
    #[test]
    fn nothing_outside_the_named_paths_is_opened() {
        let world = world();
        tree(&world);
        fs::create_dir(world.path("reports")).unwrap();
        for arguments in COMMANDS {
            // The trace is not one of the checked files.
            let log = tempfile::NamedTempFile::new().unwrap();
            let mut command = Command::new("strace");
            command.args(["-f", "-qq", "-y", "-s", "4096", "-e", "trace=%file", "-o"]).arg(log.path());
            command.arg(env!("CARGO_BIN_EXE_hotfixcheck")).args(arguments).env_remove("LD_LIBRARY_PATH");
            let Ok(output) = command.current_dir(world.path("")).output() else {
                hotfixcheck_testkit::tools::missing("strace", "strace");
                return;
            };
            let trace = fs::read_to_string(log.path()).unwrap();
            if trace.is_empty() {
                eprintln!("SKIPPED: strace may not trace here: {}", String::from_utf8_lossy(&output.stderr));
                return;
            }
            check(&trace, &world.path(""));
        }
    }

    fn check(trace: &str, own: &Path) {
        // Paths that the C library, the loader and the standard library open.
        const SYSTEM: [&str; 6] = ["/etc/ld.so", "/lib", "/usr/lib", "/proc/", "/sys/", "/dev/null"];
        let mut opened = 0;
        for line in trace.lines() {
            let Some((call, rest)) = line.split_once('(') else { continue };
            let call = call.rsplit(' ').next().unwrap();
            let Some((before, path)) = rest.split_once('"') else { continue };
            let path = path.split('"').next().unwrap();
            // `openat(4</tree/WINNT>, "a.dll"`: files are opened relative to their folder.
            let folder = before.split_once('<').and_then(|(_, folder)| folder.split_once('>'));
            let path = folder.map_or(path.into(), |(folder, _)| Path::new(folder).join(path));
            let path = path.to_str().unwrap();
            let path = path.strip_prefix(own.to_str().unwrap()).map_or(path, |path| path.trim_start_matches('/'));
            let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| rest.contains(flag))
                || [
                    "rename", "unlink", "mkdir", "link", "symlink", "chmod", "chown", "utime", "trunc", "mknod",
                    "rmdir",
                ]
                .iter()
                .any(|name| call.starts_with(name));
            if writes {
                assert!(path.starts_with("reports/"), "{line}");
            } else if call.starts_with("open") {
                opened += 1;
                let named = ["tree", "disk.img", "catalog.tsv", "reports"].iter().any(|name| path.starts_with(name));
                assert!(named || SYSTEM.iter().any(|system| path.starts_with(system)), "{line}");
                // Links out of the tree must not be followed.
                let links = ["tree/out", "tree/up", "tree/d.dll", "tree/WINNT/c.dll"];
                assert!(!links.iter().any(|link| path.starts_with(link)), "{line}");
            }
        }
        assert!(opened > 3, "{trace}");
    }
}

/// Pipes among the files that commands search by themselves: opening one would block forever.
#[cfg(unix)]
#[test]
fn pipes_are_passed_over_wherever_files_are_looked_for() {
    let world = world();
    world.write(
        "articles/Q100001.txt",
        b"Article ID: Q100001\r\n\r\nFile Name  Version\r\n-----\r\na.dll 4.0.1381.7\r\n",
    );
    let snapshot = world.path("hosts/one.json");
    world.pe("tree/a.dll", 100);
    fs::create_dir(world.path("hosts")).unwrap();
    assert_eq!(world.run(&["inventory", "tree", "-o", snapshot.to_str().unwrap()]).0, 0);
    for name in ["articles/Q100002.txt", "hosts/two.json", "tree/b.dll", "tree/x.cab", "tree/system32"] {
        assert!(std::process::Command::new("mkfifo").arg(world.path(name)).status().unwrap().success());
    }
    for arguments in
        [&["extract", "articles"][..], &["catalog", "build", "articles", "-o", "x.tsv"], &["inventory", "tree"]]
    {
        let (code, out, err) = world.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {out}{err}");
    }
    // In a folder of inventories it is a host that could not be read (issue 17).
    let (code, out, err) = world.scan(&["--inventory", "hosts"]);
    assert!(code == 3 && out.contains("two.json: neither a file nor a folder"), "{code}: {out}{err}");
}

/// Issue 16, point 9: no cost grows quadratically with the articles for one file, with waivers or with required ids.
/// Before, each of the first two took more than the time allowed here.
#[test]
fn ten_thousand_articles_waivers_and_required_ids_take_seconds() {
    let count = 10_000 / one_of(4);
    let ids = || (0..count).map(|number| format!("Q{}", 200_000 + number));
    let fixes =
        ids().enumerate().map(|(number, id)| article(&id, vec![row("a.dll", &format!("4.0.1381.{}", number + 10))]));
    let world = World::new(fixes.collect());
    world.pe("WINNT/System32/a.dll", 1);
    let waiver =
        |id: String| format!("[[waiver]]\nkb = \"{id}\"\nreason = \"x\"\nexpires = 2030-01-01\npath = 'x.dll'\n");
    world.write("policy.toml", ids().map(waiver).collect::<String>().as_bytes());
    world.write("required.txt", ids().collect::<Vec<_>>().join("\n").as_bytes());
    let begun = std::time::Instant::now();
    let report = world.report("report.json", &["--config", "policy.toml", "--require", "required.txt", "WINNT"]);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    // The newest fix contains all others.
    assert_eq!(report["summary"]["superseded"], count - 1);
    assert_eq!(report["required"]["fixes"].as_array().map(Vec::len), Some(count), "{}", report["summary"]);
}
