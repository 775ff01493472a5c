//! From the crate to pkg/dist/wasm/store.wasm, and the glue that instantiates it.

use crate::npm;
use crate::package;
use crate::paths::{dist, root, target};
use crate::run::{must, step};
use crate::toolchain::{TARGET, Toolchain};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use wasm_bindgen_cli_support::Bindgen;

/// What linear memory may grow to. Beyond it the core gets an error to report, where a host's own
/// limit (128 MB in Workers) would end the isolate.
const MAX_MEMORY: u32 = 256 * 1024 * 1024;

/// The deepest value, 200 containers in one another, takes a few dozen KiB of it; the default is a whole MiB
/// of every instance.
const STACK: u32 = 256 * 1024;

/// A trap instead of a message that nobody would read: an exception in JavaScript all the same, without
/// the code that makes text. It takes a std built the same way.
const STD: [&str; 2] = ["-Zunstable-options", "-Cpanic=immediate-abort"];

/// How functions hand back two numbers, a slice's address and length or an error's two: as two values, where the
/// target's own way is a place in memory, which takes the callers more code and more time. LLVM calls it
/// experimental since C has nothing to link it with; engines know it since 2020.
const RETURNS: &str = "experimental-mv";

/// What may be inlined, in LLVM's units. `opt-level = "s"` takes `#[inline]`, which is on most of core and
/// on every closure, for reason enough at any size; what is worth its bytes says `#[inline(always)]`.
const INLINE: [&str; 2] = ["-Cllvm-args=-inlinehint-threshold=25", "-Cllvm-args=-inline-threshold=30"];

const LIMIT: Duration = Duration::from_secs(15 * 60);

pub fn build(toolchain: &Toolchain) -> Result<()> {
    let compiled = step("wasm: rustc", || compile(toolchain, "js"))?;
    let stamp = target("wasm/made-from");
    if fs::read_to_string(&stamp).ok().is_some_and(|made| fingerprint(&compiled).is_ok_and(|now| now == made))
    {
        return Ok(());
    }
    let (js, bound) = step("wasm: bindgen", || bind(compiled.clone()))?;
    for file in [glue(), module()] {
        fs::create_dir_all(file.parent().context("a file is in a folder")?)?;
    }
    fs::copy(js, glue())?;
    step("wasm: wasm-opt", || optimize(&bound))?;
    fs::write(stamp, fingerprint(&compiled)?)?;
    Ok(())
}

/// The module with places at which it can be made to trap (src/fault.rs), for the tests of what comes then.
pub fn build_faulty(toolchain: &Toolchain) -> Result<()> {
    let (_, bound) = bind(compile(toolchain, "js,faults")?)?;
    fs::create_dir_all(target("faults"))?;
    fs::copy(bound, target("faults/store.wasm"))?;
    Ok(())
}

/// The target's description, with [`RETURNS`]: that is nothing that an argument can say.
fn description(toolchain: &Toolchain) -> Result<PathBuf> {
    let mut rustc = Command::new("rustc");
    toolchain.apply(&mut rustc);
    rustc.env("RUSTC_BOOTSTRAP", "1").args([
        "-Zunstable-options",
        "--print=target-spec-json",
        "--target",
        TARGET,
    ]);
    let mut spec: Value = serde_json::from_str(&must(&mut rustc, LIMIT)?)?;
    spec["llvm-abiname"] = RETURNS.into();
    // Its file's name is the target's.
    let file = target("wasm").join(TARGET).with_extension("json");
    fs::create_dir_all(target("wasm"))?;
    fs::write(&file, spec.to_string())?;
    Ok(file)
}

