//! The files of a package: from its cabinets, cabinets in these, and packed files.

use std::cell::Cell;
use std::fs::File;
use std::path::Path;
use std::rc::Rc;

use super::model::{MAX_DEPTH, MAX_FILES, MAX_UNPACKED_BYTES, Package, PackageError, PackagedFile};
use super::{inf, sfx};
use crate::KbId;
use hotfixcheck_types::Extension;
use hotfixcheck_winfiles::binary::{self, Binary, BinaryError, VersionOutcome};
use hotfixcheck_winfiles::bytes::{ReadAt, forward};
use hotfixcheck_winfiles::cabinet::{Allowance, Cabinet, CabinetError, Member, SIGNATURE};
use hotfixcheck_winfiles::isolate;
use hotfixcheck_winfiles::packed::{self, PackedError, PackedFile, original_names};

/// Files of the installer itself: they stay in the package.
const INSTALLER: [&str; 15] = [
    "update.exe",
    "hotfix.exe",
    "spmsg.dll",
    "spuninst.exe",
    "spupdsvc.exe",
    "spcustom.dll",
    "updspapi.dll",
    "psfstub.dll",
    "xpsp1hfm.exe",
    "custdll.dll",
    "iesetup.exe",
    "w2kupd.exe",
    "sprecovr.exe",
    "w95inf16.dll",
    "w95inf32.dll",
];
/// The folder of the installer's files, whatever their names.
const INSTALLER_FOLDER: &str = "update";
/// This file is for Windows 95; in a cabinet with it, [`ADVANCED_INF`] belongs to the installer, too.
const INF_HELPER: &str = "w95inf32.dll";
/// In other packages, this is an ordinary file.
const ADVANCED_INF: &str = "advpack.dll";
/// Extensions of members that are unpacked in addition to those of [binaries](hotfixcheck_types::extension::binaries): files
/// about the package, and files with versions that are rare elsewhere.
const ALSO_UNPACKED: [&str; 6] = ["cab", "inf", "msu", "mum", "nls", "aw"];
/// The most ids that are kept with their source.
const MAX_IDS: usize = 1 << 10;
/// The largest setup information or XML that is read.
const MAX_TEXT: usize = 16 << 20;

/// Limits for one package.
struct Limits {
    /// In bytes.
    unpacked: Rc<Allowance>,
    files: Allowance,
}

impl Limits {
    /// Counts the unpacked size of a file that was packed alone.
    fn unpacked(&self, size: u64) -> Result<(), String> {
        if self.unpacked.take(size) {
            return Ok(());
        }
        Err(format!("the files of this package have more than {MAX_UNPACKED_BYTES} bytes unpacked"))
    }
}

fn read(path: &Path) -> Result<Package, PackageError> {
    let failed = |error: std::io::Error| PackageError::Io(error.to_string());
    let file = File::open(path).map_err(failed)?;
    let own = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut package = Package { name: own.clone(), ..Package::default() };
    if let Some(id) = inf::id_in(&own) {
        package.ids.push(("its name".to_owned(), id));
    }
    let unpacked = Rc::new(Allowance::new(MAX_UNPACKED_BYTES));
    let limits = Limits { unpacked, files: Allowance::new(MAX_FILES as u64) };
    let mut head = [0; 4];
    let count = file.read_at(&mut head, 0).map_err(failed)?;
    match &head[..count] {
        head if head == SIGNATURE => package.cabinet(&Cabinet::open(&file as &dyn ReadAt)?, "", 0, &limits),
        [b'M', b'Z', ..] => {
            let cabinets = sfx::cabinets(&file).map_err(failed)?;
            if cabinets.is_empty() {
                return Err(PackageError::NoCabinet);
            }
            for part in cabinets {
                package.cabinet(&Cabinet::open(&part as &dyn ReadAt)?, "", 0, &limits);
            }
        }
        _ => return Err(PackageError::NotAPackage),
    }
    package.files.sort_by(|a, b| (&a.path, a.size).cmp(&(&b.path, b.size)));
    package.files.dedup();
    package.ids.sort();
    package.ids.dedup();
    Ok(package)
}

