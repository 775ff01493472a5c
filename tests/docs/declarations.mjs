/**
 * What the entry points of pkg/package.json export, by the compiler that the package is built with: names,
 * declarations without their bodies, doc comments.
 */
import { getTokenPosOfNode, SyntaxKind } from "typescript/unstable/ast";
import { API, SymbolFlags } from "typescript/unstable/sync";
import { ROOT, read } from "./pages.mjs";

/** The entry points that have types, as they are imported, with the sources that they are made of. */
export function entries() {
  const { name, exports } = JSON.parse(read("pkg/package.json"));
  return Object.entries(exports).flatMap(([path, { types }]) =>
    types === undefined
      ? []
      : [
          {
            entry: path.replace(/^\./, name),
            source: types.replace(/^\.\/dist\/(.*)\.d\.ts$/, "pkg/src/$1.ts"),
          },
        ],
  );
}

/**
 * @returns {Array<{ entry: string, doc: Doc, exports: Array<{ name: string, at: string, value: boolean, doc: Doc | undefined,
 *   text: string, silent: boolean }> }>} `at` is the same for one declaration under several names; `silent` is one whose
 *   members don't say what they are
 */
export function surface() {
  const api = new API({ cwd: ROOT });
  try {
    const snapshot = api.updateSnapshot({ openProject: "pkg/tsconfig.json" });
    const { program, checker } = snapshot.getProject(`${ROOT}pkg/tsconfig.json`);
    const all = entries().map(({ entry, source }) => {
      const file = program.getSourceFile(ROOT + source);
      const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file));
      const exports = symbols.map((symbol) => exported(checker, symbol));
      return { entry, doc: docAt(file.text, 0), exports: exports.sort(byName) };
    });
    const known = new Set(all.flatMap(({ exports }) => exports.map(({ at }) => at)));
    for (const one of all.flatMap(({ exports }) => exports)) {
      one.text = [one.text, ...unexported(checker, one, known)].join("\n\n");
    }
    return all;
  } finally {
    api.close();
  }
}

const TYPES = new Set([SyntaxKind.InterfaceDeclaration, SyntaxKind.TypeAliasDeclaration]);

/** A default export is another name of one that has a name. */
const byName = (a, b) =>
  Number(a.name === "default") - Number(b.name === "default") ||
  Number(b.value) - Number(a.value) ||
  (a.name < b.name ? -1 : 1);

function exported(checker, symbol) {
  const aliased = (symbol.flags & SymbolFlags.Alias) !== 0;
  const specifiers = symbol.declarations.map((handle) => handle.resolve());
  const nodes = aliased
    ? checker.getAliasedSymbol(symbol).declarations.map((handle) => handle.resolve())
    : specifiers;
  const [node] = nodes;
  const own = [...specifiers, ...nodes].map(docOf).find((doc) => doc !== undefined);
  return {
    name: symbol.name,
    nodes,
    at: placeOf(node),
    value: !TYPES.has(node.kind),
    doc: own,
    text: nodes.map((each) => declared(each, symbol.name)).join("\n"),
    silent: nodes.some(saysNothing),
  };
}

const placeOf = (node) => `${node.getSourceFile().fileName}:${node.pos}`;

/** Declarations that an export names and that are none themselves: without them it can't be read. */
function unexported(checker, { nodes }, known) {
  const found = new Map();
  const look = (node) => {
    if (node.kind === SyntaxKind.Block || isPrivate(node)) return;
    if (node.kind === SyntaxKind.TypeReference || node.kind === SyntaxKind.ExpressionWithTypeArguments) {
      const named = checker.getSymbolAtLocation(node.typeName ?? node.expression);
      const symbol = named && named.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
      const [declaration] = symbol?.declarations ?? [];
      if (declaration !== undefined && TYPES.has(declaration.kind)) {
        const there = declaration.resolve();
        const ours = there?.getSourceFile().fileName.startsWith(`${ROOT}pkg/src/`);
        if (ours && !known.has(placeOf(there))) found.set(placeOf(there), there);
      }
    }
    node.forEachChild(look);
  };
  nodes.forEach(look);
  return [...found.values()].map((node) => {
    const comment = node.jsDoc?.at(-1);
    const { text } = node.getSourceFile();
    return `${comment ? `${text.slice(comment.pos, comment.end).trim()}\n` : ""}${declared(node)}`;
  });
}

/** The doc comment that stands last before a node. */
function docOf(node) {
  const doc = node.jsDoc?.at(-1);
  return doc && docAt(node.getSourceFile().text, doc.pos);
}

/** A doc comment as its text and its tags. */
function docAt(source, from) {
  const at = source.indexOf("/**", from);
  const end = source.indexOf("*/", at);
  const lines = source
    .slice(at + 3, end)
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const doc = { text: "", tags: [] };
  for (const line of lines) {
    const [, tag, rest] = /^\s*@(\w+)\s*(.*)$/.exec(line) ?? [];
    if (tag !== undefined) doc.tags.push({ tag, text: rest });
    else if (doc.tags.length > 0) doc.tags.at(-1).text += `\n${line}`;
    else doc.text += `${line}\n`;
  }
  doc.text = doc.text.trim();
  return doc;
}

const start = (node) => getTokenPosOfNode(node, node.getSourceFile());

/** A declaration as its users see it: without bodies, private members and `export`. */
function declared(node, name) {
  const { text } = node.getSourceFile();
  const until = (each) => text.slice(start(each), each.body?.pos ?? each.end).trimEnd();
  if (node.kind !== SyntaxKind.ClassDeclaration) {
    const whole = until(node).replace(/^export (?:default )?/, "");
    // A name that can't be a declaration's is given by an alias.
    const given = whole.replace(/^function \w+_(?=[(<])/, `function ${name}`);
    return node.kind === SyntaxKind.FunctionDeclaration ? `${given};` : given;
  }
  const members = node.members.filter((member) => !isPrivate(member));
  const head = text.slice(start(node), node.members.pos).replace(/^export /, "");
  const body = members.map((member) => {
    const comment = member.jsDoc?.at(-1);
    const before = comment ? `  ${text.slice(comment.pos, comment.end).trim()}\n` : "";
    return `${before}  ${until(member)
      .replace(/;$/, "")
      .replace(/^(?:override|async) /, "")};`;
  });
  return `${head}\n${body.join("\n")}\n}`;
}

const isPrivate = (member) => member.name?.kind === SyntaxKind.PrivateIdentifier;

/** Whether a declaration has a member without a comment, or none that could have one. */
function saysNothing({ members = [] }) {
  return members.length === 0 || members.some((member) => !member.jsDoc);
}
