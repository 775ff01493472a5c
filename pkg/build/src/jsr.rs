//! `cargo xtask jsr`: the package as JSR takes it, in target/jsr. JSR knows no conditions, so it gets the inlined
//! module; it follows no file endings, so declarations are named as they are.

use crate::npm;
use crate::package::entries;
use crate::paths::{dist, root, target};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What only hosts with conditions ask for.
const LEFT_OUT: [&str; 3] = ["workerd.js", "edge-light.js", "store.wasm"];

pub fn stage() -> Result<()> {
    let folder = target("jsr");
    let _ = fs::remove_dir_all(&folder);
    copy(&dist(), &folder.join("dist"))?;
    for entry in entries()?.iter().filter(|entry| !entry.starts_with("wasm/")) {
        let file = folder.join("dist").join(entry).with_extension("js");
        let name = Path::new(entry).file_name().context("an entry has a name")?.to_string_lossy();
        let code = fs::read_to_string(&file)?;
        fs::write(file, format!("/* @ts-self-types=\"./{name}.d.ts\" */\n{code}"))?;
    }
    for name in ["README.md", "LICENSE", "pkg/jsr.json"] {
        let file = root().join(name);
        fs::copy(&file, folder.join(file.file_name().context("a file has a name")?))?;
    }
    same_entries()
}

/// What would be published, checked by Deno without publishing anything.
pub fn dry_run() -> Result<Command> {
    stage()?;
    let mut deno = npm::deno()?;
    deno.args(["publish", "--dry-run", "--allow-dirty"]).current_dir(target("jsr"));
    Ok(deno)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?.to_string_lossy().into_owned();
        if path.is_dir() {
            copy(&path, &to.join(&name))?;
        } else if name.ends_with(".d.ts") {
            fs::write(to.join(&name), fs::read_to_string(&path)?.replace(".js\"", ".d.ts\""))?;
        } else if !LEFT_OUT.contains(&name.as_str()) {
            fs::copy(&path, to.join(&name))?;
        }
    }
    Ok(())
}

/// The entry points that JSR is told of are those of package.json.
fn same_entries() -> Result<()> {
    let of = |file: &str| -> Result<Value> {
        Ok(serde_json::from_str(&fs::read_to_string(root().join("pkg").join(file))?)?)
    };
    let (npm, jsr) = (of("package.json")?, of("jsr.json")?);
    let named = npm["exports"].as_object().context("exports in package.json")?;
    for (name, target) in named {
        if target["types"].is_string() && jsr["exports"][name] != target["default"] {
            bail!("pkg/jsr.json should export {name} as pkg/package.json does");
        }
    }
    if npm["version"] != jsr["version"] {
        bail!("pkg/jsr.json and pkg/package.json have two versions");
    }
    Ok(())
}
