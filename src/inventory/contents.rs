//! What a file says of itself. Packed files (`TAPISRV.EX_`) answer with their contents.

use super::Place;
use super::snapshot::Packing;
use crate::binary::packed::{self, NameHint, PackedError, original_names};
use crate::binary::{self, Binary, BinaryError, ReadAt, Reader};
use crate::cabinet::{self, Cabinet, CabinetError};

/// The answer of one file.
pub(super) struct Contents {
    pub(super) binary: Result<Binary, BinaryError>,
    /// `None` for a file that is not packed.
    pub(super) packing: Option<Packing>,
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
pub(super) fn read(place: &Place, packed_only: bool, reader: &mut Reader) -> Option<Contents> {
    let failed = |error: std::io::Error| Contents { binary: Err(BinaryError::Io(error.to_string())), packing: None };
    let file = match place.open() {
        Ok(file) => file,
        Err(error) => return Some(failed(error)),
    };
    let file = file.as_ref();
    if packed_only {
        return match packing(file) {
            Ok(packing) => packing.map(|method| unpack(file, method)),
            Err(error) => Some(failed(error)),
        };
    }
    let binary = reader.read(file);
    if binary == Err(BinaryError::NotExecutable)
        && let Ok(Some(method)) = packing(file)
    {
        return Some(unpack(file, method));
    }
    Some(Contents { binary, packing: None })
}

/// How a file is packed, by its first bytes.
enum Method {
    /// By COMPRESS.EXE.
    Alone,
    /// As a cabinet.
    Cabinet,
}

fn packing(file: &dyn ReadAt) -> std::io::Result<Option<Method>> {
    let mut head = [0; packed::HEAD_BYTES];
    let count = file.read_at(&mut head, 0)?;
    Ok(match &head[..count] {
        head if head.starts_with(cabinet::SIGNATURE) => Some(Method::Cabinet),
        head => packed::recognise(head).map(|_| Method::Alone),
    })
}

fn unpack(file: &dyn ReadAt, method: Method) -> Contents {
    let unpacked = match method {
        Method::Alone => packed::unpack(file).map(|unpacked| (unpacked.bytes, unpacked.name_hint)),
        Method::Cabinet => only_member(file).map_err(PackedError::from),
    };
    match unpacked {
        Ok((bytes, hint)) => Contents {
            binary: binary::read(&bytes),
            packing: Some(Packing { hint: Some(hint), unpacked_size: Some(bytes.len() as u64) }),
        },
        Err(error) => Contents {
            binary: Err(BinaryError::Packed(error)),
            packing: Some(Packing { hint: None, unpacked_size: None }),
        },
    }
}

/// The member of a cabinet that has one, as of installation media since Windows 2000: `TAPISRV.EX_`.
fn only_member(file: &dyn ReadAt) -> Result<(Vec<u8>, NameHint), CabinetError> {
    let cabinet = Cabinet::open(file)?;
    let [member] = cabinet.members() else {
        let what = format!("a packed file holds one file, this cabinet {}", cabinet.members().len());
        return Err(CabinetError::Corrupt(what));
    };
    let mut unpacked = Err(CabinetError::NotACabinet);
    cabinet.unpack(|_| true, |_, bytes| unpacked = bytes);
    let name = member.name.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem, Some(extension.to_owned())),
        None => (name, None),
    };
    Ok((unpacked?, NameHint::Parts { stem: Some(stem.to_owned()), extension }))
}
