//! Tables whose cells a text separates by tabs, lines of box characters or rulers, lists without titles, and empty rows
//! of HTML (issue 14, point 1).

use hotfixcheck_articles::{Article, Fix, parse};

const ENGLISH: &str = "The English version of this fix has the file attributes (or later) that the table lists.";

/// A text copied from a page, with this announcement above its tables.
fn copied(id: &str, announcement: &str, body: &str) -> Article {
    parse(&format!("A lamp update\n\n{id}\n\n{announcement}\n\n{body}\n"), None).unwrap().remove(0)
}

fn marked(body: &str) -> Article {
    let text = format!(
        "# A lamp update\n\n_Original KB number:_ &nbsp; 953021\n\n## File information\n\n{ENGLISH}\n\n{body}\n"
    );
    parse(&text, None).unwrap().remove(0)
}

/// File, version, date, time, size, processor, service pack and branch of each row.
fn rows(article: &Article) -> Vec<String> {
    let row = |fix: &Fix| {
        let facts = [
            fix.version.as_deref().map(str::to_owned),
            fix.date.map(|date| date.to_string()),
            fix.time.map(|time| time.to_string()),
            fix.size.map(|size| size.to_string()),
            fix.machine.map(|machine| machine.to_string()),
            fix.sp_requirement.as_deref().map(str::to_owned),
            fix.branch.as_deref().map(str::to_owned),
        ];
        format!("{} {}", fix.file, facts.map(|fact| fact.unwrap_or("-".to_owned())).join(" "))
    };
    article.fixes.iter().map(row).collect()
}

const ROWS: [&str; 2] =
    ["Lamp.sys 6.1.7600.20555 2009-10-22 06:48 781824 x64 SP1 LDR", "Lamp.inf - 2009-10-22 06:19 13780 - - -"];

#[test]
fn tabs_separate_cells_in_every_language() {
    for (id, announcement, heading, titles, none) in [
        (
            "Article ID: 953021",
            ENGLISH,
            "For all supported x64-based versions of Windows 7",
            "File name\tFile version\tFile size\tDate\tTime\tPlatform\tSP requirement\tService branch",
            "Not applicable",
        ),
        (
            "Artikel-ID: 953021",
            "Die englische Version dieses Hotfixes installiert Dateien mit den in den folgenden Tabellen aufgelisteten Attributen.",
            "F\u{fc}r alle unterst\u{fc}tzten x64-basierten Versionen von Windows 7 und von Windows Server 2008 R2",
            "Dateiname\tDateiversion\tDateigr\u{f6}\u{df}e\tDatum\tZeit\tPlattform\tSP-Anforderung\tDienstzweig",
            "Nicht zutreffend",
        ),
        (
            "ID articolo: 953021",
            "La versione inglese di questo hotfix installa i file con gli attributi elencati qui.",
            "Per tutte le versioni x64 supportate di Windows 7",
            "Nome file\tVersione file\tDimensioni file\tData\tOra\tPiattaforma\tRequisito SP\tRamo del servizio",
            "Non applicabile",
        ),
        (
            "Id. de art\u{ed}culo: 953021",
            "Esta revisi\u{f3}n instala archivos con los atributos que se enumeran en las tablas siguientes.",
            "Para todas las versiones compatibles basadas en x64 de Windows 7 y de Windows Server 2008 R2",
            "Nombre de archivo\tVersi\u{f3}n de archivo\tTama\u{f1}o de archivo\tFecha\tHora\tPlataforma\tRequisito de SP\tRama de servicio",
            "No aplicable",
        ),
    ] {
        let body = format!(
            "{heading}\n\n{titles}\nLamp.sys\t6.1.7600.20555\t781,824\t22-Oct-2009\t06:48\tx64\tSP1\tLDR\n\
             Lamp.inf\t{none}\t13,780\t22-Oct-2009\t06:19\t{none}\t{none}\t{none}"
        );
        let article = copied(id, announcement, &body);
        assert_eq!(rows(&article), ROWS, "{heading}");
        assert!(article.rejected.is_empty(), "{:?}", article.rejected);
        assert!(article.fixes.iter().all(|fix| fix.section == heading), "{heading}");
    }
}

