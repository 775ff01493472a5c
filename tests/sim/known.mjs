/**
 * What was found and is not put right yet, by a word: worlds are told to look away from it (`--known WORD,…`), so that
 * what is behind it is found as well. Nothing is known unless it is said.
 */
export const KNOWN = {
  clock: "over a store, a session that was expired here is served again when this isolate's clock goes back",
};
