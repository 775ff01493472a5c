//! wasm-pack, and the test runner of wasm-bindgen, built once for each user.

use crate::paths::{root, target};
use crate::toolchain::prepend_path;
use crate::{browser, npm, run, toolchain};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const WASM_PACK: &str = "0.15.1";
const INSTALL_LIMIT: Duration = Duration::from_secs(25 * 60);

/// `wasm-pack test` on tests/browser.rs, in Chromium.
pub fn test() -> Result<Command> {
    let driver = browser::chromedriver()?;
    let mut command = wasm_pack("wasm")?;
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
    command.args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"]).arg(driver);
    command.args([".", "--test", "browser"]).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file);
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

fn wasm_pack(target_folder: &str) -> Result<Command> {
    npm::ensure()?;
    let bindgen = install("wasm-bindgen-cli", &bindgen_version()?, &["--no-default-features"])?;
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

fn install(name: &str, version: &str, flags: &[&str]) -> Result<PathBuf> {
    let folder = cache()?.join(format!("{name}-{version}"));
    let receipt = folder.join(".crates.toml");
    if !receipt.exists() {
        let mut cargo = Command::new("cargo");
        cargo.args(["install", name, "--version", &format!("={version}"), "--root"]).arg(&folder).args(flags);
        run::must(&mut cargo, INSTALL_LIMIT)?;
    }
    Ok(folder.join("bin"))
}

fn cache() -> Result<PathBuf> {
    let set = std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let base =
        set.or_else(|| std::env::home_dir().map(|home| home.join(".cache"))).context("HOME is not set")?;
    Ok(base.join("ets-session/tools"))
}

/// The tool has to speak the format of the crate's own wasm-bindgen.
fn bindgen_version() -> Result<String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock"))?;
    let (_, after) =
        lock.split_once("name = \"wasm-bindgen\"\nversion = \"").context("no wasm-bindgen in Cargo.lock")?;
    let (version, _) = after.split_once('"').context("Cargo.lock")?;
    Ok(version.to_owned())
}
