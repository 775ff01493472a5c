//! The core natively: by hand, against the model, and with memory refused. One program, since linking one for each
//! file takes longer than running them all; `cargo test --test core evict` runs one file.

#[path = "../common/mod.rs"]
mod common;
mod error;
mod evict;
mod expiry;
mod index;
mod key;
mod model;
mod names;
mod oom;
mod read;
mod record;
#[path = "../common/refusals.rs"]
mod refusals;
mod security;
mod select;
mod session;
mod slab;
mod snapshot;
mod store;
mod subject;
mod tables;
mod tag;
mod term;
mod vectors;
