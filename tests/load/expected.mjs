/**
 * What a day asks of the engine, on paper: one load where nothing was heard of the row for longer than maxStale, one
 * commit for whoever finds a tenth of the idle time used up, and one for a write.
 */
const TENTH = 0.1;

export function expected({ requests, idle }, maxStale) {
  const heard = new Map();
  const touched = new Map();
  let [loads, commits] = [0, 0];
  for (const { at, visitor, writes } of requests) {
    const since = at - (heard.get(visitor) ?? 0);
    if (maxStale === 0 || since > maxStale * 1000) {
      loads++;
      heard.set(visitor, at);
    }
    const due = at - (touched.get(visitor) ?? 0) >= idle * 1000 * TENTH;
    for (const told of [due, writes]) {
      if (!told) continue;
      commits++;
      heard.set(visitor, at);
      touched.set(visitor, at);
    }
  }
  return { loads, commits };
}
