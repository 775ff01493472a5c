//! One file for each entry point of the package, and what they share.

use crate::npm;
use crate::package::{LIMIT, compiled, entries};
use crate::paths::{dist, root, target};
use crate::run::must;
use crate::wasm::mark;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is made on the package's public surface, each file for itself: of what the entry points share these have
/// the public part only, so that nothing is there twice, and what users of the core load is not cut up for them.
fn on_the_surface(entry: &str) -> bool {
    entry.starts_with("adapters/") || entry == "inspector"
}

/// What they may have a copy of.
const COPIED: [&str; 2] = ["options.js", "base64url.js"];

/// What all entry points of the core are given, whatever they use of it: it is one file then, and not one for each set
/// of entry points that has a use for it. Users' bundlers leave out what is not used.
const TOGETHER: [&str; 4] = ["rows.js", "tags.js", "term.js", "base64url.js"];

/// Few files and one name for everything private: every isolate that starts reads what is shipped.
pub fn bundle() -> Result<BTreeSet<PathBuf>> {
    let (surface, mut core): (Vec<_>, Vec<_>) =
        entries()?.into_iter().partition(|entry| on_the_surface(entry));
    // Every entry point has the one class of errors, those on the surface by this file.
    core.push("errors".into());
    let mut esbuild = esbuild();
    for entry in &core {
        esbuild.arg(format!("{entry}={}", together(entry)?.display()));
    }
    esbuild.args([
        "--splitting",
        "--chunk-names=shared/[hash]",
        "--external:*.wasm",
        "--external:*.wasm?module",
    ]);
    esbuild.arg(format!("--define:MARK=\"{}\"", mark()?));
    let (mut made, _) = bundled(esbuild)?;
    made.iter().try_for_each(|file| without_bare_imports(file))?;

    let mut esbuild = self::esbuild();
    esbuild.args(surface.iter().map(|entry| format!("{entry}={}", source(entry).display())));
    esbuild.args(["--external:*/index.js", "--external:*/table.js", "--external:*/errors.js"]);
    let app = root().join("pkg/src/inspector/app/style.css");
    esbuild.arg(format!("--define:INSPECTOR_STYLE={}", text(&app)?));
    esbuild.arg(format!("--define:INSPECTOR_SCRIPT={}", text(&compiled().join("inspector/app/main.js"))?));
    let (files, inputs) = bundled(esbuild)?;
    if let Some(input) = inputs.iter().find(|input| !may_be_copied(input)) {
        bail!("{input} would be in the package twice: what is on the surface takes it from an entry point");
    }
    files.iter().try_for_each(|file| with_own_paths(file))?;
    made.extend(files);
    must(npm::node().arg("pkg/build/minify.mjs").args(made.iter().filter(|file| is_code(file))), LIMIT)?;
    Ok(made)
}

fn is_code(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "js")
}

fn source(entry: &str) -> PathBuf {
    compiled().join(entry).with_extension("js")
}

/// A file that gives what an entry point gives, and leads to [`TOGETHER`].
fn together(entry: &str) -> Result<PathBuf> {
    // Loaders of the module stay without it.
    if entry.starts_with("wasm/") {
        return Ok(source(entry));
    }
    let file = target("entries").join(entry).with_extension("js");
    fs::create_dir_all(file.parent().context("a file is in a folder")?)?;
    let mut code: String =
        TOGETHER.iter().map(|shared| format!("import {:?};\n", compiled().join(shared))).collect();
    code += &format!("export * from {:?};\n", source(entry));
    fs::write(&file, code)?;
    Ok(file)
}

fn esbuild() -> Command {
    let mut esbuild = npm::tool("esbuild");
    esbuild.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--packages=external"]);
    esbuild.args(["--external:#wasm", "--log-level=warning"]);
    esbuild.arg(format!("--outdir={}", dist().display()));
    esbuild
}

/// The files that were made, and the names of those that they were made of.
fn bundled(mut esbuild: Command) -> Result<(BTreeSet<PathBuf>, BTreeSet<String>)> {
    let report = compiled().join("bundles.json");
    esbuild.arg(format!("--metafile={}", report.display()));
    must(&mut esbuild, LIMIT)?;
    let report: Value = serde_json::from_str(&fs::read_to_string(report)?)?;
    let names = |what: &str| report[what].as_object().context("esbuild tells what it made of what");
    let made = names("outputs")?.keys().map(|file| root().join(file)).collect();
    let inputs = names("inputs")?.keys().map(|file| root().join(file));
    let inputs = inputs.map(|file| file.strip_prefix(compiled()).unwrap_or(&file).display().to_string());
    Ok((made, inputs.collect()))
}

fn may_be_copied(input: &str) -> bool {
    input.starts_with("adapters/") || input.starts_with("inspector") || COPIED.contains(&input)
}

/// What was left to be imported is named as it was from the file that had the import, in whichever folder that was.
fn with_own_paths(file: &Path) -> Result<()> {
    let up = if file.parent() == Some(&dist()) { "./" } else { "../" };
    let mut code = fs::read_to_string(file)?;
    for name in ["index.js", "table.js", "errors.js"] {
        for from in ["./", "../"] {
            code = code.replace(&format!("\"{from}{name}\""), &format!("\"{up}{name}\""));
        }
    }
    fs::write(file, code)?;
    Ok(())
}

/// What a page has inline, as a literal of JavaScript.
fn text(file: &Path) -> Result<String> {
    let mut esbuild = npm::tool("esbuild");
    esbuild.arg(file).args([
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2022,chrome123,firefox120,safari17.5",
    ]);
    let text = must(esbuild.arg("--log-level=error"), LIMIT)?;
    Ok(Value::String(text.trim_end().to_owned()).to_string())
}

/// Takes out `import"./shared/….js";`, by which esbuild keeps files in order: nothing of ours happens on import,
/// and bundlers warn of such a line in a package that says so.
fn without_bare_imports(file: &Path) -> Result<()> {
    let code = fs::read_to_string(file)?;
    let (mut kept, mut rest) = (String::new(), code.as_str());
    while let Some((before, after)) = rest.split_once("import\"") {
        let (path, behind) = after.split_once("\";").context("an import ends")?;
        kept += before;
        if !path.starts_with("./") && !path.starts_with("../") {
            kept += &format!("import\"{path}\";");
        }
        rest = behind;
    }
    fs::write(file, kept + rest)?;
    Ok(())
}
