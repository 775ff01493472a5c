import { readFile } from "node:fs/promises";
import { createTable } from "ets-session/table";
import { deepEqual, equal, ok, test, unique } from "../suite/harness.js";

/** What is in a snapshot, by the package as Node has it. */
async function rowsOf(path) {
  const table = createTable(unique("file"), { idle: "30m", maxBytes: "64MiB" });
  table.restore(await readFile(path));
  const rows = new Map(table.entries());
  table.drop();
  return rows;
}

const file = (buffer) => ({ name: "sessions", mimeType: "application/octet-stream", buffer });

export function snapshots({ visit }) {
  test("a table goes into a file and comes back from it, row by row the same", async () => {
    const page = await visit();
    await page.fill(10_000);
    const held = await page.figure("held");
    const first = await page.save();
    equal(first.name, "sessions-10000.snapshot");
    const rows = await rowsOf(first.path);
    equal(rows.size, 10_000, "rows in the file");
    const [id, row] = rows.entries().next().value;
    ok(/^[\w-]{24}$/.test(id), "an id of another form");
    equal(Object.keys(row).join(), "user_id,role,csrf_token,cart,locale,last_seen", "fields");
    ok(Math.abs(JSON.stringify(row).length - 142) < 12, "sessions of another size");
    await page.press("over", /empty table/);
    await page.setInputFiles("#file", first.path);
    await page.says(/10,000 sessions came back/);
    equal(await page.figure("size"), 10_000, "sessions");
    equal(await page.figure("held"), held, "what rows hold");
    const second = await page.save();
    deepEqual(await rowsOf(second.path), rows, "rows");
    await page.leave();
  });

  test("sessions that are over do not come back, and the page says why", async () => {
    const page = await visit();
    await page.fill(10_000);
    const { path } = await page.save();
    await page.press("expire", /0 are left/);
    await page.setInputFiles("#file", path);
    await page.says(/are over by the table's clock/);
    equal(await page.figure("size"), 0, "sessions");
    await page.leave();
  });

  test("a damaged file, and one that never was a snapshot, are refused in words", async () => {
    const page = await visit();
    await page.fill(10_000);
    const { path } = await page.save();
    const damaged = await readFile(path);
    damaged[damaged.length >> 1] ^= 1;
    const cases = [damaged, Buffer.from("no snapshot at all"), Buffer.alloc(0)];
    for (const content of cases) {
      await page.press("save", /was saved/);
      await page.setInputFiles("#file", file(content));
      await page.says(/was refused, and the table is as it was \(ERR_BAD_SNAPSHOT\)/);
      equal(await page.figure("size"), 10_000, "sessions");
    }
    await page.leave();
  });
}
