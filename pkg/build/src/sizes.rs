//! What the package weighs, and what it may weigh at most.

use crate::imports::reachable;
use crate::package::entries;
use crate::paths::{dist, root};
use crate::wasm::{glue, module};
use crate::weights;
use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::ops::Add;
use std::path::{Path, PathBuf};

const KIB: usize = 1024;

/// Gzipped. A build over one of these fails.
const MOST_WASM: usize = 34 * KIB + KIB / 2;
const MOST_IMPORT: usize = 55 * KIB + KIB / 2;
const MOST_SHIPPED: usize = 164 * KIB;

#[derive(Clone, Copy, Default)]
pub struct Size {
    raw: usize,
    pub gzip: usize,
    brotli: usize,
}

impl Add for Size {
    type Output = Size;

    fn add(self, other: Size) -> Size {
        let (raw, gzip) = (self.raw + other.raw, self.gzip + other.gzip);
        Size { raw, gzip, brotli: self.brotli + other.brotli }
    }
}

impl Size {
    /// Of files that are sent one by one.
    pub fn of(files: impl IntoIterator<Item = PathBuf>) -> Result<Size> {
        files.into_iter().try_fold(Size::default(), |sum, file| {
            let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
            let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
            gzip.write_all(&bytes)?;
            let mut brotli = Vec::new();
            brotli::BrotliCompress(
                &mut &bytes[..],
                &mut brotli,
                &brotli::enc::BrotliEncoderParams::default(),
            )?;
            Ok(sum + Size { raw: bytes.len(), gzip: gzip.finish()?.len(), brotli: brotli.len() })
        })
    }
}

/// The table of sizes, in lines; fails where something is too large.
pub fn table() -> Result<Vec<String>> {
    let wasm = Size::of([module()])?;
    let import = wasm + javascript("index")?;

    let mut lines =
        vec![format!("{:<50}{:>7}{:>9}{:>9}{:>14}", "bytes", "raw", "gzip", "brotli", "gzip at most")];
    lines.push(row("the module, store.wasm", wasm, Some(MOST_WASM)));
    lines.push(row("the module inlined in JavaScript", javascript("wasm/inline")?, None));
    lines.push(row("glue, before it is bundled", Size::of([glue()])?, None));
    for entry in entries()?.iter().filter(|entry| !entry.starts_with("wasm/")) {
        lines.push(row(&format!("JavaScript of {}", named(entry)), javascript(entry)?, None));
    }
    lines.push(row("module and JavaScript of ets-session", import, Some(MOST_IMPORT)));
    let mut all = Vec::new();
    files(&dist(), &mut all)?;
    let shipped = Size::of(all)?;
    lines.push(row("all that is shipped", shipped, Some(MOST_SHIPPED)));
    let most = [MOST_WASM, MOST_IMPORT, MOST_SHIPPED];
    for ((name, size), most) in
        [("wasm", wasm), ("import", import), ("package", shipped)].into_iter().zip(most)
    {
        if size.gzip > most {
            bail!("{name}: {} bytes gzipped, at most {most} are allowed (pkg/build/src/sizes.rs)", size.gzip);
        }
    }
    Ok(lines)
}

pub fn report() -> Result<()> {
    table()?.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// `cargo xtask sizes`: the tables in www/docs/sizes.md, written anew.
pub fn write() -> Result<()> {
    let file = root().join("www/docs/sizes.md");
    let mut rest = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut text = String::new();
    for table in [table()?, weights::table()?] {
        let (before, behind) =
            rest.split_once("```text\n").context("www/docs/sizes.md has a block of text")?;
        let (_, after) = behind.split_once("```\n").context("the block ends")?;
        text += &format!("{before}```text\n{}\n```\n", table.join("\n"));
        rest = after.to_owned();
    }
    fs::write(file, text + &rest)?;
    Ok(())
}

fn named(entry: &str) -> String {
    format!("ets-session/{}", entry.trim_start_matches("adapters/")).trim_end_matches("/index").into()
}

/// An entry point with what it leads to.
fn javascript(entry: &str) -> Result<Size> {
    let mut files = BTreeSet::new();
    reachable(&dist().join(entry).with_extension("js"), &mut files)?;
    Size::of(files)
}

fn row(name: &str, size: Size, most: Option<usize>) -> String {
    let most = most.map(|most| most.to_string()).unwrap_or_default();
    format!("{name:<48}{:>9}{:>9}{:>9}{most:>14}", size.raw, size.gzip, size.brotli).trim_end().into()
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
