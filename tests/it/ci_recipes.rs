//! The recipes of `docs/ci.md` and the script of `action.yml`, run unchanged.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn docs() -> String {
    fs::read_to_string(Path::new(ROOT).join("docs/ci.md")).unwrap()
}

/// A folder with the sample as `image`.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    symlink(Path::new(ROOT).join("data/sample/nt4"), folder.path().join("image")).unwrap();
    folder
}

/// A shell command in a folder, with the program on the path; `None` if there is no such shell.
fn shell(folder: &Path, shell: &str, args: &[&str], env: &[(&str, &str)]) -> Option<(i32, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_hotfixcheck")).parent().unwrap().to_str().unwrap();
    let path = format!("{program}:{}", std::env::var("PATH").unwrap());
    let mut command = Command::new(shell);
    command.args(args).current_dir(folder).env("PATH", path).envs(env.iter().copied());
    let Ok(output) = command.output() else {
        hotfixcheck_testkit::tools::missing(shell, shell);
        return None;
    };
    Some((output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap()))
}

/// The scans in the recipes, each as one line.
fn scans(docs: &str) -> Vec<String> {
    let lines: Vec<&str> = docs.lines().collect();
    let mut found = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some(start) = line.find("hotfixcheck scan image --format") else { continue };
        let mut command = line[start..].trim_end_matches('\'').to_owned();
        for more in lines[place + 1..].iter().take_while(|more| more.trim().starts_with("--")) {
            command.push(' ');
            command.push_str(more.trim());
        }
        found.push(command);
    }
    found
}

