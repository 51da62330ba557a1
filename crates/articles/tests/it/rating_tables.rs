//! A bulletin's table of affected software and vulnerabilities: what each Windows has, and how it is rated there (issue 15).

use hotfixcheck_articles::{Article, OlderWindows, OnWindows, Severity, merge, parse};

const A: &str = "CVE-2010-9001";
const B: &str = "CVE-2010-9002";
const C: &str = "CVE-2010-9003";

fn bulletin(text: &str) -> Article {
    let page = format!(
        "---\nTOCTitle: 'MS10-947'\nTitle: 'Microsoft Security Bulletin MS10-947 - Important'\n---\n\n\
         Microsoft Security Bulletin MS10-947 - Important\n====================================\n\n\
         A lamp stays dark (981852)\n--------------------------\n\n{text}\n"
    );
    parse(&page, None).unwrap().remove(0)
}

/// A table of three Windows; the cells of two lines are given.
fn table(xp: [&str; 3], seven: [&str; 3], more: &str) -> Article {
    let line =
        |name: &str, cells: [&str; 3]| format!("| {name} | {} | {} | {} | Important |\n", cells[0], cells[1], cells[2]);
    let rated = "**Important** <br /> Remote Code Execution";
    bulletin(&format!(
        "| Affected Software | Lamp - {A} | Lamp - {B} | Lamp - {C} | Aggregate Severity Rating |\n|---|---|---|---|---|\n{}{}{}{more}",
        line("Windows XP Service Pack 3", xp),
        line("Windows Vista Service Pack 1 and Windows Vista Service Pack 2", [rated; 3]),
        line("Windows 7 for x64-based Systems", seven),
    ))
}

fn on(name: &'static str, pack: Option<&str>) -> OnWindows {
    let older = OlderWindows { names: vec![name], pack: pack.map(str::to_owned) };
    OnWindows { older: Some(older), ..OnWindows::default() }
}

/// The vulnerabilities that a Windows may have.
fn cves<'a>(article: &'a Article, on: &OnWindows) -> Vec<&'a str> {
    article.cves.iter().map(|cve| &**cve).filter(|cve| article.is_cve_on(cve, on)).collect()
}

#[test]
fn a_vulnerability_is_of_the_windows_whose_cell_is_rated() {
    for absent in
        ["Not applicable", "対象外", "不適用", "Nicht zutreffend", "Non applicabile", "Nicht betroffen", "不受影響"]
    {
        let article =
            table(["Important", absent, absent], [absent, absent, "**Moderate** <br /> Denial of Service"], "");
        assert_eq!(cves(&article, &on("Windows XP", Some("3"))), [A], "{absent}");
        assert_eq!(cves(&article, &on("Windows 7", Some("RTM"))), [C], "{absent}");
        assert_eq!(cves(&article, &on("Windows Vista", Some("2"))), [A, B, C], "{absent}");
        // A service pack and a Windows that no line names: nothing is said of them.
        assert_eq!(cves(&article, &on("Windows XP", Some("2"))), [A, B, C], "{absent}");
        assert_eq!(cves(&article, &on("Windows 2000", Some("4"))), [A, B, C], "{absent}");
        assert!(article.is_cve_of_some(A, &on("Windows XP", Some("2"))), "{absent}");
        assert_eq!(article.severity_on(&on("Windows 7", Some("RTM"))), Some(Severity::Moderate), "{absent}");
        assert_eq!(article.severity_on(&on("Windows XP", Some("2"))), Some(Severity::Important), "{absent}");
    }
}

/// Issue 15: "gering" was not read, so that four bulletins had the highest rating on every Windows; and a Windows without any of the
/// vulnerabilities had the rating of the article (MS05-003 on Windows 2000).
#[test]
fn ratings_of_a_windows_are_the_highest_of_its_own() {
    let article = table(["Keine"; 3], ["Gering", "Keine", "Mittel"], "");
    assert_eq!(article.severity_on(&on("Windows 7", Some("RTM"))), Some(Severity::Moderate));
    assert_eq!(article.severity_on(&on("Windows XP", Some("3"))), None);
    let article = table(["Gering"; 3], ["Gering"; 3], "");
    assert_eq!(article.severity_on(&on("Windows 7", Some("RTM"))), Some(Severity::Low));
}