/// As [`Package::is_at`].
fn is_package(path: &Path) -> std::io::Result<bool> {
    let file = File::open(path)?;
    let mut head = [0; 4];
    let count = file.read_at(&mut head, 0)?;
    Ok(match &head[..count] {
        head if head == SIGNATURE => Cabinet::open(&file).is_ok(),
        [b'M', b'Z', ..] => !sfx::cabinets(&file)?.is_empty(),
        _ => false,
    })
}

impl Package {
    /// True for a file that begins like a package and contains a cabinet; false for one that cannot be read.
    pub fn is_at(path: &Path) -> bool {
        is_package(path).unwrap_or(false)
    }

    /// Reads a package. Parts that cannot be read are listed as its problems.
    ///
    /// # Errors
    /// A file that is not a package, or cannot be read from its start.
    pub fn read(path: &Path) -> Result<Self, PackageError> {
        isolate(|| read(path)).unwrap_or_else(|what| Err(CabinetError::Corrupt(what).into()))
    }

    fn cabinet(&mut self, cabinet: &Cabinet<&dyn ReadAt>, before: &str, depth: usize, limits: &Limits) {
        let has_helper = cabinet.members().iter().any(|member| bare(&member.name).eq_ignore_ascii_case(INF_HELPER));
        // A service pack is one stream: members that are not needed are skipped.
        let wanted = |member: &Member| {
            let name = bare(&member.name);
            if has_helper && name.eq_ignore_ascii_case(ADVANCED_INF) {
                return false;
            }
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            extension.ends_with(['_', '$'])
                || Extension::named(extension).is_binary()
                || ALSO_UNPACKED.iter().any(|known| extension.eq_ignore_ascii_case(known))
        };
        self.others += cabinet.members().iter().filter(|member| !wanted(member)).count();
        let refused = Cell::new(false);
        let taken = |member: &Member| {
            let is_wanted = wanted(member);
            let is_taken = is_wanted && limits.files.take(1);
            refused.set(refused.get() || is_wanted != is_taken);
            is_taken
        };
        let mut members = cabinet.read_within(&limits.unpacked, taken);
        while let Some(open) = members.advance() {
            let member = open.member();
            let path = format!("{before}{}", member.name);
            let state = self.state();
            self.file(&path, &open, member, depth, limits);
            if let Err(error) = open.finish() {
                // The data read so far may be wrong, so it is removed.
                self.go_back(state);
                self.failed(&path, &error);
            }
        }
        if refused.get() {
            let place = if before.is_empty() { self.name.clone() } else { before.to_owned() };
            self.problem(|| format!("{place}: more than {MAX_FILES} files are not looked at"));
        }
        // The name of the XML in an MSU contains the article, whatever the XML contains.
        let xml = cabinet.members().iter().filter(|member| member.name.to_ascii_lowercase().ends_with(".xml"));
        let room = MAX_IDS.saturating_sub(self.ids.len());
        self.ids
            .extend(xml.filter_map(|member| Some((member.name.clone(), inf::id_in(bare(&member.name))?))).take(room));
    }

    fn file(&mut self, path: &str, source: &dyn ReadAt, member: &Member, depth: usize, limits: &Limits) {
        let own = bare(path);
        let mut head = [0; packed::HEAD_BYTES];
        // A member that cannot be read is reported when it ends.
        let Ok(count) = source.read_at(&mut head, 0) else { return };
        let head = &head[..count];
        let is_text = member.size as usize <= MAX_TEXT;
        let text = || forward::whole(source, MAX_TEXT).map(|bytes| hotfixcheck_articles::decode(&bytes).into_owned());
        let is_packed = packed::recognise(head).is_some();
        if (head.starts_with(SIGNATURE) || is_packed) && depth >= MAX_DEPTH {
            self.problem(|| format!("{path}: files packed more than {MAX_DEPTH} times are not read"));
        } else if head.starts_with(SIGNATURE) {
            self.inner_cabinet(path, source, depth, limits);
        } else if is_packed {
            if let Err(error) = self.packed(path, source, member.modified, limits) {
                self.failed(path, &error);
            }
        } else if inf::is_name(own) && is_text {
            let Ok(text) = text() else { return };
            let read = inf::read(&text);
            self.ids.extend(read.id.map(|id| (path.to_owned(), id)));
            if self.information.title.is_none() {
                self.information = read;
            }
        } else if own.to_ascii_lowercase().ends_with(".mum") && is_text {
            if own.eq_ignore_ascii_case("update.mum") {
                self.ids.extend(text().ok().and_then(|text| identifier(&text)).map(|id| (path.to_owned(), id)));
            }
        } else {
            self.binary(path, own.to_owned(), binary::read(source), u64::from(member.size), member.modified);
        }
    }

