//! Archives that are damaged or malicious (issue 16, point 7): names that lead out, bombs, encryption, every truncation
//! and many flipped bits.

use std::fs;
use std::path::Path;

use hotfixcheck_testkit::files::{Files, files, of_folder, of_image};
use hotfixcheck_testkit::media;
use hotfixcheck_testkit::soon::soon;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::tools::run;
use hotfixcheck_winfiles::image;
use tempfile::TempDir;

#[track_caller]
fn python(folder: &Path, program: &str) -> bool {
    run("python3", "python3", &["-c", program], folder).is_some()
}

#[test]
fn names_that_lead_out_are_named_and_not_read() {
    let folder = TempDir::new().unwrap();
    let program = r#"
import io, tarfile, zipfile
names = ["WINNT/a.dll", "../b.dll", "WINNT/../../c.dll", "..\\d.dll", "/WINNT/e.dll", "./WINNT//f.dll"]
with zipfile.ZipFile("a.zip", "w") as archive:
    for name in names: archive.writestr(name, name)
with tarfile.open("a.tar", "w") as archive:
    for name in names:
        info = tarfile.TarInfo(name)
        info.size = len(name)
        archive.addfile(info, io.BytesIO(name.encode()))
"#;
    if !python(folder.path(), program) {
        return;
    }
    for name in ["a.zip", "a.tar"] {
        let image = image::open(&folder.path().join(name)).unwrap().unwrap();
        let (mut read, mut named) = (Vec::new(), Vec::new());
        image.volumes[0].files.list(&mut |item| match item {
            image::Item::File { path, .. } => read.push(path),
            image::Item::Problem { what, .. } => named.push(what),
            image::Item::Warning { path, what } => panic!("{path}: {what}"),
            image::Item::Other { path, what } => panic!("{path}: {what}"),
        });
        assert_eq!(read, ["WINNT/a.dll", "WINNT/e.dll", "WINNT/f.dll"], "{name}");
        let asked = ["../b.dll", "WINNT/../../c.dll", "..\\d.dll"];
        assert_eq!(named.len(), asked.len(), "{name}");
        for (asked, what) in asked.iter().zip(&named) {
            assert!(what.starts_with(asked) && what.contains("leads out"), "{name}: {what}");
        }
    }
}

/// Issue 16, point 13 (fuzzing): a record of a PAX header that states one byte too many crashed the reader.
#[test]
fn a_pax_record_that_is_cut_is_named_and_loses_no_other_member() {
    let folder = TempDir::new().unwrap();
    let program = r#"
import io, tarfile
with tarfile.open("a.tar", "w") as archive:
    for name, kind, data in [("x", b"x", b"12 path=ab/c"[:-1]), ("a.dll", b"0", b"a"), ("b.dll", b"0", b"b")]:
        info = tarfile.TarInfo(name)
        info.type, info.size = kind, len(data)
        archive.addfile(info, io.BytesIO(data))
"#;
    if !python(folder.path(), program) {
        return;
    }
    let found = of_image(&folder.path().join("a.tar"));
    assert_eq!(found.keys().collect::<Vec<_>>(), ["!", "a.dll", "b.dll"]);
    assert!(found["!"].as_ref().unwrap_err().contains("PAX header at offset 0x0 is damaged"), "{found:?}");
}

#[test]
fn what_is_packed_or_encrypted_otherwise_is_an_error_of_that_member() {
    let folder = TempDir::new().unwrap();
    let program = r#"
import zipfile
with zipfile.ZipFile("a.zip", "w") as archive:
    for name, method in [("plain", 0), ("deflate", 8), ("bzip2", 12), ("lzma", 14)]:
        archive.writestr(name, name * 100, method)
bytes = bytearray(open("a.zip", "rb").read())
at = bytes.index(b"PK\x01\x02")
bytes[at + 8] |= 1
open("b.zip", "wb").write(bytes)
at = bytes.index(b"PK\x05\x06")
bytes[at + 4] = bytes[at + 6] = 3
open("c.zip", "wb").write(bytes)
"#;
    if !python(folder.path(), program) {
        return;
    }
    let found = of_image(&folder.path().join("b.zip"));
    assert!(found["plain"].as_ref().unwrap_err().contains("encrypted"));
    assert_eq!(found["deflate"].as_ref().unwrap(), &"deflate".repeat(100).into_bytes());
    assert!(found["bzip2"].as_ref().unwrap_err().contains("packed by bzip2, which is not read"));
    assert!(found["lzma"].as_ref().unwrap_err().contains("packed by LZMA, which is not read"));
    let Err(error) = image::open(&folder.path().join("c.zip")) else { panic!("a part was opened") };
    assert!(error.to_string().contains("part 4 of a split archive"), "{error}");
}

