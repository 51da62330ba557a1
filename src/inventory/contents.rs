//! What a file says of itself. Packed files (`TAPISRV.EX_`) answer with their contents.

use std::fs::File;
use std::path::Path;

use super::snapshot::Packing;
use crate::binary::packed::{self, NameHint, original_names};
use crate::binary::{self, Binary, BinaryError, ReadAt};

/// The answer of one file.
pub(super) struct Contents {
    pub(super) binary: Result<Binary, BinaryError>,
    /// `None` for a file that is not packed.
    pub(super) packing: Option<Packing>,
    /// The size of a packed file before it was packed.
    pub(super) unpacked_size: Option<u64>,
}

impl Contents {
    fn plain(binary: Result<Binary, BinaryError>) -> Self {
        Self { binary, packing: None, unpacked_size: None }
    }
}

/// The names, in lower case, that a packed file of this lower-case name can have had and that `wanted` accepts, the
/// likeliest first. Empty for a name that packing does not give.
pub(super) fn wanted_names(stored: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    if !stored.ends_with(['_', '$']) {
        return Vec::new();
    }
    let mut names = original_names(stored, &NameHint::None);
    names.retain(|name| wanted(name));
    names
}

/// Reads the file at `place`. With `packed_only` it matters only if it is packed; `None` if that turns out not to be so.
pub(super) fn read(place: &Path, packed_only: bool) -> Option<Contents> {
    let failed = |error: std::io::Error| Some(Contents::plain(Err(BinaryError::Io(error.to_string()))));
    let file = match File::open(place) {
        Ok(file) => file,
        Err(error) => return failed(error),
    };
    if packed_only {
        return match is_packed(&file) {
            Ok(true) => Some(unpack(&file)),
            Ok(false) => None,
            Err(error) => failed(error),
        };
    }
    let binary = binary::read(&file);
    let packed = binary == Err(BinaryError::NotExecutable) && is_packed(&file).is_ok_and(|packed| packed);
    Some(if packed { unpack(&file) } else { Contents::plain(binary) })
}

fn is_packed(file: &File) -> std::io::Result<bool> {
    let mut head = [0; packed::HEAD_BYTES];
    let count = file.read_at(&mut head, 0)?;
    Ok(packed::recognise(&head[..count]).is_some())
}

fn unpack(file: &File) -> Contents {
    match packed::unpack(file) {
        Ok(unpacked) => Contents {
            binary: binary::read(&unpacked.bytes),
            unpacked_size: Some(unpacked.bytes.len() as u64),
            packing: Some(Packing { hint: Some(unpacked.name_hint) }),
        },
        Err(error) => Contents {
            binary: Err(BinaryError::Packed(error)),
            packing: Some(Packing { hint: None }),
            unpacked_size: None,
        },
    }
}
