//! A Rust toolchain that can build for wasm32.

use crate::paths::{root, which};
use crate::{debian, run};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub const TARGET: &str = "wasm32-unknown-unknown";
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// The packaged compiler that std is built with, where rustup can't bring the target.
const COMPILER: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "rustfmt-web"];

pub struct Toolchain {
    /// Its programs, when they are not the ones on the PATH.
    bin: Option<PathBuf>,
}

impl Toolchain {
    pub fn cargo(&self) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(root());
        self.apply(&mut command);
        command
    }

    /// Lets a command, and the ones it starts, use this toolchain.
    pub fn apply(&self, command: &mut Command) {
        let Some(bin) = &self.bin else { return };
        prepend_path(command, bin);
        // Set by the rustup and the cargo that run us, for their own compiler.
        for name in ["RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC", "CARGO", "LD_LIBRARY_PATH"] {
            command.env_remove(name);
        }
    }

    fn print(&self, what: &[&str]) -> Option<PathBuf> {
        let mut rustc = Command::new("rustc");
        self.apply(&mut rustc);
        let output = rustc.arg("--print").args(what).output().ok()?;
        Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
    }

    fn is_complete(&self) -> bool {
        self.has_target() && self.has_source() && self.takes_descriptions()
    }

    /// Whether its cargo builds for a target that a file describes, as the package's module is.
    fn takes_descriptions(&self) -> bool {
        let mut cargo = Command::new("cargo");
        self.apply(&mut cargo);
        let output = cargo.args(["-Z", "help"]).env("RUSTC_BOOTSTRAP", "1").output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("json-target-spec"))
    }

    fn has_target(&self) -> bool {
        let folder = self.print(&["target-libdir", "--target", TARGET]);
        let Some(Ok(entries)) = folder.map(std::fs::read_dir) else { return false };
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
    }

    /// Whether it can build a std for the package, whose panics only trap.
    fn has_source(&self) -> bool {
        let sysroot = self.print(&["sysroot"]);
        sysroot.is_some_and(|folder| folder.join("lib/rustlib/src/rust/library/Cargo.lock").is_file())
    }
}

/// The toolchain on the PATH where it has the target and std's source or rustup can add them, else one
/// built here.
pub fn ensure() -> Result<Toolchain> {
    let active = Toolchain { bin: None };
    if active.is_complete() || (rustup_may_download() && rustup_adds_both() && active.is_complete()) {
        return Ok(active);
    }
    let built = build().with_context(|| {
        format!(
            "the {TARGET} target, std's source or a cargo that takes target files is missing: run `rustup update`, \
             `rustup target add {TARGET}` and `rustup component add rust-src` (or use Debian with rustc-web)"
        )
    })?;
    if !built.is_complete() {
        bail!(
            "the toolchain built for {TARGET} lacks it, std's source or target files: remove it and run again"
        );
    }
    Ok(built)
}

fn rustup_may_download() -> bool {
    which("rustup").is_some() && std::env::var("RUSTUP_AUTO_INSTALL").as_deref() != Ok("0")
}

fn rustup_adds_both() -> bool {
    let adds =
        |what: [&str; 3]| run::capture(Command::new("rustup").args(what), LIMIT).is_ok_and(|ended| ended.ok);
    adds(["target", "add", TARGET]) && adds(["component", "add", "rust-src"])
}

fn build() -> Result<Toolchain> {
    debian::ensure(COMPILER)?;
    let output = run::must(Command::new("bash").arg(root().join("pkg/build/wasm-toolchain.sh")), LIMIT)?;
    let folder = output.lines().last().context("wasm-toolchain.sh printed nothing")?;
    Ok(Toolchain { bin: Some(Path::new(folder).join("bin")) })
}

/// Puts a folder first on a command's PATH, before what was put there already.
pub fn prepend_path(command: &mut Command, folder: &Path) {
    let already = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value);
    let path = already.map(ToOwned::to_owned).or_else(|| std::env::var_os("PATH")).unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(folders).expect("no folder on the PATH has a colon"));
}