/// An unknown title is an unknown column; a heading between rows binds those below it, under the titles above.
#[test]
fn titles_of_tabs_may_be_unknown_and_count_below_headings() {
    let table = "File name\tFile version\tFile size\tWhere to put the lamp\n\
                 Lamp.sys\t6.1.7600.1\t1,024\tIn the hall\n\nWindows Vista\n\nLamp.sys\t6.0.6001.2\t2,048\tIn the yard";
    let article = copied("Article ID: 953021", ENGLISH, table);
    assert_eq!(rows(&article), ["Lamp.sys 6.1.7600.1 - - 1024 - - -", "Lamp.sys 6.0.6001.2 - - 2048 - - -"]);
    assert_eq!(article.fixes[1].section, "Windows Vista");
    // Titles in no known language are listed.
    let article = copied("Article ID: 953021", "Oto pliki:", "Lampa\tVersja\tWielkosc\nLamp.sys\t6.1.7600.1\t1,024");
    assert!(article.fixes.is_empty(), "{:?}", article.fixes);
    assert_eq!(article.rejected.len(), 1, "{:?}", article.rejected);
}

#[test]
fn a_file_identifier_is_not_the_name() {
    for separator in ["\t", " ", "\n", "\n\n"] {
        let lines = [
            ["File identifier", "File name", "File version", "File size", "Date", "Time"],
            ["lamp.dll.x86", "lamp.dll", "16.0.5430.1000", "17,553,848", "7-Dec-23", "05:29"],
            ["lampintl.dll_1025", "lampintl.dll", "16.0.5430.1000", "3,515,064", "7-Dec-23", "05:29"],
        ];
        let between = if separator.contains('\n') { separator } else { "\n" };
        let body = lines.map(|cells| cells.join(separator)).join(between);
        let article = copied("Article ID: 953021", ENGLISH, &body);
        assert_eq!(
            rows(&article),
            [
                "lamp.dll 16.0.5430.1000 2023-12-07 05:29 17553848 - - -",
                "lampintl.dll 16.0.5430.1000 2023-12-07 05:29 3515064 - - -"
            ],
            "{body}"
        );
    }
}

#[test]
fn two_cells_that_say_nothing_are_no_branch() {
    let body = "File name File version File size Date Time Platform SP requirement Service branch\n\
                Lamp.sys 6.1.7600.20555 781,824 22-Oct-2009 06:48 x64 SP1 LDR\n\
                Lamp.inf Not applicable 13,780 22-Oct-2009 06:19 Not applicable None Not applicable";
    assert_eq!(rows(&copied("Article ID: 953021", ENGLISH, body)), ROWS);
}

