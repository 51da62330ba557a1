//! What a file says of itself. Packed files (`TAPISRV.EX_`) answer with the contents and the name that they had.

use std::fs::File;
use std::path::Path;

use crate::binary::packed::{self, NameHint, original_names};
use crate::binary::{self, Binary, BinaryError, ReadAt, VersionOutcome};

/// The answer of one file.
pub(super) struct Contents {
    pub(super) binary: Result<Binary, BinaryError>,
    /// `None` for a file that is not packed.
    pub(super) original: Option<Original>,
}

/// A packed file as it was.
pub(super) struct Original {
    pub(super) name: String,
    /// `None` if it could not be unpacked.
    pub(super) size: Option<u64>,
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

/// Reads the file at `place`, which is called `stored`. With names it matters only if it is packed and was called by
/// one of them; `None` if that turns out not to be so.
pub(super) fn read(place: &Path, stored: &str, names: &[String]) -> Option<Contents> {
    let failed = |error: std::io::Error| Contents {
        binary: Err(BinaryError::Io(error.to_string())),
        original: names.first().map(|name| Original { name: name.clone(), size: None }),
    };
    let file = match File::open(place) {
        Ok(file) => file,
        Err(error) => return Some(failed(error)),
    };
    if names.is_empty() {
        let binary = binary::read(&file);
        let packed = binary == Err(BinaryError::NotExecutable) && is_packed(&file).is_ok_and(|packed| packed);
        return if packed {
            unpack(&file, stored, &[stored.to_lowercase()])
        } else {
            Some(Contents { binary, original: None })
        };
    }
    match is_packed(&file) {
        Ok(true) => unpack(&file, stored, names),
        Ok(false) => None,
        Err(error) => Some(failed(error)),
    }
}

fn is_packed(file: &File) -> std::io::Result<bool> {
    let mut head = [0; packed::HEAD_BYTES];
    let count = file.read_at(&mut head, 0)?;
    Ok(packed::recognise(&head[..count]).is_some())
}

fn unpack(file: &File, stored: &str, names: &[String]) -> Option<Contents> {
    match packed::unpack(file) {
        Ok(unpacked) => {
            let binary = binary::read(&unpacked.bytes);
            let size = Some(unpacked.bytes.len() as u64);
            let name = name(stored, &unpacked.name_hint, names, binary.as_ref().ok())?;
            Some(Contents { binary, original: Some(Original { name, size }) })
        }
        Err(error) => {
            let name = names.first()?.clone();
            Some(Contents { binary: Err(BinaryError::Packed(error)), original: Some(Original { name, size: None }) })
        }
    }
}

/// The name that the file had, if it is one of `names`. Where the header leaves it open the version resource tells,
/// else the likeliest name is taken.
fn name(stored: &str, hint: &NameHint, names: &[String], binary: Option<&Binary>) -> Option<String> {
    let mut possible = original_names(stored, hint);
    possible.retain(|name| names.contains(&name.to_lowercase()));
    let info = match binary.map(|binary| &binary.version) {
        Some(VersionOutcome::Found(info)) => Some(info),
        _ => None,
    };
    let said = info.into_iter().flat_map(|info| &info.tables).filter_map(|table| table.original_filename.as_deref());
    let said = said.map(str::trim).find_map(|said| possible.iter().position(|name| name.eq_ignore_ascii_case(said)));
    let place = said.unwrap_or(0);
    (place < possible.len()).then(|| possible.swap_remove(place))
}
