//! WES-NG's definitions, as CSV and as ZIP (issue 15).

use std::io::Write as _;

use hotfixcheck_facts::{SkipReason, merge, wesng};
use hotfixcheck_types::Severity;

use super::{article, skipped};

const CSV: &str = include_str!("../sources/definitions.csv");

/// An archive of these members, deflated or stored.
fn archive(members: &[(&str, &[u8], bool)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut out);
    for (name, data, deflated) in members {
        let method = if *deflated { rawzip::CompressionMethod::DEFLATE } else { rawzip::CompressionMethod::STORE };
        let (mut entry, config) = archive.new_file(*name).compression_method(method).start().unwrap();
        let descriptor = if *deflated {
            let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default());
            let mut writer = config.wrap(encoder);
            writer.write_all(data).unwrap();
            let (encoder, descriptor) = writer.finish().unwrap();
            encoder.finish().unwrap();
            descriptor
        } else {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(data).unwrap();
            writer.finish().unwrap().1
        };
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    out
}

#[test]
fn lines_of_an_article_are_one_article() {
    let facts = wesng::read("definitions.csv", CSV.as_bytes()).unwrap();
    let update = article(&facts, "5034122");
    assert_eq!(update.cves.keys().map(ToString::to_string).collect::<Vec<_>>(), ["CVE-2024-0001", "CVE-2024-0002"]);
    assert_eq!(update.products.len(), 2);
    assert_eq!(update.severity, Some(Severity::Critical));
    assert_eq!(update.supersedes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["KB5033372", "KB5033373"]);
    assert_eq!(update.advised.map(|day| day.to_string()).as_deref(), Some("2024-01-09"));
    assert!(update.cves.values().all(|cve| cve.exploited.is_none()), "a published exploit is no attack");
    assert_eq!(skipped(&facts), [(SkipReason::NoArticle, 1), (SkipReason::NotACve, 1)]);
}

#[test]
fn an_archive_is_all_of_its_tables() {
    let members: [(&str, &[u8], bool); 3] =
        [("CVEs_1.csv", CSV.as_bytes(), true), ("Custom_1.csv", CSV.as_bytes(), false), ("Version.txt", b"1", false)];
    let zip = wesng::read("definitions.zip", &archive(&members)).unwrap();
    assert_eq!(zip.articles, wesng::read("definitions.csv", CSV.as_bytes()).unwrap().articles);
    assert_eq!(skipped(&zip), [(SkipReason::NoArticle, 2), (SkipReason::NotACve, 2)]);

    let error = wesng::read("definitions.zip", &archive(&[("a.txt", b"", false)])).unwrap_err().to_string();
    assert!(error.contains("expected a CSV file in the archive, found none"), "{error}");
    let whole = archive(&members);
    for cut in [10, whole.len() / 2, whole.len() - 1] {
        wesng::read("definitions.zip", &whole[..cut]).unwrap_err();
    }
    // A damaged byte of the first member is detected by its checksum.
    let mut damaged = whole;
    damaged[80] ^= 0x55;
    wesng::read("definitions.zip", &damaged).unwrap_err();
}

#[test]
fn errors_name_the_line() {
    let error = |text: &str| wesng::read("a.csv", text.as_bytes()).unwrap_err().to_string();
    let columns = error("\"CVE\",\"KB\"\n");
    assert!(columns.contains("line 1: expected a column 'DatePosted', found 'CVE,KB'"), "{columns}");
    let day = error(&CSV.replace("20240213", "yesterday"));
    assert!(day.contains("line 3: expected a day, as in 20220412, found 'yesterday'"), "{day}");
    let fields = error(&format!("{CSV}\"20240109\",\"one\"\n"));
    assert!(fields.contains("line 7: expected lines of as many fields as the header"), "{fields}");
}

