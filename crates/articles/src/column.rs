//! The kinds of columns, and which of several columns may hold a fact.

/// The kind of fact that a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    File,
    Version,
    Size,
    /// A size in thousands or millions of bytes: what the file has in bytes is not known.
    RoundedSize,
    Date,
    Time,
    /// Date and time in one cell.
    DateTime,
    Platform,
    Language,
    Branch,
    SpRequirement,
    /// The folder of the package: it states the service branch, and `WOW`.
    Folder,
    /// The product that a row's file belongs to.
    Product,
    /// The folder in which the file is installed. Only the folder for 32-bit files of a 64-bit Windows states a fact.
    Place,
    /// A column without a fact of a fix: description, comments.
    Other,
}

/// A column with the location of its title in the header line, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeaderColumn {
    pub column: Column,
    pub start: usize,
    pub end: usize,
}

impl Column {
    /// The column of a name in `data/words.tsv`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "File" => Self::File,
            "Version" => Self::Version,
            "Size" => Self::Size,
            "Date" => Self::Date,
            "Time" => Self::Time,
            "Platform" => Self::Platform,
            "Language" => Self::Language,
            "Branch" => Self::Branch,
            "SpRequirement" => Self::SpRequirement,
            "Folder" => Self::Folder,
            "Product" => Self::Product,
            _ => return None,
        })
    }
}

/// Marks around titles.
pub(crate) const TITLE_MARKS: [char; 3] = ['*', ':', '\u{ff1a}'];

/// Titles that mean the file, or the version, only if no other column does: `Component | Processor | File | Version`.
pub(crate) const SECOND_CHOICE: [(&str, Column); 16] = [
    ("component", Column::File),
    ("components", Column::File),
    ("binary", Column::File),
    ("binaries", Column::File),
    ("binary name", Column::File),
    ("module", Column::File),
    ("module name", Column::File),
    ("driver", Column::File),
    ("driver file", Column::File),
    ("executable", Column::File),
    ("updated file", Column::File),
    ("updated files", Column::File),
    ("updated file name", Column::File),
    ("build", Column::Version),
    ("build number", Column::Version),
    ("product version", Column::Version),
];

/// If no title means the files, or the versions, gives that column to the one title that may mean it. Reads `Component`
/// as the product if another column has the files.
pub(crate) fn choose_second(columns: &mut [HeaderColumn], titles: &[&str]) {
    for wanted in [Column::File, Column::Version] {
        let named = |title: &str| {
            let title = title.trim_matches(TITLE_MARKS).trim();
            SECOND_CHOICE.iter().any(|(known, column)| *column == wanted && title.eq_ignore_ascii_case(known))
        };
        let second: Vec<usize> = (0..columns.len()).filter(|at| named(titles[*at])).collect();
        let first = (0..columns.len()).filter(|at| columns[*at].column == wanted && !second.contains(at)).count();
        match second.as_slice() {
            [only] if first == 0 => columns[*only].column = wanted,
            all if first == 1 && wanted == Column::File => {
                for at in all {
                    if columns[*at].column == wanted {
                        columns[*at].column = Column::Product;
                    }
                }
            }
            _ => {}
        }
    }
}
