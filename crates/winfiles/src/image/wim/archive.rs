//! The resources of a WIM image, and which of them hold the data of its files.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::checked::{Checked, HASH_BYTES, Hash, MAX_HELD_BYTES};
use super::solid::{Solid, Within};
use crate::bytes::{ReadAt, u64_at};
use crate::image::chunked::{Chunked, Method};
use crate::image::source::{Part, corrupt};

const STREAM_BYTES: usize = 50;
/// Flags of a resource.
const METADATA: u8 = 2;
const PACKED: u8 = 4;
const SPANNED: u8 = 8;
const SOLID: u8 = 16;
/// The size that marks the entry of a solid block.
const SOLID_BLOCK: u64 = 1 << 32;
/// More than all of Microsoft's media have together.
const MAX_BLOCKS: usize = 4096;

/// A piece of the file: how it is stored, and its unpacked size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource {
    place: u64,
    stored: u64,
    size: u64,
    flags: u8,
}

impl Resource {
    pub(super) fn read(bytes: &[u8], at: usize) -> Self {
        let word = u64_at(bytes, at);
        Self {
            stored: word & ((1 << 56) - 1),
            flags: (word >> 56) as u8,
            place: u64_at(bytes, at + 8),
            size: u64_at(bytes, at + 16),
        }
    }
}

/// Location of a file's data.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stream {
    Alone(Resource),
    /// At an offset of an unpacked block.
    Within {
        block: usize,
        start: u64,
        size: u64,
    },
}

impl Stream {
    pub(super) fn size(self) -> u64 {
        match self {
            Self::Alone(Resource { size, .. }) | Self::Within { size, .. } => size,
        }
    }
}

/// Shared by all images of a file.
pub(super) struct Archive {
    part: Part,
    method: Option<Method>,
    chunk: usize,
    streams: HashMap<Hash, Stream>,
    solid: Arc<Solid>,
}

impl Archive {
    pub(super) fn new(part: &Part, method: Option<Method>, chunk: usize) -> Self {
        Self { part: part.clone(), method, chunk, streams: HashMap::new(), solid: Arc::default() }
    }

    /// Location of the data with this checksum.
    pub(super) fn stream(&self, hash: &Hash) -> Option<Stream> {
        self.streams.get(hash).copied()
    }

    /// The bytes of a resource, unpacked while they are read.
    fn open(&self, resource: Resource) -> io::Result<Box<dyn ReadAt + Send + Sync>> {
        if resource.flags & SPANNED != 0 {
            return Err(corrupt("its data lie in another part of the set, which is not read"));
        }
        let stored = self.part.part(resource.place, resource.stored);
        if stored.size < resource.stored {
            return Err(corrupt("the WIM image ends before the file's data"));
        }
        match self.method.filter(|_| resource.flags & PACKED != 0) {
            None if resource.size != resource.stored => Err(corrupt("the file's sizes contradict each other")),
            None => Ok(Box::new(stored)),
            Some(_) if resource.size == 0 => Ok(Box::new(self.part.part(0, 0))),
            Some(method) => Ok(Box::new(Chunked::new(stored, method, self.chunk, resource.size)?)),
        }
    }

    pub(super) fn whole(&self, resource: Resource, most: u64) -> io::Result<Vec<u8>> {
        if resource.size > most {
            return Err(corrupt(format!("a part of the WIM image has {} bytes, the limit is {most}", resource.size)));
        }
        let mut bytes = vec![0; usize::try_from(resource.size).unwrap_or(0)];
        let read = self.open(resource)?.read_at(&mut bytes, 0)?;
        if read < bytes.len() { Err(corrupt("the WIM image ends within its tables")) } else { Ok(bytes) }
    }

    /// As [`Self::whole`], for data with a checksum; a missing checksum is all zeros.
    pub(super) fn whole_checked(&self, resource: Resource, hash: Hash, most: u64) -> io::Result<Vec<u8>> {
        let bytes = self.whole(resource, most)?;
        if hash == [0; HASH_BYTES] {
            return Ok(bytes);
        }
        let size = bytes.len() as u64;
        Checked::new(bytes, size, hash).into_checked()
    }

    /// The data of a file, which must have this checksum.
    pub(super) fn contents(&self, stream: Stream, hash: Hash) -> io::Result<Box<dyn ReadAt + Send + Sync>> {
        Ok(match stream {
            Stream::Within { block, start, size } => {
                Box::new(Checked::new(Within { solid: self.solid.clone(), block, start, size }, size, hash))
            }
            // Reading a part of unpacked data is cheap, so large files of this kind are not read whole for a check
            // first.
            Stream::Alone(resource) if resource.flags & PACKED == 0 && resource.size > MAX_HELD_BYTES => {
                self.open(resource)?
            }
            Stream::Alone(resource) => Box::new(Checked::new(self.open(resource)?, resource.size, hash)),
        })
    }

    /// Reads the table: the location of each file by its checksum. Returns the metadata of each image, with its
    /// checksum.
    pub(super) fn read_table(&mut self, table: &[u8], has_solid: bool) -> io::Result<Vec<(Resource, Hash)>> {
        let mut images = Vec::new();
        let mut solid = Solid::default();
        // The solid blocks of consecutive entries. The entries of their files precede or follow the entries of the
        // blocks, and their offsets count through all of these blocks.
        let mut run: Vec<(usize, u64)> = Vec::new();
        let entries = || table.chunks_exact(STREAM_BYTES).map(|entry| (Resource::read(entry, 0), entry));
        let is_solid = |resource: &Resource| has_solid && resource.flags & SOLID != 0;
        let mut was_solid = false;
        for (number, (resource, entry)) in entries().enumerate() {
            let mut hash: Hash = [0; HASH_BYTES];
            hash.copy_from_slice(&entry[30..30 + HASH_BYTES]);
            if is_solid(&resource) && !was_solid {
                run.clear();
                for (block, _) in entries().skip(number).take_while(|(resource, _)| is_solid(resource)) {
                    if block.size != SOLID_BLOCK {
                        continue;
                    }
                    if solid.blocks() == MAX_BLOCKS {
                        return Err(corrupt(format!("it has more than {MAX_BLOCKS} solid blocks")));
                    }
                    let size = solid.add(self.part.part(block.place, block.stored))?;
                    run.push((solid.blocks() - 1, size));
                }
            }
            was_solid = is_solid(&resource);
            match resource.flags & METADATA {
                0 if was_solid && resource.size == SOLID_BLOCK => {}
                0 if was_solid => {
                    let (mut start, size) = (resource.place, resource.stored);
                    // A file outside all blocks is reported as missing when it is opened.
                    for &(block, length) in &run {
                        if start.checked_add(size).is_some_and(|end| end <= length) {
                            self.streams.insert(hash, Stream::Within { block, start, size });
                            break;
                        }
                        let Some(rest) = start.checked_sub(length) else { break };
                        start = rest;
                    }
                }
                0 => _ = self.streams.insert(hash, Stream::Alone(resource)),
                _ => images.push((resource, hash)),
            }
        }
        self.solid = Arc::new(solid);
        Ok(images)
    }
}
