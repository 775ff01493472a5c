/** What is mutated and measured: everything that cookies, sessions and their manager are made of. */
export const FILES = [
  "cookie",
  "session",
  "manager",
  "fields",
  "held",
  "rules",
  "sessions-options",
  "response",
  "csrf",
  "flash",
  "ids",
  "stored",
  "answers",
  "tabled",
  "session-rows",
].map((name) => `${name}.ts`);
