//! The parts of the test run: sentences about the project, each by the commands that check it.

use crate::paths::root;
use crate::run::capture;
use crate::tally::Tally;
use crate::toolchain::TARGET;
use crate::{
    browser, crate_docs, debian, firewall, jsr, npm, paths, security, toolchain, tools, wasm, wasm_pack,
};
use anyhow::Result;
use std::process::Command;
use std::time::Duration;

pub struct Part {
    pub name: &'static str,
    /// Looks at pkg/dist.
    pub of_build: bool,
    /// For each of its commands; one that takes longer is killed and has failed.
    pub limit: Duration,
    pub run: fn(Duration) -> Result<Tally>,
}

const fn part(name: &'static str, minutes: u64, run: fn(Duration) -> Result<Tally>) -> Part {
    Part { name, of_build: false, limit: Duration::from_secs(minutes * 60), run }
}

const fn of_build(name: &'static str, minutes: u64, run: fn(Duration) -> Result<Tally>) -> Part {
    Part { of_build: true, ..part(name, minutes, run) }
}

pub const PARTS: &[Part] = &[
    part("rustfmt", 2, |limit| checks(limit, [cargo(&["fmt", "--all", "--check"])])),
    part("clippy", 15, |limit| {
        let workspace = cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
        let pure =
            cargo(&["clippy", "--package", "ets-session", "--no-default-features", "--", "-D", "warnings"]);
        checks(limit, [workspace, pure])
    }),
    part("clippy-wasm", 15, |limit| {
        let toolchain = toolchain::ensure()?;
        let clippy = |arguments: &[&str]| {
            let mut clippy = toolchain.cargo();
            clippy.args(["clippy", "--package", "ets-session", "--target", TARGET, "--target-dir"]);
            clippy.arg(paths::target("wasm")).args(arguments).args(["--", "-D", "warnings"]);
            clippy
        };
        // As wasm-pack builds it, and as the package has it.
        let as_package = clippy(&["--lib", "--no-default-features", "--features", "js"]);
        checks(limit, [clippy(&["--lib", "--test", "browser"]), as_package])
    }),
    part("rust", 20, |limit| {
        let mut tally =
            Tally::of_cargo(capture(&mut cargo(&["test", "--workspace", "--no-fail-fast"]), limit)?);
        let pure = &["test", "--package", "ets-session", "--no-default-features", "--no-fail-fast"];
        tally += Tally::of_cargo(capture(&mut cargo(pure), limit)?);
        Ok(tally)
    }),
    part("fuzz", 5, |limit| {
        let mut fuzz = cargo(&["test", "--package", "ets-session", "--test", "fuzz"]);
        Ok(Tally::of_cargo(capture(fuzz.env("FUZZ_SECONDS", "3"), limit)?))
    }),
    part("firewalls", 1, |_| firewall::check()),
    part("supply", 5, |limit| Ok(Tally::of_suite(capture(&mut supply()?, limit)?))),
    part("security", 1, |_| security::check()),
    part("build", 30, |limit| checks(limit, [xtask("build")?])),
    part("biome", 2, |limit| {
        npm::ensure()?;
        let mut biome = npm::tool("biome");
        biome.args(["check", "--error-on-warnings", "--max-diagnostics=none"]);
        checks(limit, [biome])
    }),
    of_build("types", 5, |limit| {
        let projects = ["pkg", "tests/types"].into_iter().filter(|folder| root().join(folder).exists());
        checks(
            limit,
            projects.map(|folder| {
                let mut tsc = npm::tool("tsc");
                tsc.args(["--noEmit", "--project", folder]);
                tsc
            }),
        )
    }),
    of_build("node", 5, |limit| suite(limit, "tests/runtimes/node/run.mjs")),
    of_build("vectors", 1, |limit| suite(limit, "tests/vectors/run.mjs")),
    of_build("traces", 5, |limit| {
        let file = paths::target("traces.jsonl");
        let mut traces = cargo(&["test", "--package", "ets-session", "--test", "traces"]);
        let mut tally = Tally::of_cargo(capture(traces.env("TRACES", &file), limit)?);
        tally += Tally::of_suite(capture(npm::node().arg("tests/traces/run.mjs").arg(&file), limit)?);
        Ok(tally)
    }),
    of_build("crossings", 2, |limit| suite(limit, "tests/crossings/run.mjs")),
    of_build("schedule", 10, |limit| suite(limit, "tests/schedule/run.mjs")),
    of_build("sim", 5, |limit| {
        let mut node = npm::node();
        node.args(["tests/sim/run.mjs", "--seeds", "1500", "--jobs", "2"]);
        Ok(Tally::of_suite(capture(&mut node, limit)?))
    }),
    of_build("property", 5, |limit| suite(limit, "tests/property/run.mjs")),
    of_build("compare", 2, |limit| suite(limit, "tests/compare/run.mjs")),
    of_build("memory", 5, |limit| suite(limit, "tests/memory/run.mjs")),
    of_build("recovery", 5, |limit| {
        wasm::build_faulty(&toolchain::ensure()?)?;
        Ok(Tally::of_suite(capture(npm::node().args(["--expose-gc", "tests/recovery/run.mjs"]), limit)?))
    }),
    of_build("packaging", 15, |limit| suite(limit, "tests/packaging/run.mjs")),
    of_build("release", 5, |limit| suite(limit, "tests/packaging/release.mjs")),
    of_build("browsers", 20, |limit| {
        let mut node = npm::node();
        node.arg("tests/packaging/browser/run.mjs").env("CHROMIUM", browser::chromium()?);
        node.env("FIREFOX", browser::firefox()?).env("GECKODRIVER", browser::geckodriver()?);
        Ok(Tally::of_suite(capture(&mut node, limit)?))
    }),
    of_build("stores", 10, |limit| {
        debian::ensure(&["redis-server"])?;
        suite(limit, "tests/stores/run.mjs")
    }),
    of_build("adapters", 10, |limit| suite(limit, "tests/adapters/run.mjs")),
    of_build("playground", 5, |limit| suite_in_browser(limit, "tests/playground/run.mjs")),
    of_build("load", 5, |limit| {
        debian::ensure(&["wrk"])?;
        let runs: [&[&str]; 3] = [
            &["tests/load/run.mjs", "--quick", "calls"],
            &["tests/soak/run.mjs", "--minutes", "0.7"],
            &["tests/soak/hostile.mjs", "--seconds", "5"],
        ];
        checks(
            limit,
            runs.map(|arguments| {
                let mut node = npm::node();
                node.args(arguments);
                node
            }),
        )
    }),
    of_build("docs", 5, |limit| suite_in_browser(limit, "tests/docs/run.mjs")),
    of_build("jsr", 2, |limit| checks(limit, [jsr::dry_run()?])),
    of_build("readme", 1, |limit| suite(limit, "tests/readme/run.mjs")),
    of_build("workerd", 5, |limit| suite(limit, "tests/runtimes/workerd/run.mjs")),
    of_build("chromium", 5, |limit| suite_in_browser(limit, "tests/runtimes/browser/run.mjs")),
    part("wasm-pack-test", 15, |limit| {
        let mut tally = Tally::default();
        for mut test in wasm_pack::tests()? {
            tally += Tally::of_cargo(capture(&mut test, limit)?);
        }
        Ok(tally)
    }),
    part("crate", 10, |limit| {
        let mut tally = crate_docs::check(limit)?;
        tally += crate_docs::package(limit)?;
        Ok(tally)
    }),
    part("rust-worker", 15, |limit| {
        npm::ensure()?;
        let mut format = cargo(&["fmt", "--check", "--manifest-path", "tests/rust-worker/Cargo.toml"]);
        let mut tally = Tally::check(capture(&mut format, limit)?);
        let mut node = npm::node();
        node.arg("tests/rust-worker/run.mjs");
        toolchain::ensure()?.apply(&mut node);
        toolchain::prepend_path(&mut node, &wasm_pack::bindgen()?);
        tally += Tally::of_suite(capture(&mut node, limit)?);
        Ok(tally)
    }),
    of_build("wasm-pack-build", 15, |limit| {
        let mut tally = checks(limit, [wasm_pack::build()?])?;
        // Held against the package's own store; an earlier build's is none of that.
        if tally.failed == 0 {
            tally += suite(limit, "tests/plain/run.mjs")?;
        }
        Ok(tally)
    }),
    of_build("e2e", 10, |limit| suite_in_browser(limit, "tests/e2e/run.mjs")),
];

/// What all of this is made of.
pub fn supply() -> Result<Command> {
    npm::ensure()?;
    let mut node = npm::node();
    node.arg("tests/supply/run.mjs").env("CARGO_DENY", tools::cargo_deny()?);
    Ok(node)
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root());
    command
}

/// A command of ours, as a process of its own: with a time limit, and its output held back.
fn xtask(command: &str) -> Result<Command> {
    let mut this = Command::new(std::env::current_exe()?);
    this.arg(command);
    Ok(this)
}

fn checks(limit: Duration, commands: impl IntoIterator<Item = Command>) -> Result<Tally> {
    let mut tally = Tally::default();
    for mut command in commands {
        tally += Tally::check(capture(&mut command, limit)?);
    }
    Ok(tally)
}

fn suite(limit: Duration, file: &str) -> Result<Tally> {
    Ok(Tally::of_suite(capture(npm::node().arg(file), limit)?))
}

fn suite_in_browser(limit: Duration, file: &str) -> Result<Tally> {
    let mut node = npm::node();
    node.arg(file).env("CHROMIUM", browser::chromium()?);
    Ok(Tally::of_suite(capture(&mut node, limit)?))
}
