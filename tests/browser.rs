//! `wasm-pack test --headless --chrome` and `--firefox` run these in the browser; see `cargo xtask test`.
#![cfg(all(target_arch = "wasm32", target_os = "unknown"))]
#![allow(clippy::unwrap_used, missing_docs)]

mod plain_store;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
