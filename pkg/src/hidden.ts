/** Fields of a session's row that the application neither sees nor sets. */

/** When a persistent cookie was last sent, in ms. */
export const SENT = "";
/** What flash() left for the next request. */
export const FLASH = "\0flash";
/** What login() was told about the session. */
export const META = "\0meta";
/** The secret of the session's CSRF tokens. */
export const CSRF = "\0csrf";

export function isHidden(name: string): boolean {
  return name === SENT || name.startsWith("\0");
}
