//! Machines, languages, copies, unreadable files, service packs; statuses of articles; the outcome.

use std::collections::BTreeSet;

use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::{ArticleStatus, FailOn, Outcome, Policy, Profile, ProfileSource};
use hotfixcheck::inventory::{Entry, Problem, RelativePath};
use hotfixcheck_articles::Fix;
use hotfixcheck_winfiles::binary::{BinaryError, VersionOutcome};

fn status(fixes: Vec<Fix>, entries: Vec<Entry>) -> ArticleStatus {
    judge(fixes, entries).status
}

#[test]
fn a_row_for_another_machine_does_not_speak() {
    let rows = || vec![row_for("a.dll", "4.0.1381.7097", "Intel"), row_for("a.dll", "4.0.1381.7097", "ALPHA")];
    let alpha = entry("a.dll", Ok(binary(Machine::Alpha, "4.0.1381.7000", &[])));
    assert_eq!(codes(&judge(rows(), vec![alpha])), ["other-machine", "version-older"]);
    assert_eq!(codes(&judge(rows(), vec![file("a.dll", "4.0.1381.7097")])), ["version-equal", "other-machine"]);
    // No row is for a machine on which Windows never ran.
    let mut strange = binary(Machine::I386, "4.0.1381.7000", &[]);
    (strange.machine, strange.machine_raw) = (None, 0x1234);
    let rows = || vec![rows()[0].clone(), row("a.dll", "4.0.1381.7001")];
    let files = vec![entry("a.dll", Ok(strange))];
    assert_eq!(codes(&judge(rows(), files.clone())), ["other-machine", "other-machine"]);
    assert!(evidence(rows(), files)[0].to_string().contains("0x1234"));
}

/// Issue 13: a row with a language cell that was not one known name applied to no file, and the English row fixed a
/// German one.
#[test]
fn the_language_of_a_row_is_a_list_a_number_a_tag_or_what_is_left() {
    let in_language = |key: &str| entry("a.dll", Ok(binary(Machine::I386, "5.0.2195.15", &[(key, "5.00.2195.15")])));
    let (english, german, japanese) = ("040904B0", "040704B0", "041103A4");
    let cases = [
        (["English, French", "German, Italian"], german, ["other-language", "version-older"]),
        (["English, French", "German, Italian"], english, ["version-newer", "other-language"]),
        (["en-us", "de-de"], german, ["other-language", "version-older"]),
        (["1033", "1031"], german, ["other-language", "version-older"]),
        (["001033 English (United States)", "001031 German (Germany)"], english, ["version-newer", "other-language"]),
        (["All languages", "Japanese"], english, ["version-newer", "other-language"]),
        (["Japanese", "All other languages"], german, ["other-language", "version-older"]),
        (["Japanese", "All other languages"], japanese, ["version-newer", "other-language"]),
        (["All except Japanese", "Japanese"], german, ["version-newer", "other-language"]),
        (["All except Japanese", "Japanese"], japanese, ["other-language", "version-older"]),
        // An unknown language may be any but English.
        (["SBCS", "SBCS"], english, ["other-language", "other-language"]),
    ];
    for (languages, key, expected) in cases {
        let [first, second] = languages;
        let rows =
            vec![row_in_language("a.dll", "5.0.2195.10", first), row_in_language("a.dll", "5.0.2195.20", second)];
        assert_eq!(codes(&judge(rows, vec![in_language(key)])), expected, "{languages:?} {key}");
    }
}

