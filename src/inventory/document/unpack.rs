//! Unpacks gzip and Zstandard as streams: a file that unpacks to an enormous size needs only the memory of one window.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTANDARD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// The largest window: files from `zstd --long` and `zstd --ultra` need 128 MB.
const MAX_WINDOW_BYTES: u64 = 128 << 20;
/// How many bytes are unpacked at once.
const STEP_BYTES: usize = 1 << 16;

/// True for bytes that begin like a gzip or Zstandard file.
pub(super) fn is_packed(head: &[u8]) -> bool {
    head.starts_with(GZIP) || head.starts_with(ZSTANDARD)
}

/// The unpacked contents of a packed file; any other bytes unchanged.
pub(super) fn unpacked<'a>(mut bytes: BufReader<Box<dyn Read + 'a>>) -> io::Result<Box<dyn BufRead + 'a>> {
    // A pipe may deliver its first byte alone.
    let mut head = Vec::with_capacity(ZSTANDARD.len());
    bytes.by_ref().take(ZSTANDARD.len() as u64).read_to_end(&mut head)?;
    let bytes = Cursor::new(head.clone()).chain(bytes);
    if head.starts_with(GZIP) {
        return Ok(Box::new(BufReader::with_capacity(STEP_BYTES, MultiGzDecoder::new(bytes))));
    }
    if head.starts_with(ZSTANDARD) {
        return Ok(Box::new(BufReader::with_capacity(STEP_BYTES, Zstandard { bytes, frame: None })));
    }
    Ok(Box::new(bytes))
}

/// The contents of all frames, one after another.
struct Zstandard<R> {
    bytes: R,
    frame: Option<Box<FrameDecoder>>,
}

impl<R: BufRead> Zstandard<R> {
    /// The next frame; `None` at the end.
    fn next_frame(&mut self) -> io::Result<Option<Box<FrameDecoder>>> {
        loop {
            if self.bytes.fill_buf()?.is_empty() {
                return Ok(None);
            }
            let mut decoder = FrameDecoder::new();
            decoder.set_max_window_size(MAX_WINDOW_BYTES);
            match decoder.init(&mut self.bytes) {
                Ok(()) => return Ok(Some(Box::new(decoder))),
                Err(error) => match skipped(&error) {
                    // A skippable frame, which contains no data.
                    Some(length) => {
                        let length = u64::from(length);
                        let read = io::copy(&mut self.bytes.by_ref().take(length), &mut io::sink())?;
                        if read < length {
                            return Err(damaged("it ends within a frame"));
                        }
                    }
                    None => return Err(damaged(error)),
                },
            }
        }
    }
}

/// The length of a skippable frame.
fn skipped(error: &ruzstd::decoding::errors::FrameDecoderError) -> Option<u32> {
    use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
    match error {
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. }) => Some(*length),
        _ => None,
    }
}

fn damaged(what: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("damaged Zstandard data: {what}"))
}

impl<R: BufRead> Read for Zstandard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let mut frame = match self.frame.take() {
                Some(frame) => frame,
                None => match self.next_frame()? {
                    Some(frame) => frame,
                    None => return Ok(0),
                },
            };
            let count = frame.read(buffer)?;
            if count > 0 {
                self.frame = Some(frame);
                return Ok(count);
            }
            if frame.is_finished() {
                let sums = (frame.get_checksum_from_data(), frame.get_calculated_checksum());
                if matches!(sums, (Some(stated), Some(found)) if stated != found) {
                    return Err(damaged("the contents do not have the checksum that it states"));
                }
                continue;
            }
            let step = BlockDecodingStrategy::UptoBytes(STEP_BYTES);
            frame.decode_blocks(&mut self.bytes, step).map_err(damaged)?;
            self.frame = Some(frame);
        }
    }
}
