//! What the package weighs, and what it may weigh at most.

use crate::paths::dist;
use crate::wasm::module;
use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

const KIB: usize = 1024;

/// Gzipped. A build over one of these fails.
const MOST_WASM: usize = 38 * KIB;
const MOST_IMPORT: usize = 64 * KIB;

#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
}

impl Size {
    fn of(files: impl IntoIterator<Item = PathBuf>) -> Result<Size> {
        files.into_iter().try_fold(Size::default(), |sum, file| {
            let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
            let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
            gzip.write_all(&bytes)?;
            Ok(Size { raw: sum.raw + bytes.len(), gzip: sum.gzip + gzip.finish()?.len() })
        })
    }
}

pub fn report() -> Result<()> {
    let glue = dist().join("wasm/glue.js");
    let mut shim = BTreeSet::new();
    reachable(&dist().join("index.js"), &mut shim)?;
    shim.remove(&glue);

    let wasm = Size::of([module()])?;
    let glue = Size::of([glue])?;
    let shim = Size::of(shim)?;
    let import = Size { raw: wasm.raw + glue.raw + shim.raw, gzip: wasm.gzip + glue.gzip + shim.gzip };
    let mut all = Vec::new();
    files(&dist(), &mut all)?;

    println!("\n{:<30}{:>9}{:>9}{:>9}", "bytes", "raw", "gzip", "at most");
    row("wasm", wasm, Some(MOST_WASM));
    row("glue", glue, None);
    row("shim", shim, None);
    row("import \"ets-session\"", import, Some(MOST_IMPORT));
    row("the package", Size::of(all)?, None);
    for (name, size, most) in [("wasm", wasm, MOST_WASM), ("import", import, MOST_IMPORT)] {
        if size.gzip > most {
            bail!("{name}: {} bytes gzipped, at most {most} are allowed (pkg/build/src/sizes.rs)", size.gzip);
        }
    }
    Ok(())
}

fn row(name: &str, size: Size, most: Option<usize>) {
    let most = most.map(|most| most.to_string()).unwrap_or_default();
    println!("{name:<30}{:>9}{:>9}{most:>9}", size.raw, size.gzip);
}

/// The files that a module leads to by relative imports. `#wasm` is not followed: where bundlers and
/// Workers take store.wasm itself, it is a line or two.
fn reachable(file: &Path, seen: &mut BTreeSet<PathBuf>) -> Result<()> {
    if !seen.insert(file.to_path_buf()) {
        return Ok(());
    }
    let code = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    for specifier in imports(&code) {
        let next = file.parent().context("a file is in a folder")?.join(specifier);
        reachable(&next.canonicalize().with_context(|| next.display().to_string())?, seen)?;
    }
    Ok(())
}

/// Minified, each static import and re-export is a statement that ends in `from"…"` or is `import"…"`.
fn imports(code: &str) -> impl Iterator<Item = &str> {
    let after = |word: &'static str| code.match_indices(word).map(move |(at, _)| &code[at + word.len()..]);
    let quoted = after("from\"").chain(after("import\"")).filter_map(|rest| rest.split('"').next());
    quoted.filter(|specifier| specifier.starts_with('.'))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn finds_relative_imports_only() {
        let code = r##"import{a}from"./a.js";import w from"#wasm";import"./c.js";export*from"../b.js";"##;
        assert_eq!(imports(code).collect::<Vec<_>>(), ["./a.js", "../b.js", "./c.js"]);
    }
}
