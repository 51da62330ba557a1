//! A disk or archive in several files of one size, as `split`, `dcfldd`, FTK Imager and 7-Zip write them: `disk.001`,
//! `disk.002` …, `disk.aa`, `disk.ab` …

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::blocks::{SECTOR, is_plain_file};
use crate::bytes::{ReadAt, u16_at, u32_at, u64_at};
use crate::image::nested::{Origin, inner};
use crate::image::source::{Source, corrupt};
use crate::image::{ImageError, Item};

const FORMAT: &str = "split image";
const BESIDE: &str = "copy all of its parts into one folder, and give the first one";
/// The most parts that are opened: a terabyte in parts of 256 MB. Each keeps a file open.
const MAX_PARTS: u64 = 4096;

/// The number of a part in its extension.
#[derive(Clone, Copy)]
struct Counted<'n> {
    /// The name up to the number.
    stem: &'n str,
    /// The number as written.
    written: &'n str,
    number: u64,
}

impl<'n> Counted<'n> {
    /// `None` for an extension that is not a number of three to five digits, or of two or three letters from `aa` on.
    fn of(name: &'n str) -> Option<Self> {
        let (stem, written) = name.split_at(name.rfind('.')? + 1);
        let has_digits = (3..=5).contains(&written.len()) && written.bytes().all(|byte| byte.is_ascii_digit());
        let number = match () {
            () if stem.len() < 2 => return None,
            () if has_digits => written.parse().ok()?,
            // Of letters, only those of the first parts are certain: `ab` to `az`.
            () if matches!(written.len(), 2 | 3) && written.trim_start_matches('a').len() <= 1 => {
                u64::from(written.bytes().last()?.checked_sub(b'a').filter(|letter| *letter < 26)?)
            }
            () => return None,
        };
        Some(Self { stem, written, number })
    }

    /// Numbers begin with 0 or 1, letters with `aa`.
    fn may_be_first(self) -> bool {
        self.number == 0 || (self.number == 1 && self.has_digits())
    }

    fn has_digits(self) -> bool {
        self.written.as_bytes()[0].is_ascii_digit()
    }

    /// The name of another part.
    fn name(self, number: u64) -> String {
        let width = self.written.len();
        if self.has_digits() {
            return format!("{}{number:0width$}", self.stem);
        }
        let mut letters = vec![b'a'; width];
        let mut rest = number;
        for letter in letters.iter_mut().rev() {
            *letter = b'a' + (rest % 26) as u8;
            rest /= 26;
        }
        format!("{}{}", self.stem, String::from_utf8_lossy(&letters))
    }

    /// The names that the first part can have.
    fn firsts(self) -> impl Iterator<Item = String> {
        [0, 1]
            .into_iter()
            .filter(move |number| *number < self.number && (*number == 0 || self.has_digits()))
            .map(move |number| self.name(number))
    }
}

