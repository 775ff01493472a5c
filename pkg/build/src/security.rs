//! `cargo xtask security`: which test, or which reason, stands for each number of www/docs/SECURITY.md.

use crate::paths::root;
use crate::tally::Tally;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;

const POLICY: &str = "www/docs/SECURITY.md";
const REASONS: &str = "## Not tested here, and why";
/// The checklist's items and the advisories' rows.
const GROUPS: [(char, usize); 2] = [('S', 60), ('A', 27)];

/// `S13`, `A2`: a letter for the list, and the number in it.
type Number = (char, usize);

#[derive(Default)]
struct Found {
    tests: Vec<String>,
    row: bool,
    reason: bool,
}

pub fn security() -> Result<ExitCode> {
    let tally = check()?;
    println!("{}", tally.output);
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub fn check() -> Result<Tally> {
    let mut sources = Vec::new();
    for (folder, extension) in [("tests/suite", "js"), ("tests/core", "rs")] {
        for entry in fs::read_dir(root().join(folder))? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == extension) {
                let name = path.strip_prefix(root())?.to_string_lossy().into_owned();
                sources.push((name, fs::read_to_string(&path)?));
            }
        }
    }
    sources.sort();
    let policy = fs::read_to_string(root().join(POLICY)).with_context(|| POLICY.to_owned())?;
    Ok(compare(&sources, &policy))
}

/// Each number with its tests or its reason, and what is wrong.
fn compare(sources: &[(String, String)], policy: &str) -> Tally {
    let mut found: BTreeMap<Number, Found> = BTreeMap::new();
    for (file, text) in sources {
        let of = if file.ends_with(".rs") { numbers_of_rust } else { numbers_of_suite };
        for number in of(text) {
            let tests = &mut found.entry(number).or_default().tests;
            if !tests.contains(file) {
                tests.push(file.clone());
            }
        }
    }
    let (table, reasons) = policy.split_once(REASONS).unwrap_or((policy, ""));
    for number in leading(table, "| ", "| ") {
        found.entry(number).or_default().row = true;
    }
    for number in leading(reasons, "* **", ":** ") {
        found.entry(number).or_default().reason = true;
    }
    let mut tally = Tally::default();
    for (letter, last) in GROUPS {
        for number in 1..=last {
            let one = found.remove(&(letter, number)).unwrap_or_default();
            let fault = fault(&one);
            let place = if one.reason { POLICY.to_owned() } else { one.tests.join(", ") };
            tally.output += &format!("{letter}{number:<3} {}\n", fault.unwrap_or(&place));
            *(if fault.is_none() { &mut tally.passed } else { &mut tally.failed }) += 1;
        }
    }
    for ((letter, number), _) in found {
        tally.output += &format!("{letter}{number:<3} is no number of the policy\n");
        tally.failed += 1;
    }
    tally.output += &format!("{} in order, {} not", tally.passed, tally.failed);
    tally
}

fn fault(one: &Found) -> Option<&'static str> {
    match (one.tests.is_empty(), one.reason, one.row) {
        (true, false, _) => Some("MISSING: neither a test nor a reason"),
        (false, true, _) => Some("BOTH a test and a reason why there is none"),
        (_, _, false) => Some("NOT in the policy's tables"),
        _ => None,
    }
}

/// The numbers that names of tests begin with: `test("S21 S23 ended …`, on one line or on two.
fn numbers_of_suite(text: &str) -> Vec<Number> {
    let code: String = text.lines().filter(|line| !is_comment(line)).flat_map(|line| [line, "\n"]).collect();
    let mut numbers = Vec::new();
    for (at, call) in code.match_indices("test(") {
        let part_of_a_word =
            code[..at].ends_with(|before: char| before.is_alphanumeric() || "_.$".contains(before));
        let name = code[at + call.len()..].trim_start();
        if let (false, Some(name)) = (part_of_a_word, name.strip_prefix(['"', '\'', '`'])) {
            numbers.extend(name.split(' ').map_while(number));
        }
    }
    numbers
}

