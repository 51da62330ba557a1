//! An open compiled catalogue: look-ups, and articles line by line.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use hotfixcheck_types::KbId;

use crate::bytes::{get, take_short};
use crate::compile::build_key;
use crate::form::{CHECKSUM_AT, FORM, MAGIC, OFFSETS, SECTIONS_AT, Section};
use crate::index::Index;

/// A compiled catalogue. Nothing is read before it is needed.
#[derive(Clone, Debug)]
pub struct Compiled {
    bytes: Cow<'static, [u8]>,
    /// The start of each section, and the end of the last one.
    offsets: [usize; OFFSETS],
    /// The strings of the built-in catalogue: they are validated once as a whole, and not one by one.
    checked: Option<&'static str>,
}

/// Why bytes are not a compiled catalogue that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// They do not begin with [`MAGIC`].
    NotCompiled,
    /// Another version of the program made it.
    OtherVersion {
        /// The version that made it.
        made_by: String,
    },
    /// It has a layout that this program does not read, whatever version made it.
    OtherForm,
    /// Bytes were lost or changed.
    Damaged,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCompiled => f.write_str("not a compiled catalogue"),
            Self::OtherVersion { made_by } => write!(
                f,
                "made by version {made_by} of hotfixcheck: make it again from its text with 'hotfixcheck catalog build'"
            ),
            Self::OtherForm => f.write_str(
                "a compiled catalogue of another layout: make it again from its text with 'hotfixcheck catalog build'",
            ),
            Self::Damaged => f.write_str(
                "the compiled catalogue is damaged: make it again from its text with 'hotfixcheck catalog build'",
            ),
        }
    }
}

impl std::error::Error for OpenError {}

/// A part of a compiled catalogue is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DamageError;

impl fmt::Display for DamageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        OpenError::Damaged.fmt(f)
    }
}

impl std::error::Error for DamageError {}

impl Compiled {
    /// Opens a compiled catalogue from a file and verifies its checksum. `version` is that of this program.
    ///
    /// # Errors
    /// Bytes that are not a compiled catalogue, a catalogue of another version, a damaged one.
    pub fn open(bytes: Vec<u8>, version: &str) -> Result<Self, OpenError> {
        let this = Self::new(Cow::Owned(bytes), version)?;
        let stated = this.bytes.get(CHECKSUM_AT..SECTIONS_AT);
        let own = crc32fast::hash(this.bytes.get(SECTIONS_AT..).ok_or(OpenError::Damaged)?).to_le_bytes();
        if stated == Some(own.as_slice()) { Ok(this) } else { Err(OpenError::Damaged) }
    }

    /// Opens the built-in compiled catalogue.
    ///
    /// # Errors
    /// As [`Compiled::open`], but the checksum is not verified.
    pub fn open_static(bytes: &'static [u8], version: &str) -> Result<Self, OpenError> {
        let mut this = Self::new(Cow::Borrowed(bytes), version)?;
        this.checked = std::str::from_utf8(part(bytes, &this.offsets, Section::Strings)).ok();
        Ok(this)
    }

    fn new(bytes: Cow<'static, [u8]>, version: &str) -> Result<Self, OpenError> {
        let head = bytes.strip_prefix(MAGIC.as_slice()).ok_or(OpenError::NotCompiled)?;
        let form = get(head, 0).ok_or(OpenError::Damaged)?;
        let made_by = bytes.get(MAGIC.len() + 4..CHECKSUM_AT).ok_or(OpenError::Damaged)?;
        let made_by = String::from_utf8_lossy(made_by).trim_end_matches('\0').to_owned();
        if made_by == version && form != FORM {
            return Err(OpenError::OtherForm);
        }
        if form != FORM || made_by != version {
            return Err(OpenError::OtherVersion { made_by: made_by.chars().filter(|c| !c.is_control()).collect() });
        }
        let table = bytes.get(SECTIONS_AT..SECTIONS_AT + OFFSETS * 4).ok_or(OpenError::Damaged)?;
        let mut offsets = [0; OFFSETS];
        for (place, offset) in offsets.iter_mut().enumerate() {
            *offset = get(table, place).ok_or(OpenError::Damaged)? as usize;
        }
        let first = SECTIONS_AT + OFFSETS * 4;
        if offsets[0] != first || !offsets.is_sorted() || offsets[OFFSETS - 1] != bytes.len() {
            return Err(OpenError::Damaged);
        }
        Ok(Self { bytes, offsets, checked: None })
    }

    fn section(&self, section: Section) -> &[u8] {
        part(&self.bytes, &self.offsets, section)
    }

    fn string(&self, number: u32) -> Option<&str> {
        self.strings().get(number)
    }

