//! Zstandard files, through the `ruzstd` crate. Its decoder cannot be copied, so a stream can only be read from front
//! to back. The unpacked bytes are held in memory, and their number is bounded.

use std::io::{self, Read};

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::bytes::{ReadAt, u32_at};
use crate::image::kinds::{after_skipped, is_skipped};
use crate::image::source::{Part, Source, corrupt};
use crate::isolate::isolate;

/// The most unpacked bytes that are held.
const MAX_BYTES: usize = 256 << 20;
/// The largest window: `zstd --long` and `zstd --ultra` use 128 MB.
const MAX_WINDOW_BYTES: u64 = 128 << 20;
const STEP_BYTES: usize = 1 << 20;
const MAGIC: u32 = 0xfd2f_b528;

/// True for a Zstandard file. `pzstd` writes a frame without data first.
pub(super) fn recognise(head: &[u8], file: &Source) -> io::Result<bool> {
    if !is_skipped(head) {
        return Ok(head.len() >= 4 && u32_at(head, 0) == MAGIC);
    }
    let file = Part::whole(file.clone())?;
    let next = after_skipped(&file).and_then(|at| file.bytes(at, 4).ok());
    Ok(next.is_some_and(|next| u32_at(&next, 0) == MAGIC))
}

/// The contents of all frames, and a message about bytes after them that are lost.
///
/// # Errors
/// Damage, or more bytes than are held.
pub(super) fn unpack(file: &Part) -> io::Result<(Vec<u8>, Option<String>)> {
    let mut bytes = Vec::new();
    let mut input = Input { file, at: 0 };
    loop {
        let mut magic = [0; 8];
        let count = file.read_at(&mut magic, input.at)?;
        if count == 0 {
            return Ok((bytes, None));
        }
        if is_skipped(&magic[..count]) {
            let after = after_skipped(&file.part(input.at, file.size))
                .ok_or_else(|| corrupt("the Zstandard file has too many frames without data"))?;
            input.at = input.at.saturating_add(after);
            continue;
        }
        if u32_at(&magic, 0) != MAGIC {
            return Ok((bytes, Some("what follows in the Zstandard file is not packed data".to_owned())));
        }
        isolate(|| frame(&mut input, &mut bytes)).map_err(io::Error::other)??;
    }
}

fn frame(input: &mut Input<'_>, bytes: &mut Vec<u8>) -> io::Result<()> {
    let broken = |error: &dyn std::fmt::Display| corrupt(format!("damaged Zstandard data: {error}"));
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(MAX_WINDOW_BYTES);
    decoder.init(&mut *input).map_err(|error| broken(&error))?;
    let mut piece = vec![0; STEP_BYTES];
    loop {
        let finished = decoder.is_finished();
        if !finished {
            let decoded = decoder.decode_blocks(&mut *input, BlockDecodingStrategy::UptoBytes(STEP_BYTES));
            if let Err(error) = decoded {
                return Err(broken(&error));
            }
        }
        loop {
            let count = decoder.read(&mut piece)?;
            if count == 0 {
                break;
            }
            if bytes.len() + count > MAX_BYTES {
                let what = format!(
                    "it unpacks to more than {MAX_BYTES} bytes, the limit for Zstandard; unpack it (zstd -d) and scan the result"
                );
                return Err(io::Error::new(io::ErrorKind::Unsupported, what));
            }
            bytes.extend_from_slice(&piece[..count]);
        }
        if finished {
            break;
        }
    }
    match (decoder.get_checksum_from_data(), decoder.get_calculated_checksum()) {
        (Some(stated), Some(found)) if stated != found => {
            Err(corrupt("the contents of the Zstandard file do not have the checksum that it states"))
        }
        _ => Ok(()),
    }
}

struct Input<'p> {
    file: &'p Part,
    at: u64,
}

impl Read for Input<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}
