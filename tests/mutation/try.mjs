/** What becomes of a mutant: caught by a test, by running for ever or by ending the thread; or nothing. */

/** As many times more often than without the mutant, a place may be reached. */
const MORE = 100;
/** Mutants that one thread is used for. */
const USES = 100;

/** @returns {Promise<{caught: "test" | "time" | "crash" | undefined, by?: string}>} */
export async function tried(thread, mutant, tests) {
  if (tests.length === 0) return { caught: undefined };
  const hits = tests.reduce((sum, { reached }) => sum + (reached[mutant.id] ?? 0), 0);
  const message = { names: tests.map(({ name }) => name), mutant: mutant.id, hitLimit: MORE * (hits + 1000) };
  if (mutant.atLoad) {
    const began = await thread.begin(mutant.id);
    const result = began === "ready" ? judged(await thread.ask(message)) : { caught: began };
    await thread.end();
    return result;
  }
  if (++thread.uses > USES) await fresh(thread);
  const used = thread.used;
  const result = judged(await thread.ask(message));
  if (result.caught === undefined || !used) return result;
  if (result.caught !== "test") {
    // It may have been what earlier mutants left behind.
    await fresh(thread);
    return judged(await thread.ask(message));
  }
  // The same test has to pass here without the mutant; if not, the mutant is tried where nothing was before it.
  const again = judged(await thread.ask({ names: [result.by], hitLimit: Number.POSITIVE_INFINITY }));
  if (again.caught === undefined) return result;
  await fresh(thread);
  return judged(await thread.ask(message));
}

async function fresh(thread) {
  thread.uses = 0;
  await thread.end();
}

function judged(answer) {
  if (answer === "time" || answer === "crash") return { caught: answer };
  return { caught: answer.found?.why, by: answer.found?.name };
}
