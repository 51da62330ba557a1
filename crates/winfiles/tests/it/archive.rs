//! Archives of collected files (issue 16, point 7): archives that Python's zipfile and tarfile, gzip and zstd make of a
//! folder show the files of the folder; images in them show theirs.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hotfixcheck_testkit::files::{Files, assert_same, files, of_folder, of_image};
use hotfixcheck_testkit::media;
use hotfixcheck_testkit::packed_builder::sample;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_winfiles::image::{self, FileSystem, Image, Item};
use tempfile::TempDir;

/// The size of a member that is too large to be unpacked whole.
const LARGE: usize = 17 << 20;

/// A folder with files of every relevant size: empty, one block of tar, names too long for any header, too large to be
/// unpacked whole.
fn tree(folder: &Path, large: usize) -> Files {
    let tree = folder.join("tree");
    let long = format!("far/{}/{}.dll", "folder-".repeat(20), "name-".repeat(30));
    // Noise of which DEFLATE can pack only a tenth, so that every byte of the large member counts.
    let mut word = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (word >> 24) as u8 & 0x7f
    })
    .take(large)
    .collect();
    let more = [
        ("empty.txt", vec![]),
        ("block.bin", vec![7; 512]),
        (long.as_str(), sample(2000)),
        ("caf\u{e9}/\u{434}\u{43b}\u{44f}.dll", sample(100)),
        ("large.bin", noise),
    ];
    for (path, bytes) in media::contents().into_iter().chain(more) {
        fs::create_dir_all(tree.join(path).parent().unwrap()).unwrap();
        fs::write(tree.join(path), bytes).unwrap();
    }
    // `of_image` reads at most 8 MB of each file, so the expected contents are cut, too.
    of_folder(&tree).into_iter().map(|(path, file)| (path, file.map(cut))).collect()
}

fn cut(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(8 << 20);
    bytes
}

/// Runs Python in the folder; false if it is missing.
#[track_caller]
fn python(folder: &Path, program: &str) -> bool {
    run("python3", "python3", &["-c", program], folder).is_some()
}

const ZIPS: &str = r#"
import os, zipfile
class Pipe:
    "A stream that cannot seek: sizes follow the data."
    def __init__(self, file): self.file = file
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
    def close(self): pass
def members():
    for folder, _, names in os.walk("tree"):
        for name in sorted(names):
            path = os.path.join(folder, name)
            yield path, os.path.relpath(path, "tree")
def make(name, method, change=lambda own: own, force=False, pipe=False, comment=b""):
    if name.removesuffix(".zip") not in WANTED: return
    with open(name, "wb") as out, zipfile.ZipFile(Pipe(out) if pipe else out, "w", method) as archive:
        for path, own in members():
            info = zipfile.ZipInfo(change(own), (2001, 2, 3, 4, 5, 6))
            info.compress_type = method
            with archive.open(info, "w", force_zip64=force) as member:
                member.write(open(path, "rb").read())
        archive.comment = comment
make("deflated.zip", zipfile.ZIP_DEFLATED)
make("stored.zip", zipfile.ZIP_STORED)
make("piped.zip", zipfile.ZIP_DEFLATED, pipe=True)
make("large.zip", zipfile.ZIP_DEFLATED, force=True)
make("comment.zip", zipfile.ZIP_DEFLATED, comment=b"PK\x05\x06 is no end " * 100)
make("windows.zip", zipfile.ZIP_DEFLATED, change=lambda own: ".\\" + own.replace("/", "\\"))
zipfile.ZIP_FILECOUNT_LIMIT = 1
make("zip64.zip", zipfile.ZIP_DEFLATED)
"#;

#[test]
fn zip_archives_of_every_layout_show_the_files_of_the_folder() {
    let folder = TempDir::new().unwrap();
    let expected = tree(folder.path(), LARGE);
    let layouts = ["deflated", "stored", "large", "comment", "windows", "piped", "zip64"];
    let layouts: Vec<&str> = layouts.into_iter().step_by(one_of(3)).collect();
    if !python(folder.path(), &format!("WANTED = {layouts:?}\n{ZIPS}")) {
        return;
    }
    for name in layouts {
        assert_same(&of_image(&folder.path().join(format!("{name}.zip"))), &expected, name);
    }
    let zip64 = fs::read(folder.path().join("zip64.zip")).unwrap();
    assert!(zip64.windows(4).any(|bytes| bytes == b"PK\x06\x06"), "Python made no zip64 record");
}

