//! The program's own texts: help, completions, manual pages, suggestions.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

fn run(args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
    let output = command.args(args).env("COLUMNS", "100").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Every command, with its subcommands.
fn commands() -> Vec<Vec<&'static str>> {
    let mut all: Vec<Vec<&str>> = vec![vec![]];
    let names = "scan explain identify article extract catalog inventory judge diff completions man";
    let known = run(&["help"]).1;
    let listed = |name: &str| known.lines().any(|line| line.trim_start().split(' ').next() == Some(name));
    for name in names.split(' ').filter(|name| listed(name)) {
        all.push(vec![name]);
    }
    all.extend(["build", "add", "import", "lint", "stats"].map(|inner| vec!["catalog", inner]));
    all
}

#[test]
fn the_list_above_misses_no_command() {
    let help = run(&["help"]).1;
    let section = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names: Vec<&str> = section
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let known: Vec<&str> = commands().into_iter().filter(|c| c.len() == 1).map(|c| c[0]).collect();
    assert!(names.iter().filter(|name| **name != "help").all(|name| known.contains(name)), "{names:?}");
}

#[test]
fn help_texts_are_reviewed() {
    for command in commands() {
        let (code, out, err) = run(&[&command[..], &["--help"]].concat());
        assert_eq!((code, err.as_str()), (0, ""), "{command:?}");
        let widest = out.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 120, "{command:?}: {widest}");
        let name = [&["help"], &command[..]].concat().join("_");
        insta::assert_snapshot!(name, out);
    }
}

/// The arguments of each example in the help texts.
#[test]
fn the_examples_of_the_help_texts_are_command_lines() {
    let mut seen = 0;
    for command in commands() {
        let help = run(&[&command[..], &["--help"]].concat()).1;
        for line in help.lines().filter_map(|line| line.strip_prefix("  hotfixcheck ")) {
            let line = line.split(['|', '>']).next().unwrap();
            let args: Vec<&str> = line.split_whitespace().chain(["--help"]).collect();
            let (code, out, err) = run(&args);
            assert!(code == 0 && out.contains("Usage: "), "{line}: {err}");
            seen += 1;
        }
    }
    assert!(seen >= 15, "{seen}");
}

#[test]
fn a_slip_gets_a_suggestion() {
    for (args, word) in [
        (&["scna"][..], "a similar subcommand exists: 'scan'"),
        (&["scan", "--fromat", "json", "x"], "a similar argument exists: '--format'"),
        (&["scan", "--format", "jsno", "x"], "a similar value exists: 'json'"),
        (&["article", "Q310625"], "did you mean Q310626"),
        (&["article", "Q310266"], "did you mean Q310626"),
        (&["article", "Q99999999"], "article 'Q99999999' is not in the built-in catalogue"),
        (&["explain", "31062", "data"], "did you mean Q310626"),
    ] {
        let (code, out, err) = run(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(word), "{args:?}: {err}");
    }
}

#[test]
fn shells_accept_their_completions() {
    let folder = TempDir::new().unwrap();
    for (shell, arguments) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let (code, script, _) = run(&["completions", shell]);
        assert_eq!(code, 0);
        assert!(script.contains("only-required") && script.contains("codequality"), "{shell}");
        let path = folder.path().join(shell);
        fs::write(&path, script).unwrap();
        match Command::new(shell).arg(arguments).arg(&path).output() {
            Ok(output) => assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr)),
            Err(_) => hotfixcheck_testkit::tools::missing(shell, shell),
        }
    }
    assert!(run(&["completions", "powershell"]).1.contains("'--only-required'"));
    assert_eq!(run(&["completions", "csh"]).0, 2);
}

/// The completions of bash for a line, from the generated function.
#[test]
fn bash_completes_commands_and_values() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("script");
    fs::write(&path, run(&["completions", "bash"]).1).unwrap();
    for (words, expected) in [("hotfixcheck sc", "scan"), ("hotfixcheck scan --format sar", "sarif")] {
        let all: Vec<&str> = words.split(' ').collect();
        let script = format!(
            "source {}; COMP_WORDS=({words}); COMP_CWORD={}; _hotfixcheck hotfixcheck {} {}; echo \"${{COMPREPLY[@]}}\"",
            path.display(),
            all.len() - 1,
            all[all.len() - 1],
            all[all.len() - 2],
        );
        let Ok(output) = Command::new("bash").args(["-c", &script]).output() else {
            hotfixcheck_testkit::tools::missing("bash", "bash");
            return;
        };
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected, "{words}");
    }
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let folder = TempDir::new().unwrap();
    let pages = folder.path().join("man/man1");
    assert_eq!(run(&["man", "--out-dir", pages.to_str().unwrap()]), (0, String::new(), String::new()));
    for command in commands() {
        let name = [&["hotfixcheck"], &command[..]].concat().join("-");
        let path = pages.join(format!("{name}.1"));
        let page = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name}"));
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
        match Command::new("mandoc").args(["-T", "lint", "-W", "error"]).arg(&path).output() {
            Ok(output) => assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stdout)),
            Err(_) => hotfixcheck_testkit::tools::missing("mandoc", "mandoc"),
        }
    }
    assert_eq!(fs::read_dir(&pages).unwrap().count(), commands().len());
    let (code, page, _) = run(&["man"]);
    assert_eq!((code, page), (0, fs::read_to_string(pages.join("hotfixcheck.1")).unwrap()));
}
