//! Web sessions in named in-memory tables, after Erlang's ETS and Elixir's `Plug.Session.ETS`.
//!
//! The core is plain Rust: no clock, no randomness and no JavaScript in it. Time and random bytes are
//! arguments, so every behaviour can be stated as "given these bytes at this time".
//!
//! ```
//! use ets_session::index::Seed;
//! use ets_session::store::{self, Pool};
//! use ets_session::table::{Options, Table};
//! use ets_session::value::Value;
//!
//! // Both are random bytes where it counts.
//! let mut table = Table::new(Options::default(), Seed::new([7; 16]))?;
//! let mut pool = Pool::new();
//! pool.fill(&[42; 180]);
//!
//! let now = 1_000.0;
//! let record = table.encode(&[("user".to_owned(), Value::Text("ada".to_owned()))])?;
//! let id = store::put_new(&mut table, &record, 0, &mut pool, now)?;
//!
//! let row = store::get(&mut table, &id, now + 1.0).live().expect("it was put a moment ago");
//! let fields = table.decode(table.record(row)).expect("what was encoded can be decoded");
//! assert_eq!(fields, [("user".to_owned(), Value::Text("ada".to_owned()))]);
//! # Ok::<(), ets_session::error::Error>(())
//! ```
//!
//! # Where things are
//!
//! | module | what for |
//! |---|---|
//! | [`table`] | rows by key, with a budget of bytes and lifetimes |
//! | [`tables`] | tables by name |
//! | [`store`] | Plug.Session's contract: a row under a fresh id |
//! | [`session`] | login, logout, an id's renewal, and what became of an id |
//! | [`select`] | many rows, by their fields or their user |
//! | [`snapshot`] | a table as bytes, and back |
//! | [`value`], [`record`] | what a row holds, as Rust has it and as bytes |
//!
//! The others are what these are made of.
//!
//! # Features
//!
//! Away from wasm32 there is nothing to switch off: a `cargo add ets-session` brings the core alone. On
//! `wasm32-unknown-unknown` the features `js` and `plain`, on by default, add the exports that JavaScript
//! calls; a Rust program that runs there, such as a Worker, takes the crate with `default-features = false`.
//!
//! The oldest Rust that the crate compiles with is 1.88.
#![forbid(unsafe_code)]

pub mod base64;
pub mod budget;
mod by_text;
pub mod error;
mod evict;
pub mod expiry;
#[doc(hidden)]
pub mod fault;
pub mod index;
#[cfg(all(feature = "js", target_arch = "wasm32", target_os = "unknown"))]
mod instance;
pub mod key;
pub mod names;
pub mod read;
pub mod record;
pub mod row;
pub mod select;
pub mod session;
pub mod slab;
pub mod snapshot;
mod storage;
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
mod write;
