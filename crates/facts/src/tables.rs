//! The data of this crate: the Windows of each build number, the branch of each build of SQL Server.

use std::sync::LazyLock;

use hotfixcheck_types::KbId;

use crate::words;

const WINDOWS: &str = include_str!("../data/windows-lines.tsv");
const SQL: &str = include_str!("../data/sql-lines.tsv");
const EXCHANGE: &str = include_str!("../data/exchange-lines.tsv");
const WINDOWS_CORRECTIONS: &str = include_str!("../data/windows-corrections.tsv");
const WINDOWS_RELEASES: &str = include_str!("../data/windows-releases.tsv");

/// A Windows by the build number of its kernel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WindowsLine {
    pub(crate) build: u32,
    pub(crate) client: Option<&'static str>,
    pub(crate) server: Option<&'static str>,
}

/// A branch of SQL Server, from its first build on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SqlLine {
    pub(crate) from: (u32, u32, u32),
    pub(crate) product: &'static str,
    pub(crate) branch: &'static str,
    /// An older branch whose systems accept its builds, too.
    pub(crate) also: Option<&'static str>,
}

fn lines(text: &'static str) -> impl Iterator<Item = std::str::Split<'static, char>> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| line.split('\t'))
}

/// The lines of `data/windows-lines.tsv`, by build.
pub(crate) static WINDOWS_LINES: LazyLock<Vec<WindowsLine>> = LazyLock::new(|| {
    let name = |field: Option<&'static str>| field.filter(|name| !name.is_empty());
    lines(WINDOWS)
        .filter_map(|mut fields| {
            Some(WindowsLine {
                build: fields.next()?.parse().ok()?,
                client: name(fields.next()),
                server: name(fields.next()),
            })
        })
        .collect()
});

/// The lines of `data/sql-lines.tsv`, by build.
pub(crate) static SQL_LINES: LazyLock<Vec<SqlLine>> = LazyLock::new(|| {
    lines(SQL)
        .filter_map(|mut fields| {
            let mut numbers = fields.next()?.split('.').map(|n| n.parse().ok());
            let from = (numbers.next()??, numbers.next()??, numbers.next()??);
            Some(SqlLine { from, product: fields.next()?, branch: fields.next()?, also: fields.next() })
        })
        .collect()
});

/// The lines of `data/exchange-lines.tsv`: the first numbers of a cumulative update, and its product.
pub(crate) static EXCHANGE_LINES: LazyLock<Vec<([u32; 3], &'static str)>> = LazyLock::new(|| {
    lines(EXCHANGE)
        .filter_map(|mut fields| {
            let mut numbers = fields.next()?.split('.').map(|n| n.parse().ok());
            Some(([numbers.next()??, numbers.next()??, numbers.next()??], fields.next()?))
        })
        .collect()
});

/// The lines of `data/windows-corrections.tsv`: an article, and a product that it is not for.
pub(crate) static NOT_FOR: LazyLock<Vec<(KbId, &'static str)>> = LazyLock::new(|| {
    let one = |mut fields: std::str::Split<'static, char>| Some((words::article_id(fields.next()?)?, fields.next()?));
    lines(WINDOWS_CORRECTIONS).filter_map(one).collect()
});

/// The lines of `data/windows-releases.tsv`: build and revision of a Windows as released.
pub(crate) static RELEASED: LazyLock<Vec<(u32, u32, &'static str)>> = LazyLock::new(|| {
    let one = |mut fields: std::str::Split<'static, char>| {
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?, fields.next()?))
    };
    lines(WINDOWS_RELEASES).filter_map(one).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line is read, and the lines are sorted: the look-ups depend on the order.
    #[test]
    fn every_line_is_read_in_order() {
        let count = |text: &'static str| lines(text).count();
        assert_eq!(WINDOWS_LINES.len(), count(WINDOWS));
        assert_eq!(SQL_LINES.len(), count(SQL));
        assert_eq!(EXCHANGE_LINES.len(), count(EXCHANGE));
        assert_eq!(NOT_FOR.len(), count(WINDOWS_CORRECTIONS));
        assert_eq!(RELEASED.len(), count(WINDOWS_RELEASES));
        assert!(WINDOWS_LINES.is_sorted_by(|a, b| a.build < b.build));
        assert!(SQL_LINES.is_sorted_by(|a, b| a.from < b.from));
    }
}
