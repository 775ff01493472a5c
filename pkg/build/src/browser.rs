//! Chromium and Firefox, and their drivers.

use crate::debian;
use crate::paths::which;
use crate::tools::install;
use anyhow::{Context, Result};
use std::path::PathBuf;

/// For a browser that visits nothing but this machine, as root in a container too.
pub const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The variables CHROMIUM and CHROMEDRIVER say where they are, elsewhere than on the PATH.
pub fn chromium() -> Result<PathBuf> {
    find("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"], "chromium")
}

pub fn chromedriver() -> Result<PathBuf> {
    find("CHROMEDRIVER", &["chromedriver"], "chromium-driver")
}

pub fn firefox() -> Result<PathBuf> {
    find("FIREFOX", &["firefox-esr", "firefox"], "firefox-esr")
}

pub fn geckodriver() -> Result<PathBuf> {
    let set = std::env::var_os("GECKODRIVER").map(PathBuf::from).or_else(|| which("geckodriver"));
    set.map_or_else(|| Ok(install("geckodriver", "0.37.1", &["--locked"])?.join("geckodriver")), Ok)
}

fn find(variable: &str, programs: &[&str], package: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(path.into());
    }
    let look = || programs.iter().find_map(|program| which(program));
    if let Some(path) = look() {
        return Ok(path);
    }
    debian::ensure(&[package])?;
    look().with_context(|| format!("missing: {}; or set {variable} to its path", programs[0]))
}
