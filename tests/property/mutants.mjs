/**
 * Whether the properties find faults: one is put into a copy of the package, and they are run until one of them fails.
 *
 *     node tests/property/mutants.mjs [--seconds N] [WORD…]
 *     node tests/property/mutants.mjs core [--of N]
 *
 * The copy is made of what `cargo xtask build` leaves in target/typescript, the same code before it is bundled. Faults
 * of the core are put into its text form, one comparison each; N of all, evenly spread.
 */
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** [what, where it is looked for, file, what stands there, what stands there then] */
const FAULTS = [
  [
    "U+00A0 is trimmed",
    "cookie-read",
    "cookie.js",
    "code === SPACE || code === TAB",
    "code === SPACE || code === TAB || code === 0xa0",
  ],
  [
    "names in any letter case",
    "cookie-read",
    "cookie.js",
    "header.startsWith(name, from)",
    "header.slice(from).toLowerCase().startsWith(name.toLowerCase())",
  ],
  [
    "a name's first letters are enough",
    "cookie-read",
    "cookie.js",
    "header.charCodeAt(at) === 0x3d",
    "header.charCodeAt(at) >= 0x3d",
  ],
  ["the last cookie counts", "cookie-read", "ids.js", "break;", ""],
  ["one of several that verify", "cookie-read", "ids.js", "several ||=", "several &&="],
  [
    "prefixes in one letter case",
    "cookie-write",
    "cookie.js",
    "const name = this.#name.toLowerCase();",
    "const name = this.#name;",
  ],
  ["__Http- without HttpOnly", "cookie-write", "cookie.js", "if (http && !this.#httpOnly)", "if (false)"],
  ["; in paths", "cookie-write", "cookie.js", "\\x3a\\x3c-\\x7e", "\\x3a\\x3b-\\x7e"],
  [
    "Max-Age with a fraction",
    "cookie-write",
    "cookie.js",
    "Math.floor(this.maxAge / 1000)",
    "this.maxAge / 1000",
  ],
  [
    "a tag's last character does not count",
    "ids",
    "tags.js",
    "lay(key, id, tag)",
    "lay(key, id, tag.slice(0, -1) + tagOf(key, id).slice(-1))",
  ],
  [
    "increments twice",
    "sessions",
    "change.js",
    "putFloat(putName(to, name, numbers[next++]), by)",
    "putFloat(putName(to, name, numbers[next++]), by * 2)",
  ],
  ["flash is read twice", "sessions", "flash.js", "left.delete(name);", ""],
  [
    "flash of a concurrent request is taken away",
    "sessions",
    "flash.js",
    "version <= met",
    "version <= met + 1",
  ],
  ["a grace behind logins", "sessions", "rules.js", "login ? 0 : this.#options.grace", "this.#options.grace"],
  ["a cookie is sent again too late", "sessions", "rules.js", ">= maxAge / 2", "> maxAge / 2"],
  [
    "updates are not done again",
    "sessions",
    "fields.js",
    "if (this.#replay !== undefined)\n                this.#again(this.#replay, row);",
    "",
  ],
  [
    "an equal value is a change",
    "sessions",
    "fields.js",
    "stored !== undefined && sameTerm(stored.value, value)",
    "false",
  ],
  ["256 is 0", "tables", "encode.js", "value < 0x100)", "value <= 0x100)"],
  ["-0 is 0", "tables", "encode.js", "(value !== 0 || !Object.is(value, -0))", "true"],
  [
    "views from their buffer's begin",
    "tables",
    "encode.js",
    "view.byteOffset, view.byteLength",
    "0, view.byteLength",
  ],
  ["a getter's writes get between", "tables", "area.js", "writing > 0 && current()", "false && current()"],
  ["64 bytes too many", "budget", "wasm.js", "s.maxBytes", "s.maxBytes + 64"],
  [
    "an id that was minted is not stored",
    "store",
    "store.js",
    "return table.insertFresh(data);",
    "{ const sid = table.insertFresh(data); table.delete(sid); return sid; }",
  ],
];

const seconds = process.argv.includes("--seconds")
  ? Number(process.argv[process.argv.indexOf("--seconds") + 1])
  : 20;
const at = process.argv.indexOf("--of");
const most = at < 0 ? Number.POSITIVE_INFINITY : Number(process.argv[at + 1]);
const words = process.argv.slice(2).filter((arg) => !arg.startsWith("--") && !/^\d+$/.test(arg));

