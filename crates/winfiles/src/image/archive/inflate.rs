//! DEFLATE streams, alone as in zip archives or wrapped by gzip, read at any offset. Decoder states along the stream
//! are kept, so a disk image of many gigabytes in an archive is neither held in memory nor unpacked to disk.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

use crate::bytes::{ReadAt, u16_at, u32_at};
use crate::image::source::{Part, corrupt};

/// The most states that are kept of a stream, of some 43 KB each. Above this limit every second one is dropped.
const MAX_POINTS: usize = 512;
/// The most states of all open streams, 88 MB: an archive can hold many disks. A stream that finds no room keeps fewer
/// states and is read more slowly; its bytes are the same.
const MAX_ALL_POINTS: usize = 2048;
/// The initial distance between two states, in unpacked bytes.
const FIRST_SPACING: u64 = 1 << 20;
/// The most decoders that are kept where they stopped: several files of an image are read in turn.
const KEPT: usize = 4;
const INPUT_BYTES: usize = 64 << 10;
const OUTPUT_BYTES: usize = 64 << 10;
/// The most that is unpacked from one stream: a disk of 4 TB.
const MAX_BYTES: u64 = 4 << 40;
const GZIP_HEAD_BYTES: usize = 10;
const GZIP_TAIL_BYTES: usize = 8;
/// The longest name or comment in a gzip header.
const MAX_TEXT_BYTES: u64 = 64 << 10;

/// The container of the stream.
#[derive(Clone, Copy)]
pub(super) enum Wrapping {
    /// None: the directory of the archive states the size and the checksum.
    Bare { size: u64, crc: u32 },
    /// A gzip file, of one or several members.
    Gzip,
}

/// A decoder somewhere in the stream.
#[derive(Clone)]
struct Decoder {
    state: Box<InflateState>,
    /// Bytes of the file that it has consumed, and bytes that it has produced.
    taken: u64,
    given: u64,
    /// For the current gzip member: the start of its contents, and the checksum of the bytes produced so far.
    start: u64,
    crc: crc32fast::Hasher,
}

/// The number of states that all open streams keep.
static ALL_POINTS: AtomicUsize = AtomicUsize::new(0);

/// A kept state. It is counted while it exists.
struct Point(Decoder);

impl Point {
    fn new(decoder: Decoder) -> Self {
        ALL_POINTS.fetch_add(1, Ordering::Relaxed);
        Self(decoder)
    }
}

impl Drop for Point {
    fn drop(&mut self) {
        ALL_POINTS.fetch_sub(1, Ordering::Relaxed);
    }
}

struct States {
    /// Ordered by the number of bytes produced; the first is the beginning.
    points: Vec<Point>,
    spacing: u64,
    /// Ordered by use, the most recent last.
    live: Vec<Decoder>,
    /// The end of the stream, and what is wrong with the bytes after it.
    end: Option<(u64, Option<String>)>,
    /// Set if the stream is damaged or cut: its checksum then proves nothing, and none of its bytes are trusted.
    refused: Option<String>,
}

/// An unpacked stream.
pub(super) struct Inflated {
    stored: Part,
    wrapping: Wrapping,
    states: Mutex<States>,
}

/// The result of a step of a decoder.
enum Step {
    /// Bytes were produced.
    Given(usize),
    End,
    /// The stream ended undamaged, but bytes that follow it are lost.
    Followed(String),
    /// The file ends, or is damaged, within the stream.
    Refused(String),
}

impl Inflated {
    pub(super) fn new(stored: Part, wrapping: Wrapping) -> Self {
        let states = States { points: Vec::new(), spacing: FIRST_SPACING, live: Vec::new(), end: None, refused: None };
        Self { stored, wrapping, states: Mutex::new(states) }
    }

