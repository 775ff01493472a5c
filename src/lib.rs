//! Web sessions in named in-memory tables, after Erlang's ETS and Elixir's `Plug.Session.ETS`.
//!
//! The core is plain Rust: no clock, no randomness and no JavaScript in it. Time and random bytes are
//! arguments, so every behaviour can be stated as "given these bytes at this time".
//!
//! ```
//! use ets_session::{index::Seed, record, table::{Options, Table}};
//!
//! let mut table = Table::new(Options::default(), Seed::new([7; 16]))?;
//! table.insert(b"key", record::EMPTY, 0, false, 1_000.0)?;
//! assert!(table.get(b"key", 2_000.0).live().is_some());
//! # Ok::<(), ets_session::error::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod base64;
pub mod budget;
mod by_text;
pub mod error;
mod evict;
pub mod expiry;
pub mod fault;
pub mod index;
pub mod names;
pub mod record;
pub mod row;
pub mod select;
pub mod session;
pub mod slab;
pub mod snapshot;
pub mod store;
mod subjects;
pub mod table;
pub mod tables;
pub mod tag;
pub mod term;
pub mod time;
pub mod value;
#[cfg(all(feature = "js", target_arch = "wasm32", target_os = "unknown"))]
pub mod wasm;
