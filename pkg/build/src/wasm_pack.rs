//! wasm-pack, and the test runner of wasm-bindgen.

use crate::paths::{root, target};
use crate::toolchain::prepend_path;
use crate::tools::install;
use crate::{browser, npm, toolchain};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

const WASM_PACK: &str = "0.15.1";

/// `wasm-pack test` on the plain store, once in each place where users run it.
pub fn tests() -> Result<[Command; 3]> {
    Ok([node()?, chrome()?, firefox()?])
}

fn test(flags: &[&str]) -> Result<Command> {
    let mut command = wasm_pack("wasm")?;
    command.args(["test", "--mode", "no-install"]).args(flags);
    Ok(command)
}

fn node() -> Result<Command> {
    let mut command = test(&["--node"])?;
    command.args([".", "--test", "node"]);
    Ok(command)
}

fn firefox() -> Result<Command> {
    let mut command = test(&["--headless", "--firefox", "--geckodriver"])?;
    command.arg(browser::geckodriver()?).args([".", "--test", "browser"]);
    let capabilities = format!(
        "{{\"moz:firefoxOptions\":{{\"binary\":{:?},\"args\":[\"-headless\"]}}}}",
        browser::firefox()?
    );
    let file = target("webdriver-firefox.json");
    std::fs::write(&file, capabilities)?;
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file);
    Ok(command)
}

fn chrome() -> Result<Command> {
    let driver = browser::chromedriver()?;
    let mut command = test(&["--headless", "--chrome", "--chromedriver"])?;
    // Flags for the browser come from a file; chromedriver wants them without dashes.
    let flags: Vec<String> =
        browser::FLAGS.iter().map(|flag| format!("{:?}", flag.trim_start_matches('-'))).collect();
    let capabilities = format!(
        "{{\"goog:chromeOptions\":{{\"binary\":{:?},\"args\":[{}]}}}}",
        browser::chromium()?,
        flags.join(",")
    );
    let file = target("webdriver.json");
    std::fs::write(&file, capabilities)?;
    command.arg(driver).args([".", "--test", "browser"]).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file);
    Ok(command)
}

/// What `wasm-pack build` makes for those who use it alone: the store without our package.
pub fn build() -> Result<Command> {
    // Not the folder of `cargo xtask build`: it makes the same file there, with LTO where wasm-pack has none.
    let mut command = wasm_pack("wasm-pack-cargo")?;
    command.args(["build", "--release", "--target", "web", "--mode", "no-install", "--out-dir"]);
    command.arg(target("wasm-pack"));
    Ok(command)
}

/// The folder with wasm-bindgen and its test runner.
pub fn bindgen() -> Result<PathBuf> {
    install("wasm-bindgen-cli", &bindgen_version()?, &["--no-default-features"])
}

fn wasm_pack(target_folder: &str) -> Result<Command> {
    npm::ensure()?;
    let bindgen = bindgen()?;
    let wasm_pack = install("wasm-pack", WASM_PACK, &["--locked"])?;
    let mut command = Command::new(wasm_pack.join("wasm-pack"));
    command.current_dir(root());
    toolchain::ensure()?.apply(&mut command);
    prepend_path(&mut command, &bindgen);
    // For its wasm-opt, which wasm-pack would otherwise do without.
    prepend_path(&mut command, &root().join("node_modules/.bin"));
    command.env("CARGO_TARGET_DIR", target(target_folder));
    Ok(command)
}

/// The tool has to speak the format of the crate's own wasm-bindgen.
fn bindgen_version() -> Result<String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock"))?;
    let (_, after) =
        lock.split_once("name = \"wasm-bindgen\"\nversion = \"").context("no wasm-bindgen in Cargo.lock")?;
    let (version, _) = after.split_once('"').context("Cargo.lock")?;
    Ok(version.to_owned())
}
