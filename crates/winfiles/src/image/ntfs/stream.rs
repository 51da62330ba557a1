//! The data of an attribute outside its record, in clusters.

use std::io;

use super::attribute::Attribute;
use super::runs::{self, Run};
use crate::bytes::ReadAt;
use crate::image::source::{Part, corrupt};

/// Data in clusters.
pub(super) struct Stream {
    part: Part,
    pub(super) cluster: u64,
    pub(super) runs: Vec<Run>,
    pub(super) size: u64,
    initialised: u64,
}

impl Stream {
    /// The data of an attribute's pieces.
    ///
    /// # Errors
    /// Pieces that are missing or lie outside the volume.
    pub(super) fn new(part: &Part, cluster: u64, pieces: &[Attribute<'_>]) -> io::Result<Self> {
        let stream = Self::begun(part, cluster, pieces, false)?;
        let held = stream.held();
        if stream.size > held {
            return Err(corrupt(format!("{held} bytes are stored of the {} that the file has", stream.size)));
        }
        Ok(stream)
    }

    /// As [`Self::new`], for the pieces that are known: the file ends where they end.
    pub(super) fn partial(part: &Part, cluster: u64, pieces: &[Attribute<'_>]) -> io::Result<Self> {
        let stream = Self::begun(part, cluster, pieces, true)?;
        let size = stream.size.min(stream.held());
        Ok(Self { size, ..stream })
    }

    fn begun(part: &Part, cluster: u64, pieces: &[Attribute<'_>], partial: bool) -> io::Result<Self> {
        let runs = runs::read(pieces, part.size.div_ceil(cluster), partial)?;
        let first = pieces.iter().filter_map(Attribute::outside).find(|piece| piece.first == 0);
        let first = first.ok_or_else(|| corrupt("the first piece of the file's data is missing"))?;
        let (size, initialised) = (first.size, first.initialised);
        Ok(Self { part: part.clone(), cluster, runs, size, initialised })
    }

    /// How many bytes the clusters hold.
    fn held(&self) -> u64 {
        self.runs.last().map_or(0, |run| (run.first + run.count).saturating_mul(self.cluster))
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The contents of the clusters up to the end of a run, also beyond the file's size.
    pub(super) fn stored(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let number = offset / self.cluster;
        let place = self.runs.partition_point(|run| run.first <= number).checked_sub(1);
        let Some(run) = place.and_then(|place| self.runs.get(place)).filter(|r| number < r.first + r.count) else {
            return Ok(0);
        };
        let within = offset - run.first * self.cluster;
        let left = run.count.saturating_mul(self.cluster) - within;
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        match run.place {
            None => buffer[..count].fill(0),
            Some(place) => self.part.fill(&mut buffer[..count], place * self.cluster + within)?,
        }
        Ok(count)
    }
}

impl ReadAt for Stream {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let written = usize::try_from(self.initialised.saturating_sub(offset)).unwrap_or(usize::MAX).min(wanted);
        let mut filled = 0;
        while filled < written {
            let count = self.stored(&mut buffer[filled..written], offset + filled as u64)?;
            if count == 0 {
                return Ok(filled);
            }
            filled += count;
        }
        buffer[filled..wanted].fill(0);
        Ok(wanted)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
