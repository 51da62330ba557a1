//! Streaming decoder over the packing methods: unpacks a piece at a time.

use super::PackedError;
use super::io::{Input, Output};
use super::lz::Lz;
use super::lz_huffman::LzHuffman;
use super::ms_zip::MsZip;
use crate::bytes::ReadAt;
use crate::bytes::forward::Stream;

/// Approximate number of bytes that are unpacked at once.
const PIECE_BYTES: usize = 32 << 10;

/// How often a file is unpacked at the most, if its parts are requested in another order than they are stored.
const MAX_PASSES: usize = 16;

/// How data are packed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Method {
    /// Stored unpacked, each byte changed by this mask.
    Copied(u8),
    /// LZSS; the ring starts at this position.
    Lz(usize),
    /// LZSS in Huffman codes.
    LzHuffman,
    /// DEFLATE in blocks.
    MsZip,
}

/// The data of one packed file.
pub(super) struct Data<'s, S: ReadAt + ?Sized> {
    source: &'s S,
    start: u64,
    method: Method,
    input: Input<'s, S>,
    decoder: Decoder,
    output: Output,
    ended: bool,
    passes: usize,
}

/// The state of a method between two steps.
enum Decoder {
    Copied(u8),
    Lz(Box<Lz>),
    LzHuffman(Option<Box<LzHuffman>>),
    MsZip(MsZip),
}

impl Decoder {
    fn new(method: Method) -> Self {
        match method {
            Method::Copied(mask) => Self::Copied(mask),
            Method::Lz(start) => Self::Lz(Box::new(Lz::new(start))),
            Method::LzHuffman => Self::LzHuffman(None),
            Method::MsZip => Self::MsZip(MsZip::default()),
        }
    }
}

impl<'s, S: ReadAt + ?Sized> Data<'s, S> {
    /// The data that begin at an offset, and the output for them.
    pub(super) fn new(source: &'s S, start: u64, method: Method, output: Output) -> Self {
        let (input, decoder) = (Input::new(source, start), Decoder::new(method));
        Self { source, start, method, input, decoder, output, ended: false, passes: 1 }
    }

    /// Unpacks a little; false at the end of the data.
    fn step(&mut self) -> Result<bool, PackedError> {
        let Self { input, decoder, output, .. } = self;
        match decoder {
            Decoder::Copied(mask) => {
                let piece = input.piece(PIECE_BYTES)?;
                output.append(piece.len(), |bytes, start| {
                    for (to, from) in bytes[start..].iter_mut().zip(piece) {
                        *to = from ^ *mask;
                    }
                    Ok(piece.len())
                })?;
                Ok(!piece.is_empty())
            }
            Decoder::Lz(lz) => lz.step(input, output),
            Decoder::LzHuffman(Some(decoder)) => decoder.step(input, output),
            Decoder::LzHuffman(none) => {
                *none = Some(Box::new(LzHuffman::new(input)?));
                Ok(true)
            }
            Decoder::MsZip(decoder) => decoder.step(input, output),
        }
    }
}

impl<S: ReadAt + ?Sized> Stream for Data<'_, S> {
    type Error = PackedError;

    fn next(&mut self) -> Result<Option<&[u8]>, PackedError> {
        // The tables are read even if the file is empty.
        while !self.ended && self.output.waiting() < PIECE_BYTES {
            let tables = matches!(self.decoder, Decoder::LzHuffman(None));
            self.ended = (self.output.is_full() && !tables) || !self.step()?;
        }
        if self.output.waiting() == 0 {
            self.output.finish()?;
            return Ok(None);
        }
        Ok(Some(self.output.take()))
    }

    fn restart(&mut self) -> Result<(), PackedError> {
        if self.passes == MAX_PASSES {
            return Err(PackedError::Corrupt(format!("its parts lie in an order that asks for {MAX_PASSES} passes")));
        }
        self.passes += 1;
        self.input = Input::new(self.source, self.start);
        self.decoder = Decoder::new(self.method);
        self.output.restart();
        self.ended = false;
        Ok(())
    }
}
