/** What a Map takes, by the best way that this browser has. */

const precise = () => crossOriginIsolated && "measureUserAgentSpecificMemory" in performance;
const heap = () => performance.memory?.usedJSHeapSize > 0;

/** "precise", "heap", or "none": this browser tells nothing. */
export const way = () => (precise() ? "precise" : heap() ? "heap" : "none");

export const WAYS = {
  precise: "The browser measures it when it next collects garbage: that takes up to half a minute.",
  heap: "Roughly, by Chromium's performance.memory: the page's heap, and what garbage is in it.",
  none: "This browser does not tell pages what they take of memory, so only characters are counted.",
};

/** What the workers of this page have on their heaps. Linear memory is not in it. */
export async function workersHeap() {
  const { breakdown } = await performance.measureUserAgentSpecificMemory();
  return breakdown
    .filter(({ attribution }) => attribution.some(({ scope }) => scope === "DedicatedWorkerGlobalScope"))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Builds the Map in the page, since that is the only heap that performance.memory knows of, and lets it go. */
export async function pageHeap(engine, rows, { progress, cancelled }) {
  const before = performance.memory.usedJSHeapSize;
  const map = new Map();
  let after;
  do {
    const part = await engine.ask("page", { after });
    for (const [key, json, timestamp] of part.entries) map.set(key, { json, timestamp });
    after = part.after;
    progress({ done: map.size, total: rows });
    if (cancelled()) return undefined;
  } while (after !== undefined);
  const bytes = performance.memory.usedJSHeapSize - before;
  return { bytes, rows: map.size };
}
