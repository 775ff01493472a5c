//! The two lines that the design draws through the source: one file knows JavaScript, one knows wasm.

use crate::paths::root;
use crate::tally::Tally;
use anyhow::Result;
use std::fs;
use std::path::Path;

const JAVASCRIPT: &[&str] = &["wasm_bindgen", "js_sys", "serde_wasm_bindgen", "getrandom"];
const WASM: &[&str] = &["#wasm", "WebAssembly."];

pub fn check() -> Result<Tally> {
    let mut tally = crossings("src", &["src/wasm.rs"], JAVASCRIPT)?;
    tally += crossings("pkg/src", &["pkg/src/wasm.ts", "pkg/src/wasm/"], WASM)?;
    Ok(tally)
}

/// Looks for the words in a folder's files, but for the allowed paths.
fn crossings(folder: &str, allowed: &[&str], words: &[&str]) -> Result<Tally> {
    let mut found = String::new();
    visit(&root().join(folder), &mut |file, text| {
        let name = file.strip_prefix(root()).unwrap_or(file).to_string_lossy().into_owned();
        if allowed.iter().any(|path| name.starts_with(path)) {
            return;
        }
        for (number, line) in (1..).zip(text.lines()) {
            if words.iter().any(|word| line.contains(word)) {
                found += &format!("{name}:{number}: {}\n", line.trim());
            }
        }
    })?;
    if found.is_empty() {
        return Ok(Tally { passed: 1, ..Tally::default() });
    }
    let output =
        format!("in {folder}/ only {} may name {}\n{found}", allowed.join(" and "), words.join(", "));
    Ok(Tally { failed: 1, output, ..Tally::default() })
}

fn visit(folder: &Path, see: &mut impl FnMut(&Path, &str)) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            visit(&path, see)?;
        } else {
            see(&path, &String::from_utf8_lossy(&fs::read(&path)?));
        }
    }
    Ok(())
}
