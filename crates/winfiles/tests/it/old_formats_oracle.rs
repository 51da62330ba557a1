//! Compares our readers and builders with public tools: wrestool (icoutils), mscompress and msexpand (mscompress),
//! libmspack (through Python's ctypes). A missing tool is skipped with a message.

use std::fs;

use hotfixcheck_winfiles::binary::{self, VersionOutcome};
use hotfixcheck_winfiles::packed::{self, Packed};

use hotfixcheck_testkit::ne_builder::{Ident, NeBuilder};
use hotfixcheck_testkit::old_version::OldVersion;
use hotfixcheck_testkit::packed_builder::{KwajBuilder, lz_huffman, sample, szdd, szdd_qbasic};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::tools::{missing, run};

fn contents() -> Vec<Vec<u8>> {
    vec![b"x".to_vec(), vec![0; 40_000], vec![b' '; 5000], sample(60_000), PeBuilder::new().build()]
}

#[test]
fn wrestool_finds_the_same_version_block() {
    let folder = tempfile::tempdir().unwrap();
    let block = |number| {
        let strings: [(&str, &[u8]); 1] = [("FileVersion", b"4.10.1998")];
        OldVersion::new().fixed([4, 10, number, 1998], [4, 10, 0, 1998]).table("040904E4", &strings).build()
    };
    for (number, shift, others, id) in [(1, 4, 1, 1), (2, 0, 0, 1), (3, 9, 3, 1), (4, 4, 40, 7)] {
        let builder = NeBuilder::new(block(number)).shift(shift).other_types(others).ids(&[Ident::Number(id)]);
        let bytes = builder.build();
        fs::write(folder.path().join("x.dll"), &bytes).unwrap();
        let args = ["--extract", "--raw", "--type=16", "x.dll"];
        let Some(theirs) = run("wrestool", "icoutils", &args, folder.path()) else { return };
        assert!(theirs.starts_with(&block(number)), "wrestool gave {} bytes", theirs.len());

        let VersionOutcome::Found(info) = binary::read(&bytes).unwrap().version else { panic!("not found") };
        assert_eq!(info.fixed_file.unwrap().components(), [4, 10, number.into(), 1998]);
        assert_eq!(info.file_version_string(), Some("4.10.1998"));
    }
}

#[test]
fn what_mscompress_packs_unpacks() {
    // Version 0.4 packs a file of one byte into a different one, as msexpand shows.
    for data in contents().into_iter().filter(|data| data.len() > 1) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tapisrv.exe"), &data).unwrap();
        if run("mscompress", "mscompress", &["tapisrv.exe"], folder.path()).is_none() {
            return;
        }
        // Unlike COMPRESS.EXE it adds the underscore, and the header has no letter.
        let unpacked = packed::unpack(&fs::read(folder.path().join("tapisrv.exe_")).unwrap()).unwrap();
        assert_eq!(unpacked.packing, Packed::Szdd);
        assert!(unpacked.bytes == data);
        assert_eq!(packed::original_names("tapisrv.exe_", &unpacked.name_hint)[0], "tapisrv.exe");
    }
}

#[test]
fn msexpand_unpacks_what_our_builder_packs() {
    for data in contents() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tapisrv.exe_"), szdd(&data, 0)).unwrap();
        if run("msexpand", "mscompress", &["tapisrv.exe_"], folder.path()).is_none() {
            return;
        }
        assert!(fs::read(folder.path().join("tapisrv.exe")).unwrap() == data);
    }
}

/// Gets a decompressor from libmspack and calls its fourth function, `decompress(self, input, output)`, for each file.
const LIBMSPACK: &str = r#"
import ctypes, sys
try:
    library = ctypes.CDLL("libmspack.so.0")
except OSError:
    print("absent")
    sys.exit()
for name in sys.argv[1:]:
    create = getattr(library, "mspack_create_" + name[:4] + "_decompressor")
    create.restype = ctypes.c_void_p
    me = create(None)
    address = ctypes.cast(me, ctypes.POINTER(ctypes.c_void_p))[3]
    decompress = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p)(address)
    error = decompress(me, name.encode(), (name + ".unpacked").encode())
    if error:
        sys.exit(f"{name}: error {error}")
"#;

#[test]
fn libmspack_unpacks_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for data in contents() {
        let size = data.len() as u32;
        files.push(("szdd", szdd(&data, 0), data.clone()));
        files.push(("szdd", szdd_qbasic(&data), data.clone()));
        for method in 0..=4 {
            files.push(("kwaj", KwajBuilder::new(method, &data).build(), data.clone()));
            let full = KwajBuilder::new(method, &data).size(size).stem(b"TAPISRV").extension(b"EXE");
            files.push(("kwaj", full.unknown().block(b"block").text(b"text").build(), data.clone()));
        }
        for ways in [[1; 5], [2; 5], [3; 5], [3, 2, 1, 0, 1]] {
            files.push(("kwaj", KwajBuilder::raw(3, lz_huffman(&data, ways)).build(), data.clone()));
        }
    }
    let name = |place: usize, format: &str| format!("{format}{place}");
    let names: Vec<String> = files.iter().enumerate().map(|(place, (format, ..))| name(place, format)).collect();
    for (name, (_, file, _)) in names.iter().zip(&files) {
        fs::write(folder.path().join(name), file).unwrap();
    }
    let args: Vec<&str> = ["-c", LIBMSPACK].into_iter().chain(names.iter().map(String::as_str)).collect();
    let Some(said) = run("python3", "python3", &args, folder.path()) else { return };
    if said.starts_with(b"absent") {
        missing("libmspack", "libmspack0");
        return;
    }
    for (name, (_, file, data)) in names.iter().zip(&files) {
        let theirs = fs::read(folder.path().join(format!("{name}.unpacked"))).unwrap();
        let ours = packed::unpack(file).unwrap().bytes;
        // libmspack ignores the declared size: the bits that fill the last byte of method 3 may add to its output.
        assert!(theirs.starts_with(data) && theirs.starts_with(&ours), "{name}");
        assert!(ours.starts_with(data) && theirs.len() <= data.len() + 7, "{name}");
    }
}
