//! Which update brings the files of a section: the one that the bulletin's list of affected software gives its product, then
//! the one of a link with the product's name (issue 14).

use std::collections::BTreeMap;

use hotfixcheck_articles::parse;

/// A section with a table of one file.
fn section(heading: &str, text: &str, above: &str, file: &str) -> String {
    format!(
        "#### {heading}\n\n{text}\n\nThe English version of this update has the file attributes that the table lists.\n\n{above}\n\n\
         | File name | Version     | Date        | Size   |\n|-----------|-------------|-------------|--------|\n\
         | {file}  | 11.0.8033.0 | 01-Apr-2006 | 79,912 |\n\n"
    )
}

/// The id of the update of each file.
fn updates(list: &str, sections: &[String]) -> BTreeMap<String, u32> {
    let page = format!(
        "---\nTOCTitle: 'MS06-948'\nTitle: 'Microsoft Security Bulletin MS06-948'\n---\n\n\
         Microsoft Security Bulletin MS06-948\n====================================\n\n\
         Lamps in programs (900270)\n--------------------------\n\n**Affected Software:**\n\n{list}\n\n\
         **Which lamps are these?**  \nAll of them.\n\n{}",
        sections.concat()
    );
    let articles = parse(&page, None).unwrap();
    let files = |article: &hotfixcheck_articles::Article| {
        let id = article.id.number();
        article.fixes.iter().map(|fix| (fix.file.to_string(), id)).collect::<Vec<_>>()
    };
    articles.iter().flat_map(files).collect()
}

fn of<const N: usize>(expected: [(&str, u32); N]) -> BTreeMap<String, u32> {
    expected.into_iter().map(|(file, id)| (file.to_owned(), id)).collect()
}

const OFFICE: &str = "- Microsoft Office 2003 Service Pack 2 - [Download the update (KB900271)](https://example.com/a) │ [Other language (KB900271)](https://example.com/b)\n\
    \n    - Microsoft Office Word 2003 Viewer - [Download the update (KB900272)](https://example.com/c)\n\
    - Microsoft Office 2000 Service Pack 3 - [Download the update (KB900273)](https://example.com/d)";

/// One sentence links to the packages of both programs (MS06-060); one link is that of another bulletin (MS06-058).
#[test]
fn the_list_of_affected_software_precedes_the_links_of_the_instructions() {
    let links = "1. [Download the update for Word 2003](https://example.com/office2003-kb900271-fullfile-enu.exe) or \
                 [Word Viewer 2003](https://example.com/office2003-kb900272-fullfile-enu.exe)";
    let other = "1. [Download the update.](https://example.com/office2000-kb900299-fullfile-enu.exe)";
    let both = section("Word 2003", links, "Word 2003:", "Lampw.exe")
        + &section("Word 2003", links, "Word Viewer 2003", "Lampv.exe")
        + &section("Excel 2000", other, "", "Lampe.exe");
    let expected = of([("Lampw.exe", 900_271), ("Lampv.exe", 900_272), ("Lampe.exe", 900_273)]);
    assert_eq!(updates(OFFICE, &[both]), expected);
}

/// MS06-012: the list has no Excel Viewer 2003, but a link is called so.
#[test]
fn a_link_with_the_name_of_the_product_gives_its_update() {
    let links = "1. Download this: [Excel 2003](https://example.com/office2003-kb900275-fullfile-enu.exe), \
                 [Excel 2003 Viewer](https://example.com/office2003-kb900276-fullfile-enu.exe)";
    let viewer = section("Excel 2003", links, "Excel 2003 Viewer", "Lampv.exe");
    assert_eq!(updates(OFFICE, &[viewer]), of([("Lampv.exe", 900_276)]));
}

