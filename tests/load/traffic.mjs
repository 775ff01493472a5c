/** Days that are played, always the same ones: who asks when, and whether it writes. */
import { permutation, random } from "../bench/random.mjs";

const SECOND = 1000;
export const VISITORS = 50;
export const REQUESTS = 1000;
const WRITES = 0.1;

const steady = (next) =>
  Array.from({ length: REQUESTS }, (_, i) => ({
    at: Math.round(((i + 1) * SECOND) / VISITORS),
    visitor: Math.floor(next() * VISITORS),
  }));

const PAGES = 10;
const BETWEEN = 10_000 * SECOND;

/** Two visits of each, of ten pages a second apart; visitors begin in turn. */
function visits() {
  const requests = [];
  for (let visit = 1; visit <= REQUESTS / PAGES / VISITORS; visit++) {
    for (let visitor = 0; visitor < VISITORS; visitor++) {
      for (let page = 0; page < PAGES; page++) {
        requests.push({ at: visit * BETWEEN + Math.round((visitor / VISITORS + page) * SECOND), visitor });
      }
    }
  }
  return requests.sort((a, b) => a.at - b.at);
}

/** Which requests write: as many as are said, picked by chance. */
function writing(requests, share, next) {
  const writers = new Set(permutation(requests.length, next).subarray(0, requests.length * share));
  return requests.map((request, i) => ({ ...request, writes: writers.has(i) }));
}

export const days = [
  {
    name: "visits",
    title: "visits of ten pages, one a second, 10,000 s between visits, idle 3 h",
    idle: 10_800,
    requests: visits,
  },
  {
    name: "steady",
    title: "each visitor once a second, by chance, idle 30 min",
    idle: 1800,
    requests: steady,
  },
].flatMap(({ requests, ...day }) =>
  [WRITES, 0].map((share) => {
    const next = random(11);
    return { ...day, share, requests: writing(requests(next), share, next) };
  }),
);
