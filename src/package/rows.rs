//! Makes articles from update packages: rows that no article ever listed, each with the name of its package.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Package, PackagedFile};
use crate::KbId;
use crate::knowledge::Languages;
use crate::knowledge::Releases;
use hotfixcheck_articles::{Article, ClockTime, Fix, FixKind, SharedCells};

/// The ends of folder names that stand for a service pack and branch: `SP2QFE`, `rtmgdr`.
const BRANCHES: [&str; 2] = ["gdr", "qfe"];

/// The article with the files of a package.
pub fn of_package(package: &Package, id: KbId, languages: &Languages, releases: &Releases) -> Article {
    let title = package.information.title.clone().unwrap_or_else(|| format!("Update package {}", package.name));
    let products =
        releases.line_names().filter(|line| title.contains(line)).map(|line| line.to_owned().into()).collect();
    let fixes: Vec<Fix> = (1..).zip(&package.files).map(|(line, file)| fix(package, file, line, languages)).collect();
    Article { products, last_modified: fixes.iter().filter_map(|fix| fix.date).max(), fixes, ..Article::new(id, title) }
}

fn fix(package: &Package, file: &PackagedFile, line: u32, languages: &Languages) -> Fix {
    let info = file.binary.version_info();
    let version = info.and_then(|info| match info.fixed_file {
        Some(version) => Some(version.to_string()),
        None => info.file_version_string().map(|text| text.trim().to_owned()),
    });
    let moment = file.modified.and_then(moment);
    let shared = SharedCells {
        language: info.and_then(|info| languages.name_of(info)).map(Into::into),
        platform: file.binary.machine.map(|machine| machine.name().to_owned().into()),
        machine: file.binary.machine,
        branch: file.path.rsplit('/').skip(1).find(|folder| is_branch(folder)).map(str::to_uppercase).map(Into::into),
        note: Some(format!("package {}: {}", package.name, file.path).into()),
        ..SharedCells::new(FixKind::Package)
    };
    Fix {
        version: version.map(Into::into),
        date: moment.map(DateTime::date),
        time: moment.and_then(clock_time),
        size: Some(file.size),
        shared: shared.into(),
        ..Fix::new(FixKind::Package, file.name.clone(), line)
    }
}

fn is_branch(folder: &str) -> bool {
    let folder = folder.to_ascii_lowercase();
    let start = BRANCHES.iter().find_map(|branch| folder.strip_suffix(branch));
    start.is_some_and(|pack| pack == "rtm" || pack.strip_prefix("sp").is_some_and(|n| n.parse::<u8>().is_ok()))
}

fn clock_time(moment: DateTime) -> Option<ClockTime> {
    ClockTime::new(moment.hour().unsigned_abs(), moment.minute().unsigned_abs())
}

fn moment(seconds: i64) -> Option<DateTime> {
    Some(Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).datetime())
}