#[test]
fn what_cannot_be_read_counts_as_present() {
    let all = [A, B, C];
    let seven = on("Windows 7", Some("RTM"));
    for unread in ["", "?", "None [1]", "Not applicable<sup>[1]</sup>", "See below"] {
        let article = table(["Important"; 3], [unread, "対象外", "Moderate"], "");
        assert_eq!(cves(&article, &seven), [A, C], "{unread}");
        assert_eq!(article.severity_on(&seven), Some(Severity::Important), "{unread}");
    }
    // A product that runs on several Windows has it, or a line has other columns than the titles.
    for line in [
        "| Lamp Runtime 9 | Important | Important | Important | Important |\n",
        "| Windows 7 for x64-based Systems | Important |\n",
    ] {
        assert_eq!(cves(&table(["Important"; 3], ["Not applicable"; 3], line), &seven), all, "{line}");
    }
    // Another processor of this Windows has one of them.
    let line = "| Windows 7 for 32-bit Systems | Not applicable | Low | Not applicable | Low |\n";
    assert_eq!(cves(&table(["Important"; 3], ["Not applicable", "Not applicable", "Low"], line), &seven), [B, C]);
}

#[test]
fn in_older_pages_the_lines_are_vulnerabilities() {
    let article = bulletin(&format!(
        "| Vulnerability Identifiers | Impact of Vulnerability | Windows NT 4.0 | Windows XP | Windows XP Service Pack 2 | Windows Server 2003 |\n\
         |---|---|---|---|---|---|\n\
         | Lamp - {A} | Remote Code Execution | None | Critical | None | Low |\n\
         | Lamp - {B} | Denial of Service | Important | Important | Important | Not critical |\n"
    ));
    assert_eq!(cves(&article, &on("Windows NT 4.0", Some("6a"))), [B]);
    assert_eq!(cves(&article, &on("Windows XP", Some("1"))), [A, B]);
    assert_eq!(cves(&article, &on("Windows XP", Some("2"))), [B]);
    // Later than those that the table names: neither is its line.
    assert_eq!(cves(&article, &on("Windows XP", Some("3"))), [A, B]);
    assert_eq!(cves(&article, &on("Windows XP", None)), [A, B]);
    assert_eq!(cves(&article, &on("Windows Server 2003", Some("1"))), [A, B]);
    let either = OlderWindows { names: vec!["Windows NT 4.0", "Windows XP"], pack: None };
    assert_eq!(cves(&article, &OnWindows { older: Some(either), ..OnWindows::default() }), [A, B]);
}

/// Issue 15: MS04-038 claimed eight vulnerabilities on Windows XP SP2, whose column has one.
#[test]
fn a_program_on_one_windows_has_what_its_column_says() {
    let page = |other: &str| {
        bulletin(&format!(
            "| Vulnerability Identifiers | Impact of Vulnerability | {other} | Internet Explorer 6 SP1 (all versions before \
             Windows Server 2003) | Internet Explorer 6 for Windows Server 2003 | Internet Explorer 6 for Windows XP Service Pack 2 |\n\
             |---|---|---|---|---|---|\n\
             | Lamp - {A} | Remote Code Execution | Critical | Critical | Moderate | None |\n\
             | Lamp - {B} | Remote Code Execution | Important | Important | Moderate | Important |\n\
             | Lamp - {C} | Disclosure | None | None | Low | None |\n"
        ))
    };
    let of = |article: &Article, name, pack| cves(article, &on(name, Some(pack))).join(" ");
    let article = page("Internet Explorer 5.01");
    assert_eq!(of(&article, "Windows XP", "2"), B);
    assert_eq!(of(&article, "Windows Server 2003", "RTM"), [A, B, C].join(" "));
    assert_eq!(of(&article, "Windows 2000", "4"), [A, B, C].join(" "), "no column is its own");
    assert_eq!(article.severity_on(&on("Windows Server 2003", Some("RTM"))), Some(Severity::Moderate));
    // Another program may be on Windows XP, too.
    assert_eq!(of(&page("Windows Media Player 9"), "Windows XP", "2"), [A, B].join(" "));
}

