//! `cargo xtask build`: pkg/dist, from nothing.

use crate::paths::root;
use crate::run::step;
use crate::{guard, npm, package, sizes, toolchain, wasm};
use anyhow::{Context, Result};
use std::fs::{self, File};

pub fn build() -> Result<()> {
    guard::no_stray_wasm_pack(&root().join("pkg"))?;
    let _alone = lock()?;
    step("npm packages", npm::ensure)?;
    let toolchain = step("wasm toolchain", toolchain::ensure)?;
    wasm::build(&toolchain)?;
    step("typescript", package::compile)?;
    sizes::report()
}

/// Two builds at once would write the same files; the second waits, until the file is closed.
fn lock() -> Result<File> {
    fs::create_dir_all(root().join("target"))?;
    let file = File::create(root().join("target/xtask.lock"))?;
    file.lock().context("target/xtask.lock")?;
    Ok(file)
}
