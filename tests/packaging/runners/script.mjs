import { must } from "../command.mjs";

const INSIDE = "tests/packaging/inside/";

/** What a script of tests/packaging/inside prints, run by this program in the project. */
export async function script(program, args, file, { folder }, env) {
  const printed = await must(program, [...args, `${INSIDE}${file}`], { cwd: folder, env });
  return JSON.parse(printed.trimEnd().split("\n").at(-1));
}

/** Results of one of several, told by its name. */
export const of = (which, results) =>
  results.map(({ name, error }) => ({ name: `${which}: ${name}`, error }));
