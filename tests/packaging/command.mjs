import { spawn } from "node:child_process";

/** Runs a program to its end, or for so many seconds. */
export function command(program, args, { cwd, env = {}, seconds = 180 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"])
      child[name].setEncoding("utf8").on("data", (text) => {
        output[name] += text;
      });
    const timer = setTimeout(() => {
      end(child);
      reject(new Error(`${program} took longer than ${seconds} s\n${output.stderr.slice(-2000)}`));
    }, seconds * 1000);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, ...output });
    });
  });
}

/** The same, for what has to succeed; gives what it printed. */
export async function must(program, args, options) {
  const { code, stdout, stderr } = await command(program, args, options);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args[0]} ended with ${code}\n${`${stdout}\n${stderr}`.trim().slice(-4000)}`);
}

/** Ends a process at once, and the waiting for what it would still have said. */
export function end(child) {
  child.kill("SIGKILL");
  for (const stream of child.stdio) stream?.destroy();
}