#[test]
fn of_several_members_with_one_name_the_last_is_read_and_the_user_is_told() {
    let folder = TempDir::new().unwrap();
    let program = r#"
import warnings, zipfile
warnings.simplefilter("ignore")
with zipfile.ZipFile("a.zip", "w") as archive:
    archive.writestr("a.dll", "first")
    archive.writestr("a.dll", "last")
"#;
    if !python(folder.path(), program) {
        return;
    }
    let found = of_image(&folder.path().join("a.zip"));
    assert_eq!(found["a.dll"].as_ref().unwrap(), b"last");
    assert!(found["a.dll?"].as_ref().unwrap_err().contains("several members"));
}

/// A member that claims more than its data can hold costs nothing; one that holds what it claims is unpacked within
/// limits.
#[test]
fn bombs_are_bounded() {
    let folder = TempDir::new().unwrap();
    let program = r#"
import struct, zipfile, zlib
with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("a.dll", bytes(100000))
bytes_ = bytearray(open("a.zip", "rb").read())
at = bytes_.index(b"PK\x01\x02")
bytes_[at + 24:at + 28] = struct.pack("<I", 0xfffffffe)
open("claims.zip", "wb").write(bytes_)
bytes_[at + 24:at + 28] = struct.pack("<I", 90000)
open("more.zip", "wb").write(bytes_)
# Every member's data quote the header of the next one in a stored block, and go on with that one's data: all of them
# overlap, and end in one kernel.
kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
data, plain = b"".join([kernel.compress(bytes(17 << 20)), kernel.flush()]), bytes(17 << 20)
files = []
for number in range(40):
    name = b"f%03d.dll" % number
    known = struct.pack("<IIIHH", zlib.crc32(plain), len(data), len(plain), len(name), 0)
    header = struct.pack("<IHHHHH", 0x04034b50, 20, 0, 8, 0, 0) + known + name
    files.append((known, name, len(data) + len(header)))
    last = header + data
    data = struct.pack("<BHH", 0, len(header), len(header) ^ 0xffff) + header + data
    plain = header + plain
directory = b"".join(
    struct.pack("<IHHHHHH", 0x02014b50, 20, 20, 0, 8, 0, 0) + known + struct.pack("<HHHII", 0, 0, 0, 0, len(last) - back) + name
    for known, name, back in files)
end = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, len(files), len(files), len(directory), len(last), 0)
open("overlap.zip", "wb").write(last + directory + end)
"#;
    if !python(folder.path(), program) {
        return;
    }
    let of = |name: &str| soon(|| of_image(&folder.path().join(name)));
    assert!(of("claims.zip")["a.dll"].as_ref().unwrap_err().contains("more bytes than its data can hold"));
    assert!(of("more.zip")["a.dll"].is_err());
    let overlap = of_image(&folder.path().join("overlap.zip"));
    assert_eq!(overlap.len(), 40, "{:?}", overlap.keys());
    let refused = overlap.values().filter(|file| file.as_ref().is_err_and(|what| what.contains("times its size")));
    let (refused, read) = (refused.count(), overlap.values().flatten().count());
    // 40 members of 17 MB are 680 MB; the limit is 256 MB and a thousand times the 20 KB of the archive.
    assert!(read + refused == 40 && (14..20).contains(&read), "{read} were read, {refused} refused");
}

#[test]
fn a_zstandard_file_that_unpacks_to_too_much_is_refused_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let large = fs::File::create(folder.path().join("large")).unwrap();
    large.set_len(300 << 20).unwrap();
    if run("zstd", "zstd", &["-q", "--no-check", "large"], folder.path()).is_none() {
        return;
    }
    let Err(error) = image::open(&folder.path().join("large.zst")) else { panic!("not refused") };
    assert!(error.to_string().contains("unpack it (zstd -d)"), "{error}");
}

