//! The fuzz targets' first inputs, from the tests' fixtures: `FUZZ_SEEDS=folder cargo test -p hotfixcheck-winfiles fuzz_seeds` keeps them.

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
use tempfile::TempDir;

/// The sectors that hold something, as the target `image` takes them.
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

#[test]
fn every_target_with_seeds_has_some() {
    let passing = TempDir::new().unwrap();
    let folder = std::env::var_os("FUZZ_SEEDS").map_or(passing.path().to_owned(), PathBuf::from);
    let put = |target: &str, name: &str, form: &[u8], bytes: &[u8]| {
        fs::create_dir_all(folder.join(target)).unwrap();
        fs::write(folder.join(target).join(name), [form, bytes].concat()).unwrap();
    };
    let images = TempDir::new().unwrap();
    for (number, (_, path)) in media::all(images.path()).into_iter().enumerate() {
        let image = fs::read(path).unwrap();
        if image.len() < 300_000 {
            put("image", &format!("{number}-whole"), &[0], &image);
        }
        let pieces = pieces(&image);
        if pieces.len() < 200_000 {
            put("image", &format!("{number}-pieces"), &[], &pieces);
        }
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
        // One block of a folder: its sizes, what it holds.
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
    for target in ["image", "cabinet", "hive", "pe", "ne_le", "szdd_kwaj"] {
        let seeds = fs::read_dir(folder.join(target)).unwrap().map(|seed| seed.unwrap().metadata().unwrap().len());
        assert!(seeds.min().is_some_and(|least| least > 1), "{target}");
    }
}
