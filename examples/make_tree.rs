//! Writes a large tree for measurements, byte for byte the same on every run:
//! `cargo run --release --example make_tree FOLDER [FILES [BINARIES]]`, by default 50,000 files, 6,000 of them
//! binaries.
//!
//! Binaries have their resources at the end, as linked files do; the part before is a hole, so that the tree needs
//! little space. Every fourth binary has a name from the catalogue.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use hotfixcheck_testkit::pe_builder::PeBuilder;

/// Files in one folder.
const FOLDER_FILES: usize = 100;
/// Extensions of files that are not binaries.
const PLAIN: [&str; 10] = ["txt", "htm", "gif", "inf", "ini", "hlp", "dat", "log", "ttf", "pnf"];
const BINARY: [&str; 6] = ["dll", "exe", "sys", "ocx", "drv", "cpl"];

fn main() -> io::Result<()> {
    let mut args = std::env::args_os().skip(1);
    let folder =
        PathBuf::from(args.next().ok_or_else(|| io::Error::other("usage: make_tree FOLDER [FILES [BINARIES]]"))?);
    let mut number =
        |default: usize| args.next().map_or(default, |text| text.to_string_lossy().parse().unwrap_or(default));
    let (files, binaries) = (number(50_000), number(6_000));
    let catalogue = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/catalog.tsv"))?;
    let names: BTreeSet<String> = catalogue
        .lines()
        .filter_map(|line| line.strip_prefix("F\t")?.split('\t').nth(2).map(str::to_lowercase))
        .filter(|name| {
            BINARY.iter().any(|extension| name.ends_with(&format!(".{extension}"))) && !name.contains(['\\', '/'])
        })
        .collect();
    let names: Vec<String> = names.into_iter().collect();
    let mut random = Random(1);
    // The binaries are distributed evenly among the files.
    let every = files.max(1).div_ceil(binaries.max(1));
    let mut made = 0;
    for n in 0..files {
        let place = folder.join(format!("{:02}/{:03}", n / FOLDER_FILES / 100, n / FOLDER_FILES));
        if n % FOLDER_FILES == 0 {
            fs::create_dir_all(&place)?;
        }
        let seconds = 900_000_000 + random.below(100_000_000);
        let modified = UNIX_EPOCH + Duration::from_secs(seconds);
        let is_binary = made < binaries && n % every == 0;
        let file = if is_binary {
            let name = match made % 4 {
                0 if !names.is_empty() => names[made / 4 % names.len()].clone(),
                _ => format!("module{made}.{}", BINARY[made % BINARY.len()]),
            };
            made += 1;
            binary(&place.join(name), &mut random)?
        } else {
            let mut file = File::create(place.join(format!("file{n}.{}", PLAIN[n % PLAIN.len()])))?;
            file.write_all(&vec![b'x'; random.below(2000) as usize])?;
            file
        };
        file.set_modified(modified)?;
    }
    println!("{files} files, {made} of them binaries, below {}", folder.display());
    Ok(())
}

/// A file of Windows NT 4.0 with a version that is older than some fixes and newer than others.
fn binary(path: &Path, random: &mut Random) -> io::Result<File> {
    let revision = random.below(8000) as u16;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let code = 16_384 + random.below(400_000) as usize;
    let image = PeBuilder::new()
        .fixed([4, 0, 1381, revision], [4, 0, 1381, revision])
        .time_stamp(850_000_000 + random.below(50_000_000) as u32)
        .table(
            "040904B0",
            &[
                ("CompanyName", "Example Corporation"),
                ("FileDescription", "A file that is only there to be read"),
                ("FileVersion", "4.00"),
                ("OriginalFilename", &name),
                ("ProductName", "Example (TM) Operating System"),
                ("ProductVersion", "4.00"),
            ],
        )
        .code_size(code)
        .image();
    let mut file = File::create(path)?;
    let head = image.bytes.len().min(4096);
    file.write_all(&image.bytes[..head])?;
    // The code consists of zeros: a hole.
    file.seek(SeekFrom::Start(image.resources as u64))?;
    file.write_all(&image.bytes[image.resources..])?;
    Ok(file)
}

/// A random number generator with the same numbers on every machine (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
