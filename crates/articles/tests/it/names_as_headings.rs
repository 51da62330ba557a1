//! Headings of the level of the announcing one that name only products, packs, processors or branches: the part goes on
//! below them (issue 14, points 1 and 2).

use hotfixcheck_articles::parse;
use hotfixcheck_types::Machine;

/// The section and the processor of the only row below a heading of the level of "File information".
fn row(heading: &str) -> Option<(String, Option<Machine>)> {
    let page = format!(
        "# A lamp update\n\n_Original KB number:_ &nbsp; 953022\n\n## Resolution\n\n### File information\n\n\
         The English version of this fix has the file attributes (or later) that these tables list.\n\n\
         ### {heading}\n\n| File name | Version | Date | File size |\n|---|---|---|---|\n\
         | lamp.dll | 6.1.7601.17600 | 20-Dec-2010 | 12,345 |\n"
    );
    let article = parse(&page, None).unwrap().remove(0);
    let fix = article.fixes.first()?;
    Some((fix.section.to_string(), fix.machine))
}

#[test]
fn headings_of_products_and_processors_go_on_with_the_part() {
    let (x86, x64, none) = (Some(Machine::I386), Some(Machine::X64), None);
    for (heading, machine) in [
        ("Windows XP, x86-Versionen", x86),
        ("Alle unterstützten x64-Versionen von Windows Vista", x64),
        ("Alle unterstützten x86-Editionen von Windows Server 2008", x86),
        ("Pour toutes les versions 64 bits prises en charge de Windows 7", x64),
        ("Toutes les éditions prises en charge de Windows 7", none),
        ("Para todas las versiones compatibles de 64 bits de Windows 7", x64),
        ("Para todas as versões de 32 bits com suporte do Windows 7", x86),
        ("Tutte le versioni supportate a 64 bit di Windows 7", x64),
        ("サポートされているすべての 32 ビット版の Windows 7", x86),
        ("지원되는 모든 64비트 버전의 Windows 7", x64),
        ("对于所有受支持的 32 位版本的 Windows 7", x86),
        ("對於所有支援的 64 位元版本 Windows 7", x64),
        ("Version 32 bits", x86),
        ("Systèmes 32 bits", x86),
        ("32-Bit-Systeme", x86),
        ("SQL Server 2005 SP2 QFE", none),
        ("Windows Embedded Standard 2009", none),
        ("Microsoft Office XP SP3, Client Installation", none),
        ("Windows 10, version 22H2", none),
    ] {
        assert_eq!(row(heading), Some((heading.to_owned(), machine)), "{heading}");
    }
    // Without a system, 64 bits are of x64 or of Itanium.
    for heading in ["64-bit editions", "Sistemi a 64 bit"] {
        assert_eq!(row(heading).map(|(section, _)| section).as_deref(), Some(heading));
    }
}

#[test]
fn headings_of_other_matters_end_the_part() {
    for heading in [
        "Files replaced by this update",
        "Known issues in Windows 7",
        "Removal information for Windows XP",
        "Workaround for 64-bit editions",
        "Versions that are affected",
    ] {
        assert_eq!(row(heading), None, "{heading}");
    }
}