    /// Unpacks the whole stream once: only then are its size known and its checksum verified. The second part of the
    /// result names bytes after a gzip file that are lost.
    ///
    /// # Errors
    /// Damage, limits, the operating system.
    pub(super) fn measure(&self) -> io::Result<(u64, Option<String>)> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let mut nothing = [0; 1];
        self.read(&mut states, &mut nothing, u64::MAX)?;
        states.end.clone().ok_or_else(|| corrupt("the packed data have no end"))
    }

    fn beginning(&self) -> io::Result<Decoder> {
        let taken = match self.wrapping {
            Wrapping::Bare { .. } => 0,
            Wrapping::Gzip => gzip_head(&self.stored, 0)?,
        };
        let state = InflateState::new_boxed(DataFormat::Raw);
        Ok(Decoder { state, taken, given: 0, start: 0, crc: crc32fast::Hasher::new() })
    }

    /// The nearest decoder before an offset.
    fn nearest(&self, states: &mut States, offset: u64) -> io::Result<Decoder> {
        if states.points.is_empty() {
            states.points.push(Point::new(self.beginning()?));
        }
        let number = states.points.partition_point(|point| point.0.given <= offset).max(1) - 1;
        let at_point = states.points[number].0.given;
        let live = states.live.iter().enumerate().filter(|(_, one)| one.given <= offset && one.given >= at_point);
        match live.max_by_key(|(_, one)| one.given).map(|(number, _)| number) {
            Some(number) => Ok(states.live.remove(number)),
            None => Ok(states.points[number].0.clone()),
        }
    }

    fn read(&self, states: &mut States, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if let Some(what) = &states.refused {
            return Err(corrupt(what.clone()));
        }
        if let Some((end, _)) = &states.end
            && offset >= *end
        {
            return Ok(0);
        }
        let mut decoder = self.nearest(states, offset)?;
        let mut piece = vec![0; OUTPUT_BYTES];
        let mut input = Input { bytes: vec![0; INPUT_BYTES], start: 0, length: 0 };
        let mut filled = 0;
        while filled < buffer.len() {
            let before = decoder.given;
            match self.step(&mut decoder, &mut input, &mut piece)? {
                Step::Given(count) => {
                    if decoder.given > MAX_BYTES {
                        return Err(corrupt(format!("it unpacks to more than {MAX_BYTES} bytes")));
                    }
                    let want = offset.saturating_add(filled as u64);
                    if let Some(skip) = want.checked_sub(before).and_then(|skip| usize::try_from(skip).ok()) {
                        let new = piece[..count].get(skip..).unwrap_or_default();
                        let take = new.len().min(buffer.len() - filled);
                        buffer[filled..filled + take].copy_from_slice(&new[..take]);
                        filled += take;
                    }
                    states.keep(&decoder);
                }
                Step::End => {
                    states.end = Some((decoder.given, None));
                    break;
                }
                Step::Followed(what) => {
                    states.end = Some((decoder.given, Some(what)));
                    break;
                }
                Step::Refused(what) => {
                    states.refused = Some(what.clone());
                    return Err(corrupt(what));
                }
            }
        }
        if states.live.len() >= KEPT {
            states.live.remove(0);
        }
        states.live.push(decoder);
        Ok(filled)
    }

    fn step(&self, decoder: &mut Decoder, input: &mut Input, output: &mut [u8]) -> io::Result<Step> {
        loop {
            let bytes = input.at(&self.stored, decoder.taken)?;
            let at_end = bytes.is_empty();
            let result = inflate(&mut decoder.state, bytes, output, MZFlush::None);
            decoder.taken += result.bytes_consumed as u64;
            if result.bytes_written > 0 {
                decoder.crc.update(&output[..result.bytes_written]);
                decoder.given += result.bytes_written as u64;
                return Ok(Step::Given(result.bytes_written));
            }
            match result.status {
                Ok(MZStatus::StreamEnd) => {
                    if let Some(end) = self.finish(decoder)? {
                        return Ok(end);
                    }
                }
                Ok(_) | Err(MZError::Buf) if at_end => {
                    return Ok(Step::Refused("the packed data end too early".to_owned()));
                }
                Ok(_) => {}
                Err(MZError::Buf) if result.bytes_consumed > 0 => {}
                Err(_) => {
                    return Ok(Step::Refused(format!("damaged packed data near offset {:#x}", decoder.taken)));
                }
            }
        }
    }

    /// Handles the end of a stream. Returns `None` if another gzip member follows, and prepares its stream.
    fn finish(&self, decoder: &mut Decoder) -> io::Result<Option<Step>> {
        let given = decoder.given - decoder.start;
        let crc = decoder.crc.clone().finalize();
        let (wanted_crc, fits) = match self.wrapping {
            Wrapping::Bare { size, crc } => (crc, given == size),
            Wrapping::Gzip => {
                let mut tail = [0; GZIP_TAIL_BYTES];
                if self.stored.read_at(&mut tail, decoder.taken)? < GZIP_TAIL_BYTES {
                    return Ok(Some(Step::Refused("the gzip file ends before its checksum".to_owned())));
                }
                decoder.taken += GZIP_TAIL_BYTES as u64;
                // The field for the size has 32 bits.
                (u32_at(&tail, 0), given & 0xffff_ffff == u64::from(u32_at(&tail, 4)))
            }
        };
        if crc != wanted_crc || !fits {
            return Ok(Some(Step::Refused("its contents do not have the checksum and size that it states".to_owned())));
        }
        if matches!(self.wrapping, Wrapping::Bare { .. }) {
            return Ok(Some(Step::End));
        }
        // Zeros after the last member are padding; any other bytes are reported as lost.
        let mut next = [0; 3];
        let count = self.stored.read_at(&mut next, decoder.taken)?;
        if count < next.len() || next == [0; 3] {
            return Ok(Some(Step::End));
        }
        if next != [0x1f, 0x8b, 8] {
            return Ok(Some(Step::Followed("what follows in the gzip file is not packed data".to_owned())));
        }
        decoder.taken = gzip_head(&self.stored, decoder.taken)?;
        decoder.state = InflateState::new_boxed(DataFormat::Raw);
        (decoder.start, decoder.crc) = (decoder.given, crc32fast::Hasher::new());
        Ok(None)
    }
}

