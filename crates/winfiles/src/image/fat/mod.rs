//! FAT12, FAT16 and FAT32, with long names. (The `fatfs` crate needs write access, reads from one thread at a time, and
//! follows a cyclic folder without end.) `volume`: the open volume; `width`: its kind; `entries`: the entries of a
//! folder; `lost`: clusters without an owner.

mod entries;
mod lost;
mod volume;
mod width;

pub(super) use volume::Fat;

use std::io;

use crate::bytes::ReadAt;
use crate::image::source::{Part, corrupt};
use crate::image::{FileSystem, Item, tree};
use lost::Marking;
use volume::Run;

impl FileSystem for Fat {
    fn list(&self, each: &mut dyn FnMut(Item)) {
        let marking = Marking::new(self);
        let mut is_damaged = false;
        tree::list(&marking, &mut |item| {
            match &item {
                Item::File { id, .. } => marking.mark((id >> 32) as u32),
                Item::Problem { .. } => is_damaged = true,
                Item::Warning { .. } | Item::Other { .. } => {}
            }
            each(item);
        });
        // Clusters of a folder that cannot be read have no owner either, and that folder has already been reported.
        if !is_damaged && let Some(what) = marking.lost() {
            each(Item::Problem { path: String::new(), what });
        }
        if self.is_dirty() {
            let what = "the volume is marked as dirty: it was not unmounted, and its newest changes may be missing";
            each(Item::Warning { path: String::new(), what: what.to_owned() });
        }
    }

    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        let (cluster, size) = ((id >> 32) as u32, id & u64::from(u32::MAX));
        let runs = self.chain(cluster, size)?;
        let held = runs.last().map_or(0, |run| run.start + run.size);
        if held < size {
            return Err(corrupt(format!("{held} bytes are stored of the {size} that the file has")));
        }
        Ok(Box::new(File { part: &self.part, runs, size }))
    }

    fn place(&self, id: u64) -> Option<(usize, u64)> {
        self.part.wants_order().then_some((0, id >> 32))
    }
}

struct File<'p> {
    part: &'p Part,
    runs: Vec<Run>,
    size: u64,
}

impl ReadAt for File<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let wanted = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX).min(buffer.len());
        let mut filled = 0;
        let first = self.runs.partition_point(|run| run.start + run.size <= offset);
        for run in &self.runs[first..] {
            if filled == wanted {
                break;
            }
            let within = offset + filled as u64 - run.start;
            let count = usize::try_from(run.size - within).unwrap_or(usize::MAX).min(wanted - filled);
            self.part.fill(&mut buffer[filled..filled + count], run.place + within)?;
            filled += count;
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
