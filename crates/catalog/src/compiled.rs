//! An open compiled catalogue: look-ups, and articles line by line.

use std::borrow::Cow;

use hotfixcheck_types::KbId;

use crate::bytes::get;
use crate::compile::{build_key, split};
use crate::error::{DamageError, OpenError};
use crate::form::{BESIDE_FILES, CHECKSUM_AT, FORM, MAGIC, OFFSETS, PLAIN, SECTIONS_AT, Section, hash};
use crate::index::{Index, may_have};
use crate::lines::{Lines, Strings, Texts};

/// Where the sources begin in [`Section::About`].
const ABOUT_SOURCES: usize = 5;

/// A compiled catalogue. Nothing is read before it is needed.
#[derive(Clone, Debug)]
pub struct Compiled {
    bytes: Cow<'static, [u8]>,
    /// The start of each section, and the end of the last one.
    offsets: [usize; OFFSETS],
    /// The strings of a catalogue that stays as long as the program, which are known to be UTF-8.
    checked: Option<&'static str>,
}

impl Compiled {
    /// Opens a compiled catalogue from a file and verifies its checksum. `version` is that of this program.
    ///
    /// # Errors
    /// Bytes that are not a compiled catalogue, a catalogue of another version, a damaged one.
    pub fn open(bytes: Vec<u8>, version: &str) -> Result<Self, OpenError> {
        let this = Self::new(Cow::Owned(bytes), None, version)?;
        is_whole(&this.bytes).then_some(this).ok_or(OpenError::Damaged)
    }

    /// As [`open`](Self::open), for bytes that stay as long as the program: see [`static_blocks`](Self::static_blocks).
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_for_good(bytes: &'static [u8], version: &str) -> Result<Self, OpenError> {
        Self::new(Cow::Borrowed(bytes), None, version)?;
        let (before, strings) = split(bytes).filter(|_| is_whole(bytes)).ok_or(OpenError::Damaged)?;
        Self::open_static(before, strings, version)
    }

    /// Opens the built-in compiled catalogue, in the two parts of [`split`](crate::split()): the compiler has then verified
    /// the texts, and no start of the program has to read them all.
    ///
    /// # Errors
    /// As [`Compiled::open`], but the checksum is not verified.
    pub fn open_static(bytes: &'static [u8], strings: &'static str, version: &str) -> Result<Self, OpenError> {
        Self::new(Cow::Borrowed(bytes), Some(strings), version)
    }

    fn new(bytes: Cow<'static, [u8]>, checked: Option<&'static str>, version: &str) -> Result<Self, OpenError> {
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
        let length = bytes.len() + checked.map_or(0, str::len);
        if offsets[0] != first || !offsets.is_sorted() || offsets[OFFSETS - 1] != length {
            return Err(OpenError::Damaged);
        }
        if checked.is_some() && offsets[Section::Strings as usize] != bytes.len() {
            return Err(OpenError::Damaged);
        }
        Ok(Self { bytes, offsets, checked })
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
        (ABOUT_SOURCES..about.len() / 4).step_by(3).filter_map(source).collect()
    }

    /// The comments at the beginning of the source texts, one after the other.
    pub fn heads(&self) -> String {
        let about = self.section(Section::About);
        let head = |place: usize| self.string(get(about, place + 2)?);
        (ABOUT_SOURCES..about.len() / 4).step_by(3).filter_map(head).collect()
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
        self.place_of_file(key).is_some()
    }

    fn place_of_file(&self, key: &str) -> Option<usize> {
        let hash = hash(key);
        if !may_have(self.section(Section::FileBits), hash) {
            return None;
        }
        self.files().find_hashed(self.section(Section::FileSlots), hash, key, |number| self.string_bytes(number))
    }

    /// The numbers of the articles that correct a file of this key.
    pub fn of_file(&self, key: &str) -> Vec<u32> {
        self.place_of_file(key).map(|place| self.files().items(place).collect()).unwrap_or_default()
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

    /// The articles that name service packs, in groups that name the same ones.
    pub fn of_service_packs(&self) -> impl Iterator<Item = Packs<'_>> {
        let packs = self.index(Section::PackKeys, Section::PackStarts, Section::PackItems);
        (0..packs.len()).filter_map(move |place| {
            let key = self.string(packs.key(place)?)?;
            let (is_plain, key) = key.strip_prefix(PLAIN).map_or((false, key), |key| (true, key));
            let (has_files, key) = key.strip_prefix(BESIDE_FILES).map_or((false, key), |key| (true, key));
            let mut fields = key.split('\t');
            let pair = || Some((fields.next()?, fields.next()?));
            let (own, articles) = (std::iter::from_fn(pair).collect(), packs.items(place).collect());
            Some(Packs { packs: own, is_plain, has_files, articles })
        })
    }

