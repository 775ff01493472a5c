/**
 * Mutants that nothing can catch, with the reason: by file, the line that they begin on, and what is changed in it.
 */
const KNOWN = [];

export function reasonOf({ file, text, before, after }) {
  return KNOWN.find(
    (one) => one[0] === file && one[1] === text && one[2] === before && one[3] === after,
  )?.[4];
}
