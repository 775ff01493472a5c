/** Rows that come, expire and come again, their sizes never the same: whether memory is used again. */
import { random } from "../random.mjs";
import { Ids, session } from "../session.mjs";
import { open } from "../stores/ours.mjs";

/** Bytes added to a row, 20 on average: every second round spreads them otherwise, so that no row fits where one was. */
const SPREADS = [(next) => Math.floor(next() * 41), (next) => (next() < 0.9 ? 0 : Math.floor(next() * 401))];

export function jobs({ sizes, comings }) {
  return [{ title: "rows that come again", params: { rows: sizes.at(-1), comings } }];
}

export async function run({ rows, comings }, progress) {
  const clock = { now: 1_767_225_600_000 };
  const { table } = open({ now: () => clock.now, maxBytes: "240MiB", reserve: false });
  const next = random(11);
  const filler = "x".repeat(400);
  const memory = [];
  for (let round = 0; round < comings; round++) {
    const ids = new Ids(rows);
    const draw = SPREADS[round % SPREADS.length];
    for (let i = 0; i < rows; i++) {
      clock.now++;
      table.insert(ids.id(i), { ...session(i), note: filler.slice(0, draw(next)) });
      if (i % 4096 === 0) progress((round + i / rows) / comings);
    }
    const { size, bytes, memoryBytes } = table.info();
    if (size !== rows) throw new Error(`${size} of ${rows} rows are there`);
    memory.push({ bytes, memoryBytes });
    clock.now += 13 * 3_600_000;
    while (table.sweep(1000) > 0);
    if (table.size !== 0) throw new Error("rows were left over");
  }
  return { rows, memory };
}
