//! What a file says of itself. Packed files (`TAPISRV.EX_`) answer with the contents and the name that they had.

use super::Place;
use crate::binary::packed::{self, NameHint, PackedError, original_names};
use crate::binary::{self, Binary, BinaryError, ReadAt, VersionOutcome};
use crate::cabinet::{self, Cabinet, CabinetError};

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
pub(super) fn read(place: &Place, stored: &str, names: &[String]) -> Option<Contents> {
    let failed = |error: std::io::Error| Contents {
        binary: Err(BinaryError::Io(error.to_string())),
        original: names.first().map(|name| Original { name: name.clone(), size: None }),
    };
    let file = match place.open() {
        Ok(file) => file,
        Err(error) => return Some(failed(error)),
    };
    let file = file.as_ref();
    if names.is_empty() {
        let binary = binary::read(file);
        if binary == Err(BinaryError::NotExecutable)
            && let Ok(Some(packing)) = packing(file)
            && let Some(unpacked) = unpack(file, packing, stored, &[stored.to_lowercase()])
        {
            return Some(unpacked);
        }
        return Some(Contents { binary, original: None });
    }
    match packing(file) {
        Ok(Some(packing)) => unpack(file, packing, stored, names),
        Ok(None) => None,
        Err(error) => Some(failed(error)),
    }
}

/// How a file is packed, by its first bytes.
enum Packing {
    /// By COMPRESS.EXE.
    Alone,
    /// As a cabinet.
    Cabinet,
}

fn packing(file: &dyn ReadAt) -> std::io::Result<Option<Packing>> {
    let mut head = [0; packed::HEAD_BYTES];
    let count = file.read_at(&mut head, 0)?;
    Ok(match &head[..count] {
        head if head.starts_with(cabinet::SIGNATURE) => Some(Packing::Cabinet),
        head => packed::recognise(head).map(|_| Packing::Alone),
    })
}

/// `None` if the file was called by none of `names`.
fn unpack(file: &dyn ReadAt, packing: Packing, stored: &str, names: &[String]) -> Option<Contents> {
    let unpacked = match packing {
        Packing::Alone => packed::unpack(file).map(|unpacked| (unpacked.bytes, unpacked.name_hint)),
        Packing::Cabinet => only_member(file).map_err(PackedError::from),
    };
    match unpacked {
        Ok((bytes, hint)) => {
            let binary = binary::read(&bytes);
            let size = Some(bytes.len() as u64);
            let name = name(stored, &hint, names, binary.as_ref().ok())?;
            Some(Contents { binary, original: Some(Original { name, size }) })
        }
        Err(error) => {
            let name = names.first()?.clone();
            Some(Contents { binary: Err(BinaryError::Packed(error)), original: Some(Original { name, size: None }) })
        }
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
