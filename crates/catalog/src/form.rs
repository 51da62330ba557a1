//! The layout of the compiled format, shared by writer and reader.
//!
//! [`MAGIC`], the layout's number, the program's version, a checksum of the bytes after it, then the offset of each
//! [`Section`] from the beginning of the file, and the sections in order. Numbers are little-endian, of 32 bits.
//! Offsets inside a section count from its beginning.

/// The first bytes of every compiled catalogue.
pub const MAGIC: &[u8; 16] = b"hotfixcheck.hfc\n";

/// The number of this layout; files with another number are refused.
pub(crate) const FORM: u32 = 8;

/// The size of the field for the program's version, which is padded with zeros.
pub(crate) const VERSION_BYTES: usize = 24;

/// Offset of the checksum, which covers all bytes after it.
pub(crate) const CHECKSUM_AT: usize = MAGIC.len() + 4 + VERSION_BYTES;

/// Offset of the offsets of the sections.
pub(crate) const SECTIONS_AT: usize = CHECKSUM_AT + 4;

/// The number of offsets: one for each section, and the end of the last one.
pub(crate) const OFFSETS: usize = Section::COUNT + 1;

/// Begins the key of articles that state only service packs; no product begins with it.
pub(crate) const PLAIN: char = '\u{1}';

/// Begins the key of articles that also correct files; no product begins with it.
pub(crate) const BESIDE_FILES: char = '\u{2}';

/// The parts of a compiled catalogue. An index has three: keys (numbers of strings, sorted by their text), starts (the
/// start of each key's items, and the end of the last) and items (numbers of articles, ascending).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// The start of each string in [`Strings`](Self::Strings), and the end of the last one. String 0 is empty.
    StringStarts,
    /// The number of each article's id, ascending.
    Ids,
    /// The start of each article's block in the next section, and the end of the last one.
    BlockStarts,
    /// The lines of the articles: see [`lines`](crate::lines).
    Blocks,
    /// A bit for the hash of each key of a file, among sixteen times as many: most names in a tree are of no file of the
    /// catalogue, and for nearly all of these the bit is not set.
    FileBits,
    /// A hash table of the keys of files: for each slot 0, or the key's index plus one.
    FileSlots,
    /// The index of the files that articles correct.
    FileKeys,
    #[allow(missing_docs)]
    FileStarts,
    #[allow(missing_docs)]
    FileItems,
    /// The index of bulletins and vulnerabilities, in upper case.
    NameKeys,
    #[allow(missing_docs)]
    NameStarts,
    #[allow(missing_docs)]
    NameItems,
    /// The index of builds: the file's key, a tab, the first number of the version.
    BuildKeys,
    #[allow(missing_docs)]
    BuildStarts,
    #[allow(missing_docs)]
    BuildItems,
    /// The index of articles that name service packs: each product and its service pack, separated by tabs, in the order of the
    /// article. The key begins with [`PLAIN`] for articles that state nothing else, and with [`BESIDE_FILES`] for those that
    /// correct files, too.
    PackKeys,
    #[allow(missing_docs)]
    PackStarts,
    #[allow(missing_docs)]
    PackItems,
    /// The index of products: the updates with a day that state no fix.
    ProductKeys,
    #[allow(missing_docs)]
    ProductStarts,
    #[allow(missing_docs)]
    ProductItems,
    /// Pairs of strings: a product, and a release line in which dates do not show the order of its files.
    Unordered,
    /// A number: how many articles state a fix. Then strings: the earliest and the latest day on which an article that
    /// names a file or a service pack was changed, and the same for other articles that name a build. Then for each
    /// source its name, whether its builds of a system are used, and the comments of its head.
    About,
    /// The strings, UTF-8. They are the last section, so that they can be a file of their own.
    Strings,
}

impl Section {
    /// The number of sections.
    pub(crate) const COUNT: usize = Self::Strings as usize + 1;
}

/// The hash of a key of [`Section::FileBits`] and [`Section::FileSlots`]: the same on every machine, and eight bytes at a time, because the
/// names of all files in a tree are looked up. Its highest bits depend on every byte.
pub(crate) fn hash(key: &str) -> u32 {
    let mix = |hash: u64, part: u64| (hash.rotate_left(29) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (parts, rest) = key.as_bytes().as_chunks::<8>();
    let hash = parts.iter().fold(key.len() as u64, |hash, part| mix(hash, u64::from_le_bytes(*part)));
    let last = rest.iter().rev().fold(0, |last, byte| last << 8 | u64::from(*byte));
    let hash = mix(hash, last);
    ((hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
}
