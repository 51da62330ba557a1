//! Lines above a table that bind it, alike in every layout (issue 13, point 2; issue 14, point 8).

use hotfixcheck_articles::{Fix, parse};
use hotfixcheck_types::Machine;

/// The only row below a line, in the layout of the archive and in Markdown.
fn rows(line: &str) -> [Fix; 2] {
    let text = format!(
        "DOCUMENT:Q300001  11-JUL-2003  [winnt]\nTITLE   :Lamp\nPRODUCT :Microsoft Windows NT\nPROD/VER:\nOPER/SYS:\nKEYWORDS:\n\n\
         ======================================================================\n\nRESOLUTION\n==========\n\n\
         The English version of this fix should have the following file attributes or later:\n\n{line}\n\n   \
         Date        Time   Version      Size     File name\n   \
         ---------------------------------------------------\n   \
         03-Feb-2003 06:44  7.3.100.5    12,345   lamp.dll\n"
    );
    let page = format!(
        "# A lamp update\n\n_Original KB number:_ &nbsp; 300001\n\n## Resolution\n\n\
         The English version of this fix has the file attributes (or later) that these tables list.\n\n{line}\n\n\
         | File name | Version |\n|---|---|\n| lamp.dll | 7.3.100.5 |\n"
    );
    [text, page].map(|article| {
        let mut fixes = parse(&article, None).unwrap().remove(0).fixes;
        assert_eq!(fixes.len(), 1, "{article}");
        fixes.remove(0)
    })
}

#[test]
fn a_processor_above_a_table_binds_it_in_every_layout() {
    for line in [
        "Windows NT 4.0 (Alpha)",
        "Windows NT 4.0, Alpha",
        "Windows NT 4.0 Alpha",
        "Alpha",
        "ALPHA:",
        "Alpha version:",
        "For Alpha-based computers:",
        "Alpha files",
        "The following files are for Alpha-based computers:",
    ] {
        assert_eq!(rows(line).map(|fix| fix.machine), [Some(Machine::Alpha); 2], "{line}");
    }
    for line in ["Windows NT 4.0 (Intel, Alpha)", "Intel and Alpha versions:", "Windows NT 4.0"] {
        assert_eq!(rows(line).map(|fix| fix.machine), [None; 2], "{line}");
    }
}

#[test]
fn a_sentence_above_a_table_binds_it_to_its_products() {
    for (line, section) in [
        ("The following files are for Windows XP only:", "Windows XP"),
        ("The following files are available for Windows XP:", "Windows XP"),
        ("These files apply to Windows XP Service Pack 1:", "Windows XP Service Pack 1"),
        ("Files that are for Windows XP only:", "Windows XP"),
        ("If you are running Windows XP:", "Windows XP"),
        ("- Windows XP", "Windows XP"),
        ("* Windows XP", "Windows XP"),
        ("1. Windows XP", "Windows XP"),
        ("Windows XP", "Windows XP"),
        // Nothing is bound.
        ("The following files are available for download:", ""),
        ("If you are running the lamp on Windows XP:", ""),
        ("1. Start the computer.", ""),
    ] {
        assert_eq!(rows(line).map(|fix| fix.section.to_string()), [section; 2], "{line}");
    }
}

/// Q250381 lists smsinst.dl_, and says to rename it: the installed file has the other name. A packed file in a folder that Windows
/// is installed from keeps its name (Q243643) (issue 14).
#[test]
fn a_packed_name_that_the_text_says_to_change_is_that_of_the_installed_file() {
    let files = |sentence: &str| {
        let text = format!(
            "DOCUMENT:Q300001  11-JUL-2003  [winnt]\nTITLE   :Lamp\nPRODUCT :Microsoft Windows NT\nPROD/VER:\nOPER/SYS:\nKEYWORDS:\n\n\
             ======================================================================\n\nRESOLUTION\n==========\n\n\
             The English version of this fix should have the following file attributes or later:\n\n   \
             Date      Time    Size     File name    Platform\n   \
             --------------------------------------------------\n   \
             01/26/00  8:13pm   12,345   Lamp.dl_    Intel\n\n\
             {sentence}\n"
        );
        parse(&text, None).unwrap().remove(0).fixes.into_iter().map(|fix| fix.file.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(files("Replace the Lamp.dll file with this one. Rename\nLamp.dl_ to Lamp.dll."), ["Lamp.dll"]);
    assert_eq!(files("Rename the Lamp.dl_ file to Lamp.org."), ["Lamp.dl_"]);
    assert_eq!(files("Rename Bulb.dl_ to Bulb.dll."), ["Lamp.dl_"]);
}
