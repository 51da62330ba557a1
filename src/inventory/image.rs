//! The files of an image, as a walk lists those of a folder.

use std::path::Path;

use super::listing::{Listing, Met};
use super::{InventoryError, Place, Problem, RelativePath, Wanted};
use crate::image::{self, Item};
use crate::isolate::isolate;

/// Lists the files of an image: `disk.vmdk:/WINNT/System32/tapisrv.exe`, and where it has several volumes
/// `disk.vmdk:p2/WINNT/…`. False for a file that is no image.
///
/// # Errors
/// An image that cannot be read at all.
pub(super) fn list(
    root: usize,
    path: &Path,
    wanted: &Wanted<impl Fn(&str) -> bool>,
    listing: &mut Listing<'_>,
) -> Result<bool, InventoryError> {
    let failed = |source| InventoryError::Image { path: path.to_owned(), source };
    let Some(image) = image::open(path).map_err(failed)? else { return Ok(false) };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let below = |volume: &str, path: &str| RelativePath::from(format!("{name}:{volume}/{path}").as_str());
    for what in image.problems {
        listing.problems.push(Problem { root, path: RelativePath::from(format!("{name}:").as_str()), what });
    }
    for volume in image.volumes {
        let files = &volume.files;
        let listed = isolate(|| {
            files.list(&mut |item| match item {
                Item::File { path, id, size, modified } => {
                    listing.see(path.rsplit('/').next(), wanted, || Met {
                        root,
                        above: Path::new(""),
                        is_root: false,
                        path: below(&volume.name, &path),
                        place: Place::Image { files: files.clone(), id },
                        size: Some(size),
                        modified,
                    });
                }
                Item::Problem { path, what } => {
                    listing.problems.push(Problem { root, path: below(&volume.name, &path), what });
                }
            });
        });
        if let Err(what) = listed {
            listing.problems.push(Problem { root, path: below(&volume.name, ""), what });
        }
    }
    Ok(true)
}
