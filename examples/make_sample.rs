//! Writes the sample trees: `cargo run --example make_sample [FOLDER]`, by default over `data/sample`.

#[path = "../tests/support/pe_builder.rs"]
mod pe_builder;
#[path = "../tests/support/sample.rs"]
mod sample;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    let folder = std::env::args_os().nth(1).map_or_else(default, PathBuf::from);
    for file in sample::FILES {
        let path = folder.join(file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, file.bytes())?;
    }
    println!("{} files below {}", sample::FILES.len(), folder.display());
    Ok(())
}
