//! What reading takes at its peak, counted by the allocator: it does not grow with a member's size. One test, so that no
//! other allocates beside it.

use hotfixcheck_winfiles::binary::{self, VersionOutcome};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::cabinet::Cabinet;
use peak_alloc::PeakAlloc;

use hotfixcheck_testkit::cab_builder::{CabBuilder, Method};
use hotfixcheck_testkit::pe_builder::PeBuilder;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const BLOCK: usize = 32 << 10;
const BLOCK_HEADER: [u8; 8] = [0, 0, 0, 0, 0, 0x80, 0, 0x80];
/// Blocks of the member: 327 MB.
const BLOCKS: usize = 10_000;
/// The most that reading it may take.
const MOST: usize = 4 << 20;

/// A cabinet of one stored member that is nowhere whole: zeros, but for its first blocks and its last.
struct Huge {
    front: Vec<u8>,
    /// Where the blocks begin.
    data: usize,
    /// What the last block holds.
    last: Vec<u8>,
}

impl Huge {
    fn new() -> Self {
        let image = PeBuilder::new().fixed([5, 0, 2195, 77], [5, 0, 2195, 77]).image();
        let mut bytes = image.bytes;
        let last = bytes.split_off(image.resources);
        // The file place of the section with the resources.
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
            // Whole blocks of zeros are most of it.
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
    let source = Huge::new();
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let cabinet = Cabinet::open(&source).unwrap();
    let mut members = cabinet.read(|_| true);
    let member = members.advance().unwrap();
    let binary = binary::read(&member).unwrap();
    member.finish().unwrap();
    let peak = ALLOCATOR.peak_usage() - before;
    let VersionOutcome::Found(info) = binary.version else { panic!("no version: {:?}", binary.version) };
    assert_eq!(info.fixed_file.unwrap().to_string(), "5.0.2195.77");
    assert!(peak < MOST, "{peak} bytes for a member of {}", member.member().size);
    assert!(peak > 1 << 20, "the window is held, so what is counted is what is meant: {peak}");
}
