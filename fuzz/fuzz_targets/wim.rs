//! The packed data of WIM and `.esd` images: the input becomes a solid block, since the other parts of an image must be
//! valid before a chunk is unpacked. The first byte is the method, the second the size; the rest is the chunk.
#![no_main]

use hotfixcheck::winfiles::image::Item;
use hotfixcheck_fuzz::open;
use libfuzzer_sys::fuzz_target;

/// The header, and the metadata of the files: a root with one file.
const METADATA: u64 = 208;
const METADATA_BYTES: u64 = 512;
const TABLE_BYTES: u64 = 3 * 50;
const BLOCK: u64 = METADATA + METADATA_BYTES + TABLE_BYTES;
const HASH: [u8; 20] = [1; 20];

fuzz_target!(|input: &[u8]| {
    let [method, size, packed @ ..] = input else { return };
    if packed.is_empty() {
        return;
    }
    // A chunk has 32 KB; the unpacked size is only slightly larger than the packed one, or much larger.
    let size = (packed.len() as u64 + 1 + (u64::from(*size) << 7)).min(32 << 10);
    let image = open("a.esd", wim(u32::from(method % 3) + 1, size, packed)).unwrap();
    let volume = &image.volumes[0];
    let mut found = Vec::new();
    volume.files.list(&mut |item| found.extend(if let Item::File { id, .. } = item { Some(id) } else { None }));
    let file = volume.files.open(found[0]).unwrap();
    assert_eq!(file.size().unwrap(), size);
    // The checksum is that of empty data: data that can be unpacked is refused afterwards.
    assert!(file.read_at(&mut [0; 16], 0).is_err());
});

fn wim(method: u32, size: u64, packed: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; BLOCK as usize];
    let put = |bytes: &mut Vec<u8>, at: u64, what: &[u8]| {
        bytes[at as usize..at as usize + what.len()].copy_from_slice(what);
    };
    let resource = |stored: u64, flags: u64, place: u64, size: u64| {
        [stored | flags << 56, place, size].map(u64::to_le_bytes).concat()
    };
    put(&mut bytes, 0, b"MSWIM\0\0\0");
    put(&mut bytes, 8, &[208, 0xe00, 0x8_0002, 32 << 10].map(u32::to_le_bytes).concat());
    put(&mut bytes, 40, &[1_u16, 1].map(u16::to_le_bytes).concat());
    let table = METADATA + METADATA_BYTES;
    put(&mut bytes, 48, &resource(TABLE_BYTES, 0, table, TABLE_BYTES));
    // The root, with its list 120 bytes later.
    let (root, list) = (METADATA + 8, METADATA + 128);
    put(&mut bytes, root, &[104, 0x10_u64, 128].map(u64::to_le_bytes).concat());
    put(&mut bytes, list, &104_u64.to_le_bytes());
    put(&mut bytes, list + 64, &HASH);
    put(&mut bytes, list + 100, &2_u16.to_le_bytes());
    put(&mut bytes, list + 102, b"a\0");
    put(&mut bytes, table, &resource(METADATA_BYTES, 2, METADATA, METADATA_BYTES));
    put(&mut bytes, table + 50, &resource(20 + packed.len() as u64, 16, BLOCK, 1 << 32));
    put(&mut bytes, table + 100, &resource(size, 16, 0, 0));
    put(&mut bytes, table + 130, &HASH);
    bytes.extend(size.to_le_bytes());
    bytes.extend([32 << 10, method, packed.len() as u32].map(u32::to_le_bytes).concat());
    bytes.extend(packed);
    bytes
}
