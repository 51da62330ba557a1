//! Writes the sample trees: `cargo run --example make_sample [FOLDER]`, by default over `data/sample`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    let folder = std::env::args_os().nth(1).map_or_else(default, PathBuf::from);
    let files = hotfixcheck_testkit::sample::files();
    for (path, bytes) in &files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, bytes)?;
    }
    println!("{} files below {}", files.len(), folder.display());
    Ok(())
}