async function copied() {
  const folder = await mkdtemp(join(tmpdir(), "mutant-"));
  const dist = join(folder, "dist");
  await cp(join(ROOT, "target/typescript"), dist, { recursive: true });
  await cp(join(ROOT, "pkg/package.json"), join(folder, "package.json"));
  await core(dist, await readFile(join(ROOT, "pkg/dist/wasm/store.wasm")));
  const tags = join(dist, "tags.js");
  await writeFile(tags, `${await readFile(tags, "utf8")}\nconst tagOf = (key, id) => tag(key, id);\n`);
  return { folder, dist };
}

async function core(dist, bytes) {
  const source = await readFile(join(ROOT, "target/typescript/wasm/inline.js"), "utf8");
  await writeFile(
    join(dist, "wasm/inline.js"),
    source.replace("(store.wasm in base64)", Buffer.from(bytes).toString("base64")),
  );
}

/** The seconds after which a run failed, and what it said; undefined where it did not. */
async function found(folder, names) {
  const run = fileURLToPath(new URL("run.mjs", import.meta.url));
  const started = performance.now();
  const args = [
    run,
    ...names,
    "--seconds",
    String(seconds),
    "--seed",
    "1",
    "--once",
    "no",
    "--package",
    folder,
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const late = setTimeout(() => child.kill(), (seconds * names.length + 90) * 1000);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      said += text;
    });
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearTimeout(late);
  const why = /FAILED[\s\S]*?\n +(\w*Error: .*)/.exec(said)?.[1] ?? said.trim().split("\n").at(-1);
  return code === 0 ? undefined : { after: (performance.now() - started) / 1000, why: why.slice(0, 90) };
}

const tell = (what, where, result) => {
  const how = result === undefined ? "NOT FOUND" : `found after ${result.after.toFixed(1)} s: ${result.why}`;
  console.log(`${what} (${where}): ${how}`);
  return result !== undefined;
};

async function ofJavaScript({ folder, dist }) {
  const results = [];
  for (const [what, where, file, from, to] of FAULTS) {
    if (words.length > 0 && !words.some((word) => what.includes(word) || where === word)) continue;
    const path = join(dist, file);
    const source = await readFile(path, "utf8");
    if (!source.includes(from)) throw new Error(`${file} has no ${from}`);
    await writeFile(path, source.replace(from, to));
    results.push(tell(what, where, await found(folder, [where])));
    await writeFile(path, source);
  }
  return results;
}

/** Comparisons of 64 bits are those of times, deadlines and budgets. */
async function ofCore({ folder, dist }) {
  if (!words.includes("core")) return [];
  const { default: binaryen } = await import("binaryen");
  const bytes = await readFile(join(ROOT, "pkg/dist/wasm/store.wasm"));
  const whole = binaryen.readBinary(bytes);
  // More than there is in it would be written with instructions that this Node does not know.
  const { BulkMemory, MutableGlobals, SignExt, NontrappingFPToInt, Multivalue, ReferenceTypes } =
    binaryen.Features;
  const features = BulkMemory | MutableGlobals | SignExt | NontrappingFPToInt | Multivalue | ReferenceTypes;
  whole.setFeatures(features);
  const text = whole.emitText();
  const places = [...text.matchAll(/i64\.(ge|gt|le|lt)_u/g)];
  const other = { ge: "gt", gt: "ge", le: "lt", lt: "le" };
  const results = [];
  const apart = Math.max(1, Math.floor(places.length / most));
  for (const [number, { index, 0: whole, 1: name }] of places.entries()) {
    if (number % apart !== 0) continue;
    const changed = `${text.slice(0, index)}i64.${other[name]}_u${text.slice(index + whole.length)}`;
    const module = binaryen.parseText(changed);
    module.setFeatures(features);
    const emitted = module.emitBinary();
    module.dispose();
    if (!WebAssembly.validate(emitted)) throw new Error("the core with a fault is no module");
    await core(dist, emitted);
    const what = `comparison ${number + 1} of ${places.length}, ${name} for ${other[name]}`;
    results.push(tell(what, "core", await found(folder, ["tables", "budget", "sessions"])));
  }
  return results;
}

const copy = await copied();
try {
  const whole = await found(copy.folder, ["store"]);
  if (whole !== undefined) throw new Error(`the copy fails without a fault: ${whole.why}`);
  const results = [...(await ofJavaScript(copy)), ...(await ofCore(copy))];
  const caught = results.filter(Boolean).length;
  console.log(`${caught} of ${results.length} found`);
} finally {
  await rm(copy.folder, { recursive: true });
}
