//! The files of an image, as a walk lists those of a folder.

use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::error::EMPTY;
use super::interest::{Matter, UNOPENED, is_unopened};
use super::listing::{Listing, Met};
use super::root::InImage;
use super::shared::SharedFolder;
use super::{InventoryError, Place, Problem, RelativePath, Wanted};
use hotfixcheck_winfiles::image::{self, FileSystem, Image, Item, Volume};
use hotfixcheck_winfiles::isolate;

/// Lists the files of an image: `disk.vmdk:/WINNT/System32/tapisrv.exe`, and where it has several volumes
/// `disk.vmdk:p2/WINNT/…`. The images in an archive are opened, too: `collected.zip:/disk.vhdx:/Windows/…`. False for a file
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
        // Zeros that are called like an image are no tree without files. Other packed files are named with what to do.
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
    let found = list_volumes(root, &name, image, wanted, listing);
    let mut open: VecDeque<(Within, usize)> = found.into_iter().map(|one| (one, 1)).collect();
    let (mut opened, mut unopened) = (0, 0);
    while let Some((Within { files, id, path, below }, depth)) = open.pop_front() {
        if opened == MAX_IMAGES || depth > MAX_DEPTH {
            unopened += 1;
            continue;
        }
        opened += 1;
        match image::open_inside(&files, &below, id) {
            Ok(Some(image)) => {
                let found = list_volumes(root, &path, image, wanted, listing);
                open.extend(found.into_iter().map(|one| (one, depth + 1)));
            }
            Ok(None) => {}
            Err(error) => {
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
    Ok(true)
}

/// So much of a file as tells whether it is an archive.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(image::ARCHIVE_HEAD_BYTES as u64).read_to_end(&mut head));
    read.map(|_| head).unwrap_or_default()
}

/// So many images in one archive are opened.
const MAX_IMAGES: usize = 64;
/// An archive that holds nothing but another one is opened with it, so deep.
const MAX_DEPTH: usize = 3;
/// So many archives in one archive are named one by one, of so many that are looked into.
const MAX_NAMED: usize = 100;
const MAX_LOOKED_AT: usize = 4096;

/// An image in an archive.
struct Within {
    files: Arc<dyn FileSystem>,
    id: u64,
    /// Its path as reports write it, and in the archive that it lies in.
    path: String,
    below: String,
}

/// Lists the files of an image that is called so; answers what an archive holds that may be images, or is all that it holds.
fn list_volumes(
    root: usize,
    name: &str,
    image: Image,
    wanted: &Wanted<impl Fn(&str) -> bool>,
    listing: &mut Listing<'_>,
) -> Vec<Within> {
    let mut within = Vec::new();
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
                    // As in a folder: only what is called like a file that matters is worth a word.
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
        if seen == 1 {
            // All that the archive holds is opened.
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

/// Names the archives in an archive: they are not opened, for what a user once downloaded is no part of the system.
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
            // What cannot be read could be one.
            count.map_or(true, |count| image::is_archive(&head[..count]))
        });
        match is_archive {
            Ok(false) => {}
            _ if named == MAX_NAMED => more += 1,
            _ => {
                named += 1;
                let place = format!("{name}:/{path}");
                let what = format!("an archive in the archive, which is not opened: name it as PATH, '{place}:/'");
                listing.problems.push(Problem { root, path: RelativePath::from(place.as_str()), what });
            }
        }
    }
    if more > 0 {
        let path = RelativePath::from(format!("{name}:").as_str());
        listing.problems.push(Problem { root, path, what: format!("{more} more archives in it are not opened") });
    }
}

/// Lists the files at a place in an image by their paths below it, as a walk lists those below a folder: what is named
/// outright is what is meant, wherever it lies in the image.
///
/// # Errors
/// An image that cannot be read, a file that is not an image, a path that is not in it.
pub(super) fn list_place(
    root: usize,
    place: &InImage,
    wanted: &Wanted<impl Fn(&str) -> bool>,
    listing: &mut Listing<'_>,
) -> Result<(), InventoryError> {
    let failed = |cause| InventoryError::Image { path: place.image.clone(), cause };
    let Some(image) = image::open(&place.image).map_err(failed)? else {
        return Err(InventoryError::NotAnImage { path: place.image.clone() });
    };
    let (volume, place) = &descend(place, image)?;
    let files = &volume.files;
    let mut found = Vec::new();
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    let listed = isolate(|| {
        files.list(&mut |item| match item {
            Item::File { path, id, size, modified } => {
                if let Some(below) = place.strip(&path) {
                    if path.rsplit('/').next().is_some_and(is_unopened) {
                        warnings.push((below.path.to_owned(), UNOPENED.to_owned()));
                    }
                    let (start, is_place, exact) = (path.len() - below.path.len(), below.is_place, below.exact);
                    found.push((path, start, is_place, exact, id, size, modified));
                }
            }
            Item::Problem { path, what } => match place.strip(&path) {
                Some(below) => problems.push((below.path.to_owned(), what)),
                // What is wrong on the way there, or at an unknown place, may be what is missing here.
                None if path.split('/').count() == place.shared(&path) || path.is_empty() => {
                    problems.push((String::new(), format!("{}: {what}", place.written(&volume.name, &[path]))));
                }
                None => {}
            },
            Item::Warning { what, .. } => warnings.push((String::new(), what)),
            Item::Other { path, what } => {
                if let Some(below) = place.strip(&path)
                    && Matter::of(path.rsplit('/').next(), wanted).is_some()
                {
                    warnings.push((below.path.to_owned(), what.to_owned()));
                }
            }
        });
    });
    problems.extend(listed.err().map(|what| (String::new(), what)));
    if found.is_empty() {
        let reason = problems.first().map(|(_, what)| format!("; {what}")).unwrap_or_default();
        return Err(not_there(place, volume, &reason));
    }
    // Where names differ in case only, those that are written as asked for are meant.
    if found.iter().any(|(.., exact, _, _, _)| *exact) {
        found.retain(|(.., exact, _, _, _)| *exact);
    }
    let above = place.below.join("/");
    for (path, start, is_place, _, id, size, modified) in found {
        let above = Path::new(&above);
        listing.see(path.rsplit('/').next(), wanted, || Met {
            root,
            above: if is_place { above.parent().unwrap_or(above) } else { above },
            is_root: is_place,
            path: RelativePath::from(&path[start..]),
            place: Place::Image { files: files.clone(), id },
            size: Some(size),
            modified,
        });
    }
    for (path, what) in warnings {
        listing.warnings.push(Problem { root, path: RelativePath::from(path.as_str()), what });
    }
    for (path, what) in problems {
        listing.problems.push(Problem { root, path: RelativePath::from(path.as_str()), what });
    }
    Ok(())
}

