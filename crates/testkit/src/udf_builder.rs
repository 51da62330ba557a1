//! UDF volumes of any block size, with one file.

/// A UDF volume of 512 blocks whose root lists this many names of one file. Without contents, the list of the file's
/// pieces is in the block after its entry, and continues in the same block.
pub fn udf(block: usize, names: u32, contents: Option<&[u8]>) -> Vec<u8> {
    let mut image = vec![0; 512 * block.max(2048)];
    let mut put = |at: usize, bytes: &[u8]| image[at..at + bytes.len()].copy_from_slice(bytes);
    for (number, name) in [b"\0BEA01\x01", b"\0NSR02\x01", b"\0TEA01\x01"].into_iter().enumerate() {
        put(16 * 2048 + number * block.max(2048), name);
    }
    let mut at = |place: usize, bytes: &[u8]| put(place * block, bytes);
    let (long, word) = (4 * block as u32, block as u32);
    at(256, &tagged(2, 256, 512, &[(16, long), (20, 128)]));
    at(128, &tagged(5, 128, block, &[(188, 260)]));
    // One map of type 1, of partition 0.
    at(129, &tagged(6, 129, block, &[(212, word), (252, 0), (268, 1), (440, 1)]));
    at(130, &tagged(8, 130, block, &[]));
    at(260, &tagged(256, 0, 512, &[(404, 1)]));
    let mut folder = Vec::new();
    for number in 0..names {
        let name = format!("\x08{number:05}.dll");
        let mut entry = tagged(257, 5 + (folder.len() / block) as u32, 38, &[(24, 2)]);
        entry[19] = name.len() as u8;
        entry.extend(name.bytes());
        entry.resize(entry.len().next_multiple_of(4), 0);
        folder.extend(entry);
    }
    // Its pieces are short descriptors: size, then block.
    let size = folder.len() as u32;
    at(261, &tagged(261, 1, block, &[(56, size), (172, 8), (176, size), (180, 5)]));
    at(265, &folder);
    if let Some(contents) = contents {
        let size = contents.len() as u32;
        let mut entry = tagged(261, 2, block, &[(34, 3), (56, size), (172, size)]);
        entry[176..176 + contents.len()].copy_from_slice(contents);
        at(262, &entry);
    } else {
        at(262, &tagged(261, 2, block, &[(56, 9), (172, 8), (176, 3 << 30 | word), (180, 3)]));
        at(263, &tagged(258, 3, block, &[(20, 8), (24, 3 << 30 | word), (28, 3)]));
    }
    image
}

/// A descriptor of this kind for this place, with these fields.
fn tagged(kind: u16, place: u32, size: usize, fields: &[(usize, u32)]) -> Vec<u8> {
    let mut bytes = vec![0; size];
    bytes[..2].copy_from_slice(&kind.to_le_bytes());
    bytes[12..16].copy_from_slice(&place.to_le_bytes());
    fields.iter().for_each(|(at, number)| bytes[*at..*at + 4].copy_from_slice(&number.to_le_bytes()));
    bytes[4] = bytes[..16].iter().fold(0, |sum, byte| sum.wrapping_add(*byte));
    bytes
}