#[test]
fn a_row_of_another_language_speaks_only_of_its_files() {
    let rows = || vec![row("a.dll", "5.0.2195.10"), row_in_language("a.dll", "5.0.2195.20", "Japanese")];
    let in_language = |key: &str| entry("a.dll", Ok(binary(Machine::I386, "5.0.2195.15", &[(key, "5.00.2195.15")])));
    assert_eq!(codes(&judge(rows(), vec![in_language("040904B0")])), ["version-newer", "other-language"]);
    assert_eq!(codes(&judge(rows(), vec![in_language("041103A4")])), ["other-language", "version-older"]);
    // German files have no row: the English one judges them.
    assert_eq!(codes(&judge(rows(), vec![in_language("040704B0")])), ["version-newer", "other-language"]);
    let chinese = || vec![row_in_language("a.dll", "5.0.2195.20", "Traditional Chinese")];
    assert_eq!(codes(&judge(chinese(), vec![in_language("080404B0")])), ["other-language"]);
    assert_eq!(codes(&judge(chinese(), vec![in_language("040404B0")])), ["version-older"]);
    let neutral = vec![row_in_language("a.dll", "5.0.2195.20", "Language Neutral")];
    assert_eq!(codes(&judge(neutral, vec![in_language("041103A4")])), ["version-older"]);
    let unheard = vec![row_in_language("a.dll", "5.0.2195.20", "NEC")];
    assert_eq!(codes(&judge(unheard, vec![in_language("041103A4")])), ["other-language"]);
}

/// Issue 15: Q316021 has rows for English (3242) and for International Client Packs (3442). Such a pack holds files in English, too:
/// one below its row was fixed by the English one.
#[test]
fn a_row_of_a_client_pack_may_be_for_any_file() {
    let rows = || {
        let pack = row_in_language("a.dll", "2.0.1493.3442", "International Client Pack 1");
        vec![Fix { size: Some(8_512), ..row("a.dll", "2.0.1493.3242") }, Fix { size: Some(9_024), ..pack }]
    };
    let of = |version: &str, size| Entry { size: Some(size), ..file("a.dll", version) };
    assert_eq!(status(rows(), vec![of("2.0.1493.3241", 1)]), ArticleStatus::Missing);
    assert_eq!(status(rows(), vec![of("2.0.1493.3242", 8_512)]), ArticleStatus::Fixed);
    assert_eq!(status(rows(), vec![of("2.0.1493.3441", 1)]), ArticleStatus::Unknown);
    assert_eq!(status(rows(), vec![of("2.0.1493.3442", 9_024)]), ArticleStatus::Fixed);
    // Without a row for English nothing tells that a file is the pack's (Q253197).
    let alone = || vec![rows().remove(1)];
    assert_eq!(status(alone(), vec![of("2.0.1493.3441", 1)]), ArticleStatus::NotApplicable);
}

#[test]
fn only_copies_that_run_are_judged() {
    let old = |path: &str| file(path, "4.0.1381.7000");
    for inactive in [
        "system32/dllcache/a.dll",
        "WINNT/$NtUninstallQ265433$/a.dll",
        "WINNT/$NtServicePackUninstall$/a.dll",
        "WINDOWS/$hf_mig$/KB1/SP2QFE/a.dll",
        "WINDOWS/ServicePackFiles/i386/a.dll",
        "WINDOWS/WinSxS/x86_foo/a.dll",
        "WINDOWS/SoftwareDistribution/Download/a.dll",
        "I386/A.DLL",
        "amd64/a.dll",
        "WINDOWS/Driver Cache/i386/a.dll",
        "WINDOWS/LastGood/system32/a.dll",
        "WINDOWS/Temp/a.dll",
    ] {
        let verdict = judge(vec![row("a.dll", "4.0.1381.7097")], vec![old(inactive)]);
        assert_eq!(codes(&verdict), ["inactive-copies-only"], "{inactive}");
        assert_eq!(verdict.status, ArticleStatus::NotApplicable, "{inactive}");
        let with_active = vec![old(inactive), file("WINNT/system32/a.dll", "4.0.1381.7097")];
        assert_eq!(status(vec![row("a.dll", "4.0.1381.7097")], with_active), ArticleStatus::Fixed, "{inactive}");
    }
    // A folder with a similar name.
    for active in ["i386-windows/a.dll", "Templates/a.dll", "a.dll", "dllcache"] {
        let fix = row(active.rsplit('/').next().unwrap(), "4.0.1381.7097");
        assert_eq!(status(vec![fix], vec![old(active)]), ArticleStatus::Missing, "{active}");
    }
}

