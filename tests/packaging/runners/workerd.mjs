import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { must } from "../command.mjs";
import { program } from "../programs.mjs";
import { of } from "./script.mjs";
import { serve } from "./serve.mjs";

/** The oldest that is promised; what works there works for every worker deployed since. */
export const OLDEST = "2024-09-01";

const { dirname } = posix;
const WORKER = "tests/runtimes/workerd/worker.js";
const PACKAGE = "node_modules/ets-session";

/** No bundler: the files as they were installed, and names for workerd as package.json has them. */
export async function workerd(project) {
  const files = listed(project.folder);
  const modules = files.map((name) => ({ name, file: join(project.folder, name) }));
  modules.push(...names(project.folder, files));
  const newest = (await must(program("workerd"), ["--version"])).trim().split(" ")[1];
  const results = [];
  for (const date of [OLDEST, newest]) results.push(...of(date, await serve(modules, date, project)));
  return results;
}

/** The worker itself comes first. */
function listed(folder) {
  const found = ["tests/suite", "tests/runtimes", `${PACKAGE}/dist`].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true }).map((file) => posix.join(part, file)),
  );
  const others = found.filter((file) => file !== WORKER && /\.(m?js|wasm)$/.test(file));
  return [WORKER, ...others.filter((file) => !/\/wasm\/(inline|edge-light)\.js$/.test(file))];
}

/** To workerd a name is a file beside the one that imports it: so there is one, and it leads on. */
function names(folder, files) {
  const text = (file) => readFileSync(join(folder, file), "utf8");
  const { exports, imports } = JSON.parse(text(`${PACKAGE}/package.json`));
  const leads = Object.entries(exports)
    .filter(([path]) => path !== "./package.json")
    .flatMap(([path, target]) => spelled(path, target.default ?? target, files))
    .map(([path, target]) => lead(dirname(WORKER), posix.join("ets-session", path), target));
  const inner = files.filter((file) => file.startsWith(PACKAGE) && file.endsWith(".js"));
  for (const file of inner.filter((file) => text(file).includes('"#wasm"')))
    leads.push(lead(dirname(file), "#wasm", imports["#wasm"].workerd));
  return leads;
}

/** Each of the files that a star stands for. */
function spelled(path, target, files) {
  const [before, after] = posix.join(PACKAGE, target).split("*");
  if (after === undefined) return [[path, target]];
  return files
    .filter((file) => file.startsWith(before) && file.endsWith(after))
    .map((file) => file.slice(before.length, file.length - after.length))
    .map((name) => [path.replace("*", name), target.replace("*", name)]);
}

/** The module and its loader have nothing but a default export, the package's other files have none. */
function lead(folder, name, target) {
  const from = posix.join(folder, name);
  const to = posix.relative(dirname(from), posix.join(PACKAGE, target));
  const what = target.includes("/wasm/") ? "{ default }" : "*";
  return { name: from, code: `export ${what} from "${to.startsWith(".") ? to : `./${to}`}";` };
}
