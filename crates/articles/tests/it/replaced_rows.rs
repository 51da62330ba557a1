//! The bulletins that a row of the affected software gives as replaced are those of its update alone; a bulletin that is said to stay valid is not
//! replaced (issue 14: MS11-013, MS07-068, MS04-029).

use hotfixcheck_articles::parse;

/// The updates with the bulletins that they replace.
fn replaced(body: &str) -> Vec<(u32, Vec<String>)> {
    let page = format!(
        "---\nTOCTitle: 'MS11-948'\nTitle: 'Microsoft Security Bulletin MS11-948'\n---\n\n\
         Microsoft Security Bulletin MS11-948\n====================================\n\n\
         Lamps in programs (900290)\n--------------------------\n\n{body}"
    );
    let articles = parse(&page, None).unwrap();
    let of = |own: &hotfixcheck_articles::Article| own.replaced_bulletins.iter().map(ToString::to_string).collect();
    articles.iter().map(|own| (own.id.number(), of(own))).collect()
}

#[test]
fn rows_of_the_affected_software_are_for_their_own_update() {
    let expected =
        [(900_290, vec!["MS10-941".to_owned()]), (900_371, vec!["MS10-941".to_owned()]), (900_482, Vec::new())];
    let piped = "**Affected Software**\n\n| Software | Severity | Bulletins replaced by this update |\n|---|---|---|\n\
        | Windows XP (KB900371) | Important | MS10-941 |\n| Windows 7 (KB900482) | Important | None |\n";
    assert_eq!(replaced(piped), expected);
    let html = "**Betroffene Software**\n\n<table>\n<thead>\n<tr class=\"header\">\n<th>Software</th>\n<th>Bewertung</th>\n\
        <th>Ersetzte Sicherheitsupdates</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>Windows XP<br />\n(KB900371)</td>\n\
        <td>Hoch</td>\n<td><a href=\"https://example.com/a\">MS10-941</a></td>\n</tr>\n<tr>\n<td>Windows 7 (KB900482)</td>\n\
        <td>Hoch</td>\n<td>Keine</td>\n</tr>\n</tbody>\n</table>\n";
    let of_rows = replaced(html);
    assert_eq!(of_rows[1..], expected[1..]);
}

#[test]
fn a_bulletin_that_stays_valid_is_not_replaced() {
    let text = "**Welche Updates ersetzt diese Lampe?**\n\nEine Lampe.\n\n| Bulletin | Windows NT 4.0 | Windows 2000 |\n|---|---|---|\n\
        | MS01-948 | Ersetzt | Nicht anwendbar |\n| MS04-912 | Nicht ersetzt | Nicht anwendbar |\n\n\
        Diese Lampe ersetzt keine von MS04-912.\n";
    assert_eq!(replaced(text), [(900_290, vec!["MS01-948".to_owned()])]);
    // It may stay on one system and be replaced on another (MS05-053 de-de).
    let on_one = text.replace("| MS01-948 | Ersetzt |", "| MS01-948 | Nicht ersetzt | Ersetzt |");
    assert_eq!(replaced(&on_one), [(900_290, vec!["MS01-948".to_owned()])]);
}