#[test]
fn rows_with_paths_and_any_case_find_their_file() {
    let fix = row(r"%Windir%\System32\inetsrv\Ism.dll", "4.2.764.1");
    assert_eq!(code(fix, file("WINNT/SYSTEM32/INETSRV/ISM.DLL", "4.2.763.1")), "version-older");
}

#[test]
fn an_absent_file_is_no_missing_fix() {
    let verdict = judge(vec![row("a.dll", "4.0.1381.1")], vec![file("b.dll", "4.0.1381.1")]);
    assert_eq!(codes(&verdict), ["file-absent"]);
    assert_eq!(verdict.status, ArticleStatus::NotApplicable);
}

#[test]
fn what_cannot_be_read_is_unknown_and_never_fixed() {
    let truncated = || BinaryError::Truncated { what: "section table".into(), offset: 0x200, size: 100 };
    let not_pe = || BinaryError::NotPe { kind: "DOS program".to_owned() };
    let cases: Vec<(BinaryError, &str, Outcome)> = vec![
        (truncated(), "unreadable", Outcome::Incomplete),
        (BinaryError::Corrupt("header".to_owned()), "unreadable", Outcome::Incomplete),
        (BinaryError::Io("denied".to_owned()), "unreadable", Outcome::Incomplete),
        (BinaryError::Empty, "empty-file", Outcome::Incomplete),
        (BinaryError::NotExecutable, "not-executable", Outcome::Incomplete),
        (not_pe(), "not-pe", Outcome::Incomplete),
    ];
    for (error, reason, outcome) in cases {
        let entries = vec![entry("a.dll", Err(error)), file("b.dll", "4.0.1381.5")];
        let rows = vec![row("a.dll", "4.0.1381.4"), row("b.dll", "4.0.1381.4")];
        let assessment = assess(vec![article("Q310626", rows)], entries);
        assert_eq!(codes(&assessment.articles[0]), [reason, "version-newer"]);
        assert_eq!(assessment.articles[0].status, ArticleStatus::Unknown, "{reason}");
        assert_eq!(assessment.outcome, outcome, "{reason}");
        assert_eq!(assessment.unreadable.len(), 1, "{reason}");
    }
    // A text file without a version in the article is not unusual.
    let entries = vec![entry("a.ini", Err(BinaryError::NotExecutable)), file("b.dll", "4.0.1381.5")];
    let assessment = assess(vec![article("Q310626", vec![row("a.ini", "")])], entries);
    assert_eq!(codes(&assessment.articles[0]), ["no-version-in-article"]);
    assert_eq!(assessment.outcome, Outcome::Clean);
    // A damaged backup is reported, but the answer does not depend on it.
    let entries = vec![entry("dllcache/a.dll", Err(truncated())), file("a.dll", "4.0.1381.5")];
    let assessment = assess(vec![article("Q310626", vec![row("a.dll", "4.0.1381.4")])], entries);
    assert_eq!((assessment.outcome, assessment.unreadable.len()), (Outcome::Clean, 1));
}

#[test]
fn a_version_resource_can_be_absent_or_damaged() {
    let with = |version| {
        let mut of = binary(Machine::I386, "1.0.0.0", &[]);
        of.version = version;
        vec![entry("a.dll", Ok(of))]
    };
    let article = || vec![article("Q310626", vec![row("a.dll", "4.0.1381.4")])];
    let absent = assess(article(), with(VersionOutcome::Absent));
    assert_eq!(codes(&absent.articles[0]), ["no-version-in-file"]);
    assert_eq!(absent.outcome, Outcome::Clean);
    let corrupt = assess(article(), with(VersionOutcome::Corrupt { detail: "wLength 3 at 0x10".to_owned() }));
    assert_eq!(codes(&corrupt.articles[0]), ["version-corrupt"]);
    assert_eq!(corrupt.outcome, Outcome::Incomplete);
}

