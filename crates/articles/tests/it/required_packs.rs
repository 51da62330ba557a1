//! The column of the required service pack (issue 13, point 3).

use hotfixcheck_articles::parse;

/// The required service packs of the rows of one file, with these cells.
fn required(cells: &[&str]) -> Vec<Option<String>> {
    let mut page = String::from(
        "# A lamp update\n\n_Original KB number:_ &nbsp; 953020\n\n## Resolution\n\n\
         The English version of this fix has the file attributes (or later) that this table lists.\n\n\
         | File name | Version | Platform | SP requirement |\n|---|---|---|---|\n",
    );
    for (at, cell) in cells.iter().enumerate() {
        page += &format!("| lamp.dll | 7.3.100.{} | x86 | {cell} |\n", at + 10);
    }
    let fixes = parse(&page, None).unwrap().remove(0).fixes;
    fixes.iter().map(|fix| fix.sp_requirement.as_deref().map(str::to_owned)).collect()
}

#[test]
fn words_for_none_mean_the_release_beside_a_row_of_a_pack() {
    for cell in ["Not Applicable", "N/A", "None", "Keine", "なし", "Aucun", "Nessuno", "不适用", "RTM", "Gold", "0"]
    {
        assert_eq!(required(&[cell, "SP2"]), [Some("RTM".to_owned()), Some("SP2".to_owned())], "{cell}");
    }
    // Alone they say that any service pack will do; an unknown one says nothing.
    for cells in [["None", "None"], ["N/A", "Not Applicable"]] {
        assert_eq!(required(&cells), [None, None], "{cells:?}");
    }
    for cell in ["Unknown", "Varies", "See note", ""] {
        assert_eq!(required(&[cell, "SP2"])[0], None, "{cell}");
    }
}

#[test]
fn a_number_alone_is_that_service_pack() {
    for (cell, read) in [
        ("1", "SP1"),
        ("1, 2", "SP1, SP2"),
        ("2 or later", "SP2 or later"),
        ("SP1", "SP1"),
        ("Service Pack 1", "Service Pack 1"),
        ("2000 SP4", "2000 SP4"),
    ] {
        assert_eq!(required(&[cell])[0].as_deref(), Some(read), "{cell}");
    }
}
