//! The initial inputs of the fuzz targets, from the tests' fixtures: `FUZZ_SEEDS=folder cargo test -p
//! hotfixcheck-winfiles fuzz_seeds` writes them.

use std::fs;
use std::path::PathBuf;

use hotfixcheck_testkit::cab_builder::{CabBuilder, Method, cab};
use hotfixcheck_testkit::hive_builder::{HiveBuilder, Index};
use hotfixcheck_testkit::le_builder::LeBuilder;
use hotfixcheck_testkit::media;
use hotfixcheck_testkit::ne_builder::{Ident, NeBuilder};
use hotfixcheck_testkit::old_version::OldVersion;
use hotfixcheck_testkit::packed_builder::{KwajBuilder, sample, szdd};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::tools::run;
use tempfile::TempDir;

use crate::hive_logs::{before_and_after, entries, sectors};

/// Small archives of every supported kind, some inside others, written into the folder.
const ARCHIVES: &str = r#"
import gzip, io, sys, tarfile, zipfile
def put(archive, name, kind=tarfile.REGTYPE, link="", data=b"", pax={}):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size, info.pax_headers = kind, link, len(data), pax
    archive.addfile(info, io.BytesIO(data))
for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
    with tarfile.open(f"{form}.tar", "w", format=form) as archive:
        put(archive, "WINNT/a.dll", data=b"MZ" * 300)
        put(archive, "WINNT/b.dll", tarfile.LNKTYPE, "WINNT/a.dll")
        put(archive, "WINNT/c.dll", tarfile.SYMTYPE, "a.dll")
        put(archive, "pipe", tarfile.FIFOTYPE)
        if form != tarfile.USTAR_FORMAT:
            put(archive, "far/" * 40 + "b.dll", data=b"b" * 9)
for form, name in (zipfile.ZIP_STORED, "stored.zip"), (zipfile.ZIP_DEFLATED, "deflated.zip"):
    with zipfile.ZipFile(name, "w", form) as archive:
        archive.writestr("C/WINNT/a.dll", b"MZ" * 300)
        archive.writestr("caf\u00e9.dll", b"b" * 9)
        archive.write("0.tar")
        archive.comment = b"comment"
