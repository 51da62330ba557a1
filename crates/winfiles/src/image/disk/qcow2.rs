//! qcow2 (QEMU), versions 2 and 3, according to the format's specification; clusters packed by zlib are unpacked. The
//! `qcow2-core` crate takes the size of a packed cluster from the wrong bits, and opens images with features that it
//! does not know.

use crate::image::source::Source;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use crate::bytes::{ReadAt, u32_be_at, u64_be_at};
use crate::image::ImageError;
use crate::image::source::corrupt;

const HEADER_BYTES: usize = 112;
const FORMAT: &str = "qcow2 image";
/// How to make a disk readable that this reader refuses.
const ADVICE: &str = "convert it to a raw image (qemu-img convert -O raw)";
/// First-level entries: enough for 2 EB at the largest cluster size; 32 MB of memory, as QEMU itself allows.
const MAX_L1: u32 = 4 << 20;
/// Second-level tables that are kept, in bytes: 128 of the usual cluster size.
const MAX_KEPT: usize = 8 << 20;
const PLACE: u64 = 0x00ff_ffff_ffff_fe00;
const PACKED: u64 = 1 << 62;
const ZERO: u64 = 1;
/// Incompatible features that can be read: unclean, which does not matter to a reader, and the compression method.
const KNOWN_FEATURES: u64 = 1 | 1 << 3;
const CORRUPT: u64 = 1 << 1;

pub(super) struct Qcow2 {
    file: Source,
    size: u64,
    cluster_bits: u32,
    l1: Vec<u64>,
    tables: Mutex<HashMap<u64, Arc<Vec<u8>>>>,
    /// The packed cluster that was unpacked last, and its contents.
    last: Mutex<(u64, Arc<Vec<u8>>)>,
}

impl Qcow2 {
    pub(super) fn open(file: Source) -> Result<Self, ImageError> {
        let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
        let unsupported = |what: String| Err(ImageError::Unsupported { format: FORMAT, what, advice: ADVICE });
        let mut header = [0; HEADER_BYTES];
        file.read_at(&mut header, 0)?;
        let (version, cluster_bits) = (u32_be_at(&header, 4), u32_be_at(&header, 20));
        let (features, packing) = if version >= 3 { (u64_be_at(&header, 72), header[104]) } else { (0, 0) };
        if !(2..=3).contains(&version) {
            return unsupported(format!("version {version}"));
        }
        if u64_be_at(&header, 8) != 0 {
            return unsupported("it has a backing file, which is not read".to_owned());
        }
        if u32_be_at(&header, 32) != 0 {
            return unsupported("it is encrypted".to_owned());
        }
        if features & CORRUPT != 0 {
            return Err(damaged("it is marked as corrupt".to_owned()));
        }
        if features & !KNOWN_FEATURES != 0 {
            return unsupported(format!("features {features:#x}, of which not all are known"));
        }
        let (count, place) = (u32_be_at(&header, 36), u64_be_at(&header, 40));
        if !(9..=21).contains(&cluster_bits) || count > MAX_L1 {
            return Err(damaged(format!("{count} tables, clusters of 2^{cluster_bits} bytes")));
        }
        let mut bytes = vec![0; count as usize * 8];
        if file.read_at(&mut bytes, place)? < bytes.len() {
            return Err(damaged("it ends within its first table".to_owned()));
        }
        let l1 = bytes.chunks_exact(8).map(|entry| u64_be_at(entry, 0) & PLACE).collect();
        if features & 1 << 3 != 0 && packing != 0 {
            return unsupported(format!("its clusters are packed by method {packing}, of which only zlib is known"));
        }
        let size = u64_be_at(&header, 24);
        let covered = u128::from(count) << (2 * cluster_bits - 3);
        if u128::from(size) > covered {
            return Err(damaged(format!("{count} tables are too few for its {size} bytes")));
        }
        Ok(Self { file, size, cluster_bits, l1, tables: Mutex::default(), last: Mutex::default() })
    }

    fn cluster(&self) -> u64 {
        1 << self.cluster_bits
    }

    /// The second-level entry of the cluster that contains this offset; 0 if it was never written.
    fn entry(&self, offset: u64) -> io::Result<u64> {
        let number = offset >> self.cluster_bits;
        let in_table = self.cluster_bits - 3;
        let first = usize::try_from(number >> in_table).ok().and_then(|first| self.l1.get(first)).copied();
        let Some(place) = first.filter(|&place| place != 0) else { return Ok(0) };
        let second = (number & ((1 << in_table) - 1)) as usize;
        Ok(u64_be_at(&self.table(place)?, second * 8))
    }

    fn table(&self, place: u64) -> io::Result<Arc<Vec<u8>>> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = tables.get(&place) {
            return Ok(table.clone());
        }
        let mut bytes = vec![0; 1 << self.cluster_bits];
        if self.file.read_at(&mut bytes, place)? < bytes.len() {
            return Err(corrupt(format!("the qcow2 image ends within the table at offset {place:#x}")));
        }
        if tables.len() << self.cluster_bits >= MAX_KEPT {
            tables.clear();
        }
        let table = Arc::new(bytes);
        tables.insert(place, table.clone());
        Ok(table)
    }

    /// The contents of a packed cluster.
    fn unpacked(&self, entry: u64) -> io::Result<Arc<Vec<u8>>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.0 == entry {
            return Ok(last.1.clone());
        }
        let split = 62 - (self.cluster_bits - 8);
        let place = entry & ((1 << split) - 1);
        let sectors = (entry & (PACKED - 1)) >> split;
        let size = (sectors + 1) * 512 - (place & 511);
        let mut packed = vec![0; usize::try_from(size).unwrap_or(0)];
        let count = self.file.read_at(&mut packed, place)?;
        let mut out = vec![0; 1 << self.cluster_bits];
        let mut inflate = Box::<DecompressorOxide>::default();
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        // The packed size is rounded up: bytes after the data are ignored.
        match decompress(&mut inflate, &packed[..count], &mut out, 0, flags) {
            (TINFLStatus::Done | TINFLStatus::HasMoreOutput, _, written) if written == out.len() => {}
            _ => return Err(corrupt(format!("a packed cluster of the qcow2 image at offset {place:#x} is damaged"))),
        }
        *last = (entry, Arc::new(out));
        Ok(last.1.clone())
    }
}

impl ReadAt for Qcow2 {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let mut filled = 0;
        while filled < wanted {
            let at = offset + filled as u64;
            let within = at & (self.cluster() - 1);
            let count = ((self.cluster() - within) as usize).min(wanted - filled);
            let piece = &mut buffer[filled..filled + count];
            let entry = self.entry(at)?;
            if entry & PACKED != 0 {
                let from = within as usize;
                piece.copy_from_slice(&self.unpacked(entry)?[from..from + count]);
            } else if entry & ZERO != 0 || entry & PLACE == 0 {
                piece.fill(0);
            } else {
                let read = self.file.read_at(piece, (entry & PLACE) + within)?;
                if read < count {
                    return Ok(filled + read);
                }
            }
            filled += count;
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
