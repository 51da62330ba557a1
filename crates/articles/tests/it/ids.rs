//! The source of an article's id: the text, else the name of its file or folder; never a year (issue 14).

use hotfixcheck_articles::{ArticleError, id_of_name, parse};

#[test]
fn names_tell_ids_and_years_do_not() {
    let id = |name| id_of_name(name).map(|id| id.to_string());
    assert_eq!(id("Q310626.TXT").as_deref(), Some("Q310626"));
    assert_eq!(id("KB5078297.csv").as_deref(), Some("KB5078297"));
    assert_eq!(id("310626").as_deref(), Some("Q310626"));
    // As browsers save pages, and as addresses of pages end.
    assert_eq!(id("KB912354 - A fix.md").as_deref(), Some("KB912354"));
    assert_eq!(id("june-9-2020-kb4562252-security-only.md").as_deref(), Some("KB4562252"));
    assert_eq!(id("en-us_912355.md").as_deref(), Some("KB912355"));
    for name in ["2007", "1999", "20100310", "README.md", "ms05-040.md", "KB912354 and KB912355.md", "a_912355.md"] {
        assert_eq!(id(name), None, "{name}");
    }
}

#[test]
fn a_page_without_an_id_is_refused() {
    for text in ["# A lamp stays dark\n", "---\nTitle: 'Security Bulletin MS09-944 - Important'\n---\n\nA lamp.\n"] {
        assert_eq!(parse(text, None), Err(ArticleError::NoId), "{text:?}");
    }
}

#[test]
fn an_article_about_a_bulletin_keeps_its_own_id() {
    let articles =
        parse("# MS05-940: A lamp stays dark (KB900001)\n\n_Original KB number:_ &nbsp; 900001\n", None).unwrap();
    assert_eq!(
        (articles[0].id.to_string().as_str(), articles[0].bulletins.as_slice()),
        ("KB900001", &["MS05-940".into()][..])
    );
}

/// Issues 14 and 16: the tokenizer recursed once for each attribute, and 40,000 of them ended the program.
#[test]
fn a_tag_with_thousands_of_attributes_is_refused_on_a_small_stack() {
    let attributes = r#"a="" "#.repeat(40_000);
    let html = format!("<html><head><title>Q100001: T</title></head><body><p {attributes}>x</p></body></html>");
    let markdown = format!("# T (900001)\n\n<table {attributes}>\n<tr><td>Lamp.dll</td></tr>\n</table>\n");
    let read = move || [parse(&html, None), parse(&markdown, None)].map(Result::err);
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(read).unwrap();
    let found = thread.join().unwrap();
    assert_eq!(found, [Some(ArticleError::TooManyAttributes), Some(ArticleError::TooManyAttributes)]);
}

#[test]
fn a_tag_with_a_dozen_attributes_is_read() {
    let attributes = r#"a="1" b='2' c=3 "#.repeat(30);
    let html = format!("<html><head><title>Q100001: T</title></head><body><p {attributes}>x</p></body></html>");
    assert!(parse(&html, None).is_ok());
}

/// Issue 14: the headline's id in all spellings of pages, in a bulletin and in an article.
#[test]
fn the_headline_names_its_update_in_every_spelling() {
    let headlines = [
        "Vulnerability in Lamps (910009)",
        "Vulnerability in Lamps (KB910009)",
        "Vulnerability in Lamps (KB 910009)",
        "Vulnerability in Lamps (KB\u{a0}910009)",
        "Vulnerability in Lamps (Q910009)",
        "Vulnerability in Lamps [KB910009]",
        "Vulnerability in Lamps \u{ff08}KB910009\u{ff09}",
        "Vulnerability in Lamps - KB910009",
        "KB910009 - Vulnerability in Lamps",
        "KB 910009: Vulnerability in Lamps",
    ];
    for headline in headlines {
        let bulletin = format!("# Microsoft Security Bulletin MS05-999 - Important\n\n## {headline}\n\nPublished.\n");
        let articles = parse(&bulletin, None).unwrap();
        assert_eq!((articles.len(), articles[0].id.to_string().as_str()), (1, "KB910009"), "{headline}");
        let articles = parse(&format!("# {headline}\n\nPublished.\n"), None);
        let found = articles.map(|articles| articles[0].id.to_string());
        // A bare number in brackets alone is not the id of an article that states nothing else.
        if headline.contains("KB") {
            assert_eq!(found.as_deref(), Ok("KB910009"), "{headline}");
        }
    }
}

/// Issue 14: a number after other letters, or one that is too short, is not an id.
#[test]
fn other_numbers_of_a_headline_are_no_ids() {
    for headline in ["Lamps of 60 KB 12", "Lamps KBX910009", "Lamps in KB 123", "Lamps of model 910009"] {
        assert!(parse(&format!("# {headline}\n\nPublished.\n"), None).is_err(), "{headline}");
    }
}

/// The id above the title, as the head of the pages of 2003 and 2004 has it, and with another apostrophe.
#[test]
fn the_id_may_stand_in_the_first_line_and_after_other_words() {
    let table = "The English version of this fix has the file attributes (or later) of the table.\n\n\
                 File name   File version   File size\n-------------------------------------\nlamp.dll    5.1.2600.1     1,024\n";
    for head in [
        "Article ID: 900123",
        "Article ID: 900123 - Last Review: May 4, 2005",
        "_Original KB number:_ 900123",
        "# A lamp\n\nMicrosoft Knowledge Base Article - 900123",
        "# Une lampe\n\nNum\u{e9}ro d\u{2019}article : 900123",
    ] {
        let article = parse(&format!("{head}\n\n{table}"), None).unwrap().remove(0);
        assert_eq!((article.id.to_string().as_str(), article.fixes.len()), ("KB900123", 1), "{head}");
    }
}
