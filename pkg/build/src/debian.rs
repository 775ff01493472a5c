//! Packages of Debian and its kin, for what neither cargo nor npm can bring.

use crate::paths::which;
use crate::run;
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Installs those of the packages that are missing, where we may; else says how.
pub fn ensure(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let wanted = missing.join(" ");
    if which("apt-get").is_none() {
        bail!("missing: {wanted} (Debian's names); install them with this system's package manager");
    }
    let Some(prefix) = as_root() else {
        bail!("missing: run `sudo apt-get update && sudo apt-get install {wanted}`");
    };
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = prefix.iter().copied().chain(["apt-get", "-qq"]).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run::must(&mut command, LIMIT)
    };
    apt(&["update"])?;
    let install = ["install", "--yes", "--no-install-recommends"];
    apt(&[&install, missing.as_slice()].concat())?;
    Ok(())
}

fn installed(package: &str) -> bool {
    let query = Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]).output();
    query.is_ok_and(|output| output.stdout.ends_with(b"ok installed"))
}

fn as_root() -> Option<&'static [&'static str]> {
    let quiet = |program: &str, arguments: &[&str]| Command::new(program).args(arguments).output().ok();
    if quiet("id", &["-u"])?.stdout.trim_ascii() == b"0" {
        return Some(&[]);
    }
    quiet("sudo", &["-n", "true"])?.status.success().then_some(&["sudo", "-n"])
}
