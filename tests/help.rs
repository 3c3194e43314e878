//! Help, shell completions and man pages tell of every command and option, in both languages.

use std::fs;

use crate::support::{Run, files_below, path_text, sigill, workspace};

const COMMANDS: [&str; 16] = [
    "help",
    "render",
    "check",
    "pack",
    "sign",
    "verify",
    "serve",
    "api-key",
    "schema",
    "new",
    "kinds",
    "profiles",
    "layouts",
    "extract",
    "completions",
    "man",
];
/// Commands for other programs.
const HIDDEN: [&str; 2] = ["worker", "bench-inprocess"];

/// Options of each command, besides `--help`.
const OPTIONS: [(&[&str], &[&str]); 22] = [
    (
        &["render"],
        &[
            "--output",
            "--profile",
            "--standard",
            "--reserve",
            "--layouts",
            "--fonts",
            "--jobs",
            "--format",
            "--lang",
            "<INPUT>",
        ],
    ),
    (&["check"], &["--profile", "--layouts", "--fonts", "--format", "--lang", "<INPUT>"]),
    (
        &["pack"],
        &[
            "--output",
            "--copy",
            "--edition",
            "--keep-going",
            "--supplement",
            "--report",
            "--reserve",
            "--no-cache",
            "--profile",
            "--layouts",
            "--fonts",
            "--format",
            "--lang",
            "<KALLELSE>",
        ],
    ),
    (
        &["sign"],
        &[
            "--output",
            "--field",
            "--p12",
            "--key",
            "--cert",
            "--password-env",
            "--title",
            "--reason",
            "--location",
            "--image",
            "--seal",
            "--level",
            "--tsa",
            "--trust",
            "--force",
            "--at",
            "--layouts",
            "--fonts",
            "--format",
            "--lang",
            "<PDF>",
        ],
    ),
    (
        &["sign", "prepare"],
        &[
            "--output",
            "--state",
            "--field",
            "--cert",
            "--digest",
            "--name",
            "--title",
            "--reason",
            "--location",
            "--image",
            "--seal",
            "--at",
            "--layouts",
            "--fonts",
            "--format",
            "--lang",
            "<PDF>",
        ],
    ),
    (
        &["sign", "complete"],
        &[
            "--output",
            "--state",
            "--signature",
            "--cert",
            "--attributes",
            "--level",
            "--tsa",
            "--trust",
            "--force",
            "--at",
            "--format",
            "--lang",
            "<PDF>",
        ],
    ),
    (&["sign", "reserve"], &["--output", "--field", "--page", "--rect", "--label", "--format", "--lang", "<PDF>"]),
    (&["sign", "extend"], &["--output", "--level", "--tsa", "--trust", "--at", "--format", "--lang", "<PDF>"]),
    (&["serve"], &["--listen", "--config", "--data", "--log"]),
    (&["api-key"], &["--scope", "--expires", "<NAME>"]),
    (
        &["verify"],
        &[
            "--trust",
            "--at",
            "--online",
            "--report",
            "--profile",
            "--layouts",
            "--fonts",
            "--format",
            "--lang",
            "<PDF>",
        ],
    ),
    (&["schema"], &["--layouts", "<KIND>"]),
    (&["new"], &["--layouts", "<KIND>"]),
    (&["kinds"], &["--layouts"]),
    (&["profiles"], &["--layouts"]),
    (&["layouts"], &[]),
    (&["layouts", "list"], &["--layouts"]),
    (&["layouts", "check"], &["<FOLDER>"]),
    (&["layouts", "new"], &["--profile", "--folder", "<NAME>"]),
    (&["extract"], &["--output", "<PDF>"]),
    (&["completions"], &["<SHELL>"]),
    (&["man"], &["<OUT>"]),
];