/// Archives of the sample's files: some kilobytes, in every format.
fn archives(folder: &Path) -> Option<(Files, Vec<&'static str>)> {
    for (path, bytes) in media::contents() {
        let path = folder.join("tree").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let program = r#"
import os, tarfile, zipfile
for name, method in [("deflated.zip", 8), ("stored.zip", 0)]:
    with zipfile.ZipFile(name, "w", method) as archive:
        for folder, _, names in os.walk("tree"):
            for one in names:
                path = os.path.join(folder, one)
                archive.write(path, os.path.relpath(path, "tree"))
for name, mode in [("plain.tar", "w"), ("packed.tar.gz", "w:gz")]:
    with tarfile.open(name, mode) as archive: archive.add("tree", ".")
"#;
    if !python(folder, program) {
        return None;
    }
    let mut names = vec!["deflated.zip", "stored.zip", "plain.tar", "packed.tar.gz"];
    if run("zstd", "zstd", &["-q", "plain.tar", "-o", "packed.tar.zst"], folder).is_some() {
        names.push("packed.tar.zst");
    }
    Some((of_folder(&folder.join("tree")), names))
}

#[test]
fn truncated_archives_are_named_and_invent_nothing() {
    let folder = TempDir::new().unwrap();
    let Some((expected, names)) = archives(folder.path()) else { return };
    let path = folder.path().join("cut");
    for name in names {
        let sound = fs::read(folder.path().join(name)).unwrap();
        for size in (0..sound.len()).step_by((sound.len() / 700).max(1) * one_of(5)) {
            fs::write(&path, &sound[..size]).unwrap();
            let what = format!("{name} of {size} bytes");
            let found = soon(|| image::open(&path).ok().flatten().map(|image| files(&image)));
            let Some(found) = found else { continue };
            for (path, contents) in &found {
                // A plain tar has no checksums of contents: only a part of the last file may be left.
                let whole = expected.get(path).and_then(|whole| whole.as_ref().ok());
                let is_cut = name.ends_with("tar")
                    && matches!((contents, whole), (Ok(contents), Some(whole)) if whole.starts_with(contents));
                assert!(contents.is_err() || is_cut || expected.get(path) == Some(contents), "{what}: {path}");
            }
            // Missing parts are reported as lost, except blocks of zeros and of padding at the end.
            let lost = expected.iter().any(|(path, whole)| found.get(path) != Some(whole));
            assert!(!lost || found.values().any(Result::is_err), "{what}: files are lost in silence");
        }
    }
}

#[test]
fn flipped_bits_in_archives_invent_nothing_where_there_is_a_checksum() {
    let folder = TempDir::new().unwrap();
    let Some((expected, names)) = archives(folder.path()) else { return };
    let path = folder.path().join("flipped");
    for name in names {
        let sound = fs::read(folder.path().join(name)).unwrap();
        let step = (sound.len() / 1500).max(1) * one_of(10);
        for (number, at) in (0..sound.len()).step_by(step).enumerate() {
            let mut bytes = sound.clone();
            bytes[at] ^= 1 << (number % 8);
            fs::write(&path, &bytes).unwrap();
            let found = soon(|| image::open(&path).ok().flatten().map(|image| files(&image)));
            for (path, contents) in found.unwrap_or_default() {
                let Ok(contents) = contents else { continue };
                let near = expected.values().flatten().any(|whole| {
                    let differs = whole.iter().zip(&contents).filter(|(a, b)| a != b).count();
                    *whole == contents || name == "plain.tar" && differs <= 1
                });
                assert!(near, "{name}: bit {} at {at:#x}: {path}", number % 8);
            }
        }
    }
}

/// Found by fuzzing: the number of a part is one more than a number of 32 bits.
#[test]
fn the_last_part_that_a_zip_can_have_is_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.zip");
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(b"PK\x06\x06");
    bytes.extend([0; 12]);
    bytes.extend([0xff; 4]);
    bytes.extend([0; 36]);
    bytes.extend(b"PK\x06\x07");
    bytes.extend([0; 4]);
    bytes.extend(4_u64.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(b"PK\x05\x06");
    bytes.extend([0; 18]);
    fs::write(&path, bytes).unwrap();
    let error = image::open(&path).err().unwrap().to_string();
    assert!(error.contains("part 4294967296 of a split archive"), "{error}");
}