#[test]
fn the_status_of_an_article_follows_from_its_rows() {
    let rows = || vec![row("a.dll", "4.0.1381.100"), row("b.dll", "4.0.1381.100")];
    let files = |a: &str, b: &str| vec![file("a.dll", a), file("b.dll", b)];
    assert_eq!(status(rows(), files("4.0.1381.99", "4.0.1381.99")), ArticleStatus::Missing);
    assert_eq!(status(rows(), files("4.0.1381.99", "4.0.1381.100")), ArticleStatus::Partial);
    assert_eq!(status(rows(), files("4.0.1381.100", "4.0.1381.101")), ArticleStatus::Fixed);
    assert_eq!(status(rows(), files("4.0.1381.99", "5.0.2195.1")), ArticleStatus::Missing);
    assert_eq!(status(rows(), files("5.0.2195.1", "5.0.2195.1")), ArticleStatus::NotApplicable);
    assert_eq!(status(rows(), vec![file("a.dll", "4.0.1381.100")]), ArticleStatus::Fixed);
    let unversioned = vec![row("a.dll", "4.0.1381.100"), row("b.dll", "")];
    assert_eq!(status(unversioned.clone(), files("4.0.1381.100", "1.0.0.0")), ArticleStatus::Unknown);
    assert_eq!(status(unversioned, files("4.0.1381.99", "1.0.0.0")), ArticleStatus::Missing);
    // Two active copies of one file.
    let copies = vec![file("system32/a.dll", "4.0.1381.100"), file("Program Files/App/a.dll", "4.0.1381.99")];
    assert_eq!(status(vec![row("a.dll", "4.0.1381.100")], copies), ArticleStatus::Partial);
}

fn profile(os: &str, pack: &str) -> Policy {
    let releases = &knowledge().releases;
    let line = releases.line(os).unwrap().clone();
    let pack = releases.pack(&line, pack).unwrap();
    Policy { profile: Some(Profile { line, pack: Some(pack), source: ProfileSource::Given }), ..Policy::default() }
}

#[test]
fn articles_that_name_only_a_service_pack_follow_the_profile() {
    let nt4 = "Windows NT 4.0";
    type Packs<'a> = &'a [(&'a str, &'a str)];
    let cases: &[(Packs, &str, ArticleStatus)] = &[
        (&[(nt4, "4")], "3", ArticleStatus::Missing),
        (&[(nt4, "4")], "4", ArticleStatus::Fixed),
        (&[(nt4, "4")], "6a", ArticleStatus::Fixed),
        (&[(nt4, "6a")], "6", ArticleStatus::Missing),
        // "The latest" of an old text may be any service pack after the release (issue 13).
        (&[(nt4, "latest")], "RTM", ArticleStatus::Missing),
        (&[(nt4, "latest")], "3", ArticleStatus::Unknown),
        (&[(nt4, "latest")], "6", ArticleStatus::Unknown),
        (&[(nt4, "latest")], "6a", ArticleStatus::Fixed),
        // "The latest" gives way to a number, the first service pack with the fix, in either order.
        (&[(nt4, "4"), (nt4, "latest")], "5", ArticleStatus::Fixed),
        (&[(nt4, "latest"), (nt4, "4")], "5", ArticleStatus::Fixed),
        // Of several only the highest is certain to have it (issue 13).
        (&[(nt4, "6"), (nt4, "5")], "5", ArticleStatus::Unknown),
        (&[(nt4, "6"), (nt4, "5")], "6", ArticleStatus::Fixed),
        (&[("Windows 2000", "1")], "6a", ArticleStatus::NotApplicable),
        (&[("Windows 2000", "1"), (nt4, "5")], "4", ArticleStatus::Missing),
        (&[("Windows NT 4.0 Terminal Server Edition", "4")], "3", ArticleStatus::NotApplicable),
        (&[("Exchange Server 5.5", "4")], "3", ArticleStatus::Unknown),
        // What is not known of another product takes nothing back (Q142641).
        (&[(nt4, "2"), ("Windows NT", "latest")], "3", ArticleStatus::Fixed),
        (&[(nt4, "5"), ("Exchange Server 5.5", "4")], "6a", ArticleStatus::Fixed),
    ];
    for (packs, installed, expected) in cases {
        let assessment = assess_with(vec![pack_article("Q171996", packs)], Vec::new(), &profile(nt4, installed));
        assert_eq!(assessment.articles[0].status, *expected, "{packs:?} on SP {installed}");
    }
    let assessment = assess(vec![pack_article("Q171996", &[(nt4, "4")])], vec![file("a.dll", "1.0.0.0")]);
    assert_eq!(codes(&assessment.articles[0]), ["no-profile"]);
    assert_eq!(assessment.lacking_profile, 1);
    let doubt = Policy { fail_on: FailOn::Unknown, ..Policy::default() };
    let assessment = assess_with(vec![pack_article("Q171996", &[(nt4, "4")])], vec![file("a.dll", "1.0.0.0")], &doubt);
    assert_eq!(assessment.outcome, Outcome::Clean, "the want of a profile is no finding");
}

