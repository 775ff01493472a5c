//! Programs of the Rust registry that tests drive, built once for each user.

use crate::run;
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

fn cache() -> Result<PathBuf> {
    let set = std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let base =
        set.or_else(|| std::env::home_dir().map(|home| home.join(".cache"))).context("HOME is not set")?;
    Ok(base.join("ets-session/tools"))
}
