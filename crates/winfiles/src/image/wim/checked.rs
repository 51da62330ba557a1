//! Data with a known checksum: no byte of them is used before the checksum is verified.

use std::io;
use std::sync::OnceLock;

use sha1::{Digest as _, Sha1};

use crate::bytes::ReadAt;
use crate::image::source::corrupt;

pub(super) const HASH_BYTES: usize = 20;
/// A SHA-1.
pub(super) type Hash = [u8; HASH_BYTES];

/// Files up to this size are held after the check, in bytes; pieces of larger ones are read again.
pub(super) const MAX_HELD_BYTES: u64 = 16 << 20;
const PIECE_BYTES: usize = 64 << 10;

/// Bytes with their SHA-1.
pub(super) struct Checked<S> {
    source: S,
    size: u64,
    hash: Hash,
    /// The result of the check at the first read: the contents, empty if they are not held.
    checked: OnceLock<Result<Vec<u8>, (io::ErrorKind, String)>>,
}

impl<S: ReadAt> Checked<S> {
    pub(super) fn new(source: S, size: u64, hash: Hash) -> Self {
        Self { source, size, hash, checked: OnceLock::new() }
    }

    fn is_held(&self) -> bool {
        self.size <= MAX_HELD_BYTES
    }

    fn check(&self) -> io::Result<Vec<u8>> {
        let mut held = Vec::new();
        let mut piece = vec![0; PIECE_BYTES.min(usize::try_from(self.size).unwrap_or(PIECE_BYTES))];
        let mut sum = Sha1::new();
        let mut at = 0;
        while at < self.size {
            let count = self.source.read_at(&mut piece, at)?;
            if count == 0 {
                return Err(corrupt("the WIM image ends before the file's data"));
            }
            sum.update(&piece[..count]);
            if self.is_held() {
                held.extend_from_slice(&piece[..count]);
            }
            at += count as u64;
        }
        if sum.finalize()[..] != self.hash {
            return Err(corrupt("the data have another checksum (SHA-1) than the WIM image says: they are damaged"));
        }
        Ok(held)
    }
}

impl Checked<Vec<u8>> {
    /// # Errors
    /// Bytes that do not have the checksum.
    pub(super) fn into_checked(self) -> io::Result<Vec<u8>> {
        self.check()?;
        Ok(self.source)
    }
}

impl<S: ReadAt> ReadAt for Checked<S> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self.checked.get_or_init(|| self.check().map_err(|error| (error.kind(), error.to_string()))) {
            Ok(held) if self.is_held() => held.read_at(buffer, offset),
            Ok(_) => self.source.read_at(buffer, offset),
            Err((kind, what)) => Err(io::Error::new(*kind, what.clone())),
        }
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
