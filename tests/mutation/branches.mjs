/** Branches that no test can take: by file and the text of their line. */
const THERE = "What was just found is there: nobody gets in between. It is for the compiler.";
const RENEWS = "Where an id is renewed there is a grace, be it 0. It is for the compiler.";

const AGAIN = "A login that keeps some is done again on a row that changed, and leaves nothing to drop here.";

const KNOWN = [
  [
    "cookie.ts",
    "if (name.length + value.length > MAX_PAIR) {",
    "A name has 2048 characters at the most and a value 48. It is the rule's own place, should values grow.",
  ],
  ["fields.ts", "const row = this.table.peek(this.sid as string) ?? {};", THERE],
  ["fields.ts", "} else if (keep !== undefined && !keep.has(name)) {", AGAIN],
  ["fields.ts", "if (by === undefined) change.remove(name);", AGAIN],
  ["fields.ts", "else change.set(name, by);", AGAIN],
  [
    "manager.ts",
    "expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,",
    "Rows get a subject by a login alone, which gives them an end, and no operation of a table takes that away.",
  ],
  [
    "rules.ts",
    "const before = met?.version ?? 0;",
    "Who has a row to merge into has met it. It is for the compiler.",
  ],
  ["stored.ts", "const graceMs = how.grace ?? 0;", RENEWS],
  ["stored.ts", "function renamed({ touchedAt, graceMs = 0, leadsTo }: Stored): Ended {", RENEWS],
];

export const branchReasonOf = (file, text) => KNOWN.find((one) => one[0] === file && one[1] === text)?.[2];