#[test]
fn the_scans_of_the_recipes_run_and_write_what_they_name() {
    let scans = scans(&docs());
    assert_eq!(scans.len(), 3, "{scans:?}");
    for scan in scans {
        let folder = folder();
        let summary = folder.path().join("summary");
        let env = [("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
        let Some((code, out)) = shell(folder.path(), "bash", &["-c", &scan], &env) else { return };
        assert_eq!(code, 1, "{scan}: {out}");
        let words: Vec<&str> = scan.split_whitespace().collect();
        let files = words.windows(2).filter(|pair| pair[0] == "-o" && pair[1] != "-").map(|pair| pair[1]);
        for file in files.chain(scan.contains(">>").then_some("summary")) {
            assert!(fs::metadata(folder.path().join(file)).unwrap().len() > 100, "{scan}: {file}");
        }
    }
}

#[test]
fn the_monthly_script_tells_only_what_is_newly_missing() {
    let docs = docs();
    let script = docs.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = folder();
    let run = || shell(folder.path(), "sh", &["-c", script], &[]);
    let Some((code, out)) = run() else { return };
    assert_eq!((code, out.as_str()), (0, ""), "nothing to compare with");
    assert!(folder.path().join("last.json").is_file() && !folder.path().join("today.json").exists());
    assert_eq!(run(), Some((0, String::new())), "nothing changed");
    fs::remove_file(folder.path().join("image")).unwrap();
    fs::create_dir(folder.path().join("image")).unwrap();
    let old = Path::new(ROOT).join("data/sample/nt4/WINNT/System32/TAPISRV.EXE");
    fs::copy(old, folder.path().join("image/TAPISRV.EXE")).unwrap();
    let (code, out) = run().unwrap();
    assert!(code == 0 && out.contains("Newly missing:") && out.contains("Q310626"), "{code}: {out}");
}

#[test]
fn the_action_writes_its_reports_and_ends_with_the_code_of_the_scan() {
    let script = Path::new(ROOT).join("scripts/github-action");
    let folder = folder();
    fs::create_dir(folder.path().join("with space")).unwrap();
    let place = |name: &str| folder.path().join(name);
    let cases = [
        ("image", "", 1, true),
        ("image\n", "--fail-on\nnever\r\n", 0, true),
        ("nowhere", "", 2, false),
        ("image", "--frobnicate", 2, false),
        ("with space", "", 4, true),
    ];
    for (path, args, expected, written) in cases {
        let (summary, output) = (place("summary"), place("output"));
        let env = [
            ("INPUT_PATH", path),
            ("INPUT_ARGS", args),
            ("INPUT_SARIF", "out.sarif"),
            ("INPUT_JUNIT", "out.xml"),
            ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
            ("GITHUB_OUTPUT", output.to_str().unwrap()),
        ];
        let Some((code, out)) = shell(folder.path(), script.to_str().unwrap(), &[], &env) else { return };
        assert_eq!(code, expected, "{path} {args}: {out}");
        let said = fs::read_to_string(&output).unwrap();
        assert!(said.starts_with(&format!("exit-code={expected}\n")), "{said}");
        assert_eq!(said.contains("sarif=out.sarif\n"), written, "{said}");
        assert_eq!(place("out.xml").exists(), written);
        assert_eq!(fs::read_to_string(&summary).unwrap().starts_with("## hotfixcheck: "), written);
        for name in ["summary", "output", "out.sarif", "out.xml"] {
            let _ = fs::remove_file(place(name));
        }
    }
}

#[test]
fn the_action_and_its_script_speak_of_the_same_inputs() {
    let action = fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    let script = fs::read_to_string(Path::new(ROOT).join("scripts/github-action")).unwrap();
    let named = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
        words.filter(|word| word.starts_with("INPUT_")).map(str::to_owned).collect()
    };
    assert_eq!(named(&action), named(&script));
    let inputs = action.split("\ninputs:\n").nth(1).unwrap().split("\noutputs:\n").next().unwrap();
    let inputs: Vec<&str> = inputs.lines().filter(|l| l.starts_with("  ") && !l.starts_with("   ")).collect();
    assert_eq!(inputs.len(), named(&script).len(), "{inputs:?}");
    for input in inputs {
        let name = input.trim().trim_end_matches(':');
        assert!(action.contains(&format!("INPUT_{}: ${{{{ inputs.{name} }}}}", name.to_uppercase())), "{name}");
    }
}

/// Issue 18: the action uses the released program of its tag, and never a file that is not the released one.
#[test]
fn the_action_takes_the_released_program_and_no_other() {
    let work = TempDir::new().unwrap();
    let script = Path::new(ROOT).join("scripts/github-action-install");
    let releases = work.path().join("releases/v9.8.7");
    let name = "hotfixcheck-9.8.7-x86_64-unknown-linux-gnu";
    fs::create_dir_all(releases.join(name)).unwrap();
    fs::write(releases.join(name).join("hotfixcheck"), "#!/bin/sh\necho released\n").unwrap();
    let make = format!(
        "chmod +x {name}/hotfixcheck && tar -czf {name}.tar.gz {name} && sha256sum {name}.tar.gz >SHA256SUMS && mkdir ../../bin &&
         printf '#!/bin/sh\\necho \"$@\" >built\\n' >../../bin/cargo && chmod +x ../../bin/cargo"
    );
    let Some((0, _)) = shell(&releases, "sh", &["-c", &make], &[]) else { panic!("tar or sha256sum") };
    let address = format!("file://{}", work.path().join("releases").display());
    let install = |tag: &str, os: &str| {
        let env = [("RELEASES", address.as_str()), ("REF", tag), ("RUNNER_OS", os), ("RUNNER_ARCH", "X64")];
        // A `cargo` that only reports its arguments.
        let run = format!("PATH=$PWD/bin:$PATH {} out", script.display());
        let answer = shell(work.path(), "sh", &["-c", &run], &env).unwrap();
        let built = fs::read_to_string(work.path().join("built")).ok();
        let _ = fs::remove_file(work.path().join("built"));
        (answer.0, answer.1, built)
    };
    if Command::new("curl").arg("--version").output().is_err() {
        return hotfixcheck_testkit::tools::missing("curl", "curl");
    }
    let (code, said, built) = install("v9.8.7", "Linux");
    assert_eq!((code, built), (0, None), "{said}");
    assert!(said.contains("the released program for x86_64-unknown-linux-gnu"), "{said}");
    let (code, said) = shell(work.path(), "out/bin/hotfixcheck", &[], &[]).unwrap();
    assert_eq!((code, said.as_str()), (0, "released\n"));
    // A moving tag and a pinned commit use the release of the source's version.
    let own = concat!("v", env!("CARGO_PKG_VERSION"));
    fs::rename(&releases, releases.with_file_name(own)).unwrap();
    let renamed = format!("hotfixcheck-{}-x86_64-unknown-linux-gnu", env!("CARGO_PKG_VERSION"));
    let again =
        format!("mv {name} {renamed} && tar -czf {renamed}.tar.gz {renamed} && sha256sum {renamed}.tar.gz >SHA256SUMS");
    let releases = releases.with_file_name(own);
    assert_eq!(shell(&releases, "sh", &["-c", &again], &[]).unwrap().0, 0);
    for tag in ["v0", "v0.1", "0123456789abcdef0123456789abcdef01234567"] {
        let (code, said, built) = install(tag, "Linux");
        assert_eq!((code, built), (0, None), "{tag}: {said}");
        assert!(said.contains(&format!("{own}: the released program")), "{tag}: {said}");
    }
    for (tag, os) in [("v0.1-next", "Linux"), ("main", "Linux"), ("v1.0.0", "Linux"), ("v0", "macOS"), ("", "Linux")] {
        let (code, said, built) = install(tag, os);
        assert!(
            code == 0 && built.is_some_and(|built| built.contains("install --quiet --locked")),
            "{tag} {os}: {said}"
        );
    }
    fs::write(releases.join("SHA256SUMS"), format!("{}  {renamed}.tar.gz\n", "0".repeat(64))).unwrap();
    let (code, said, built) = install(own, "Linux");
    assert!(code == 1 && built.is_none() && said.contains("is not the released file"), "{code} {said}");
}
