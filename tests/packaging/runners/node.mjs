import { must } from "../command.mjs";
import { program } from "../programs.mjs";
import { script } from "./script.mjs";

/** Of Node 20 there is only the one that runs this, where it is one. */
const binary = (major) => (major === 20 ? process.execPath : program(`node${major}`));

export const node = (major) => async (project) => {
  const path = binary(major);
  const version = (await must(path, ["--version"])).trim();
  const imported = await script(path, [], "run.js", project);
  const required = await script(path, [], "required.cjs", project);
  const right = version.startsWith(`v${major}.`);
  return [
    { name: `this is Node ${major}`, error: right ? null : `it is ${version}` },
    ...imported,
    ...required,
  ];
};