fn help(command: &[&str]) -> Run {
    let run = sigill(&[command, &["--help"]].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{command:?}");
    run
}

/// The words about an option or command in a help text: its line and the lines below it, up to the next blank one.
fn said_of(help: &str, name: &str) -> String {
    let is_it =
        |l: &str| l.starts_with(' ') && l.split([' ', ',', '[', ']', '.']).any(|w| w == name) && !l.contains("Usage:");
    let mut lines = help.lines().skip_while(|l| !is_it(l));
    let first = lines.next().unwrap_or_default().to_owned();
    lines.take_while(|l| l.starts_with("          ")).fold(first, |text, l| text + " " + l.trim())
}

#[test]
fn every_command_is_listed_in_both_languages() {
    let text = help(&[]).text();
    for command in COMMANDS {
        let said = said_of(&text, command);
        assert!(said.contains(" · "), "{command}: {said:?} in\n{text}");
    }
    for command in HIDDEN {
        assert!(!text.contains(command), "{text}");
    }
}

#[test]
fn every_option_is_described() {
    for (command, options) in OPTIONS {
        let text = help(command).text();
        assert!(text.lines().next().is_some_and(|l| l.contains(" · ")), "{command:?}:\n{text}");
        for option in options {
            let said = said_of(&text, option);
            let words = said.split_once("  ").map_or("", |(_, w)| w).trim_start();
            let words = words.trim_start_matches(['-', '<']);
            // The standards are names, the same in every language.
            let told = said.contains(" · ") || *option == "--standard" && said.contains("a-1b");
            assert!(told && words.len() > 10, "{command:?} {option}: {said:?} in\n{text}");
        }
        // And there are no more than those.
        for line in text.lines().filter(|l| l.trim_start().starts_with('-')) {
            let mut names = line.split([' ', ',', '=']).filter(|w| w.starts_with("--"));
            if let Some(name) = names.next() {
                let known = options.contains(&name) || name == "--help" || name == "--version";
                assert!(known, "{command:?}: {name} is not in the test");
            }
        }
    }
}

#[test]
fn wrong_usage_ends_with_2_and_says_nothing_on_standard_output() {
    for args in [&[] as &[&str], &["layouts"], &["render"], &["extract"], &["schema"], &["man"], &["finns-inte"]] {
        let run = sigill(args);
        assert_eq!((run.code, run.out.len()), (2, 0), "{args:?}: {}", run.err);
        assert!(!run.err.is_empty(), "{args:?}");
    }
    let version = sigill(&["--version"]);
    assert_eq!((version.code, version.text()), (0, format!("sigill {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn completions_of_every_shell_know_commands_and_options() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = sigill(&["completions", shell]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{shell}");
        for wanted in COMMANDS.iter().chain(&["standard", "layouts", "jobs"]) {
            assert!(run.text().contains(wanted), "{shell}: {wanted}");
        }
    }
    let unknown = sigill(&["completions", "tcsh"]);
    assert_eq!((unknown.code, unknown.out.len()), (2, 0));
}

#[test]
fn there_is_a_man_page_for_every_command() {
    let folder = workspace("man").join("man1");
    let run = sigill(&["man", &path_text(&folder)]);
    assert_eq!((run.code, run.out.len()), (0, 0), "{}", run.err);
    let mut wanted: Vec<_> = COMMANDS.iter().map(|c| format!("sigill-{c}.1")).collect();
    wanted.push("sigill.1".into());
    wanted.sort();
    assert_eq!(files_below(&folder), wanted);
    for (command, options) in OPTIONS.iter().filter(|(c, _)| c.len() == 1) {
        let name = format!("sigill-{}", command[0]);
        let page = fs::read_to_string(folder.join(format!("{name}.1"))).expect("read");
        let plain = page.replace("\\-", "-");
        assert!(plain.contains(&format!(".TH {name} 1")), "{page}");
        for option in *options {
            let option = option.trim_matches(['<', '>']);
            assert!(plain.contains(option), "{name}: {option}\n{plain}");
        }
    }
}
