//! From pkg/src to pkg/dist: the compiled TypeScript, with the module inlined where it has to be.

use crate::npm;
use crate::paths::dist;
use crate::run::must;
use crate::wasm::module;
use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What src/wasm/inline.ts has in the place of the module.
const PLACEHOLDER: &str = "\"(store.wasm in base64)\"";

const LIMIT: Duration = Duration::from_secs(5 * 60);

pub fn compile() -> Result<()> {
    let mut tsc = npm::tool("tsc");
    let output = must(tsc.args(["--project", "pkg", "--listEmittedFiles"]), LIMIT)?;
    let emitted: BTreeSet<PathBuf> =
        output.lines().filter_map(|line| line.strip_prefix("TSFILE: ")).map(PathBuf::from).collect();
    minify(emitted.iter().filter(|file| file.extension().is_some_and(|kind| kind == "js")))?;
    inline()?;
    prune(&dist(), &emitted)
}

/// Comments are for those who read the source; every isolate that starts reads what is shipped.
pub fn minify(files: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<()> {
    let mut esbuild = npm::tool("esbuild");
    esbuild.args(files).args(["--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
    esbuild.arg("--allow-overwrite").arg(format!("--outdir={}", dist().display()));
    esbuild.arg(format!("--outbase={}", dist().display()));
    must(&mut esbuild, LIMIT).map(drop)
}

fn inline() -> Result<()> {
    let file = dist().join("wasm/inline.js");
    let code = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    if code.matches(PLACEHOLDER).count() != 1 {
        bail!("src/wasm/inline.ts should have {PLACEHOLDER} once, for the module's bytes");
    }
    let text = format!("\"{}\"", STANDARD.encode(fs::read(module())?));
    fs::write(file, code.replace(PLACEHOLDER, &text))?;
    Ok(())
}

/// Removes what an earlier build made and this one did not: it would still be packed, and imports of
/// it would still work.
fn prune(folder: &Path, emitted: &BTreeSet<PathBuf>) -> Result<()> {
    let ours = [dist().join("wasm/glue.js"), module()];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            prune(&path, emitted)?;
            // Fails where something is left in it.
            let _ = fs::remove_dir(&path);
        } else if !emitted.contains(&path) && !ours.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
