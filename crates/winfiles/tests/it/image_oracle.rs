//! Images that public tools make of a folder, read back: every file of every file system, in every container. A missing
//! tool is skipped with a message.

use std::fs;
use std::path::Path;

use hotfixcheck_testkit::files::{Files, assert_same, of_folder, of_image};
use hotfixcheck_testkit::packed_builder::sample;
use hotfixcheck_testkit::tools::run;
use tempfile::TempDir;

/// A folder with a tree of files, `tree`, and room for images beside it.
fn world() -> (TempDir, Files) {
    let folder = TempDir::new().unwrap();
    let put = |path: &str, bytes: &[u8]| {
        let path = folder.path().join("tree").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    put("WINNT/System32/tapisrv.exe", &sample(70_001));
    put("WINNT/System32/drivers/etc/hosts", b"127.0.0.1");
    put("WINNT/System32/LONGNAME.DLL", b"short name in upper case");
    put("A folder with a long name/Some Long File Name, twice.text", &sample(5000));
    put("empty.txt", b"");
    put("zeros.bin", &[0; 100_000]);
    for number in 0..300 {
        put(&format!("many/file number {number}.dat"), format!("{number}").as_bytes());
    }
    let files = of_folder(&folder.path().join("tree"));
    (folder, files)
}

/// A FAT volume with the tree, by mtools.
fn fat(folder: &Path, name: &str, bits: &str, size: u64) -> Option<()> {
    fs::File::create(folder.join(name)).unwrap().set_len(size).unwrap();
    run("mkfs.fat", "dosfstools", &["-F", bits, name], folder)?;
    let mut arguments = vec!["-s", "-i", name];
    let trees: Vec<String> = fs::read_dir(folder.join("tree"))
        .unwrap()
        .map(|entry| format!("tree/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    arguments.extend(trees.iter().map(String::as_str));
    arguments.push("::");
    run("mcopy", "mtools", &arguments, folder).map(drop)
}

#[test]
fn fat_volumes() {
    let (folder, files) = world();
    for (bits, size) in [("12", 4 << 20), ("16", 40 << 20), ("32", 280 << 20)] {
        let Some(()) = fat(folder.path(), "x.img", bits, size) else { return };
        assert_same(&of_image(&folder.path().join("x.img")), &files, bits);
    }
}

#[test]
fn iso_volumes() {
    let (folder, files) = world();
    for names in [&["-J"][..], &["-R"], &["-J", "-R"], &["-J", "-udf"], &["-iso-level", "3", "-J"]] {
        let arguments = [names, &["-quiet", "-o", "x.iso", "tree"]].concat();
        let Some(_) = run("genisoimage", "genisoimage", &arguments, folder.path()) else { return };
        assert_same(&of_image(&folder.path().join("x.iso")), &files, &names.join(" "));
    }
    // Without either: names are in upper case and cut, the contents the same.
    let arguments = ["-quiet", "-o", "x.iso", "tree/WINNT"];
    run("genisoimage", "genisoimage", &arguments, folder.path());
    let plain = of_image(&folder.path().join("x.iso"));
    assert!(plain["SYSTEM32/TAPISRV.EXE"] == files["WINNT/System32/tapisrv.exe"]);
    assert!(plain.contains_key("SYSTEM32/DRIVERS/ETC/HOSTS"), "{:?}", plain.keys());
    // The same medium in whole sectors.
    let iso = fs::read(folder.path().join("x.iso")).unwrap();
    for (mode, before) in [(1, 4), (2, 12)] {
        let sector = |data: &[u8]| {
            let mut raw = [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 2, 0, mode].to_vec();
            raw.resize(12 + before, 0);
            raw.extend_from_slice(data);
            raw.resize(2352, 0);
            raw
        };
        let raw: Vec<u8> = iso.chunks(2048).flat_map(sector).collect();
        fs::write(folder.path().join("x.bin"), raw).unwrap();
        assert_same(&of_image(&folder.path().join("x.bin")), &plain, "raw sectors");
    }
}

#[test]
fn disks_of_every_kind() {
    let (folder, files) = world();
    let path = folder.path();
    let Some(()) = fat(path, "x.img", "16", 40 << 20) else { return };
    for (kind, options) in [
        ("vpc", ""),
        ("vpc", "subformat=fixed"),
        ("vmdk", "subformat=monolithicSparse"),
        ("vmdk", "subformat=streamOptimized"),
        ("vmdk", "subformat=monolithicFlat"),
        ("vmdk", "subformat=twoGbMaxExtentSparse"),
        ("vmdk", "subformat=twoGbMaxExtentFlat"),
        ("vdi", ""),
        ("vdi", "static=on"),
        ("vhdx", ""),
        ("vhdx", "subformat=fixed"),
        ("vhdx", "block_size=1M"),
        ("vhdx", "block_size=64M"),
        ("qcow2", ""),
        ("qcow2", "compat=0.10,cluster_size=512"),
        ("qcow2", "cluster_size=2M"),
    ] {
        for packed in [&[][..], &["-c"]] {
            if packed.is_empty() || kind == "qcow2" {
                let options = if options.is_empty() { vec![] } else { vec!["-o", options] };
                let arguments = [&["convert", "-O", kind], packed, &options, &["x.img", "disk"]].concat();
                let Some(_) = run("qemu-img", "qemu-utils", &arguments, path) else { return };
                assert_same(&of_image(&path.join("disk")), &files, &arguments.join(" "));
            }
        }
    }
    for (kind, options, said) in [
        ("qcow2", "compression_type=zstd", "qcow2 image: its clusters are packed by method 1"),
        ("parallels", "cluster_size=1M", "Parallels image: not read"),
    ] {
        run("qemu-img", "qemu-utils", &["convert", "-O", kind, "-o", options, "x.img", "disk"], path);
        let error = hotfixcheck_winfiles::image::open(&path.join("disk")).err().unwrap().to_string();
        assert!(error.starts_with(said), "{error}");
    }
    run("qemu-img", "qemu-utils", &["create", "-f", "qcow2", "-b", "x.img", "-F", "raw", "disk"], path);
    let error = hotfixcheck_winfiles::image::open(&path.join("disk")).err().unwrap().to_string();
    assert!(error.contains("backing file"), "{error}");
}

#[test]
fn forensic_images_in_segments() {
    let (folder, files) = world();
    let path = folder.path();
    fs::write(path.join("noise.bin"), sample(3 << 20)).unwrap();
    fs::rename(path.join("noise.bin"), path.join("tree/noise.bin")).unwrap();
    let files = Files::from_iter(files.into_iter().chain([("noise.bin".to_owned(), Ok(sample(3 << 20)))]));
    let Some(()) = fat(path, "x.img", "16", 40 << 20) else { return };
    for kind in [&["-c", "deflate:none"][..], &["-c", "deflate:best", "-S", "1MiB"]] {
        let arguments = [&["-u", "-q", "-t", "evidence"], kind, &["x.img"]].concat();
        let Some(_) = run("ewfacquire", "ewf-tools", &arguments, path) else { return };
        assert_same(&of_image(&path.join("evidence.E01")), &files, kind[1]);
        for segment in fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()) {
            if segment.file_stem().is_some_and(|stem| stem == "evidence") {
                fs::remove_file(segment).unwrap();
            }
        }
    }
}

#[test]
fn partition_tables() {
    let (folder, files) = world();
    let path = folder.path();
    let Some(()) = fat(path, "x.img", "16", 20 << 20) else { return };
    let volume = fs::read(path.join("x.img")).unwrap();
    for table in ["dos", "gpt"] {
        let mut disk = vec![0; 100 << 20];
        for at in [1 << 20, 30 << 20, 61 << 20] {
            disk[at..at + volume.len()].copy_from_slice(&volume);
        }
        fs::write(path.join("disk.img"), disk).unwrap();
        let script = match table {
            "dos" => {
                "label: dos\nstart=2048,size=20M,type=6\nstart=30M,size=20M,type=6\nstart=60M,size=39M,type=5\nstart=61M,size=20M,type=6\n"
            }
            _ => {
                "label: gpt\nstart=2048,size=20M,type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7\nstart=30M,size=20M\nstart=61M,size=20M\n"
            }
        };
        // Numbers of partitions are sectors without a unit, and sfdisk reads its script from standard input.
        let script = script
            .replace("start=30M", "start=61440")
            .replace("start=60M", "start=122880")
            .replace("start=61M", "start=124928");
        fs::write(path.join("script"), script).unwrap();
        let Some(_) = run(
            "sh",
            "dash",
            &["-c", "command -v sfdisk >/dev/null || exit 0; sfdisk -q disk.img < script && touch done"],
            path,
        ) else {
            return;
        };
        if !path.join("done").exists() {
            hotfixcheck_testkit::tools::missing("sfdisk", "fdisk");
            return;
        }
        let third = if table == "dos" { "p5" } else { "p3" };
        let names = ["p1", "p2", third];
        let expected = names
            .iter()
            .flat_map(|name| files.iter().map(move |(path, contents)| (format!("{name}/{path}"), contents.clone())));
        assert_same(&of_image(&path.join("disk.img")), &expected.collect(), table);
    }
}

/// The tree on NTFS, in a compressed folder or a plain one, by ntfs-3g.
#[test]
fn ntfs_volumes() {
    let (folder, files) = world();
    let path = folder.path();
    fs::File::create(path.join("x.img")).unwrap().set_len(40 << 20).unwrap();
    let Some(_) = run("mkfs.ntfs", "ntfs-3g", &["-q", "-F", "-f", "x.img"], path) else { return };
    let script = "mkdir mount && ntfs-3g -o compression x.img mount 2>/dev/null || exit 0
        mkdir mount/zip && setfattr -h -v 0x00000800 -n system.ntfs_attrib_be mount/zip && touch zip
        cp -r tree/* mount/zip/ && cp -r tree mount/plain && umount mount && touch done";
    run("sh", "dash", &["-c", script], path);
    if !path.join("done").exists() {
        eprintln!("SKIPPED: the NTFS volume cannot be mounted here (FUSE) or setfattr (Debian package attr) is absent");
        return;
    }
    let expected = ["zip", "plain"]
        .iter()
        .flat_map(|name| files.iter().map(move |(path, contents)| (format!("{name}/{path}"), contents.clone())));
    assert_same(&of_image(&path.join("x.img")), &expected.collect(), "ntfs");
}

/// Issue 6: changes in the log are newer than the disk.
#[test]
fn a_vhdx_whose_log_holds_changes_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.vhdx");
    let Some(_) = run("qemu-img", "qemu-utils", &["create", "-f", "vhdx", "x.vhdx", "8M"], folder.path()) else {
        return;
    };
    let mut bytes = fs::read(&path).unwrap();
    let mut change = |at: usize, value: u8| {
        for header in [64 << 10, 128 << 10] {
            let header = &mut bytes[header..header + 4096];
            header[at] = value;
            header[4..8].fill(0);
            let sum = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI).checksum(header);
            header[4..8].copy_from_slice(&sum.to_le_bytes());
        }
        fs::write(&path, &bytes).unwrap();
        hotfixcheck_winfiles::image::open(&path).err().unwrap().to_string()
    };
    let empty = "VHDX image without a file system that can be read";
    assert!(change(48, 0).starts_with(empty));
    let error = change(48, 1);
    assert!(error.starts_with("VHDX image: changes that are still in its log; attach it once for writing"), "{error}");
    assert!(change(48, 0).starts_with(empty));
    let error = change(66, 2);
    assert!(error.starts_with("VHDX image: version 2"), "{error}");
}
