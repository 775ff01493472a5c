/** What a soak shows, as sentences that hold or don't. */

/** In fewer rounds memory still fills, and what other programs do is seen in times. */
const JUDGED = 12;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const sum = (values) => values.reduce((a, b) => a + b, 0);
const count = (number) => Math.round(number).toLocaleString("en");
const mib = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

/** How much more of something there may be in the last third than in the one before; the first warms up. */
const FLAT = 1.1;
/** Of times: others use the machine, too. */
const STEADY = 2;

export function verdicts(rounds, { wrong, rows, missing, evicted }) {
  const third = Math.max(1, Math.floor(rounds.length / 3));
  const late = (name) => median(rounds.slice(-third).map((round) => round[name]));
  const before = (name) => median(rounds.slice(-2 * third, -third).map((round) => round[name]));
  const flat = (name, most, show) => ({
    ok: late(name) <= before(name) * most,
    text: `${name}: ${show(before(name))} in the second third, ${show(late(name))} in the last`,
  });
  const judged = rounds.length >= JUDGED;
  const uncertain = (result) => (judged ? [result] : []);
  const requests = sum(rounds.map(({ requests }) => requests));
  const failures = ["sockets", "statuses", "timeouts"].map((name) => sum(rounds.map((round) => round[name])));
  const last = rounds.at(-1);
  return [
    {
      ok: requests > 0 && sum(failures) === 0,
      text: `${count(requests)} requests in ${rounds.length} rounds; sockets, statuses, timeouts that were wrong: ${failures.join(", ")}`,
    },
    {
      ok: last.expired > 0 && (last.evicted > 0 || !judged),
      text: `${count(last.inserted)} rows came, ${count(last.expired)} expired, ${count(last.evicted)} were evicted`,
    },
    {
      ok: wrong === 0 && rows > 0,
      text: `model and table agree on ${count(rows)} rows; ${count(missing)} of the model's are missing, ${count(evicted)} were evicted`,
    },
    {
      ok: rounds.every(({ bytes, maxBytes }) => bytes <= maxBytes),
      text: `the table stayed within ${mib(last.maxBytes)}`,
    },
    ...uncertain(flat("memoryBytes", 1, mib)),
    ...uncertain(flat("resident", FLAT, mib)),
    ...uncertain(flat("p99", STEADY, (ms) => `${ms.toFixed(1)} ms`)),
    ...uncertain(flat("p999", STEADY, (ms) => `${ms.toFixed(1)} ms`)),
  ];
}
