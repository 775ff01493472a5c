/** For frameworks whose response is not made yet when the session is committed. */

/** Headers, whoever made the class. */
export interface HeadersLike extends Iterable<[name: string, value: string]> {
  keys(): Iterable<string>;
  append(name: string, value: string): void;
  delete(name: string): void;
}

/** Makes a framework's headers what the commit made of a copy of them. */
export function replaceHeaders(target: HeadersLike, headers: HeadersLike): void {
  for (const name of [...target.keys()]) target.delete(name);
  for (const [name, value] of headers) target.append(name, value);
}
