/** Ten thousand traps in a row: what each costs, and what is left behind. */
import { equal, group, ok, test } from "../suite/harness.js";
import { arm, CALL, refused, unique } from "./points.mjs";

const TRAPS = 10_000;
/** Of each end of the run. */
const PART = 1000;
/** Instances that wait for the collector are many; none that is kept by anything of ours is in this. */
const MOST_LEFT = 96 * 2 ** 20;

const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
const mib = (bytes) => (bytes / 2 ** 20).toFixed(0);

export function testThousands(pack, notes) {
  group("ten thousand traps", () => {
    test("each is told, each time an instance takes the place, and nothing piles up", () => {
      const t = pack.table.createTable(unique());
      const { made } = pack.watched;
      const times = [];
      let before = 0;
      for (let i = 0; i < TRAPS; i++) {
        t.insert("k", { n: i });
        arm(pack, CALL);
        const began = performance.now();
        refused(pack, "ERR_INSTANCE_LOST", () => t.lookup("k"));
        times.push(performance.now() - began);
        if (i === PART) before = settled();
      }
      const after = settled();
      equal(pack.watched.made, made + TRAPS);
      const [first, last] = [times.slice(0, PART), times.slice(-PART)].map(median);
      notes.push(
        `${TRAPS} traps: ${first.toFixed(3)} ms each among the first ${PART}, ${last.toFixed(3)} ms among the last;`,
        `resident ${mib(before)} MiB behind the first ${PART}, ${mib(after)} MiB at the end`,
      );
      ok(after - before < MOST_LEFT, `${mib(after - before)} MiB more than behind the first ${PART}`);
      t.insert("k", { n: 1 });
      equal(t.size, 1);
      t.drop();
    });
  });
}

function settled() {
  globalThis.gc();
  return process.memoryUsage().rss;
}
