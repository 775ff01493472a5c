/** How often the engine is asked for a thousand requests: counted one by one, by a clock that is set. */
import { expected } from "../expected.mjs";
import { line } from "../line.mjs";
import { days, VISITORS } from "../traffic.mjs";

export const title = "what a thousand requests ask of the engine";

/** Too many single requests for a quick run: of that, as much as is needed to see that the count is right. */
const played = ({ name }) =>
  name === "quick" ? { some: days.slice(0, 1), stale: [0, 5] } : { some: days, stale: [0, 1, 5, 30] };

export function steps(mode) {
  const { some, stale } = played(mode);
  return some.length * stale.length;
}

export async function run({ worker, mode, tell }) {
  const { some, stale } = played(mode);
  const rows = [];
  const problems = [];
  for (const day of some) {
    for (const maxStale of stale) {
      tell(`${day.name}, ${day.share === 0 ? "reads" : "one in ten writes"}, maxStale ${maxStale} s`);
      const found = await counted(worker, day, maxStale);
      const { loads, commits } = expected(day, maxStale);
      if (found.loads !== loads || found.commits !== commits || found.others !== 0) {
        const said = `${found.loads} loads, ${found.commits} commits and ${found.others} others`;
        problems.push(`${day.title}, maxStale ${maxStale} s: ${said} where ${loads} and ${commits} are due`);
      }
      rows.push({ day: day.name, title: day.title, share: day.share, maxStale, ...found });
    }
  }
  return {
    visitors: VISITORS,
    rows,
    lives: [...(await lives(worker, false)), ...(await lives(worker, true))],
    problems,
  };
}

/** What it takes in rows to make sessions, to write to each once, and to clear them when they are over. */
async function lives(worker, anonymous) {
  const name = anonymous ? "anonymous" : "logged-in";
  const about = { name, kind: "object", namespace: "COUNTED", anonymous };
  const steps = [];
  const step = async (title, sessions, work) => {
    const { rows: before } = await worker.ask(`counts/${name}`);
    const result = await work();
    const { rows: after } = await worker.ask(`counts/${name}`);
    const each = (field) => (after[field] - before[field]) / sessions;
    steps.push({ title, read: each("read"), written: each("written") });
    return result;
  };
  // Making the object's tables counts, too: a first session has them made.
  await worker.ask(`begin/${name}`, { ...about, visitors: 1 });
  const others = await step("made", VISITORS, () =>
    worker.ask(`begin/${name}`, { ...about, visitors: VISITORS }),
  );
  const { send, close } = line(worker.url);
  await step("written to", VISITORS, async () => {
    for (const cookie of others.cookies) await send(`write/${name}`, "POST", { cookie });
  });
  close();
  await step("cleared", VISITORS + 1, () => worker.ask(`clear/${name}`));
  return steps.map((step) => ({
    ...step,
    title: `${step.title}, ${anonymous ? "not logged in" : "logged in"}`,
  }));
}

async function counted(worker, { name: day, share, idle, requests }, maxStale) {
  const name = `${day}-${share}-${maxStale}`;
  // The objects go by their own clock, and must not find that a session is over.
  const begin = Date.now();
  const about = { name, kind: "object", namespace: "COUNTED", maxStale, idle, clock: begin };
  const { cookies } = await worker.ask(`begin/${name}`, { ...about, visitors: VISITORS });
  const before = await worker.ask(`counts/${name}`);
  const { send, close } = line(worker.url);
  try {
    for (const { at, visitor, writes } of requests) {
      const headers = { cookie: cookies[visitor], "X-Clock": `${begin + at}` };
      await send(`at/${name}`, writes ? "POST" : "GET", headers);
    }
  } finally {
    close();
  }
  const { calls, rows } = await worker.ask(`counts/${name}`);
  const { load: loads, commit: commits, ...others } = calls;
  return {
    loads,
    commits,
    others: Object.values(others).reduce((a, b) => a + b, 0),
    rowsRead: rows.read - before.rows.read,
    rowsWritten: rows.written - before.rows.written,
  };
}
