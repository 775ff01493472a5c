//! Bytes as an id, and visits, renewals and logouts that the bytes name.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../common/mod.rs"]
mod common;

fuzz_target!(|bytes: &[u8]| {
    common::visits::text(bytes);
    common::visits::Visits::new(common::random::Random::from_bytes(bytes)).run(200);
});
