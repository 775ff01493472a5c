//! wasm-pack writes into pkg/ unless told otherwise, and replaces our package.json there.

use anyhow::{Result, bail};
use std::path::Path;

/// Refuses to go on over what a stray `wasm-pack build` has left, and says how to undo it.
pub fn no_stray_wasm_pack(package: &Path) -> Result<()> {
    let manifest = std::fs::read_to_string(package.join("package.json")).unwrap_or_default();
    let replaced = !manifest.contains("\"#wasm\"");
    let leftovers = leftovers(package)?;
    if !replaced && leftovers.is_empty() {
        return Ok(());
    }
    let mut undo = Vec::new();
    if replaced {
        undo.push("git checkout -- pkg/package.json".to_owned());
    }
    if !leftovers.is_empty() {
        let files: Vec<String> = leftovers.iter().map(|name| format!("pkg/{name}")).collect();
        undo.push(format!("rm -rf {}", files.join(" ")));
    }
    bail!("a `wasm-pack build` without --out-dir has written into pkg/. Undo it with: {}", undo.join(" && "))
}

fn leftovers(package: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(package)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // README.md and LICENSE stand here for a moment while npm packs; wasm-pack's copies come with its .gitignore.
        if name == ".gitignore" || name == "snippets" || name.starts_with("ets_session") {
            found.push(name);
        }
    }
    if !found.is_empty() {
        let copies = ["README.md", "LICENSE"];
        found.extend(copies.iter().filter(|name| package.join(name).exists()).map(|name| (*name).to_owned()));
    }
    found.sort();
    Ok(found)
}
