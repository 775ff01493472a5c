import { program } from "../programs.mjs";
import { script } from "./script.mjs";

export const bun = (project) => runBun("run.js", project);

export const runBun = (file, project) =>
  script(program("bun"), ["run", "--no-install"], file, project, { DO_NOT_TRACK: "1" });
