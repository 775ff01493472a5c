/** Flash: said in one request, read in the next, gone afterwards. All of it is one hidden field. */
/** What was said, by its name: the version of the row that said it first, and its bytes, which may nest as deep as any. */
type Flash = Map<string, [version: number, value: Uint8Array]>;

/**
 * What a request that met the row in a version can read: what other requests say meanwhile is not for it,
 * and must not be taken away by it.
 */
export function visible(field: unknown, met: number): Flash {
  const all: Flash = field instanceof Map ? field : new Map();
  return new Map([...all].filter(([, [version]]) => version <= met));
}

/** The field behind such a request: without what that could read, with what it says. */
export function next(
  field: unknown,
  met: number,
  said: ReadonlyMap<string, Uint8Array> | undefined,
  version: number,
): Flash {
  const left: Flash = new Map(field instanceof Map ? field : []);
  for (const name of visible(field, met).keys()) left.delete(name);
  for (const [name, value] of said ?? []) left.set(name, [version, value]);
  return left;
}
