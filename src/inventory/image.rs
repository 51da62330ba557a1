//! The files of an image, listed as a walk lists those of a folder.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::collected::names;
use super::error::EMPTY;
use super::interest::{Matter, UNOPENED, is_unopened};
use super::listing::{Listing, Met};
use super::shared::SharedFolder;
use super::{Collected, InventoryError, Place, Problem, RelativePath, Wanted};
use hotfixcheck_winfiles::image::{self, FileSystem, Image, Item};
use hotfixcheck_winfiles::isolate;

/// Lists the files of an image: `disk.vmdk:/WINNT/System32/tapisrv.exe`, or `disk.vmdk:p2/WINNT/…` where it has several
/// volumes. The images in an archive are opened, too: `collected.zip:/disk.vhdx:/Windows/…`. Returns false for a file
/// that is not an image.
///
/// # Errors
/// An image that cannot be read at all.
pub(super) fn list(
    root: usize,
    path: &Path,
    wanted: &Wanted<impl Fn(&str) -> bool>,
    listing: &mut Listing<'_>,
) -> Result<bool, InventoryError> {
    let failed = |cause| InventoryError::Image { path: path.to_owned(), cause };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some(image) = image::open(path).map_err(failed)? else {
        // A file of zeros with the name of an image is an error, not an empty tree. Other packed files get a hint.
        let head = head(path);
        let is_image = image::may_be_image(&name) && !head.starts_with(b"MZ");
        if is_image || (image::may_be_archive(&name) && !image::is_archive(&head)) {
            let what = match () {
                () if head.is_empty() => EMPTY,
                () if head.iter().all(|byte| *byte == 0) => "begins with zeros only",
                () => "begins like none that this program knows",
            };
            return Err(InventoryError::NoImage { path: path.to_owned(), what });
        }
        return Ok(false);
    };
    // The archives, each with the images that were found in it.
    let mut archives = vec![Archive::new(name.to_string(), 0)];
    let found = list_volumes(root, image, wanted, listing, &mut archives[0]);
    let mut open: VecDeque<(Within, usize)> = found.into_iter().map(|one| (one, 0)).collect();
    let (mut opened, mut unopened) = (0, 0);
    while let Some((Within { files, id, path, below }, archive)) = open.pop_front() {
        let depth = archives[archive].depth + 1;
        if opened == MAX_IMAGES || depth > MAX_DEPTH {
            unopened += 1;
            continue;
        }
        opened += 1;
        match image::open_inside(&files, &below, id) {
            Ok(Some(image)) => {
                archives[archive].images.push(below);
                let mut inner = Archive::new(path, depth);
                let found = list_volumes(root, image, wanted, listing, &mut inner);
                open.extend(found.into_iter().map(|one| (one, archives.len())));
                archives.push(inner);
            }
            Ok(None) => {}
            Err(error) => {
                archives[archive].images.push(below);
                let path = RelativePath::from(path.as_str());
                listing.problems.push(Problem { root, path, what: error.to_string() });
            }
        }
    }
    if unopened > 0 {
        let path = RelativePath::from(format!("{name}:").as_str());
        let what = format!(
            "{unopened} images in the archive are not read: after {MAX_IMAGES} others, or in more than {MAX_DEPTH} archives"
        );
        listing.problems.push(Problem { root, path, what });
    }
    collect(root, &archives, &mut listing.collected);
    Ok(true)
}

/// An archive, or an image that contains no others.
struct Archive {
    /// Its path in reports.
    path: String,
    /// How many other archives it is in.
    depth: usize,
    /// It contains a Windows directly, not only in an image.
    has_windows: bool,
    /// The paths of the images in it.
    images: Vec<String>,
}

impl Archive {
    fn new(path: String, depth: usize) -> Self {
        Self { path, depth, has_windows: false, images: Vec::new() }
    }
}

/// Removes the names of images in archives, the outer ones first, from the lasting paths of their files. If there are
/// several images, the parts that distinguish them stay.
fn collect(root: usize, archives: &[Archive], collected: &mut Vec<Collected>) {
    for archive in archives {
        let images: Vec<&str> = archive.images.iter().map(String::as_str).collect();
        let names = match images.as_slice() {
            [_] if !archive.has_windows => vec![String::new()],
            several => names(several),
        };
        let is_outer = |one: &&Collected| one.root == root && one.path == archive.path.as_str().into();
        let outer = collected.iter().find(is_outer).map_or_else(String::new, |outer| outer.name.clone());
        collected.extend(images.iter().zip(names).map(|(image, own)| {
            let path = RelativePath::from(format!("{}:/{image}", archive.path).as_str());
            let between = if outer.is_empty() || own.is_empty() { "" } else { ":/" };
            Collected { root, path, name: format!("{outer}{between}{own}") }
        }));
    }
}

/// The beginning of a file, by which an archive is recognised.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(image::ARCHIVE_HEAD_BYTES as u64).read_to_end(&mut head));
    read.map(|_| head).unwrap_or_default()
}

