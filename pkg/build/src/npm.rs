//! Node, and the npm packages that build and test ours.

use crate::paths::{root, which};
use crate::run;
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::Command;
use std::time::Duration;

const OLDEST_NODE: u32 = 20;
const LIMIT: Duration = Duration::from_secs(10 * 60);

/// Brings node_modules to what package-lock.json says.
pub fn ensure() -> Result<()> {
    check_node()?;
    // Two at once would each remove what the other brought.
    let _alone = run::alone("npm")?;
    let lock = fs::read_to_string(root().join("package-lock.json")).context("package-lock.json")?;
    // `npm ci` begins by removing node_modules, and the stamp with it.
    let stamp = root().join("node_modules/.installed-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    run::must(npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(root()), LIMIT)?;
    fs::write(stamp, lock)?;
    Ok(())
}

fn check_node() -> Result<()> {
    let version = Command::new("node").arg("--version").output().ok();
    let text = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let major = text.trim_start_matches('v').split('.').next().and_then(|digits| digits.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) || which("npm").is_none() {
        bail!("missing: install Node.js {OLDEST_NODE} or newer, with npm");
    }
    Ok(())
}

pub fn node() -> Command {
    let mut command = Command::new("node");
    command.current_dir(root());
    command
}

/// Deno, of the platform's own package: the one that chooses among them can't be locked from everywhere.
pub fn deno() -> Result<Command> {
    let file = root().join("node_modules/@deno/linux-x64-glibc/deno");
    if !file.is_file() {
        bail!("missing: Deno comes by npm for Linux on x64 only; elsewhere add @deno/… of your platform");
    }
    let mut command = Command::new(file);
    command.env("DENO_NO_UPDATE_CHECK", "1").env("DENO_DIR", root().join("target/deno"));
    Ok(command)
}

/// A program that one of the npm packages brings.
pub fn tool(name: &str) -> Command {
    let mut command = Command::new(root().join("node_modules/.bin").join(name));
    command.current_dir(root());
    command
}
