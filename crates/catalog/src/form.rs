//! The layout of the compiled form: what the writer and the reader agree on.
//!
//! [`MAGIC`], the form's number, the program's version, a checksum of what follows, then the offset of each [`Section`] from
//! the file's beginning, and the sections in their order. Numbers are little-endian, of 32 bits. Offsets inside a section
//! count from its beginning.

/// The first bytes of every compiled catalogue.
pub const MAGIC: &[u8; 16] = b"hotfixcheck.hfc\n";

/// The number of this layout; another one is refused.
pub(crate) const FORM: u32 = 2;

/// The room for the program's version, filled up with zeros.
pub(crate) const VERSION_BYTES: usize = 24;

/// Where the checksum stands: it covers all bytes after it.
pub(crate) const CHECKSUM_AT: usize = MAGIC.len() + 4 + VERSION_BYTES;

/// Where the offsets of the sections begin.
pub(crate) const SECTIONS_AT: usize = CHECKSUM_AT + 4;

/// How many offsets there are: one for each section, and the end of the last.
pub(crate) const OFFSETS: usize = Section::COUNT + 1;

/// The parts of a compiled catalogue. An index has three: keys (numbers of strings, sorted by their text), starts (where each
/// key's items begin, and the end of the last) and items (numbers of articles, ascending).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Where each string begins in the next section, and the end of the last. String 0 is empty.
    StringStarts,
    /// The strings, UTF-8.
    Strings,
    /// The number of each article's id, ascending.
    Ids,
    /// Where each article's block begins in the next section, and the end of the last.
    BlockStarts,
    /// The lines of the articles: see [`compile`](crate::compile()).
    Blocks,
    /// A hash table of the keys of files: for each slot 0, or the key's place plus one.
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
    /// The index of articles that name no file but service packs: the products, separated by tabs, sorted.
    PackKeys,
    #[allow(missing_docs)]
    PackStarts,
    #[allow(missing_docs)]
    PackItems,
    /// Pairs of strings: a product, and a release line in which its files are not in the order of their dates.
    Unordered,
    /// A number: articles that state a fix; then strings: the earliest and the latest day on which one that names a file or a
    /// service pack was changed, and on which another one that names a build was; then for each source its name and whether its
    /// builds of a system count.
    About,
}

impl Section {
    /// How many sections there are.
    pub(crate) const COUNT: usize = Self::About as usize + 1;
}

/// The hash of a key of [`Section::FileSlots`] (FNV-1a): the same on every machine, and short keys cost little.
pub(crate) fn hash(key: &str) -> u32 {
    key.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
