//! The files at a path in an image, listed as a walk lists those below a folder: `cd.iso:/I386`.

use std::collections::BTreeSet;
use std::path::Path;

use super::interest::{Matter, UNOPENED, is_unopened};
use super::listing::{Listing, Met};
use super::root::InImage;
use super::{InventoryError, Place, Problem, RelativePath, Wanted};
use hotfixcheck_winfiles::image::{self, Image, Item, Volume};
use hotfixcheck_winfiles::isolate;

/// Lists the files at a path in an image by their paths below it, as a walk lists those below a folder. The user named
/// this path, so its files are judged wherever they are in the image.
///
/// # Errors
/// An image that cannot be read, a file that is not an image, a path that is not in it.
pub(super) fn list(
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
                // An error on the way to the path, or at an unknown path, may explain why the path is missing.
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
    // If names differ only in case, those in the requested spelling are used.
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

/// The volume that a path leads to, and the path in it: `win.iso:/sources/install.wim:1/Windows` names an image in
/// another.
///
/// # Errors
/// A volume, or an image on the way, that does not exist or cannot be read.
fn descend(place: &InImage, image: Image) -> Result<(Volume, InImage), InventoryError> {
    let mut place = place.clone();
    let mut found = volume(&place, image.volumes)?;
    // Each turn resolves one image of the path.
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

/// The volume in the path, or the only one of the image.
fn volume(place: &InImage, mut volumes: Vec<Volume>) -> Result<Volume, InventoryError> {
    let has_number = |volume: &Volume| volume.name == place.volume;
    let has_title =
        |volume: &Volume| volume.title.as_deref().is_some_and(|title| title.eq_ignore_ascii_case(&place.volume));
    // The number first: an image may have the number of another one as its name.
    if let Some(found) = volumes.iter().position(has_number).or_else(|| volumes.iter().position(has_title)) {
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

/// The error for a path that does not exist, with a suggestion.
fn not_there(place: &InImage, volume: &Volume, reason: &str) -> InventoryError {
    /// Names that are less similar are not suggested.
    const ALIKE: f64 = 0.8;
    /// How many names are listed.
    const LISTED: usize = 8;
    let mut deepest = 0;
    let mut names = BTreeSet::new();
    // A panic of the reader ends the listing, which is only a hint.
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