with open("large.zip", "wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
    with archive.open("a.dll", "w", force_zip64=True) as member:
        member.write(b"MZ" * 300)
data = open("0.tar", "rb").read()
open("tar.gz", "wb").write(gzip.compress(data, mtime=0))
"#;

/// A catalogue with a line of every kind.
const CATALOGUE: &str = "A\tQ265433\t2002-05-08\tTitle of the article\nP\tWindows NT Server 4.0\tWindows NT Workstation 4.0\n\
B\tMS05-040\nC\tCVE-2005-0058\nX\tCVE-2005-0058\nV\timportant\trequired\nR\tMS03-026\nU\tKB823980\n\
K\tWindowsXP-KB893756-x86-ENU.exe\tKB893756\tWindowsXP\ti386\tENU\nD\tWindows 10 22H2\t19045.3930\n\
D\tSQL Server 2019\t2019.150.4298.1\tsqlservr.exe\nS\tWindows NT 4.0\t7\n\
F\t64\ttable\tRpcss.exe\t4.0.1381.7086\t2000-07-25\t19:54\t106768\tIntel\nL\t70\tno version\n";

/// A configuration with every key.
const CONFIGURATION: &str = r#"
paths = ["WINNT", 'images\disk.vhd']
sniff = true
include = ["**/system32/*.{dll,exe}"]
exclude = ["temp/"]
fail-on = "likely-missing"
require = "required.txt"
only-required = true
baseline = "old.json"
strict-waivers = false
[[system]]
os = "nt4"
service-pack = 6
path = "WINNT"
[[report]]
format = "html"
output = "report.html"
[[waiver]]
kb = "Q265433"
path = "**/rpcss.exe"
reason = """not
installed"""
expires = 2027-01-31
"#;

/// The non-empty sectors, in the format of the target `image`.
fn pieces(image: &[u8]) -> Vec<u8> {
    let mut seed = vec![0xff];
    let sectors: Vec<&[u8]> = image.chunks(512).collect();
    let mut at = 0;
    while at < sectors.len() {
        let run = sectors[at..].iter().take(100).take_while(|sector| sector.iter().any(|&byte| byte != 0)).count();
        if run > 0 {
            let bytes = sectors[at..at + run].concat();
            seed.extend((at as u32).to_le_bytes());
            seed.extend((bytes.len() as u16).to_le_bytes());
            seed.extend(bytes);
        }
        at += run.max(1);
    }
    seed
}

/// The sectors of a UDF volume in the format of the target `udf`: without those that the target makes itself, and
/// without ISO 9660.
fn udf(image: &[u8]) -> Vec<u8> {
    let mut seed = Vec::new();
    let sectors = image.chunks(2048).enumerate().skip(19).filter(|(at, _)| *at != 256);
    for (at, sector) in sectors {
        let used = sector.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        if used > 0 && at < 1024 && !matches!(sector, [1 | 2, ..] if at < 32) {
            seed.extend((at as u16).to_le_bytes());
            seed.extend((used as u16).to_le_bytes());
            seed.extend(&sector[..used]);
        }
    }
    seed
}

/// A WIM image whose files and folders have no checksum, so that changed ones are still read.
fn without_checksum(mut image: Vec<u8>) -> Vec<u8> {
    let [table, size] = [56, 64].map(|at| u64::from_le_bytes(image[at..at + 8].try_into().unwrap()) as usize);
    for entry in image[table..table + size].chunks_exact_mut(50).filter(|entry| entry[7] & 2 != 0) {
        entry[30..].fill(0);
    }
    image
}

#[test]
fn every_target_with_seeds_has_some() {
    let passing = TempDir::new().unwrap();
    let folder = std::env::var_os("FUZZ_SEEDS").map_or(passing.path().to_owned(), PathBuf::from);
    let put = |target: &str, name: &str, form: &[u8], bytes: &[u8]| {
        fs::create_dir_all(folder.join(target)).unwrap();
        fs::write(folder.join(target).join(name), [form, bytes].concat()).unwrap();
    };
    let images = TempDir::new().unwrap();
    for (number, (kind, path)) in media::all(images.path()).into_iter().enumerate() {
        let image = fs::read(path).unwrap();
        if kind == "UDF" {
            put("udf", "genisoimage", &[], &udf(&image));
        }
        if image.len() < 300_000 {
            put("image", &format!("{number}-whole"), &[0], &image);
        }
        let pieces = pieces(&image);
        if pieces.len() < 200_000 {
            put("image", &format!("{number}-pieces"), &[], &pieces);
        }
    }
    for (name, packing) in [("none", "--compress=none"), ("xpress", "--compress=XPRESS"), ("solid", "--solid")] {
        fs::create_dir_all(images.path().join("windows")).unwrap();
        fs::write(images.path().join("windows/a.dll"), "a").unwrap();
        let arguments = ["capture", "windows", "a.wim", "--no-acls", packing];
        if run("wimlib-imagex", "wimtools", &arguments, images.path()).is_none() {
            break;
        }
        let image = images.path().join("a.wim");
        put("image", &format!("wim-{name}"), &[0], &without_checksum(fs::read(&image).unwrap()));
        fs::remove_file(image).unwrap();
    }
    let pe = PeBuilder::new().fixed([4, 0, 1381, 7], [4, 0, 1381, 7]).build();
    let members: [(&str, &[u8]); 3] =
        [("update.inf", b"[Strings]\r\nHOTFIX_NUMBER=Q299444\r\n"), ("a.dll", &pe), ("b", b"")];
    for method in [Method::Stored, Method::Mszip, Method::Lzx] {
        let cabinet = CabBuilder::new().no_checksums().folder(method, &members).folder(method, &members[1..]).build();
        put("cabinet", &format!("{method:?}"), &[0], &cabinet);
        put("cabinet", &format!("{method:?}-package"), &[6], &cabinet);
        let inner = CabBuilder::new()
            .no_checksums()
            .folder(Method::Stored, &[("in.cab", &cabinet), ("x.ex_", &szdd(&pe, b'E'))]);
        put("cabinet", &format!("{method:?}-sfx"), &[7], &[b"behind".as_slice(), &inner.build()].concat());
        // One block of a folder: its sizes, its contents.
        let data = sample(2000);
        let file = CabBuilder::new().no_checksums().folder(method, &[("ab", &data[..])]).build();
        let block = file.windows(2).rposition(|sizes| sizes == 2000_u16.to_le_bytes()).unwrap() - 2;
        let form = 2 + method as u8;
        put("cabinet", &format!("{method:?}-block"), &[form, 1], &file[block..]);
    }
    put(
        "cabinet",
        "set",
        &[0],
        &CabBuilder::new().neighbours(Some("a"), Some("b")).reserve(9, 1, 2).folder(Method::Stored, &members).build(),
    );
    put("cabinet", "checksums", &[0], &cab(&members));
    for minor in [1, 3, 5] {
        let mut hive = HiveBuilder::new(minor);
        hive.key(r"Microsoft\Windows NT\CurrentVersion").sz("CurrentVersion", "4.0").dword("InstallDate", 1);
        hive.key(r"Microsoft\Windows NT\CurrentVersion\HotFix\Q246009")
            .dword("Installed", 1)
            .binary("big", &[7; 17_000]);
        hive.key(r"ControlSet001\Control\ProductOptions").sz("ProductType", "WinNT").multi_sz("x", &["a", "b"]);
        hive.key("Select").dword("Current", 1);
        hive.key("li").index(Index::Li).key("a").qword("q", 7);
        put("hive", &format!("{minor}"), &[0xff], &hive.build());
    }
    let (before, after) = before_and_after();
    for (name, first, second) in [
        ("sectors", sectors(&before, &after), Vec::new()),
        ("entries", entries(&before, &after), Vec::new()),
        ("both", entries(&before, &after), sectors(&before, &after)),
    ] {
        let lengths = [(before.len() as u16).to_le_bytes(), (first.len() as u16).to_le_bytes()].concat();
        put("hive_log", name, &[&[0], lengths.as_slice()].concat(), &[before.as_slice(), &first, &second].concat());
    }
    put("catalogue", "text", &[0], CATALOGUE.as_bytes());
    put("toml", "all-keys", &[], CONFIGURATION.as_bytes());
    let archives = TempDir::new().unwrap();
    if run("python3", "python3", &["-c", ARCHIVES], archives.path()).is_some() {
        for file in fs::read_dir(archives.path()).unwrap().map(|file| file.unwrap().path()) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            put("archive", &name, &[if name.ends_with(".tar") { 3 } else { 0 }], &fs::read(&file).unwrap());
        }
    }
    put("pe", "plain", &[0xff], &pe);
    let strings: [(&str, &[u8]); 2] = [("CompanyName", b"Microsoft"), ("FileVersion", b"4.10.1998")];
    let block = || OldVersion::new().fixed([4, 10, 0, 1998], [4, 10, 0, 1998]).table("040904E4", &strings).build();
    let named = NeBuilder::new(block()).shift(9).ids(&[Ident::Text("INFO".to_owned())]);
    put("ne_le", "ne", &[0xff], &NeBuilder::new(block()).build());
    put("ne_le", "named", &[0xff], &named.build());
    put("ne_le", "le", &[0xff], &LeBuilder::new(block()).build());
    put("ne_le", "lx", &[0xff], &LeBuilder::new(block()).lx().others(2).build());
    for method in 0..=4 {
        let packed = KwajBuilder::new(method, &sample(300)).size(300).stem(b"NAME").build();
        put("szdd_kwaj", &format!("{method}"), &[2], &packed[8..]);
    }
    put("szdd_kwaj", "szdd", &[0], &szdd(&sample(300), b'L')[9..]);
    for target in ["image", "cabinet", "hive", "hive_log", "pe", "ne_le", "szdd_kwaj", "catalogue", "toml"] {
        let seeds = fs::read_dir(folder.join(target)).unwrap().map(|seed| seed.unwrap().metadata().unwrap().len());
        assert!(seeds.min().is_some_and(|least| least > 1), "{target}");
    }
}
