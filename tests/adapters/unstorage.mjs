/** ets-session/unstorage under unstorage, held to what unstorage asks of its own drivers. */

import { createTable, table, tables } from "ets-session/table";
import byDefault, { etsDriver } from "ets-session/unstorage";
import { createStorage, prefixStorage, restoreSnapshot, snapshot } from "unstorage";
import memory from "unstorage/drivers/memory";
import { clock, deepEqual, equal, group, ok, test, unique } from "../suite/harness.js";
import { blocks, moduleOf } from "./pages.mjs";

const made = (options) => createStorage({ driver: etsDriver(options) });

async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was refused");
}

/** What any driver has to do; by each test a storage of its own. */
const ASKED = {
  "begins empty": async (storage) => {
    equal(await storage.hasItem("s1:a"), false);
    equal(await storage.getItem("s2:a"), null);
    equal(await storage.getItemRaw("s2:a"), null);
    deepEqual(await storage.getKeys(), []);
    deepEqual({ ...(await storage.getMeta("s1:a")) }, {});
  },
  "takes a snapshot back": async (storage) => {
    await restoreSnapshot(storage, { initial: "works", "deep:er": "too" });
    equal(await storage.getItem("initial"), "works");
    deepEqual(await snapshot(storage, ""), { initial: "works", "deep:er": "too" });
  },
  "keeps items whatever is asked beside the key": async (storage) => {
    await storage.setItem("s1:a", "one");
    await storage.setItem("s3:a?q=1", "three");
    equal(await storage.hasItem("s1:a"), true);
    equal(await storage.getItem("s1:a"), "one");
    equal(await storage.getItem("s3:a?q=2"), "three");
    await storage.setItem("s1:a", "other");
    equal(await storage.getItem("s1:a"), "other");
  },
  "knows its keys": async (storage) => {
    for (const key of ["s1:a", "s2:a", "s3:a?q=1"]) await storage.setItem(key, "data");
    deepEqual((await storage.getKeys()).sort(), ["s1:a", "s2:a", "s3:a"]);
    deepEqual(await storage.getKeys("s1"), ["s1:a"]);
    deepEqual(await storage.getKeys("s"), []);
  },
  "knows its keys to a depth": async (storage) => {
    for (const key of ["a", "b:c:d", "b:c:e", "b:f"]) await storage.setItem(key, "data");
    deepEqual(await storage.getKeys(undefined, { maxDepth: 0 }), ["a"]);
    deepEqual((await storage.getKeys(undefined, { maxDepth: 1 })).sort(), ["a", "b:f"]);
    equal((await storage.getKeys(undefined, { maxDepth: 2 })).length, 4);
  },
  "keeps what has a text": async (storage) => {
    class Said {
      toJSON() {
        return { said: "works" };
      }
    }
    for (const [value, read] of [
      [{ json: "works" }, { json: "works" }],
      [
        [1, [2]],
        [1, [2]],
      ],
      [true, true],
      [false, false],
      [0, 0],
      [null, null],
      ["", ""],
      [new Said(), { said: "works" }],
    ]) {
      await storage.setItem("/data/item.json", value);
      deepEqual(await storage.getItem("/data/item.json"), read);
    }
    class Silent {}
    ok((await refused(storage.setItem("silent", new Silent()))).message.includes("stringify"));
  },
  "keeps bytes": async (storage) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    await storage.setItemRaw("/data/raw.bin", bytes);
    deepEqual(await storage.getItemRaw("/data/raw.bin"), bytes);
    await storage.setItemRaw("/data/raw.bin", "text");
    equal(await storage.getItemRaw("/data/raw.bin"), "text");
  },
  "sets and gets several": async (storage) => {
    await storage.setItems([
      { key: "t:1", value: "one" },
      { key: "t:2?q=1", value: { two: 2 } },
    ]);
    deepEqual(await storage.getItems([{ key: "t:1" }, "t:2", "t:3"]), [
      { key: "t:1", value: "one" },
      { key: "t:2", value: { two: 2 } },
      { key: "t:3", value: null },
    ]);
  },
  "keeps what is said of an item beside it": async (storage) => {
    await storage.setItem("a", "data");
    await storage.setMeta("a", { owner: "ada", mtime: new Date(0) });
    const meta = await storage.getMeta("a");
    equal(meta.owner, "ada");
    equal(meta.mtime.getTime(), 0);
    deepEqual(await storage.getKeys(), ["a"]);
    await storage.removeItem("a", { removeMeta: true });
    deepEqual({ ...(await storage.getMeta("a")) }, {});
  },
  "removes one, and all": async (storage) => {
    for (const key of ["a", "b", "c:d"]) await storage.setItem(key, "data");
    await storage.removeItem("a", false);
    await storage.setItem("b", undefined);
    equal(await storage.getItem("a"), null);
    deepEqual(await storage.getKeys(), ["c:d"]);
    await storage.clear();
    await storage.clear();
    deepEqual(await storage.getKeys(), []);
  },
  "is mounted beside others, and told of changes": async () => {
    const storage = createStorage({ driver: memory() });
    storage.mount("one", etsDriver());
    storage.mount("two", etsDriver());
    const changes = [];
    await storage.watch((event, key) => changes.push(`${event} ${key}`));
    await storage.setItem("one:a", 1);
    await storage.setItem("two:a", 2);
    await storage.setItem("a", 3);
    equal(await storage.getItem("one:a"), 1);
    deepEqual((await storage.getKeys()).sort(), ["a", "one:a", "two:a"]);
    const within = prefixStorage(storage, "two");
    deepEqual(await within.getKeys(), ["a"]);
    await storage.clear("one");
    deepEqual((await storage.getKeys()).sort(), ["a", "two:a"]);
    deepEqual(changes, ["update one:a", "update two:a", "update a"]);
    await storage.unmount("two");
    equal(await storage.getItem("two:a"), null);
    await storage.dispose();
  },
};

