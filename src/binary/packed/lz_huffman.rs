//! KWAJ method 3: matches and runs of literals in Huffman codes, over a ring of 4 KiB.

use super::super::ReadAt;
use super::PackedError;
use super::huffman::{Bits, Codes};
use super::io::{Input, Output};
use super::lz::Ring;

/// The number of symbols of each table, in the file's order: match lengths, match lengths behind a short run, run
/// lengths, distances (upper six bits), literals.
const TABLES: [usize; 5] = [16, 16, 32, 64, 256];
/// One more than the tables, which fills the last byte.
const TABLE_KINDS: usize = TABLES.len() + 1;
const MIN_MATCH: usize = 2;
const LOW_DISTANCE_BITS: u32 = 6;
/// A run of so many literals may be followed by a further run.
const LONGEST_RUN: usize = 32;

/// Unpacks up to the declared size or the input's end. Without a declared size nothing but the end of the input tells
/// where the data ends, so a symbol that it cuts is no error.
///
/// # Errors
/// `Truncated` within the tables, `Corrupt`, `TooLarge`, `Io`.
pub(super) fn unpack<S: ReadAt + ?Sized>(input: &mut Input<'_, S>, output: &mut Output) -> Result<(), PackedError> {
    let mut bits = Bits::new(input);
    let mut kinds = [0; TABLE_KINDS];
    for kind in &mut kinds {
        *kind = bits.header(4)?;
    }
    let mut tables = Vec::with_capacity(TABLES.len());
    for (symbols, kind) in TABLES.into_iter().zip(kinds) {
        tables.push(Codes::new(&lengths(&mut bits, kind, symbols)?)?);
    }
    let [lengths, lengths_behind_run, runs, distances, literals] = tables.as_slice() else {
        return Ok(());
    };

    let mut ring = Ring::new(0);
    let mut behind_run = false;
    while !output.is_full() {
        let table = if behind_run { lengths_behind_run } else { lengths };
        let Some(length) = bits.symbol(table)? else { return Ok(()) };
        if length > 0 {
            let Some(high) = bits.symbol(distances)? else { return Ok(()) };
            let Some(low) = bits.number(LOW_DISTANCE_BITS)? else { return Ok(()) };
            let back = high << LOW_DISTANCE_BITS | usize::from(low);
            ring.repeat_back(back, length + MIN_MATCH, output)?;
            behind_run = false;
        } else {
            let Some(run) = bits.symbol(runs)? else { return Ok(()) };
            let run = run + 1;
            behind_run = run < LONGEST_RUN;
            for _ in 0..run {
                if output.is_full() {
                    break;
                }
                let Some(literal) = bits.symbol(literals)? else { return Ok(()) };
                // The table has 256 symbols.
                ring.put(literal as u8, output)?;
            }
        }
    }
    Ok(())
}

/// The code lengths of one table, stored in one of four ways.
fn lengths<S: ReadAt + ?Sized>(bits: &mut Bits<'_, '_, S>, kind: u8, symbols: usize) -> Result<Vec<u8>, PackedError> {
    if kind == 0 {
        // As many bits as the symbols' numbers have: 4, 5, 6, 8.
        return Ok(vec![symbols.ilog2() as u8; symbols]);
    }
    if kind > 3 {
        return Err(PackedError::Corrupt(format!("a Huffman table is stored in way {kind}")));
    }
    let mut lengths = Vec::with_capacity(symbols);
    let mut length = bits.header(4)?;
    lengths.push(length);
    while lengths.len() < symbols {
        length = match kind {
            1 if bits.header(1)? == 0 => length,
            1 if bits.header(1)? == 0 => length + 1,
            2 => match bits.header(2)? {
                0 => length.wrapping_sub(1),
                1 => length,
                2 => length + 1,
                _ => bits.header(4)?,
            },
            _ => bits.header(4)?,
        };
        if length > 15 {
            return Err(PackedError::Corrupt("a Huffman code length goes below 0 or beyond 15".to_owned()));
        }
        lengths.push(length);
    }
    Ok(lengths)
}
