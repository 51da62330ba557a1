//! KWAJ method 4, MSZIP: DEFLATE (RFC 1951) in blocks of up to 32 KiB that share their history, as [MS-MCI] describes
//! it.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::io::{Input, Output};
use super::{MAX_UNPACKED, PackedError};
use crate::bytes::ReadAt;

const BLOCK: usize = 32 << 10;
/// Twice as many as full blocks would need: blocks may be short, but their number is bounded.
const MAX_BLOCKS: usize = 2 * MAX_UNPACKED / BLOCK;
const SIGNATURE: &[u8] = b"CK";

/// The decoder: its history is the output.
#[derive(Default)]
pub(super) struct MsZip {
    blocks: usize,
    block: Vec<u8>,
}

impl MsZip {
    /// Unpacks a block; false after the last one, which has no length.
    ///
    /// # Errors
    /// `Truncated`, `Corrupt`, `TooLarge`, `Io`.
    pub(super) fn step<S: ReadAt + ?Sized>(
        &mut self,
        input: &mut Input<'_, S>,
        output: &mut Output,
    ) -> Result<bool, PackedError> {
        let offset = input.offset();
        let length = u16::from_le_bytes(input.header("MSZIP block")?);
        if length == 0 {
            return Ok(false);
        }
        self.blocks += 1;
        if self.blocks > MAX_BLOCKS {
            return Err(PackedError::Corrupt(format!("more than {MAX_BLOCKS} MSZIP blocks")));
        }
        self.block.clear();
        for _ in 0..length {
            let [byte] = input.header("MSZIP block")?;
            self.block.push(byte);
        }
        let Some(deflated) = self.block.strip_prefix(SIGNATURE) else {
            return Err(PackedError::Corrupt(format!("no MSZIP block at offset {offset:#x}")));
        };
        output.append(BLOCK, |out, start| {
            inflate_block(deflated, out, start)
                .map_err(|what| PackedError::Corrupt(format!("the MSZIP block at offset {offset:#x} {what}")))
        })?;
        Ok(true)
    }
}

/// Inflates one block after the first `start` bytes of `out`, which are its history. Returns how many bytes it added.
///
/// # Errors
/// What is wrong with the block.
pub(crate) fn inflate_block(deflated: &[u8], out: &mut [u8], start: usize) -> Result<usize, &'static str> {
    let mut inflate = Box::<DecompressorOxide>::default();
    let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    match decompress(&mut inflate, deflated, out, start, flags) {
        (TINFLStatus::Done, _, written) => Ok(written),
        (TINFLStatus::HasMoreOutput, ..) => Err("unpacks to more than 32 KiB"),
        (TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput, ..) => Err("has no end"),
        _ => Err("is damaged"),
    }
}