group("unstorage", () => {
  for (const [name, asked] of Object.entries(ASKED)) {
    test(`a driver ${name}`, async () => {
      const storage = made();
      await asked(storage);
      await storage.dispose();
      // What is asked is what its own driver does.
      await asked(createStorage({ driver: memory() }));
    });
  }

  test("the page's code stores and reads", async () => {
    const { shown, keys } = await moduleOf("frameworks/unstorage.md")("storage.mjs");
    deepEqual(shown, { text: "hello" });
    deepEqual(keys.sort(), ["greeting", "logo.bin"]);
    table("cache").drop();
  });

  test("what the page's files tell Astro and Nitro makes a driver, of the module's default", async () => {
    const code = blocks("frameworks/unstorage.md");
    const told = (file) => Function(`return ${/\(({.*})\);/s.exec(code.get(file))[1]}`)();
    const astro = told("astro.config.mjs").session.driver;
    const nitro = told("nitro.config.mjs").storage.sessions;
    for (const [module, config] of [
      [astro.entrypoint, astro.config],
      [nitro.driver, nitro],
    ]) {
      equal((await import(module)).default, byDefault);
      const driver = byDefault(config);
      equal(driver.getInstance().name, config.table);
      const storage = createStorage({ driver });
      await storage.setItem("id", '[{"visits":1},1]');
      ok((await storage.getMeta("id")).ttl > config.ttl - 60);
      await storage.dispose();
    }
  });

  test("an item is over when its ttl is, to the millisecond", async () => {
    const time = clock();
    const storage = made({ now: time.now, ttl: 5 });
    await storage.setItem("own", "data", { ttl: 1 });
    await storage.setItemRaw("raw", new Uint8Array(1), { ttl: 1 });
    await storage.setItem("usual", "data");
    await storage.setItem("zero", "data", { ttl: 0 });
    time.advance(999);
    deepEqual((await storage.getKeys()).sort(), ["own", "raw", "usual", "zero"]);
    equal(await storage.hasItem("own"), true);
    time.advance(1);
    equal(await storage.hasItem("own"), false);
    equal(await storage.getItem("own"), null);
    equal(await storage.getItemRaw("raw"), null);
    deepEqual((await storage.getKeys()).sort(), ["usual", "zero"]);
    await storage.setItem("usual", "again");
    time.advance(4999);
    equal(await storage.getItem("usual"), "again");
    time.advance(1);
    deepEqual(await storage.getKeys(), ["zero"]);
    await storage.dispose();
  });

  test("a ttl may be said as other durations are, and what is none is refused", async () => {
    const time = clock();
    const storage = made({ now: time.now, ttl: "2m" });
    await storage.setItem("usual", "data");
    await storage.setItem("own", "data", { ttl: "90s" });
    deepEqual([(await storage.getMeta("usual")).ttl, (await storage.getMeta("own")).ttl], [120, 90]);
    for (const ttl of ["soon", Number.NaN, -1, null, {}]) {
      equal((await refused(storage.setItem("bad", "data", { ttl }))).code, "ERR_BAD_OPTION");
      equal((await refused(Promise.resolve().then(() => etsDriver({ ttl })))).code, "ERR_BAD_OPTION");
    }
    equal(await storage.hasItem("bad"), false);
    await storage.dispose();
  });

  test("reading does not lengthen a life, writing does", async () => {
    const time = clock();
    const storage = made({ now: time.now });
    await storage.setItem("a", "data", { ttl: 10 });
    time.advance(6000);
    await storage.getItem("a");
    await storage.hasItem("a");
    await storage.setItem("b", "data", { ttl: 10 });
    await storage.setItem("b", "data");
    time.advance(4000);
    equal(await storage.getItem("a"), null);
    time.advance(86_400_000);
    equal(await storage.getItem("b"), "data");
    await storage.dispose();
  });

  test("says when an item was written, and how long it lives", async () => {
    const time = clock();
    const storage = made({ now: time.now });
    await storage.setItem("a", "data", { ttl: 10 });
    await storage.setItem("b", "data");
    const written = time.now();
    time.advance(4000);
    deepEqual({ ...(await storage.getMeta("a")) }, { mtime: new Date(written), ttl: 6 });
    deepEqual({ ...(await storage.getMeta("b")) }, { mtime: new Date(written) });
    time.advance(6000);
    deepEqual({ ...(await storage.getMeta("a")) }, {});
    await storage.dispose();
  });

  test("raw values keep their types, and are nobody else's", async () => {
    const storage = made();
    const value = { when: new Date(0), tags: new Set(["a"]), bytes: new Uint16Array([1, 2]) };
    await storage.setItemRaw("a", value);
    value.tags.add("b");
    const read = await storage.getItemRaw("a");
    deepEqual(read, { when: new Date(0), tags: new Set(["a"]), bytes: new Uint16Array([1, 2]) });
    read.tags.clear();
    equal((await storage.getItemRaw("a")).tags.size, 1);
    equal((await refused(storage.setItemRaw("f", () => {}))).code, "ERR_UNSUPPORTED_VALUE");
    await storage.dispose();
  });

  test("drivers share what they are told to share, and free what they made", async () => {
    const name = unique("shared");
    const [one, two] = [made({ table: name }), made({ table: name })];
    await one.setItem("a", 1);
    equal(await two.getItem("a"), 1);
    await two.dispose();
    equal(await one.getItem("a"), 1);
    await one.dispose();
    ok(!tables().includes(name), "the table is still there");
    const own = createTable(unique("own"));
    const storage = made({ table: own });
    await storage.setItem("a", 1);
    await storage.dispose();
    equal(own.size, 1);
  });

  test("a base is cleared without the rest", () => {
    const driver = etsDriver();
    for (const key of ["a:b", "a:c", "b:a"]) driver.setItem(key, "data");
    deepEqual(driver.getKeys("a:").sort(), ["a:b", "a:c"]);
    driver.clear("a:");
    deepEqual(driver.getKeys(), ["b:a"]);
    driver.dispose();
  });

  test("an item that is too large, and a full table that refuses, reject", async () => {
    const storage = made({ limits: { maxBytes: "256KiB", maxRowBytes: "128KiB", onFull: "refuse" } });
    equal((await refused(storage.setItem("a", "x".repeat(200_000)))).code, "ERR_ROW_TOO_LARGE");
    await storage.setItem("a", "x".repeat(100_000));
    const more = async () => {
      for (const key of ["b", "c", "d"]) await storage.setItem(key, "y".repeat(100_000));
    };
    equal((await refused(more())).code, "ERR_TABLE_FULL");
    equal((await storage.getItem("a")).length, 100_000);
    await storage.dispose();
  });
});
