/** The built package with a linear memory that may not grow beyond some pages. */
import { readFileSync } from "node:fs";
import { variant } from "../runtimes/variant.mjs";

export const PAGE = 65_536;
const MEMORY_SECTION = 5;
const HEADER = 8;

/** Its table module and the pages that it begins with; undefined where it begins with more. */
export async function limited(pages) {
  const module = readFileSync(new URL("../../pkg/dist/wasm/store.wasm", import.meta.url));
  const { bytes, least } = withMaximum(module, pages);
  return { pages, least, ...(await variant(`memory-${pages}`, bytes)("table.js")) };
}

/** The module with another maximum in its memory section, and what memory begins with. */
export function withMaximum(module, pages) {
  let at = HEADER;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < module.length) {
    const begin = at;
    const id = module[at++];
    const end = number() + at;
    if (id === MEMORY_SECTION) {
      const [count, flags, least] = [number(), number(), number()];
      if (count !== 1 || flags !== 1) throw new Error("one memory with a maximum is looked for");
      const section = [...leb(count), ...leb(flags), ...leb(least), ...leb(pages)];
      const made = Buffer.from([MEMORY_SECTION, ...leb(section.length), ...section]);
      return { least, bytes: Buffer.concat([module.subarray(0, begin), made, module.subarray(end)]) };
    }
    at = end;
  }
  throw new Error("the module has no memory of its own");
}

function leb(number) {
  const bytes = [];
  for (let rest = number; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
