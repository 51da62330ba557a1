//! KWAJ method 3: matches and runs of literals in Huffman codes, over a ring of 4 KiB.

use super::PackedError;
use super::huffman::{Bits, Codes};
use super::io::{Input, Output};
use super::lz::Ring;
use crate::bytes::ReadAt;

/// The number of symbols of each table, in the file's order: match lengths, match lengths after a short run, run
/// lengths, distances (upper six bits), literals.
const TABLES: [usize; 5] = [16, 16, 32, 64, 256];
/// One more than the tables: the further entry fills the last byte.
const TABLE_KINDS: usize = TABLES.len() + 1;
const MIN_MATCH: usize = 2;
const LOW_DISTANCE_BITS: u32 = 6;
/// A run of this many literals may be followed by a further run.
const LONGEST_RUN: usize = 32;

/// The decoder, once it has read its tables.
pub(super) struct LzHuffman {
    bits: Bits,
    tables: [Codes; TABLES.len()],
    ring: Ring,
    behind_run: bool,
}

impl LzHuffman {
    /// Reads the tables.
    ///
    /// # Errors
    /// `Truncated`, `Corrupt`, `Io`.
    pub(super) fn new<S: ReadAt + ?Sized>(input: &mut Input<'_, S>) -> Result<Self, PackedError> {
        let mut bits = Bits::default();
        let mut kinds = [0; TABLE_KINDS];
        for kind in &mut kinds {
            *kind = bits.header(4, input)?;
        }
        let mut table = |place: usize| Codes::new(&lengths(&mut bits, input, kinds[place], TABLES[place])?);
        let tables = [table(0)?, table(1)?, table(2)?, table(3)?, table(4)?];
        Ok(Self { bits, tables, ring: Ring::new(0), behind_run: false })
    }

    /// Unpacks a match or a run of literals; false at the end of the input. Without a declared size only the end of the
    /// input marks the end of the data, so a symbol that it cuts is not an error.
    ///
    /// # Errors
    /// `Corrupt`, `TooLarge`, `Io`.
    pub(super) fn step<S: ReadAt + ?Sized>(
        &mut self,
        input: &mut Input<'_, S>,
        output: &mut Output,
    ) -> Result<bool, PackedError> {
        let Self { bits, tables: [lengths, lengths_behind_run, runs, distances, literals], ring, .. } = self;
        let table = if self.behind_run { lengths_behind_run } else { lengths };
        let Some(length) = bits.symbol(table, input)? else { return Ok(false) };
        if length > 0 {
            let Some(high) = bits.symbol(distances, input)? else { return Ok(false) };
            let Some(low) = bits.number(LOW_DISTANCE_BITS, input)? else { return Ok(false) };
            let back = high << LOW_DISTANCE_BITS | usize::from(low);
            ring.repeat_back(back, length + MIN_MATCH, output)?;
            self.behind_run = false;
        } else {
            let Some(run) = bits.symbol(runs, input)? else { return Ok(false) };
            let run = run + 1;
            self.behind_run = run < LONGEST_RUN;
            for _ in 0..run {
                if output.is_full() {
                    break;
                }
                let Some(literal) = bits.symbol(literals, input)? else { return Ok(false) };
                // The table has 256 symbols.
                ring.put(literal as u8, output)?;
            }
        }
        Ok(true)
    }
}

/// The code lengths of one table, stored in one of four ways.
fn lengths<S: ReadAt + ?Sized>(
    bits: &mut Bits,
    input: &mut Input<'_, S>,
    kind: u8,
    symbols: usize,
) -> Result<Vec<u8>, PackedError> {
    if kind == 0 {
        // As many bits as the numbers of the symbols have: 4, 5, 6, 8.
        return Ok(vec![symbols.ilog2() as u8; symbols]);
    }
    if kind > 3 {
        return Err(PackedError::Corrupt(format!("a Huffman table is stored in way {kind}")));
    }
    let mut lengths = Vec::with_capacity(symbols);
    let mut length = bits.header(4, input)?;
    lengths.push(length);
    while lengths.len() < symbols {
        length = match kind {
            1 if bits.header(1, input)? == 0 => length,
            1 if bits.header(1, input)? == 0 => length + 1,
            2 => match bits.header(2, input)? {
                0 => length.wrapping_sub(1),
                1 => length,
                2 => length + 1,
                _ => bits.header(4, input)?,
            },
            _ => bits.header(4, input)?,
        };
        if length > 15 {
            return Err(PackedError::Corrupt("a Huffman code length goes below 0 or beyond 15".to_owned()));
        }
        lengths.push(length);
    }
    Ok(lengths)
}