/// Systems inside of a component's item, and a range of versions (MS06-078).
#[test]
fn items_inside_of_a_component_are_updates_of_it() {
    let list = "- Microsoft Windows Media Format 7.1 through 9.5 Series Runtime on these versions:\n\
                \n    - Microsoft Windows 2000 Service Pack 4 - [Download (KB900271)](https://example.com/a)\
                \n    - Microsoft Windows XP Service Pack 2 - [Download (KB900271)](https://example.com/b)\n\
                - Microsoft Windows Media Player 6.4\n\
                \n    - Windows 2000 Service Pack 4 - [Download (KB900272)](https://example.com/c)\
                \n    - Windows XP Service Pack 2 - [Download (KB900272)](https://example.com/d)";
    let package = "**WindowsXP-KB900272-x86-ENU /quiet**\n\n**WindowsMedia9-KB900271-x86-ENU /quiet**";
    let tables = section(
        "Windows XP (all versions)",
        package,
        "Windows Media Player 6.4 on Windows XP Service Pack 2:",
        "Lampp.dll",
    ) + &section(
        "Windows XP (all versions)",
        package,
        "Windows Media Format 9.0 Series Runtime or Windows Media Format 9.5 Series Runtime on Windows XP Home Edition:",
        "Lampf.dll",
    );
    assert_eq!(updates(list, &[tables]), of([("Lampp.dll", 900_272), ("Lampf.dll", 900_271)]));
}

/// "(KB 887981)" with a blank, below the product in the cell of a table in HTML (MS05-006 ja-jp); the compatibility pack with
/// words for what it is (MS08-014).
#[test]
fn cells_of_a_table_list_updates() {
    let cell = |text: &str| format!("<tr>\n<td>{text}</td>\n<td>Critical</td>\n</tr>\n");
    let list = format!(
        "<table>\n<tbody>\n{}{}{}{}</tbody>\n</table>",
        cell("Windows SharePoint Services for Windows Server 2003<br />\n(KB 900271)"),
        cell("SharePoint Team Services from Microsoft<br />\n(KB900272) for clients"),
        cell("Microsoft Office Excel 2007 (download)<br />\n(KB900273)"),
        cell(
            "Microsoft Office Compatibility Pack for Word, Excel, and PowerPoint 2007 File Formats (download)<br />\n(KB900274)"
        ),
    );
    let package = "Excel2007-kb900273-fullfile-x86-glb /passive";
    let tables = section("SharePoint", "", "Windows SharePoint Services for Windows Server 2003:", "Lamps.dll")
        + &section("Excel 2007 and Excel Compatibility Pack", package, "For Excel Compatibility Pack:", "Lampc.exe")
        + &section("Excel 2007 and Excel Compatibility Pack", package, "For Excel 2007:", "Lampx.exe");
    let expected = of([("Lamps.dll", 900_271), ("Lampc.exe", 900_274), ("Lampx.exe", 900_273)]);
    assert_eq!(updates(&list, &[tables]), expected);
}

/// The numbers of updates without letters, and two in one cell, as bulletins from 2013 on have them (MS15-004).
#[test]
fn updates_are_listed_by_their_numbers() {
    let page = "---\nTitle: 'Security Bulletin MS15-904 - Important'\n---\n\n# A lamp stays dark (3025999)\n\n## Affected software\n\n\
                | **Operating system** | **Severity** |\n|---|---|\n\
                | Windows Vista Service Pack 2 (3023999) | Important |\n\
                | Windows 7 for 32-bit Systems (3019999) and (3020999) | Important |\n\n\
                See the advisory (2269637).\n";
    let articles = parse(page, None).unwrap();
    let facts = articles.iter().map(|article| format!("{} {}", article.id, article.products.join(", ")));
    let expected = [
        "KB3025999 Windows Vista Service Pack 2, Windows 7 for 32-bit Systems",
        "KB3019999 Windows 7 for 32-bit Systems",
        "KB3020999 Windows 7 for 32-bit Systems",
        "KB3023999 Windows Vista Service Pack 2",
    ];
    assert_eq!(facts.collect::<Vec<_>>(), expected);
}