fn compile(toolchain: &Toolchain, features: &str) -> Result<Vec<u8>> {
    let folder = target("wasm");
    let description = description(toolchain)?;
    let mut cargo = toolchain.cargo();
    // The cdylib alone: rustc silently leaves LTO out when it makes an rlib in the same run.
    cargo.args(["rustc", "--package", "ets-session", "--lib", "--release", "--crate-type", "cdylib"]);
    // The plain store is for wasm-pack's users; the package has its own, faster path.
    cargo.args(["--no-default-features", "--features", features]);
    cargo.arg("--target").arg(description).arg("--target-dir").arg(&folder);
    cargo.args(["-Zbuild-std=std,panic_abort", "-Zjson-target-spec"]).env("RUSTC_BOOTSTRAP", "1");
    // The encoded form wins over whatever else the environment or a configuration says.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", STD.join("\x1f"));
    cargo.arg("--").arg(format!("-Clink-arg=--max-memory={MAX_MEMORY}")).args(INLINE);
    cargo.arg(format!("-Clink-arg=-zstack-size={STACK}"));
    // What compiler-builtins hands back in another way than [`RETURNS`], such as a product of 128 bits, is a warning
    // of the linker's and a trap in its place.
    cargo.arg("-Clink-arg=--fatal-warnings");
    must(&mut cargo, LIMIT)?;
    let file = folder.join(TARGET).join("release/ets_session.wasm");
    fs::read(&file).with_context(|| file.display().to_string())
}

/// Everything that the two files are made from, and the files themselves: neither a changed input nor
/// a changed result goes unnoticed.
fn fingerprint(compiled: &[u8]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    compiled.hash(&mut hasher);
    include_str!("wasm.rs").hash(&mut hasher);
    for lock in ["Cargo.lock", "package-lock.json"] {
        fs::read(root().join(lock))?.hash(&mut hasher);
    }
    fs::read(glue())?.hash(&mut hasher);
    fs::read(module())?.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

/// Makes the glue and the module that goes with it, and returns where they lie.
fn bind(compiled: Vec<u8>) -> Result<(PathBuf, PathBuf)> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("store", compiled)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .reset_state_function(true);
    let folder = target("wasm/bindgen");
    let _ = fs::remove_dir_all(&folder);
    bindgen.generate(&folder)?;
    let mut made = fs::read_dir(&folder)?.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>>>()?;
    made.sort();
    if made != ["store.js", "store_bg.wasm"] {
        bail!("one file of glue and one module are looked for, but wasm-bindgen made {made:?}");
    }
    Ok((folder.join("store.js"), folder.join("store_bg.wasm")))
}

fn optimize(bound: &PathBuf) -> Result<()> {
    let mut wasm_opt = npm::tool("wasm-opt");
    // No feature flags: it reads them from the module's target_features, which nobody needs afterwards.
    wasm_opt
        .args(["-O3", "--monomorphize", "-O3", "--strip-target-features"])
        .arg(bound)
        .arg("-o")
        .arg(module());
    must(&mut wasm_opt, LIMIT)?;
    sign()
}

/// A custom section by which the JavaScript knows its module: the last bytes of the file, a fingerprint of those
/// before.
const SECTION: &[u8] = b"ets-session";
const MARK: usize = 16;

fn sign() -> Result<()> {
    let mut bytes = fs::read(module())?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    // A custom section: 0, its length, and its name behind the name's length (WebAssembly core, 5.5.3).
    bytes.extend([0, u8::try_from(1 + SECTION.len() + MARK)?, u8::try_from(SECTION.len())?]);
    bytes.extend(SECTION);
    bytes.extend(format!("{:0MARK$x}", hasher.finish()).bytes());
    Ok(fs::write(module(), bytes)?)
}

/// By which the module that was built is known.
pub fn mark() -> Result<String> {
    let bytes = fs::read(module())?;
    let mark = bytes.last_chunk::<MARK>().context("store.wasm ends with its mark")?;
    Ok(String::from_utf8(mark.to_vec())?)
}

/// JavaScript that instantiates the module; the package's files are bundled with it.
pub fn glue() -> PathBuf {
    package::compiled().join("wasm/glue.js")
}

pub fn module() -> PathBuf {
    dist().join("wasm/store.wasm")
}