    fn string_bytes(&self, number: u32) -> Option<&[u8]> {
        self.strings().bytes(number)
    }

    fn strings(&self) -> Strings<'_> {
        let texts = self.checked.map_or_else(|| Texts::Unchecked(self.section(Section::Strings)), Texts::Checked);
        Strings { starts: self.section(Section::StringStarts), texts }
    }

    fn index(&self, keys: Section, starts: Section, items: Section) -> Index<'_> {
        Index { keys: self.section(keys), starts: self.section(starts), items: self.section(items) }
    }

    fn files(&self) -> Index<'_> {
        self.index(Section::FileKeys, Section::FileStarts, Section::FileItems)
    }

    /// The number of articles. Each article has a smaller number than this; the numbers follow the order of the ids.
    pub fn len(&self) -> usize {
        self.section(Section::Ids).len() / 4
    }

    /// True if there is no article.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many articles state a fix: a file, a service pack or a build.
    pub fn stating_fix(&self) -> usize {
        get(self.section(Section::About), 0).unwrap_or_default() as usize
    }

    /// The earliest and the latest day (`YYYY-MM-DD`) on which an article that names a file or a service pack was last
    /// changed.
    pub fn coverage(&self) -> Option<(&str, &str)> {
        self.days(1)
    }

    /// The earliest and the latest day on which an article that names a build, but no file or service pack, was last
    /// changed.
    pub fn coverage_of_builds(&self) -> Option<(&str, &str)> {
        self.days(3)
    }

    /// Two days of [`Section::About`].
    fn days(&self, place: usize) -> Option<(&str, &str)> {
        let day = |place| self.string(get(self.section(Section::About), place)?).filter(|day| !day.is_empty());
        Some((day(place)?, day(place + 1)?))
    }

    /// The names of the source texts, in order, and whether their builds of a system are used.
    pub fn sources(&self) -> Vec<(&str, bool)> {
        let about = self.section(Section::About);
        let source = |place: usize| Some((self.string(get(about, place)?)?, get(about, place + 1)? != 0));
        (5..about.len() / 4).step_by(2).filter_map(source).collect()
    }

    /// Products and release lines in which dates do not show the order of files.
    pub fn unordered(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.section(Section::Unordered);
        let pair = move |place: usize| Some((self.string(get(pairs, place)?)?, self.string(get(pairs, place + 1)?)?));
        (0..pairs.len() / 4).step_by(2).filter_map(pair)
    }

    /// The id of an article by its number.
    pub fn id(&self, article: u32) -> Option<KbId> {
        get(self.section(Section::Ids), article as usize).and_then(KbId::new)
    }

    /// The number of an article by its id.
    pub fn number(&self, id: KbId) -> Option<u32> {
        let ids = self.section(Section::Ids);
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match get(ids, middle)?.cmp(&id.number()) {
                std::cmp::Ordering::Equal => return u32::try_from(middle).ok(),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// True if an article corrects a file of this key (see [`file_key`](hotfixcheck_types::file_key)).
    pub fn knows_file(&self, key: &str) -> bool {
        self.files().find_hashed(self.section(Section::FileSlots), key, |number| self.string_bytes(number)).is_some()
    }

    /// The numbers of the articles that correct a file of this key.
    pub fn of_file(&self, key: &str) -> Vec<u32> {
        let files = self.files();
        let place = files.find_hashed(self.section(Section::FileSlots), key, |number| self.string_bytes(number));
        place.map(|place| files.items(place).collect()).unwrap_or_default()
    }

    /// The keys of all files that articles correct, sorted.
    pub fn file_keys(&self) -> impl Iterator<Item = &str> {
        let files = self.files();
        (0..files.len()).filter_map(move |place| self.string(files.key(place)?))
    }

    /// The numbers of the articles that name a bulletin (`MS05-040`) or a vulnerability (`CVE-2005-0058`), in any case.
    pub fn naming(&self, name: &str) -> Vec<u32> {
        let names = self.index(Section::NameKeys, Section::NameStarts, Section::NameItems);
        let place = names.find(&name.to_uppercase(), |number| self.string(number));
        place.map(|place| names.items(place).collect()).unwrap_or_default()
    }

    /// The numbers of the articles that name a build of a file, or of a system if `file` is empty, with the same first
    /// number.
    pub fn of_build(&self, file: &str, version: &str) -> Vec<u32> {
        let builds = self.index(Section::BuildKeys, Section::BuildStarts, Section::BuildItems);
        let place = builds.find(&build_key(file, version), |number| self.string(number));
        place.map(|place| builds.items(place).collect()).unwrap_or_default()
    }

    /// The articles that name service packs but no file: their products, sorted, and the numbers of the articles.
    pub fn of_service_packs(&self) -> impl Iterator<Item = (Vec<&str>, Vec<u32>)> {
        let packs = self.index(Section::PackKeys, Section::PackStarts, Section::PackItems);
        (0..packs.len()).filter_map(move |place| {
            let products = self.string(packs.key(place)?)?;
            Some((products.split('\t').collect(), packs.items(place).collect()))
        })
    }

    /// The lines of an article by its number, from all sources in their order. The first of each source is of kind `A`.
    ///
    /// # Errors
    /// A number that no article has.
    pub fn lines(&self, article: u32) -> Result<Lines<'_>, DamageError> {
        Lines::of(self.strings(), &self.bytes, &self.offsets, article)
    }

    /// As [`lines`](Self::lines), with fields that live as long as the program; `None` for a catalogue that is not
    /// built in.
    pub fn static_lines(&self, article: u32) -> Option<Result<Lines<'static>, DamageError>> {
        let (Cow::Borrowed(bytes), Some(checked)) = (&self.bytes, self.checked) else { return None };
        let starts = part(bytes, &self.offsets, Section::StringStarts);
        Some(Lines::of(Strings { starts, texts: Texts::Checked(checked) }, bytes, &self.offsets, article))
    }
}

