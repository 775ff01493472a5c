// What the runners share. No Node API outside print(): collect() runs inside workerd and the browser too.

/** Runs the portable suite and returns what became of each test, as plain data. */
export async function collect(run, lib) {
  const results = [];
  await run(lib, (name, error) => results.push({ name, error: error ? describe(error) : null }));
  return results;
}

function describe(error) {
  return error instanceof Error ? (error.stack ?? `${error}`) : String(error);
}

/** Prints the failures and the sum; the process ends with an error if there is a failure, or nothing at all. */
export function print(runtime, results) {
  const failed = results.filter(({ error }) => error !== null);
  for (const { name, error } of failed)
    console.log(`${runtime}: ${name}\n  ${error.replaceAll("\n", "\n  ")}\n`);
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0 || results.length === 0) process.exitCode = 1;
}