/// How many images in one archive are opened.
const MAX_IMAGES: usize = 64;
/// An archive whose only file is another archive is opened together with it, up to this depth.
const MAX_DEPTH: usize = 3;
/// How many archives in one archive are named one by one, and how many are examined for that.
const MAX_NAMED: usize = 100;
const MAX_LOOKED_AT: usize = 4096;

/// An image in an archive.
struct Within {
    files: Arc<dyn FileSystem>,
    id: u64,
    /// Its path in reports, and its path in the archive.
    path: String,
    below: String,
}

/// Lists the files of an image of this name; returns the files of an archive that may be images, or that are its only
/// file.
fn list_volumes(
    root: usize,
    image: Image,
    wanted: &Wanted<impl Fn(&str) -> bool>,
    listing: &mut Listing<'_>,
    archive: &mut Archive,
) -> Vec<Within> {
    let mut within = Vec::new();
    let Archive { path: name, has_windows, .. } = archive;
    let below = |volume: &str, path: &str| RelativePath::from(format!("{name}:{volume}/{path}").as_str());
    for what in image.problems {
        listing.problems.push(Problem { root, path: RelativePath::from(format!("{name}:").as_str()), what });
    }
    for volume in image.volumes {
        let files = &volume.files;
        let mut seen = 0;
        let mut first = None;
        let kept = listing.candidates.len();
        let mut shared = SharedFolder::default();
        let mut packed = Vec::new();
        let listed = isolate(|| {
            files.list(&mut |item| match item {
                Item::File { path, id, size, modified } => {
                    let own = path.rsplit('/').next();
                    if image.archive {
                        seen += 1;
                        shared.see(&RelativePath::from(path.as_str()));
                        let may_be = own.is_some_and(image::may_be_image);
                        if !may_be && own.is_some_and(image::may_be_archive) {
                            packed.push((id, path.clone()));
                        }
                        if may_be || seen == 1 {
                            let whole = format!("{name}:{}/{path}", volume.name);
                            let one = Within { files: files.clone(), id, path: whole, below: path.clone() };
                            if may_be { within.push(one) } else { first = Some(one) }
                        }
                    }
                    if !image.archive && own.is_some_and(is_unopened) {
                        let what = UNOPENED.to_owned();
                        listing.warnings.push(Problem { root, path: below(&volume.name, &path), what });
                    }
                    listing.see(own, wanted, || Met {
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
                Item::Warning { path, what } => {
                    listing.warnings.push(Problem { root, path: below(&volume.name, &path), what });
                }
                Item::Other { path, what } => {
                    // As in a folder: only items with the name of a wanted file are reported.
                    if Matter::of(path.rsplit('/').next(), wanted).is_some() {
                        listing.warnings.push(Problem {
                            root,
                            path: below(&volume.name, &path),
                            what: what.to_owned(),
                        });
                    }
                }
            });
        });
        if let Some(folder) = shared.folder() {
            let components = name.split('/').count() + folder.components().count();
            listing.rebase(root, kept, components);
        }
        *has_windows |= shared.has_windows();
        if let Some(top) = shared.top() {
            listing.collected.push(Collected {
                root,
                path: below(&volume.name, &top.to_string()),
                name: String::new(),
            });
        }
        if seen == 1 {
            // The only file of an archive is always opened.
            within.extend(first);
        } else {
            name_packed(root, name, files, &packed, listing);
        }
        if let Err(what) = listed {
            listing.problems.push(Problem { root, path: below(&volume.name, ""), what });
        }
    }
    within
}

/// Names the archives in an archive. They are not opened: files that a user once downloaded are not part of the system.
fn name_packed(
    root: usize,
    name: &str,
    files: &Arc<dyn FileSystem>,
    packed: &[(u64, String)],
    listing: &mut Listing<'_>,
) {
    let mut more = packed.len().saturating_sub(MAX_LOOKED_AT);
    let mut named = 0;
    for (id, path) in packed.iter().take(MAX_LOOKED_AT) {
        let is_archive = isolate(|| {
            let mut head = [0; image::ARCHIVE_HEAD_BYTES];
            let count = files.open(*id).and_then(|file| file.read_at(&mut head, 0));
            // A file that cannot be read may be an archive.
            let of = |count: usize| (image::is_archive(&head[..count]), image::is_readable_archive(&head[..count]));
            count.map_or((true, true), of)
        });
        match is_archive {
            Ok((false, _)) => {}
            _ if named == MAX_NAMED => more += 1,
            _ => {
                named += 1;
                let place = format!("{name}:/{path}");
                let what = match is_archive {
                    Ok((_, false)) => {
                        "an archive in the archive, of a kind that is not read: unpack it, and name its folder as PATH"
                            .to_owned()
                    }
                    _ => format!("an archive in the archive, which is not opened: name it as PATH, '{place}:/'"),
                };
                listing.problems.push(Problem { root, path: RelativePath::from(place.as_str()), what });
            }
        }
    }
    if more > 0 {
        let path = RelativePath::from(format!("{name}:").as_str());
        listing.problems.push(Problem { root, path, what: format!("{more} more archives in it are not opened") });
    }
}
