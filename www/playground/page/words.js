/** Errors in words, their code behind them for whoever looks it up. */

const WORDS = {
  ERR_BAD_SNAPSHOT:
    "This file is damaged, or no snapshot that this version can read. It was refused, and the table is as it was",
  ERR_TABLE_FULL:
    "There is no room for that: linear memory has 256 MiB at the most, and a snapshot has to stand in it beside the rows. The table is as it was",
  WORKER:
    "The worker does not run here. It needs module workers, WebAssembly, and a policy that lets it compile",
};

export function inWords({ code, message }) {
  const words = WORDS[code] ?? `That did not work: ${message}`;
  return code?.startsWith("ERR_") ? `${words} (${code}).` : `${words}.`;
}
