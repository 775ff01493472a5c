//! `cargo xtask`: everything that makes, checks and shows ets-session, from one command each.

#[cfg(not(unix))]
compile_error!("cargo xtask runs on Linux and macOS; on Windows use it inside WSL");

mod browser;
mod build;
mod bundle;
mod crate_docs;
mod debian;
mod firewall;
mod guard;
mod imports;
mod jsr;
mod npm;
mod package;
mod paths;
mod run;
mod security;
mod sizes;
mod tally;
mod test;
mod test_parts;
mod toolchain;
mod tools;
mod wasm;
mod wasm_pack;
mod weights;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask build            make pkg/dist from nothing, and print its sizes
cargo xtask test [PART…]     run every check, or the parts named
cargo xtask security         which test stands for each number of the security policy
cargo xtask demo [--port N]  build, then serve the demo on http://localhost:8787
                 --durable   … from two workers that share sessions in Durable Objects
cargo xtask bench [ARG…]     build, then run the benchmark
cargo xtask load [ARG…]      build, then put workerd under load with sessions of each kind
cargo xtask reproduce        build this commit twice from nothing, and compare all that would be shipped
cargo xtask sim [ARG…]       build, then play the whole product by seeds (--seeds N)
cargo xtask property [ARG…]  build, then try what must always hold on what is drawn (--seconds N)
cargo xtask soak [ARG…]      build, then keep workerd busy beside a model (--minutes 30)
cargo xtask hostile [ARG…]   build, then send the demo cookies that nobody was given (--seconds 20)
cargo xtask fuzz [ARG…]      run the fuzz targets under libFuzzer (--seconds 60 each)
cargo xtask mutants [ARG…]   change the core in a thousand places, and see which changes its tests notice
cargo xtask coverage         which branches of the core its tests take
cargo xtask audit            ask what is known against the crates and npm packages here, and check their licences
cargo xtask sizes            build, and write www/docs/sizes.md
cargo xtask package          build, pack what npm would publish into target/npm, and check it (--release: dated, too)
cargo xtask playground       build, then serve the playground, which runs in the browser alone (--port N)
cargo xtask jsr              build, and lay out target/jsr, from which `deno publish` publishes
cargo xtask compare          build, then run what packages do side by side, and write www/docs/COMPARE.md";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = arguments.split_first() else {
        println!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    match command.as_str() {
        "build" if rest.is_empty() => build::build().map(|()| ExitCode::SUCCESS),
        "test" => test::test(rest),
        "demo" => built("www/serve.mjs", demo(rest)?),
        "security" if rest.is_empty() => security::security(),
        "bench" => {
            build::build()?;
            run::become_command(npm::node().args(["--expose-gc", "tests/bench/run.mjs"]).args(rest))
        }
        "load" => under_wrk("tests/load/run.mjs", rest),
        "soak" => under_wrk("tests/soak/run.mjs", rest),
        "hostile" => under_wrk("tests/soak/hostile.mjs", rest),
        "audit" if rest.is_empty() => {
            test_parts::supply().and_then(|mut node| run::become_command(&mut node))
        }
        "fuzz" => with_tool("cargo-fuzz", "0.13.2", "tests/fuzz/run.mjs", rest),
        "mutants" => with_tool("cargo-mutants", "27.1.0", "tests/mutation/core.mjs", rest),
        "coverage" if rest.is_empty() => {
            let folder = tools::llvm()?;
            run::become_command(npm::node().arg("tests/mutation/coverage-core.mjs").env("LLVM", folder))
        }
        "package" => built("tests/packaging/release.mjs", rest),
        "playground" => built("www/playground/serve.mjs", rest),
        "sim" => built("tests/sim/run.mjs", rest),
        "property" => built("tests/property/run.mjs", rest),
        "reproduce" if rest.is_empty() => run::become_command(npm::node().arg("tests/supply/reproduce.mjs")),
        "sizes" if rest.is_empty() => {
            build::build().and_then(|()| sizes::write()).map(|()| ExitCode::SUCCESS)
        }
        "jsr" if rest.is_empty() => build::build().and_then(|()| jsr::stage()).map(|()| ExitCode::SUCCESS),
        "compare" if rest.is_empty() => built("tests/compare/write.mjs", rest),
        _ => bail!("unknown: {}\n{USAGE}", arguments.join(" ")),
    }
}

fn built(script: &str, arguments: &[String]) -> Result<ExitCode> {
    build::build()?;
    run::become_command(npm::node().arg(script).args(arguments))
}

fn with_tool(tool: &str, version: &str, script: &str, arguments: &[String]) -> Result<ExitCode> {
    let folder = tools::install(tool, version, &["--locked"])?;
    let mut node = npm::node();
    toolchain::prepend_path(&mut node, &folder);
    run::become_command(node.arg(script).args(arguments))
}

fn under_wrk(script: &str, arguments: &[String]) -> Result<ExitCode> {
    debian::ensure(&["wrk"])?;
    built(script, arguments)
}

fn demo(arguments: &[String]) -> Result<&[String]> {
    let others: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|word| *word != "--durable").collect();
    match others[..] {
        [] => Ok(arguments),
        ["--port", number] if number.parse::<u16>().is_ok() => Ok(arguments),
        _ => bail!("cargo xtask demo [--port N] [--durable], with N below 65536"),
    }
}
