//! The peak memory of reading, counted by the allocator: it does not grow with a member's size, nor with the number of
//! open images. One test at a time, so that no other test allocates memory meanwhile.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use hotfixcheck_winfiles::binary::{self, VersionOutcome};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::cabinet::Cabinet;
use hotfixcheck_winfiles::image::{self, FileSystem, Item};
use peak_alloc::PeakAlloc;

use hotfixcheck_testkit::cab_builder::{CabBuilder, Method};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::tools::run;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;
static ALONE: Mutex<()> = Mutex::new(());

const BLOCK: usize = 32 << 10;
const BLOCK_HEADER: [u8; 8] = [0, 0, 0, 0, 0, 0x80, 0, 0x80];
/// Blocks of the member: 327 MB.
const BLOCKS: usize = 10_000;
/// The most memory that reading it may take.
const MOST: usize = 4 << 20;

/// A cabinet of one stored member that never exists as a whole: zeros, except for its first blocks and its last.
struct Huge {
    front: Vec<u8>,
    /// The start of the blocks.
    data: usize,
    /// The contents of the last block.
    last: Vec<u8>,
}

impl Huge {
    fn new() -> Self {
        let image = PeBuilder::new().fixed([5, 0, 2195, 77], [5, 0, 2195, 77]).image();
        let mut bytes = image.bytes;
        let last = bytes.split_off(image.resources);
        // The file offset of the section with the resources.
        let place = image.pe_header + 24 + 224 + 40 + 20;
        bytes[place..place + 4].copy_from_slice(&(((BLOCKS - 1) * BLOCK) as u32).to_le_bytes());
        bytes.resize(BLOCK, 0);
        let mut front = CabBuilder::new().no_checksums().folder(Method::Stored, &[("x.dll", &bytes)]).build();
        let data = u32::from_le_bytes(front[36..40].try_into().unwrap()) as usize;
        front[40..42].copy_from_slice(&(BLOCKS as u16).to_le_bytes());
        let member = u32::from_le_bytes(front[16..20].try_into().unwrap()) as usize;
        front[member..member + 4].copy_from_slice(&((BLOCKS * BLOCK) as u32).to_le_bytes());
        Self { front, data, last }
    }

    fn byte(&self, at: usize) -> u8 {
        if let Some(byte) = self.front.get(at) {
            return *byte;
        }
        let (block, within) = ((at - self.data) / (BLOCK + 8), (at - self.data) % (BLOCK + 8));
        match BLOCK_HEADER.get(within) {
            Some(byte) => *byte,
            None if block == BLOCKS - 1 => self.last.get(within - 8).copied().unwrap_or(0),
            None => 0,
        }
    }
}

impl ReadAt for Huge {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        let left = (self.size()?.saturating_sub(offset) as usize).min(buffer.len());
        let end = self.data + (BLOCKS - 1) * (BLOCK + 8);
        for (at, byte) in buffer[..left].iter_mut().enumerate() {
            let at = offset as usize + at;
            // Most of it are whole blocks of zeros.
            *byte = if at > self.front.len() && at < end && (at - self.data) % (BLOCK + 8) >= 8 {
                0
            } else {
                self.byte(at)
            };
        }
        Ok(left)
    }

    fn size(&self) -> std::io::Result<u64> {
        Ok((self.data + BLOCKS * (BLOCK + 8)) as u64)
    }
}

#[test]
fn a_huge_member_takes_no_more_than_a_small_one() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let source = Huge::new();
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let cabinet = Cabinet::open(&source).unwrap();
    let mut members = cabinet.read(|_| true);
    let member = members.advance().unwrap();
    let binary = binary::read(&member).unwrap();
    member.finish().unwrap();
    let peak = ALLOCATOR.peak_usage().saturating_sub(before);
    let VersionOutcome::Found(info) = binary.version else { panic!("no version: {:?}", binary.version) };
    assert_eq!(info.fixed_file.unwrap().to_string(), "5.0.2195.77");
    assert!(peak < MOST, "{peak} bytes for a member of {}", member.member().size);
    assert!(peak > 1 << 20, "the window is held, so what is counted is what is meant: {peak}");
}

/// The largest chunk of a solid block, in bytes, and how many chunks a block of the test has.
const CHUNK: u64 = 64 << 20;
const CHUNKS: u64 = 3;
/// The SHA-1 of a zero.
const HASH: [u8; 20] = [
    0x5b, 0xa9, 0x3c, 0x9d, 0xb0, 0xcf, 0xf9, 0x3f, 0x52, 0xb5, 0x21, 0xd7, 0x42, 0x0e, 0x43, 0xf6, 0xed, 0xa2, 0x78,
    0x4f,
];

/// A WIM image with one solid block of zeros that are stored unpacked, of which only the beginning exists in memory.
struct Zeros(Vec<u8>);

