//! What a compiled file leads to by relative imports.

use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Adds a file and those that it needs at once. `#wasm` and packages are not followed; from a declaration, declarations are.
pub fn reachable(file: &Path, seen: &mut BTreeSet<PathBuf>) -> Result<()> {
    if !seen.insert(file.to_path_buf()) {
        return Ok(());
    }
    let code = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let declares = file.to_string_lossy().ends_with(".d.ts");
    for specifier in imports(&code, declares) {
        let mut next = file.parent().context("a file is in a folder")?.join(specifier);
        if declares {
            next.set_extension("d.ts");
        }
        reachable(&next.canonicalize().with_context(|| next.display().to_string())?, seen)?;
    }
    Ok(())
}

/// Each static import and re-export ends in `from "…"` or is `import "…"`, with or without the space. In
/// declarations `import("…")` is a type; in code it is for later, and not counted.
fn imports(code: &str, declares: bool) -> impl Iterator<Item = &str> {
    let after =
        move |word: &'static str| code.match_indices(word).map(move |(at, _)| &code[at + word.len()..]);
    let words = ["from\"", "from \"", "import\"", "import \""].into_iter();
    let words = words.chain(declares.then_some("import(\""));
    let quoted = words.flat_map(after).filter_map(|rest| rest.split('"').next());
    quoted.filter(|specifier| specifier.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn finds_relative_imports_only() {
        let code = r##"import{a}from"./a.js";import w from"#wasm";import"./c.js";export * from "../b.js";
            let d: import("./d.js").D;"##;
        assert_eq!(imports(code, true).collect::<Vec<_>>(), ["./a.js", "../b.js", "./c.js", "./d.js"]);
        assert_eq!(imports(code, false).collect::<Vec<_>>(), ["./a.js", "../b.js", "./c.js"]);
    }
}
