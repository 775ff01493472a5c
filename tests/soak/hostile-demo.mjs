/** The demo as it is served, and people who use it by its pages: one all the time, others who come back afterwards. */
import { startDemo } from "../../www/serve.mjs";
import { byHand, tokenIn } from "../e2e/by-hand.mjs";

const OTHERS = 24;
/** What may not move while nobody but the visitor does anything. */
const STILL = ["rows", "evicted", "expired", "memoryBytes"];

const user = (page) => /<b id="user">([^<]*)<\/b>/.exec(page)?.[1];
const pieces = (page) => Number(/id="pieces">(\d+)</.exec(page)?.[1]);

export async function demo() {
  const server = await startDemo();
  // wrk takes the first address of a name, which may be another one.
  const url = server.url.replace("localhost", "127.0.0.1");
  const raw = (path, init) => fetch(url + path, { redirect: "manual", ...init });
  const text = async (client, path) => (await client.get(path)).text();
  const figures = async () => (await raw("/panel.json")).json();

  async function signedIn(name) {
    const client = await byHand(raw);
    await client.post("/cart", { item: "cup", by: "1" });
    await client.logIn(name);
    return client;
  }

  const others = [];
  for (let i = 0; i < OTHERS; i++) others.push(await signedIn(`Neighbour ${i}`));
  const visitor = await signedIn("Ada");
  const { sid } = visitor;

  /** Into the basket, a look at it, out of it again, and the account: all in the same session, or it is not. */
  async function act() {
    const answers = [await visitor.post("/cart", { item: "jug", by: "1" })];
    const full = await text(visitor, "/");
    answers.push(await visitor.post("/cart", { item: "jug", by: "-1" }));
    const account = await text(visitor, "/account");
    const taken = answers.every(
      ({ status, headers }) => status === 303 && headers.getSetCookie().length === 0,
    );
    const seen = [full, account].every((page) => user(page) === "Ada");
    return taken && seen && pieces(full) === 2 && pieces(account) === 1 && visitor.sid === sid;
  }

  /** Whether everybody still has a session of their own; and whether an end is one. */
  async function goOn() {
    let wrong = 0;
    for (const [i, other] of others.entries()) {
      const page = await text(other, "/about");
      if (user(page) !== `Neighbour ${i}` || pieces(page) !== 1) wrong += 1;
    }
    const { status } = await visitor.post("/logout", {});
    const page = await (await raw("/about", { headers: { cookie: `sid=${sid}` } })).text();
    if (status !== 303 || user(page) !== undefined || tokenIn(page) !== undefined) wrong += 1;
    return wrong;
  }

  await act();
  const early = await figures();
  await act();
  const before = await figures();
  const hitsEach = before.hits - early.hits;
  return {
    url,
    path: "/about",
    genuine: sid,
    act,
    async results(acts) {
      const after = await figures();
      const moved = STILL.filter((name) => after[name] !== before[name]);
      const wrong = await goOn();
      return [
        [
          moved.length === 0,
          `no row was made, none was evicted, memory did not grow: ${after.rows} rows, ${after.evicted} evicted`,
        ],
        [after.hits - before.hits === hitsEach * acts, "all rows that were found are the visitor's own"],
        [
          wrong === 0,
          `${OTHERS} others have their sessions and baskets; the visitor logged out, and that was it`,
        ],
      ];
    },
    stop: () => server.stop(),
  };
}