/// A page that says so, or one that says nothing, does not take it from another page.
#[test]
fn translations_that_contradict_each_other_leave_the_vulnerability() {
    let seven = on("Windows 7", Some("RTM"));
    let page = |cells| table(["Important"; 3], cells, "");
    let says_not = page(["Not applicable", "Not applicable", "Moderate"]);
    let says_one = page(["Important", "Not applicable", "Important"]);
    let says_nothing = bulletin(&format!("{A} {B} {C}"));
    assert_eq!(cves(&merge(vec![says_not.clone(), says_one]).unwrap(), &seven), [A, C]);
    assert_eq!(cves(&merge(vec![says_nothing, says_not.clone()]).unwrap(), &seven), [C]);
    assert!(merge(vec![page(["Important"; 3])]).unwrap().releases.is_empty());
    // Of another bulletin about the same update the table says nothing.
    let mut other = says_not.clone();
    other.bulletins = vec!["MS10-948".into()];
    other.cves = vec!["CVE-2010-9004".into()];
    other.releases.clear();
    let both = merge(vec![says_not, other]).unwrap();
    assert_eq!(cves(&both, &seven), [C, "CVE-2010-9004"]);
    assert_eq!(both.severity_on(&seven), Some(Severity::Important));
}

/// Issue 15: MS10-080 has thirteen vulnerabilities, its update of Excel 2003 (KB2344893) four; each update claimed all.
#[test]
fn the_update_of_a_product_has_the_vulnerabilities_of_its_line() {
    let of = |software: &str, excel: [&str; 3], word: [&str; 3]| {
        let line = |name: &str, cells: [&str; 3]| format!("| {name} | {} | {} | {} |\n", cells[0], cells[1], cells[2]);
        let page = format!(
            "---\nTOCTitle: 'MS10-947'\nTitle: 'Microsoft Security Bulletin MS10-947 - Important'\n---\n\n\
             Microsoft Security Bulletin MS10-947 - Important\n====================================\n\n\
             A lamp stays dark (2293211)\n--------------------------\n\n\
             | Office Suite | Component |\n|---|---|\n{software}\n\
             | Affected Software | Lamp - {A} | Lamp - {B} | Lamp - {C} |\n|---|---|---|---|\n{}{}\n",
            line("Microsoft Excel 2003 Service Pack 3", excel),
            line("Microsoft Word 2003 Service Pack 3", word),
        );
        let found = parse(&page, None).unwrap();
        let cves = |id: &str| {
            let article = found.iter().find(|article| article.id.to_string() == id)?;
            Some(article.cves.iter().map(|cve| cve.to_string()).collect::<Vec<_>>())
        };
        (cves("KB2344893").unwrap_or_default(), cves("KB2344911").unwrap_or_default())
    };
    let software = "| Microsoft Office 2003 Service Pack 3 | Microsoft Excel 2003 Service Pack 3 <br /> (KB2344893) |\n\
                    | Microsoft Office 2003 Service Pack 3 | Microsoft Word 2003 Service Pack 3 (KB2344911) |\n";
    let (no, yes) = ("Not applicable", "**Important** <br /> Remote Code Execution");
    let all: Vec<String> = [A, B, C].map(str::to_owned).to_vec();
    let (excel, word) = of(software, [no, yes, "?"], [yes, no, no]);
    assert_eq!((excel, word), (vec![B.to_owned(), C.to_owned()], vec![A.to_owned()]));
    // A table that denies everything was misread.
    assert_eq!(of(software, [no; 3], [yes, no, no]).0, all);
    // A product of the update without a line, and a name of two updates.
    let more = format!("{software}| Microsoft Office 2007 | Microsoft Excel 2007 (KB2344893) |\n");
    assert_eq!(of(&more, [no, yes, yes], [yes; 3]).0, all);
    let twice = format!("{software}| Microsoft Office XP | Microsoft Excel 2003 Service Pack 3 (KB2345017) |\n");
    assert_eq!(of(&twice, [no, yes, yes], [yes; 3]).0, all);
}
