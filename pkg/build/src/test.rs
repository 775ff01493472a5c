//! `cargo xtask test`: every part, one line each, and the sum.

use crate::run;
use crate::tally::Tally;
use crate::test_parts::{PARTS, Part};
use anyhow::{Result, bail};
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

/// What begins a line that is shown of a part that passed.
const NOT_ASKED: &str = "not asked: ";

pub fn test(names: &[String]) -> Result<ExitCode> {
    let parts = choose(names)?;
    run::end_children_with_us()?;
    let mut sum = Tally::default();
    let mut built = true;
    for part in parts {
        let tally = run_part(part, built)?;
        built &= part.name != "build" || tally.failed == 0;
        sum += tally;
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    Ok(if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The parts named, and the build where one of them looks at its result; all when none is named.
fn choose(names: &[String]) -> Result<Vec<&'static Part>> {
    let named = |name: &str| names.iter().any(|other| other == name);
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        let known: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        bail!("no part of the tests is called {unknown}; there are {}", known.join(", "));
    }
    let build = PARTS.iter().any(|part| part.of_build && named(part.name));
    let wanted = |part: &&Part| names.is_empty() || named(part.name) || (build && part.name == "build");
    Ok(PARTS.iter().filter(wanted).collect())
}

fn run_part(part: &Part, built: bool) -> Result<Tally> {
    print!("{:<24}", part.name);
    std::io::stdout().flush()?;
    let started = Instant::now();
    let result = if part.of_build && !built {
        Err(anyhow::anyhow!("not run, for there is no build to look at"))
    } else {
        (part.run)(part.limit)
    };
    // A part that could not run is one failure, with its reason.
    let tally =
        result.unwrap_or_else(|error| Tally { failed: 1, output: format!("{error:#}"), ..Tally::default() });
    let seconds = started.elapsed().as_secs_f64();
    let word = if tally.failed == 0 { "ok" } else { "FAILED" };
    println!("{word:<7}{:>4} passed {:>3} failed {seconds:>8.1} s", tally.passed, tally.failed);
    if tally.failed > 0 {
        println!("{}\n", tally.output.trim_end());
    } else {
        // What nobody could be asked is no test that passed, and is said.
        tally.output.lines().filter(|line| line.starts_with(NOT_ASKED)).for_each(|line| println!("  {line}"));
    }
    Ok(tally)
}
