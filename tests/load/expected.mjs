/**
 * What a day asks of the engine, on paper: one load where nothing was heard of the row for longer than maxStale, one
 * commit for a write, and one for a read that finds a tenth of the idle time used up.
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
    if (writes || at - (touched.get(visitor) ?? 0) >= idle * 1000 * TENTH) {
      commits++;
      heard.set(visitor, at);
      touched.set(visitor, at);
    }
  }
  return { loads, commits };
}
