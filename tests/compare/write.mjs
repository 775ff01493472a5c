/** Runs every scenario against every peer, prints the table and writes it to www/docs/COMPARE.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { cell } from "./column.mjs";
import * as express from "./peers/express.mjs";
import * as hono from "./peers/hono.mjs";
import * as memorystore from "./peers/memorystore.mjs";
import * as ours from "./peers/ours.mjs";
import * as reactRouter from "./peers/react-router.mjs";
import { SCENARIOS } from "./scenarios.mjs";

const PEERS = [ours, express, memorystore, hono, reactRouter];

const root = new URL("../../", import.meta.url);
const version = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, root), "utf8")).version;

const rows = [];
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  const cells = [];
  for (const peer of PEERS) cells.push(await cell(peer, scenario));
  rows.push([name, ...cells]);
}

const line = (cells) => `| ${cells.join(" | ")} |`;
const table = [line(["", ...PEERS.map(({ title }) => title)]), line(["---", ...PEERS.map(() => "---")])];
table.push(...rows.map(line));

const names = [...PEERS.map(({ versionOf }) => versionOf), "hono"];
const versions = names.map((name) => `${name} ${version(name)}`).join(", ");

const page = `# Side by side

\`cargo xtask compare\` wrote this page: it runs each scenario against each package, in its memory store, through its public API.
A cell is what that run showed, and neither what a package says of itself nor what we think of it; "no such thing" is where it offers no operation of the kind.

${table.join("\n")}

Run with ${versions}, in Node ${process.versions.node}. The scenarios are in [tests/compare/scenarios.mjs](../../tests/compare/scenarios.mjs), how each package is set up is in [tests/compare/peers](../../tests/compare/peers).

To be read with it:

* "At once" is always the same: a slow request has read its session and waits, a fast one comes and goes, the slow one writes and answers.
* Memory stores that hand every request the stored object itself, as "seen by a request at the same time" shows, have each request write into what the others hold. What the same packages do over their other stores was not run.
* express-session and hono-sessions store by themselves, with the options of their READMEs' examples (\`resave\` and \`saveUninitialized\` off, a secret, an encryption key). With React Router it is the application that commits; here it does whenever it wrote, and sends the cookie that it gets.
* express-session's \`regenerate()\` empties the session; as its users do, the data is carried over by hand.
* ets-session runs with \`secrets\` and no other option, but for "conflicts are to be told", which takes \`onConflict: "throw"\`.
* A field that is read, computed and set is not counted up in ets-session either: \`increment()\` and \`update()\` are for that. A change to what \`get()\` gave is stored only when it is set.
`;

console.log(table.join("\n"));
writeFileSync(new URL("www/docs/COMPARE.md", root), page);