impl States {
    /// Keeps a state if the last one is far enough away.
    fn keep(&mut self, decoder: &Decoder) {
        let last = self.points.last().map_or(0, |point| point.0.given);
        if decoder.given < last.saturating_add(self.spacing) {
            return;
        }
        let is_full = ALL_POINTS.load(Ordering::Relaxed) >= MAX_ALL_POINTS;
        if self.points.len() >= MAX_POINTS || is_full && self.points.len() > 1 {
            let mut number = 0;
            self.points.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.spacing = self.spacing.saturating_mul(2);
        }
        if !is_full || self.points.len() > 1 {
            self.points.push(Point::new(decoder.clone()));
        }
    }
}

impl ReadAt for Inflated {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(&mut states, buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        match self.wrapping {
            Wrapping::Bare { size, .. } => Ok(size),
            Wrapping::Gzip => self.measure().map(|(size, _)| size),
        }
    }
}

/// A piece of the packed file.
struct Input {
    bytes: Vec<u8>,
    start: u64,
    length: usize,
}

impl Input {
    /// The bytes from an offset on; empty after the end.
    fn at(&mut self, stored: &Part, offset: u64) -> io::Result<&[u8]> {
        let held = self.start..self.start + self.length as u64;
        if !held.contains(&offset) {
            (self.start, self.length) = (offset, 0);
            self.length = stored.read_at(&mut self.bytes, offset)?;
        }
        let skip = usize::try_from(offset - self.start).unwrap_or(usize::MAX);
        Ok(self.bytes[..self.length].get(skip..).unwrap_or_default())
    }
}

/// The start of a gzip member's contents, according to RFC 1952.
fn gzip_head(file: &Part, at: u64) -> io::Result<u64> {
    let head = file.bytes(at, GZIP_HEAD_BYTES)?;
    let flags = head[3];
    let mut at = at + GZIP_HEAD_BYTES as u64;
    if flags & 4 != 0 {
        at += 2 + u64::from(u16_at(&file.bytes(at, 2)?, 0));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            at = after_text(file, at)?;
        }
    }
    Ok(if flags & 2 != 0 { at + 2 } else { at })
}

fn after_text(file: &Part, start: u64) -> io::Result<u64> {
    let mut piece = [0; 256];
    let mut at = start;
    while at - start < MAX_TEXT_BYTES {
        let count = file.read_at(&mut piece, at)?;
        match piece[..count].iter().position(|&byte| byte == 0) {
            Some(end) => return Ok(at + end as u64 + 1),
            None if count == 0 => break,
            None => at += count as u64,
        }
    }
    Err(corrupt("the header of the gzip file has a text without end"))
}
