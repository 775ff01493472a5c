/** A promise that was not kept: which, and how, without ids or data. */
export class Broken extends Error {
  constructor(rule, how) {
    super(`${rule}: ${how}`);
    this.rule = rule;
  }
}

export function must(rule, holds, how) {
  if (!holds) throw new Broken(rule, how);
}
