//! Operations that the bytes name, on a table and on the model, compared after each.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../common/mod.rs"]
mod common;

fuzz_target!(|bytes: &[u8]| {
    common::trace::Trace::new(common::random::Random::from_bytes(bytes)).run(200);
});