fn part<'c>(bytes: &'c [u8], offsets: &[usize; OFFSETS], section: Section) -> &'c [u8] {
    let place = section as usize;
    // `new` checked that the offsets are ordered and in bounds.
    bytes.get(offsets[place]..offsets[place + 1]).unwrap_or_default()
}

/// The strings of a catalogue, by number.
#[derive(Clone, Copy, Debug)]
struct Strings<'c> {
    starts: &'c [u8],
    texts: Texts<'c>,
}

/// All strings, one after the other.
#[derive(Clone, Copy, Debug)]
enum Texts<'c> {
    /// Known to be UTF-8.
    Checked(&'c str),
    Unchecked(&'c [u8]),
}

impl<'c> Strings<'c> {
    fn bounds(&self, number: u32) -> Option<Range<usize>> {
        // Reads start and end at once, because this function is called for every field of every line.
        let at = (number as usize).checked_mul(4)?;
        let both: [u8; 8] = self.starts.get(at..at.checked_add(8)?)?.try_into().ok()?;
        let both = u64::from_le_bytes(both);
        Some((both & u64::from(u32::MAX)) as usize..(both >> 32) as usize)
    }

    fn get(&self, number: u32) -> Option<&'c str> {
        match self.texts {
            Texts::Checked(texts) => texts.get(self.bounds(number)?),
            Texts::Unchecked(texts) => std::str::from_utf8(texts.get(self.bounds(number)?)?).ok(),
        }
    }

    fn bytes(&self, number: u32) -> Option<&'c [u8]> {
        let texts = match self.texts {
            Texts::Checked(texts) => texts.as_bytes(),
            Texts::Unchecked(texts) => texts,
        };
        texts.get(self.bounds(number)?)
    }
}

/// The lines of an article, one after the other.
#[derive(Debug)]
pub struct Lines<'c> {
    strings: Strings<'c>,
    rest: &'c [u8],
}

impl<'c> Lines<'c> {
    fn of(
        strings: Strings<'c>,
        bytes: &'c [u8],
        offsets: &[usize; OFFSETS],
        article: u32,
    ) -> Result<Self, DamageError> {
        let starts = part(bytes, offsets, Section::BlockStarts);
        let place = article as usize;
        let (start, end) = get(starts, place).zip(get(starts, place + 1)).ok_or(DamageError)?;
        let blocks = part(bytes, offsets, Section::Blocks);
        let rest = blocks.get(start as usize..end as usize).ok_or(DamageError)?;
        Ok(Self { strings, rest })
    }

    /// Replaces the contents of `fields` by the fields of the next line, its kind first. Returns the index of the
    /// line's source in [`Compiled::sources`], and `None` after the last line.
    ///
    /// # Errors
    /// Damage.
    pub fn next_line(&mut self, fields: &mut Vec<&'c str>) -> Result<Option<usize>, DamageError> {
        fields.clear();
        if self.rest.is_empty() {
            return Ok(None);
        }
        self.take(fields).map(Some).ok_or(DamageError)
    }

    fn take(&mut self, fields: &mut Vec<&'c str>) -> Option<usize> {
        let source = take_short(&mut self.rest)? as usize;
        let count = take_short(&mut self.rest)?;
        let mut rest = self.rest;
        for _ in 0..count {
            fields.push(self.strings.get(take_short(&mut rest)?)?);
        }
        self.rest = rest;
        Some(source)
    }
}
