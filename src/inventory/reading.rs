//! Makes the records of a candidate's file.

use super::cabinet;
use super::contents::{self, Contents, Kind, Only};
use super::interest::{CABINET, Interest, Wanted};
use super::opening::{Candidate, Opened};
use super::snapshot::{FileRecord, Origin};
use super::unread::Unread;
use hotfixcheck_winfiles::binary::Reader;
use hotfixcheck_winfiles::isolate;

impl Candidate {
    /// Examines the first bytes. False only if they show that the file need not be read.
    pub(super) fn is_worth_reading(opened: &Opened<'_>) -> bool {
        !matches!(isolate(|| opened.file.as_ref().map(Kind::of)), Ok(Ok(Ok(None))))
    }

    /// Adds its records: none for a file that only had the name of a candidate, several for a cabinet.
    pub(super) fn read(
        &self,
        opened: &Opened<'_>,
        wanted: &Wanted<impl Fn(&str) -> bool>,
        reader: &mut Reader,
        records: &mut Vec<FileRecord>,
    ) {
        let before = records.len();
        if let Err(what) = isolate(|| self.add_records(opened, wanted, reader, records)) {
            *reader = Reader::new();
            records.truncate(before);
            let origin = if self.interest == Interest::Cabinet { Origin::Cabinet } else { Origin::File };
            records.push(FileRecord { origin, ..self.record(opened, Err(Unread::refused(what))) });
        }
    }

    fn add_records(
        &self,
        opened: &Opened<'_>,
        wanted: &Wanted<impl Fn(&str) -> bool>,
        reader: &mut Reader,
        records: &mut Vec<FileRecord>,
    ) {
        let before = records.len();
        if self.is_cabinet() || (wanted.sniffs() && contents::holds_several(opened)) {
            records.extend(cabinet::records(self, opened, |name| wanted.accepts(name)));
        }
        let by_name = match self.interest {
            Interest::Name => self.single(opened, Only::Any, reader),
            Interest::Packed => self.single(opened, Only::Packed, reader),
            Interest::Cabinet | Interest::Contents => None,
        };
        if by_name.is_none() && records.len() == before && wanted.sniffs() {
            let sniffed = self.single(opened, Only::Sniffed, reader);
            records.extend(sniffed.filter(|record| record.counts(|name| wanted.accepts(name), true)));
        }
        records.extend(by_name);
    }

    /// True for a cabinet by its name.
    fn is_cabinet(&self) -> bool {
        let end = self.path.as_bytes().last_chunk::<{ CABINET.len() }>();
        end.is_some_and(|end| end.eq_ignore_ascii_case(CABINET.as_bytes()))
    }

    fn single(&self, opened: &Opened<'_>, only: Only, reader: &mut Reader) -> Option<FileRecord> {
        let Contents { binary, packing } = contents::read(opened, only, reader)?;
        Some(FileRecord { packing, ..self.record(opened, binary) })
    }
}
