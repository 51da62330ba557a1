//! The reading of one file, from its first bytes to its outcome.

use super::header::{self, Header};
use super::pe::{self, Sections};
use super::resource::{self, Leaf};
use super::text_mode::{self, LineEnds};
use super::version_block;
use super::window::{MAX_PIECE_BYTES, Windows};
use super::{Binary, BinaryError, VersionInfo, VersionOutcome, le, ne};
use crate::bytes::ReadAt;

/// Reads binaries one after another with the same buffers; keep one a thread.
#[derive(Debug, Default)]
pub struct Reader {
    windows: Windows,
    sections: Sections,
    leaves: Vec<Leaf>,
}

impl Reader {
    /// A reader; its buffers are allocated by the first file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one file, as [`read`](super::read) does.
    ///
    /// # Errors
    /// Those of [`read`](super::read).
    pub fn read(&mut self, source: &(impl ReadAt + ?Sized)) -> Result<Binary, BinaryError> {
        let first = self.windows.open(source)?;
        if first.is_empty() {
            return Err(BinaryError::Empty);
        }
        if !header::begins_as_executable(first) {
            return Err(BinaryError::NotExecutable);
        }
        let result = self.read_executable(source);
        let suspect = match &result {
            Ok(binary) => match &binary.version {
                VersionOutcome::Corrupt { .. } => true,
                VersionOutcome::Found(info) => info.damage.is_some(),
                VersionOutcome::Absent => false,
            },
            Err(error) => matches!(error, BinaryError::Corrupt(_) | BinaryError::Truncated { .. }),
        };
        if suspect && let Some(header) = self.converted_header(source) {
            let detail =
                "damaged by a text-mode transfer: every LF became CR LF, so nothing lies where the headers say";
            return Ok(header.binary(VersionOutcome::Corrupt { detail: detail.to_owned() }));
        }
        result
    }

    /// The first bytes of the file that was read last.
    pub fn first_bytes(&self) -> &[u8] {
        self.windows.first_bytes()
    }

    fn read_executable(&mut self, source: &(impl ReadAt + ?Sized)) -> Result<Binary, BinaryError> {
        let header = header::read(&mut self.windows, source)?;
        let version = match self.read_version(source, &header) {
            Ok(version) => version,
            Err(error @ BinaryError::Io(_)) => return Err(error),
            Err(BinaryError::Corrupt(detail)) => VersionOutcome::Corrupt { detail },
            Err(error) => VersionOutcome::Corrupt { detail: error.to_string() },
        };
        Ok(header.binary(version))
    }

    fn read_version(
        &mut self,
        source: &(impl ReadAt + ?Sized),
        header: &Header,
    ) -> Result<VersionOutcome, BinaryError> {
        self.leaves.clear();
        match header {
            Header::Pe(header) => {
                if let Some(address) = pe::resource_address(&mut self.windows, source, header)? {
                    self.sections.load(&mut self.windows, source, header)?;
                    resource::version_leaves(&mut self.windows, source, &self.sections, address, &mut self.leaves)?;
                }
            }
            Header::Ne(header) => self.leaves.extend(ne::version_leaf(&mut self.windows, source, header)?),
            Header::Linear(header) => self.leaves.extend(le::version_leaf(&mut self.windows, source, header)?),
        }

        let mut info: Option<VersionInfo> = None;
        let mut failure: Option<String> = None;
        for leaf in &self.leaves {
            let want = MAX_PIECE_BYTES.min(leaf.size as usize);
            let block = self.windows.up_to(source, leaf.offset, want)?;
            match version_block::parse(block, want) {
                Ok(more) => match &mut info {
                    None => info = Some(more),
                    Some(info) => merge(info, more),
                },
                Err(detail) => {
                    failure.get_or_insert_with(|| format!("version block at offset {:#x}: {detail}", leaf.offset));
                }
            }
        }
        Ok(match (info, failure) {
            (Some(mut info), failure) => {
                info.damage = info.damage.or(failure);
                VersionOutcome::Found(info)
            }
            (None, Some(detail)) => VersionOutcome::Corrupt { detail },
            (None, None) => VersionOutcome::Absent,
        })
    }

    /// The true header of a file that went through a text-mode transfer; `None` for one that did not.
    fn converted_header(&mut self, source: &(impl ReadAt + ?Sized)) -> Option<Header> {
        match text_mode::line_ends(self.windows.first_bytes()) {
            LineEnds::Converted(restored) => {
                let mut windows = Windows::default();
                windows.open(restored.as_slice()).ok()?;
                header::read(&mut windows, restored.as_slice()).ok()
            }
            // Small headers may hold no LF: then they are sound, and the resources tell.
            LineEnds::None => match text_mode::line_ends(self.windows.resource_bytes()) {
                LineEnds::Converted(_) => header::read(&mut self.windows, source).ok(),
                LineEnds::None | LineEnds::Untouched => None,
            },
            LineEnds::Untouched => None,
        }
    }
}

/// Adds what a further language says to what the first one said.
fn merge(info: &mut VersionInfo, more: VersionInfo) {
    info.fixed_file = info.fixed_file.or(more.fixed_file);
    info.fixed_product = info.fixed_product.or(more.fixed_product);
    let room = version_block::MAX_TABLES.saturating_sub(info.tables.len());
    info.tables.extend(more.tables.into_iter().take(room));
    info.damage = info.damage.take().or(more.damage);
}