fn is_comment(line: &str) -> bool {
    ["//", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark))
}

/// Those of `fn s53_…` under `#[test]`.
fn numbers_of_rust(text: &str) -> Vec<Number> {
    let mut numbers = Vec::new();
    for (attribute, line) in text.lines().zip(text.lines().skip(1)) {
        if attribute.trim() == "#[test]"
            && let Some(name) = line.trim().strip_prefix("fn ")
        {
            numbers.extend(name.split('_').map_while(|word| number(&word.to_uppercase())));
        }
    }
    numbers
}

/// The numbers that lines begin with between two marks, where something follows.
fn leading(text: &str, before: &str, after: &str) -> Vec<Number> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(before)?.split_once(after));
    lines.filter(|(_, rest)| !rest.trim().is_empty()).filter_map(|(word, _)| number(word.trim())).collect()
}

fn number(word: &str) -> Option<Number> {
    let letter = word.chars().next().filter(|letter| GROUPS.iter().any(|group| group.0 == *letter))?;
    let digits = &word[1..];
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten().map(|number| (letter, number))
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, REASONS, Tally, compare, numbers_of_rust, numbers_of_suite};

    #[test]
    fn names_of_tests_begin_with_their_numbers() {
        let text = "test(\"S1 S22 a\", f);\n  test(\n    `A7 CVE-1: x`,\n";
        assert_eq!(numbers_of_suite(text), [('S', 1), ('S', 22), ('A', 7)]);
    }

    #[test]
    fn other_words_are_no_numbers() {
        let text = "// test(\"S1 a\")\n * test(\"S2\")\nit.test(\"S3\");\nlatest(\"S4\");\ntest(\"B1\");\ntest(\"S 5\");\ntest(\"a S6\");\ntest(\"S7x\");\n";
        assert_eq!(numbers_of_suite(text), []);
    }

    #[test]
    fn functions_count_where_they_are_tests() {
        assert_eq!(
            numbers_of_rust("#[test]\nfn s53_a17_seeds() {}\nfn s1_not() {}\n"),
            [('S', 53), ('A', 17)]
        );
    }

    /// A test and a row for each number, but for what is changed in them.
    fn changed(test: impl Fn(&str) -> bool, row: impl Fn(&str) -> bool, more: &str, reasons: &str) -> Tally {
        let names =
            || GROUPS.into_iter().flat_map(|(letter, last)| (1..=last).map(move |n| format!("{letter}{n}")));
        let tests: String = names().filter(|n| test(n)).map(|n| format!("test(\"{n} x\", f);\n")).collect();
        let rows: String = names().filter(|n| row(n)).map(|n| format!("| {n} | words | test |\n")).collect();
        compare(&[("tests/suite/a.js".into(), tests + more)], &format!("{rows}\n{REASONS}\n\n{reasons}"))
    }

    #[test]
    fn every_number_has_a_test_or_a_reason() {
        let reason = "* **S25:** there is none\n";
        assert_eq!(changed(|_| true, |_| true, "", "").failed, 0);
        assert_eq!(changed(|n| n != "S25", |_| true, "", "").failed, 1);
        assert_eq!(changed(|n| n != "S25", |_| true, "", "* **S25:** \n").failed, 1);
        assert_eq!(changed(|n| n != "S25", |_| true, "", reason).failed, 0);
    }

    #[test]
    fn both_none_and_unknown_are_faults() {
        assert_eq!(changed(|_| true, |_| true, "", "* **A3:** because\n").failed, 1);
        assert_eq!(changed(|_| true, |n| n != "A27", "", "").failed, 1);
        assert_eq!(changed(|_| true, |_| true, "test(\"S61 x\", f);\n", "").failed, 1);
        assert_eq!(changed(|_| true, |_| true, "test(\"A0 x\", f);\n", "").failed, 1);
        assert_eq!(changed(|_| true, |_| true, "", "* **S99:** because\n").failed, 1);
    }
}
