/** What was found, as text. */
import { count } from "../bench/units.mjs";
import { CONNECTIONS } from "./wrk.mjs";

const rate = (value) => count(Math.round(value));
const ms = (value) => value.toFixed(value < 10 ? 2 : 1);
const share = (value) => value.toFixed(2);
const rounded = (value) => `${Number(value.toFixed(1))}`;
const spread = ({ lowest, highest }) => `${rate(lowest)} to ${rate(highest)}`;

const measured = (base) => [
  ["", ({ title }) => title],
  ["a second", (row) => rate(row.rate)],
  ["lowest, highest", spread],
  [`of ${base}`, (row) => share(row.ratio)],
  ["p50 ms", (row) => ms(row.p50)],
  ["p90 ms", (row) => ms(row.p90)],
  ["p99 ms", (row) => ms(row.p99)],
  ["CPU µs", (row) => rate((1e6 * row.cores) / row.rate)],
  ["thread", (row) => share(row.busiest)],
];
const called = ["calls/1,000", (row) => rate(row.perThousand)];

const asked = [
  ["maxStale", ({ maxStale }) => `${maxStale} s`],
  ["loads", ({ loads }) => count(loads)],
  ["commits", ({ commits }) => count(commits)],
  ["calls", ({ loads, commits }) => count(loads + commits)],
  ["rows read", ({ rowsRead }) => count(rowsRead)],
  ["rows written", ({ rowsWritten }) => count(rowsWritten)],
];

const lived = [
  ["", ({ title }) => title],
  ["rows read", ({ read }) => rounded(read)],
  ["rows written", ({ written }) => rounded(written)],
];

const kept = [
  ["", ({ title }) => title],
  ["acknowledged", ({ acknowledged }) => count(acknowledged)],
  ["there afterwards", ({ sum }) => count(sum)],
  ["may be more by", ({ mayExceed }) => count(mayExceed)],
];

const dayOf = ({ title, share }) => `${title}; ${share === 0 ? "reads only" : "one in ten writes"}`;

const texts = {
  read: ({ visitors, rows }) => [
    `Requests a second: a page that reads the user, the basket, a token and a notice; ${visitors} visitors`,
    "",
    ...table([...measured("none"), called], rows),
    "",
    `  wrk, one thread, ${CONNECTIONS} connections at once: the times are mostly those of waiting in line, in which workerd`,
    "  lets some wait far longer than others, without sessions, too. of none: the rate over that without sessions, in",
    "  the same round. CPU: what workerd's process took for one request. thread: how much of a core its busiest",
    "  thread took; at 1 that is the limit. calls: of the store. The objects run on the same thread as the worker",
    "  that asks them, so that their work adds up; deployed they are elsewhere, and each call waits for the way there",
    "  and back, which no figure here has in it.",
  ],
  calls: ({ visitors, rows, lives }) => [
    `Calls of the store for 1,000 requests of ${visitors} visitors, in one isolate: counted, the same in every run`,
    ...[...new Set(rows.map(dayOf))].flatMap((day) => {
      const some = rows.filter((row) => dayOf(row) === day);
      return ["", `  ${day}`, "", ...table(asked, some)];
    }),
    "",
    "  Played by a clock that is set. A load is asked where nothing was heard of the row for longer than maxStale; a",
    "  commit is a write, or of whoever finds a tenth of the idle time used up. Rows are as SQLite counts them,",
    "  indexes included, and as Durable Objects are billed; what an object has in memory reads none. One session:",
    "",
    ...table(lived, lives),
  ],
  commits: ({ visitors, rows, kept: sums }) => [
    `Commits a second: increments of ${visitors} sessions, each request a commit`,
    "",
    ...table(measured("1 object"), rows),
    "",
    "  One process of workerd runs the worker and all of its objects on one thread, which also waits for the disk at",
    "  every commit: SQLite flushes before it is answered. So more objects can't be faster here; this shows what they",
    "  cost, and not what they bring where they are on several machines. The last line asks the object for the row",
    "  before each commit, as maxStale 0 does.",
    "",
    "  The counters, read by a workerd that was started again after SIGKILL:",
    "",
    ...table(kept, sums),
    "",
    `  When wrk ends, up to ${CONNECTIONS} requests of a run are under way, which are done or not and never acknowledged: by as`,
    "  many there may be more. Fewer than were acknowledged would be a loss, and fails the run.",
  ],
};

export function reported({ machine, mode, parts }) {
  const { cpu, cores, workerd, wrk, node, date, load, stolen } = machine;
  const turns = `${mode.rounds} rounds of ${mode.seconds} s each after ${mode.warm} s of warming up, taking turns; medians`;
  return `${[
    `ets-session under load, ${mode.name} run, ${date}`,
    `${cpu}, ${cores} cores; workerd ${workerd}, wrk ${wrk}, Node ${node}`,
    turns,
    `load average before: ${load}; taken from this machine by its host meanwhile: ${(100 * stolen).toFixed(1)} %`,
    ...Object.entries(parts).flatMap(([name, found]) => ["", ...texts[name](found)]),
  ].join("\n")}\n`;
}

function table(columns, rows) {
  const lines = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, say]) => say(row)))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const shown = lines.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd(),
  );
  const rule = "─".repeat(Math.max(...shown.map((line) => line.length)));
  return [shown[0], rule, ...shown.slice(1)].map((line) => `  ${line}`);
}