/// The bulletins of articles by their titles (issue 15): MS17-010 is KB4012606 on Windows 10.
#[test]
fn bulletins_by_title() {
    let head = "DatePosted,CVE,BulletinKB,AffectedProduct,Severity,Supersedes,Title\n";
    let rows = [
        ("20160112", "3124001", "Cumulative Update for a Lamp"),
        ("20160209", "3124002", "Fix for the Switch"),
        ("20160308", "3124003", "Cumulative Update for a Lamp"),
        ("20160412", "3124004", "Fix for the Socket"),
        ("20160510", "3124005", "Cumulative Update for a Lamp"),
        ("20160614", "3124006", "Fix for the Fuse"),
        ("20170314", "3124007", "Fix for the Switch"),
    ];
    let line = |(day, kb, title): &(&str, &str, &str)| format!("{day},CVE-2016-0001,{kb},Windows 10,Low,,{title}\n");
    let csv: String = rows.iter().map(line).collect();
    let mut facts = wesng::read("definitions.csv", (head.to_owned() + &csv).as_bytes()).unwrap();
    let table = "bulletin\tkb\ttitle\nMS16-002\tKB3130002\tFix for the \"Switch\"\nMS16-003\tKB3130003\tCumulative Update for a Lamp\n\
                 MS16-004\tKB3130004\tFix for the Socket\nMS16-006\tKB3130006\tFix for the Fuse\n\
                 MS16-007\tKB3130007\tCumulative update for a lamp\n";
    let table = hotfixcheck_facts::titles::read("titles.tsv", table.as_bytes()).unwrap();
    // Of two days with one title only the one between those of the numbers before and after is the bulletin's; MS16-007 has none.
    assert_eq!(facts.join_bulletins(&table), 4);
    let of = |id: &str| article(&facts, id).bulletins.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(of("3124002"), ["MS16-002"]);
    assert_eq!(of("3124003"), ["MS16-003"]);
    assert_eq!(of("3124004"), ["MS16-004"]);
    assert_eq!(of("3124006"), ["MS16-006"]);
    for other in ["3124001", "3124005", "3124007"] {
        assert!(of(other).is_empty(), "{other}");
    }
}

/// Issue 15: 90 bulletins of 2010 to 2017 were not joined, such as MS16-135: their titles recur every month.
#[test]
fn bulletins_of_titles_that_recur() {
    let head = "DatePosted,CVE,BulletinKB,AffectedProduct,Severity,Supersedes,Title\n";
    let rows = [
        ("20160112", "3124001", "Cumulative Update for a Lamp"),
        // Numbered before a bulletin of January, released in February.
        ("20160209", "3134814", "Cumulative Update for a Lamp"),
        ("20160112", "3124010", "Fix for the Switch"),
        ("20160308", "3139929", "Cumulative Update for a Lamp"),
        ("20160412", "3148198", "Cumulative Update for a Lamp"),
        // The day of a later revision.
        ("20161011", "3141032", "Fix for the Socket"),
        (
            "20160308",
            "3139914",
            "Fix for a Very Long Cable That Has to Be Cut in Order to Address Elevation of Privile",
        ),
        ("20160510", "3150220", "Fix for the Fuse"),
        ("20160510", "3154070", "Fix for the Plug"),
        ("20160614", "3160005", "Fix for the Plug"),
        ("20160712", "3170106", "Fix for the Plug"),
        ("20160712", "3170377", "Fix for the Wire"),
    ];
    let line = |(day, kb, title): &(&str, &str, &str)| format!("{day},CVE-2016-0001,{kb},Windows 10,Low,,{title}\n");
    let csv: String = rows.iter().map(line).collect();
    let mut facts = wesng::read("definitions.csv", (head.to_owned() + &csv).as_bytes()).unwrap();
    let table = [
        ("MS16-001", "3124001", "Cumulative Update for a Lamp"),
        ("MS16-009", "3134220", "Cumulative Update for a Lamp"),
        ("MS16-010", "3124557", "Fix for the Switch"),
        ("MS16-023", "3142015", "Cumulative Update for a Lamp"),
        ("MS16-030", "3143136", "Fix for the Socket"),
        (
            "MS16-032",
            "3143141",
            "Fix for a Very Long Cable That Has to Be Cut in Order to Address Elevation of Privilege",
        ),
        ("MS16-037", "3148531", "Cumulative Update for a Lamp"),
        ("MS16-060", "3154846", "Fix for the Fuse"),
        // Of the two numbers between May and July, the first has no rows; its own article says which day is the second's.
        ("MS16-061", "3155520", "Fix for the Plug"),
        ("MS16-077", "3160005", "Fix for the Plug"),
        ("MS16-087", "3170005", "Fix for the Wire"),
    ];
    let line = |(bulletin, kb, title): &(&str, &str, &str)| format!("{bulletin}\tKB{kb}\t{title}\n");
    let table = "bulletin\tkb\ttitle\n".to_owned() + &table.iter().map(line).collect::<String>();
    let table = hotfixcheck_facts::titles::read("titles.tsv", table.as_bytes()).unwrap();
    assert_eq!(facts.join_bulletins(&table), 11);
    let of = |id: &str| article(&facts, id).bulletins.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    for (id, bulletin) in [
        ("3124001", "MS16-001"),
        ("3134814", "MS16-009"),
        ("3139929", "MS16-023"),
        ("3139914", "MS16-032"),
        ("3148198", "MS16-037"),
        ("3154070", "MS16-061"),
        ("3160005", "MS16-077"),
        ("3170106", ""),
    ] {
        assert_eq!(of(id), bulletin, "{id}");
    }
}

