//! `wasm-pack test --node` runs these in Node; see `cargo xtask test`.
#![cfg(all(target_arch = "wasm32", target_os = "unknown"))]
#![allow(clippy::unwrap_used, missing_docs)]

mod plain_store;
