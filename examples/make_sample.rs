//! Writes the sample trees and the sample disk: `cargo run --example make_sample [FOLDER]`, by default over `data`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let folder = std::env::args_os().nth(1).map_or_else(default, PathBuf::from);
    let files = hotfixcheck_testkit::sample::files();
    for (path, bytes) in &files {
        let path = folder.join("sample").join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, bytes)?;
    }
    fs::write(folder.join("sample-disk.img"), hotfixcheck_testkit::sample::disk())?;
    println!("{} files and a disk below {}", files.len(), folder.display());
    Ok(())
}