    /// The numbers of the updates that have a day and state no fix, and name a product that is wanted; ascending.
    pub fn updates_without_fix(&self, mut is_wanted: impl FnMut(&str) -> bool) -> Vec<u32> {
        let products = self.index(Section::ProductKeys, Section::ProductStarts, Section::ProductItems);
        let wanted = (0..products.len()).filter(|place| {
            let product = products.key(*place).and_then(|key| self.string(key));
            product.is_some_and(&mut is_wanted)
        });
        let mut articles: Vec<u32> = wanted.flat_map(|place| products.items(place)).collect();
        articles.sort_unstable();
        articles.dedup();
        articles
    }

    /// The lines of an article by its number, from all sources in their order. The first of each source is of kind `A`.
    ///
    /// # Errors
    /// A number that no article has.
    pub fn lines(&self, article: u32) -> Result<Lines<'_>, DamageError> {
        self.blocks().lines(article)
    }

    /// The articles' lines.
    pub fn blocks(&self) -> Blocks<'_> {
        Blocks::of(self.strings(), &self.bytes, &self.offsets)
    }

    /// As [`blocks`](Self::blocks), with fields that live as long as the program; `None` for a catalogue that does not.
    pub fn static_blocks(&self) -> Option<Blocks<'static>> {
        let (Cow::Borrowed(bytes), Some(checked)) = (&self.bytes, self.checked) else { return None };
        let starts = part(bytes, &self.offsets, Section::StringStarts);
        Some(Blocks::of(Strings { starts, texts: Texts::Checked(checked) }, bytes, &self.offsets))
    }
}

/// The lines of all articles.
#[derive(Clone, Copy, Debug)]
pub struct Blocks<'c> {
    strings: Strings<'c>,
    starts: &'c [u8],
    blocks: &'c [u8],
    keys: &'c [u8],
}

impl<'c> Blocks<'c> {
    fn of(strings: Strings<'c>, bytes: &'c [u8], offsets: &[usize; OFFSETS]) -> Self {
        let part = |section| part(bytes, offsets, section);
        let (starts, blocks) = (part(Section::BlockStarts), part(Section::Blocks));
        Self { strings, starts, blocks, keys: part(Section::FileKeys) }
    }

    /// The lines of an article: see [`Compiled::lines`].
    ///
    /// # Errors
    /// A number that no article has.
    pub fn lines(&self, article: u32) -> Result<Lines<'c>, DamageError> {
        let place = article as usize;
        let (start, end) = get(self.starts, place).zip(get(self.starts, place + 1)).ok_or(DamageError)?;
        Lines::of(self.strings, self.blocks.get(start as usize..end as usize).ok_or(DamageError)?)
    }

    /// The key of a file by [`Line::file`](crate::Line::file).
    ///
    /// # Errors
    /// An index that no file has.
    pub fn file_key(&self, index: u32) -> Result<&'c str, DamageError> {
        get(self.keys, index as usize).and_then(|number| self.strings.get(number)).ok_or(DamageError)
    }
}

/// Articles that name the same service packs, in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packs<'c> {
    /// The products, with the service packs.
    pub packs: Vec<(&'c str, &'c str)>,
    /// True if the articles state nothing else but title, day and products, in one source.
    pub is_plain: bool,
    /// True if the articles correct files, too.
    pub has_files: bool,
    /// The numbers of the articles.
    pub articles: Vec<u32>,
}

/// True for the bytes that the checksum was made of.
fn is_whole(bytes: &[u8]) -> bool {
    let body = bytes.get(SECTIONS_AT..).map(crc32fast::hash);
    body.is_some_and(|sum| bytes.get(CHECKSUM_AT..SECTIONS_AT) == Some(sum.to_le_bytes().as_slice()))
}

fn part<'c>(bytes: &'c [u8], offsets: &[usize; OFFSETS], section: Section) -> &'c [u8] {
    let place = section as usize;
    // `new` checked that the offsets are ordered and in bounds.
    bytes.get(offsets[place]..offsets[place + 1]).unwrap_or_default()
}