    /// A file that was packed alone.
    fn packed(
        &mut self,
        path: &str,
        source: &dyn ReadAt,
        modified: Option<i64>,
        limits: &Limits,
    ) -> Result<(), String> {
        let failed = |error: PackedError| format!("packed file: {error}");
        // Nothing is unpacked after the limit is reached.
        limits.unpacked(1)?;
        let file = PackedFile::open(source).map_err(failed)?;
        let read = binary::read(&file);
        let size = file.finish().map_err(failed)?;
        limits.unpacked(size)?;
        let info = read.as_ref().ok().and_then(Binary::version_info);
        let said = info.and_then(|info| info.tables.iter().find_map(|table| table.original_filename.clone()));
        let names = original_names(bare(path), file.name_hint());
        let named = said.and_then(|said| names.iter().find(|name| name.eq_ignore_ascii_case(&said)));
        let name = named.or(names.first()).cloned().unwrap_or_else(|| bare(path).to_owned());
        self.binary(path, name, read, size, modified);
        Ok(())
    }

    /// A cabinet in the package: a packed file if it has one member with its own name, or else a package in the
    /// package.
    fn inner_cabinet(&mut self, path: &str, source: &dyn ReadAt, depth: usize, limits: &Limits) {
        match Cabinet::open(source) {
            Ok(cabinet) if bare(path).ends_with(['_', '$']) && cabinet.members().len() == 1 => {
                let mut members = cabinet.read_within(&limits.unpacked, |_| true);
                while let Some(open) = members.advance() {
                    let (member, read) = (open.member(), binary::read(&open));
                    match open.finish() {
                        Ok(()) => {
                            let name = bare(&member.name).to_owned();
                            self.binary(path, name, read, u64::from(member.size), member.modified);
                        }
                        Err(error) => self.failed(path, &error),
                    }
                }
            }
            Ok(cabinet) => self.cabinet(&cabinet, &format!("{path}:/"), depth + 1, limits),
            Err(CabinetError::NotACabinet) => {}
            Err(error) => self.failed(path, &error),
        }
    }

    fn binary(
        &mut self,
        path: &str,
        name: String,
        read: Result<Binary, BinaryError>,
        size: u64,
        modified: Option<i64>,
    ) {
        if is_installers(path, &name) {
            return;
        }
        match read {
            Ok(Binary { version: VersionOutcome::Corrupt { detail }, .. }) => {
                self.problem(|| format!("{path}: its version resource is damaged: {detail}"));
            }
            Ok(binary) => self.files.push(PackagedFile { path: path.to_owned(), name, size, modified, binary }),
            Err(BinaryError::NotExecutable | BinaryError::NotPe { .. } | BinaryError::Empty) => self.others += 1,
            Err(error) => self.failed(path, &error),
        }
    }

    fn state(&self) -> State {
        State {
            files: self.files.len(),
            ids: self.ids.len(),
            problems: self.problems.len(),
            others: self.others,
            information: self.information.clone(),
        }
    }

    /// Removes everything that was added since this state.
    fn go_back(&mut self, state: State) {
        self.files.truncate(state.files);
        self.ids.truncate(state.ids);
        self.problems.truncate(state.problems);
        self.others = state.others;
        self.information = state.information;
    }
}

/// How far a package was read.
struct State {
    files: usize,
    ids: usize,
    problems: usize,
    others: usize,
    information: inf::Information,
}

fn is_installers(path: &str, name: &str) -> bool {
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    folder.eq_ignore_ascii_case(INSTALLER_FOLDER) || INSTALLER.iter().any(|own| name.eq_ignore_ascii_case(own))
}

fn bare(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The article in the XML of an update: `<package identifier="KB976932"`.
fn identifier(xml: &str) -> Option<KbId> {
    let at = xml.find("identifier=\"")?;
    inf::id_in(xml[at + "identifier=\"".len()..].split('"').next()?)
}
