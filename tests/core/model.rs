//! Random operations against a toy model; everything that can be seen is compared after each.
//!
//! A failure names its seed: `MODEL_SEED=n cargo test --test core model` runs that one alone.
//! `MODEL_RUNS` and `MODEL_STEPS` ask for more of them.
#![allow(clippy::unwrap_used)]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::common::random::Random;
use crate::common::trace::Trace;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn a_table_does_what_the_model_does() {
    let steps = number("MODEL_STEPS", 100) as usize;
    let one = std::env::var("MODEL_SEED").is_ok();
    let first = number("MODEL_SEED", 0);
    for seed in first..first + if one { 1 } else { number("MODEL_RUNS", 2_000) } {
        let run = catch_unwind(AssertUnwindSafe(|| Trace::new(Random::new(seed)).run(steps)));
        if let Err(failure) = run {
            eprintln!("the seed of this run: MODEL_SEED={seed}");
            resume_unwind(failure);
        }
    }
}
