/** How busy a process keeps the machine, by what Linux counts. */
import { readdir, readFile } from "node:fs/promises";

/** Linux counts in hundredths of a second for programs, whatever it has itself. */
const TICKS = 100;

const secondsOf = (stat) => {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};

/** Begins to watch; what it gives tells how many cores the process took since, and its busiest thread. */
export async function watched(pid) {
  const [before, began] = [await threads(pid), performance.now()];
  return async () => {
    const after = await threads(pid);
    const seconds = (performance.now() - began) / 1000;
    const spent = [...after].map(([id, time]) => time - (before.get(id) ?? 0));
    return { cores: spent.reduce((a, b) => a + b, 0) / seconds, busiest: Math.max(...spent) / seconds };
  };
}

async function threads(pid) {
  const folder = `/proc/${pid}/task`;
  const found = new Map();
  for (const id of await readdir(folder)) {
    const stat = await readFile(`${folder}/${id}/stat`, "utf8").catch(() => undefined);
    if (stat !== undefined) found.set(id, secondsOf(stat));
  }
  return found;
}

/** Begins to watch the machine; what it gives tells what share of its time went to others on the same host. */
export async function stolen() {
  const before = await machineTimes();
  return async () => {
    const spent = (await machineTimes()).map((time, i) => time - before[i]);
    return spent[STOLEN] / spent.reduce((a, b) => a + b, 0);
  };
}

const STOLEN = 7;

async function machineTimes() {
  const [line] = (await readFile("/proc/stat", "utf8")).split("\n");
  // Those of guests are in the first two already.
  return line.split(/ +/).slice(1, 9).map(Number);
}
