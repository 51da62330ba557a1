//! Cabinets in a tree: their members count as installation sources, each with its own entry.

use super::opening::{Candidate, Opened};
use super::snapshot::{FileRecord, Origin};
use super::unread::Unread;
use super::{CopyKind, RelativePath};
use hotfixcheck_winfiles::binary;
use hotfixcheck_winfiles::cabinet::{Cabinet, CabinetError, Member};

/// A record for each member whose name is wanted, `i386/driver.cab:/tapisrv.exe`, in the cabinet's order; one for the
/// cabinet itself if it cannot be read. Empty for a file that is not a cabinet.
pub(super) fn records(candidate: &Candidate, opened: &Opened<'_>, wanted: impl Fn(&str) -> bool) -> Vec<FileRecord> {
    let failed = |why: Unread| FileRecord {
        origin: Origin::Cabinet,
        copy: copy(candidate),
        ..candidate.record(opened, Err(why))
    };
    let source = match &opened.file {
        Ok(source) => *source,
        Err(error) => return vec![failed(Unread::refused(error.as_str()))],
    };
    let cabinet = match Cabinet::open(source) {
        Ok(cabinet) => cabinet,
        Err(CabinetError::NotACabinet) => return Vec::new(),
        Err(error) => return vec![failed(Unread::Packed(error.into()))],
    };
    let mut records = Vec::new();
    let is_wanted = |member: &Member| wanted(&file_name(member).to_lowercase());
    let mut members = cabinet.read(is_wanted);
    while let Some(open) = members.advance() {
        let member = open.member();
        let binary = binary::read(&open);
        let binary = match open.finish() {
            Ok(()) => binary.map_err(Unread::from),
            Err(error) => Err(Unread::Packed(error.into())),
        };
        let path = RelativePath::from(format!("{}:/{}", candidate.path, member.name).as_str());
        records.push(FileRecord {
            origin: Origin::Member,
            size: Some(member.size.into()),
            modified: member.modified,
            copy: copy(candidate),
            ..FileRecord::new(candidate.root, path, binary)
        });
    }
    records
}

fn file_name(member: &Member) -> &str {
    member.name.rsplit('/').next().unwrap_or_default()
}

/// A cabinet below the root is an installation source, wherever it is; the members of a cabinet that is itself the root
/// are judged.
fn copy(candidate: &Candidate) -> Option<CopyKind> {
    if candidate.is_root { None } else { candidate.copy.or(Some(CopyKind::InstallSource)) }
}
