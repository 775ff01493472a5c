import { program } from "../programs.mjs";
import { script } from "./script.mjs";

/** Of permissions there are none; what a program imports from files needs none, in node_modules either. */
const FLAGS = [
  "run",
  "--no-prompt",
  "--deny-import",
  "--no-remote",
  "--cached-only",
  "--no-lock",
  "--node-modules-dir=manual",
];

export const deno = (project) => runDeno("run.js", project);

export const runDeno = (file, project, flags = []) =>
  script(program("deno"), [...FLAGS, ...flags], file, project, {
    DENO_NO_UPDATE_CHECK: "1",
    DENO_DIR: `${project.folder}/.deno`,
  });
