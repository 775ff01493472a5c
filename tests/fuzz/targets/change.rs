//! See checks/change.rs.
#![no_main]

#[path = "../checks/change.rs"]
mod change;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| change::check(bytes));