impl Zeros {
    /// One file of one byte, in this chunk.
    fn new(chunk: u64) -> Self {
        let (metadata, metadata_bytes, table_bytes) = (208_u64, 512_u64, 150_u64);
        let (table, block) = (metadata + metadata_bytes, metadata + metadata_bytes + table_bytes);
        let mut bytes = vec![0; block as usize];
        let mut put = |at: u64, what: &[u8]| bytes[at as usize..at as usize + what.len()].copy_from_slice(what);
        let resource = |stored: u64, flags: u64, place: u64, size: u64| {
            [stored | flags << 56, place, size].map(u64::to_le_bytes).concat()
        };
        put(0, b"MSWIM\0\0\0");
        put(8, &[208, 0xe00, 0x8_0002, 32 << 10].map(u32::to_le_bytes).concat());
        put(40, &[1_u16, 1].map(u16::to_le_bytes).concat());
        put(48, &resource(table_bytes, 0, table, table_bytes));
        let (root, list) = (metadata + 8, metadata + 128);
        put(root, &[104, 0x10_u64, 128].map(u64::to_le_bytes).concat());
        put(list, &104_u64.to_le_bytes());
        put(list + 64, &HASH);
        put(list + 100, &2_u16.to_le_bytes());
        put(list + 102, b"a\0");
        put(table, &resource(metadata_bytes, 2, metadata, metadata_bytes));
        put(table + 50, &resource(16 + 4 * CHUNKS + CHUNKS * CHUNK, 16, block, 1 << 32));
        put(table + 100, &resource(1, 16, chunk * CHUNK, 0));
        put(table + 130, &HASH);
        bytes.extend((CHUNKS * CHUNK).to_le_bytes());
        bytes.extend([CHUNK as u32, 3].map(u32::to_le_bytes).concat());
        bytes.extend([CHUNK as u32; CHUNKS as usize].map(u32::to_le_bytes).concat());
        Self(bytes)
    }
}

impl ReadAt for Zeros {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let count = usize::try_from(self.size()?.saturating_sub(offset)).unwrap().min(buffer.len());
        buffer[..count].fill(0);
        self.0.read_at(&mut buffer[..count], offset)?;
        Ok(count)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64 + CHUNKS * CHUNK)
    }
}

impl FileSystem for Zeros {
    fn list(&self, _: &mut dyn FnMut(Item)) {}

    fn open(&self, _: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(self))
    }
}

/// Issue 16, point 6: an archive can hold many `.esd` images, each with chunks of 64 MB.
#[test]
fn images_with_solid_blocks_share_what_they_keep_unpacked() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let images: Vec<_> = (0..9)
        .map(|number| {
            let files: Arc<dyn FileSystem> = Arc::new(Zeros::new(number % CHUNKS));
            image::open_inside(&files, "a.esd", 0).unwrap().unwrap()
        })
        .collect();
    for image in &images {
        let files = &image.volumes[0].files;
        let mut ids = Vec::new();
        files.list(&mut |item| match item {
            Item::File { id, .. } => ids.push(id),
            other => panic!("{other:?}"),
        });
        let mut byte = [7];
        assert_eq!((files.open(ids[0]).unwrap().read_at(&mut byte, 0).unwrap(), byte), (1, [0]));
    }
    let (peak, kept) =
        (ALLOCATOR.peak_usage().saturating_sub(before), ALLOCATOR.current_usage().saturating_sub(before));
    const SPARE: usize = 8 << 20;
    assert!(peak < 5 * CHUNK as usize + SPARE, "four chunks, and the one at hand: {peak}");
    assert!(kept > 4 * CHUNK as usize, "chunks are kept for the next file: {kept}");
    drop(images);
    let left = ALLOCATOR.current_usage().saturating_sub(before);
    assert!(left < SPARE, "what is kept goes with the images: {left}");
}

/// Issue 16: the reader of E01 images kept up to a hundred chunks, which may have 16 MB each, of an image in an archive.
#[cfg(feature = "archive")]
#[test]
fn large_chunks_of_e01_images_are_bounded() {
    // Outside of CI not much more than what may be held, and only the image in an archive.
    let size: u64 = if one_of(2) == 1 { 400 << 20 } else { 256 << 20 };
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::File::create(path("file")).unwrap().set_len(size - (8 << 20)).unwrap();
    let kilobytes = (size >> 10).to_string();
    let zip = "import zipfile\nzipfile.ZipFile('case.zip', 'w').write('x.E01')";
    for (tool, package, arguments) in [
        ("mkfs.fat", "dosfstools", &["-F", "32", "-C", "fat.img", kilobytes.as_str()][..]),
        ("mcopy", "mtools", &["-i", "fat.img", "file", "::"]),
        ("ewfacquire", "ewf-tools", &["-u", "-q", "-t", "x", "-b", "32768", "-c", "fast", "fat.img"]),
        ("python3", "python3", &["-c", zip]),
    ] {
        if run(tool, package, arguments, folder.path()).is_none() {
            return;
        }
    }
    for name in ["case.zip", "x.E01"].into_iter().step_by(one_of(2)) {
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let mut image = image::open(&path(name)).unwrap().unwrap();
        let only = |image: &image::Image| {
            let mut found = None;
            image.volumes[0].files.list(&mut |item| {
                if let Item::File { path, id, .. } = item {
                    found = Some((path, id));
                }
            });
            found.unwrap()
        };
        if image.archive {
            let (path, id) = only(&image);
            image = image::open_inside(&image.volumes[0].files, &path, id).unwrap().unwrap();
        }
        let (_, id) = only(&image);
        let file = image.volumes[0].files.open(id).unwrap();
        let mut piece = vec![7; 1 << 20];
        for at in (0..size - (8 << 20)).step_by(piece.len()) {
            assert_eq!(file.read_at(&mut piece, at).unwrap(), piece.len());
        }
        let peak = ALLOCATOR.peak_usage().saturating_sub(before);
        assert!(peak < 200 << 20, "{name}: {peak} bytes for {size}");
    }
}
