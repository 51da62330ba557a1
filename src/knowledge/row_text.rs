//! The cells of a row -> what they say: its version, and the branch and service packs that its columns name.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::mention::packs_of_heading;
use super::printed::version_of_row;
use super::release::Branch;
use hotfixcheck_articles::Fix;
use hotfixcheck_types::FileVersion;

/// What the cells of a row say.
#[derive(Clone, Debug, Default)]
pub struct RowText {
    /// Its version, if it is one.
    pub version: Option<FileVersion>,
    /// The branch that its column names.
    pub branch: Option<Branch>,
    /// The service packs of Windows that its columns name, those of the first that names some: `RTM`, `2`.
    pub packs: Packs,
}

/// Some service packs. Most rows that name one name only this one.
type Packs = Cow<'static, BTreeSet<String>>;

/// The release, and each service pack from 0 to 9.
static RELEASE: LazyLock<BTreeSet<String>> = LazyLock::new(|| BTreeSet::from(["RTM".to_owned()]));
static SINGLE: LazyLock<[BTreeSet<String>; 10]> =
    LazyLock::new(|| std::array::from_fn(|pack| BTreeSet::from([pack.to_string()])));

impl RowText {
    /// Reads the cells of a row.
    pub fn of(row: &Fix) -> Self {
        let columns = [&row.branch, &row.sp_requirement].into_iter().flatten();
        Self {
            version: row.version.as_deref().and_then(|text| version_of_row(text, &row.file)),
            branch: row.branch.as_deref().and_then(Branch::from_word),
            packs: columns.map(|text| packs_of(text)).find(|packs| !packs.is_empty()).unwrap_or_default(),
        }
    }

    /// The first three numbers of its version.
    pub fn family(&self) -> &[u32] {
        let numbers = self.version.as_ref().map(FileVersion::components).unwrap_or_default();
        &numbers[..numbers.len().min(3)]
    }
}

/// True for a cell that names a service pack.
pub(crate) fn names_pack(cell: &str) -> bool {
    !packs_of(cell).is_empty()
}

/// The service packs in a cell of an article: `SP2GDR`, `SP1, SP2`, `RTMGDR; SP1GDR`, `SP1 or later`.
fn packs_of(cell: &str) -> Packs {
    // Most cells are one word.
    if cell.trim().bytes().all(|b| b.is_ascii_alphanumeric()) {
        return match pack_of(cell) {
            None => Packs::default(),
            Some("RTM") => Cow::Borrowed(&*RELEASE),
            Some(pack) => {
                match pack.parse().ok().filter(|_| pack.len() == 1).and_then(|pack: usize| SINGLE.get(pack)) {
                    Some(single) => Cow::Borrowed(single),
                    None => Cow::Owned(BTreeSet::from([pack.to_owned()])),
                }
            }
        };
    }
    let of_words = cell.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(pack_of).map(str::to_owned);
    Cow::Owned(of_words.chain(packs_of_heading(cell)).collect())
}

/// The service pack in a column of an article: `SP2GDR`, `RTMQFE`, `SP1`.
fn pack_of(word: &str) -> Option<&str> {
    let after = |start: &str| {
        let (head, rest) = word.trim().split_at_checked(start.len())?;
        head.eq_ignore_ascii_case(start).then_some(rest)
    };
    if after("RTM").is_some() {
        return Some("RTM");
    }
    let rest = after("SP")?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits).then(|| &rest[..digits])
}
