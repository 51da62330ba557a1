//! The code pages of 16-bit version blocks.

use encoding_rs as known;
use encoding_rs::Encoding;

/// The hexadecimal digits of a table's key that name its code page, behind four for the language.
const CODE_PAGE_DIGITS: std::ops::Range<usize> = 4..8;

/// The encoding of a string table's texts by its key (`040904E4`). Western European (1252) for keys and code pages
/// that are not known: versions are written in the digits that all of them share.
pub(super) fn of_table(key: &str) -> &'static Encoding {
    let code_page = key.get(CODE_PAGE_DIGITS).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    match code_page {
        Some(866) => known::IBM866,
        Some(874) => known::WINDOWS_874,
        Some(932) => known::SHIFT_JIS,
        Some(936) => known::GBK,
        Some(949) => known::EUC_KR,
        Some(950) => known::BIG5,
        Some(1250) => known::WINDOWS_1250,
        Some(1251) => known::WINDOWS_1251,
        Some(1253) => known::WINDOWS_1253,
        Some(1254) => known::WINDOWS_1254,
        Some(1255) => known::WINDOWS_1255,
        Some(1256) => known::WINDOWS_1256,
        Some(1257) => known::WINDOWS_1257,
        Some(1258) => known::WINDOWS_1258,
        Some(10000) => known::MACINTOSH,
        _ => known::WINDOWS_1252,
    }
}
