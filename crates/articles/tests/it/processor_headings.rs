//! The processor that a heading above a table gives to its rows (issue 14, point 2).

use hotfixcheck_articles::parse;
use hotfixcheck_types::Machine;

/// The processor of the only row below a heading.
fn machine(heading: &str) -> Option<Machine> {
    let page = format!(
        "# A lamp update\n\n_Original KB number:_ &nbsp; 953020\n\n## Resolution\n\n\
         The English version of this fix has the file attributes (or later) that these tables list.\n\n\
         #### {heading}\n\n| File name | Version |\n|---|---|\n| lamp.dll | 6.1.7601.17600 |\n"
    );
    let article = parse(&page, None).unwrap().remove(0);
    assert_eq!(article.fixes.len(), 1, "{heading}");
    article.fixes[0].machine
}

#[test]
fn headings_with_bits_in_japanese_korean_and_chinese() {
    for heading in [
        "サポートされているすべての 32 ビット版の Windows 7",
        "Windows 7 (32 ビット)",
        "32ビット版 Windows 7",
        "Windows 7（３２ビット版）",
        "지원되는 모든 32비트 버전의 Windows 7",
        "Windows 7(32 비트)",
        "对于 Windows 7 的所有受支持的 32 位版本",
        "32位 Windows 7",
        "32位元 Windows 7",
        "32 位元 Windows 7",
    ] {
        assert_eq!(machine(heading), Some(Machine::I386), "{heading}");
        let other = heading.replace("32", "64").replace("３２", "６４");
        assert_eq!(machine(&other), Some(Machine::X64), "{other}");
    }
    assert_eq!(machine("지원 대상인 모든 Windows XP 64비트 에디션"), Some(Machine::Ia64));
    // Of several systems, stated once behind all of them or before the first (MS08-077 ja-jp).
    for heading in [
        "Windows Vista 和 Windows Server 2008 所有受支持的 32 位版本",
        "サポートされているすべての 32 ビット エディションの Microsoft Office Lamp Server 2007 および Microsoft Office Lamp Server 2007 Service Pack 1",
    ] {
        assert_eq!(machine(heading), Some(Machine::I386), "{heading}");
    }
    assert_eq!(machine("Windows 7、Windows 7 x64"), None);
    // Both, or a different number of bits.
    assert_eq!(machine("Windows 7 的 32 位和 64 位版本"), None);
    assert_eq!(machine("Windows 7 128 位"), None);
}

#[test]
fn headings_that_end_with_a_processor() {
    for (heading, of) in [
        ("Windows NT 4.0 (Alpha)", Some(Machine::Alpha)),
        ("Windows NT 4.0, Alpha", Some(Machine::Alpha)),
        ("Windows NT 4.0, Intel", Some(Machine::I386)),
        ("Windows NT 4.0 MIPS", Some(Machine::Mips)),
        ("Windows NT 4.0 (PowerPC)", Some(Machine::Ppc)),
        ("Windows 8 (ARM)", Some(Machine::Arm)),
        ("Windows RT", Some(Machine::Arm)),
        ("Windows RT 8.1", Some(Machine::Arm)),
        ("Windows 8.1 and Windows RT 8.1", None),
        ("Windows RT and Windows 8", None),
        ("Windows NT 4.0 (Intel, Alpha)", None),
        ("Windows NT 4.0 (Intel and Alpha)", None),
        ("Windows NT 4.0 and Windows 2000", None),
    ] {
        assert_eq!(machine(heading), of, "{heading}");
    }
}
