//! The lines of an article in the compiled form, written and read.
//!
//! Every number is a short one. A block begins with the number of its lines. A line begins with twice the number of its
//! source, plus one if it repeats fields of the line before, then the number of its fields. A line that repeats goes on with
//! a mask, whose bit N is set where field N differs. Then for each field that is not repeated the number of its string. A line
//! of kind F whose field [`FILE`] is not repeated ends with the index of its file's key: rows need not be grouped by name.

use std::ops::Range;

use crate::bytes::{put_short, take_short};
use crate::error::DamageError;

/// The kind of the lines about files.
pub(crate) const ROW: &str = "F";

/// The place of the file's name in such a line.
pub(crate) const FILE: usize = 3;

/// A mask has this many bits; longer lines repeat nothing.
const MASKED: usize = u32::BITS as usize;

/// Writes the block of an article.
pub(crate) struct Writer<'t, 'o> {
    out: &'o mut Vec<u8>,
    previous: Vec<&'t str>,
}

impl<'t, 'o> Writer<'t, 'o> {
    pub(crate) fn new(lines: usize, out: &'o mut Vec<u8>) -> Self {
        put_short(out, lines as u32);
        Self { out, previous: Vec::new() }
    }

    /// Writes a line. `string` gives the number of a string, `key` the index of a file's key.
    pub(crate) fn line(
        &mut self,
        source: usize,
        line: &'t str,
        mut string: impl FnMut(&'t str) -> u32,
        key: impl Fn(&str) -> u32,
    ) {
        let fields: Vec<&str> = line.split('\t').collect();
        let repeats = fields.len() == self.previous.len() && fields.len() <= MASKED && fields[0] == self.previous[0];
        put_short(self.out, source as u32 * 2 + u32::from(repeats));
        put_short(self.out, fields.len() as u32);
        let differs = |place: usize| !repeats || fields[place] != self.previous[place];
        if repeats {
            let mask = (0..fields.len()).filter(|&place| differs(place)).fold(0, |mask, place| mask | 1 << place);
            put_short(self.out, mask);
        }
        for place in (0..fields.len()).filter(|&place| differs(place)) {
            put_short(self.out, string(fields[place]));
        }
        let file = fields.get(FILE).copied().unwrap_or_default();
        if fields[0] == ROW && (!repeats || (fields.len() > FILE && differs(FILE))) {
            put_short(self.out, key(file));
        }
        self.previous = fields;
    }
}

/// The strings of a catalogue, by number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strings<'c> {
    pub(crate) starts: &'c [u8],
    pub(crate) texts: Texts<'c>,
}

/// All strings, one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Texts<'c> {
    /// Known to be UTF-8.
    Checked(&'c str),
    Unchecked(&'c [u8]),
}

impl<'c> Strings<'c> {
    fn bounds(&self, number: u32) -> Option<Range<usize>> {
        // Reads start and end at once, because this function is called for most fields.
        let at = (number as usize).checked_mul(4)?;
        let both: [u8; 8] = self.starts.get(at..at.checked_add(8)?)?.try_into().ok()?;
        let both = u64::from_le_bytes(both);
        Some((both & u64::from(u32::MAX)) as usize..(both >> 32) as usize)
    }

    pub(crate) fn get(&self, number: u32) -> Option<&'c str> {
        match self.texts {
            Texts::Checked(texts) => texts.get(self.bounds(number)?),
            Texts::Unchecked(texts) => std::str::from_utf8(texts.get(self.bounds(number)?)?).ok(),
        }
    }

    pub(crate) fn bytes(&self, number: u32) -> Option<&'c [u8]> {
        let texts = match self.texts {
            Texts::Checked(texts) => texts.as_bytes(),
            Texts::Unchecked(texts) => texts,
        };
        texts.get(self.bounds(number)?)
    }
}

/// What is known of a line beside its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The index of its source in [`Compiled::sources`](crate::Compiled::sources).
    pub source: usize,
    /// A bit for each field, which is set unless the field is that of the line before, which is of the same kind and has as
    /// many fields. All bits are set where a line repeats nothing.
    pub changed: u32,
    /// For a line of kind `F`, the index of its file's key in [`Compiled::file_keys`](crate::Compiled::file_keys).
    pub file: Option<u32>,
}

/// The lines of an article, one after the other.
#[derive(Debug)]
pub struct Lines<'c> {
    strings: Strings<'c>,
    rest: &'c [u8],
    count: usize,
    file: Option<u32>,
}

impl<'c> Lines<'c> {
    pub(crate) fn of(strings: Strings<'c>, block: &'c [u8]) -> Result<Self, DamageError> {
        let mut rest = block;
        let count = take_short(&mut rest).ok_or(DamageError)? as usize;
        Ok(Self { strings, rest, count, file: None })
    }

    /// How many lines there are at most.
    pub fn capacity(&self) -> usize {
        // A damaged number must not reserve memory.
        self.count.min(self.rest.len())
    }

    /// Replaces the contents of `fields`, which must be those of the line before, by the fields of the next line, its kind
    /// first. `None` after the last line.
    ///
    /// # Errors
    /// Damage.
    pub fn next_line(&mut self, fields: &mut Vec<&'c str>) -> Result<Option<Line>, DamageError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        self.take(fields).map(Some).ok_or(DamageError)
    }

    fn take(&mut self, fields: &mut Vec<&'c str>) -> Option<Line> {
        let mut rest = self.rest;
        let head = take_short(&mut rest)?;
        let count = take_short(&mut rest)?;
        let changed = if head & 1 == 0 {
            fields.clear();
            for _ in 0..count {
                fields.push(self.strings.get(take_short(&mut rest)?)?);
            }
            u32::MAX
        } else {
            if fields.len() != count as usize {
                return None;
            }
            let changed = take_short(&mut rest)?;
            let mut left = changed;
            while left != 0 {
                let field = fields.get_mut(left.trailing_zeros() as usize)?;
                *field = self.strings.get(take_short(&mut rest)?)?;
                left &= left - 1;
            }
            changed
        };
        let file = if fields.first() == Some(&ROW) {
            if changed >> FILE & 1 == 1 {
                self.file = Some(take_short(&mut rest)?);
            }
            self.file
        } else {
            None
        };
        self.rest = rest;
        Some(Line { source: (head >> 1) as usize, changed, file })
    }
}