#[test]
fn boxes_of_lines_and_cells_of_several_lines() {
    let drawn = "\u{250c}\u{2500}\u{2500}\u{252c}\u{2500}\u{2510}\n\
        \u{2502}File name\u{2502}File version\u{2502}File size\u{2502}Date\u{2502}Time\u{2502}Platform\u{2502}SP requirement\u{2502}Service branch\u{2502}\n\
        \u{2502}Lamp.sys\u{2502}6.1.7600.20555\u{2502}781,824\u{2502}22-Oct-2009\u{2502}06:48\u{2502}x64\u{2502}SP1\u{2502}LDR\u{2502}\n\
        \u{2502}Lamp.inf\u{2502}Not applicable\u{2502}13,780\u{2502}22-Oct-2009\u{2502}06:19\u{2502}Not applicable\u{2502}None\u{2502}Not applicable\u{2502}\n\
        \u{2514}\u{2500}\u{2500}\u{2534}\u{2500}\u{2518}";
    let grid = "\
+----------+----------------+---------+-------------+-------+------------+-------------+------------+
| File     | File           | File    | Date        | Time  | Platform   | SP          | Service    |
| name     | version        | size    |             |       |            | requirement | branch     |
+==========+================+=========+=============+=======+============+=============+============+
| Lamp.sys | 6.1.7600.20555 | 781,824 | 22-Oct-2009 | 06:48 | x64        | SP1         | LDR        |
+----------+----------------+---------+-------------+-------+------------+-------------+------------+
| Lamp.inf | Not            | 13,780  | 22-Oct-2009 | 06:19 | Not        | None        | Not        |
|          | applicable     |         |             |       | applicable |             | applicable |
+----------+----------------+---------+-------------+-------+------------+-------------+------------+";
    let paragraphs = "
  ----------------------------------------------------------------------------------------------
  File       File             File      Date          Time    Platform     SP            Service
  name       version          size                                         requirement   branch
  ---------- ---------------- --------- ------------- ------- ------------ ------------- ----------
  Lamp.sys   6.1.7600.20555   781,824   22-Oct-2009   06:48   x64          SP1           LDR

  Lamp.inf   Not              13,780    22-Oct-2009   06:19   Not          None          Not
             applicable                                       applicable                 applicable
  ----------------------------------------------------------------------------------------------";
    for body in [drawn, grid, paragraphs] {
        for article in [copied("Article ID: 953021", ENGLISH, body), marked(body)] {
            assert_eq!(rows(&article), ROWS, "{body}");
            assert!(article.rejected.is_empty(), "{:?}", article.rejected);
        }
    }
}

/// Lists of cumulative updates without titles, and those whose manifests have one attribute a line.
#[test]
fn lists_need_no_titles() {
    let list = "lamp.inf,Not versioned,\"13,780\",05-Oct-2017,10:10,Not applicable\n\
                lamp.exe,10.0.14393.1770,\"7,815,008\",05-Oct-2017,10:11,x64\n\
                lamp.sys,10.0.14393.1770,\"2,536,288\",05-Oct-2017,10:09,x64\n";
    let article = parse(list, "KB4041691".parse().ok()).unwrap().remove(0);
    assert_eq!(
        rows(&article),
        [
            "lamp.inf - 2017-10-05 10:10 13780 - - -",
            "lamp.exe 10.0.14393.1770 2017-10-05 10:11 7815008 x64 - -",
            "lamp.sys 10.0.14393.1770 2017-10-05 10:09 2536288 x64 - -",
        ]
    );
    let list = "\"Windows 10 Version 1809, x64-based\",,,,,\nFile name,File version,Date,Time,File size\n\
                File name,X86_lamp.manifest,,,,\nFile version,Not applicable,,,,\nFile size,712,,,,\n\
                lamp.dll,10.0.17763.2686,01-Mar-2022,02:10,\"2,025,768\"\n";
    let article = parse(list, "KB5012345".parse().ok()).unwrap().remove(0);
    assert_eq!(
        rows(&article),
        ["X86_lamp.manifest - - - 712 x64 - -", "lamp.dll 10.0.17763.2686 2022-03-01 02:10 2025768 x64 - -"]
    );
}

/// A row without cells is the second one of the cells that span it.
#[test]
fn empty_rows_are_rows() {
    let html = format!(
        "<html><body><h1>A lamp</h1><p>Article ID: 953021</p><h4>File information</h4><p>{ENGLISH}</p>\
         <table><tr><th>File name</th><th>File version</th></tr>\
         <tr><td rowspan=2>lamp.dll</td><td rowspan=2>5.1.2600.1</td></tr><tr></tr>\
         <tr><td>wire.dll</td><td>5.1.2600.2</td></tr></table></body></html>"
    );
    let article = parse(&html, None).unwrap().remove(0);
    assert_eq!(rows(&article), ["lamp.dll 5.1.2600.1 - - - - - -", "wire.dll 5.1.2600.2 - - - - - -"]);
}
