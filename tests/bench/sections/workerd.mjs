/** Ours and the Map inside workerd. */
import { fileURLToPath } from "node:url";
import { bundle } from "../../runtimes/workerd/bundle.mjs";

export function jobs({ sizes, rounds, extras }) {
  return [
    {
      title: "workerd",
      params: { sizes: extras ? sizes : sizes.slice(0, 1), rounds: Math.ceil(rounds / 7) },
    },
  ];
}

export async function run({ sizes, rounds }, progress) {
  const { Miniflare } = await import("miniflare");
  const worker = new Miniflare({
    modules: await bundle(fileURLToPath(new URL("../worker.js", import.meta.url))),
    compatibilityDate: "2024-09-01",
    host: "127.0.0.1",
    port: 0,
    cf: false,
  });
  try {
    const found = {};
    for (const [i, size] of sizes.entries()) {
      progress(i / sizes.length);
      const response = await worker.dispatchFetch(`http://localhost/?size=${size}&rounds=${rounds}`);
      if (!response.ok) throw new Error(await response.text());
      Object.assign(found, await response.json());
    }
    return found;
  } finally {
    await worker.dispose();
  }
}
