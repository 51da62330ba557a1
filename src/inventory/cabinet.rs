//! Cabinets in a tree: their members are installation sources, each an entry of its own.

use super::candidate::{Candidate, Opened};
use super::snapshot::{FileRecord, Origin};
use super::{CopyKind, RelativePath, Untold};
use hotfixcheck_winfiles::binary::{self, BinaryError};
use hotfixcheck_winfiles::cabinet::{Cabinet, CabinetError, Member};
use hotfixcheck_winfiles::packed::PackedError;

/// How the names of cabinets end. Others (`_P0`, no extension) are not looked into.
pub(super) const EXTENSION: &str = ".cab";

/// A record for each member whose name is wanted, `i386/driver.cab:/tapisrv.exe`, in the cabinet's order; one for the
/// cabinet itself if it cannot be read. Empty for a file that is no cabinet.
pub(super) fn records(candidate: &Candidate, opened: &Opened<'_>, wanted: impl Fn(&str) -> bool) -> Vec<FileRecord> {
    let failed = |error: BinaryError| FileRecord {
        root: candidate.root,
        path: candidate.path.clone(),
        origin: Origin::Cabinet,
        packing: None,
        untold: Untold::default(),
        size: opened.size,
        modified: opened.modified,
        copy: copy(candidate),
        binary: Err(error),
    };
    let source = match &opened.file {
        Ok(source) => *source,
        Err(error) => return vec![failed(BinaryError::Io(error.clone()))],
    };
    let cabinet = match Cabinet::open(source) {
        Ok(cabinet) => cabinet,
        Err(CabinetError::NotACabinet) => return Vec::new(),
        Err(error) => return vec![failed(BinaryError::Packed(error.into()))],
    };
    let mut records = Vec::new();
    let is_wanted = |member: &Member| wanted(&file_name(member).to_lowercase());
    let mut members = cabinet.read(is_wanted);
    while let Some(open) = members.advance() {
        let member = open.member();
        let binary = binary::read(&open);
        records.push(FileRecord {
            root: candidate.root,
            path: RelativePath::from(format!("{}:/{}", candidate.path, member.name).as_str()),
            origin: Origin::Member,
            packing: None,
            untold: Untold::default(),
            size: Some(member.size.into()),
            modified: member.modified,
            copy: copy(candidate),
            binary: match open.finish() {
                Ok(()) => binary,
                Err(error) => Err(BinaryError::Packed(PackedError::Cabinet(error))),
            },
        });
    }
    records
}

fn file_name(member: &Member) -> &str {
    member.name.rsplit('/').next().unwrap_or_default()
}

/// A cabinet below the root is an installation source, wherever it lies; who scans the cabinet itself wants its members
/// judged.
fn copy(candidate: &Candidate) -> Option<CopyKind> {
    if candidate.is_root { None } else { candidate.copy.or(Some(CopyKind::InstallSource)) }
}
