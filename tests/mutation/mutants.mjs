/** The mutants, made by Stryker's instrumenter: all in one package, one at a time switched on. */
import { Instrumenter } from "@stryker-mutator/instrumenter";

const silent = new Proxy({}, { get: (_, name) => (name.startsWith("is") ? () => false : () => {}) });

/** Where messages of errors are: which argument of what is called. */
const MESSAGES = { badOption: 2, EtsError: 1, Error: 0, refuse: 0 };

/** The texts of errors are no part of the contract: "texts may change" (errors.ts). Nothing else is left out. */
const messages = {
  shouldIgnore({ node, key, listKey, parentPath }) {
    if (node.type !== "StringLiteral" && node.type !== "TemplateLiteral") return undefined;
    if (listKey !== "arguments") return undefined;
    return MESSAGES[parentPath.node.callee.name] === key ? "message of an error" : undefined;
  },
};

/** Each place tells that it is reached; told once is enough, and twice the time. */
export const untold = (files) =>
  new Map(
    [...files].map(([name, text]) => [name, text.replace(/stryCov_9fa48\((?:"\d+"(?:, )?)+\),?/g, "")]),
  );

const options = { plugins: null, excludedMutations: [], ignorers: [messages], noHeader: false };

/**
 * @param {Map<string, string>} sources
 * @returns {Promise<{files: Map<string, string>, mutants: Mutant[], ignored: number}>} of each mutant its id, file,
 * line and what that has, the text that it takes the place of, what it is, and from where to where that is in the source
 *
 * @typedef {{id: string, file: string, line: number, text: string, from: number, to: number, before: string, after: string}} Mutant
 */
export async function mutated(sources) {
  const given = [...sources].map(([name, content]) => ({ name, mutate: true, content }));
  const { files, mutants } = await new Instrumenter(silent).instrument(given, options);
  const live = mutants.filter(({ status }) => status !== "Ignored");
  return {
    files: new Map(files.map(({ name, content }) => [name, content])),
    mutants: live.map((mutant) => described(mutant, sources.get(mutant.fileName))),
    ignored: mutants.length - live.length,
  };
}

function described({ id, fileName, location, replacement }, source) {
  const lines = source.split("\n");
  const at = ({ line, column }) =>
    lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0) + column;
  const [from, to] = [at(location.start), at(location.end)];
  const text = (part) => part.replace(/\s+/g, " ").trim();
  return {
    id,
    file: fileName,
    line: location.start.line + 1,
    text: lines[location.start.line].trim(),
    lastLine: location.end.line + 1,
    from,
    to,
    before: text(source.slice(from, to)),
    after: text(replacement),
  };
}