#[test]
fn the_outcome_follows_from_the_verdicts_and_the_policy() {
    let missing = || vec![article("Q310626", vec![row("a.dll", "4.0.1381.100")])];
    let unknown = || vec![article("Q310626", vec![row("a.dll", "")])];
    let old = || vec![file("a.dll", "4.0.1381.99")];
    let outcome =
        |articles, entries, fail_on| assess_with(articles, entries, &Policy { fail_on, ..Policy::default() }).outcome;
    assert_eq!(outcome(missing(), old(), FailOn::Missing), Outcome::Findings);
    assert_eq!(outcome(missing(), old(), FailOn::Unknown), Outcome::Findings);
    assert_eq!(outcome(missing(), old(), FailOn::Never), Outcome::Clean);
    assert_eq!(outcome(unknown(), old(), FailOn::LikelyMissing), Outcome::Clean);
    assert_eq!(outcome(unknown(), old(), FailOn::Unknown), Outcome::Findings);
    assert_eq!(outcome(missing(), Vec::new(), FailOn::Missing), Outcome::NothingRecognised);
    // Findings win over incompleteness, incompleteness over "nothing recognised".
    let broken = || entry("b.dll", Err(BinaryError::Corrupt("header".to_owned())));
    assert_eq!(outcome(missing(), vec![old().remove(0), broken()], FailOn::Missing), Outcome::Findings);
    assert_eq!(outcome(missing(), vec![broken()], FailOn::Missing), Outcome::Incomplete);
    assert_eq!(
        [0, 1, 3, 4],
        [Outcome::Clean, Outcome::Findings, Outcome::Incomplete, Outcome::NothingRecognised].map(Outcome::code)
    );
}

#[test]
fn a_folder_that_could_not_be_listed_makes_the_answer_incomplete() {
    let mut found = inventory(vec![file("a.dll", "4.0.1381.100")]);
    found.problems.push(Problem { root: 0, path: RelativePath::from("locked"), what: "denied".to_owned() });
    let catalog = [article("Q310626", vec![row("a.dll", "4.0.1381.100")])].into_iter().collect();
    let assessment = hotfixcheck::assess::assess(&catalog, &found, knowledge(), &Policy::default());
    assert_eq!(assessment.outcome, Outcome::Incomplete);
}

#[test]
fn only_the_articles_asked_for_are_judged() {
    let articles = vec![
        article("Q310626", vec![row("a.dll", "4.0.1381.100")]),
        article("Q265433", vec![row("b.dll", "4.0.1381.100")]),
    ];
    let only = Some(BTreeSet::from(["Q265433".parse().unwrap()]));
    // The damaged a.dll does not concern Q265433.
    let entries = vec![entry("a.dll", Err(BinaryError::Empty)), file("b.dll", "4.0.1381.100")];
    let assessment = assess_with(articles, entries, &Policy { only, ..Policy::default() });
    assert_eq!(assessment.articles.len(), 1);
    assert_eq!(assessment.outcome, Outcome::Clean);
}
