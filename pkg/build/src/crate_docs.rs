//! The crate as Rust's users meet it: its documentation, and what `cargo publish` would send.

use crate::paths::{root, target};
use crate::run::capture;
use crate::tally::Tally;
use crate::toolchain::{self, TARGET};
use anyhow::Result;
use std::process::Command;
use std::time::Duration;

/// What the crate consists of: files by name, folders with all that is in them.
const CONTENTS: &[&str] = &["src", "tests", "Cargo.toml", "Cargo.toml.orig", "Cargo.lock", "README.md"];
const MORE: &[&str] = &["LICENSE", "CHANGELOG.md", ".cargo_vcs_info.json"];

/// The documentation without a warning, with and without JavaScript's side, and the page's example as a test.
pub fn check(limit: Duration) -> Result<Tally> {
    let doc = |mut cargo: Command, flags: &[&str]| {
        cargo.args(["doc", "--no-deps", "--package", "ets-session"]).args(flags);
        cargo.env("RUSTDOCFLAGS", "-D warnings");
        cargo
    };
    let mut js = doc(toolchain::ensure()?.cargo(), &["--target", TARGET, "--target-dir"]);
    js.arg(target("wasm"));
    let library = cargo(&["build", "--package", "ets-session", "--no-default-features"]);
    let mut tally = Tally::default();
    for mut command in [doc(cargo(&[]), &["--no-default-features"]), js, library] {
        tally += Tally::check(capture(&mut command, limit)?);
    }
    let built = target("debug");
    let mut page = Command::new("rustdoc");
    page.current_dir(root()).args(["--test", "www/docs/rust.md", "--edition", "2024", "-L"]);
    page.arg(built.join("deps")).arg("--extern");
    page.arg(format!("ets_session={}", built.join("libets_session.rlib").display()));
    tally += Tally::of_cargo(capture(&mut page, limit)?);
    Ok(tally)
}

/// What would be published: complete enough to compile by itself, and nothing else.
pub fn package(limit: Duration) -> Result<Tally> {
    let package = |flags: &[&str]| {
        let mut command = cargo(&["package", "--package", "ets-session", "--allow-dirty"]);
        command.args(flags).arg("--target-dir").arg(target("package"));
        command
    };
    let mut tally = Tally::check(capture(&mut package(&[]), limit)?);
    let list = String::from_utf8(package(&["--list"]).output()?.stdout)?;
    let known = |line: &&str| {
        let first = line.split('/').next().unwrap_or_default();
        CONTENTS.contains(&first) || MORE.contains(&first)
    };
    let strange: Vec<&str> = list.lines().filter(|line| !known(line)).collect();
    let complete = list.lines().any(|line| line == "src/lib.rs");
    let ok = strange.is_empty() && complete;
    let output = if ok { String::new() } else { format!("not of the crate: {}\n", strange.join(", ")) };
    tally += Tally { passed: ok.into(), failed: (!ok).into(), output };
    Ok(tally)
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root());
    command
}
