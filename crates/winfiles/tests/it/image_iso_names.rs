//! Names of ISO 9660 that one of the two trees of a medium cuts (issue 13).

use std::fs;

use hotfixcheck_testkit::files::of_image;
use hotfixcheck_testkit::tools::run;
use tempfile::TempDir;

const ASSEMBLY: &str = "x86_Microsoft.Windows.GdiPlus_6595b64144ccf1df_1.0.2600.5512_x-ww_dfb54e0c";
/// As long as a name can be: its fields do not fit into the record.
const LONGEST: usize = 247;

#[test]
fn long_names_and_deep_folders_of_rock_ridge_are_whole() {
    let folder = TempDir::new().unwrap();
    let long = format!("{}.dll", "n".repeat(LONGEST - 4));
    let paths = [
        format!("WINDOWS/WinSxS/{ASSEMBLY}/gdiplus.dll"),
        format!("WINDOWS/{long}"),
        "1/2/3/4/5/6/7/8/9/10/11/deep.dll".to_owned(),
        "1/2/3/4/5/6/7/8/9/beside.dll".to_owned(),
        "Grüße.dll".to_owned(),
    ];
    for path in &paths {
        let path = folder.path().join("tree").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"a file").unwrap();
    }
    for options in [&["-R"][..], &["-J", "-R"], &["-J", "-r", "-joliet-long"]] {
        let arguments = [options, &["-quiet", "-input-charset", "utf-8", "-o", "x.iso", "tree"]].concat();
        if run("genisoimage", "genisoimage", &arguments, folder.path()).is_none() {
            return;
        }
        let found = of_image(&folder.path().join("x.iso"));
        let mut expected: Vec<&str> = paths.iter().map(String::as_str).collect();
        expected.sort_unstable();
        let found: Vec<(&str, Result<&[u8], &str>)> =
            found.iter().map(|(path, bytes)| (&**path, bytes.as_deref().map_err(|error| &**error))).collect();
        let whole: Vec<_> = expected.into_iter().map(|path| (path, Ok(&b"a file"[..]))).collect();
        assert_eq!(found, whole, "{options:?}");
    }
}
