//! What the parts of the module weigh: what it is smaller by without the exports of each, and all that these alone
//! lead to.

use crate::npm;
use crate::paths::target;
use crate::run::must;
use crate::sizes::Size;
use crate::wasm::module;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// Exports by what they are for. Those of no part are a table with rows that are stored, read, changed and deleted,
/// expire and are evicted.
const PARTS: [(&str, &[&str]); 5] = [
    ("snapshot, restore", &["table_snapshot", "table_restore"]),
    ("select, count, deleteWhere, keys, entries", &["table_select", "table_count", "table_delete_where"]),
    (
        "what sessions do: open, commit, renew, log in, end, list",
        &[
            "row_visit",
            "row_at",
            "row_commit",
            "row_follow",
            "row_insert_fresh",
            "row_end",
            "row_end_hashed",
            "table_end_where",
            "table_lifetime",
        ],
    ),
    ("tags of ids, hashes that are shown", &["tag_key", "tag_of", "key_hash"]),
    ("updateCounter, take, peek, member", &["row_count", "row_take", "row_peek", "row_meta"]),
];

/// The table of weights, in lines.
pub fn table() -> Result<Vec<String>> {
    let all = Size::of([module()])?.gzip;
    let mut lines = vec![format!("{:<70}{:>9}", "bytes, gzipped", "module")];
    lines.push(line("whole", all));
    let every: Vec<&str> = PARTS.iter().flat_map(|(_, exports)| exports.iter().copied()).collect();
    let parts = PARTS.iter().map(|(name, exports)| (*name, *exports));
    for (name, exports) in parts.chain([("all of these", &every[..])]) {
        lines.push(line(&format!("without {name}"), without(exports)?));
    }
    Ok(lines)
}

fn line(name: &str, bytes: usize) -> String {
    format!("{name:<70}{bytes:>9}")
}

/// What the module weighs, gzipped, without some exports.
fn without(gone: &[&str]) -> Result<usize> {
    let all = exports()?;
    if let Some(unknown) = gone.iter().find(|name| !all.contains(**name)) {
        bail!("the module has no export {unknown} (pkg/build/src/weights.rs)");
    }
    let kept: Vec<&String> = all.iter().filter(|name| !gone.contains(&name.as_str())).collect();
    let root = json!({ "name": "root", "root": true, "reaches": kept });
    let nodes = kept.iter().map(|name| json!({ "name": name, "export": name }));
    let graph: Vec<Value> = std::iter::once(root).chain(nodes).collect();
    let folder = target("weights");
    fs::create_dir_all(&folder)?;
    let (graph_file, cut, made) =
        (folder.join("graph.json"), folder.join("cut.wasm"), folder.join("made.wasm"));
    fs::write(&graph_file, serde_json::to_string(&graph)?)?;
    let mut metadce = npm::tool("wasm-metadce");
    metadce.arg("--all-features").arg(module()).arg("--graph-file").arg(graph_file).arg("-o").arg(&cut);
    must(&mut metadce, LIMIT)?;
    let mut wasm_opt = npm::tool("wasm-opt");
    must(wasm_opt.args(["--all-features", "-O3"]).arg(cut).arg("-o").arg(&made), LIMIT)?;
    Ok(Size::of([made])?.gzip)
}

/// The names of the module's exports.
fn exports() -> Result<BTreeSet<String>> {
    const LIST: &str = "const bytes = require('node:fs').readFileSync(process.argv[1]);
        for (const { name } of WebAssembly.Module.exports(new WebAssembly.Module(bytes))) console.log(name);";
    let output = must(npm::node().arg("-e").arg(LIST).arg(module()), LIMIT)?;
    Ok(output.lines().map(ToOwned::to_owned).collect())
}
