//! From pkg/src to pkg/dist: what bundle.rs makes, the declarations that it leads to, and the module inlined where
//! it has to be.

use crate::bundle::bundle;
use crate::imports::reachable;
use crate::npm;
use crate::paths::{dist, root, target};
use crate::run::must;
use crate::wasm::module;
use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What src/wasm/inline.ts has in the place of the module.
const PLACEHOLDER: &str = "\"(store.wasm in base64)\"";

pub const LIMIT: Duration = Duration::from_secs(5 * 60);

/// Where the compiled TypeScript lies before it is bundled (pkg/tsconfig.json), the glue of the module beside it.
pub fn compiled() -> PathBuf {
    target("typescript")
}

pub fn compile() -> Result<()> {
    let mut tsc = npm::tool("tsc");
    must(tsc.args(["--project", "pkg"]), LIMIT)?;
    let mut kept = bundle()?;
    inline()?;
    kept.extend(declarations()?);
    kept.insert(module());
    prune(&dist(), &kept)
}

fn manifest() -> Result<Value> {
    serde_json::from_str(&fs::read_to_string(root().join("pkg/package.json"))?).context("pkg/package.json")
}

/// The files of pkg/dist that package.json names, without their endings: what users import, and the loaders
/// of the module.
pub fn entries() -> Result<BTreeSet<String>> {
    let (package, mut found) = (manifest()?, BTreeSet::new());
    files_of(&package["exports"], &mut found);
    files_of(&package["imports"], &mut found);
    Ok(found)
}

fn files_of(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(path) => {
            found.extend(
                path.strip_prefix("./dist/").and_then(|path| path.strip_suffix(".js")).map(Into::into),
            );
        }
        Value::Object(fields) => fields.values().for_each(|value| files_of(value, found)),
        _ => {}
    }
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

/// Copies the declarations that the entry points lead to.
fn declarations() -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for entry in entries()?.iter().filter(|entry| !entry.starts_with("wasm/")) {
        reachable(&compiled().join(entry).with_extension("d.ts"), &mut found)?;
    }
    let copy = |file: PathBuf| {
        let to = dist().join(file.strip_prefix(compiled())?);
        fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        fs::copy(&file, &to)?;
        Ok(to)
    };
    found.into_iter().map(copy).collect()
}

/// Removes what an earlier build made and this one did not: it would still be packed, and imports of
/// it would still work.
fn prune(folder: &Path, kept: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            prune(&path, kept)?;
            // Fails where something is left in it.
            let _ = fs::remove_dir(&path);
        } else if !kept.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
