//! Configuration files (`hotfixcheck.toml`). The parser belongs to the program, not to the library, so its files are
//! compiled in here.
#![no_main]

use libfuzzer_sys::fuzz_target;

// The parts of the command line that parsing a configuration needs.
#[allow(dead_code, unreachable_pub, missing_docs)]
#[path = "../../src/cli"]
mod cli {
    pub mod args;
    mod config;
    mod error;
    mod require;
    mod warning;

    use std::path::Path;

    /// The number of lines, and the result of reading the file.
    pub fn read(path: &Path) -> Result<String, String> {
        let args = args::PolicyArgs {
            include: Vec::new(),
            exclude: Vec::new(),
            config: Some(path.to_owned()),
            no_config: false,
            today: None,
        };
        config::load(&args, &[]).map(|read| format!("{read:?}")).map_err(|error| error.to_string())
    }
}

fuzz_target!(|input: &[u8]| {
    // In memory, if there is such a folder.
    let shared = std::path::PathBuf::from("/dev/shm");
    let folder = if shared.is_dir() { shared } else { std::env::temp_dir() };
    let path = folder.join(format!("hotfixcheck-fuzz-{}.toml", std::process::id()));
    std::fs::write(&path, input).unwrap();
    let read = cli::read(&path);
    assert_eq!(read, cli::read(&path));
    std::fs::remove_file(&path).unwrap();
    // An error has the number of an existing line.
    if let Err(error) = read
        && let Some((_, rest)) = error.split_once(": line ")
    {
        let digits = rest.split(':').next().unwrap_or_default();
        let lines = input.split(|&byte| byte == b'\n').count();
        let line: usize = digits.parse().expect("a line's number");
        assert!((1..=lines).contains(&line), "{error}: {lines} lines");
    }
});
