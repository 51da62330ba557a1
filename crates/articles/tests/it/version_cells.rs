//! Cells of a version column in other spellings (issue 14, point 1), and cells without a file name.

use hotfixcheck_articles::parse;

/// The version, and the language, of the only row with this cell.
fn read(cell: &str) -> (Option<String>, Option<String>) {
    let page = format!(
        "# A lamp update\n\n_Original KB number:_ &nbsp; 953020\n\n## Resolution\n\n\
         The English version of this fix has the file attributes (or later) that this table lists.\n\n\
         | File name | File version | Size | Date |\n|---|---|---|---|\n| lamp.dll | {cell} | 12,345 | 03-Feb-2007 |\n"
    );
    let fixes = parse(&page, None).unwrap().remove(0).fixes;
    assert_eq!(fixes.len(), 1, "{cell}");
    let text = |field: &Option<_>| field.as_deref().map(str::to_owned);
    (text(&fixes[0].version), text(&fixes[0].language))
}

#[test]
fn remarks_that_say_nothing_else_keep_the_version() {
    for cell in [
        "5.1.2600.10 (xpsp1)",
        "5.1.2600.10 (xpsp_sp2_gdr)",
        "5.1.2600.10 (xpsp_sp2_gdr.040517-1325)",
        "5.1.2600.10 built by: lab06_n",
        "5.1.2600.10 built by: xpsp(wmbla)",
        "5.1.2600.10 (English)",
        "５．１．２６００．１０",
        "5.1.2600 .10",
        "5.1.2600. 10",
        ">= 5.1.2600.10",
        "≥ 5.1.2600.10",
        "≥5.1.2600.10",
        "at least 5.1.2600.10",
        "mind. 5.1.2600.10",
        "mindestens 5.1.2600.10",
        "min. 5.1.2600.10",
        "au moins 5.1.2600.10",
        "5.1.2600.10 et ultérieures",
        "5.1.2600.10 y posteriores",
        "5.1.2600.10 e successive",
        "5.1.2600.10 и выше",
        "5.1.2600.10 及更高版本",
        "5.1.2600.10 以降",
        "5.1.2600.10+",
        "5.1.2600.10 or later",
    ] {
        assert_eq!(read(cell), (Some("5.1.2600.10".to_owned()), None), "{cell}");
    }
    assert_eq!(read("5.1.2600.10 (German)").1.as_deref(), Some("German"));
}

#[test]
fn remarks_that_may_say_anything_cost_the_version() {
    // By "greater than" the version itself would not be enough.
    for cell in [
        "> 5.1.2600.10",
        "< 5.1.2600.10",
        "5.1.2600.10 (withdrawn)",
        "5.1.2600.10 built by",
        "not 5.1.2600.10",
        "5.1 2600 .10",
    ] {
        assert_eq!(read(cell).0, None, "{cell}");
    }
}

/// Issue 13, point 9: a table that says that the fix has more files does not prove that it is installed.
#[test]
fn more_files_than_the_table_lists_are_listed() {
    let rejected = |below: &str| {
        let text = format!(
            "DOCUMENT:Q900001  14-DEC-1999  [winnt]\nTITLE   :Lamps Go Out\nPRODUCT :Microsoft Windows NT\nPROD/VER::4.0\nKEYWORDS:\n\n\
             ======================================================================\n\nRESOLUTION\n==========\n\n\
             The English version of this fix should have the following file attributes or later:\n\n\
             \x20  Date         Time   Version        Size     File name\n\
             \x20  -----------------------------------------------------\n\
             \x20  16-Oct-2001  19:23  4.0.1381.7097  150,800  Lamp.exe\n{below}\n\nSTATUS\n======\n\nLamps go out.\n"
        );
        let article = hotfixcheck_articles::parse(&text, None).unwrap().remove(0);
        assert_eq!(article.fixes.len(), 1, "{below}");
        article.rejected.len()
    };
    for below in
        ["   (and 3 other files)", "   ...", "   and more files.", "\n   and other files", "   plus 2 additional files"]
    {
        assert_eq!(rejected(below), 1, "{below}");
    }
    for below in ["", "   This hotfix replaces many other files.", "\nand so on"] {
        assert_eq!(rejected(below), 0, "{below}");
    }
}

/// Issue 13, point 9: a row whose file is still to be named is of an unknown file, not of one with that name. It was absent
/// everywhere, so that the other rows made the article fixed.
#[test]
fn a_name_that_is_to_be_filled_in_is_no_file() {
    const HEAD: &str = "DOCUMENT:Q999001  08-DEC-2001  [winnt]\nTITLE   :Lamps Go Out\nPRODUCT :Microsoft Windows NT\n\
        PROD/VER::4.0\nOPER/SYS:\nKEYWORDS:\n\n\
        ======================================================================\nRESOLUTION\n==========\n\n\
        The English version of this fix should have the following file attributes or later:\n\n";
    let aligned = |name: &str| {
        format!(
            "{HEAD}   Date        Time     Version            Size     File name     Platform\n   \
             -----------------------------------------------------------------------\n   \
             11/20/2001  03:11p   4.0.1381.7097      150,800  Lamp.exe      Intel\n   \
             11/20/2001  03:11p   4.0.1381.7098      150,801  {name:<13} Intel\n"
        )
    };
    let piped = |name: &str| {
        format!(
            "# Lamps go out\n\n_Original KB number:_ &nbsp; 953020\n\n## Resolution\n\n\
             The English version of this fix has the file attributes (or later) that this table lists.\n\n\
             | File name | File version | Size | Date |\n|---|---|---|---|\n\
             | Lamp.exe | 4.0.1381.7097 | 150,800 | 20-Nov-2001 |\n| {name} | 4.0.1381.7098 | 150,801 | 20-Nov-2001 |\n"
        )
    };
    for page in [&aligned as &dyn Fn(&str) -> String, &piped] {
        for name in ["TBD", "tbd", "TBA", "N/A", "None", "unknown", "various", "Multiple", "???", "all"] {
            let article = parse(&page(name), None).unwrap().remove(0);
            let files: Vec<&str> = article.fixes.iter().map(|fix| &*fix.file).collect();
            assert_eq!((files, article.rejected.len()), (vec!["Lamp.exe"], 1), "{}", page(name));
        }
        for name in ["Bell", "NTLDR", "BOOTSECT", "Allegro"] {
            assert_eq!(parse(&page(name), None).unwrap().remove(0).fixes.len(), 2, "{}", page(name));
        }
    }
}
