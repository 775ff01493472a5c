//! Programs of the Rust registry that tests drive, built once for each user.

use crate::{debian, run};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(25 * 60);

/// The folder with the program in it.
pub fn install(name: &str, version: &str, flags: &[&str]) -> Result<PathBuf> {
    let folder = cache()?.join(format!("{name}-{version}"));
    let receipt = folder.join(".crates.toml");
    if !receipt.exists() {
        let mut cargo = Command::new("cargo");
        cargo.args(["install", name, "--version", &format!("={version}"), "--root"]).arg(&folder).args(flags);
        run::must(&mut cargo, LIMIT)?;
    }
    Ok(folder.join("bin"))
}

/// Not optimised: what that saves in a run is seconds, what it takes in the build is minutes.
pub fn cargo_deny() -> Result<PathBuf> {
    let flags = ["--locked", "--debug", "--config", "profile.dev.debug=false"];
    Ok(install("cargo-deny", "0.20.2", &flags)?.join("cargo-deny"))
}

/// The folder of `llvm-profdata` and `llvm-cov`, which have to be of the LLVM that rustc is made with: rustup's
/// component, or Debian's package of that version.
pub fn llvm() -> Result<PathBuf> {
    let rustc = |arguments: &[&str]| run::must(Command::new("rustc").args(arguments), LIMIT);
    let about = rustc(&["-vV"])?;
    let line = |name: &str| about.lines().find_map(|line| line.strip_prefix(name));
    let host = line("host: ").context("rustc names no host")?;
    let own =
        PathBuf::from(rustc(&["--print", "sysroot"])?.trim()).join("lib/rustlib").join(host).join("bin");
    if own.join("llvm-cov").exists() {
        return Ok(own);
    }
    let version =
        line("LLVM version: ").and_then(|it| it.split('.').next()).context("rustc names no LLVM")?;
    let package = format!("llvm-{version}");
    debian::ensure(&[&package])?;
    Ok(PathBuf::from("/usr/lib").join(package).join("bin"))
}

fn cache() -> Result<PathBuf> {
    let set = std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let base =
        set.or_else(|| std::env::home_dir().map(|home| home.join(".cache"))).context("HOME is not set")?;
    Ok(base.join("ets-session/tools"))
}
