//! `cargo xtask build`: pkg/dist, from nothing.

use crate::paths::root;
use crate::run::{alone, step};
use crate::{guard, npm, package, sizes, toolchain, wasm};
use anyhow::Result;

pub fn build() -> Result<()> {
    guard::no_stray_wasm_pack(&root().join("pkg"))?;
    // Two builds at once would write the same files.
    let _alone = alone("xtask")?;
    step("npm packages", npm::ensure)?;
    let toolchain = step("wasm toolchain", toolchain::ensure)?;
    wasm::build(&toolchain)?;
    step("typescript", package::compile)?;
    sizes::report()
}