/// Issue 15: the definitions repeat every vulnerability of a bulletin for each of its articles; the advisories say which has
/// which (KB3114542 of MS16-039).
#[test]
fn what_advisories_say_is_left_to_them() {
    let csv = "DatePosted,CVE,BulletinKB,AffectedProduct,Severity,Supersedes\n\
               20240109,CVE-2024-0001,5034122,Windows 10,Critical,5033372\n\
               20240109,CVE-2024-0003,5034122,Windows 10,Critical,5033372\n\
               20240109,CVE-2024-0001,5034440,Office,Critical,\n\
               20240109,CVE-2024-0001,5029377,SQL Server,Critical,\n";
    let month = include_bytes!("../sources/month.json");
    let advisories = hotfixcheck_facts::cvrf::read("month.json", &month[..]).unwrap();
    let month = String::from_utf8_lossy(month).replace("CVE-2024-0001", "CVE-2024-0005").replace("5034122", "5034440");
    let other = hotfixcheck_facts::cvrf::read("other.json", month.as_bytes()).unwrap();
    let mut facts = wesng::read("definitions.csv", csv.as_bytes()).unwrap();
    let advisories = merge(&[advisories, other]);
    facts.leave_to_advisories(&advisories);
    let cves = |id: &str| article(&facts, id).cves.keys().map(ToString::to_string).collect::<Vec<_>>();
    // No advisory has CVE-2024-0003; the first one has CVE-2024-0001 of this article, but of the other one CVE-2024-0005 alone.
    assert_eq!(cves("5034122"), ["CVE-2024-0001", "CVE-2024-0003"]);
    assert!(cves("5034440").is_empty());
    assert_eq!(article(&facts, "5034122").severity, None, "the advisory has a rating");
    assert_eq!(article(&facts, "5034122").supersedes.len(), 1);
    // An advisory that was revised names only updates of a later year: it says nothing of the first one (CVE-2016-0162).
    let csv = csv
        .replace("CVE-2024-0003", "CVE-2024-0001")
        .replace("20240109,CVE-2024-0001,5034440", "20220111,CVE-2024-0001,5034440");
    let mut earlier = wesng::read("definitions.csv", csv.as_bytes()).unwrap();
    earlier.leave_to_advisories(&advisories);
    assert_eq!(article(&earlier, "5034440").cves.len(), 1);
    // An article whose advisory names no CVE is not known to them.
    assert_eq!(cves("5029377"), ["CVE-2024-0001"]);
    assert_eq!(article(&facts, "5029377").severity, Some(Severity::Critical));
}