/// The volume that a place lies in, and the place in it: `win.iso:/sources/install.wim:1/Windows` names an image in another.
///
/// # Errors
/// A volume, or an image on the way, that is not there or cannot be read.
fn descend(place: &InImage, image: Image) -> Result<(Volume, InImage), InventoryError> {
    let mut place = place.clone();
    let mut found = volume(&place, image.volumes)?;
    // Each turn takes a part of the place away.
    while let Some(inner) = place.inner() {
        let files = &found.files;
        let mut named = None;
        let _ = isolate(|| {
            files.list(&mut |item| {
                if let Item::File { path, id, .. } = item
                    && path.to_lowercase() == inner.path.to_lowercase()
                    && (named.is_none() || path == inner.path)
                {
                    named = Some((path, id));
                }
            });
        });
        let Some((path, id)) = named else { break };
        let outer = std::path::PathBuf::from(place.written(&found.name, &[&path]));
        let failed = |cause| InventoryError::Image { path: outer.clone(), cause };
        let Some(image) = image::open_inside(files, &path, id).map_err(failed)? else {
            return Err(InventoryError::NotAnImage { path: outer });
        };
        place = InImage { image: outer, volume: inner.volume, below: inner.below };
        found = volume(&place, image.volumes)?;
    }
    Ok((found, place))
}

/// The volume that a place names, or the only one.
fn volume(place: &InImage, mut volumes: Vec<Volume>) -> Result<Volume, InventoryError> {
    let asked = |volume: &Volume| {
        volume.name == place.volume || volume.title.as_deref().is_some_and(|t| t.eq_ignore_ascii_case(&place.volume))
    };
    if let Some(found) = volumes.iter().position(asked) {
        return Ok(volumes.swap_remove(found));
    }
    if place.volume.is_empty() && volumes.len() == 1 {
        return Ok(volumes.swap_remove(0));
    }
    let named: Vec<String> = volumes.iter().map(|volume| place.written(&volume.name, &place.below)).collect();
    let what = match named.as_slice() {
        [only] => format!("there is one volume in it: {only}"),
        several => format!("there are {} volumes in it: {}", several.len(), several.join(", ")),
    };
    Err(InventoryError::NotInImage { path: place.written(&place.volume, &place.below), what })
}

/// The error for a place that is not there, with the one that it may have been meant for.
fn not_there(place: &InImage, volume: &Volume, reason: &str) -> InventoryError {
    /// Less alike than this is another name.
    const ALIKE: f64 = 0.8;
    /// So many names are listed.
    const LISTED: usize = 8;
    let mut deepest = 0;
    let mut names = BTreeSet::new();
    // A panic of the reader ends the list: it is a hint only.
    let _ = isolate(|| {
        volume.files.list(&mut |item| {
            let Item::File { path, .. } = item else { return };
            let depth = place.shared(&path);
            if depth > deepest {
                (deepest, names) = (depth, BTreeSet::new());
            }
            if depth == deepest {
                names.extend(path.split('/').nth(depth).map(str::to_owned));
            }
        });
    });
    let path = place.written(&place.volume, &place.below);
    let Some(asked) = place.below.get(deepest) else {
        return InventoryError::NotInImage { path, what: format!("there is no file in it{reason}") };
    };
    let likeness = |name: &String| strsim::jaro_winkler(&name.to_lowercase(), &asked.to_lowercase());
    let near = names.iter().map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness > ALIKE);
    let hint = match near.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, name)) => {
            let near = [&place.below[..deepest], std::slice::from_ref(name)].concat();
            format!("; did you mean {}?", place.written(&place.volume, &near))
        }
        None if names.is_empty() => String::new(),
        None => {
            let listed: Vec<&str> = names.iter().take(LISTED).map(String::as_str).collect();
            let more = if names.len() > LISTED { ", …" } else { "" };
            format!("; there are: {}{more}", listed.join(", "))
        }
    };
    InventoryError::NotInImage { path, what: format!("there is no '{asked}' with files in it{hint}{reason}") }
}