const TARS: &str = r#"
import gzip, tarfile
for name, form in [("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)]:
    for packing in ["", "gz"]:
        with tarfile.open(f"{name}.tar{packing}", "w:" + packing, format=form) as archive:
            archive.add("tree", ".")
data = open("gnu.tar", "rb").read()
with open("members.targz", "wb") as out:
    for at in range(0, len(data), 1000000):
        out.write(gzip.compress(data[at:at + 1000000]))
    out.write(bytes(1024))
"#;

#[test]
fn tar_archives_plain_and_packed_show_the_files_of_the_folder() {
    let folder = TempDir::new().unwrap();
    let expected = tree(folder.path(), 3 << 20);
    if !python(folder.path(), TARS) {
        return;
    }
    for name in ["gnu.tar", "gnu.targz", "pax.tar", "pax.targz", "members.targz"] {
        assert_same(&of_image(&folder.path().join(name)), &expected, name);
    }
    for level in ["-1", "-19"].into_iter().step_by(one_of(2)) {
        if run("zstd", "zstd", &["-q", "-f", level, "gnu.tar", "-o", "gnu.tarzst"], folder.path()).is_none() {
            return;
        }
        assert_same(&of_image(&folder.path().join("gnu.tarzst")), &expected, level);
    }
}

#[test]
fn hard_links_in_a_tar_archive_are_files_and_other_links_are_not() {
    let folder = TempDir::new().unwrap();
    let program = r#"
import io, tarfile
with tarfile.open("a.tar", "w") as archive:
    def put(name, kind=tarfile.REGTYPE, link="", data=b""):
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.size = kind, link, len(data)
        archive.addfile(info, io.BytesIO(data))
    put("WINNT/a.dll", data=b"first")
    put("WINNT/b.dll", tarfile.LNKTYPE, "WINNT/a.dll")
    put("WINNT/c.dll", tarfile.SYMTYPE, "a.dll")
    put("WINNT/d.dll", tarfile.LNKTYPE, "WINNT/absent.dll")
    put("WINNT/a.dll", data=b"last")
    put("pipe", tarfile.FIFOTYPE)
"#;
    if !python(folder.path(), program) {
        return;
    }
    let found = of_image(&folder.path().join("a.tar"));
    let read = |path: &str| found[path].as_ref().unwrap().as_slice();
    assert_eq!(read("WINNT/a.dll"), b"last");
    assert_eq!(read("WINNT/b.dll"), b"first");
    let others: Vec<_> = found.iter().filter(|(_, contents)| contents.is_err()).collect();
    let [(_, lost), (again, _), (link, what), (pipe, _)] = others.as_slice() else { panic!("{others:?}") };
    assert!(lost.as_ref().unwrap_err().contains("WINNT/absent.dll, which is not in the archive"), "{lost:?}");
    assert_eq!((again.as_str(), link.as_str(), pipe.as_str()), ("WINNT/a.dll?", "WINNT/c.dll@", "pipe@"));
    assert!(what.as_ref().unwrap_err().contains("a link, which is not followed"), "{what:?}");
}

/// Members that no usual tool writes: all are read, or reported.
#[test]
fn odd_members_of_archives_are_read_or_named() {
    let folder = TempDir::new().unwrap();
    let program = r#"
import io, tarfile, zipfile
with tarfile.open("odd.tar", "w", format=tarfile.GNU_FORMAT) as archive:
    def put(name, kind=tarfile.REGTYPE, data=b""):
        info = tarfile.TarInfo("x")
        info.name, info.type, info.size = name, kind, len(data)
        archive.addfile(info, io.BytesIO(data))
    put("label", b"V")
    put("C", b"5")
    put("C/listed", b"D", b"Ya.dll\0\0")
    put("C/contiguous.dll", b"7", b"7")
    put("C/unknown.dll", b"Z", b"Z")
    put("C/going-on.dll", b"M", b"M")
    put("C/folder.dll/", data=b"f")
    put("C/device.dll", tarfile.CHRTYPE)
    put("C/access", b"A", b"user::rwx")
with tarfile.open("latin.tar", "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
    put("\u00c4/a.dll", data=b"A")
    put("\u00d6/a.dll", data=b"O")
class Raw(zipfile.ZipInfo):
    def _encodeFilenameFlags(self):
        return self.raw, 0
with zipfile.ZipFile("raw.zip", "w") as archive:
    def put(name, data, mode=0o100644, system=3):
        info = Raw("x")
        info.raw, info.filename = name, repr(name)
        info.external_attr, info.create_system = mode << 16, system
        archive.writestr(info, data)
    put(b"\x8e/a.dll", b"A")
    put(b"\x99/a.dll", b"O")
    put(b"link.dll", b"a.dll", 0o120777)
    put(b"pipe.dll", b"", 0o010644)
    put(b"not-unix.dll", b"n", 0o120777, 0)
    put(b"old.dll", b"o", 0)
    put(b"__MACOSX/._old.dll", b"attributes")
    put(b"__MACOSX/real.dll", b"r")
"#;
    if !python(folder.path(), program) {
        return;
    }
    let found = |name: &str| -> Vec<String> {
        let shown = |(path, contents): (String, Result<Vec<u8>, String>)| match contents {
            Ok(bytes) => format!("{path}={}", String::from_utf8(bytes).unwrap()),
            Err(what) => format!("{path}: {}", what.split_inclusive([',', ':']).next().unwrap_or_default()),
        };
        of_image(&folder.path().join(name)).into_iter().map(shown).collect()
    };
    assert_eq!(
        found("odd.tar"),
        [
            "C/contiguous.dll=7",
            "C/device.dll@: a pipe or a device,",
            "C/folder.dll=f",
            "C/going-on.dll!: begins in another part of the archive,",
            "C/unknown.dll=Z",
        ]
    );
    assert_eq!(found("latin.tar"), ["\u{c4}/a.dll=A", "\u{d6}/a.dll=O"]);
    assert_eq!(
        found("raw.zip"),
        [
            "__MACOSX/real.dll=r",
            "link.dll@: a link,",
            "not-unix.dll=n",
            "old.dll=o",
            "pipe.dll@: a pipe or a device,",
            "\u{c4}/a.dll=A",
            "\u{d6}/a.dll=O",
        ]
    );
}

/// Issue 16, point 1: a container that is not read is reported by its kind, even if its format is an archive.
#[test]
fn an_aff4_image_is_no_archive_of_collected_files() {
    let folder = TempDir::new().unwrap();
    let program = r#"
import zipfile
for name, members in ("a.aff4", ["container.description", "version.txt", "information.turtle", "aff4%3A%2F%2F1/00000000"]), ("a.zip", ["information.turtle"]):
    with zipfile.ZipFile(name, "w") as archive:
        for member in members: archive.writestr(member, "a")
"#;
    if !python(folder.path(), program) {
        return;
    }
    let refused = image::open(&folder.path().join("a.aff4")).err().unwrap().to_string();
    assert!(refused.starts_with("AFF4 image: not read; "), "{refused}");
    assert_eq!(of_image(&folder.path().join("a.zip")).len(), 1);
}

#[test]
fn times_of_members_are_those_that_the_archive_states() {
    let folder = TempDir::new().unwrap();
    let program = r#"
import tarfile, zipfile
with zipfile.ZipFile("dos.zip", "w") as archive:
    archive.writestr(zipfile.ZipInfo("a.dll", (2001, 9, 9, 1, 46, 40)), b"a")
info = zipfile.ZipInfo("a.dll", (1990, 1, 1, 0, 0, 0))
with zipfile.ZipFile("unix.zip", "w") as archive:
    info.extra = b"UT\x05\x00\x01" + (1000000001).to_bytes(4, "little")
    archive.writestr(info, b"a")
with zipfile.ZipFile("ntfs.zip", "w") as archive:
    ticks = ((1000000002 + 11644473600) * 10000000).to_bytes(8, "little")
    info.extra = b"\x0a\x00\x20\x00" + bytes(4) + b"\x01\x00\x18\x00" + ticks * 3
    archive.writestr(info, b"a")
for form in tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT:
    with tarfile.open(f"{form}.tar", "w", format=form) as archive:
        info = tarfile.TarInfo("a.dll")
        info.mtime = 1000000003
        archive.addfile(info)
"#;
    if !python(folder.path(), program) {
        return;
    }
    let modified = |name: &str| {
        let image = image::open(&folder.path().join(name)).unwrap().unwrap();
        let mut times = Vec::new();
        image.volumes[0].files.list(&mut |item| {
            if let Item::File { modified, .. } = item {
                times.push(modified);
            }
        });
        times
    };
    for (name, expected) in [("dos.zip", 0), ("unix.zip", 1), ("ntfs.zip", 2), ("0.tar", 3), ("2.tar", 3)] {
        assert_eq!(modified(name), [Some(1_000_000_000 + expected)], "{name}");
    }
}

/// The file of this name in an image: its volume and its id.
fn find(image: &Image, name: &str) -> (Arc<dyn FileSystem>, u64) {
    let mut found = None;
    image.volumes[0].files.list(&mut |item| {
        if let Item::File { path, id, .. } = item
            && path == name
        {
            found = Some(id);
        }
    });
    (image.volumes[0].files.clone(), found.unwrap_or_else(|| panic!("no {name}")))
}

/// The files of an image inside another one.
fn inner(image: &Image, name: &str) -> Files {
    let (volume, id) = find(image, name);
    let opened = image::open_inside(&volume, name, id).unwrap_or_else(|error| panic!("{name}: {error}"));
    files(&opened.unwrap_or_else(|| panic!("{name}: no image")))
}

/// The usual output of collectors: a disk in a zip. Packed, stored, and in a tar.gz, every kind of image is read as if
/// it were alone.
#[test]
fn images_in_archives_show_their_files() {
    let folder = TempDir::new().unwrap();
    let media = media::all(folder.path());
    let names: Vec<&str> = media.iter().map(|(_, path)| path.file_name().unwrap().to_str().unwrap()).collect();
    let program = format!(
        r#"
import tarfile, zipfile
names = {names:?}
for kind, method in [("deflated", zipfile.ZIP_DEFLATED), ("stored", zipfile.ZIP_STORED)]:
    with zipfile.ZipFile(kind + ".zip", "w", method) as archive:
        for name in names: archive.write(name, "case/" + name)
with tarfile.open("all.tar.gz", "w:gz", compresslevel=1) as archive:
    for name in names: archive.add(name, "case/" + name)
"#
    );
    if !python(folder.path(), &program) {
        return;
    }
    for archive in ["deflated.zip", "stored.zip", "all.tar.gz"].into_iter().step_by(one_of(2)) {
        let outer = image::open(&folder.path().join(archive)).unwrap().unwrap();
        assert!(outer.archive);
        for (kind, path) in &media {
            let name = format!("case/{}", path.file_name().unwrap().to_str().unwrap());
            assert!(image::may_be_image(&name), "{name}");
            assert_same(&inner(&outer, &name), &media::expected(kind), &format!("{kind} in {archive}"));
        }
    }
    // An image that is packed alone.
    for (tool, name) in [("gzip", "mbr.img.gz"), ("zstd", "mbr.img.zst")] {
        if run(tool, tool, &["-k", "-q", "mbr.img"], folder.path()).is_some() {
            assert_same(&of_image(&folder.path().join(name)), &media::expected("MBR"), name);
        }
    }
}

/// The files that a description of a disk names would have to be opened; segments are beside the first one.
#[test]
fn images_of_several_files_in_archives_are_whole_or_named() {
    let folder = TempDir::new().unwrap();
    let noise: Vec<u8> = (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    fs::write(folder.path().join("disk.img"), media::mbr(&[(7, 4, &media::ntfs()), (0x83, 4000, &noise)])).unwrap();
    let acquire = ["-u", "-q", "-t", "evidence", "-S", "1048576", "-c", "none", "disk.img"];
    let flat = ["convert", "-O", "vmdk", "-o", "subformat=monolithicFlat", "disk.img", "disk.vmdk"];
    if run("ewfacquire", "ewf-tools", &acquire, folder.path()).is_none()
        || run("qemu-img", "qemu-utils", &flat, folder.path()).is_none()
        || !python(
            folder.path(),
            r#"
import glob, zipfile
segments = sorted(glob.glob("evidence.E*"))
assert len(segments) > 2, segments
for name, left in [("whole.zip", segments), ("part.zip", segments[:1] + segments[2:])]:
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in left + ["disk.vmdk", "disk-flat.vmdk"]: archive.write(one)
"#,
        )
    {
        return;
    }
    let whole = image::open(&folder.path().join("whole.zip")).unwrap().unwrap();
    assert_same(&inner(&whole, "evidence.E01"), &media::expected("MBR"), "E01 in segments");
    let refused = |archive: &Image, name: &str| {
        let (volume, id) = find(archive, name);
        match image::open_inside(&volume, name, id) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("{name} was opened"),
        }
    };
    let part = image::open(&folder.path().join("part.zip")).unwrap().unwrap();
    assert!(refused(&part, "evidence.E01").contains("segment evidence.E02 is missing"));
    assert!(refused(&whole, "disk.vmdk").contains("several files inside another file; unpack it"));
}

#[test]
fn wim_images_on_media_show_their_files() {
    let folder = TempDir::new().unwrap();
    let names: Files = media::contents().into_iter().map(|(path, bytes)| (format!("1/{path}"), Ok(bytes))).collect();
    for (path, bytes) in media::contents() {
        let path = folder.path().join("tree").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::create_dir_all(folder.path().join("medium/sources")).unwrap();
    let capture = ["capture", "tree", "medium/sources/install.wim", "One", "--compress=LZX", "--no-acls"];
    if run("wimlib-imagex", "wimtools", &capture, folder.path()).is_none() {
        return;
    }
    for (name, options) in [("plain.iso", &["-J", "-R"][..]), ("udf.iso", &["-udf", "-allow-limited-size"])] {
        let arguments = [options, &["-quiet", "-o", name, "medium"]].concat();
        if run("genisoimage", "genisoimage", &arguments, folder.path()).is_none() {
            return;
        }
        let outer = image::open(&folder.path().join(name)).unwrap().unwrap();
        assert!(!outer.archive);
        assert_same(&inner(&outer, "sources/install.wim"), &names, name);
    }
}