/// The files beside an image.
enum Beside<'o> {
    Folder(&'o Path),
    /// The files of a volume whose names begin like that of the image, by their names in lower case.
    Volume(Origin<'o>, HashMap<String, u64>),
}

impl<'o> Beside<'o> {
    fn of(origin: Origin<'o>, counted: Counted<'_>) -> Self {
        let files = match origin {
            Origin::Path(path) => return Self::Folder(path),
            Origin::Inside { files, .. } => files,
        };
        let mut beside = HashMap::new();
        files.list(&mut |item| {
            if let Item::File { path, id, .. } = item
                && path.len() == counted.stem.len() + counted.written.len()
                && path.get(..counted.stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(counted.stem))
            {
                beside.insert(path.to_ascii_lowercase(), id);
            }
        });
        Self::Volume(origin, beside)
    }

    /// The part of this name; `None` if it does not exist.
    fn open(&self, name: &str) -> Result<Option<Source>, ImageError> {
        match self {
            Self::Folder(path) => {
                let path = path.with_file_name(name);
                match is_plain_file(&path) {
                    None => Ok(None),
                    Some(true) => Ok(Some(Arc::new(File::open(path)?))),
                    Some(false) => {
                        let what = format!("its part {name} is not a regular file, and is not opened");
                        Err(ImageError::Unsupported { format: FORMAT, what, advice: BESIDE })
                    }
                }
            }
            Self::Volume(Origin::Inside { files, .. }, beside) => {
                beside.get(&name.to_ascii_lowercase()).map(|&id| Ok(inner(files, id)?)).transpose()
            }
            Self::Volume(Origin::Path(_), _) => Ok(None),
        }
    }
}

/// A file, or all parts of a disk.
pub(super) struct Joined {
    pub file: Source,
    /// It has several parts.
    pub is_joined: bool,
    /// The message about a file beside it that has the name of a part, and is none.
    pub left: Option<String>,
}

/// All parts of a disk one after the other, if `file` is the first of several; else the file itself.
///
/// # Errors
/// A part that is missing, cut or not a regular file.
pub(super) fn joined(origin: Origin<'_>, file: Source) -> Result<Joined, ImageError> {
    let alone = |file, left| Ok(Joined { file, is_joined: false, left });
    let name = origin.name();
    let Some(counted) = Counted::of(&name).filter(|counted| counted.may_be_first()) else { return alone(file, None) };
    let beside = Beside::of(origin, counted);
    if counted.number == 1 && beside.open(&counted.name(0))?.is_some() {
        return alone(file, None);
    }
    let size = file.size()?;
    let mut parts = vec![file];
    let mut last = size;
    for number in counted.number + 1.. {
        let name = counted.name(number);
        let Some(part) = beside.open(&name)? else {
            if beside.open(&counted.name(number + 1))?.is_some() {
                return Err(ImageError::Damaged {
                    format: FORMAT,
                    what: format!("its part {name} is missing; {BESIDE}"),
                });
            }
            break;
        };
        let own = part.size()?;
        if parts.len() == 1 && (own > size || is_own_disk(&parts[0], &part)?) {
            let what = format!("{name} beside it is not a part of it, and is not read: give it as PATH, too");
            return alone(parts.swap_remove(0), Some(what));
        }
        if last != size || own > size {
            let before = counted.name(number - 1);
            let what = format!("its part {before} has {last} bytes, and the first one {size}: copy it again");
            return Err(ImageError::Damaged { format: FORMAT, what });
        }
        if parts.len() as u64 >= MAX_PARTS {
            let what = format!("more than {MAX_PARTS} parts");
            return Err(ImageError::Unsupported {
                format: FORMAT,
                what,
                advice: "join them (cat) and scan the result",
            });
        }
        parts.push(part);
        last = own;
    }
    if parts.len() == 1 {
        return alone(parts.swap_remove(0), None);
    }
    let total = size * (parts.len() as u64 - 1) + last;
    Ok(Joined { file: Arc::new(Parts { parts, size, total }), is_joined: true, left: None })
}

/// The error for a file that is another part than the first; `None` if it does not have the name of one.
pub(super) fn later(origin: Origin<'_>) -> Option<ImageError> {
    let name = origin.name();
    let counted = Counted::of(&name).filter(|counted| counted.number > 0)?;
    let beside = Beside::of(origin, counted);
    let first = counted.firsts().find(|first| matches!(beside.open(first), Ok(Some(_))));
    let what = match first {
        Some(first) => format!("this is part {} of it: give the first one, {first}", counted.written),
        // Only digits are certain without the first part.
        None if !counted.may_be_first() && counted.has_digits() => {
            format!("perhaps this is part {} of one: {BESIDE}", counted.written)
        }
        None => return None,
    };
    Some(ImageError::Unsupported { format: FORMAT, what, advice: "a part alone has no files that can be read" })
}

/// Whether the second file begins with a volume although the volume in the first one ends within it: the images of two
/// disks, such as floppy disks.
fn is_own_disk(first: &Source, second: &Source) -> io::Result<bool> {
    let volume = |file: &Source| -> io::Result<Option<u64>> {
        let mut boot = [0; SECTOR as usize];
        let count = file.read_at(&mut boot, 0)?;
        if count < boot.len() || !matches!(boot[0], 0xeb | 0xe9) || u16_at(&boot, 510) != 0xaa55 {
            return Ok(None);
        }
        let sectors = match () {
            () if &boot[3..11] == b"NTFS    " => u64_at(&boot, 40),
            () if u16_at(&boot, 19) != 0 => u16_at(&boot, 19).into(),
            () => u32_at(&boot, 32).into(),
        };
        Ok(Some(sectors.saturating_mul(u16_at(&boot, 11).into())))
    };
    let ends_within = volume(first)?.is_some_and(|size| first.size().is_ok_and(|whole| size <= whole));
    Ok(ends_within && volume(second)?.is_some())
}

/// The parts, all but the last of the same size.
struct Parts {
    parts: Vec<Source>,
    size: u64,
    total: u64,
}

impl ReadAt for Parts {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            let at = offset.saturating_add(filled as u64);
            if at >= self.total {
                break;
            }
            let part = usize::try_from(at / self.size).ok().and_then(|number| self.parts.get(number));
            let part = part.ok_or_else(|| corrupt("there is no such part of the image"))?;
            let within = at % self.size;
            let left = usize::try_from(self.size - within).unwrap_or(usize::MAX).min(buffer.len() - filled);
            let count = part.read_at(&mut buffer[filled..filled + left], within)?;
            if count == 0 {
                break;
            }
            filled += count;
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.total)
    }
}
