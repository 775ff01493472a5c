//! Processes with a time limit, and steps that say their name and their time.

use crate::paths::target;
use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The process group under way. It is not the terminal's, so an interrupt has to be handed on.
static CURRENT: Mutex<Option<Pid>> = Mutex::new(None);

pub struct Ended {
    pub ok: bool,
    /// Standard output and standard error, in the order they were written.
    pub output: String,
}

/// Runs a command in a process group of its own; whatever of it is left when it ends, or when its
/// time is up, is killed.
pub fn capture(command: &mut Command, limit: Duration) -> Result<Ended> {
    let name = shown(command);
    let (mut reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).process_group(0);
    let mut child = command.spawn().with_context(|| format!("{name} did not start"))?;
    // The command holds copies of the pipe's writing end: with those open, reading would not end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let group = Pid::from_raw(child.id().cast_signed());
    *CURRENT.lock().expect("no holder panics") = Some(group);
    let reading = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = reader.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });

    let started = Instant::now();
    let status = loop {
        match child.try_wait()? {
            Some(status) => break Some(status),
            None if started.elapsed() > limit => break None,
            None => std::thread::sleep(LOOK_EVERY),
        }
    };
    let _ = killpg(group, Signal::SIGKILL);
    child.wait()?;
    *CURRENT.lock().expect("no holder panics") = None;

    let mut output = reading.join().expect("reading does not panic");
    if status.is_none() {
        output += &format!("\nstopped: {name} took longer than {} s\n", limit.as_secs());
    }
    Ok(Ended { ok: status.is_some_and(|status| status.success()), output })
}

/// For commands that have to succeed: their output, which is the error where they don't.
pub fn must(command: &mut Command, limit: Duration) -> Result<String> {
    let ended = capture(command, limit)?;
    if !ended.ok {
        bail!("{} failed\n{}", shown(command), ended.output.trim_end());
    }
    Ok(ended.output)
}

/// Turns this process into the command, so that signals reach it and its exit code is ours.
pub fn become_command(command: &mut Command) -> Result<ExitCode> {
    let error = command.exec();
    Err(error).with_context(|| format!("{} did not start", shown(command)))
}

/// Waits until no other process does what is called so, and keeps others waiting until the file is closed.
pub fn alone(name: &str) -> Result<File> {
    let path = target(&format!("{name}.lock"));
    fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
    let file = File::create(&path)?;
    file.lock().with_context(|| path.display().to_string())?;
    Ok(file)
}

pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("{name:<30}");
    std::io::stdout().flush()?;
    let started = Instant::now();
    let result = work();
    let word = if result.is_ok() { "" } else { "FAILED " };
    println!("{word}{:6.1} s", started.elapsed().as_secs_f64());
    result
}

/// On an interrupt, what is under way ends with us.
pub fn end_children_with_us() -> Result<()> {
    ctrlc::set_handler(|| {
        if let Ok(Some(group)) = CURRENT.lock().map(|current| *current) {
            let _ = killpg(group, Signal::SIGKILL);
        }
        println!();
        std::process::exit(130);
    })?;
    Ok(())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::capture;
    use std::process::Command;
    use std::time::{Duration, Instant};

    fn shell(script: &str, limit: Duration) -> super::Ended {
        let started = Instant::now();
        let ended = capture(Command::new("sh").args(["-c", script]), limit).expect("sh starts");
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "waited for a process that should have been killed"
        );
        ended
    }

    #[test]
    fn a_command_that_hangs_is_stopped_with_its_children() {
        let ended = shell("echo begun; sleep 300 & sleep 300", Duration::from_millis(200));
        assert!(!ended.ok);
        assert!(ended.output.starts_with("begun\n\nstopped: "), "{}", ended.output);
    }

    #[test]
    fn what_a_command_leaves_behind_is_stopped() {
        assert!(shell("sleep 300 & echo done", Duration::from_secs(60)).ok);
    }
}
