//! Pages that are damaged at random: no panic, no malformed article, and none that takes long.
//!
//!     HOTFIXCHECK_PAGES=FOLDER HOTFIXCHECK_SECONDS=600 cargo test --release -p hotfixcheck-articles mutations
//!
//! It reads the pages below FOLDER (and the golden articles) as often as time allows, each time with other damage.
//! Without the two variables it reads some of the golden articles. Pages that fail are written beside the test's
//! output, so that they can become tests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use hotfixcheck_articles::{decode, parse};

use super::article_properties::{check_all, fixtures, id};

/// The most time for a page: the longest of the archives takes some hundredths of a second.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many damaged pages each run of the tests reads.
const PAGES: u64 = 200;

/// Longer pages show nothing new and cost many runs.
const MAX_PAGE: usize = 300_000;

/// Words with a meaning for the reader of articles.
const WORDS: &[&str] = &[
    "|",
    "\n",
    "\r\n",
    "\t",
    "  ",
    "\u{a0}",
    "\u{3000}",
    "\u{130}",
    "\0",
    "```\n",
    "====\n",
    "----\n",
    "<table>",
    "<tr><td rowspan=\"99999\" colspan=\"99999\">",
    "</table>",
    "**",
    "#### ",
    "&nbsp;",
    "lamp.dll",
    "5.1.2600.1",
    "16-Oct-2001",
    "99/99/9999",
    "18446744073709551616",
    "KB999999",
    "x64",
    "(für alle x64-Editionen)",
    "および",
    "檔案名稱",
    "Informazioni sui file",
    "CAN-2004-",
    "version ",
    "DOCUMENT:Q100001  01-JAN-2001  [winnt]\n",
];

/// Numbers that look random, the same from run to run.
struct Random(u64);

impl Random {
    /// A number below `end`; 0 if `end` is 0.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        if end == 0 { 0 } else { (self.0 % end as u64) as usize }
    }

    /// A piece of at most this many bytes.
    fn range(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        start..start + self.below((length - start).min(most) + 1)
    }
}

/// Files below a folder that may be pages.
fn pages_below(folder: &Path, pages: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let path = entry.path();
        if path.is_dir() {
            pages_below(&path, pages);
        } else if entry.metadata().unwrap().len() <= MAX_PAGE as u64 {
            pages.push(path);
        }
    }
}

/// Some lines of a page, from a random one on.
fn lines_at(page: &[u8], random: &mut Random) -> Vec<u8> {
    let start = random.below(page.len());
    let count = 1 + random.below(30);
    page[start..].split_inclusive(|b| *b == b'\n').skip(1).take(count).flatten().copied().collect()
}

fn damage(page: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..1 + random.below(8) {
        let length = page.len();
        match random.below(9) {
            0 if length > 0 => {
                let at = random.below(length);
                page[at] = random.below(256) as u8;
            }
            1 => drop(page.drain(random.range(length, 2_000))),
            2 => page.truncate(random.below(length + 1)),
            3 => {
                let piece = page[random.range(length, 4_000)].to_vec();
                let at = random.below(length + 1);
                page.splice(at..at, piece);
            }
            4 => {
                let piece = lines_at(other, random);
                let at = random.below(length + 1);
                page.splice(at..at, piece);
            }
            5 => {
                let piece = lines_at(page, random).repeat(1 + random.below(20));
                let at = random.below(length + 1);
                page.splice(at..at, piece);
            }
            6 => {
                let word = WORDS[random.below(WORDS.len())].repeat(1 + random.below(3));
                let piece = random.range(length, 12);
                page.splice(piece, word.into_bytes());
            }
            7 => {
                // A digit, blank or bar becomes another one in a part of the page.
                let piece = random.range(length, 3_000);
                for byte in page[piece].iter_mut().filter(|b| b.is_ascii_digit() || matches!(b, b' ' | b'|' | b'.')) {
                    if random.below(12) == 0 {
                        *byte = b"0123456789 |.-\n"[random.below(15)];
                    }
                }
            }
            _ => {
                let word = WORDS[random.below(WORDS.len())].repeat(random.below(2_000));
                let at = random.below(length + 1);
                page.splice(at..at, word.into_bytes());
            }
        }
    }
}

/// The reader does not use the language of a page's folder: the checks hold for every language.
#[test]
fn mutations_of_pages_are_read_without_harm() {
    let seconds: Option<u64> = env::var("HOTFIXCHECK_SECONDS").ok().map(|seconds| seconds.parse().unwrap());
    let mut paths = Vec::new();
    if let Some(folder) = env::var_os("HOTFIXCHECK_PAGES") {
        env::split_paths(&folder).for_each(|folder| pages_below(&folder, &mut paths));
    }
    paths.sort();
    let golden: Vec<Vec<u8>> = fixtures().into_iter().map(|(_, bytes)| bytes).collect();
    let mut random = Random(env::var("HOTFIXCHECK_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_261_128));
    let page = |random: &mut Random| match random.below(paths.len() + golden.len()) {
        at if at < paths.len() => fs::read(&paths[at]).unwrap(),
        at => golden[at - paths.len()].clone(),
    };
    let (begin, mut runs, mut bytes, mut rows, mut slowest) = (Instant::now(), 0u64, 0u64, 0u64, Duration::ZERO);
    let mut found = 0u64;
    while seconds.map_or(runs < PAGES, |seconds| begin.elapsed() < Duration::from_secs(seconds)) {
        let mut text = page(&mut random);
        let other = page(&mut random);
        damage(&mut text, &other, &mut random);
        let now = Instant::now();
        let read = catch_unwind(AssertUnwindSafe(|| {
            let text = decode(&text);
            let articles = parse(&text, id()).unwrap();
            (articles.iter().map(|article| article.fixes.len() as u64).sum::<u64>(), check_all(&articles, &text))
        }));
        let took = now.elapsed();
        slowest = slowest.max(took);
        (runs, bytes) = (runs + 1, bytes + text.len() as u64);
        let what = match read {
            Ok((fixes, Ok(()))) => {
                rows += fixes;
                // The time counts only in a requested run: other work may slow the machine.
                if took <= PATIENCE || seconds.is_none() {
                    continue;
                }
                format!("took {took:?}")
            }
            Ok((_, Err(wrong))) => format!("{wrong}"),
            Err(_) => "panics".to_owned(),
        };
        found += 1;
        let kept = env::temp_dir().join(format!("hotfixcheck-mutation-{runs}"));
        fs::write(&kept, &text).unwrap();
        eprintln!("{}: {what}", kept.display());
    }
    eprintln!("{runs} pages, {bytes} bytes, {rows} rows, slowest {slowest:?}, found {found}");
    assert_eq!(found, 0);
}
